//! 操作の記録: who did what with a municipality's people and records, and who looked into them from elsewhere. Each
//! municipality has a chain of its own; lines are only ever added, at its end.
//!
//! Must not: change or delete a line, show a municipality another one's, or see a person in the clear.

use record::{MunicipalityCode, WallTime};
use seal::audit::{AuditLink, Covered, genesis, link};

use super::{Answer, people::Mark};

/// What is recorded, and read by the municipality it belongs to.
pub trait Audit {
    /// Adds lines, each at the end of its municipality's chain: all of them or none. Where `at_most` is given and more
    /// were recorded already, none.
    fn record(&self, lines: Vec<NewLine>, at_most: Option<AtMost>) -> Answer<'_, Recorded>;
    /// The lines of a municipality that a question asks for, the newest first.
    fn lines(&self, asked: LineQuestion) -> Answer<'_, Vec<Line>>;
    /// The last line's place and link; none where nothing was recorded.
    fn last_link(&self, municipality: MunicipalityCode) -> Answer<'_, Option<(u64, AuditLink)>>;
}

/// A line that is to be recorded. Shows nothing in `{:?}`: it has none.
#[derive(Clone)]
pub struct NewLine {
    /// Whose chain.
    pub municipality: MunicipalityCode,
    /// When, by the central's clock.
    pub at: WallTime,
    /// Who did it, by account; of another municipality where that one looked into this one.
    pub account: String,
    /// The kind of act, [`crate::audit::Act::kind`].
    pub kind: &'static str,
    /// What it says, JSON; nothing of a person.
    pub content: Vec<u8>,
    /// Whom it is about.
    pub about: Option<About>,
}

/// A person of the municipality, as its audit names them.
#[derive(Clone, PartialEq, Eq)]
pub struct About {
    /// Mark of the 宛名番号.
    pub person: Mark,
    /// The 宛名番号 itself, sealed under the municipality's key.
    pub sealed: Vec<u8>,
}

/// A bound on how often something is done: of one account, in its own municipality's chain.
#[derive(Clone)]
pub struct AtMost {
    /// Whose chain.
    pub municipality: MunicipalityCode,
    /// Which account.
    pub account: String,
    /// What kind of act.
    pub kind: &'static str,
    /// From when on lines count.
    pub since: WallTime,
    /// So many may be there before.
    pub most: u32,
}

/// What came of recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is on disk.
    Recorded,
    /// The bound was reached; nothing was recorded.
    TooMany,
}

/// Which lines are wanted.
#[derive(Clone)]
pub struct LineQuestion {
    /// Whose chain.
    pub municipality: MunicipalityCode,
    /// Only these kinds; all where it is empty.
    pub kinds: Vec<&'static str>,
    /// Only of this account.
    pub account: Option<String>,
    /// Only about this person.
    pub person: Option<Mark>,
    /// Only before this place.
    pub before: Option<u64>,
    /// At most so many.
    pub most: u32,
}

/// A line as it was recorded.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// 1, 2, 3 … of its municipality.
    pub position: u64,
    /// When.
    pub at: WallTime,
    /// Who.
    pub account: String,
    /// What kind of act; may be of a later version of this program.
    pub kind: String,
    /// What it says, JSON.
    pub content: Vec<u8>,
    /// Whom it is about.
    pub about: Option<About>,
}

/// The place after `last`, the link before it, and its own.
pub(super) fn place_of(new: &NewLine, last: Option<(u64, AuditLink)>) -> (u64, AuditLink, AuditLink) {
    let (before, previous) = last.unwrap_or_else(|| (0, genesis(new.municipality)));
    let position = before.saturating_add(1);
    let covered = Covered {
        position,
        recorded_at_ms: new.at.unix_ms(),
        account: &new.account,
        kind: new.kind,
        content: &new.content,
        person: new.about.as_ref().map(|about| about.person.as_slice()),
        sealed: new.about.as_ref().map(|about| about.sealed.as_slice()),
    };
    (position, previous, link(&previous, covered))
}
