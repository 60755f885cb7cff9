//! 設定ファイルの箱 and 復旧 as they were handed out: who made which box for which tablets, and whose secrets were released.
//!
//! Must not: hold a set-up code, or a secret that was not sealed.

use std::{collections::BTreeSet, fmt, str::FromStr};

use record::{MunicipalityCode, TabletId, WallTime};
use serde::Deserialize;

use super::{AccountName, Answer, Invitation, NameError, NewLine, Said};
use crate::{
    audit::{AT_THE_SERVER, Act},
    case::DecisionReason,
};

/// Boxes and releases.
pub trait Boxes {
    /// A box was made: its tablets are invited, are let know their municipalities, and the box is kept; all of it or nothing.
    fn hand_out(&self, handed: HandedOut) -> Answer<'_, ()>;
    /// The boxes of a municipality, newest first, `most` at most.
    fn boxes(&self, municipality: MunicipalityCode, most: u32) -> Answer<'_, Vec<BoxRow>>;
    /// Whether any municipality was handed a box.
    fn has_boxes(&self) -> Answer<'_, bool>;
    /// The sealed file of one.
    fn box_file(&self, municipality: MunicipalityCode, issued_at: WallTime) -> Answer<'_, Option<Vec<u8>>>;
    /// No bundle of that box lets a tablet in any more; how many that ended.
    fn revoke_box(&self, municipality: MunicipalityCode, issued_at: WallTime, said: Said) -> Answer<'_, u32>;
    /// A tablet's secrets are about to be released.
    fn note_release(&self, release: Release) -> Answer<'_, ()>;
    /// Whose were, newest first.
    fn releases(&self, municipality: MunicipalityCode) -> Answer<'_, Vec<Release>>;
}

/// For what a box was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxKind {
    /// One tablet.
    Tablet,
    /// Several tablets of one site.
    Site,
    /// 予備機: tablets without a site of their own, which take the place of a broken one.
    Spares,
}

impl BoxKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tablet, Self::Site, Self::Spares];
    const fn code(self) -> &'static str {
        match self {
            Self::Tablet => "tablet",
            Self::Site => "site",
            Self::Spares => "spares",
        }
    }
}
impl fmt::Display for BoxKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}
impl FromStr for BoxKind {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL.into_iter().find(|kind| kind.code() == text).ok_or(NameError("a kind of box"))
    }
}

/// A box on its way out.
#[derive(Clone)]
pub struct HandedOut {
    /// Whose tablets; all of them of this municipality.
    pub municipality: MunicipalityCode,
    /// When it was made; no other box of this municipality was made at that moment.
    pub issued_at: WallTime,
    /// From then on it lets nobody in.
    pub expires_at: WallTime,
    /// For what.
    pub kind: BoxKind,
    /// The account of whoever made it; none where whoever keeps the server did.
    pub made_by: Option<AccountName>,
    /// Its tablets with their tokens' digests.
    pub invitations: Vec<Invitation>,
    /// Whose doses each of them is told of.
    pub known: BTreeSet<MunicipalityCode>,
    /// The sealed file.
    pub file: Vec<u8>,
}

impl HandedOut {
    /// What the audit of its municipality says of it.
    pub(super) fn line(&self) -> NewLine {
        let by = self.made_by.as_ref().map_or(AT_THE_SERVER, AccountName::as_str);
        let tablets = u32::try_from(self.invitations.len()).unwrap_or(u32::MAX);
        let act = Act::BoxMade { box_made_at: self.issued_at, tablets };
        act.line(self.municipality, by, self.issued_at)
    }
}

/// A box that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxRow {
    /// When it was made.
    pub issued_at: WallTime,
    /// From then on it lets nobody in.
    pub expires_at: WallTime,
    /// For what.
    pub kind: BoxKind,
    /// Who made it.
    pub made_by: Option<AccountName>,
    /// Its tablets, by number, and who revoked each one's bundle.
    pub tablets: Vec<(TabletId, Option<Said>)>,
}

/// A tablet's secrets were released, because nobody could unlock it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The tablet.
    pub tablet_id: TabletId,
    /// When.
    pub at: WallTime,
    /// Who asked.
    pub asked_by: AccountName,
    /// Who allowed it; another person.
    pub allowed_by: AccountName,
    /// 理由.
    pub reason: DecisionReason,
}

impl Release {
    /// What the audit of the tablet's municipality says of it.
    pub(super) fn line(&self) -> NewLine {
        let allowed_by = self.allowed_by.as_str().to_owned();
        let act = Act::RecoveryReleased { tablet: self.tablet_id, allowed_by };
        act.line(self.tablet_id.municipality(), self.asked_by.as_str(), self.at)
    }
}
