"""What the functions of `diadoc` give, as types of dicts."""

from typing import Literal, NotRequired, TypedDict

Direction = Literal["request", "response"]


class Summary(TypedDict):
    """How many bodies there were, and what became of them."""

    bodies: int
    passes: int
    skipped: int
    findings: int
    dropped: int
    changed: int
    foreign: int
    refused: int
    unknown: int
    unexpected: int
    """Those that do not do what is expected of them, which is to pass."""
    unreadable: int
    not_as_manifest_says: int
    unnamed: int


class Span(TypedDict):
    """A range of bytes of a body."""

    start: int
    end: int


class Finding(TypedDict):
    """One thing that is to be said of a body."""

    rule: str
    """An id, such as "json.unknown-key"; `describe` explains it."""
    deviation: str
    effect: str
    """What the server, or a reader, does about it: "refused", "dropped", "drift" and so on."""
    severity: Literal["error", "warning", "info"]
    path: str
    """Where, as "Documents[0].Content"; empty for the body itself."""
    pointer: str
    """The same as JSON Pointer."""
    span: Span
    line: int
    """From 1; 0 in protobuf."""
    column: int
    """In characters, from 1; 0 in protobuf."""
    message: str
    expected: NotRequired[str]
    found: NotRequired[str]
    suggestion: NotRequired[str]
    """What may have been meant."""
    answer: NotRequired[str]
    """What the server answers."""


class Count(TypedDict):
    """How many findings of a kind there are."""

    rule: str
    effect: str
    path: str
    count: int


# `is` is a word of Python.
Content = TypedDict("Content", {"path": str, "is": str})
"""What the bytes of a field are, as their start tells."""


class Report(TypedDict):
    """All findings of a body that goes one way."""

    message: str
    direction: Direction
    findings: list[Finding]
    counts: list[Count]
    """All findings, also those that are counted alone."""
    contents: NotRequired[list[Content]]
    left_out: NotRequired[int]
    """How many findings are counted, and not in `findings`."""


class Note(TypedDict):
    """Something that reading and writing changes."""

    path: str
    change: str


class Refusal(TypedDict):
    """Why a body cannot be read."""

    path: str
    message: str
    found: NotRequired[str]


class Changed(TypedDict):
    """Where reading and writing changes a body against the rules."""

    step: str
    differences: list[str]


class RoundTrip(TypedDict):
    """What becomes of a body that is read and written."""

    refused: Refusal | None
    changed: list[Changed]
    dropped: list[Note]
    made_up: list[Note]
    left_out: NotRequired[int]
    notes: list[str]


class Detected(TypedDict):
    """A message that fits a body."""

    message: str
    score: float
    """How much of the body it explains, from 0 to 1."""
    reason: str


class Guess(TypedDict):
    """Why a body was taken for a message."""

    score: float
    reason: str
    rivals: list[Detected]
    """Others that fit nearly as well."""


class Body(TypedDict):
    """What a check says of one body."""

    file: str
    line: NotRequired[int]
    opened: NotRequired[list[str]]
    """What it was opened from, the outermost first."""
    verdict: Literal[
        "passes", "skipped", "findings", "dropped", "changed", "foreign", "refused", "unknown", "unreadable"
    ]
    message: NotRequired[str | None]
    guess: NotRequired[Guess]
    direction: NotRequired[Direction | None]
    direction_from: NotRequired[str]
    method: NotRequired[str]
    method_news: NotRequired[str]
    sentence: NotRequired[str]
    """What the server, or a reader of its answers, does about it."""
    effect: NotRequired[str]
    as_manifest_says: NotRequired[bool]
    report: NotRequired[Report]
    report_as_request: NotRequired[Report]
    round_trip: NotRequired[RoundTrip]
    error: NotRequired[str]
    """Why it is unreadable."""


class Checked(TypedDict):
    """What a check says."""

    bodies: list[Body]
    summary: Summary


class Found(TypedDict):
    """A part of the schema that has the words which were looked for."""

    kind: str
    name: str
    title: NotRequired[str]
    """What it is called in Russian."""
    summary: str
    obsolete: NotRequired[bool]
    """Whether the vendor calls it obsolete."""
