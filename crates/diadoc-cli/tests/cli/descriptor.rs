use prost_reflect::DescriptorPool;

use crate::{folder, run, run_in};

#[test]
fn other_tools_can_read_it_and_its_comments() {
    let ran = run(&["descriptor"]);
    ran.ended(0);
    let pool = DescriptorPool::decode(ran.stdout.as_slice()).unwrap();

    let names: Vec<_> = pool
        .all_messages()
        .map(|message| message.full_name().to_owned())
        .collect();
    let list = run(&["list"]);
    for name in list.stdout().lines() {
        assert!(names.iter().any(|known| known == name), "{name}");
    }

    let message = pool
        .get_message_by_name("Diadoc.Api.Proto.Documents.DocumentList")
        .unwrap();
    let file = message.parent_file_descriptor_proto();
    let locations = &file.source_code_info.as_ref().unwrap().location;
    let comment = locations
        .iter()
        .find(|location| location.path == message.path())
        .and_then(|location| location.leading_comments.as_deref())
        .unwrap_or_default();
    assert!(!comment.trim().is_empty());
}

#[test]
fn into_a_file() {
    let folder = folder(&[]);
    let ran = run_in(folder.path(), &["descriptor", "-o", "diadoc.binpb"]);
    ran.ended(0);
    assert!(ran.stdout.is_empty());
    let written = std::fs::read(folder.path().join("diadoc.binpb")).unwrap();
    assert_eq!(written, run(&["descriptor", "-o", "-"]).stdout);
}
