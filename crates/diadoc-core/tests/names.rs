//! The functions behind the tables of names.

use diadoc_core::names::{Names, bucket, hash, same, slot};

/// Of each length, and with a difference at each place.
#[test]
fn names_are_the_same_where_all_bytes_are() {
    for length in 0..40 {
        let name: Vec<u8> = (0..length).map(|at| b'a' + at % 26).collect();
        assert!(same(&name, &name.clone()), "{length}");
        for at in 0..name.len() {
            let mut other = name.clone();
            other[at] ^= 1;
            assert!(!same(&name, &other), "{length} {at}");
            assert!(!same(&name, &name[..at]), "{length} {at}");
            assert!(!same(&name[..at], &name), "{length} {at}");
        }
    }
}

/// The generated tables hold what comes of these; another function would find nothing in them.
#[test]
fn hashes_are_what_the_tables_were_made_with() {
    for (name, expected) in [
        ("", 0xbc13060e2d1aac79),
        ("A", 0xfaf09b8909f7dd7c),
        ("Id", 0x530a27cb0f3eb487),
        ("Key", 0x56c3adbd4e82115b),
        ("Data", 0xb656bc149fe1addf),
        ("Value", 0x984648337a79d30f),
        ("TotalCount", 0x49e7273dd6bf65e7),
        ("FromBoxId", 0xf09888a5569a6cb7),
        ("DocumentAttachments", 0x98dfb2b6acafd592),
        ("NeedRecipientSignature", 0xf5d568e67b0f167e),
    ] {
        assert_eq!(hash(name.as_bytes()), expected, "{name}");
    }
}

/// A difference in the first, the middle or the last eight bytes is one of the hash.
#[test]
fn hashes_tell_names_apart() {
    for length in 1..40_usize {
        let name: Vec<u8> = (0..length).map(|at| b'a' + (at % 26) as u8).collect();
        let middle = length.saturating_sub(8) / 2;
        let is_seen =
            |at: &usize| *at < 8 || *at + 8 >= length || (middle..middle + 8).contains(at);
        for at in (0..length).filter(is_seen) {
            let mut other = name.clone();
            other[at] ^= 1;
            assert_ne!(hash(&name), hash(&other), "{length} {at}");
        }
        assert_ne!(hash(&name), hash(&name[..length - 1]), "{length}");
    }
}

#[test]
fn buckets_and_slots_lie_in_their_tables() {
    for (hash, displacement, bucket_of_100, slot_of_100) in [
        (0, 0, 0, 0),
        (u64::MAX, 0, 99, 99),
        (u64::from(u32::MAX), 0, 0, 99),
        (0x8000_0000_8000_0000, 0, 50, 50),
        (0x4000_0000_4000_0000, 1, 25, 75),
        (0x4000_0000_2000_0000, 2, 25, 62),
    ] {
        assert_eq!(bucket(hash, 100), bucket_of_100, "{hash:x}");
        assert_eq!(slot(hash, displacement, 100), slot_of_100, "{hash:x}");
    }
}

#[test]
fn a_table_finds_its_names_and_no_others() {
    // One bucket, and no displacement; the names stand in another order than their slots.
    let names: &[&str] = &["TotalCount", "A", "Data", "Key"];
    let table = Names::new(&[0], &[1, 3, 2, 0], names);
    assert_eq!(table.list(), names);
    for (index, name) in names.iter().enumerate() {
        assert_eq!(table.find(name.as_bytes()), Some(index), "{name}");
    }
    for other in ["", "a", "Keys", "Date", "TotalCounts", "totalCount"] {
        assert_eq!(table.find(other.as_bytes()), None, "{other}");
    }
    assert_eq!(Names::new(&[], &[], &[]).find(b"A"), None);
}
