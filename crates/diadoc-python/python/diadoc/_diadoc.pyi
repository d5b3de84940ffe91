"""What is made of Rust; `diadoc` is what it is for."""

from typing import Any, TypedDict

class Error(ValueError):
    path: str | None
    line: int | None
    column: int | None

class Asked(TypedDict):
    name: str
    message: str | None
    direction: str | None
    form: str | None
    at: str | None
    strict: bool
    deny: list[str]
    warn: list[str]
    allow: list[str]
    lang: str

def check(body: bytes, asked: Asked, as_text: bool) -> str: ...
def check_all(bodies: list[tuple[str, bytes]], asked: Asked) -> str: ...
def merge(reports: list[str]) -> str: ...
def read(
    body: bytes, message: str, form: str | None, at: str | None, keep_unknown: bool
) -> Any: ...
def write(value: bytes, message: str, to: str, pretty: bool, keep_unknown: bool) -> bytes: ...
def convert(
    body: bytes,
    message: str,
    to: str,
    form: str | None,
    at: str | None,
    pretty: bool,
    keep_unknown: bool,
) -> tuple[bytes, list[str]]: ...
def detect(body: bytes, form: str | None, at: str | None) -> str: ...
def describe(name: str, lang: str) -> str: ...
def search(words: str) -> str: ...
def example(message: str, full: bool, seed: int | None) -> Any: ...
def messages() -> list[str]: ...
def main(arguments: list[str]) -> int: ...
