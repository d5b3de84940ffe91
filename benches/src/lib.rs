//! What the programs of this package share: the workloads, who works on them, and how that is
//! measured and shown.

pub mod compare;
pub mod contenders;
pub mod counts;
pub mod measure;
pub mod plot;
pub mod scale;
pub mod table;
pub mod workloads;
