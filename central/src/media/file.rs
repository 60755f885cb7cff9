//! One sealed file as its lines tell of it: how far it has come, and what may be done next.
//!
//! Must not: keep a state of its own; the ledger is the state.

use record::{
    WallTime,
    envelope::{AccountName, Manifest, Outline},
};

use super::{
    event::{Content, Event, Line, Preview, Said},
    refusal::Reason,
};

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// 申請中.
    Asked,
    /// Taken back by its asker.
    Withdrawn,
    /// Not allowed.
    Declined,
    /// Allowed, and not made (yet, or again).
    Allowed,
    /// Being made.
    Making,
    /// There is a file to fetch.
    Made,
    /// The recipient's receipt is there.
    Arrived,
    /// Being read.
    Reading,
    /// Read; its import waits.
    Waiting,
    /// Its import is in effect.
    Effective,
    /// Its import was given up.
    Discarded,
    /// Its import was undone.
    Undone,
    /// It was refused, or reading it ended early, and it may be brought again.
    NotOpened,
}

/// Something cannot be done with a file as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// There is no such file.
    Unknown,
    /// It has come elsewhere meanwhile.
    Stage,
    /// Another person is needed than the one who asked or brought it.
    SamePerson,
    /// It was opened before.
    OpenedBefore,
    /// It is being read.
    BeingRead,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    /// How far it has come.
    pub stage: Stage,
    /// Who asked for it or brought it.
    pub by: AccountName,
    /// When.
    pub at: WallTime,
    /// What was asked for, where it goes out.
    pub asked: Option<(Outline, Content)>,
    /// Who allowed it, and when.
    pub allowed: Option<(AccountName, WallTime)>,
    /// What it says of itself, once it is made or was judged.
    pub manifest: Option<Box<Manifest>>,
    /// Bytes of the made file.
    pub file_bytes: u64,
    /// The sealed file is no longer on the central.
    pub is_removed: bool,
    /// The import it became.
    pub import: Option<u32>,
    /// What came of reading it.
    pub preview: Option<Box<Preview>>,
    /// The receipt: of the recipient where it went out, ours where it came in.
    pub receipt: Option<String>,
    /// Why it was refused or not made, where that came last.
    pub reason: Option<Reason>,
    /// More of that.
    pub said: Option<Said>,
}

impl SealedFile {
    /// What the lines come to; none without one that begins a file.
    #[must_use]
    pub fn of(lines: &[Line]) -> Option<Self> {
        let first = lines.first()?;
        let mut file = Self {
            stage: Stage::NotOpened,
            by: first.by.clone(),
            at: first.at,
            asked: None,
            allowed: None,
            manifest: None,
            file_bytes: 0,
            is_removed: false,
            import: None,
            preview: None,
            receipt: None,
            reason: None,
            said: None,
        };
        lines.iter().for_each(|line| file.take(line));
        Some(file)
    }

