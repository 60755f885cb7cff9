//! The functions that stand in libc's place. What is not the camera's goes to the kernel as it came.
//!
//! `v4l` issues its ioctls through `syscall`, so that is hooked as well as `ioctl`; a stream waits with `poll`, which
//! needs no hook because the descriptor is a real one. `open`, `ioctl` and `syscall` are variadic in C; on x86-64 and
//! AArch64 Linux integers and pointers travel in the same registers either way.
//!
//! Must not: allocate or lock for descriptors and paths that are not the camera's, as long as it is not open.

use std::{
    cell::{Cell, UnsafeCell},
    ffi::CStr,
    sync::OnceLock,
};

use libc::{c_char, c_int, c_long, c_ulong, c_void, off_t};

use crate::{
    ioctl,
    preload::preloaded,
    raw::{self, Errno, as_libc},
    socket::{self, INDEX, NAME, inside_the_camera, is_inside},
};

/// Called by whoever links this library, so that the linker keeps what is below.
pub(crate) fn stay() {
    std::hint::black_box(syscall as *const c_void);
}

/// Opens the camera, or the file with its name; `None` for every other path.
fn open_path(path: &[u8]) -> Option<Result<c_int, Errno>> {
    if !path.starts_with(b"/dev/video") && !path.starts_with(b"/sys/class/video4linux/video") {
        return None;
    }
    inside_the_camera(|| {
        preloaded();
        if path == format!("/dev/video{INDEX}").as_bytes() {
            return Some(socket::open());
        }
        let names = path == format!("/sys/class/video4linux/video{INDEX}/name").as_bytes();
        (names && socket::plugged_in().is_some()).then(name_file)
    })
}

fn name_file() -> Result<c_int, Errno> {
    let text = format!("{NAME}\n");
    let file = raw::memory_file(0)?;
    let arguments = [file.into(), text.as_ptr() as c_long, text.len() as c_long, 0, 0, 0];
    // SAFETY: the kernel reads the text, which is as long as said.
    unsafe { raw::call(libc::SYS_pwrite64, arguments) }.map(|_| file)
}

unsafe fn hooked_open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    if !path.is_null() && !is_inside() {
        // SAFETY: whoever opens a path gives a C string.
        let bytes = unsafe { CStr::from_ptr(path) }.to_bytes();
        if let Some(opened) = open_path(bytes) {
            return as_libc(opened.map(c_long::from)) as c_int;
        }
    }
    let arguments = [libc::AT_FDCWD.into(), path as c_long, flags.into(), mode.into(), 0, 0];
    // SAFETY: the caller's arguments as they came.
    as_libc(unsafe { raw::call(libc::SYS_openat, arguments) }) as c_int
}

unsafe fn hooked_ioctl(descriptor: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    let Some(camera) = socket::camera_of(descriptor) else {
        let arguments = [descriptor.into(), request as c_long, argument as c_long, 0, 0, 0];
        // SAFETY: the caller's arguments as they came.
        return as_libc(unsafe { raw::call(libc::SYS_ioctl, arguments) }) as c_int;
    };
    let answered = inside_the_camera(|| {
        // SAFETY: the caller vouches for the argument, as towards the kernel.
        unsafe { ioctl::answer(&camera, descriptor, request, argument) }
    });
    as_libc(answered.map(|()| 0)) as c_int
}

unsafe fn hooked_mmap(address: *mut c_void, length: usize, how: [c_int; 3], offset: off_t) -> *mut c_void {
    let [access, flags, descriptor] = how;
    let backing = match socket::camera_of(descriptor).map(|camera| camera.memory(descriptor)) {
        Some(Some(memory)) => Ok(memory),
        Some(None) => Err(Errno(libc::EINVAL)),
        None => Ok(descriptor),
    };
    let mapped = backing.and_then(|backing| {
        let arguments =
            [address as c_long, length as c_long, access.into(), flags.into(), backing.into(), offset];
        // SAFETY: the caller's arguments, with the camera's memory in place of its descriptor.
        unsafe { raw::call(libc::SYS_mmap, arguments) }
    });
    as_libc(mapped) as *mut c_void
}

/// libc's `open`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: the caller's arguments as they came.
    unsafe { hooked_open(path, flags, mode) }
}

/// libc's `open64`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: the caller's arguments as they came.
    unsafe { hooked_open(path, flags, mode) }
}

