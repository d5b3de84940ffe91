//! The table of kinds of change: what each is, and what it may break.

use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};

use super::options::options_markdown;
use super::verdicts::{self as v, Verdict};

macro_rules! kinds {
    ($(#[doc = $doc:literal] $variant:ident $id:literal [$($verdict:ident)+] $(by $by:literal)?;)+) => {
        /// How something changed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ChangeKind {
            $(#[doc = $doc] $variant,)+
        }

        impl ChangeKind {
            /// All kinds.
            pub const ALL: &[ChangeKind] = &[$(ChangeKind::$variant),+];

            /// The stable id: `field-renumbered`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// What it is, as a sentence.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $doc.trim_ascii()),+ }
            }

            /// What a change of the kind may break, and why.
            fn verdicts(self) -> &'static [Verdict] {
                match self { $(Self::$variant => &[$(v::$verdict),+]),+ }
            }

            /// What chooses among several verdicts, as a phrase.
            fn chosen_by(self) -> Option<&'static str> {
                match self { $(Self::$variant => None $(.or(Some($by)))?),+ }
            }
        }
    };
}

kinds! {
    /// A message is new.
    MessageAdded "message-added" [NO_BODY_YET MESSAGE_MOVED] by "whether it moved";
    /// A message is gone.
    MessageRemoved "message-removed" [NOT_DESCRIBED MESSAGE_MOVED] by "whether it moved";
    /// A message or enum stands in a file of another syntax.
    Syntax "syntax" [READERS_OF_PROTO3];
    /// A message becomes a message set, or is none any more.
    MessageSet "message-set" [MESSAGE_SET];
    /// A message has other ranges of numbers for extensions.
    ExtensionRange "extension-range" [EXTENSIONS_SKIPPED];
    /// Numbers or a name are reserved.
    ReservedAdded "reserved-added" [RESERVED];
    /// Numbers or a name are not reserved any more.
    ReservedRemoved "reserved-removed" [NUMBER_FREE NAME_FREE RESERVED]
        by "whether it is a number or a name, and of a body";

    /// A field is new.
    FieldAdded "field-added"
        [SKIPPED INSISTED_ON NUMBER_WAS_RESERVED NAME_WAS_RESERVED BOTH_WERE_RESERVED]
        by "its label, and what was reserved";
    /// A field is gone.
    FieldRemoved "field-removed"
        [OLD_READERS_INSIST BOTH_FREE ITS_NUMBER_FREE ITS_NAME_FREE BOTH_RESERVED UNKNOWN_KEY]
        by "its label, and what is reserved";
    /// A field has another number.
    FieldRenumbered "field-renumbered" [BY_NUMBER STAND_IN NUMBER_WAS_RESERVED]
        by "whether protobuf has the field, and what was reserved";
    /// Protobuf has a field that only JSON had, or has it no longer.
    FieldOnlyInJson "field-only-in-json" [NO_NUMBER];
    /// A field's number has another name.
    FieldRenamed "field-renamed" [BY_NAME NEITHER_CHANGES BY_OTHER_KEY] by "its keys in JSON";
    /// A field has another key in JSON.
    FieldJsonName "field-json-name" [OTHER_KEY];
    /// A field has another type.
    FieldRetyped "field-retyped"
        [SAME_SHAPE OTHER_RULES OTHER_SHAPE GROUP VALUES_KEPT VALUES_REFUSED VALUES_MISSING TWO_NAMES
         OTHER_UNKNOWN ENUM_TO_NUMBER
         NUMBER_TO_ENUM ONLY_JSON_ALIKE OTHER_RANGE OTHER_TYPE LARGER_NUMBER OTHER_JSON OTHER_KEYS
         OTHER_NAMES]
        by "both types; for an enum the label too";
    /// A field has another label: optional, required, repeated.
    FieldLabel "field-label" [NEW_READERS_INSIST READERS_INSISTED TO_MANY TO_ONE BRACKETS]
        by "both labels";
    /// An absent field reads as another value.
    FieldDefault "field-default" [READS_AS_OTHER];
    /// Whether a field is given can be told, or no longer.
    FieldPresence "field-presence" [PRESENCE];
    /// A list is packed, or no longer.
    FieldPacked "field-packed" [BOTH_PACKINGS];
    /// A field moved into a oneof, out of one, or into another.
    FieldOneof "field-oneof" [LAST_OF_ONEOF ONEOF_RENAMED] by "whether the oneof has the same fields";

    /// An enum is new.
    EnumAdded "enum-added" [IN_FIELDS];
    /// An enum is gone.
    EnumRemoved "enum-removed" [IN_FIELDS];
    /// A value of an enum is new, or has a further name.
    ValueAdded "value-added" [TAKEN_FOR_UNKNOWN FURTHER_NAME REFUSED_WHERE_REQUIRED]
        by "whether a reader of the old schema has a value for it";
    /// A value of an enum is gone, or one of its names.
    ValueRemoved "value-removed"
        [BOTH_FREE ITS_NUMBER_FREE ITS_NAME_FREE BOTH_RESERVED KEEPS_OTHER_NAME UNKNOWN_KEY
         OLD_REFUSED_WHERE_REQUIRED]
        by "what is reserved, and whether a reader of the new schema has a value for it";
    /// A value of an enum has another name.
    ValueRenamed "value-renamed" [VALUE_BY_NAME];
    /// A value of an enum has another number.
    ValueRenumbered "value-renumbered" [VALUE_BY_NUMBER];
    /// Of a value's several names another one stands first, which is the one that JSON writes.
    AliasOrder "alias-order" [WRITES_OTHER_NAME TWO_NAMES] by "whether both schemas have numbers";
    /// A name that an enum does not have is read as another member, or as none.
    UnknownMember "unknown-member" [OTHER_UNKNOWN];
    /// Values of an enum may share a number, or no longer.
    AliasesAllowed "aliases-allowed" [ALIASES_TOLD];
    /// An enum that says which numbers or bits a field may have got or lost one.
    CodeChanged "code-changed" [CODE_OF_FIELDS];

    /// Something is marked as deprecated.
    Deprecated "deprecated" [MARK];
    /// Something is no longer marked as deprecated.
    Undeprecated "undeprecated" [MARK];

    /// A rule is new.
    RuleAdded "rule-added" [RULE_ADDED RULE_OTHER] by "what the option asks for";
    /// A rule is gone.
    RuleRemoved "rule-removed" [RULE_REMOVED RULE_OTHER] by "what the option asked for";
    /// A rule asks for something else.
    RuleChanged "rule-changed" [RULE_NARROWER RULE_WIDER RULE_OTHER] by "which way a bound moved";
    /// A field that rules about several fields speak of is gone, or has another name.
    RuledField "ruled-field" [RULED_BY_NAME];
    /// What is said about a rule changed: its sources, the server's words.
    RuleNote "rule-note" [RULE_NOTE];
    /// The values of a field are secrets, or no longer.
    FieldSecret "field-secret" [NOT_SHOWN];
    /// Something is called otherwise in Russian.
    Title "title" [TITLE];
    /// An option for generators of code changed.
    CodeOption "code-option" [FOR_CODE];
    /// An option changed that the table of options does not have.
    OptionUnjudged "option-unjudged" [NOT_JUDGED];
    /// Something of the language of the schema is new: an option, or what stands in one.
    DefinitionAdded "definition-added" [DEFINITION];
    /// Something of the language of the schema is gone.
    DefinitionRemoved "definition-removed" [DEFINITION];
    /// Something of the language of the schema changed.
    DefinitionChanged "definition-changed" [DEFINITION];

    /// A service is new.
    ServiceAdded "service-added" [SERVICE_NAME];
    /// A service is gone.
    ServiceRemoved "service-removed" [SERVICE_NAME];
    /// A method is new.
    MethodAdded "method-added" [CALLED_NOT_YET];
    /// A method is gone.
    MethodRemoved "method-removed" [NOT_CALLED];
    /// A method has another name, or stands in another service.
    MethodRenamed "method-renamed" [RPC_NAME];
    /// A method's request is another message.
    MethodRequest "method-request" [REQUEST_NAME OTHER_REQUEST] by "whether both requests are known";
    /// A method's answer is another message.
    MethodAnswer "method-answer" [SAME_SHAPE OTHER_RULES OTHER_ANSWER]
        by "whether both have one shape, and the same rules";
    /// A method has another verb or path.
    MethodPath "method-path" [OTHER_ADDRESS];
    /// Other fields of a method's request are the body.
    MethodBody "method-body" [OTHER_BODY];
    /// Other answers mean that the result is not ready yet.
    MethodPending "method-pending" [OTHER_PENDING];
    /// A list comes in pages in another way.
    MethodPaging "method-paging" [OTHER_PAGES];
    /// Another method gives the outcome of a task.
    MethodPolling "method-polling" [OTHER_OUTCOME];
    /// A method needs a token, or needs none any more.
    MethodAnonymous "method-anonymous" [OTHER_SIGN_IN];
    /// Another status means that there is nothing to answer with.
    MethodAbsent "method-absent" [OTHER_NOTHING];
    /// A request may be sent again, or not any more.
    MethodIdempotency "method-idempotency" [SENT_AGAIN];
    /// A method sends or answers with a stream.
    MethodStreaming "method-streaming" [STREAM];
    /// Another method is advised in the place of an obsolete one.
    MethodSuccessor "method-successor" [SUCCESSOR];
    /// The day after which a method is removed changed.
    MethodRemoval "method-removal" [TO_BE_REMOVED];
    /// The vendor is further with giving up a method, or less far.
    MethodStage "method-stage" [TO_BE_REMOVED GIVEN_UP] by "whether the method is gone";

    /// A parameter is new.
    ParameterAdded "parameter-added" [PARAMETER_OPTIONAL PARAMETER_REQUIRED] by "its label";
    /// A parameter is gone.
    ParameterRemoved "parameter-removed" [PARAMETER_GONE];
    /// A parameter has another name.
    ParameterRenamed "parameter-renamed" [PARAMETER_NAME BODY_NAME] by "whether it is the body";
    /// A parameter's field has another number.
    ParameterRenumbered "parameter-renumbered" [PARAMETER_NUMBER];
    /// A parameter's field has another key in JSON.
    ParameterJsonName "parameter-json-name" [PARAMETER_KEY];
    /// A parameter or body has another type.
    ParameterRetyped "parameter-retyped" [PARAMETER_TEXT PARAMETER_TYPE BODY_SAME OTHER_RULES BODY_TYPE]
        by "both types, and whether it is the body";
    /// A value that parameters may have is gone, or has another name.
    ParameterValue "parameter-value" [VALUE_SENT];
    /// A parameter has another label.
    ParameterLabel "parameter-label" [PARAMETER_LABEL];
    /// An absent parameter means another value.
    ParameterDefault "parameter-default" [PARAMETER_DEFAULT];
    /// A parameter moved into a oneof, out of one, or into another.
    ParameterOneof "parameter-oneof" [PARAMETER_ONEOF ONEOF_RENAMED]
        by "whether the oneof has the same fields";
    /// A parameter is sent in a header, in another one, or no longer.
    ParameterHeader "parameter-header" [PARAMETER_HEADER];
    /// The list of a parameter is sent as one value with commas, or no longer.
    ParameterComma "parameter-comma" [PARAMETER_COMMA];

    /// A kind of deviation from the schema is told apart.
    DeviationAdded "deviation-added" [TAKEN_NEWLY];
    /// A kind of deviation from the schema is no longer told apart.
    DeviationRemoved "deviation-removed" [TAKEN_OTHERWISE];
    /// The server, or a reader of its answers, takes a deviation from the schema in another way.
    DeviationChanged "deviation-changed" [TAKEN_OTHERWISE];
    /// How well that is known, from where, or the words for it changed.
    DeviationEvidence "deviation-evidence" [KNOWN_FROM];
}

