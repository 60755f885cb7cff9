//! The table's rules, each by what it finds and what it leaves alone.

use proptest::prelude::*;

use super::*;
use crate::{
    calendar::CalendarDate, day::DaySettings, draft::CouponMeaning, moment::WallTime, supply::ReceivedLot,
};

const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_000);

fn date(text: &str) -> CalendarDate {
    text.parse().unwrap()
}

fn settings(dose: &str) -> DaySettings {
    serde_json::from_value(serde_json::json!({
        "vaccinated_on": "2021-11-22",
        "site": {"facility_code": "1311399999", "name": "見本市民体育館"},
        "physician": "見本 太郎",
        "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
        "lot": "FF3620",
        "dose": dose,
    }))
    .unwrap()
}

fn received() -> ReceivedLot {
    ReceivedLot {
        lot: "FF3620".parse().unwrap(),
        expires_on: date("2022-02-28"),
        extended_to: None,
        recalled_at: None,
        doses: Some(6),
    }
}

fn earlier(dose: Option<&str>, given_on: &str, maker: &str) -> EarlierDose {
    EarlierDose {
        dose: dose.map(|dose| dose.parse().unwrap()),
        given_on: date(given_on),
        manufacturer: dose.map(|_| maker.parse().unwrap()),
        recorded_at: Some(NOW),
    }
}

fn named(findings: &[Finding]) -> Vec<(CheckName, Severity)> {
    findings.iter().map(|finding| (finding.found.name(), finding.severity)).collect()
}

/// What the shipped table finds of a day.
fn of_day(change: impl Fn(&mut DaySettings, &mut ReceivedLot, &mut u32)) -> Vec<(CheckName, Severity)> {
    let (mut settings, mut lot, mut recorded) = (settings("3"), received(), 0);
    change(&mut settings, &mut lot, &mut recorded);
    let lot = (settings.lot == lot.lot).then_some(&lot);
    let day = Day { settings: &settings, today: Some(date("2021-11-22")), now: NOW, lot, recorded };
    named(&RuleTable::default().judge_day(&day))
}

/// What the shipped table finds of a person who gets that dose.
fn of_person(dose: &str, earlier: &[EarlierDose]) -> Vec<(CheckName, Severity)> {
    let settings = settings(dose);
    let day = Day { settings: &settings, today: None, now: NOW, lot: None, recorded: 0 };
    let person = Person { meaning: CouponMeaning::Vaccination, earlier, age_years: None, is_ward: false };
    named(&RuleTable::default().judge_person(&day, &person))
}

#[test]
fn an_ordinary_day_finds_nothing() {
    assert_eq!(of_day(|_, _, _| {}), []);
}

#[test]
fn dates_that_cannot_be_are_stopped_and_old_ones_asked_about() {
    let on = |day: &'static str| of_day(move |settings, _, _| settings.vaccinated_on = date(day));
    assert_eq!(on("2021-11-23"), [(CheckName::FutureDate, Severity::Block)]);
    assert_eq!(on("2021-11-19"), []);
    assert_eq!(on("2021-11-18"), [(CheckName::OldDate, Severity::Warn)]);
}

#[test]
fn a_lot_is_judged_by_the_date_in_force_and_stopped_only_by_a_recall() {
    let printed = |extended: Option<&str>| {
        let extended = extended.map(date);
        of_day(move |_, lot, _| {
            lot.expires_on = date("2021-11-21");
            lot.extended_to = extended;
        })
    };
    assert_eq!(printed(None), [(CheckName::LotExpired, Severity::Warn)]);
    assert_eq!(printed(Some("2022-02-28")), []);
    let recalled = |by_ms: i64| {
        of_day(move |_, lot, _| lot.recalled_at = Some(WallTime::from_unix_ms(NOW.unix_ms() + by_ms)))
    };
    assert_eq!(recalled(0), [(CheckName::LotRecalled, Severity::Block)]);
    assert_eq!(recalled(1), []);
}

#[test]
fn a_lot_that_was_not_received_or_is_oddly_written_is_asked_about() {
    assert_eq!(
        of_day(|settings, _, _| settings.lot = "FL1839".parse().unwrap()),
        [(CheckName::LotNotReceived, Severity::Warn)]
    );
    assert_eq!(
        of_day(|settings, lot, _| {
            settings.lot = "3004734".parse().unwrap();
            lot.lot = settings.lot.clone();
        }),
        [(CheckName::LotPattern, Severity::Warn)]
    );
}

#[test]
fn a_lot_is_asked_about_again_once_all_its_doses_are_recorded() {
    assert_eq!(of_day(|_, _, recorded| *recorded = 5), []);
    assert_eq!(of_day(|_, _, recorded| *recorded = 6), [(CheckName::LotUsedUp, Severity::Warn)]);
    assert_eq!(
        of_day(|_, lot, recorded| {
            lot.doses = None;
            *recorded = 10_000;
        }),
        [],
        "nobody knows how many there were"
    );
}

#[test]
fn the_same_dose_is_stopped_and_doses_out_of_order_are_asked_about() {
    let pfizer = |dose: &str, on: &str| earlier(Some(dose), on, "ファイザー");
    assert_eq!(of_person("2", &[pfizer("2", "2021-06-01")]), [(CheckName::RecordedBefore, Severity::Block)]);
    assert_eq!(
        of_person("1", &[pfizer("2", "2021-06-01")]),
        [(CheckName::LaterDoseRecorded, Severity::Warn)]
    );
    assert_eq!(of_person("3", &[pfizer("1", "2021-06-01")]), [(CheckName::DoseSkipped, Severity::Warn)]);
    assert_eq!(of_person("3", &[pfizer("2", "2021-06-01")]), []);
    assert_eq!(of_person("3", &[]), [], "what nobody knows finds nothing");
}