/// libc's `ioctl`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ioctl(descriptor: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    // SAFETY: the caller's arguments as they came.
    unsafe { hooked_ioctl(descriptor, request, argument) }
}

/// libc's `syscall`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn syscall(
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    if number == libc::SYS_ioctl {
        // SAFETY: the caller's arguments as they came.
        return unsafe { hooked_ioctl(a as c_int, b as c_ulong, c as *mut c_void) }.into();
    }
    // SAFETY: the caller's arguments as they came.
    as_libc(unsafe { raw::call(number, [a, b, c, d, e, f]) })
}

/// libc's `mmap`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn mmap(
    address: *mut c_void,
    length: usize,
    access: c_int,
    flags: c_int,
    descriptor: c_int,
    offset: off_t,
) -> *mut c_void {
    // SAFETY: the caller's arguments as they came.
    unsafe { hooked_mmap(address, length, [access, flags, descriptor], offset) }
}

/// libc's `mmap64`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn mmap64(
    address: *mut c_void,
    length: usize,
    access: c_int,
    flags: c_int,
    descriptor: c_int,
    offset: off_t,
) -> *mut c_void {
    // SAFETY: the caller's arguments as they came.
    unsafe { hooked_mmap(address, length, [access, flags, descriptor], offset) }
}

/// libc's `close`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn close(descriptor: c_int) -> c_int {
    socket::close(descriptor);
    as_libc(raw::close(descriptor)) as c_int
}

type Readdir = unsafe extern "C" fn(*mut libc::DIR) -> *mut libc::dirent64;

fn libc_readdir() -> Readdir {
    static REAL: OnceLock<Readdir> = OnceLock::new();
    *REAL.get_or_init(|| {
        // SAFETY: the name is a C string, and every libc has a function of that name and type.
        unsafe {
            let real = libc::dlsym(libc::RTLD_NEXT, c"readdir64".as_ptr());
            assert!(!real.is_null(), "libc has a readdir64");
            std::mem::transmute::<*mut c_void, Readdir>(real)
        }
    })
}

/// Whether the directory that is read is `/dev`.
fn is_dev(directory: *mut libc::DIR) -> bool {
    let mut target = [0_u8; 8];
    // SAFETY: the caller reads this directory, so it is open.
    let link = format!("/proc/self/fd/{}\0", unsafe { libc::dirfd(directory) });
    let (from, to) = (link.as_ptr() as c_long, target.as_mut_ptr() as c_long);
    let arguments = [libc::AT_FDCWD.into(), from, to, target.len() as c_long, 0, 0];
    // SAFETY: the kernel reads a C string and writes at most the bytes that are there.
    let length = unsafe { raw::call(libc::SYS_readlinkat, arguments) };
    length == Ok(4) && target.starts_with(b"/dev")
}

/// libc's `readdir64`, with the camera at the end of `/dev`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn readdir64(directory: *mut libc::DIR) -> *mut libc::dirent64 {
    thread_local! {
        // The listing in which the camera was just named: its next entry is the end.
        static NAMED_IN: Cell<usize> = const { Cell::new(0) };
        // SAFETY: an entry of zeros is an entry with an empty name.
        static ENTRY: UnsafeCell<libc::dirent64> = const { UnsafeCell::new(unsafe { std::mem::zeroed() }) };
    }
    // SAFETY: the caller's argument as it came.
    let entry = unsafe { libc_readdir()(directory) };
    if !entry.is_null() || is_inside() || NAMED_IN.replace(0) == directory as usize || !is_dev(directory) {
        return entry;
    }
    let plugged_in = inside_the_camera(|| {
        preloaded();
        socket::plugged_in().is_some()
    });
    if !plugged_in {
        return entry;
    }
    NAMED_IN.set(directory as usize);
    ENTRY.with(|place| {
        // SAFETY: this thread's own entry; libc, too, overwrites the last entry with the next.
        let camera = unsafe { &mut *place.get() };
        (camera.d_ino, camera.d_type) = (1, libc::DT_CHR);
        camera.d_reclen = size_of::<libc::dirent64>() as u16;
        for (place, letter) in camera.d_name.iter_mut().zip(format!("video{INDEX}\0").bytes()) {
            *place = letter as c_char;
        }
        place.get()
    })
}
