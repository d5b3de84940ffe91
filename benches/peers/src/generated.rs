//! What `build.rs` made from the schema.

/// Plain prost structs that derive serde's traits.
#[allow(clippy::all, rustdoc::all)]
pub mod derived {
    include!(concat!(env!("OUT_DIR"), "/derived/mod.rs"));
}

/// Plain prost structs with the impls of pbjson-build.
#[allow(clippy::all, rustdoc::all)]
pub mod pbjson {
    include!(concat!(env!("OUT_DIR"), "/pbjson/mod.rs"));
}

#[allow(
    clippy::all,
    rustdoc::all,
    non_snake_case,
    missing_debug_implementations
)]
pub mod buffa {
    include!(concat!(env!("OUT_DIR"), "/buffa/mod.rs"));
}

#[allow(clippy::all, rustdoc::all)]
pub mod rust_protobuf {
    include!(concat!(env!("OUT_DIR"), "/rust_protobuf/mod.rs"));
}
