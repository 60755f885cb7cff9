//! Who can help whom: the governors' case, carried out; as good as trying everything; and whatever is asked, within the rules.

mod by_trying;
mod governors;
mod limits;
mod rules;

use record::{CalendarDate, WallTime};

use super::*;
use crate::product::{Packaging, Unit};

/// 2026-11-28 00:00 in Japan.
const MIDNIGHT: WallTime = WallTime::from_unix_ms(1_795_791_600_000);
const DAY_MS: i64 = 86_400_000;

fn day(offset: i64) -> CalendarDate {
    CalendarDate::in_japan(MIDNIGHT).unwrap().plus_days(offset).unwrap()
}

/// Vials of five, fifteen a tray, 195 a box.
fn rule() -> ProductRule {
    let packaging = Packaging { doses_per_vial: 5, vials_per_tray: 15, vials_per_box: 195 };
    ProductRule::open("見本一号".parse().unwrap(), packaging)
}

/// A facility of that number, so many hundredths of a degree north of the first: about 1.1 km each.
fn site(number: u32, north: i32) -> Site {
    Site {
        code: format!("13113{number:05}").parse().unwrap(),
        municipality: "131130".parse().unwrap(),
        kind: FacilityKind::Core,
        position: Some(Coordinates { latitude: 35_660_000 + north * 10_000, longitude: 139_700_000 }),
        freezer_room: 0,
        stock: Vec::new(),
        bookings: Vec::new(),
        arrivals: Vec::new(),
    }
}

/// Thawed, good for so many whole days from today on.
fn thawed(lot: &str, amount: Amount, good_days: i64) -> Stock {
    Stock {
        lot: lot.parse().unwrap(),
        storage: Storage::Thawed,
        expires_at: MIDNIGHT.plus_ms(365 * DAY_MS),
        thawed_until: Some(MIDNIGHT.plus_ms(good_days * DAY_MS)),
        amount,
        received: Amount::default(),
    }
}

fn frozen(lot: &str, amount: Amount) -> Stock {
    Stock { storage: Storage::Frozen, thawed_until: None, ..thawed(lot, amount, 0) }
}

fn with_stock(mut site: Site, stock: Stock) -> Site {
    site.stock.push(stock);
    site
}

fn booked(mut site: Site, offset: i64, doses: u64) -> Site {
    site.bookings.push(Booking { on: day(offset), doses });
    site
}

fn ask(rule: ProductRule, sites: Vec<Site>) -> Question {
    let now = MIDNIGHT.plus_ms(8 * 3_600_000);
    Question { now, rule, travel: Travel::USUAL, preference: Preference::USUAL, sites }
}

/// Number of the giver, number of the receiver, lot, doses.
fn moved(answer: &Answer) -> Vec<(String, String, &str, u64)> {
    let number = |code: FacilityCode| code.to_string()[8..].to_owned();
    answer
        .proposals
        .iter()
        .map(|proposal| {
            let (from, to) = (number(proposal.from.0), number(proposal.to.0));
            (from, to, proposal.lot.as_str(), proposal.amount.doses)
        })
        .collect()
}

fn way(from: &str, to: &str, lot: &'static str, doses: u64) -> (String, String, &'static str, u64) {
    (from.to_owned(), to.to_owned(), lot, doses)
}

/// The least unit of whichever is drawn.
fn unit(which: usize) -> Unit {
    [Unit::Dose, Unit::Vial, Unit::Tray][which % 3]
}
