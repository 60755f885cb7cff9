//! 接種対象者: a municipality's people as they are kept, sealed and found by keyed marks, and the imports that brought them.
//!
//! Must not: see a name or a number in the clear; change anything but by an import that takes effect or is undone.
//!
//! A row of an import is kept once and never changed (`person_versions`); which of a person's versions holds is a pointer
//! (`people`). So an import takes effect by setting pointers and is undone by setting them back.

use record::{CouponNumber, MunicipalityCode, WallTime};
pub use seal::people::Mark;

use super::{
    Answer, StandingDose,
    imports::{Begun, Import, TookEffect, Undone},
    watch::Watch,
};

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

/// As the kinds of marks are kept.
pub(super) const COUPON: i64 = 1;
pub(super) const PERSONAL_NUMBER: i64 = 2;
