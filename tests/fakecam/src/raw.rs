//! System calls as the kernel takes them, past libc: the hooks stand in libc's place and cannot call it.
//!
//! Must not: know what a camera is.

use libc::{c_int, c_long};

/// Why the kernel, or the camera in its place, refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Errno(pub(crate) c_int);

/// One system call.
///
/// # Safety
/// As the call itself: pointers must be good for what the kernel does with them.
pub(crate) unsafe fn call(number: c_long, arguments: [c_long; 6]) -> Result<c_long, Errno> {
    // SAFETY: the caller vouches for the arguments; the registers are those of the kernel's calling convention.
    let result = unsafe { enter(number, arguments) };
    match c_int::try_from(result) {
        Ok(errno @ -4095..0) => Err(Errno(-errno)),
        _ => Ok(result),
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn enter(number: c_long, arguments: [c_long; 6]) -> c_long {
    let [a, b, c, d, e, f] = arguments;
    let result: c_long;
    // SAFETY: `syscall` overwrites rax, rcx and r11 only, and they are named; the caller vouches for the rest.
    unsafe {
        std::arch::asm!("syscall", inlateout("rax") number => result, in("rdi") a, in("rsi") b, in("rdx") c,
            in("r10") d, in("r8") e, in("r9") f, lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    result
}

#[cfg(target_arch = "aarch64")]
unsafe fn enter(number: c_long, arguments: [c_long; 6]) -> c_long {
    let [a, b, c, d, e, f] = arguments;
    let result: c_long;
    // SAFETY: `svc 0` overwrites x0 only, and it is named; the caller vouches for the rest.
    unsafe {
        std::arch::asm!("svc 0", in("x8") number, inlateout("x0") a => result, in("x1") b, in("x2") c,
            in("x3") d, in("x4") e, in("x5") f, options(nostack));
    }
    result
}

/// A result as a function of libc gives it: -1 and `errno` for a refusal.
pub(crate) fn as_libc(result: Result<c_long, Errno>) -> c_long {
    result.unwrap_or_else(|Errno(errno)| {
        // SAFETY: the place is this thread's own and always there.
        unsafe { *libc::__errno_location() = errno };
        -1
    })
}

/// Closes a descriptor of this process.
pub(crate) fn close(descriptor: c_int) -> Result<c_long, Errno> {
    // SAFETY: no pointers; what becomes of the number is its owner's affair.
    unsafe { call(libc::SYS_close, [descriptor.into(), 0, 0, 0, 0, 0]) }
}

/// A counter as a descriptor: readable, for `poll`, as long as it is not zero.
pub(crate) fn counter() -> Result<c_int, Errno> {
    let flags = libc::EFD_SEMAPHORE | libc::EFD_NONBLOCK | libc::EFD_CLOEXEC;
    // SAFETY: no pointers.
    let descriptor = unsafe { call(libc::SYS_eventfd2, [0, flags.into(), 0, 0, 0, 0]) }?;
    Ok(descriptor as c_int)
}

/// One more.
pub(crate) fn count_up(counter: c_int) {
    let one = 1_u64;
    let from = (&raw const one) as c_long;
    // SAFETY: the kernel reads eight bytes, which are there. A full counter needs no more.
    let _ = unsafe { call(libc::SYS_write, [counter.into(), from, 8, 0, 0, 0]) };
}

/// One less; nothing at zero.
pub(crate) fn count_down(counter: c_int) {
    let mut taken = 0_u64;
    let to = (&raw mut taken) as c_long;
    // SAFETY: the kernel writes eight bytes, which are there.
    let _ = unsafe { call(libc::SYS_read, [counter.into(), to, 8, 0, 0, 0]) };
}

/// A file in memory of that size, zeros.
pub(crate) fn memory_file(bytes: usize) -> Result<c_int, Errno> {
    let name = c"fakecam".as_ptr() as c_long;
    let flags = c_long::from(libc::MFD_CLOEXEC);
    // SAFETY: the name is a C string that lives for ever.
    let descriptor = unsafe { call(libc::SYS_memfd_create, [name, flags, 0, 0, 0, 0]) }? as c_int;
    // SAFETY: no pointers.
    let sized = unsafe { call(libc::SYS_ftruncate, [descriptor.into(), bytes as c_long, 0, 0, 0, 0]) };
    match sized {
        Ok(_) => Ok(descriptor),
        Err(errno) => {
            let _ = close(descriptor);
            Err(errno)
        }
    }
}

/// The monotonic clock in nanoseconds, the one that frames are stamped with.
#[must_use]
pub fn monotonic_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock exists on every Linux and the place for its answer is ours.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}
