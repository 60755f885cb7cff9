//! 判断待ちの接種: one dose of one coupon about which entries contradict each other, and what was decided of it. Pure.
//!
//! Must not: look anything up, or change an entry. A decision names which of them stands; all of them stay.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use record::{
    DoseNumber, Entry, EntryId, Epoch, MunicipalityCode, Position, TabletId, WallTime,
    bytes::EntryHash,
    entry::{EntryContent, Vaccination},
    reference::{SettledEntry, Settlement},
};
use seal::token;

use crate::{
    intake::{DoseKey, Lines, dose_key},
    storage::{AccountName, CouponKey},
};

/// The greatest length of a reason, in characters.
pub const MOST_REASON: usize = 200;

/// A dose with everything that was ever said of it and not taken back.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// The coupon. Who issued it decides.
    pub coupon: CouponKey,
    /// 接種回数.
    pub dose: DoseNumber,
    /// What was said, in the order in which it came.
    pub candidates: Vec<Candidate>,
    /// 判断, first to last. Only the last holds.
    pub decisions: Vec<Decision>,
}

/// An entry that says something of the dose.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub content: ContentId,
    /// The tablet that it came from first.
    pub tablet_id: TabletId,
    /// What it says.
    pub entry: Entry,
    /// When it came first.
    pub received_at: WallTime,
    /// Where it stands in its tablet's chain.
    pub place: (Epoch, Position),
    /// Whether it needed review when it came, so that its tablet is told what was decided.
    pub is_disputed: bool,
    /// Whether it counts now.
    pub stands: bool,
    /// Whether it waits for a decision.
    pub waits: bool,
    /// Whether a decision may let it stand.
    pub choice: Choice,
}

/// Whether an entry may be decided to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It may.
    Possible,
    /// It records no dose of this case: a cancellation, or a correction that leads to another dose.
    NothingOfThisDose,
    /// What it corrects, or what corrects it, stands for another dose, and has to be taken back there first: else the
    /// person would have both.
    StandsElsewhere,
}

/// An entry by its id and its bytes: two may claim one id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId {
    /// The municipality of the tablet.
    pub municipality: MunicipalityCode,
    /// 記録番号.
    pub entry_id: EntryId,
    /// Hash of its bytes.
    pub hash: EntryHash,
}

/// 判断: what stands of a dose, who says so, and why. Never changed; a later one replaces it.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    /// 1, 2, 3 … of its dose.
    pub number: u32,
    /// What stands; none where nothing does.
    pub stands: Option<ContentId>,
    /// 判断の理由.
    pub reason: DecisionReason,
    /// Who decided.
    pub decided_by: AccountName,
    /// When.
    pub decided_at: WallTime,
}

impl Decision {
    /// The decision that it replaces.
    #[must_use]
    pub fn replaces(&self) -> Option<u32> {
        self.number.checked_sub(1).filter(|before| *before > 0)
    }
}

/// 判断の理由: 1 to [`MOST_REASON`] characters in one line.
#[derive(Clone, PartialEq, Eq)]
pub struct DecisionReason(String);

/// A text is not a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reason of 1 to 200 characters in one line")]
pub struct ReasonError;

impl DecisionReason {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::str::FromStr for DecisionReason {
    type Err = ReasonError;
    fn from_str(text: &str) -> Result<Self, ReasonError> {
        let text = text.trim();
        let is_fine =
            (1..=MOST_REASON).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if is_fine { Ok(Self(text.to_owned())) } else { Err(ReasonError) }
    }
}
impl fmt::Debug for DecisionReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DecisionReason(..)")
    }
}

/// What a person was shown: the decision that held and the entries. A decision is for that, and for nothing newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen(pub [u8; 32]);

/// A decision as a person makes it.
#[derive(Clone)]
pub struct NewDecision {
    /// Of which dose.
    pub dose: DoseKey,
    /// What the person was shown.
    pub seen: Seen,
    /// What stands; none where nothing does.
    pub stands: Option<EntryHash>,
    /// Why.
    pub reason: DecisionReason,
    /// Who.
    pub decided_by: AccountName,
    /// When.
    pub decided_at: WallTime,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It is kept and holds.
    Kept {
        /// Its number.
        number: u32,
    },
    /// Another decision or another entry came first; nothing changed, and the person looks again.
    Overtaken,
    /// What should stand cannot.
    CannotStand,
    /// There is nothing to decide of that dose.
    NoCase,
}

/// One kept entry of a case, as a storage finds it.
#[derive(Clone)]
pub struct Part {
    /// Which.
    pub content: ContentId,
    /// The tablet.
    pub tablet_id: TabletId,
    /// What it says.
    pub entry: Entry,
    /// When it came.
    pub received_at: WallTime,
    /// Where it stands in its tablet's chain.
    pub place: (Epoch, Position),
}

/// All that a storage finds of a dose. What was taken back or replaced since is left out.
pub struct Parts {
    /// The dose.
    pub dose: DoseKey,
    /// Entries that dispute it.
    pub disputes: Vec<Part>,
    /// Delivered entries that record it.
    pub recorded: Vec<Part>,
    /// Decisions, first to last.
    pub decisions: Vec<Decision>,
    /// What any of them considered.
    pub considered: BTreeSet<EntryHash>,
    /// What the entries' municipalities know of their lines.
    pub lines: BTreeMap<MunicipalityCode, WeighedLines>,
}