impl ChangeKind {
    /// Whether a change of the kind may be judged so.
    pub(super) fn may_be(self, why: &str) -> bool {
        self.verdicts().iter().any(|(_, other)| *other == why)
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id().replace('-', " "))
    }
}

impl Serialize for ChangeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// The tables of kinds of change, and of the options that are judged, as Markdown.
pub fn kinds_markdown() -> String {
    let mut text = String::from(
        "| kind | what it is | breaks | why | chosen by |\n| --- | --- | --- | --- | --- |\n",
    );
    for kind in ChangeKind::ALL {
        for (place, (breaks, why)) in kind.verdicts().iter().enumerate() {
            let (id, summary, by) = match place {
                0 => (
                    format!("`{}`", kind.id()),
                    kind.summary(),
                    kind.chosen_by().unwrap_or_default(),
                ),
                _ => (String::new(), "", ""),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "| {id} | {summary} | {breaks} | {why} | {by} |");
        }
    }
    text + "\n" + &options_markdown()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_reasons_are_unique() {
        let ids: BTreeSet<_> = ChangeKind::ALL.iter().map(|kind| kind.id()).collect();
        assert_eq!(ids.len(), ChangeKind::ALL.len());
        for kind in ChangeKind::ALL {
            let whys: BTreeSet<_> = kind.verdicts().iter().map(|(_, why)| why).collect();
            assert_eq!(whys.len(), kind.verdicts().len(), "{kind}");
            // What is chosen is chosen by something.
            assert_eq!(whys.len() > 1, kind.chosen_by().is_some(), "{kind}");
        }
    }
}
