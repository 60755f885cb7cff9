//! The central's clock, handed to those who need it.
//!
//! Must not: be read anywhere but at the edge: a handler reads it once and passes the time on.

use std::{fmt, sync::Arc, time::SystemTime};

use record::WallTime;

/// A clock: the machine's, or a test's.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> WallTime + Send + Sync>);

impl Clock {
    /// The machine's.
    #[must_use]
    pub fn system() -> Self {
        Self::from_fn(system_now)
    }
    /// One that says what the function says.
    #[must_use]
    pub fn from_fn(now: impl Fn() -> WallTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }
    /// What it says.
    #[must_use]
    pub fn now(&self) -> WallTime {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Clock({})", self.now())
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the edge where the central reads its clock")]
fn system_now() -> WallTime {
    let unix_ms = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
    };
    WallTime::from_unix_ms(unix_ms)
}
