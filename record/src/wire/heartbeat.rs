//! 定期連絡: how a tablet stands, in numbers that are too short for a person's. What is not a count, a size, an offset, a
//! release or a link of the chain has no place in it. There is no battery: no tablet tells of its own yet.
//!
//! Must not: hold a text, or a number of ten digits; a coupon's has ten.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    bytes::Link,
    identity::{Epoch, TabletId},
    moment::WallTime,
    support,
    text::serde_through_text,
};

/// The version of the form. A later one with the same fields and more is understood all the same.
pub const VERSION: u16 = 1;

/// What a tablet sends from time to time, signed like a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Heartbeat {
    /// [`VERSION`].
    pub version: u16,
    /// The tablet.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "131130-0017"))]
    pub tablet_id: TabletId,
    /// Which of its databases: the first, or one of the 9,999 after it.
    #[serde(deserialize_with = "epoch_of_few_digits")]
    #[cfg_attr(feature = "openapi", schema(value_type = u32, minimum = 1, maximum = 10000))]
    pub epoch: Epoch,
    /// The last entry of that database; none before the first.
    pub head: Option<ChainHead>,
    /// 送信待ち.
    #[cfg_attr(feature = "openapi", schema(value_type = u32, maximum = 99999999))]
    pub pending: Count,
    /// 送信済み.
    #[cfg_attr(feature = "openapi", schema(value_type = u32, maximum = 99999999))]
    pub delivered: Count,
    /// 要確認.
    #[cfg_attr(feature = "openapi", schema(value_type = u32, maximum = 99999999))]
    pub needs_review: Count,
    /// Databases before this one that were set aside.
    #[cfg_attr(feature = "openapi", schema(value_type = u32, maximum = 99999999))]
    pub set_aside: Count,
    /// How far the central's clock is ahead of the tablet's.
    #[cfg_attr(feature = "openapi", schema(value_type = i32, minimum = -999999999, maximum = 999999999))]
    pub clock_offset_s: ClockOffset,
    /// The release of its program.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "0.1.0"))]
    pub release: Release,
    /// Free space under the tablet's folder; none where the system does not say.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u8>, maximum = 31))]
    pub free_mib: Option<FreeSpace>,
}

fn epoch_of_few_digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Epoch, D::Error> {
    let epoch = Epoch::deserialize(deserializer)?;
    if epoch.number() <= 10_000 { Ok(epoch) } else { Err(D::Error::custom(HeartbeatError("epoch"))) }
}

/// The end of a tablet's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChainHead {
    /// The last position, from 1.
    #[cfg_attr(feature = "openapi", schema(value_type = u32, minimum = 1, maximum = 99999999))]
    pub position: Count,
    /// The link there.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub link: Link,
}

/// What the central answers. Not signed: nothing is believed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeartbeatAnswer {
    /// When it came, by the central's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub received_at: WallTime,
}

/// A number is outside of what its type may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct HeartbeatError(&'static str);

/// A whole number within bounds: private value, checked at the door, cut to the bounds where the tablet says it.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident: $inner:ty, $least:expr, $most:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name($inner);

        impl $name {
            /// The greatest.
            pub const MOST: Self = Self($most);
            /// The number.
            #[must_use]
            pub const fn get(self) -> $inner {
                self.0
            }
        }
        impl TryFrom<i64> for $name {
            type Error = HeartbeatError;
            fn try_from(number: i64) -> Result<Self, HeartbeatError> {
                let inner = <$inner>::try_from(number).ok();
                let within = inner.filter(|inner| ($least..=$most).contains(inner));
                within.map(Self).ok_or(HeartbeatError(stringify!($name)))
            }
        }
        impl From<$name> for i64 {
            fn from(bounded: $name) -> i64 {
                i64::from(bounded.0)
            }
        }
    };
}

bounded!(
    /// A count of entries or databases, 0 to 99,999,999. A tablet of 300 doses a day comes to a million in nine years.
    Count: u32, 0, 99_999_999
);
bounded!(
    /// 空き容量 in MiB, as [`support::scale`] tells it: 0 to 31, one more than a power of two at or below it.
    FreeSpace: u8, 0, 31
);
bounded!(
    /// Seconds between two clocks, 999,999,999 (31 years) either way; beyond it the clock is simply wrong.
    ClockOffset: i32, -999_999_999, 999_999_999
);

impl Count {
    /// That many, or the most there is.
    #[must_use]
    pub fn of(number: u64) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX).min(Self::MOST.0))
    }
}

impl FreeSpace {
    /// From bytes.
    #[must_use]
    pub fn of_bytes(bytes: u64) -> Self {
        Self(support::scale(bytes >> 20, Self::MOST.0))
    }
    /// The least and the most MiB it stands for.
    #[must_use]
    pub fn range_mib(self) -> (u64, u64) {
        support::range(self.0)
    }
}

