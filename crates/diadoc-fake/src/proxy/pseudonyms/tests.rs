use super::{Known, Pseudonyms, Treatment, is_amount, is_code, is_moment};

const GUID: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
const ADDRESS: &str = "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru";

fn pseudonyms() -> Pseudonyms {
    Pseudonyms::new(Some("a seed"))
}

#[test]
fn the_same_id_in_each_spelling() {
    let pseudonyms = pseudonyms();
    let guid = pseudonyms.words(GUID);
    let id: diadoc_core::BoxId = guid.parse().expect("a GUID");
    assert_ne!(guid, GUID);
    assert_eq!(pseudonyms.words(ADDRESS), id.address().to_string());
    assert_eq!(pseudonyms.text(ADDRESS), id.address().to_string());
    assert_eq!(pseudonyms.words(&GUID.to_uppercase()), guid.to_uppercase());
    assert_eq!(
        pseudonyms.words(&format!("docs/{GUID}.")),
        format!("{}/{guid}.", pseudonyms.words("docs"))
    );
    let zeros = "00000000-0000-0000-0000-000000000000";
    assert_eq!(pseudonyms.words(zeros), zeros);
}

#[test]
fn the_seed_decides() {
    let other = Pseudonyms::new(Some("another seed"));
    assert_eq!(pseudonyms().words("Иванов"), pseudonyms().words("Иванов"));
    assert_ne!(pseudonyms().words("Ивановский"), other.words("Ивановский"));
    let random = || Pseudonyms::new(None).words("Ивановский");
    assert_ne!(random(), random());
}

#[test]
fn check_digits_are_right() {
    let weighed = |digits: &[u32], weights: &[u32]| {
        digits
            .iter()
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum::<u32>()
            % 11
            % 10
    };
    let digits = |text: &str| -> Vec<u32> { text.chars().filter_map(|c| c.to_digit(10)).collect() };
    for seed in ["a", "b", "c"] {
        let pseudonyms = Pseudonyms::new(Some(seed));
        let inn = digits(&pseudonyms.words("9500000005"));
        assert_eq!(
            inn[9],
            weighed(&inn, &[2, 4, 10, 3, 5, 9, 4, 6, 8]),
            "{inn:?}"
        );
        let inn = digits(&pseudonyms.words("950000000505"));
        assert_eq!(
            inn[10],
            weighed(&inn, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]),
            "{inn:?}"
        );
        assert_eq!(
            inn[11],
            weighed(&inn, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]),
            "{inn:?}"
        );
        let ogrn = pseudonyms.words("1026605606620");
        let number: u64 = ogrn[..12].parse().expect("digits");
        assert_eq!(ogrn[12..], (number % 11 % 10).to_string(), "{ogrn}");
        let snils = pseudonyms.of_field(Treatment::Snils, "112-233-445 95");
        let number = digits(&snils);
        let sum = weighed_sum(&number) % 101 % 100;
        assert_eq!(number[9] * 10 + number[10], sum, "{snils}");
        assert_eq!((&snils[3..4], &snils[11..12]), ("-", " "));
    }
}

fn weighed_sum(digits: &[u32]) -> u32 {
    (1..=9)
        .rev()
        .zip(digits)
        .map(|(weight, digit)| weight * digit)
        .sum()
}

#[test]
fn ids_and_numbers_in_texts() {
    let pseudonyms = pseudonyms();
    let inn = pseudonyms.words("9500000005");
    let kpp = pseudonyms.words("950001001");
    let id = "2BM-9500000005-950001001-201401010000000000001";
    assert!(
        pseudonyms
            .words(id)
            .starts_with(&format!("2BM-{inn}-{kpp}-")),
        "{id}"
    );
    let name = pseudonyms.of_field(Treatment::FileName, &format!("ON_NSCHFDOPPR_{id}.xml"));
    assert!(
        name.contains(&format!("2BM-{inn}-{kpp}-")) && name.ends_with(".xml"),
        "{name}"
    );
    assert!(pseudonyms.text("ИНН 9500000005").ends_with(&inn));
    // A name is the same in each text of names, and no text says it of others.
    let (name, whole) = (pseudonyms.words("Иванов"), pseudonyms.words("ИВАНОВ Иван"));
    assert!(whole.starts_with(&name.to_uppercase()), "{whole}");
    assert_ne!(
        pseudonyms.text("Ивановский Пётр"),
        pseudonyms.words("Ивановский Пётр")
    );
    assert_eq!(pseudonyms.text("Привет, Пётр!").chars().count(), 13);
}

