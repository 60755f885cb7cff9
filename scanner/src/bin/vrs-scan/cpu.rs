//! How much processor time this thread has used.

/// Milliseconds of processor time since the thread began.
pub(crate) fn thread_ms() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    used.tv_sec as f64 * 1e3 + used.tv_nsec as f64 / 1e6
}
