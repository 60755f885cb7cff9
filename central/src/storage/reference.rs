//! 参照データの保管: what is sent down to tablets – published lots and rules, lists of doses by keyed hash, decisions about
//! single entries – and which tablet may have what.
//!
//! Must not: give a tablet anything of a municipality that it was not let know of, or hold the key of a hash.

use std::{collections::BTreeSet, sync::Arc};

use record::{
    MunicipalityCode, TabletId, WallTime,
    bytes::PartDigest,
    reference::SettledEntry,
    wire::reference::{Part, ReferenceVersion},
};
use seal::coupon::CouponMaster;

use super::{Answer, ReplacedBy, StorageError};

/// What is sent down.
pub trait Reference {
    /// Publishes lots or rules; the version they came with. Nothing that was published is ever changed.
    fn publish(&self, publication: Publication) -> Answer<'_, ReferenceVersion>;
    /// Everything that was published, oldest first.
    fn publications(&self) -> Answer<'_, Vec<Published>>;
    /// From now on that tablet is told of doses of these municipalities' coupons, and of its own's.
    fn let_know(
        &self,
        tablet_id: TabletId,
        municipalities: BTreeSet<MunicipalityCode>,
        now: WallTime,
    ) -> Answer<'_, ()>;
    /// A person decided about an entry that needed review: its tablet is told. A later decision takes the place of the
    /// one before.
    fn tell_settled(&self, tablet_id: TabletId, settled: SettledEntry, now: WallTime) -> Answer<'_, ()>;
    /// What holds for that tablet, as of one moment.
    fn told(&self, tablet_id: TabletId) -> Answer<'_, Told>;
    /// Up to `most` bytes of a part from `first` on; none where there is no such part for that tablet, or it is not so
    /// long.
    fn piece(
        &self,
        tablet_id: TabletId,
        digest: PartDigest,
        first: u64,
        most: u64,
    ) -> Answer<'_, Option<Piece>>;
    /// Looks at up to `most` entries that came since it was last called, and notes which doses stand now; how many it
    /// looked at. 0: all were. Under another secret than before everything is looked at again.
    fn gather_doses(&self, master: Arc<CouponMaster>, most: u32) -> Answer<'_, u32>;
    /// Looks whether the lists say what follows from the register under that secret, as if all that came were listed. Nothing
    /// is changed; nothing else is kept meanwhile.
    fn compare_doses(&self, master: Arc<CouponMaster>) -> Answer<'_, ComparedLists>;
    /// Forgets every list: all are made anew when doses are gathered and listed again.
    fn forget_doses(&self) -> Answer<'_, ()>;
    /// Whether hashes under some secret are kept or were sent down.
    fn is_hashed(&self) -> Answer<'_, bool>;
    /// Writes one list of what was gathered; of which municipality. None: nothing is left to write.
    fn list_doses(&self, now: WallTime) -> Answer<'_, Option<MunicipalityCode>>;
}

/// What can be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicationKind {
    /// ロット情報. For everybody: what is known of lots. For one municipality: lots that its sites have received.
    Lots,
    /// 規則の表.
    Rules,
}

impl PublicationKind {
    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Lots => "lots",
            Self::Rules => "rules",
        }
    }
    /// The kind of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Lots, Self::Rules].into_iter().find(|kind| kind.code() == code)
    }
}

/// For whom something is published, as it is kept: a code, or nothing for everybody.
pub(super) fn whose(municipality: Option<MunicipalityCode>) -> String {
    municipality.map_or_else(String::new, |municipality| municipality.to_string())
}

/// The reverse of [`whose`].
pub(super) fn whom(kept: &str) -> Result<Option<MunicipalityCode>, StorageError> {
    if kept.is_empty() {
        return Ok(None);
    }
    kept.parse().map(Some).map_err(|_| StorageError::Inconsistent("municipality"))
}

/// Something to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// What.
    pub kind: PublicationKind,
    /// For the tablets of that municipality; for all where there is none.
    pub municipality: Option<MunicipalityCode>,
    /// Its bytes, checked by `record::reference`.
    pub bytes: Vec<u8>,
    /// The central's clock.
    pub at: WallTime,
}

/// Something that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// What.
    pub kind: PublicationKind,
    /// For whom.
    pub municipality: Option<MunicipalityCode>,
    /// Its version, size and name.
    pub part: Part,
    /// By the central's clock.
    pub published_at: WallTime,
}

/// What holds for one tablet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// None before anything was published for it.
    pub version: Option<ReferenceVersion>,
    /// What took the tablet's place.
    pub replaced: Option<ReplacedBy>,
    /// What is known of lots.
    pub lots: Option<Part>,
    /// Lots of its municipality.
    pub received: Option<Part>,
    /// Rules of its municipality, or everybody's.
    pub rules: Option<Part>,
    /// Decisions about its entries.
    pub settled: Option<Part>,
    /// Lists of doses, by municipality in order.
    pub doses: Vec<ToldDoses>,
}

/// The lists of one municipality's doses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldDoses {
    /// Whose coupons.
    pub municipality: MunicipalityCode,
    /// What the first list says the same as.
    pub same_as: Option<PartDigest>,
    /// A list of all, then of what changed, in order.
    pub lists: Vec<Part>,
}

/// What came of comparing the lists for tablets with the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedLists {
    /// Doses that stand, by keyed hash.
    pub doses: u64,
    /// Whose lists do not say what stands.
    pub unlike: BTreeSet<MunicipalityCode>,
}

/// Bytes of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Of how many.
    pub size: u64,
    /// They themselves.
    pub bytes: Vec<u8>,
}

impl Piece {
    /// Up to `most` bytes of a part from `first` on; none where it is not so long.
    pub(super) fn of(part: &[u8], first: u64, most: u64) -> Option<Self> {
        let size = part.len() as u64;
        let end = first.saturating_add(most).min(size);
        let bytes = part.get(usize::try_from(first).ok()?..usize::try_from(end).ok()?)?.to_vec();
        (!bytes.is_empty()).then_some(Self { size, bytes })
    }
}
