//! The camera: a thread that owns it, the newest frame, and a watch over both. A camera that stalls is given up and
//! tried again; one that was unplugged is opened again when it returns.
//!
//! Must not: block anybody who looks at frames, or queue old ones.

mod capture;
pub mod choice;
mod device;
mod film;
pub mod luma;
mod slot;
mod watch;

pub use choice::FoundCamera;
pub use film::{Hands, SheetsUnderCamera};
pub use slot::{Shot, Slot};
pub use watch::{Camera, start};

/// Where frames come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// The camera with that number; the first that gives pictures where there is none.
    Device(Option<u32>),
    /// The camera that was chosen on this tablet.
    Chosen(FoundCamera),
    /// Sample sheets passing under a simulated camera.
    Sheets(SheetsUnderCamera),
    /// The first camera, or sample sheets where there is none.
    DeviceOrSheets(SheetsUnderCamera),
}

/// What an eye saw: a picture's luma, and when it was taken.
struct Exposure {
    width: u32,
    height: u32,
    luma: Vec<u8>,
    /// In milliseconds on the monotonic clock, before anything was done with it.
    taken_ms: f64,
}

/// How the camera is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraState {
    /// Nobody asked for it.
    Off,
    /// It is being opened.
    Starting,
    /// Frames come.
    Running,
    /// There is none.
    Missing,
    /// It is there and gives nothing.
    NotAnswering,
    /// Another program has it.
    Busy,
    /// It gives no form of picture that can be used.
    Unusable,
}
