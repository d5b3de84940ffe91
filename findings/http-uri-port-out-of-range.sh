#!/usr/bin/env bash
# http 1.5.0 parses a URI with a port beyond 65535, and then says that it has none.
#
# One would expect an error, as of url 2.5 and of WHATWG's rules. `Uri::port` and `port_u16` give `None`,
# as they do where no port is written, so a client that takes the scheme's port then goes to another
# server than the text names. A fragment is dropped in silence too: what is printed is not what was read.
#
# Seen: `https://host:99999` parses, its port is `None` and its host `host`; `https://host/#a` is printed as
# `https://host/`. url says `InvalidPort` of the first, and keeps the fragment of the second.
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
http = "=1.5.0"
url = "=2.5.8"
TOML
cat > src/main.rs <<'RUST'
use http::Uri;
use url::Url;

fn main() {
    let uri: Uri = "https://host:99999".parse().unwrap();
    println!("http {uri}: host {:?}, port {:?}", uri.host(), uri.port_u16());
    println!("url {:?}", Url::parse("https://host:99999").unwrap_err());
    println!("http {}", "https://host/#a".parse::<Uri>().unwrap());
    println!("url {}", Url::parse("https://host/#a").unwrap());
}
RUST
seen=$(cargo run --quiet)
expected='http https://host:99999/: host Some("host"), port None
url InvalidPort
http https://host/
url https://host/#a'
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { echo 'the behaviour has changed' >&2; exit 1; }
