//! Everything that can be asked of the world: a closed list, carried out by the shell.
//!
//! Must not: be carried out here.

use std::{path::PathBuf, sync::Arc};

use record::{CalendarDate, DaySettings, EntryContent, EntryId, LotNumber, OcrLine, StaffId, TabletId};
use scanner::{CaptureId, Expectation, TypedCode};
use seal::{bundle::VerifiedBundle, bundle_box::BundleBox, pin::Pin, set_up_code::SetUpCode};
use store::ListFilter;

use crate::{camera::FoundCamera, display::Display, sound::Signal};

/// What is to be done.
#[derive(Debug)]
pub enum Effect {
    /// Keep how the screen speaks.
    KeepDisplay(Display),
    /// Look for bundle files.
    LookForBundles,
    /// Look at one, whole.
    LookAtBox(PathBuf),
    /// Open the bundle of one tablet with its code.
    OpenSlot {
        /// The box.
        bundles: Arc<BundleBox>,
        /// Which tablet's.
        tablet_id: TabletId,
        /// What was typed.
        code: SetUpCode,
    },
    /// Apply it, and mark it as used beside the file it lay in.
    ApplyBundle {
        /// The bundle.
        bundle: Box<VerifiedBundle>,
        /// The box it came in.
        from: PathBuf,
    },
    /// Try a PIN.
    Unlock {
        /// Whose.
        staff_id: StaffId,
        /// What was typed.
        pin: Pin,
    },
    /// Try the PIN of a person in charge.
    Permit {
        /// Whose.
        staff_id: StaffId,
        /// What was typed.
        pin: Pin,
    },
    /// Put training before the screen; the tablet's own work stays behind it, locked.
    Train,
    /// Take training away, with everything that was recorded there.
    EndTraining,
    /// Write down that the screen was locked. Sending goes on.
    NoteLocked(StaffId),
    /// Keep the day's settings.
    KeepDay(Box<DaySettings>, StaffId),
    /// What does this tablet hold of that coupon?
    LookUp(OcrLine),
    /// Keep an entry.
    Keep {
        /// What it says.
        content: Box<EntryContent>,
        /// Who confirmed it.
        staff_id: StaffId,
        /// The frame it was read in, where it was read.
        capture: Option<CaptureId>,
    },
    /// A page of the list.
    List {
        /// Which list.
        filter: ListFilter,
        /// From which row.
        offset: usize,
    },
    /// One entry's history.
    LoadHistory(EntryId),
    /// Count.
    Count,
    /// What does this tablet hold of that day?
    CountDay(CalendarDate),
    /// Count the doses of each lot.
    CountLots,
    /// The camera is needed, and this is what the day expects of a coupon.
    Watch(Expectation),
    /// A USB scanner typed a coupon's digits: one more reading.
    Hear(TypedCode),
    /// The camera is needed to look for a vaccine's package or sticker.
    WatchForPackage {
        /// Decides the century of an expiry.
        today: CalendarDate,
        /// The lots that a sticker can name.
        lots: Vec<LotNumber>,
    },
    /// List the cameras.
    LookForCameras,
    /// Film with that one from now on; with the first that gives pictures where there is none.
    UseCamera(Option<FoundCamera>),
    /// The camera is not needed.
    StopWatching,
    /// The paper in view is done with. Somebody's hands take it away; a simulated camera's do it for them.
    NextPaper,
    /// Look at what only the keeper can: space, the database, the key store. Who asks is audited.
    Inspect(StaffId),
    /// Say it by a sound.
    Sound(Signal),
    /// Send at once.
    SendNow,
}

/// How many rows a page of the list has.
pub const LIST_ROWS: usize = 50;
