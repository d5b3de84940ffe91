//! Tells the linker that Node has what the module does not.

fn main() {
    napi_build::setup();
}
