//! The watch over the camera: starts the capture thread, notices when no frame comes, gives a stuck thread up and
//! tries again with growing pauses.
//!
//! Must not: touch the camera itself, because asking a stalled camera for a frame never returns; or open it while a
//! thread that was given up still holds it: that would look like another program's doing.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::Duration,
};

use super::{
    CameraState, Source,
    capture::{Capture, Look, Report},
    slot::{Shot, Slot},
};
use crate::platform::monotonic_ms;

/// A camera that gives no frame for this long does not answer.
const STALL_MS: f64 = 2_000.0;
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A thread that frames are no longer wanted of ends with the camera's next frame.
const LOOK_AGAIN: Duration = Duration::from_millis(10);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Whoever plugs a camera in again waits no longer than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

enum Order {
    On,
    Off,
    Use(Source),
    Quit,
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
    /// Frames come from there from now on.
    pub fn use_source(&self, source: Source) {
        let _ = self.orders.send(Order::Use(source));
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
    let watch = Watch {
        source,
        slot,
        look: Arc::new(look),
        tell: Box::new(tell),
        said: CameraState::Off,
        earlier: None,
    };
    std::thread::Builder::new().name("camera-watch".to_owned()).spawn(move || watch.run(&inbox))?;
    Ok(Camera { orders })
}

struct Watch {
    source: Source,
    slot: Arc<Slot>,
    look: Arc<Look>,
    tell: Box<dyn Fn(CameraState) + Send>,
    said: CameraState,
    /// A capture thread that frames are no longer wanted of and that may still hold the camera.
    earlier: Option<Capture>,
}

impl Watch {
    fn run(mut self, inbox: &Receiver<Order>) {
        loop {
            match inbox.recv() {
                Ok(Order::On) => {}
                Ok(Order::Off) => continue,
                Ok(Order::Use(source)) => {
                    self.change(source);
                    continue;
                }
                Ok(Order::Quit) | Err(_) => return,
            }
            loop {
                match self.keep_filming(inbox) {
                    Err(Stop::Off) => break self.say(CameraState::Off),
                    Err(Stop::Use(source)) => self.change(*source),
                    Err(Stop::Quit) => return,
                }
            }
        }
    }

    /// Another camera need not wait for a thread that may hang in the one before for ever.
    fn change(&mut self, source: Source) {
        self.source = source;
        self.earlier = None;
        self.slot.clear();
    }

    fn say(&mut self, state: CameraState) {
        if self.said != state {
            self.said = state;
            (self.tell)(state);
        }
    }

    /// No frames come any more: whoever hears it finds none of before.
    fn fall_silent(&mut self, state: CameraState) {
        self.slot.clear();
        self.say(state);
    }

    /// Keeps a capture thread alive until nobody wants frames. What went wrong stays said until frames come.
    fn keep_filming(&mut self, inbox: &Receiver<Order>) -> Result<Infallible, Stop> {
        let mut pause = FIRST_PAUSE;
        self.say(CameraState::Starting);
        loop {
            self.wait_for_earlier(inbox)?;
            if self.film(inbox)? == Filmed::Something {
                pause = FIRST_PAUSE;
            }
            wait(inbox, pause)?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits until the camera is free of the thread that had it before; says so where that takes long.
    fn wait_for_earlier(&mut self, inbox: &Receiver<Order>) -> Result<(), Stop> {
        let since_ms = monotonic_ms();
        while let Some(earlier) = &self.earlier {
            if earlier.has_ended() {
                self.earlier = None;
            } else {
                if monotonic_ms() - since_ms > STALL_MS {
                    self.say(CameraState::NotAnswering);
                }
                wait(inbox, LOOK_AGAIN)?;
            }
        }
        Ok(())
    }

    /// One capture thread, until it fails or is not wanted any more.
    fn film(&mut self, inbox: &Receiver<Order>) -> Result<Filmed, Stop> {
        let Ok(capture) = Capture::start(&self.source, &self.slot, &self.look) else {
            self.say(CameraState::Missing);
            return Ok(Filmed::Nothing);
        };
        let filmed = self.watch(&capture, inbox);
        capture.give_up();
        self.slot.clear();
        self.earlier = Some(capture);
        filmed
    }

    fn watch(&mut self, capture: &Capture, inbox: &Receiver<Order>) -> Result<Filmed, Stop> {
        let mut opened_ms = None;
        loop {
            wait(inbox, LOOK_EVERY)?;
            let last = self.slot.last_taken_ms().filter(|taken| *taken >= capture.started_ms);
            let filmed = if last.is_some() { Filmed::Something } else { Filmed::Nothing };
            while let Some(report) = capture.report() {
                match report {
                    Report::Opened => opened_ms = Some(monotonic_ms()),
                    Report::Ended(state) => {
                        self.fall_silent(state);
                        return Ok(filmed);
                    }
                }
            }
            let silent_since = last.or(opened_ms).unwrap_or(capture.started_ms);
            if monotonic_ms() - silent_since > STALL_MS {
                // The thread may hang in the camera for ever; it is left behind until it comes to itself.
                self.fall_silent(CameraState::NotAnswering);
                return Ok(filmed);
            }
            if last.is_some() {
                self.say(CameraState::Running);
            }
        }
    }
}

/// What came of one capture thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filmed {
    Something,
    Nothing,
}

/// Why no frames are wanted any more.
enum Stop {
    Off,
    Quit,
    /// They are wanted from there.
    Use(Box<Source>),
}

/// Waits at most that long for an order.
fn wait(inbox: &Receiver<Order>, most: Duration) -> Result<(), Stop> {
    match inbox.recv_timeout(most) {
        Ok(Order::On) | Err(RecvTimeoutError::Timeout) => Ok(()),
        Ok(Order::Off) => Err(Stop::Off),
        Ok(Order::Use(source)) => Err(Stop::Use(Box::new(source))),
        Ok(Order::Quit) | Err(RecvTimeoutError::Disconnected) => Err(Stop::Quit),
    }
}
