#!/usr/bin/env bash
# public-api 0.52.1, of which cargo-public-api is made, prints the bound of an associated type without its colon.
#
# The listing is meant to be Rust that people read and programs compare: `Iterator<Item = u8>` stands in it as it
# does in the source. One would expect `Iterator<Item: Clone>` to do so as well. But the name of the type and the
# bound are run together, `Iterator<Itemcore::clone::Clone>`, which no longer says that there is a bound, and reads
# as a path of its own. The same bound in a where clause, `<T as Iterator>::Item: Clone`, is printed as it is.
#
# Seen with Rust 1.95, whose JSON of rustdoc that version reads.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo new --quiet --lib library
cat > library/src/lib.rs <<'RUST'
pub fn equal<T: Iterator<Item = u8>>(_: T) {}
pub fn bound<T: Iterator<Item: Clone>>(_: T) {}
pub fn clause<T: Iterator>(_: T)
where
    T::Item: Clone,
{
}
RUST
cargo new --quiet list
(cd list && cargo add --quiet public-api@=0.52.1)
cat > list/src/main.rs <<'RUST'
fn main() {
    let json = std::env::args().nth(1).expect("a path");
    let api = public_api::Builder::from_rustdoc_json(json).build().expect("an API");
    for item in api.items() {
        println!("{item}");
    }
}
RUST
# The JSON of rustdoc is no stable output yet.
(cd library && RUSTC_BOOTSTRAP=1 cargo rustdoc --quiet -- -Z unstable-options --output-format json)
seen=$(cd list && cargo run --quiet -- ../library/target/doc/library.json)
printf '%s\n' "$seen"
expected='pub mod library
pub fn library::bound<T: core::iter::traits::iterator::Iterator<Itemcore::clone::Clone>>(T)
pub fn library::clause<T: core::iter::traits::iterator::Iterator>(T) where <T as core::iter::traits::iterator::Iterator>::Item: core::clone::Clone
pub fn library::equal<T: core::iter::traits::iterator::Iterator<Item = u8>>(T)'
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
