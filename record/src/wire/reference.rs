//! 配布内容の目録: what the central sends down to one tablet, each part by its version, size and digest.
//!
//! Must not: be believed before `seal::reference` verified who signed it, or hold a part itself.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{BytesError, PartDigest, Signature},
    identity::TabletId,
    moment::WallTime,
    municipality::MunicipalityCode,
    text::serde_through_text,
};

/// The form of the manifest.
pub const FORMAT: u16 = 1;
/// A part is fetched in pieces of this many bytes; the last one is shorter. Small, so that an entry that is recorded
/// meanwhile waits for one piece at most.
pub const PIECE_BYTES: u64 = 128 << 10;
/// The most bytes of a list of doses: some thirteen million of them.
pub const MOST_LIST_BYTES: u64 = 256 << 20;
/// The most bytes of every other part.
pub const MOST_DOCUMENT_BYTES: u64 = 1 << 20;
/// The most municipalities whose doses one tablet is told of.
pub const MOST_CHAINS: usize = 64;
/// The most lists that one municipality's doses are told in.
pub const MOST_LISTS: usize = 512;

/// What the central answers to `GET /v1/reference`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ManifestAnswer {
    /// Which of the central's receipt keys signed.
    pub key_id: String,
    /// The [`Manifest`] as JSON: what is signed, to the byte.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub manifest: HiddenText,
    /// Over the manifest.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub signature: Signature,
}

/// Everything that holds for one tablet. Left out is what nothing was published of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u16,
    /// The tablet.
    pub tablet_id: TabletId,
    /// Never goes back; two manifests of one version are the same.
    pub version: ReferenceVersion,
    /// 置き換え: another tablet has its place. What it holds it may still bring; a day begun after that belongs to the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Replaced>,
    /// ロット情報: what is known of lots, for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lots: Option<Part>,
    /// 入荷ロット that the tablet's municipality has passed on since the bundle was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Part>,
    /// 規則の表, in place of the bundle's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Part>,
    /// What persons decided about entries of this tablet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Part>,
    /// ほかの端末の接種, by municipality of the coupons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doses: Vec<DoseChain>,
}

/// What took a tablet's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The spare.
    pub by: TabletId,
    /// Since when, by the central's clock.
    pub at: WallTime,
}

/// One part: bytes that are named by their digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The version of the reference data that this part came with.
    pub version: ReferenceVersion,
    /// Bytes, from 1.
    pub size: u64,
    /// Their SHA-256.
    pub digest: PartDigest,
}

/// The doses of one municipality's coupons: a list of all, then lists of what changed, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseChain {
    /// Whose coupons.
    pub municipality: MunicipalityCode,
    /// The key of their hashes.
    pub key: CouponSecret,
    /// The first list says the same as an earlier chain did with this one as its last: whoever has that needs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<PartDigest>,
    /// The lists, from 1.
    pub lists: Vec<Part>,
}

/// 版: milliseconds since 1970 when it was published, or one more than the version before. So it also goes on after a
/// central was restored from an older copy of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct ReferenceVersion(u64);

impl ReferenceVersion {
    /// From its number; none for 0 and beyond what a signed 64-bit column holds.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        (1..=i64::MAX as u64).contains(&number).then_some(Self(number))
    }
    /// The one for what is published at `now`, after `last`.
    #[must_use]
    pub fn after(last: Option<Self>, now: WallTime) -> Self {
        let next = last.map_or(1, |last| last.0.saturating_add(1).min(i64::MAX as u64));
        Self(u64::try_from(now.unix_ms()).unwrap_or(0).max(next))
    }
    /// Its number, from 1.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
    /// When it was published, as long as the central's clock never stood still.
    #[must_use]
    pub fn published_at(self) -> WallTime {
        WallTime::from_unix_ms(i64::try_from(self.0).unwrap_or(i64::MAX))
    }
}
impl TryFrom<u64> for ReferenceVersion {
    type Error = ManifestError;
    fn try_from(number: u64) -> Result<Self, Self::Error> {
        Self::new(number).ok_or(ManifestError::Malformed)
    }
}

/// The key of a municipality's coupon hashes, as it crosses the network: base64url of 32 bytes. Secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CouponSecret(pub [u8; 32]);

impl FromStr for CouponSecret {
    type Err = BytesError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = BytesError { expected: 32 };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong)?;
        bytes.try_into().map(Self).map_err(|_| wrong)
    }
}
impl fmt::Display for CouponSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}
impl fmt::Debug for CouponSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::text::hidden(formatter, "CouponSecret")
    }
}
serde_through_text!(CouponSecret);

/// A text that holds a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HiddenText(pub String);

impl fmt::Debug for HiddenText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::text::hidden(formatter, "HiddenText")
    }
}

