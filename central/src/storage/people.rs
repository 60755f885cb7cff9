//! 接種対象者: a municipality's people as they are kept, sealed and found by keyed marks, and the imports that brought them.
//!
//! Must not: see a name or a number in the clear; change anything but by an import that takes effect or is undone.
//!
//! A row of an import is kept once and never changed (`person_versions`); which of a person's versions holds is a pointer
//! (`people`). So an import takes effect by setting pointers and is undone by setting them back.

use std::{ops::ControlFlow, sync::Arc};

use record::{CouponNumber, MunicipalityCode, WallTime};
pub use seal::people::Mark;

use super::{Answer, StandingDose};

/// People and their imports.
pub trait People {
    /// The secret of a municipality's keys, sealed under the keeping key.
    fn people_secret(&self, municipality: MunicipalityCode) -> Answer<'_, Option<Vec<u8>>>;
    /// Keeps such a secret where there is none; the one that is kept.
    fn keep_people_secret(
        &self,
        municipality: MunicipalityCode,
        sealed: Vec<u8>,
        at: WallTime,
    ) -> Answer<'_, Vec<u8>>;
    /// Whether any municipality has such a secret.
    fn has_people_secrets(&self) -> Answer<'_, bool>;
    /// Begins an import, unless one is open.
    fn begin_import(&self, municipality: MunicipalityCode, by: String, at: WallTime) -> Answer<'_, Begun>;
    /// Takes rows into an import that is being read; how each stands to what is kept. Rows that are new or changed are
    /// kept with it; nothing takes effect. None where that import is not being read (any more).
    fn stage(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        rows: Vec<VersionRow>,
    ) -> Answer<'_, Option<Vec<Standing>>>;
    /// The file was read to its end: the import waits to take effect. False where it is not being read.
    fn end_staging(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        faulty: u64,
        at: WallTime,
    ) -> Answer<'_, bool>;
    /// Lets an import take effect: all of it, or nothing. `watch` hears how many of its rows are done and may stop it.
    fn take_effect(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        by: String,
        at: WallTime,
        watch: Watch,
    ) -> Answer<'_, TookEffect>;
    /// Forgets an import that has not taken effect; false where there is no such.
    fn discard_import(&self, municipality: MunicipalityCode, import: u32, at: WallTime) -> Answer<'_, bool>;
    /// Undoes an import that took effect: all of it, or nothing. `watch` hears how many of its rows are done and may stop
    /// it.
    fn undo_import(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        by: String,
        at: WallTime,
        watch: Watch,
    ) -> Answer<'_, Undone>;
    /// The imports of a municipality, the newest first.
    fn imports(&self, municipality: MunicipalityCode, most: u32) -> Answer<'_, Vec<Import>>;
    /// One person.
    fn person(&self, municipality: MunicipalityCode, by: PersonMark) -> Answer<'_, Option<Version>>;
    /// People who are registered now and are, or once were, found by that mark of 氏名カナ and 生年月日; at most `most`.
    fn people_named(
        &self,
        municipality: MunicipalityCode,
        named: Mark,
        most: u32,
    ) -> Answer<'_, Vec<Version>>;
    /// Lets people who are registered now be found by these marks of 氏名カナ and 生年月日; how many marks were new. A mark
    /// of somebody whom another import touched meanwhile is left out.
    fn add_names(&self, municipality: MunicipalityCode, names: Vec<NamedPerson>) -> Answer<'_, u64>;
    /// How many of these marks are not kept.
    fn count_missing_names(&self, municipality: MunicipalityCode, names: Vec<NamedPerson>)
    -> Answer<'_, u64>;
    /// How many people a municipality has.
    fn count_people(&self, municipality: MunicipalityCode) -> Answer<'_, u64>;
    /// People and doses as they are at one moment, however much comes meanwhile.
    fn people_moment(&self, municipality: MunicipalityCode) -> Answer<'_, Box<dyn PeopleMoment>>;
}

/// One moment of a municipality's people and of the doses of its coupons.
pub trait PeopleMoment: Send {
    /// The next `most` versions that hold after that one (import and row), in the order in which they came.
    fn people(&mut self, after: (u32, u64), most: u32) -> Answer<'_, Vec<Version>>;
    /// Those versions, whether or not they hold.
    fn versions(&mut self, which: Vec<(u32, u64)>) -> Answer<'_, Vec<Version>>;
    /// The next `most` coupons of which a dose was told, in order of number.
    fn coupons(&mut self, after: Option<CouponNumber>, most: u32) -> Answer<'_, Vec<CouponNumber>>;
    /// Of these marks of coupons, whether each is somebody's.
    fn are_somebodys(&mut self, coupons: Vec<Mark>) -> Answer<'_, Vec<bool>>;
    /// The doses that stand of these coupons.
    fn standing(&mut self, coupons: Vec<CouponNumber>) -> Answer<'_, Vec<StandingDose>>;
}

