//! The keys of a manifest.

/// A key of an entry. All values are strings.
pub(super) struct Key {
    pub name: &'static str,
    /// The values that it may have; any where there are none.
    pub values: &'static [&'static str],
    pub description: &'static str,
}

pub(super) const FILE: &str = "file";
pub(super) const FORM: &str = "form";
pub(super) const MESSAGE: &str = "message";
pub(super) const DIRECTION: &str = "direction";
pub(super) const METHOD: &str = "method";
pub(super) const PAGE: &str = "page";
pub(super) const REFUSED_AT: &str = "refused_at";
pub(super) const FAULT: &str = "fault";

/// The keys of an entry.
pub(super) const KEYS: [Key; 8] = [
    Key {
        name: FILE,
        values: &[],
        description: "The file, relative to the manifest's folder, or a pattern of several: * within a \
                      name, ** for folders at any depth. Files that end in .ndjson or .jsonl have one \
                      body a line; those that end in .bin, .binpb or .pb are protobuf.",
    },
    Key {
        name: FORM,
        values: &["json", "protobuf"],
        description: "What the file holds, where the end of its name does not say it.",
    },
    Key {
        name: MESSAGE,
        values: &[],
        description: "The message: its full name, or an end of it that no other message has. It may be \
                      left out where the method has one only.",
    },
    Key {
        name: DIRECTION,
        values: &["request", "response"],
        description: "Whether a client sends the body or the server does. It may be left out where the \
                      method or the message goes one way only.",
    },
    Key {
        name: METHOD,
        values: &[],
        description: "The HTTP method that takes or returns the body: GetDocumentsV3, or \
                      GetDocuments (V3) as the pages have it.",
    },
    Key {
        name: PAGE,
        values: &[],
        description: "The page that shows the body, by its title.",
    },
    Key {
        name: REFUSED_AT,
        values: &[],
        description: "For a body that is wrong: the path at which it must be refused, such as \
                      Documents[0].Content; empty for the body as a whole.",
    },
    Key {
        name: FAULT,
        values: &[],
        description: "For a body that is wrong: what is wrong with it.",
    },
];

/// The key of the JSON Schema in a manifest that is an object.
pub(super) const JSON_SCHEMA: &str = "$schema";
/// The key of the list in a manifest that is an object.
pub(super) const BODIES: &str = "bodies";