#[test]
fn what_may_be_kept() {
    let codes = [
        "UniversalTransferDocument",
        "utd820_05_01_01",
        "СЧФДОП",
        "643",
        "a.b-c",
        "",
    ];
    codes
        .iter()
        .for_each(|code| assert!(is_code(code), "{code}"));
    let others = [
        "9500000005",
        "ООО Ромашка",
        GUID,
        "a@b.ru",
        "Any 1",
        "x123456",
    ];
    others
        .iter()
        .for_each(|text| assert!(!is_code(text), "{text}"));
    ["0", "-12.50", "100,00"]
        .iter()
        .for_each(|text| assert!(is_amount(text), "{text}"));
    ["", "-", "1.", "1e5", "12 руб", "1.2.3"]
        .iter()
        .for_each(|text| assert!(!is_amount(text), "{text}"));
    assert!(is_moment("2025-07-18T09:30:00Z") && is_moment("2025-07-18T09:30:00.1234567+03:00"));
    assert!(!is_moment("2025-07-18") && !is_moment("2025-07-18T09:30:00 Иванов"));
    let pseudonyms = pseudonyms();
    assert_eq!(pseudonyms.of_field(Treatment::Secret, "hunter2"), "***");
    assert_eq!(
        pseudonyms.of_field(Treatment::Date, "18.07.2025"),
        "18.07.2025"
    );
    assert_ne!(pseudonyms.of_field(Treatment::Date, "Иванов"), "Иванов");
    assert_eq!(
        pseudonyms.number("638884246403244956"),
        "638884246403244956"
    );
    assert_ne!(pseudonyms.number("79123456789"), "79123456789");
}

#[test]
fn contents_stay_of_their_kind_and_length() {
    let pseudonyms = pseudonyms();
    let signature = [
        &[0x30, 0x82, 0x01, 0x00][..],
        b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02",
        &[7; 245],
    ]
    .concat();
    let certificate = [
        &[0x30, 0x82, 0x01, 0x00, 0x30, 0x81, 0xF0][..],
        b"\xA0\x03\x02\x01\x02",
        &[7; 248],
    ]
    .concat();
    let xml =
        "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\r\n<Файл Имя=\"Ромашка\"/>".as_bytes();
    let cases: [(&[u8], &[u8]); 7] = [
        (b"%PDF-1.4\nIvanov", b"%PDF-1."),
        (b"PK\x03\x04\xFF\xFEIvanov", b"PK\x03\x04"),
        (&signature, &signature[..15]),
        (&certificate, &certificate[..12]),
        (
            xml,
            b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><Sample>",
        ),
        (b"<a/>", b"<x/>"),
        ("Иванов согласен".as_bytes(), b""),
    ];
    for (bytes, start) in cases {
        let made = pseudonyms.content(bytes);
        assert_eq!(made.len(), bytes.len());
        assert!(made.starts_with(start), "{made:02x?}");
        assert_eq!(made, pseudonyms.content(bytes));
        for word in ["Ivanov", "Ромашка", "Иванов"] {
            let has = made.windows(word.len()).any(|part| part == word.as_bytes());
            assert!(!has, "{word} in {made:02x?}");
        }
    }
    assert!(std::str::from_utf8(&pseudonyms.content("Согласен".as_bytes())).is_ok());
    assert!(pseudonyms.content(b"").is_empty());
}

#[test]
fn sentences_keep_their_words() {
    let pseudonyms = pseudonyms();
    let known = Known::default();
    let kept = "Can't deserialize request body into type: MessageToPost";
    assert_eq!(pseudonyms.sentence(kept, &known), kept);
    let data = [
        "Box 1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru is unknown",
        "No organization with INN 9500000005",
        "User \"Ivanov\" has no access",
        "Write to ivanov@example.org",
        "Организация Ромашка",
    ];
    for sentence in data {
        let made = pseudonyms.sentence(sentence, &known);
        for word in [
            "1f208d03",
            "9500000005",
            "Ivanov",
            "ivanov",
            "example",
            "Ромашка",
        ] {
            assert!(!made.contains(word), "{made}");
        }
    }
    let mut known = Known::default();
    known.learn("Petrov Petr");
    let made = pseudonyms.sentence("User PETROV has no access", &known);
    assert!(
        !made.contains("PETROV") && made.ends_with("has no access"),
        "{made}"
    );
}