/// Hears how many rows of a long change are done, and of how many; says whether to go on.
pub type Watch = Arc<dyn Fn(u64, u64) -> ControlFlow<()> + Send + Sync>;

/// For a change that nobody looks at: it goes to its end.
#[must_use]
pub fn unwatched() -> Watch {
    Arc::new(|_, _| ControlFlow::Continue(()))
}

/// How far a change has come, over all its steps, told as rows.
pub(super) struct Progress<'a> {
    watch: &'a Watch,
    rows: u64,
    steps: u64,
    done: u64,
}

impl<'a> Progress<'a> {
    /// Of so many rows, in so many steps.
    pub(super) fn begin(watch: &'a Watch, rows: u64, steps: u64) -> Self {
        Self { watch, rows, steps: steps.max(1), done: 0 }
    }
    /// So many steps more are done; whether to go on.
    pub(super) fn add(&mut self, steps: u64) -> ControlFlow<()> {
        self.reach(self.done.saturating_add(steps))
    }
    /// So many steps are done in all; whether to go on.
    pub(super) fn reach(&mut self, steps: u64) -> ControlFlow<()> {
        self.done = self.done.max(steps).min(self.steps);
        let rows = u128::from(self.rows) * u128::from(self.done) / u128::from(self.steps);
        (self.watch)(u64::try_from(rows).unwrap_or(self.rows), self.rows)
    }
}

/// Marks are keyed hashes, so that slices of equal width hold about as many of them.
pub(super) const MARK_SLICES: u16 = 64;

/// From that mark on to before the other: the bounds of a slice, 0 to [`MARK_SLICES`] - 1.
pub(super) fn mark_slice(slice: u16) -> (Vec<u8>, Vec<u8>) {
    let width = 256 / MARK_SLICES;
    let bound = |at: u16| match u8::try_from(at * width) {
        Ok(byte) => vec![byte],
        // Behind every mark.
        Err(_) => vec![u8::MAX; MARK_BYTES + 1],
    };
    (bound(slice), bound(slice + 1))
}

/// Bytes of a mark.
const MARK_BYTES: usize = 16;

/// Somebody who is to be found by a mark of 氏名カナ and 生年月日.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NamedPerson {
    /// The mark.
    pub named: Mark,
    /// Whose.
    pub person: Mark,
    /// The import that brought the version they were read from.
    pub import: u32,
}

/// By what one person is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PersonMark {
    /// 宛名番号.
    AddressNumber(Mark),
    /// 個人番号.
    PersonalNumber(Mark),
    /// 接種券番号, also an earlier one.
    Coupon(Mark),
}

/// A row of an import, as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// Its place in the file, from 1.
    pub row: u64,
    /// Of its 宛名番号: who it is.
    pub person: Mark,
    /// Of its 接種券番号.
    pub coupon: Mark,
    /// Of its 個人番号.
    pub personal_number: Option<Mark>,
    /// Of its 氏名カナ and 生年月日 together.
    pub named: Option<Mark>,
    /// Of all it says.
    pub content: Mark,
    /// What it says, sealed.
    pub sealed: Vec<u8>,
}

/// A version that holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Version {
    /// The import that brought it.
    pub import: u32,
    /// The version that held before it took effect: import and row.
    pub replaces: Option<(u32, u64)>,
    /// Its row.
    pub row: VersionRow,
}

/// How a row stands to what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A person who is not kept yet.
    New,
    /// A person of whom something else is kept.
    Changed,
    /// The same is kept already.
    Unchanged,
    /// One of its numbers belongs to another person: nothing is kept of the row.
    Taken {
        /// The coupon's.
        coupon: bool,
        /// The 個人番号.
        personal_number: bool,
    },
}

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

/// As the kinds of marks are kept.
pub(super) const COUPON: i64 = 1;
pub(super) const PERSONAL_NUMBER: i64 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_lies_in_one_slice() {
        for first in 0..=u8::MAX {
            for mark in [[first; 16], [first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]] {
                let holding = (0..MARK_SLICES).filter(|slice| {
                    let (from, before) = mark_slice(*slice);
                    from.as_slice() <= mark.as_slice() && mark.as_slice() < before.as_slice()
                });
                assert_eq!(holding.count(), 1, "{first}");
            }
        }
    }

    #[test]
    fn progress_never_goes_back_and_ends_with_every_row() {
        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let watch: Watch = Arc::new(move |done, of| {
            heard.lock().unwrap().push((done, of));
            if done < of { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let mut progress = Progress::begin(&watch, 10, 4);
        let ended: Vec<bool> = [1, 1, 1, 5].map(|steps| progress.add(steps).is_break()).to_vec();
        assert_eq!(ended, [false, false, false, true]);
        assert_eq!(*told.lock().unwrap(), [(2, 10), (5, 10), (7, 10), (10, 10)]);
    }
}
