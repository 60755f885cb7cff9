//! 施設: a place that keeps vaccine, and the three kinds that it can be.
//!
//! Must not: say of which kind a facility is; that is its history's to say, for an instant.

use std::{fmt, str::FromStr};

use record::{MunicipalityCode, day::FacilityCode};
use serde::{Deserialize, Serialize};

/// 基本型・連携型・サテライト型: how a facility gets its vaccine of one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FacilityKind {
    /// 基本型: has the deep freezer, orders, and receives by direct delivery.
    Core,
    /// 連携型: receives from another (for those who work in medicine).
    Linked,
    /// サテライト型: receives from another (for residents).
    Satellite,
}

impl FacilityKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Core, Self::Linked, Self::Satellite];
}

/// 施設.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// 医療機関等コード, look-alikes allowed.
    pub code: FacilityCode,
    /// Its name.
    pub name: FacilityName,
    /// The municipality in which it stands.
    pub municipality: MunicipalityCode,
    /// Vials that its deep freezer holds; 0 where it has none.
    pub freezer_vials: u32,
    /// Doses that it can give in a day.
    pub doses_per_day: u32,
    /// Where it stands; none where nobody has said.
    pub position: Option<Coordinates>,
}

/// Latitude and longitude in millionths of a degree (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coordinates {
    /// North, −90,000,000 to 90,000,000.
    pub latitude: i32,
    /// East, −180,000,000 to 180,000,000.
    pub longitude: i32,
}

impl Coordinates {
    /// Kilometres to another place as the crow flies, rounded up. Haversine on a sphere of 6,371 km; within 0.6 % of the
    /// ellipsoid.
    #[must_use]
    pub fn km_to(self, other: Self) -> u32 {
        let radians = |millionths: i32| (f64::from(millionths) / 1e6).to_radians();
        let (one, two) = (radians(self.latitude), radians(other.latitude));
        let across = radians(other.longitude) - radians(self.longitude);
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let chord = half(two - one) + one.cos() * two.cos() * half(across);
        let km = 2.0 * 6_371.0 * chord.sqrt().min(1.0).asin();
        // At most half the way round: 20,016.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20,016")]
        let km = km.ceil() as u32;
        km
    }
}

/// A text of one line with a limit to its length.
macro_rules! one_line {
    ($(#[$doc:meta])* $name:ident, $most:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The greatest length in characters.
            pub const MOST: usize = $most;
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = TextError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let text = text.trim();
                let is_one_line = !text.chars().any(char::is_control);
                match text.chars().count() {
                    1..=$most if is_one_line => Ok(Self(text.to_owned())),
                    _ => Err(TextError),
                }
            }
        }
        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

/// A text is empty, too long, or of more than one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one line of text within its limit")]
pub struct TextError;

one_line!(
    /// A facility's name; no person's.
    FacilityName,
    60
);
one_line!(
    /// Who did it, by account.
    OfficerName,
    40
);
one_line!(
    /// What stands on a thing, or what a firm is called: a container, a logger, a carrier.
    Label,
    60
);
one_line!(
    /// Why, as an officer puts it.
    Reason,
    200
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_that_of_a_map() {
        let tokyo = Coordinates { latitude: 35_681_236, longitude: 139_767_125 };
        let osaka = Coordinates { latitude: 34_702_485, longitude: 135_495_951 };
        assert_eq!(tokyo.km_to(osaka), 404);
        assert_eq!(osaka.km_to(tokyo), 404);
        assert_eq!(tokyo.km_to(tokyo), 0);
    }

    #[test]
    fn a_reason_is_one_line_of_its_length() {
        assert!("".parse::<Reason>().is_err() && "あ\nい".parse::<Reason>().is_err());
        assert!("あ".repeat(201).parse::<Reason>().is_err());
        assert_eq!(" 供給不足のため ".parse::<Reason>().unwrap().as_str(), "供給不足のため");
    }
}
