//! 音: what a sound says – read, a person is needed, refused – and the thread that plays it. Colour, shape and word say the
//! same on the screen, so a tablet without a speaker only stays silent.
//!
//! Must not: make anybody wait, or decide what is heard.

mod tones;

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
};

use rodio::{DeviceSinkBuilder, MixerDeviceSink, buffer::SamplesBuffer};

use crate::platform::monotonic_ms;

/// What a sound says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// A number was read, or is on disk where nobody is asked.
    Read,
    /// A person must look.
    PersonNeeded,
    /// It cannot be recorded.
    Refused,
}

impl Signal {
    /// All.
    pub const ALL: [Self; 3] = [Self::Read, Self::PersonNeeded, Self::Refused];
}

/// The speaker gives no sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSpeaker;

/// A speaker that was not there is asked again after this time, in milliseconds: one may be plugged in.
const ASK_AGAIN_MS: f64 = 5000.0;

const ONE_CHANNEL: NonZero<u16> = NonZero::<u16>::MIN;

/// Plays sounds on a thread of its own.
#[derive(Debug)]
pub struct Speaker {
    signals: Sender<Signal>,
}

impl Speaker {
    /// Starts the thread; the speaker itself is opened with the first sound. `tell` hears of each sound whether it was
    /// played, and must not block.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(tell: impl Fn(Result<(), NoSpeaker>) + Send + 'static) -> std::io::Result<Self> {
        let (signals, inbox) = channel();
        std::thread::Builder::new().name("speaker".to_owned()).spawn(move || run(&inbox, tell))?;
        Ok(Self { signals })
    }

    /// One more sound.
    pub fn play(&self, signal: Signal) {
        let _ = self.signals.send(signal);
    }
}

fn run(inbox: &Receiver<Signal>, tell: impl Fn(Result<(), NoSpeaker>)) {
    let broken = Arc::new(AtomicBool::new(false));
    let mut sink: Option<MixerDeviceSink> = None;
    let mut refused_at_ms = None::<f64>;
    while let Ok(first) = inbox.recv() {
        // Of what has gathered meanwhile only the newest is still true.
        let signal = inbox.try_iter().last().unwrap_or(first);
        if broken.swap(false, Ordering::Relaxed) {
            sink = None;
        }
        let may_ask = refused_at_ms.is_none_or(|at| monotonic_ms() - at > ASK_AGAIN_MS);
        if sink.is_none() && may_ask {
            sink = open(&broken);
            refused_at_ms = sink.is_none().then(monotonic_ms);
        }
        match &sink {
            Some(sink) => {
                let samples = tones::samples(signal);
                sink.mixer().add(SamplesBuffer::new(ONE_CHANNEL, tones::SAMPLES_A_SECOND, samples));
                tell(Ok(()));
            }
            None => tell(Err(NoSpeaker)),
        }
    }
}

/// The system's usual output. What breaks later (a speaker that was unplugged) is opened anew with the next sound.
fn open(broken: &Arc<AtomicBool>) -> Option<MixerDeviceSink> {
    let broken = Arc::clone(broken);
    let on_error = move |_| broken.store(true, Ordering::Relaxed);
    let builder = DeviceSinkBuilder::from_default_device().ok()?;
    let mut sink = builder.with_error_callback(on_error).open_stream().ok()?;
    sink.log_on_drop(false);
    Some(sink)
}
