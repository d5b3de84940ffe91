#!/usr/bin/env bash
# annotate-snippets 0.12.17 lets the control characters from U+0080 to U+009F through.
#
# `normalize_untrusted_str()` is there "to avoid any unicode control characters", and source lines go through
# the same table. It has the controls of ASCII and those of reading direction, but not these, of which U+009B
# starts an escape as `ESC [` does where a terminal takes 8-bit controls.
#
# Seen: `ESC` is replaced, U+009B comes out as it went in, in the text and in the source line.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
annotate-snippets = "=0.12.17"
TOML
cat > src/main.rs <<'RUST'
use annotate_snippets::{normalize_untrusted_str, AnnotationKind, Level, Renderer, Snippet};

fn main() {
    let text = "a\u{1b}[2Jb\u{9b}2Jc";
    let source = Snippet::source(text).annotation(AnnotationKind::Primary.span(0..1));
    let group = Level::ERROR.primary_title("title").element(source);
    let rendered = Renderer::plain().render(&[group]);
    for (what, seen) in [("text", normalize_untrusted_str(text)), ("line", rendered)] {
        println!("{what}: {} and {}", seen.contains('\u{1b}'), seen.contains('\u{9b}'));
    }
}
RUST
seen=$(cargo run --quiet)
expected='text: false and true
line: false and true'
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
