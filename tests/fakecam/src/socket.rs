//! The one place where a camera is plugged in, and which descriptors are its.
//!
//! Must not: answer for the camera; `camera` does.

use std::{
    cell::Cell,
    fs::File,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use libc::c_int;

use crate::{
    camera::Camera,
    device::{Control, Device, Mode},
    raw::Errno,
};

/// Its number: `/dev/video63`, behind whatever cameras a machine has.
pub const INDEX: u32 = 63;
/// Its name, by which a test makes sure that it films with no other.
pub const NAME: &str = "Fake camera of the tests";

/// A camera's device and who may pull its plug.
pub(crate) struct Plug {
    pub(crate) device: Device,
    pub(crate) control: Control,
    /// Where each frame's number and instant are written.
    pub(crate) log: Option<File>,
    frames: AtomicU64,
}

impl Plug {
    pub(crate) fn new(device: Device, control: Control, log: Option<File>) -> Arc<Self> {
        Arc::new(Self { device, control, log, frames: AtomicU64::new(0) })
    }
    pub(crate) fn handed_over(&self) {
        self.frames.fetch_add(1, Ordering::SeqCst);
    }
}

/// What is plugged in, if anything.
static SOCKET: Mutex<Option<(Arc<Plug>, Arc<Camera>)>> = Mutex::new(None);
/// The camera's descriptors.
static OPEN: Mutex<Vec<(c_int, Arc<Camera>)>> = Mutex::new(Vec::new());
/// How many those are: nothing needs to be looked up while nobody has opened it.
static OPENERS: AtomicUsize = AtomicUsize::new(0);
/// One test at a time.
static ALONE: Mutex<()> = Mutex::new(());

thread_local!(static INSIDE: Cell<bool> = const { Cell::new(false) });

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does something as the camera itself: what it opens and closes is the kernel's.
pub(crate) fn inside_the_camera<T>(act: impl FnOnce() -> T) -> T {
    let before = INSIDE.with(|inside| inside.replace(true));
    let result = act();
    INSIDE.with(|inside| inside.set(before));
    result
}

/// Whether the camera itself is calling.
pub(crate) fn is_inside() -> bool {
    INSIDE.with(Cell::get)
}

/// Puts a camera into the socket.
pub(crate) fn put_in(plug: Arc<Plug>) {
    let camera = Arc::new(Camera::new(Arc::clone(&plug)));
    *lock(&SOCKET) = Some((plug, camera));
}

/// The camera in the socket, unless it is unplugged. One that comes back is a new one.
pub(crate) fn plugged_in() -> Option<Arc<Camera>> {
    let mut socket = lock(&SOCKET);
    let (plug, camera) = socket.as_mut()?;
    if plug.control.mode() == Mode::Unplugged {
        camera.unplug();
        return None;
    }
    if camera.is_gone() {
        *camera = Arc::new(Camera::new(Arc::clone(plug)));
    }
    Some(Arc::clone(camera))
}

/// Opens the camera in the socket.
pub(crate) fn open() -> Result<c_int, Errno> {
    let camera = plugged_in().ok_or(Errno(libc::ENOENT))?;
    let opener = camera.open()?;
    lock(&OPEN).push((opener, camera));
    OPENERS.fetch_add(1, Ordering::SeqCst);
    Ok(opener)
}

/// Whose descriptor it is, if the camera's.
pub(crate) fn camera_of(descriptor: c_int) -> Option<Arc<Camera>> {
    if OPENERS.load(Ordering::SeqCst) == 0 || is_inside() {
        return None;
    }
    lock(&OPEN).iter().find(|(opener, _)| *opener == descriptor).map(|(_, camera)| Arc::clone(camera))
}

/// The descriptor is about to be closed; nothing happens if it is not the camera's.
pub(crate) fn close(descriptor: c_int) {
    let Some(camera) = camera_of(descriptor) else { return };
    lock(&OPEN).retain(|(opener, _)| *opener != descriptor);
    OPENERS.fetch_sub(1, Ordering::SeqCst);
    inside_the_camera(|| camera.close(descriptor));
}

/// A camera that was plugged in by a test; unplugged when this is dropped.
pub struct Plugged {
    plug: Arc<Plug>,
    _alone: MutexGuard<'static, ()>,
}

/// How long a program may take to let go of a camera that was unplugged.
const LETS_GO_WITHIN: Duration = Duration::from_secs(10);

/// Plugs a camera in. Waits while another test of this process has one.
#[must_use]
pub fn plug(device: Device) -> Plugged {
    crate::hooks::stay();
    let alone = lock(&ALONE);
    let plug = Plug::new(device, Control::switch(Mode::Run), None);
    put_in(Arc::clone(&plug));
    Plugged { plug, _alone: alone }
}

impl Plugged {
    /// What it does from now on.
    pub fn set(&self, mode: Mode) {
        self.plug.control.set(mode);
        // One that is pulled out is missed at once, not with its next frame.
        let _ = plugged_in();
    }
    /// How many have it open.
    #[must_use]
    pub fn openers(&self) -> usize {
        OPENERS.load(Ordering::SeqCst)
    }
    /// Whether it films.
    #[must_use]
    pub fn is_streaming(&self) -> bool {
        plugged_in().is_some_and(|camera| camera.is_streaming())
    }
    /// How many frames the program was given.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.plug.frames.load(Ordering::SeqCst)
    }
}

impl Drop for Plugged {
    /// Waits until nobody has it open any more: the next test's camera is another.
    ///
    /// # Panics
    /// If somebody keeps it open.
    fn drop(&mut self) {
        self.set(Mode::Unplugged);
        let began = Instant::now();
        while self.openers() > 0 && began.elapsed() < LETS_GO_WITHIN {
            std::thread::sleep(Duration::from_millis(5));
        }
        *lock(&SOCKET) = None;
        if self.openers() > 0 && !std::thread::panicking() {
            panic!("the camera was unplugged and the program does not close it");
        }
    }
}
