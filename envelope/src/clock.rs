//! The computer's clock.
//!
//! Must not: be read but once a command.

use std::time::SystemTime;

use record::WallTime;

/// What it says.
#[expect(clippy::disallowed_methods, reason = "this is the edge where the program reads its clock")]
pub(crate) fn now() -> WallTime {
    let unix_ms = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
    };
    WallTime::from_unix_ms(unix_ms)
}
