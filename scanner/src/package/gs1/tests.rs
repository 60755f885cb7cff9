//! Element strings as codes hold them, as scanners type them, and as nobody may take them.

use proptest::prelude::*;

use super::*;

const GTIN: &str = "04912345678904";

fn today() -> CalendarDate {
    "2021-11-22".parse().unwrap()
}
fn read(text: &str) -> Result<PackageLabel, Gs1Error> {
    parse(text, Separators::Kept, today())
}
fn shown(text: &str) -> (String, Option<String>, Option<String>) {
    let label = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    (
        label.gtin.to_string(),
        label.lot.map(|lot| lot.to_string()),
        label.expires_on.map(|day| day.to_string()),
    )
}
fn label(lot: Option<&str>, day: Option<&str>) -> (String, Option<String>, Option<String>) {
    (GTIN.to_owned(), lot.map(str::to_owned), day.map(str::to_owned))
}

#[test]
fn a_label_is_read_in_every_spelling() {
    let whole = label(Some("SAMPLE01"), Some("2021-12-31"));
    for text in [
        "01049123456789041721123110SAMPLE01",
        "0104912345678904\u{1d}17211231\u{1d}10SAMPLE01\u{1d}",
        "\u{1d}010491234567890410SAMPLE01\u{1d}17211231",
        "]C101049123456789041721123110SAMPLE01",
        "]d2\u{1d}01049123456789041721123110SAMPLE01\r\n",
        "]e01721123110SAMPLE01\u{1d}0104912345678904",
        "]Q301049123456789041721123110sample01",
        "(01)04912345678904(17)211231(10)SAMPLE01",
        "010491234567890401049123456789041721123110SAMPLE01",
        "01049123456789041120010117211231301\u{1d}10SAMPLE01\u{1d}21AB/12\u{1d}240X(1)",
    ] {
        assert_eq!(shown(text), whole, "{text}");
    }
    assert_eq!(shown("0104912345678904"), label(None, None));
    assert_eq!(
        shown("010491234567890431010012343202000001"),
        label(None, None),
        "known length, no meaning here"
    );
}

#[test]
fn what_cannot_be_right_is_refused_whole() {
    use Gs1Error::{Contradiction, Day, Element, Lot, NoGtin, Symbology, UnknownElement};
    for (text, error) in [
        ("", NoGtin),
        ("(", Element),
        ("]C1", NoGtin),
        ("]C00104912345678904", Symbology),
        ("]F0A0000123456B", Symbology),
        ("1721123110SAMPLE01", NoGtin),
        ("0104912345678905", Element),
        ("010491234567890", Element),
        ("0104912345678904\u{1d}\u{1d}10A", UnknownElement),
        ("010491234567890410", Element),
        ("010491234567890410\u{1d}17211231", Element),
        ("010491234567890410ABCDEFGHIJKLMNOPQRSTU", Element),
        ("010491234567890410SAMPLE 1", Element),
        ("010491234567890410サンプル", Element),
        ("010491234567890410AB/1", Lot),
        ("010491234567890417211331", Day),
        ("010491234567890417210229", Day),
        ("010491234567890417721231", Day),
        ("0104912345678904172112", Element),
        ("01049123456789048888", UnknownElement),
        ("010491234567890439221234\u{1d}10SAMPLE01", UnknownElement),
        ("01049123456789044144912345678905", Element),
        ("010491234567890410A1\u{1d}10A2", Contradiction),
        ("01049123456789041721123117220131", Contradiction),
        ("01049123456789040114912345678901", Contradiction),
        ("(01)04912345678904(1)7", Element),
        ("(01)04912345678904(170)211231", UnknownElement),
        ("(01)04912345678904(17)211231)", Element),
    ] {
        assert_eq!(read(text), Err(error), "{text}");
    }
}

#[test]
fn day_nought_is_the_last_of_its_month_and_a_year_is_the_nearest() {
    let day = |text: &str, today: &str| day_of(text, today.parse().unwrap()).map(|day| day.to_string());
    assert_eq!(day("211100", "2021-11-22").unwrap(), "2021-11-30");
    assert_eq!(day("240200", "2021-11-22").unwrap(), "2024-02-29");
    assert_eq!(day("230200", "2021-11-22").unwrap(), "2023-02-28");
    // Section 7.12: 2071 is 50 ahead of 2021; 72 would be 51 ahead and is 1972, which no record holds.
    assert_eq!(day("711231", "2021-11-22").unwrap(), "2071-12-31");
    assert_eq!(day("721231", "2021-11-22"), Err(Gs1Error::Day));
    assert_eq!(day("490101", "2099-01-01"), Err(Gs1Error::Day), "50 behind is 2149");
    assert_eq!(day("500101", "2099-01-01").unwrap(), "2050-01-01");
}

#[test]
fn a_lot_typed_without_separators_may_have_swallowed_what_followed() {
    let doubt = |text: &str| parse(text, Separators::MayBeMissing, today()).unwrap().lot_in_doubt;
    assert!(doubt("010491234567890410SAMPLE0121000123"), "a serial number behind it?");
    assert!(doubt("010491234567890410SAMPLE0117211231"), "an expiry behind it?");
    assert!(!doubt("01049123456789041721123110FF3620"));
    assert!(!doubt("01049123456789041721123110SAMPLE01"));
    assert!(!doubt("010491234567890410SAMPLE01\u{1d}21000123"), "separators are kept");
    assert!(!doubt("(01)04912345678904(10)SAMPLE0121000123"));
    assert!(!read("010491234567890410SAMPLE0121000123").unwrap().lot_in_doubt, "a camera keeps them");
}

fn any_label() -> impl Strategy<Value = PackageLabel> {
    let day = (0_i32..50, 1_u8..=12, 1_u8..=28);
    (1_u64..10_u64.pow(13), proptest::option::of("[A-Z0-9-]{1,20}"), proptest::option::of(day)).prop_map(
        |(number, lot, day)| PackageLabel {
            gtin: Gtin::from_first_13(number).unwrap(),
            lot: lot.map(|lot| lot.parse().unwrap()),
            expires_on: day.map(|(year, month, day)| CalendarDate::new(2000 + year, month, day).unwrap()),
            lot_in_doubt: false,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(label in any_label()) {
        prop_assert_eq!(read(&format(&label)), Ok(label));
    }

    #[test]
    fn any_text_is_a_label_or_none(text: String, tail in "[0-9A-Z()\u{1d}]{0,60}") {
        let _ = read(&text);
        for text in [tail.clone(), format!("0104912345678904{tail}"), format!("(01)04912345678904{tail}")] {
            if let Ok(label) = read(&text) {
                prop_assert_eq!(read(&format(&label)), Ok(label));
            }
        }
    }
}
