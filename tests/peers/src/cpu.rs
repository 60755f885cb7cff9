//! How much processor time reading takes.
//!
//! Must not: look at the wall clock; neighbours move that.

/// The quickest of so many readings counts: the first finds cold caches, and a neighbour may disturb one.
const READINGS: usize = 2;

/// What is read, and the least milliseconds of this thread's processor time that it took.
pub(crate) fn quickest<T>(mut read: impl FnMut() -> T) -> (T, f64) {
    let mut once = || {
        let began = thread_ms();
        let value = read();
        (value, thread_ms() - began)
    };
    let (mut value, mut least) = once();
    for _ in 1..READINGS {
        let (again, took) = once();
        value = again;
        least = least.min(took);
    }
    (value, least)
}

/// Milliseconds of processor time since the thread began.
pub(crate) fn thread_ms() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    used.tv_sec as f64 * 1e3 + used.tv_nsec as f64 / 1e6
}
