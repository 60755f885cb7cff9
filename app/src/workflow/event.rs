//! Everything that can happen: a closed list.
//!
//! Must not: carry anything of a person beyond what a page shows.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use record::{
    CalendarDate, Entry, EntryId, LotNumber, OcrLine, StaffId, TabletId, WallTime, rules::EarlierDose,
};
use scanner::{Guidance, Verdict, package::PackageLabel};
use seal::{bundle::VerifiedBundle, bundle_box::BundleBox};
use store::{Counts, DayEntry, HistoryRow, ListFilter, ListRow, SetAside};
use sync::status::SendStatus;

use crate::{
    camera::{CameraState, FoundCamera},
    display::Display,
    messages::{KeepProblem, SetupProblem, UnlockProblem},
    profile::Profile,
    sound::{NoSpeaker, Signal},
    workflow::{day::Field, scan::CropOf, selftest::Inspection},
};

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// A person pressed something.
    Press(Press),
    /// A second went by.
    Tick,
    /// Bundle files that lie about.
    BundlesFound(Vec<FoundBundle>),
    /// The chosen file was looked at: every byte of it is as it was signed, or it is refused.
    BoxOffered(Result<OfferedBox, SetupProblem>),
    /// The chosen bundle was opened with its code.
    BundleOpened(Result<Box<VerifiedBundle>, SetupProblem>),
    /// The bundle was applied.
    BundleApplied(Result<Arc<Profile>, SetupProblem>),
    /// The bundle that was applied could not be marked as used where it lies.
    NotMarked(TabletId),
    /// A PIN was tried.
    Unlocked(Result<Box<Unlocked>, UnlockProblem>),
    /// A person in charge was asked.
    Permitted(Result<(), UnlockProblem>),
    /// The camera's state changed.
    Camera(CameraState),
    /// The reader looked at a frame and came to something new.
    Seen(Seen),
    /// The camera saw a vaccine's package.
    PackageSeen(PackageLabel),
    /// The camera saw a text that could be these of the received lots.
    LotsSeen(Vec<LotNumber>),
    /// A USB scanner typed a line.
    Typed(String),
    /// What would help the reader has changed.
    Guided(Option<Guidance>),
    /// The database was asked about a coupon.
    LookedUp {
        /// The coupon that was asked about; an answer about another one is none.
        line: OcrLine,
        /// The coupon's earlier doses that stand on this tablet.
        earlier: Vec<EarlierDose>,
    },
    /// What this tablet holds of a day.
    DayCounted {
        /// Which day.
        day: CalendarDate,
        /// Its entries.
        entries: Vec<DayEntry>,
    },
    /// Doses that stand on this tablet, by lot.
    LotsCounted(BTreeMap<LotNumber, u32>),
    /// The database could not be asked about a coupon.
    LookUpFailed(KeepProblem),
    /// An entry was kept, or not.
    Kept(Result<Box<Kept>, KeepProblem>),
    /// A page of the list.
    Listed {
        /// Which list.
        filter: ListFilter,
        /// From which row.
        offset: usize,
        /// The rows.
        rows: Vec<ListRow>,
    },
    /// One entry's history.
    History(Vec<HistoryRow>),
    /// How many there are.
    Counted(Counts),
    /// How sending stands.
    Sending(SendStatus),
    /// The profile as it holds with what the central published: recalls and rules, say.
    ProfileChanged(Arc<Profile>),
    /// What the keeper found when it looked at the tablet.
    Inspected(Box<Inspection>),
    /// The cameras there are, and the one that was chosen before.
    CamerasFound {
        /// By number.
        cameras: Vec<FoundCamera>,
        /// None for the first that gives pictures.
        chosen: Option<FoundCamera>,
    },
    /// There is no room to practise in.
    TrainingFailed,
    /// A sound was played, or not.
    Played(Result<(), NoSpeaker>),
}

/// A bundle file that lies about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBundle {
    /// The file.
    pub path: PathBuf,
}

/// A box that may be chosen from.
#[derive(Debug, Clone)]
pub struct OfferedBox {
    /// The file.
    pub path: PathBuf,
    /// What it holds, unopened.
    pub bundles: Arc<BundleBox>,
    /// Tablets that were set up from this file before, as marks beside it say.
    pub used: BTreeSet<TabletId>,
}

