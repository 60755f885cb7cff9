//! What differs from one kind of tablet to another: clocks, folders, the key store, where sticks appear. One module
//! for each kind; the rest of the program does not know which it runs on.
//!
//! Must not: hold behaviour.

mod linux;

pub use linux::{bundle_places, data_folder, device_secret, free_bytes, is_side_device};

use std::sync::OnceLock;

use record::{Moment, WallTime};

/// What the clocks say now.
#[must_use]
pub fn now() -> Moment {
    #[expect(clippy::disallowed_methods, reason = "the edge where time comes in")]
    let wall = std::time::SystemTime::now();
    let since = wall.duration_since(std::time::UNIX_EPOCH);
    let unix_ms = since.map_or_else(
        |before| i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        |after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
    );
    Moment { wall: WallTime::from_unix_ms(unix_ms), monotonic_ms: monotonic_ms() as u64 }
}

/// The monotonic clock in milliseconds and parts of them, from the start of the program.
#[must_use]
pub fn monotonic_ms() -> f64 {
    static START: OnceLock<f64> = OnceLock::new();
    let now = linux::since_boot_ms();
    now - *START.get_or_init(|| now)
}
