/**
 * Diadoc's own JSON and protobuf, exact; and what its server would say to a body.
 *
 * A body is text or bytes, JSON or protobuf: which of the two, it tells itself, and what it is wrapped in is opened:
 * gzip, base64, HAR, the lines of a log and more. A message is named as the vendor names it: `DocumentList`,
 * `Diadoc.Api.Proto.Documents.DocumentList`; or by a method that has it: `POST /V3/PostMessage`.
 *
 * Messages are objects with the keys of the vendor's JSON. Integers of 64 bits, such as ticks, are BigInts, or
 * strings where that is asked for: no number of JavaScript holds them. Bytes are Buffers; values of enums are their
 * names, or the number where the schema has no name for it.
 */

export type Body = string | Uint8Array | ArrayBuffer
export type Form = 'json' | 'protobuf'
export type Direction = 'request' | 'response'
export type Language = 'en' | 'ru'

/** Why something cannot be read, written or found. */
export class DiadocError extends Error {
  /** Where in the body: `Documents[0].Content`; empty for the body itself. */
  readonly path?: string
  /** From 1. */
  readonly line?: number
  /** In characters, from 1. */
  readonly column?: number
}

/** Where the body is in what is given. */
export interface OpenOptions {
  /** The body as it is; else it tells itself, and is opened. */
  form?: Form
  /** The part of JSON that is the body: `.response.body`. */
  at?: string
}

export interface Longs {
  /** What integers of 64 bits are; BigInts where nothing is said. */
  longs?: 'bigint' | 'string'
}

/** A message: its fields by their keys in the vendor's JSON. */
export type Message = Record<string, any>

/**
 * Reads a body of a message.
 *
 * Reading is tolerant, so that a page survives what the server adds: keys and enum names that the schema does not know
 * are left out, or kept with `keepUnknown`; a required field that is not there has its default. `check` tells of all
 * that.
 *
 * @throws DiadocError with the place where the body cannot be read
 */
export function read (
  body: Body,
  message: string,
  options?: OpenOptions & Longs & { keepUnknown?: boolean }
): Message

/**
 * Writes a message: as Diadoc writes its JSON, in UTF-8, or as protobuf.
 *
 * Values are what `read` gives; a number stands for an integer as far as it is exact, and a string too. `undefined` and
 * `null` are fields that are not there. A key that the message does not have, and a required one that is not there,
 * throw a DiadocError with their path; with `keepUnknown` keys that the schema does not know are written to JSON.
 */
export function write (
  value: Message,
  message: string,
  options?: { to?: Form; pretty?: boolean; keepUnknown?: boolean }
): Buffer

export interface CheckOptions extends OpenOptions {
  /** The message; that which fits best where none is named. */
  message?: string
  /** What results call the body. */
  name?: string
  direction?: Direction
  /** Whether every finding counts. */
  strict?: boolean
  /** Ids of rules of which findings are errors. */
  deny?: string[]
  /** Those of which findings are warnings. */
  warn?: string[]
  /** Those of which findings are left out. */
  allow?: string[]
  lang?: Language
}

/**
 * Says what the server, or a reader of its answers, would make of a body: what `diadoc check --format json` prints.
 *
 * Results of many calls add up: `merge` makes one of them.
 */
export function check (body: Body, options?: CheckOptions): Checked

/**
 * Checks many bodies as `check` does each, in less time.
 *
 * `names` are what the result calls them, under `file`: one for each body; without, they are numbered from 0. A body
 * that cannot be opened is `unreadable` there, and keeps none of the others from being checked.
 */
export function checkAll (
  bodies: Iterable<Body>,
  options?: Omit<CheckOptions, 'name'> & { names?: Iterable<unknown> }
): Checked

/**
 * One result of many: of `check` and `checkAll`, or texts that `diadoc check --format json` printed. All bodies come one
 * after the other, and each count of the summary is the sum.
 *
 * @throws DiadocError where a text was cut off, or is of another version
 */
export function merge (reports: Iterable<Checked | string>): Checked

/** The text for people that `diadoc check` prints of a body. */
export function report (body: Body, options?: CheckOptions): string

/** A body in another form. */
export interface Converted {
  body: Buffer
  /** What was dropped and what was made up on the way, each with its path. */
  notes: string[]
}

/** Converts a body of a message to JSON, protobuf or protobuf's text format, as `diadoc convert` does. */
export function convert (
  body: Body,
  message: string,
  to: Form | 'text',
  options?: { form?: Form | 'text'; at?: string; pretty?: boolean; keepUnknown?: boolean }
): Converted

