//! What users do, beyond letters: each command checks everything before it changes anything.

mod departments;
mod employees;
mod groups;
mod relations;
mod storage;
