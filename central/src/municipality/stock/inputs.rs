//! What forms of stock send, read: amounts, times of day in Japan, places, texts.
//!
//! Must not: make up what was not typed.

use record::{WallTime, day::Product, stock::SlipNumber};
use vsys::{Amount, ProductRule, facility::Coordinates};

use super::refused::Refused;
use crate::stock::{degrees, moments};

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

/// 移送伝票番号, with or without its gaps.
pub(super) fn slip(typed: &str) -> Result<SlipNumber, Refused> {
    let digits: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    text(&digits, Refused::NoParent)
}

/// `2026-11-28T14:30`, in Japan; none where it was left out.
pub(super) fn moment(typed: &str) -> Result<Option<WallTime>, Refused> {
    let typed = typed.trim();
    if typed.is_empty() { Ok(None) } else { moments::read(typed).map(Some).ok_or(Refused::Moment) }
}

/// `35.681236, 139.767125`; none where it was left out.
pub(super) fn position(typed: &str) -> Result<Option<Coordinates>, Refused> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let (latitude, longitude) = typed.split_once([',', '、', '，']).ok_or(Refused::Position)?;
    let (latitude, longitude) = (degrees::read(latitude, 90_000_000), degrees::read(longitude, 180_000_000));
    latitude
        .zip(longitude)
        .map(|(latitude, longitude)| Some(Coordinates { latitude, longitude }))
        .ok_or(Refused::Position)
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
        assert_eq!(moment(" "), Ok(None));
        assert_eq!(moment("2026-11-28"), Err(Refused::Moment));
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
