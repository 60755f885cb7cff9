//! The watch over the camera: starts the capture thread, notices when no frame comes, gives a stuck thread up and
//! tries again with growing pauses.
//!
//! Must not: touch the camera itself; `frame()` of a stalled camera never returns.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::{Duration, Instant},
};

use scanner::Frame;

use super::{
    CameraState, Source,
    device::Device,
    film::Projector,
    slot::{Shot, Slot},
};
use crate::platform::monotonic_ms;

/// A camera that gives no frame for this long does not answer.
const STALL_MS: f64 = 2_000.0;
const LOOK_EVERY: Duration = Duration::from_millis(100);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

enum Order {
    On,
    Off,
    Quit,
}

/// What the capture thread says.
enum Report {
    Opened,
    Ended(CameraState),
}

/// The camera as the program sees it.
#[derive(Debug)]
pub struct Camera {
    orders: Sender<Order>,
}

impl Camera {
    /// Frames are wanted.
    pub fn on(&self) {
        let _ = self.orders.send(Order::On);
    }
    /// No frames are wanted; the camera is closed.
    pub fn off(&self) {
        let _ = self.orders.send(Order::Off);
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Quit);
    }
}

/// Starts the watch. Every frame goes into `slot` and, as the capture thread has it, to `look`, which must be quick;
/// `tell` hears every change of state.
///
/// # Errors
/// If the operating system gives no thread.
pub fn start(
    source: Source,
    slot: Arc<Slot>,
    look: impl Fn(&Shot) + Send + Sync + 'static,
    tell: impl Fn(CameraState) + Send + 'static,
) -> std::io::Result<Camera> {
    let (orders, inbox) = channel();
    let watch = Watch { source, slot, look: Arc::new(look), tell: Box::new(tell), said: CameraState::Off };
    std::thread::Builder::new().name("camera-watch".to_owned()).spawn(move || watch.run(&inbox))?;
    Ok(Camera { orders })
}

type Look = dyn Fn(&Shot) + Send + Sync;

struct Watch {
    source: Source,
    slot: Arc<Slot>,
    look: Arc<Look>,
    tell: Box<dyn Fn(CameraState) + Send>,
    said: CameraState,
}

/// One life of the capture thread.
struct Capture {
    wanted: Arc<AtomicBool>,
    reports: Receiver<Report>,
    started_ms: f64,
}

impl Watch {
    fn run(mut self, inbox: &Receiver<Order>) {
        loop {
            match inbox.recv() {
                Ok(Order::On) => {}
                Ok(Order::Off) => continue,
                Ok(Order::Quit) | Err(_) => return,
            }
            if self.watch_until_off(inbox) {
                return;
            }
            self.say(CameraState::Off);
        }
    }

    fn say(&mut self, state: CameraState) {
        if self.said != state {
            self.said = state;
            (self.tell)(state);
        }
    }

    /// Keeps a capture thread alive until nobody wants frames; true when the program ends.
    fn watch_until_off(&mut self, inbox: &Receiver<Order>) -> bool {
        let mut pause = FIRST_PAUSE;
        loop {
            self.say(CameraState::Starting);
            let Some(capture) = self.capture() else {
                self.say(CameraState::Missing);
                return false;
            };
            let end = self.watch_one(&capture, inbox);
            capture.wanted.store(false, Ordering::Relaxed);
            self.slot.clear();
            match end {
                End::Off => return false,
                End::Quit => return true,
                End::Failed { after_frames } => {
                    if after_frames {
                        pause = FIRST_PAUSE;
                    }
                }
            }
            match wait(inbox, pause) {
                Some(Order::Off) => return false,
                Some(Order::Quit) => return true,
                Some(Order::On) | None => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn capture(&self) -> Option<Capture> {
        let wanted = Arc::new(AtomicBool::new(true));
        let (say, reports) = channel();
        let (source, slot, look) = (self.source.clone(), Arc::clone(&self.slot), Arc::clone(&self.look));
        let still_wanted = Arc::clone(&wanted);
        std::thread::Builder::new()
            .name("camera".to_owned())
            .spawn(move || {
                let end = capture(&source, &slot, &*look, &still_wanted, &say);
                let _ = say.send(Report::Ended(end));
            })
            .ok()?;
        Some(Capture { wanted, reports, started_ms: monotonic_ms() })
    }

    fn watch_one(&mut self, capture: &Capture, inbox: &Receiver<Order>) -> End {
        let mut opened_ms = None;
        loop {
            match wait(inbox, LOOK_EVERY) {
                Some(Order::Off) => return End::Off,
                Some(Order::Quit) => return End::Quit,
                Some(Order::On) | None => {}
            }
            while let Ok(report) = capture.reports.try_recv() {
                match report {
                    Report::Opened => opened_ms = Some(monotonic_ms()),
                    Report::Ended(state) => {
                        self.say(state);
                        return End::Failed { after_frames: opened_ms.is_some() };
                    }
                }
            }
            let last = self.slot.last_taken_ms().filter(|taken| *taken >= capture.started_ms);
            let silent_since = last.or(opened_ms).unwrap_or(capture.started_ms);
            if monotonic_ms() - silent_since > STALL_MS {
                // The thread may hang in the camera for ever; it is left behind and ends when it comes to itself.
                self.say(CameraState::NotAnswering);
                return End::Failed { after_frames: last.is_some() };
            }
            if last.is_some() {
                self.say(CameraState::Running);
            }
        }
    }
}

enum End {
    Off,
    Quit,
    Failed { after_frames: bool },
}

fn wait(inbox: &Receiver<Order>, most: Duration) -> Option<Order> {
    match inbox.recv_timeout(most) {
        Ok(order) => Some(order),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => Some(Order::Quit),
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
        let (width, height, luma) = match eye.frame() {
            Ok(frame) => frame,
            Err(state) => return state,
        };
        if !wanted.load(Ordering::Relaxed) {
            break;
        }
        let taken_ms = monotonic_ms();
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
            Source::Sheets(sheets) => Ok(Self::Sheets(Box::new(Projector::new(sheets, now())))),
            Source::DeviceOrSheets(sheets) => {
                device(None).or_else(|_| Ok(Self::Sheets(Box::new(Projector::new(sheets, now())))))
            }
        }
    }

    fn frame(&mut self) -> Result<(u32, u32, Vec<u8>), CameraState> {
        match self {
            Self::Device(device) => device.frame(),
            Self::Sheets(projector) => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the simulated camera keeps a real camera's pace"
                )]
                let now = Instant::now();
                Ok(projector.frame(now))
            }
        }
    }
}
