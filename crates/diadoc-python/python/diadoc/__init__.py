"""Diadoc's own JSON and protobuf, exact; and what its server would say to a body.

A body is bytes or text, JSON or protobuf: which of the two, it tells itself, and what it is wrapped in is
opened: gzip, base64, HAR, the lines of a log and more. A message is named as the vendor names it:
"DocumentList", "Diadoc.Api.Proto.Documents.DocumentList"; or by a method that has it: "POST /V3/PostMessage".

    >>> page = diadoc.read(body, "DocumentList")
    >>> page["Documents"][0]["CreationTimestampTicks"]
    638884246403244956
    >>> diadoc.to_datetime(638884246403244956)
    datetime.datetime(2025, 7, 15, 8, 4, 0, 324495, tzinfo=datetime.timezone.utc)
    >>> diadoc.check(body, "DocumentList")["summary"]["passes"]
    1
    >>> print(diadoc.describe("POST /V3/PostMessage", lang="ru"))

Messages are dicts with the keys of the vendor's JSON. Integers are exact, of any size; bytes are bytes; values of
enums are their names, or the number where the schema has no name for it.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Literal, NamedTuple

from . import _diadoc
from ._diadoc import Error
from .results import Checked, Detected, Found

__all__ = [
    "Checked",
    "Converted",
    "Detected",
    "Error",
    "Found",
    "check",
    "check_all",
    "convert",
    "describe",
    "detect",
    "example",
    "merge",
    "messages",
    "read",
    "report",
    "search",
    "to_datetime",
    "to_ticks",
    "write",
]

Body = bytes | bytearray | memoryview | str
Form = Literal["json", "protobuf"]
Direction = Literal["request", "response"]
Language = Literal["en", "ru"]


def read(
    body: Body,
    message: str,
    *,
    form: Form | None = None,
    at: str | None = None,
    keep_unknown: bool = False,
) -> dict[str, Any]:
    """Reads a body of a message.

    Reading is tolerant, so that a page survives what the server adds: keys and enum names that the schema does not
    know are left out, or kept with `keep_unknown`; a required field that is not there has its default. `check`
    tells of all that.

    `form` takes the body as it is; `at` names the part of JSON that is the body, such as ".response.body".

    Raises `Error` with `path`, `line` and `column` where the body cannot be read.
    """
    read: dict[str, Any] = _diadoc.read(_bytes(body), message, form, at, keep_unknown)
    return read


def write(
    value: Mapping[str, Any],
    message: str,
    *,
    to: Form = "json",
    pretty: bool = False,
    keep_unknown: bool = False,
) -> bytes:
    """Writes a message: as Diadoc writes its JSON, in UTF-8, or as protobuf.

    Values are what `read` gives: int for integers, bytes for bytes (or a str in base64), a str for an enum. None
    is a field that is not there. A key that the message does not have, and a required one that is not there, raise
    `Error` with its `path`; with `keep_unknown` keys that the schema does not know are written to JSON.
    """
    text = json.dumps(value, default=_as_json, allow_nan=False)
    return _diadoc.write(text.encode(), message, to, pretty, keep_unknown)


def check(
    body: Body,
    message: str | None = None,
    *,
    name: str = "body",
    direction: Direction | None = None,
    form: Form | None = None,
    at: str | None = None,
    strict: bool = False,
    deny: Iterable[str] = (),
    warn: Iterable[str] = (),
    allow: Iterable[str] = (),
    lang: Language = "en",
) -> Checked:
    """Says what the server, or a reader of its answers, would make of a body.

    The result is what `diadoc check --format json` prints: under "bodies" each body that was found, with its
    "verdict" and its "report"; under "summary" how many of them pass, are refused and so on. Results of many calls
    add up: `merge` makes one of them.

    Without `message`, that which fits best is taken. `name` is what results call the body. `strict` counts every
    finding; `deny`, `warn` and `allow` give rules another level, by their ids.
    """
    asked = _asked(name, message, direction, form, at, strict, deny, warn, allow, lang)
    checked: Checked = json.loads(_diadoc.check(_bytes(body), asked, False))
    return checked


def check_all(
    bodies: Iterable[Body],
    message: str | None = None,
    *,
    names: Iterable[object] | None = None,
    direction: Direction | None = None,
    form: Form | None = None,
    at: str | None = None,
    strict: bool = False,
    deny: Iterable[str] = (),
    warn: Iterable[str] = (),
    allow: Iterable[str] = (),
    lang: Language = "en",
) -> Checked:
    """Checks many bodies as `check` does each, in less time, and while other threads go on.

    `names` are what the result calls them, under "file": one for each body; without, they are numbered from 0. A
    body that cannot be opened is "unreadable" there, and keeps none of the others from being checked.
    """
    listed = [_bytes(body) for body in bodies]
    named = [str(name) for name in (range(len(listed)) if names is None else names)]
    asked = _asked("", message, direction, form, at, strict, deny, warn, allow, lang)
    text = _diadoc.check_all(list(zip(named, listed, strict=True)), asked)
    checked: Checked = json.loads(text)
    return checked


def merge(reports: Iterable[Checked | str]) -> Checked:
    """One result of many: of `check` and `check_all`, or texts that `diadoc check --format json` printed.

    All bodies come one after the other, and each count of the summary is the sum. A text that was cut off, and one
    of another version, raise `Error`.
    """
    texts = [report if isinstance(report, str) else json.dumps(report) for report in reports]
    merged: Checked = json.loads(_diadoc.merge(texts))
    return merged


def report(
    body: Body,
    message: str | None = None,
    *,
    name: str = "body",
    direction: Direction | None = None,
    form: Form | None = None,
    at: str | None = None,
    strict: bool = False,
    deny: Iterable[str] = (),
    warn: Iterable[str] = (),
    allow: Iterable[str] = (),
    lang: Language = "en",
) -> str:
    """The text for people that `diadoc check` prints of a body; it takes what `check` takes."""
    asked = _asked(name, message, direction, form, at, strict, deny, warn, allow, lang)
    return _diadoc.check(_bytes(body), asked, True)


class Converted(NamedTuple):
    """A body in another form."""

    body: bytes
    notes: list[str]
    """What was dropped and what was made up on the way, each with its path."""


def convert(
    body: Body,
    message: str,
    to: Literal["json", "protobuf", "text"],
    *,
    form: Literal["json", "protobuf", "text"] | None = None,
    at: str | None = None,
    pretty: bool = False,
    keep_unknown: bool = False,
) -> Converted:
    """Converts a body of a message to JSON, protobuf or protobuf's text format, as `diadoc convert` does."""
    body, notes = _diadoc.convert(_bytes(body), message, to, form, at, pretty, keep_unknown)
    return Converted(body, notes)


