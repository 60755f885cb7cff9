//! The capture thread as the program has it, and what it says and films.
//!
//! Must not: know what the camera does; the test pulls its plug.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

use app::camera::{Camera, CameraState, Shot, Slot, Source, start};
use fakecam::INDEX;

/// The camera in user space, and no other.
pub(crate) fn source() -> Source {
    Source::Device(Some(INDEX))
}

/// A camera that is watched.
pub(crate) struct Watching {
    pub(crate) slot: Arc<Slot>,
    states: Receiver<CameraState>,
    _camera: Camera,
}

impl Watching {
    /// Begins to film.
    pub(crate) fn begin() -> Self {
        let slot = Arc::new(Slot::default());
        let (tell, states) = channel();
        let say = move |state| {
            // The test may be over.
            let _ = tell.send(state);
        };
        let camera = start(source(), Arc::clone(&slot), |_| {}, say).unwrap();
        camera.on();
        Self { slot, states, _camera: camera }
    }

    /// Waits until the camera is as expected; what it said until then, that included. Fails where it does not come
    /// within that time.
    pub(crate) fn until(&self, expected: CameraState, within: Duration) -> Vec<CameraState> {
        let began = Instant::now();
        let mut said = Vec::new();
        while said.last() != Some(&expected) {
            let left = within.saturating_sub(began.elapsed());
            match self.states.recv_timeout(left) {
                Ok(state) => said.push(state),
                Err(_) => panic!("the camera is not {expected:?} within {within:?}; it said {said:?}"),
            }
        }
        said
    }

    /// What it says within that time.
    pub(crate) fn says_within(&self, time: Duration) -> Vec<CameraState> {
        let began = Instant::now();
        let left = || time.saturating_sub(began.elapsed());
        std::iter::from_fn(|| self.states.recv_timeout(left()).ok()).collect()
    }

    /// The next picture that was not seen yet.
    pub(crate) fn shot(&self) -> Shot {
        self.slot.take(Duration::from_secs(5)).expect("a picture within five seconds")
    }
}