/// What unlocking gave.
#[derive(Debug)]
pub struct Unlocked {
    /// Who.
    pub staff_id: StaffId,
    /// The day's settings kept last.
    pub day: Option<record::DaySettings>,
    /// How many entries there are.
    pub counts: Counts,
    /// A database that had to be set aside.
    pub set_aside: Option<SetAside>,
    /// Wrong PINs before this right one.
    pub wrong_pins: u32,
}

/// What the reader made of a frame.
#[derive(Debug)]
pub struct Seen {
    /// Its verdict.
    pub verdict: Verdict,
    /// The part of that very frame to show, where there is something to show.
    pub crop: Option<CropOf>,
}

/// An entry that is on disk now.
#[derive(Debug)]
pub struct Kept {
    /// The entry.
    pub entry: Entry,
    /// How many there are now.
    pub counts: Counts,
}

/// Where the rail leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// 読取.
    Scan,
    /// 記録.
    Records,
    /// 締め.
    Closing,
    /// 在庫.
    Stock,
    /// 送信.
    Sending,
    /// 設定.
    About,
}

/// What a person pressed.
#[derive(Debug)]
pub enum Press {
    /// The other language.
    SwitchLanguage,
    /// A way of display.
    SetDisplay(Display),
    /// Settings: let the tablet look at itself.
    SelfTest,
    /// Settings: film with that camera; 0 is the first that gives pictures, then the list.
    ChooseCamera(usize),
    /// Settings: let that sound be heard.
    TrySound(Signal),
    /// The notice was read.
    CloseNotice,
    /// 使い方 of what is shown.
    Help,
    /// 使い方: all tasks, or back to the one.
    ListHelp,
    /// 使い方: this task, by its place.
    HelpWith(usize),
    /// 使い方: back to the page.
    CloseHelp,
    /// An item of the rail.
    Go(Place),
    /// Practise.
    Train,
    /// Lock; in training, end it.
    Lock,
    /// Back, or cancel what is open.
    Back,
    /// First start: look for files.
    LookAgain,
    /// First start: this file, by its place in the list.
    ChooseBundle(usize),
    /// First start: the settings for this tablet, by its place in the box.
    ChooseSlot(usize),
    /// First start: use it.
    ApplyBundle,
    /// Settings: a new bundle.
    Configure,
    /// Unlock: this person, by place in the list.
    ChooseStaff(usize),
    /// A digit, `0` to `9`.
    Digit(char),
    /// Take the last digit back.
    TakeBack,
    /// What the rules ask about is right all the same; pressed again: it is not.
    SetAside,
    /// What was typed, chosen or compared is complete.
    Done,
    /// A row of the day's settings or of a correction.
    OpenField(Field),
    /// A choice in an open list, by its place.
    Choose(usize),
    /// Scan: keep what is shown.
    Record,
    /// Scan: forget what is shown.
    Discard,
    /// Scan: take back what was recorded of the paper in view.
    TakeBackRecord,
    /// Scan: let a person settle it.
    Settle,
    /// Scan or confirm: type the number.
    Keypad,
    /// Scan: change the day's settings.
    ChangeDay,
    /// Scan: the record before.
    OpenLast,
    /// Scan: ask each time, or not.
    SwitchMode,
    /// Confirm: this group is the same on the paper.
    Tick(usize),
    /// Closing: a lot that no dose was recorded of; again: none.
    AddLot,
    /// Closing, stock: open that row.
    OpenRow(usize),
    /// Records: which list.
    Filter(ListFilter),
    /// Records: look for a number, or no longer.
    Search,
    /// Records: more rows.
    More,
    /// Records: this one.
    OpenRecord(EntryId),
    /// Record: correct it.
    Correct,
    /// Record: cancel it.
    Cancel,
    /// Change: the number is to be typed.
    ChangeNumber,
    /// Change: this reason, by place.
    Reason(usize),
    /// Sending: at once.
    SendNow,
}

/// When an entry was recorded, for the line about the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Which.
    pub entry_id: EntryId,
    /// Last four digits of its coupon; none for a cancellation.
    pub last_four: Option<String>,
    /// When, by the tablet's clock.
    pub at: WallTime,
}
