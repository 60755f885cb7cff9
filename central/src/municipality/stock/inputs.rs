//! What forms of stock send, read: amounts, times of day in Japan, places, texts.
//!
//! Must not: make up what was not typed.

use record::{CalendarDate, WallTime, day::Product};
use vsys::{Amount, ProductRule, facility::Coordinates};

use super::refused::Refused;

const DAY_MS: i64 = 86_400_000;
/// 2000-01-01 in Japan, from which days are counted.
const CENTURY: WallTime = WallTime::from_unix_ms(946_652_400_000);

/// A count as it was typed; full-width digits and separators are taken.
pub(super) fn count(typed: &str) -> Result<u64, Refused> {
    let digits: String = typed
        .trim()
        .chars()
        .filter(|letter| *letter != ',' && *letter != '，')
        .map(|letter| match letter {
            '０'..='９' => {
                char::from_u32(u32::from(letter) - u32::from('０') + u32::from('0')).unwrap_or(letter)
            }
            other => other,
        })
        .collect();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|count| is_number && *count <= Amount::MOST).ok_or(Refused::Amount)
}

/// Vials and doses; doses that were left out are reckoned from the product's rule.
pub(super) fn amount(
    vials: &str,
    doses: &str,
    product: &Product,
    rules: &[ProductRule],
) -> Result<Amount, Refused> {
    let vials = if vials.trim().is_empty() { 0 } else { count(vials)? };
    if !doses.trim().is_empty() {
        return Ok(Amount { vials, doses: count(doses)? });
    }
    let rule = rules.iter().find(|rule| rule.product == *product).ok_or(Refused::NoRule)?;
    Ok(Amount::of_vials(vials, u64::from(rule.packaging.doses_per_vial)))
}

/// A text of the vocabulary.
pub(super) fn text<T: std::str::FromStr>(typed: &str, refused: Refused) -> Result<T, Refused> {
    typed.trim().parse().map_err(|_| refused)
}

/// `2026-11-28T14:30`, in Japan; none where it was left out.
pub(super) fn moment(typed: &str) -> Result<Option<WallTime>, Refused> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let read = || {
        let (day, time) = typed.split_once('T')?;
        let (hour, minute) = (time.get(..2)?.parse::<i64>().ok()?, time.get(3..5)?.parse::<i64>().ok()?);
        let is_time =
            time.as_bytes().get(2) == Some(&b':') && (0..24).contains(&hour) && (0..60).contains(&minute);
        let day: CalendarDate = day.parse().ok().filter(|_| is_time)?;
        let first = CalendarDate::new(2000, 1, 1).ok()?;
        Some(CENTURY.plus_ms(day.days_since(first) * DAY_MS + (hour * 60 + minute) * 60_000))
    };
    read().map(Some).ok_or(Refused::Moment)
}

/// As a form shows it again.
pub(super) fn typed_moment(at: WallTime) -> String {
    at.to_string().chars().take(16).collect()
}

/// `35.681236, 139.767125`; none where it was left out.
pub(super) fn position(typed: &str) -> Result<Option<Coordinates>, Refused> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let (latitude, longitude) = typed.split_once([',', '、', '，']).ok_or(Refused::Position)?;
    let (latitude, longitude) = (degrees(latitude, 90_000_000), degrees(longitude, 180_000_000));
    latitude
        .zip(longitude)
        .map(|(latitude, longitude)| Some(Coordinates { latitude, longitude }))
        .ok_or(Refused::Position)
}

/// Degrees as they are typed, in millionths.
pub(crate) fn degrees(typed: &str, most: i32) -> Option<i32> {
    let typed = typed.trim();
    let (sign, digits) = typed.strip_prefix('-').map_or((1, typed), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 6 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let millionths: i32 =
        whole.parse::<i32>().ok()? * 1_000_000 + format!("{part:0<6}").parse::<i32>().ok()?;
    (millionths <= most).then_some(sign * millionths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_or_refused_and_never_guessed() {
        assert_eq!(count(" １，２００ "), Ok(1_200));
        for typed in ["", "-1", "1.5", "+1", "10000000001", "三"] {
            assert_eq!(count(typed), Err(Refused::Amount), "{typed}");
        }
        let at = moment("2026-11-28T14:30").unwrap().unwrap();
        assert_eq!(typed_moment(at), "2026-11-28T14:30");
        assert_eq!(moment("2000-01-01T00:00").unwrap(), Some(CENTURY));
        for typed in ["2026-11-28", "2026-11-28T24:00", "2026-02-30T10:00", "2026-11-28T1:30"] {
            assert_eq!(moment(typed), Err(Refused::Moment), "{typed}");
        }
        let place = Coordinates { latitude: 35_681_236, longitude: 139_767_125 };
        assert_eq!(position("35.681236, 139.767125"), Ok(Some(place)));
        assert_eq!(position("-0.5,0"), Ok(Some(Coordinates { latitude: -500_000, longitude: 0 })));
        for typed in ["35", "91,0", "35.1234567,139", "a,b", "35,-", "+35,139"] {
            assert_eq!(position(typed), Err(Refused::Position), "{typed}");
        }
    }

    #[test]
    fn doses_that_were_left_out_are_those_of_the_rule_or_are_asked_for() {
        let product: Product = "見本一号".parse().unwrap();
        let packaging = vsys::Packaging { doses_per_vial: 6, vials_per_tray: 195, vials_per_box: 195 };
        let rules = [ProductRule::open(product.clone(), packaging)];
        assert_eq!(amount("2", "", &product, &rules), Ok(Amount { vials: 2, doses: 12 }));
        assert_eq!(amount("2", "11", &product, &[]), Ok(Amount { vials: 2, doses: 11 }));
        assert_eq!(amount("2", "", &product, &[]), Err(Refused::NoRule));
    }
}