def detect(body: Body, *, form: Form | None = None, at: str | None = None) -> list[Detected]:
    """The messages that fit a body, the best first."""
    detected: list[Detected] = json.loads(_diadoc.detect(_bytes(body), form, at))
    return detected


def describe(name: str, *, lang: Language = "en") -> str:
    """What a message, method, field, enum, value or rule is, with its rules, and who uses it.

    Names are those that people hold: "Document.IndexKey", "GetDocuments (V3)", "POST /V3/PostMessage",
    "json.unknown-key".
    """
    return _diadoc.describe(name, lang)


def search(words: str) -> list[Found]:
    """What has all these words, English or Russian, in its name, title or comment, the best first."""
    found: list[Found] = json.loads(_diadoc.search(words))
    return found


def example(message: str, *, full: bool = False, seed: int | None = None) -> dict[str, Any]:
    """A valid body: with the required fields, with all (`full`), or with any of them (`seed`)."""
    value: dict[str, Any] = _diadoc.example(message, full, seed)
    return value


def messages() -> list[str]:
    """The full names of all messages."""
    return _diadoc.messages()


def to_datetime(ticks: int) -> datetime:
    """The moment of ticks, in UTC. Ticks are 100 ns since the year 1; a datetime holds microseconds, and
    what is less is cut off."""
    return _YEAR_1 + timedelta(microseconds=ticks // 10)


def to_ticks(moment: datetime) -> int:
    """The ticks of a moment, which has to say its time zone."""
    if moment.tzinfo is None:
        raise ValueError("the moment says no time zone, such as `tzinfo=timezone.utc`")
    since = moment - _YEAR_1
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 10


_YEAR_1 = datetime(1, 1, 1, tzinfo=timezone.utc)


def _as_json(value: Any) -> Any:
    """What JSON has no place for, as something for which it has."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b64encode(value).decode()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no field takes a value of {type(value)}")


def _bytes(body: Body) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)


def _asked(
    name: str,
    message: str | None,
    direction: Direction | None,
    form: Form | None,
    at: str | None,
    strict: bool,
    deny: Iterable[str],
    warn: Iterable[str],
    allow: Iterable[str],
    lang: Language,
) -> "_diadoc.Asked":
    return {
        "name": name,
        "message": message,
        "direction": direction,
        "form": form,
        "at": at,
        "strict": strict,
        "deny": list(deny),
        "warn": list(warn),
        "allow": list(allow),
        "lang": lang,
    }
