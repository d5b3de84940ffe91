//! What users do, beyond letters: each command checks everything before it changes anything.

pub(crate) mod departments;
pub(crate) mod employees;
pub(crate) mod groups;
mod invitations;
mod relations;
mod storage;