    fn take(&mut self, line: &Line) {
        let stage = match &line.event {
            Event::Asked { outline, content } => {
                self.asked = Some((outline.clone(), *content));
                Stage::Asked
            }
            Event::Withdrawn => Stage::Withdrawn,
            Event::Declined => Stage::Declined,
            Event::Allowed => {
                self.allowed = Some((line.by.clone(), line.at));
                Stage::Allowed
            }
            Event::MakingBegun => Stage::Making,
            Event::MakingStopped => Stage::Allowed,
            Event::MakingFailed { .. } => Stage::Allowed,
            Event::Made { manifest, file_bytes } => {
                (self.manifest, self.file_bytes) = (Some(manifest.clone()), *file_bytes);
                Stage::Made
            }
            Event::ReceiptTaken { receipt } => {
                self.receipt = Some(receipt.clone());
                Stage::Arrived
            }
            Event::ReadingBegun { manifest } => {
                self.manifest = Some(manifest.clone());
                (self.by, self.at) = (line.by.clone(), line.at);
                Stage::Reading
            }
            Event::Opened { import, preview, receipt } => {
                self.import = Some(*import);
                (self.preview, self.receipt) = (Some(preview.clone()), Some(receipt.clone()));
                Stage::Waiting
            }
            Event::ReadingEnded { .. } => Stage::NotOpened,
            // A file that was opened stays what it became, whatever is refused later.
            Event::Refused { .. } if self.stage == Stage::Reading => Stage::NotOpened,
            Event::TookEffect => Stage::Effective,
            Event::Discarded => Stage::Discarded,
            Event::Undone => Stage::Undone,
            Event::Removed => {
                self.is_removed = true;
                self.stage
            }
            Event::Refused { .. }
            | Event::Downloaded
            | Event::ReceiptRefused { .. }
            | Event::NothingChanged { .. }
            | Event::CardTaken { .. }
            | Event::CardWithdrawn => self.stage,
        };
        self.stage = stage;
        self.said = match &line.event {
            Event::Refused { said, .. } => said.clone(),
            _ => None,
        };
        self.reason = match &line.event {
            Event::MakingFailed { reason }
            | Event::ReadingEnded { reason }
            | Event::Refused { reason, .. }
            | Event::ReceiptRefused { reason }
            | Event::NothingChanged { reason } => Some(*reason),
            Event::MakingStopped => Some(Reason::Stopped),
            Event::Removed | Event::Downloaded => self.reason,
            _ => None,
        };
    }

    /// Whether that may be done by them now, after those lines.
    ///
    /// # Errors
    /// [`Conflict`].
    pub fn follows(lines: &[Line], by: &AccountName, event: &Event) -> Result<(), Conflict> {
        let file = Self::of(lines);
        let at = |stages: &[Stage]| match &file {
            None => Err(Conflict::Unknown),
            Some(file) if stages.contains(&file.stage) => Ok(()),
            Some(_) => Err(Conflict::Stage),
        };
        let another = || match &file {
            Some(file) if file.by == *by => Err(Conflict::SamePerson),
            _ => Ok(()),
        };
        match event {
            // Cards follow rules of their own (`cards`); whatever was refused is noted.
            Event::CardTaken { .. } | Event::CardWithdrawn | Event::Refused { .. } => Ok(()),
            Event::Asked { .. } if file.is_some() => Err(Conflict::Stage),
            Event::Asked { .. } => Ok(()),
            Event::Withdrawn => at(&[Stage::Asked, Stage::Allowed]),
            Event::Declined => at(&[Stage::Asked]),
            Event::Allowed => at(&[Stage::Asked]).and_then(|()| another()),
            Event::MakingBegun => at(&[Stage::Allowed]),
            Event::Made { .. } | Event::MakingStopped | Event::MakingFailed { .. } => at(&[Stage::Making]),
            Event::Downloaded | Event::ReceiptTaken { .. } => at(&[Stage::Made]),
            Event::ReceiptRefused { .. } => at(&[Stage::Made, Stage::Arrived]),
            Event::Removed => at(&[Stage::Made, Stage::Arrived]),
            Event::ReadingBegun { .. } => match &file {
                Some(file) if file.preview.is_some() => Err(Conflict::OpenedBefore),
                Some(file) if file.stage == Stage::Reading => Err(Conflict::BeingRead),
                Some(file) if file.asked.is_some() => Err(Conflict::Stage),
                _ => Ok(()),
            },
            Event::Opened { .. } | Event::ReadingEnded { .. } => at(&[Stage::Reading]),
            Event::TookEffect => at(&[Stage::Waiting]).and_then(|()| another()),
            Event::Discarded => at(&[Stage::Waiting]),
            Event::Undone => at(&[Stage::Effective]),
            Event::NothingChanged { .. } => at(&[Stage::Waiting, Stage::Effective]),
        }
    }

    /// The outline: of what was asked, or of what came.
    #[must_use]
    pub fn outline(&self) -> Option<&Outline> {
        match (&self.asked, &self.manifest) {
            (Some((outline, _)), _) => Some(outline),
            (None, Some(manifest)) => Some(&manifest.outline),
            (None, None) => None,
        }
    }

    /// Whether it goes out of the central.
    #[must_use]
    pub fn goes_out(&self) -> bool {
        self.asked.is_some()
    }
}
