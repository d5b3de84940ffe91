//! The codes of a universal message.

use diadoc_proto::UniversalMessageCodeGroup as Group;

/// The codes that there are, by what they are for.
const CODES: [(i32, Group); 6] = [
    (1999, Group::Receipt),
    (2007, Group::AmendmentRequest),
    (2999, Group::AmendmentRequest),
    (3999, Group::Rejection),
    (4002, Group::InformationMessage),
    (4003, Group::InformationMessage),
];

/// The codes in the file of a universal message, in their order: wherever they stand in it, as the whole
/// value of an attribute or the whole text of an element.
pub(crate) fn read(content: &[u8]) -> Vec<i32> {
    let Ok(text) = crate::world::xml::text_of(content) else {
        return Vec::new();
    };
    let Ok(document) = roxmltree::Document::parse(&text) else {
        return Vec::new();
    };
    let texts = document.descendants().flat_map(|node| {
        let attributes = node.attributes().map(|attribute| attribute.value());
        let text = node.is_text().then(|| node.text()).flatten();
        attributes.chain(text).collect::<Vec<_>>()
    });
    texts
        .filter_map(|text| text.trim().parse().ok())
        .filter(|code| group_of(*code).is_some())
        .collect()
}

/// What a code is for.
pub(crate) fn group_of(code: i32) -> Option<Group> {
    let found = CODES.iter().find(|(known, _)| *known == code);
    found.map(|(_, group)| *group)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn codes_are_found_wherever_they_stand_and_nothing_else_is_one() {
        let text = r#"<a n="17"><i StatusCode="2999"/><i><StatusCode> 2007 </StatusCode></i>1999 others</a>"#;
        assert_eq!(read(text.as_bytes()), [2999, 2007]);
        assert!(read(b"no XML").is_empty());
    }
}