/// The lines of a municipality's entries, and what of them counts.
#[derive(Default)]
pub struct WeighedLines {
    /// The lines.
    pub lines: Lines,
    /// Entries that stand for other doses than the one in question; of other lines, too.
    pub stand_elsewhere: BTreeSet<EntryId>,
}

impl WeighedLines {
    fn stands_elsewhere(&self, entry_id: EntryId) -> bool {
        self.lines.line_of(entry_id).iter().any(|one| self.stand_elsewhere.contains(one))
    }
}

impl Parts {
    /// The case; none where nothing was ever in dispute.
    #[must_use]
    pub fn into_case(self) -> Option<Case> {
        if self.disputes.is_empty() && self.decisions.is_empty() {
            return None;
        }
        let (coupon, dose) = self.dose;
        let disputed: BTreeSet<EntryHash> = self.disputes.iter().map(|part| part.content.hash).collect();
        let last = self.decisions.last().map(|decision| decision.stands);
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut parts: Vec<Part> = self.recorded.into_iter().chain(self.disputes).collect();
        // What came together stands in the order of its tablet, so that an entry keeps its name on the page.
        parts.sort_by_key(|part| (part.received_at, part.tablet_id, part.place, part.content));
        for Part { content, tablet_id, entry, received_at, place } in parts {
            if candidates.iter().any(|known| known.content.hash == content.hash) {
                continue; // kept at two places
            }
            let is_disputed = disputed.contains(&content.hash);
            let stands = last.map_or(!is_disputed, |stands| stands == Some(content));
            let waits = is_disputed && !self.considered.contains(&content.hash);
            let choice = choice(content, &entry, self.dose, &self.lines);
            candidates.push(Candidate {
                content,
                tablet_id,
                entry,
                received_at,
                place,
                is_disputed,
                stands,
                waits,
                choice,
            });
        }
        Some(Case { coupon, dose, candidates, decisions: self.decisions })
    }
}

fn choice(
    content: ContentId,
    entry: &Entry,
    dose: DoseKey,
    lines: &BTreeMap<MunicipalityCode, WeighedLines>,
) -> Choice {
    let is_of_this = entry.content.vaccination().is_some_and(|vaccination| dose_key(vaccination) == dose);
    if !is_of_this {
        return Choice::NothingOfThisDose;
    }
    let weighed = lines.get(&content.municipality);
    match weighed.is_some_and(|weighed| weighed.stands_elsewhere(content.entry_id)) {
        true => Choice::StandsElsewhere,
        false => Choice::Possible,
    }
}

impl Case {
    /// Whether something waits for a decision.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.candidates.iter().any(|candidate| candidate.waits)
    }

    /// What somebody sees who looks at it now.
    #[must_use]
    pub fn seen(&self) -> Seen {
        let mut hashes: Vec<EntryHash> =
            self.candidates.iter().map(|candidate| candidate.content.hash).collect();
        hashes.sort_unstable();
        let mut text = format!("vrs case 1\n{}\n", self.decisions.len());
        hashes.iter().for_each(|hash| text.push_str(&format!("{hash}\n")));
        Seen(token::digest(&text))
    }

    /// The decision as it is to be kept.
    ///
    /// # Errors
    /// Why it is not: [`Decided::Overtaken`], [`Decided::CannotStand`] or, of another dose, [`Decided::NoCase`].
    pub fn decide(&self, new: &NewDecision) -> Result<Decision, Decided> {
        if new.dose != (self.coupon, self.dose) {
            return Err(Decided::NoCase);
        }
        if new.seen != self.seen() {
            return Err(Decided::Overtaken);
        }
        let stands = match new.stands {
            None => None,
            Some(hash) => {
                let chosen = self.candidates.iter().find(|candidate| candidate.content.hash == hash);
                let possible = chosen.filter(|candidate| candidate.choice == Choice::Possible);
                Some(possible.ok_or(Decided::CannotStand)?.content)
            }
        };
        let number = self.decisions.last().map_or(1, |last| last.number.saturating_add(1));
        let (reason, decided_by) = (new.reason.clone(), new.decided_by.clone());
        Ok(Decision { number, stands, reason, decided_by, decided_at: new.decided_at })
    }
}

impl Case {
    /// What the tablets are told of a decision: of each entry that needed review, whether it counts.
    #[must_use]
    pub fn settled(&self, decision: &Decision) -> Vec<(TabletId, SettledEntry)> {
        let disputed = self.candidates.iter().filter(|candidate| candidate.is_disputed);
        disputed
            .map(|candidate| {
                let (epoch, position) = candidate.place;
                let counts = decision.stands == Some(candidate.content);
                let settlement = if counts { Settlement::Counts } else { Settlement::DoesNotCount };
                let (hash, settled_at) = (candidate.content.hash, decision.decided_at);
                (candidate.tablet_id, SettledEntry { epoch, position, hash, settlement, settled_at })
            })
            .collect()
    }
}

impl Candidate {
    /// What it says of a dose; a cancellation says none.
    #[must_use]
    pub fn vaccination(&self) -> Option<&Vaccination> {
        self.entry.content.vaccination()
    }

    /// Whether it only takes back.
    #[must_use]
    pub fn takes_back(&self) -> bool {
        matches!(self.entry.content, EntryContent::Cancellation(_))
    }
}
