//! The capture thread: opens one camera and films until frames are no longer wanted of it or it fails.
//!
//! Must not: be waited for. It may hang in its camera for ever; `watch` knows how to live with that.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    time::Instant,
};

use scanner::Frame;

use super::{
    CameraState, Exposure, Source, choice,
    device::Device,
    film::Projector,
    slot::{Shot, Slot},
};
use crate::platform::monotonic_ms;

/// What the capture thread says.
pub(super) enum Report {
    Opened,
    Ended(CameraState),
}

/// Takes a look at every frame as the capture thread has it.
pub(super) type Look = dyn Fn(&Shot) + Send + Sync;

/// One life of the capture thread.
pub(super) struct Capture {
    wanted: Arc<AtomicBool>,
    reports: Receiver<Report>,
    pub(super) started_ms: f64,
}

impl Capture {
    /// Starts the thread.
    pub(super) fn start(source: &Source, slot: &Arc<Slot>, look: &Arc<Look>) -> std::io::Result<Self> {
        let wanted = Arc::new(AtomicBool::new(true));
        let (say, reports) = channel();
        let (source, slot, look) = (source.clone(), Arc::clone(slot), Arc::clone(look));
        let still_wanted = Arc::clone(&wanted);
        std::thread::Builder::new().name("camera".to_owned()).spawn(move || {
            let end = capture(&source, &slot, &*look, &still_wanted, &say);
            let _ = say.send(Report::Ended(end));
        })?;
        Ok(Self { wanted, reports, started_ms: monotonic_ms() })
    }

    /// No frames are wanted of it any more: it ends with the camera's next one.
    pub(super) fn give_up(&self) {
        self.wanted.store(false, Ordering::Relaxed);
    }

    /// What the thread says next, if anything. One that panicked has ended like one whose camera fell silent.
    pub(super) fn report(&self) -> Option<Report> {
        match self.reports.try_recv() {
            Ok(report) => Some(report),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Report::Ended(CameraState::NotAnswering)),
        }
    }
    /// Whether the thread has let go of the camera.
    pub(super) fn has_ended(&self) -> bool {
        while let Some(report) = self.report() {
            if let Report::Ended(_) = report {
                return true;
            }
        }
        false
    }
}

/// The capture thread: one camera, one loop.
fn capture(
    source: &Source,
    slot: &Slot,
    look: &Look,
    wanted: &AtomicBool,
    say: &Sender<Report>,
) -> CameraState {
    let mut eye = match Eye::open(source) {
        Ok(eye) => eye,
        Err(state) => return state,
    };
    if say.send(Report::Opened).is_err() {
        return CameraState::Off;
    }
    while wanted.load(Ordering::Relaxed) {
        let exposure = match eye.look() {
            Ok(Some(exposure)) => exposure,
            Ok(None) => continue,
            Err(state) => return state,
        };
        if !wanted.load(Ordering::Relaxed) {
            break;
        }
        let Exposure { width, height, luma, taken_ms } = exposure;
        let Ok(frame) = Frame::new(slot.next_capture(), width, height, luma.into()) else {
            return CameraState::Unusable;
        };
        let shot = Shot { frame, taken_ms };
        look(&shot);
        slot.put(shot);
    }
    CameraState::Off
}

enum Eye {
    Device(Box<Device>),
    Sheets(Box<Projector>),
}

impl Eye {
    fn open(source: &Source) -> Result<Self, CameraState> {
        #[expect(clippy::disallowed_methods, reason = "the simulated camera keeps a real camera's pace")]
        let now = Instant::now;
        let device = |index| Device::open(index).map(|device| Self::Device(Box::new(device)));
        match source {
            Source::Device(index) => device(*index),
            Source::Chosen(chosen) => match choice::pick(chosen, &choice::cameras()) {
                Some(number) => device(Some(number)),
                None => Err(CameraState::Missing),
            },
            Source::Sheets(sheets) => Ok(Self::Sheets(Box::new(Projector::new(sheets, now())))),
            Source::DeviceOrSheets(sheets) => {
                device(None).or_else(|_| Ok(Self::Sheets(Box::new(Projector::new(sheets, now())))))
            }
        }
    }

    /// What it sees next; nothing where that was damaged on the way.
    fn look(&mut self) -> Result<Option<Exposure>, CameraState> {
        match self {
            Self::Device(device) => device.look(),
            Self::Sheets(projector) => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the simulated camera keeps a real camera's pace"
                )]
                let now = Instant::now();
                Ok(Some(projector.look(now)))
            }
        }
    }
}
