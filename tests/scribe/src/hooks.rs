//! Functions in libc's place that count every step by which the main thread changes a file. At the step it was told,
//! the process ends by SIGKILL: before the step, or with half of the bytes written.
//!
//! Must not: touch what is no file, or any thread but the main one: sockets and pipes pass as they come.

use std::sync::atomic::{AtomicU64, Ordering};

use libc::{c_char, c_int, c_long, c_void, mode_t, off_t, size_t, ssize_t};

/// Steps so far.
static STEPS: AtomicU64 = AtomicU64::new(0);
/// The step to die at; 0 for none.
static LAST: AtomicU64 = AtomicU64::new(0);

/// From here on steps count, and at the one of that number the process ends; 0 for never.
pub(crate) fn die_at(step: u64) {
    STEPS.store(0, Ordering::SeqCst);
    LAST.store(step, Ordering::SeqCst);
}

/// How many steps there were.
pub(crate) fn steps() -> u64 {
    STEPS.load(Ordering::SeqCst)
}

/// One more step; whether it is the last.
fn is_last() -> bool {
    // SAFETY: both take nothing and always succeed.
    let is_main = unsafe { libc::gettid() == libc::getpid() };
    is_main && STEPS.fetch_add(1, Ordering::SeqCst) + 1 == LAST.load(Ordering::SeqCst)
}

fn die() -> ! {
    // SAFETY: ends this process and nothing else.
    unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
    loop {
        std::hint::spin_loop();
    }
}

fn step() {
    if is_last() {
        die();
    }
}

fn is_file(descriptor: c_int) -> bool {
    // SAFETY: zeroes are a valid `stat`, which is plain numbers.
    let mut about: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel fills the value, which lives until after the call.
    unsafe { libc::fstat(descriptor, &raw mut about) == 0 && about.st_mode & libc::S_IFMT == libc::S_IFREG }
}

/// libc's `write`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn write(descriptor: c_int, bytes: *const c_void, count: size_t) -> ssize_t {
    // SAFETY: the caller's arguments as they came, or the first half of its bytes.
    let plain =
        |count: size_t| unsafe { libc::syscall(libc::SYS_write, descriptor, bytes, count) as ssize_t };
    if is_file(descriptor) {
        step();
        if is_last() {
            plain(count / 2);
            die();
        }
    }
    plain(count)
}

/// libc's `pwrite64`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn pwrite64(
    descriptor: c_int,
    bytes: *const c_void,
    count: size_t,
    offset: off_t,
) -> ssize_t {
    let plain = |count: size_t| {
        // SAFETY: the caller's arguments as they came, or the first half of its bytes.
        unsafe { libc::syscall(libc::SYS_pwrite64, descriptor, bytes, count, offset) as ssize_t }
    };
    step();
    if is_last() {
        plain(count / 2);
        die();
    }
    plain(count)
}

/// libc's `fsync`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn fsync(descriptor: c_int) -> c_int {
    step();
    // SAFETY: no pointers.
    unsafe { libc::syscall(libc::SYS_fsync, descriptor) as c_int }
}

/// libc's `fdatasync`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn fdatasync(descriptor: c_int) -> c_int {
    step();
    // SAFETY: no pointers.
    unsafe { libc::syscall(libc::SYS_fdatasync, descriptor) as c_int }
}

/// libc's `ftruncate64`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ftruncate64(descriptor: c_int, length: off_t) -> c_int {
    step();
    // SAFETY: no pointers.
    unsafe { libc::syscall(libc::SYS_ftruncate, descriptor, length) as c_int }
}

/// libc's `unlink`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    step();
    // SAFETY: the caller's path as it came.
    unsafe { libc::syscall(libc::SYS_unlinkat, libc::AT_FDCWD, path, 0) as c_int }
}

/// libc's `rename`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    step();
    // SAFETY: the caller's paths as they came.
    unsafe { libc::syscall(libc::SYS_renameat2, libc::AT_FDCWD, from, libc::AT_FDCWD, to, 0) as c_int }
}

/// libc's `open64`, variadic in C: a mode that was not given is not looked at.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    if flags & libc::O_CREAT != 0 {
        step();
    }
    // SAFETY: the caller's path as it came.
    unsafe { libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, flags, c_long::from(mode)) as c_int }
}