impl ClockOffset {
    /// From milliseconds; a part of a second is dropped.
    #[must_use]
    pub fn of_ms(ms: i64) -> Self {
        let most = i64::from(Self::MOST.0);
        Self(i32::try_from((ms / 1000).clamp(-most, most)).unwrap_or_default())
    }
    /// In milliseconds.
    #[must_use]
    pub fn ms(self) -> i64 {
        i64::from(self.0) * 1000
    }
}

/// 版: major, minor and patch of a program, each 0 to 255, written `0.1.0`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release([u8; 3]);

impl Release {
    /// The release of a version such as `1.2.3-rc.1+build`; what is no version counts as the oldest.
    #[must_use]
    pub fn of_version(version: &str) -> Self {
        let numbers = version.split(['-', '+']).next().unwrap_or_default();
        numbers.parse().unwrap_or(Self([0; 3]))
    }
}
impl FromStr for Release {
    type Err = HeartbeatError;
    fn from_str(text: &str) -> Result<Self, HeartbeatError> {
        let wrong = HeartbeatError("Release");
        let numbers: Vec<u8> =
            text.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong)?;
        let release = Self(numbers.try_into().map_err(|_| wrong)?);
        // `01` and `+1` are numbers to the parser and no other spelling here.
        if release.to_string() == text { Ok(release) } else { Err(wrong) }
    }
}
impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}
impl fmt::Debug for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Release({self})")
    }
}
serde_through_text!(Release);

#[cfg(test)]
mod tests {
    use super::*;

    fn heartbeat() -> Heartbeat {
        Heartbeat {
            version: VERSION,
            tablet_id: "131130-0017".parse().unwrap(),
            epoch: Epoch::FIRST,
            head: Some(ChainHead { position: Count::of(214), link: Link([2; 32]) }),
            pending: Count::of(3),
            delivered: Count::of(210),
            needs_review: Count::of(1),
            set_aside: Count::of(0),
            clock_offset_s: ClockOffset::of_ms(-12_345),
            release: Release::of_version("0.1.0"),
            free_mib: Some(FreeSpace::of_bytes(3 << 30)),
        }
    }

    #[test]
    fn the_wire_form_of_a_heartbeat_is_kept() {
        insta::assert_json_snapshot!("heartbeat", heartbeat());
        let before_the_first = Heartbeat { head: None, free_mib: None, ..heartbeat() };
        insta::assert_json_snapshot!("heartbeat_before_the_first_entry", before_the_first);
        let at = WallTime::from_unix_ms(1_637_545_200_123);
        insta::assert_json_snapshot!("heartbeat_answer", HeartbeatAnswer { received_at: at });
    }

    /// Every number and every text of a heartbeat, replaced by a coupon's number or a name, is refused.
    #[test]
    fn no_number_and_no_name_of_a_person_fits_into_a_heartbeat() {
        let whole = serde_json::to_value(heartbeat()).unwrap();
        let pointers = [
            "/version",
            "/tablet_id",
            "/epoch",
            "/head/position",
            "/head/link",
            "/pending",
            "/delivered",
            "/needs_review",
            "/set_aside",
            "/clock_offset_s",
            "/release",
            "/free_mib",
        ];
        let leaves = |value: &serde_json::Value| value.as_object().unwrap().len();
        assert_eq!(leaves(&whole) + leaves(&whole["head"]) - 1, pointers.len(), "a field is not tried");
        for pointer in pointers {
            let numbers = [1_000_000_000_u64, 8_642_097_531].map(serde_json::Value::from);
            for person in numbers.into_iter().chain(["8642097531".into(), "見本 太郎".into()]) {
                let mut altered = whole.clone();
                *altered.pointer_mut(pointer).unwrap() = person;
                assert!(serde_json::from_value::<Heartbeat>(altered).is_err(), "{pointer}");
            }
        }
        let mut more = whole;
        more["name"] = "見本 太郎".into();
        let read: Heartbeat = serde_json::from_value(more).unwrap();
        assert_eq!(read, heartbeat(), "what a later form adds is dropped at the door");
    }

    #[test]
    fn what_is_too_much_is_said_as_the_most_there_is() {
        assert_eq!(Count::of(u64::MAX), Count::MOST);
        assert_eq!(ClockOffset::of_ms(i64::MIN).get(), -999_999_999);
        assert_eq!(ClockOffset::of_ms(-1_999).get(), -1);
        assert_eq!(FreeSpace::of_bytes(u64::MAX), FreeSpace::MOST);
        assert_eq!(FreeSpace::of_bytes(400 << 20).range_mib(), (256, 511));
        assert_eq!(FreeSpace::of_bytes(1).range_mib(), (0, 0));
    }

    #[test]
    fn a_release_is_three_numbers_in_one_spelling() {
        for text in ["1.2", "1.2.3.4", "01.2.3", "+1.2.3", "1.2.256", "1..3", "1.2.3-rc", ""] {
            assert!(text.parse::<Release>().is_err(), "{text}");
        }
        let of = Release::of_version;
        assert_eq!(of("1.2.3-rc.1+9").to_string(), "1.2.3");
        assert!(of("0.9.9") < of("0.10.0") && of("no version") < of("0.0.1"));
    }
}