#[test]
fn a_second_dose_too_soon_or_of_another_maker_is_asked_about() {
    assert_eq!(
        of_person("2", &[earlier(Some("1"), "2021-11-02", "ファイザー")]),
        [(CheckName::TooSoon, Severity::Warn)]
    );
    assert_eq!(of_person("2", &[earlier(Some("1"), "2021-11-01", "ファイザー")]), [], "21 days");
    assert_eq!(
        of_person("2", &[earlier(Some("1"), "2021-06-01", "武田/モデルナ")]),
        [(CheckName::OtherManufacturer, Severity::Warn)]
    );
    assert_eq!(of_person("3", &[earlier(Some("2"), "2021-06-01", "武田/モデルナ")]), [], "交互接種");
}

#[test]
fn a_screening_is_said_and_is_the_same_only_on_its_day() {
    let settings = settings("2");
    let day = Day { settings: &settings, today: None, now: NOW, lot: None, recorded: 0 };
    let screened = |on: &str, is_ward: bool| {
        let earlier = [earlier(None, on, "")];
        let meaning = CouponMeaning::ScreenedOnly;
        let person = Person { meaning, earlier: &earlier, age_years: None, is_ward };
        named(&RuleTable::default().judge_person(&day, &person))
    };
    assert_eq!(screened("2021-11-21", false), [(CheckName::ScreenedOnly, Severity::Note)]);
    assert_eq!(
        screened("2021-11-22", true),
        [
            (CheckName::RecordedBefore, Severity::Block),
            (CheckName::Ward, Severity::Warn),
            (CheckName::ScreenedOnly, Severity::Note),
        ],
        "the strictest first"
    );
}

#[test]
fn an_age_is_judged_where_it_is_known() {
    let table: RuleTable = serde_json::from_str(
        r#"[{"check":"age","manufacturer":"ファイザー","from_years":12,"then":"block"}]"#,
    )
    .unwrap();
    let settings = settings("1");
    let day = Day { settings: &settings, today: None, now: NOW, lot: None, recorded: 0 };
    let aged = |age_years| {
        let person = Person { meaning: CouponMeaning::Vaccination, earlier: &[], age_years, is_ward: false };
        named(&table.judge_person(&day, &person))
    };
    assert_eq!(aged(Some(11)), [(CheckName::Age, Severity::Block)]);
    assert_eq!(aged(Some(12)), []);
    assert_eq!(aged(None), []);
}

#[test]
fn of_two_rules_that_find_the_same_the_stricter_counts_in_any_order() {
    let rule = |then: &str| format!(r#"{{"check":"old_date","days":1,"then":"{then}"}}"#);
    for (first, second) in [("note", "block"), ("block", "note")] {
        let table: RuleTable = serde_json::from_str(&format!("[{},{}]", rule(first), rule(second))).unwrap();
        let settings = settings("1");
        let day =
            Day { settings: &settings, today: Some(date("2021-12-22")), now: NOW, lot: None, recorded: 0 };
        assert_eq!(named(&table.judge_day(&day)), [(CheckName::OldDate, Severity::Block)]);
    }
}

#[test]
fn a_table_is_data_and_keeps_its_form() {
    let table = RuleTable::default();
    insta::assert_snapshot!("rule_table", serde_json::to_string_pretty(&table).unwrap());
    let read: RuleTable = serde_json::from_str(&serde_json::to_string(&table).unwrap()).unwrap();
    assert_eq!(read, table);
    assert!(serde_json::from_str::<RuleTable>(r#"[{"check":"mood","then":"warn"}]"#).is_err());
}

proptest! {
    /// No fact makes the judgement fail, findings are sorted, and each name stands once.
    #[test]
    fn any_day_and_any_past_give_sorted_findings_each_once(
        own in 1_u8..=9, doses in proptest::collection::vec((1_u8..=9, -400_i64..400), 0..6), screened: bool,
    ) {
        let settings = settings(&own.to_string());
        let earlier: Vec<EarlierDose> = doses
            .iter()
            .map(|(dose, back)| {
                let day = settings.vaccinated_on.plus_days(*back).unwrap().to_string();
                earlier(Some(&dose.to_string()), &day, if dose % 2 == 0 { "ファイザー" } else { "武田/モデルナ" })
            })
            .collect();
        let lot = received();
        let day = Day { settings: &settings, today: Some(settings.vaccinated_on), now: NOW, lot: Some(&lot), recorded: 0 };
        let meaning = if screened { CouponMeaning::ScreenedOnly } else { CouponMeaning::Vaccination };
        let person = Person { meaning, earlier: &earlier, age_years: None, is_ward: false };
        let findings = RuleTable::default().judge_person(&day, &person);
        prop_assert!(findings.windows(2).all(|pair| pair[0].severity >= pair[1].severity));
        let mut names: Vec<_> = findings.iter().map(|finding| finding.found.name()).collect();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), findings.len());
        let same = !screened && earlier.iter().any(|before| before.dose == Some(settings.dose));
        prop_assert_eq!(findings.iter().any(|finding| finding.severity == Severity::Block), same);
    }
}

#[test]
fn a_dose_that_another_tablet_recorded_is_asked_about_and_never_said_to_be_this_tablets() {
    let elsewhere = EarlierDose { recorded_at: None, ..earlier(Some("2"), "2021-06-01", "ファイザー") };
    assert_eq!(
        of_person("2", std::slice::from_ref(&elsewhere)),
        [(CheckName::RecordedElsewhere, Severity::Warn)]
    );
    assert_eq!(of_person("3", &[elsewhere]), []);
}