/** The messages that fit a body, the best first. */
export function detect (body: Body, options?: OpenOptions): Detected[]

/**
 * What a message, method, field, enum, value or rule is, with its rules, and who uses it.
 *
 * Names are those that people hold: `Document.IndexKey`, `GetDocuments (V3)`, `POST /V3/PostMessage`,
 * `json.unknown-key`.
 */
export function describe (name: string, options?: { lang?: Language }): string

/** What has all these words, English or Russian, in its name, title or comment, the best first. */
export function search (words: string): Found[]

/** A valid body: with the required fields, with all (`full`), or with any of them (`seed`). */
export function example (message: string, options?: Longs & { full?: boolean; seed?: number }): Message

/** The full names of all messages. */
export function messages (): string[]

/**
 * The moment of ticks. Ticks are 100 ns since the year 1; a Date holds milliseconds, and what is less is cut off.
 */
export function toDate (ticks: bigint | string): Date

/** The ticks of a moment. */
export function toTicks (moment: Date): bigint

/** What a check says. */
export interface Checked {
  bodies: CheckedBody[]
  summary: Summary
}

/** How many bodies there were, and what became of them. */
export interface Summary {
  bodies: number
  passes: number
  skipped: number
  findings: number
  dropped: number
  changed: number
  foreign: number
  refused: number
  unknown: number
  /** Those that do not do what is expected of them, which is to pass. */
  unexpected: number
  unreadable: number
  not_as_manifest_says: number
  unnamed: number
}

/** What a check says of one body. */
export interface CheckedBody {
  file: string
  line?: number
  /** What it was opened from, the outermost first. */
  opened?: string[]
  verdict:
    | 'passes'
    | 'skipped'
    | 'findings'
    | 'dropped'
    | 'changed'
    | 'foreign'
    | 'refused'
    | 'unknown'
    | 'unreadable'
  message?: string | null
  /** Why it was taken for the message. */
  guess?: { score: number; reason: string; rivals: Detected[] }
  direction?: Direction | null
  direction_from?: string
  method?: string
  method_news?: string
  /** What the server, or a reader of its answers, does about it. */
  sentence?: string
  effect?: string
  as_manifest_says?: boolean
  report?: Report
  report_as_request?: Report
  round_trip?: RoundTrip
  /** Why it is unreadable. */
  error?: string
}

/** All findings of a body that goes one way. */
export interface Report {
  message: string
  direction: Direction
  findings: Finding[]
  /** How many findings of a kind there are, also of those that are counted alone. */
  counts: Array<{ rule: string; effect: string; path: string; count: number }>
  /** What the bytes of fields are, as their start tells. */
  contents?: Array<{ path: string; is: string }>
  /** How many findings are counted, and not in `findings`. */
  left_out?: number
}

/** One thing that is to be said of a body. */
export interface Finding {
  /** An id, such as `json.unknown-key`; `describe` explains it. */
  rule: string
  deviation: string
  /** What the server, or a reader, does about it: `refused`, `dropped`, `drift` and so on. */
  effect: string
  severity: 'error' | 'warning' | 'info'
  /** Where: `Documents[0].Content`; empty for the body itself. */
  path: string
  /** The same as JSON Pointer. */
  pointer: string
  /** A range of bytes of the body. */
  span: { start: number; end: number }
  /** From 1; 0 in protobuf. */
  line: number
  /** In characters, from 1; 0 in protobuf. */
  column: number
  message: string
  expected?: string
  found?: string
  /** What may have been meant. */
  suggestion?: string
  /** What the server answers. */
  answer?: string
}

/** What becomes of a body that is read and written. */
export interface RoundTrip {
  refused: { path: string; message: string; found?: string } | null
  changed: Array<{ step: string; differences: string[] }>
  dropped: Array<{ path: string; change: string }>
  made_up: Array<{ path: string; change: string }>
  left_out?: number
  notes: string[]
}

/** A message that fits a body. */
export interface Detected {
  message: string
  /** How much of the body it explains, from 0 to 1. */
  score: number
  reason: string
}

/** A part of the schema that has the words which were looked for. */
export interface Found {
  kind: string
  name: string
  /** What it is called in Russian. */
  title?: string
  summary: string
  /** Whether the vendor calls it obsolete. */
  obsolete?: boolean
}
