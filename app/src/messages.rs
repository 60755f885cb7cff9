//! Every problem as one sentence and the next thing to do, in Japanese and English. The matches are exhaustive: an
//! error without its sentence does not compile.
//!
//! Must not: hold a number, a name or anything else of a person.

mod say;

use record::{LotNumber, OcrLineError, TabletId};
use store::{OpenError, SetAside, StoreError};

pub use say::{
    Named, camera, cause, difference, finding, group_names, guidance, notice, number, part, review,
    send_problem, stop, why,
};

use crate::workflow::scan::Stop;

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// All is well.
    Safe,
    /// A person should look.
    Person,
    /// It does not go on like this.
    Stop,
}

/// One sentence and the next thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What it is about.
    pub tone: Tone,
    /// What happened.
    pub sentence: String,
    /// What to do now; empty where there is nothing to do.
    pub next_step: String,
}

/// One thing to tell above a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// There is no room to practise in.
    NoTraining,
    /// A bundle cannot be used.
    Setup(SetupProblem),
    /// The tablet is set up, and the file could not be marked.
    NotMarked(TabletId),
    /// The tablet was not unlocked.
    Unlock(UnlockProblem),
    /// An entry was not kept.
    Keep(KeepProblem),
    /// A number is none.
    Number(NumberProblem),
    /// A paper cannot be recorded.
    Stopped(Stop),
    /// What a USB scanner typed is no coupon's number.
    Typed(TypedProblem),
    /// A number was typed again and is another one: the first group that differs, 0 to 3.
    TypedDiffers(usize),
    /// A coupon's code was read beside what is typed.
    CodeHeard,
    /// A vaccine's package was read, and chooses no lot.
    Package(PackageProblem),
    /// A vaccine's package was read: its lot is chosen, until a person begins with it.
    LotTaken(LotNumber),
    /// A database was set aside.
    SetAside(SetAside),
    /// There were wrong PINs before this unlocking.
    WrongPinsBefore(u32),
    /// Another day has begun: its settings are asked for.
    NewDay,
    /// That tablet has this one's place: no new day begins here.
    Replaced(TabletId),
    /// Nobody did anything for long: the tablet is about to lock itself.
    LocksSoon,
    /// It locked itself.
    LockedItself,
    /// Recorded.
    Kept,
    /// Corrected.
    Corrected,
    /// Cancelled.
    Cancelled,
    /// The day was closed.
    Closed,
    /// What was done with stock is recorded.
    StockKept,
    /// What was typed is no slip number.
    NoSlip,
}

/// Why a bundle is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupProblem {
    /// The file cannot be read.
    Unreadable(std::io::ErrorKind),
    /// It is not a bundle, or not as it was signed.
    Bundle(seal::Error),
    /// It is past its time.
    Expired,
    /// Another sender than before.
    OtherSigner,
    /// What was typed is no set-up code.
    MistypedCode,
    /// The code opens nothing. The next try is taken after `wait_ms`.
    WrongCode {
        /// How long to wait, in milliseconds; 0 for not at all.
        wait_ms: u64,
    },
    /// No code is taken yet, after wrong ones before.
    CodeTooSoon {
        /// How long to wait, in milliseconds.
        wait_ms: u64,
    },
    /// Another tablet was set up with it, as a mark beside the file says.
    AlreadyUsed(TabletId),
    /// It renews the settings of a tablet that is at work, and this one is new.
    OnlyRenews(TabletId),
    /// For another tablet.
    OtherTablet,
    /// The tablet's own folder cannot be written.
    Folder(std::io::ErrorKind),
    /// The tablet's secrets cannot be made or sealed.
    Secrets(seal::Error),
    /// The database cannot be begun.
    Open(OpenError),
}

/// Why the tablet was not unlocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnlockProblem {
    /// Not the PIN. The next try is taken after `wait_ms`.
    WrongPin {
        /// How long to wait, in milliseconds; 0 for not at all.
        wait_ms: u64,
    },
    /// No PIN is taken yet, after wrong ones before.
    TooSoon {
        /// How long to wait, in milliseconds.
        wait_ms: u64,
    },
    /// The person is not in the configuration.
    UnknownStaff,
    /// The tablet's vault cannot be read.
    Vault(std::io::ErrorKind),
    /// The tablet's vault does not open.
    Secrets(seal::Error),
    /// The database does not open.
    Open(OpenError),
    /// Sending could not be started.
    Thread,
}

/// Why an entry was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeepProblem {
    /// The database.
    Store(StoreError),
    /// No randomness for its id.
    Randomness,
    /// The tablet is locked.
    Locked,
}

/// Why what a USB scanner typed is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypedProblem {
    /// It is the code of a vaccine's package.
    Package,
    /// It is neither a coupon's nor a package's.
    NoCoupon,
    /// It is a coupon's, and there is no camera to see its paper.
    NoCamera,
}

/// Why a package chooses no lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageProblem {
    /// It is no package's code.
    NoPackage,
    /// The code holds no lot, or one that cannot be told from what stands behind it.
    NoLot,
    /// The site has not received that lot.
    UnknownLot(LotNumber),
}

/// Why digits are no coupon's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberProblem {
    /// Not a line.
    Line(OcrLineError),
    /// There is no such municipality.
    UnknownMunicipality,
}
