//! 取込み: an import of people as it is told of, and what comes of what is done with it.
//!
//! Must not: hold a row; those are in `people`.

use record::WallTime;

/// What came of beginning an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It has begun and has this number.
    Import(u32),
    /// This one is open: it must take effect or be discarded first.
    Open(u32),
}

/// What came of letting an import take effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TookEffect {
    /// It holds.
    Done,
    /// There is no such import that waits.
    NotWaiting,
    /// Something changed since it was read: read the file again.
    Outdated,
    /// It was stopped; it waits as before.
    Stopped,
}

/// What came of undoing an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// What held before holds again.
    Done,
    /// It has not taken effect, or was undone.
    NotInEffect,
    /// Another import touched the same people later.
    Touched {
        /// The latest of them.
        by: u32,
        /// How many people.
        people: u64,
    },
    /// It was stopped; it is in effect as before.
    Stopped,
}

/// 取込み: one import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its number in its municipality: 1, 2, 3 …
    pub number: u32,
    /// How far it has come.
    pub state: ImportState,
    /// Its rows.
    pub counts: ImportCounts,
    /// Who began it, by account.
    pub begun_by: String,
    /// When.
    pub begun_at: WallTime,
    /// Who let it take effect, and when.
    pub effective: Option<(String, WallTime)>,
    /// Who undid it, and when.
    pub undone: Option<(String, WallTime)>,
}

/// What the rows of an import are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// People who were not kept yet.
    pub new: u64,
    /// People of whom something else was kept.
    pub changed: u64,
    /// People of whom the same was kept.
    pub unchanged: u64,
    /// Rows that were not taken in.
    pub faulty: u64,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Its file is being read, or reading was broken off.
    Reading,
    /// It was read and waits to take effect.
    Waiting,
    /// It holds.
    Effective,
    /// It was undone.
    Undone,
    /// It never took effect and was given up.
    Discarded,
}

impl ImportState {
    const ALL: [Self; 5] = [Self::Reading, Self::Waiting, Self::Effective, Self::Undone, Self::Discarded];

    /// As it is kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Waiting => "waiting",
            Self::Effective => "effective",
            Self::Undone => "undone",
            Self::Discarded => "discarded",
        }
    }
    pub(super) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}