/// A manifest does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not the JSON of a manifest, or a value in it does not hold.
    #[error("manifest does not hold together")]
    Malformed,
    /// A form not known here.
    #[error("manifest format {0} is not known")]
    UnknownFormat(u16),
    /// More than a tablet takes.
    #[error("manifest names more than a tablet takes")]
    TooMuch,
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn from_json(json: &str) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Format {
            format: u16,
        }
        let Format { format } = serde_json::from_str(json).map_err(|_| ManifestError::Malformed)?;
        if format != FORMAT {
            return Err(ManifestError::UnknownFormat(format));
        }
        let manifest: Self = serde_json::from_str(json).map_err(|_| ManifestError::Malformed)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Its JSON.
    ///
    /// # Panics
    /// Never: every field serialises.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a manifest has no map")
    }

    /// The parts that are one document each: lots, received lots, rules, settled entries.
    pub fn documents(&self) -> impl Iterator<Item = Part> {
        [self.lots, self.received, self.rules, self.settled].into_iter().flatten()
    }

    /// Every part.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        self.documents().chain(self.doses.iter().flat_map(|chain| chain.lists.iter().copied()))
    }

    fn check(&self) -> Result<(), ManifestError> {
        let too_many = self.doses.len() > MOST_CHAINS
            || self.doses.iter().any(|chain| chain.lists.len() > MOST_LISTS)
            || self.documents().any(|part| part.size > MOST_DOCUMENT_BYTES)
            || self.parts().any(|part| part.size > MOST_LIST_BYTES);
        if too_many {
            return Err(ManifestError::TooMuch);
        }
        let is_sound = self.parts().all(|part| part.size > 0 && part.version <= self.version)
            && self.doses.iter().all(|chain| !chain.lists.is_empty())
            && self.doses.is_sorted_by(|one, next| one.municipality < next.municipality);
        if is_sound { Ok(()) } else { Err(ManifestError::Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(version: u64, size: u64, digest: u8) -> Part {
        let version = ReferenceVersion::new(version).unwrap();
        Part { version, size, digest: PartDigest([digest; 32]) }
    }

    fn manifest() -> Manifest {
        Manifest {
            format: FORMAT,
            tablet_id: "131130-0017".parse().unwrap(),
            version: ReferenceVersion::new(1_637_545_200_123).unwrap(),
            replaced: Some(Replaced {
                by: "131130-0900".parse().unwrap(),
                at: WallTime::from_unix_ms(1_637_545_200_000),
            }),
            lots: Some(part(1_637_545_200_000, 900, 1)),
            received: None,
            rules: Some(part(1_637_545_200_001, 800, 2)),
            settled: Some(part(1_637_545_200_123, 90, 3)),
            doses: vec![DoseChain {
                municipality: "131130".parse().unwrap(),
                key: CouponSecret([4; 32]),
                same_as: Some(PartDigest([5; 32])),
                lists: vec![part(7, 20_000_113, 6), part(8, 153, 7)],
            }],
        }
    }

    #[test]
    fn the_wire_form_of_a_manifest_is_kept() {
        let json = manifest().to_json();
        assert_eq!(Manifest::from_json(&json), Ok(manifest()));
        insta::assert_snapshot!(json);
        assert!(
            format!("{:?}", manifest()).contains("key: CouponSecret(..)"),
            "its keys are hidden in {{:?}}"
        );
    }

    #[test]
    fn what_does_not_hold_is_refused() {
        let broken = |change: &dyn Fn(&mut Manifest)| {
            let mut manifest = manifest();
            change(&mut manifest);
            Manifest::from_json(&manifest.to_json()).unwrap_err()
        };
        let malformed = ManifestError::Malformed;
        assert_eq!(broken(&|manifest| manifest.format = 2), ManifestError::UnknownFormat(2));
        assert_eq!(broken(&|manifest| manifest.lots = Some(part(9, 0, 1))), malformed, "an empty part");
        assert_eq!(broken(&|manifest| manifest.lots = Some(part(u64::MAX >> 1, 9, 1))), malformed, "newer");
        assert_eq!(broken(&|manifest| manifest.doses[0].lists.clear()), malformed);
        assert_eq!(broken(&|manifest| manifest.doses.push(manifest.doses[0].clone())), malformed, "twice");
        let too_much = ManifestError::TooMuch;
        assert_eq!(broken(&|manifest| manifest.rules = Some(part(9, (1 << 20) + 1, 1))), too_much);
        assert_eq!(broken(&|manifest| manifest.doses[0].lists[0].size = (256 << 20) + 1), too_much);
        assert_eq!(
            broken(&|manifest| manifest.doses[0].lists = vec![part(1, 1, 1); MOST_LISTS + 1]),
            too_much
        );
        assert_eq!(Manifest::from_json("{}"), Err(malformed));
    }

    #[test]
    fn a_version_follows_the_clock_and_never_the_clock_back() {
        let at = WallTime::from_unix_ms;
        let first = ReferenceVersion::after(None, at(5_000));
        assert_eq!((first.number(), first.published_at()), (5_000, at(5_000)));
        assert_eq!(ReferenceVersion::after(Some(first), at(5_000)).number(), 5_001);
        assert_eq!(ReferenceVersion::after(Some(first), at(-9)).number(), 5_001);
        assert_eq!(ReferenceVersion::after(Some(first), at(9_000)).number(), 9_000);
        assert_eq!(ReferenceVersion::new(0), None);
    }
}
