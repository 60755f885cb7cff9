//! What is short and what is spare: day by day, what spoils first first, and never less than could be served.

use proptest::prelude::*;

use super::*;

const TODAY: &str = "2026-11-28";
/// 2026-11-28 00:00 in Japan.
const MIDNIGHT_MS: i64 = 1_795_791_600_000;
const DAY_MS: i64 = 86_400_000;

fn day(offset: i64) -> CalendarDate {
    TODAY.parse::<CalendarDate>().unwrap().plus_days(offset).unwrap()
}

/// Thawed, good for so many whole days from today on.
fn stock(lot: &str, vials: u64, good_days: i64) -> Stock {
    Stock {
        lot: lot.parse().unwrap(),
        storage: Storage::Thawed,
        expires_at: WallTime::from_unix_ms(MIDNIGHT_MS + 365 * DAY_MS),
        thawed_until: Some(WallTime::from_unix_ms(MIDNIGHT_MS + good_days * DAY_MS)),
        amount: Amount::of_vials(vials, 5),
        received: Amount::default(),
    }
}

fn booking(offset: i64, doses: u64) -> Booking {
    Booking { on: day(offset), doses }
}

fn need(offset: i64, doses: u64) -> Need {
    Need { on: day(offset), doses }
}

#[test]
fn what_spoils_first_is_used_first_and_the_rest_is_spare() {
    let stock = [stock("LATE-1", 2, 20), stock("SOON-1", 2, 3)];
    let outlook = Outlook::of(&stock, &[booking(0, 7), booking(5, 2)], &[], day(0));
    assert_eq!(outlook.needs, []);
    let left: Vec<_> = outlook.spare.iter().map(|spare| (spare.of.lot.as_str(), spare.doses)).collect();
    assert_eq!(left, [("SOON-1", 3), ("LATE-1", 8)], "the soon one spoils before the fifth day");
}

#[test]
fn what_is_booked_beyond_what_is_there_is_short_on_its_day() {
    let arriving = Arrival { on: day(2), stock: stock("NEXT-1", 1, 20) };
    let bookings = [booking(3, 4), booking(1, 6), booking(-1, 99), booking(3, 4)];
    let outlook = Outlook::of(&[stock("HERE-1", 1, 20)], &bookings, &[arriving], day(0));
    assert_eq!(outlook.needs, [need(1, 1), need(3, 3)], "yesterday asks for nothing");
    assert_eq!((outlook.short(), outlook.spared()), (4, 0));
    let both = Wanted { from: day(1), until: day(3), units: 1, doses: 4 };
    assert_eq!(outlook.wanted(5), [both], "a vial of the first day serves the third too");
}

#[test]
fn a_lot_that_spoils_during_a_day_does_not_count_for_it() {
    let mut half = stock("HALF-1", 1, 0);
    half.thawed_until = Some(WallTime::from_unix_ms(MIDNIGHT_MS + DAY_MS - 1));
    assert_eq!(Outlook::of(&[half.clone()], &[booking(0, 1)], &[], day(0)).needs, [need(0, 1)]);
    half.thawed_until = Some(WallTime::from_unix_ms(MIDNIGHT_MS + DAY_MS));
    assert_eq!(Outlook::of(&[half.clone()], &[booking(0, 1)], &[], day(0)).needs, []);
    half.expires_at = WallTime::from_unix_ms(MIDNIGHT_MS - 1);
    assert_eq!(Outlook::of(&[half], &[], &[], day(0)).spare, [], "expired is not spare");
}

#[test]
fn only_whole_units_can_leave_and_what_was_received_only_again() {
    let packaging = Packaging { doses_per_vial: 5, vials_per_tray: 3, vials_per_box: 6 };
    let mut of = stock("HERE-1", 8, 20);
    of.received = Amount::of_vials(3, 5);
    let spare = Spare { of, doses: 34 };
    let units = |unit, again| spare.units(packaging, unit, again);
    assert_eq!([Unit::Dose, Unit::Vial, Unit::Tray, Unit::Box].map(|unit| units(unit, true)), [34, 6, 2, 1]);
    assert_eq!([Unit::Dose, Unit::Vial, Unit::Tray, Unit::Box].map(|unit| units(unit, false)), [25, 5, 1, 0]);
    let opened = Spare { of: Stock { amount: Amount { vials: 1, doses: 12 }, ..spare.of }, doses: 12 };
    assert_eq!(opened.units(packaging, Unit::Vial, true), 1, "no more than the vials that are there");
}

#[test]
fn what_is_short_is_counted_in_whole_units_by_the_days_that_each_must_serve() {
    let outlook = Outlook { needs: vec![need(0, 7), need(2, 1), need(4, 13)], spare: Vec::new() };
    let wanted = |from, until, units, doses| Wanted { from: day(from), until: day(until), units, doses };
    assert_eq!(
        outlook.wanted(5),
        [wanted(0, 0, 1, 5), wanted(0, 4, 1, 5), wanted(4, 4, 2, 5), wanted(4, 4, 1, 1)]
    );
    assert_eq!(outlook.wanted(1).iter().map(|wanted| wanted.units).sum::<u64>(), 21);
    assert_eq!(outlook.wanted(100), [wanted(0, 4, 1, 21)]);
}

/// The least that can stay short, by trying everything: dose by dose, each of any source that is good then.
fn least_short(left: &mut [(u64, i64, i64)], bookings: &[(i64, u64)]) -> u64 {
    let Some(((on, doses), later)) = bookings.split_first() else { return 0 };
    if *doses == 0 {
        return least_short(left, later);
    }
    let mut today = bookings.to_vec();
    today[0].1 -= 1;
    let mut least = 1 + least_short(left, &today);
    for source in 0..left.len() {
        let (amount, from, good) = left[source];
        if amount > 0 && from <= *on && good > *on {
            left[source].0 -= 1;
            least = least.min(least_short(left, &today));
            left[source].0 += 1;
        }
    }
    least
}

proptest! {
    #[test]
    fn no_fewer_can_stay_short_and_nothing_is_made_or_lost(
        sources in prop::collection::vec((0_u64..3, 0_i64..3, 1_i64..5), 0..3),
        bookings in prop::collection::vec((0_i64..4, 0_u64..3), 0..3),
    ) {
        let (mut here, mut arriving) = (Vec::new(), Vec::new());
        for (index, (doses, from, good)) in sources.iter().enumerate() {
            let mut stock = stock(&format!("LOT-{index}"), 1, *good);
            stock.amount.doses = *doses;
            if *from == 0 { here.push(stock) } else { arriving.push(Arrival { on: day(*from), stock }) }
        }
        let asked: Vec<Booking> = bookings.iter().map(|(on, doses)| booking(*on, *doses)).collect();
        let outlook = Outlook::of(&here, &asked, &arriving, day(0));
        let mut by_day = bookings.clone();
        by_day.sort_unstable();
        prop_assert_eq!(outlook.short(), least_short(&mut sources.clone(), &by_day));
        let there: u64 = here.iter().map(|stock| stock.amount.doses).sum();
        let booked: u64 = bookings.iter().map(|(_, doses)| doses).sum();
        prop_assert!(outlook.spared() <= there);
        prop_assert!(outlook.short() <= booked);
    }
}
