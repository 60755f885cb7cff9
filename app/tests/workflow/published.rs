//! What the central published laid over the bundle's profile.

use app::published;
use record::{
    rules::{Check, Rule, RuleTable, Severity},
    supply::VaccineSupply,
};
use serde_json::{Value, json};
use store::Published;

use crate::hands::profile;

fn supplies(lots: Value) -> Vec<VaccineSupply> {
    let pfizer = json!({"manufacturer": "ファイザー", "product": "コミナティ筋注"});
    serde_json::from_value(json!([{"vaccine": pfizer, "lots": lots}])).unwrap()
}

fn lots(published: &Published) -> Vec<(String, Option<i64>, String)> {
    let profile = published::with(&profile(), published);
    let lot = |lot: &record::supply::ReceivedLot| {
        (lot.lot.as_str().to_owned(), lot.recalled_at.map(|at| at.unix_ms()), lot.good_until().to_string())
    };
    profile.vaccines[0].lots.iter().map(lot).collect()
}

#[test]
fn what_is_known_of_lots_is_told_of_those_received_and_adds_none() {
    let known = supplies(json!([
        {"lot": "FF3620", "expires_on": "2022-02-28", "extended_to": "2022-05-31"},
        {"lot": "FL1839", "expires_on": "2022-03-31", "recalled_at": 5},
        {"lot": "EW0203", "expires_on": "2022-03-31", "recalled_at": 5},
    ]));
    let told = lots(&Published { lots: known, ..Published::default() });
    let expected = [("FF3620", None, "2022-05-31"), ("FL1839", Some(5), "2022-03-31")];
    assert_eq!(told, expected.map(|(lot, at, until)| (lot.to_owned(), at, until.to_owned())));
}

#[test]
fn lots_that_the_municipality_passed_on_can_be_chosen() {
    let received = supplies(json!([
        {"lot": "FF3620", "expires_on": "2022-02-28", "doses": 60},
        {"lot": "FN2723", "expires_on": "2022-06-30", "doses": 1170},
    ]));
    let profile = published::with(&profile(), &Published { received, ..Published::default() });
    let doses: Vec<_> = profile.vaccines[0].lots.iter().map(|lot| (lot.lot.as_str(), lot.doses)).collect();
    assert_eq!(doses, [("FF3620", Some(60)), ("FL1839", None), ("FN2723", Some(1170))]);
}

#[test]
fn of_two_recalls_the_earlier_counts_and_published_rules_take_the_bundles_place() {
    let mut bundle = profile();
    bundle.vaccines[0].lots[0].recalled_at = Some(record::WallTime::from_unix_ms(9));
    let known = |at| supplies(json!([{"lot": "FF3620", "expires_on": "2022-02-28", "recalled_at": at}]));
    for (at, expected) in [(Some(5), 5), (Some(12), 9), (None, 9)] {
        let told = published::with(&bundle, &Published { lots: known(at), ..Published::default() });
        assert_eq!(told.vaccines[0].lots[0].recalled_at.unwrap().unix_ms(), expected);
    }
    let rules = RuleTable(vec![Rule { check: Check::Ward, then: Severity::Block }]);
    let told = published::with(&bundle, &Published { rules: Some(rules.clone()), ..Published::default() });
    assert_eq!(told.rules, rules);
    assert_eq!(published::with(&bundle, &Published::default()), bundle, "nothing was published");
}
