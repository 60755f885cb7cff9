//! A camera for a program that is started with this library in `LD_PRELOAD`, described by its environment.
//!
//! Must not: guess. A camera that is described wrongly ends the program with a sentence.

use std::{env, ffi::OsString, fs::File, path::PathBuf, sync::Arc, sync::Once};

use crate::{
    device::{Control, Device, Scene},
    reel::Reel,
    socket::{Plug, put_in},
};

/// The reel that the camera plays; without it there is no camera.
pub const REEL: &str = "FAKECAM_REEL";
/// A file that holds the word of a [`crate::Mode`], read before each frame; without it the camera runs.
pub const CONTROL: &str = "FAKECAM_CONTROL";
/// A file into which the number and the instant (monotonic, nanoseconds) of each frame are written that the program
/// was given.
pub const LOG: &str = "FAKECAM_LOG";

/// Puts the camera of the environment into the socket, the first time it is asked for.
pub(crate) fn preloaded() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Some(reel) = env::var_os(REEL) {
            put_in(described(reel));
        }
    });
}

fn described(reel: OsString) -> Arc<Plug> {
    let path = PathBuf::from(reel);
    let reel = Reel::open(&path).unwrap_or_else(|error| panic!("fakecam: {}: {error}", path.display()));
    let device = Device { offers: vec![reel.offer()], scene: Scene::Reel(Arc::new(reel)) };
    let control = env::var_os(CONTROL).map_or(Control::Nobody, |file| Control::File(file.into()));
    let log = env::var_os(LOG).map(|file| {
        File::create(&file).unwrap_or_else(|error| panic!("fakecam: {}: {error}", file.display()))
    });
    Plug::new(device, control, log)
}
