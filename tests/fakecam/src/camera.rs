//! A camera that is plugged in: who has opened it, how it is set, whose buffers it fills, and the thread that does.
//! It follows the kernel: anybody may open it and look; the first to ask for buffers owns the stream until they are
//! given back; a frame for which no buffer is queued is dropped.
//!
//! Must not: know pointers of the program; `ioctl` does.

use std::{
    collections::VecDeque,
    io::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use libc::c_int;

use crate::{
    buffers::Buffers,
    device::{Mode, Offer, Scene},
    picture::{PixelFormat, Size},
    raw::{self, Errno, monotonic_ns},
    socket::{Plug, inside_the_camera},
};

const GONE: Errno = Errno(libc::ENODEV);
const BUSY: Errno = Errno(libc::EBUSY);
const WRONG: Errno = Errno(libc::EINVAL);
const MOST_BUFFERS: u32 = 32;

/// From being plugged in to being unplugged.
pub(crate) struct Camera {
    pub(crate) plug: Arc<Plug>,
    inside: Mutex<Inside>,
}

struct Inside {
    gone: bool,
    set_to: Offer,
    /// Each opener's descriptor: a counter of the frames that wait for it.
    openers: Vec<c_int>,
    owner: Option<c_int>,
    buffers: Option<Buffers>,
    queued: VecDeque<u32>,
    filled: VecDeque<Filled>,
    /// Which stream runs; a thread of an earlier one sees that its time is over.
    stream: Option<u64>,
    streams: u64,
    sequence: u32,
}

/// A frame on its way to the program.
#[derive(Clone, Copy)]
pub(crate) struct Filled {
    pub(crate) index: u32,
    pub(crate) bytes_used: u32,
    pub(crate) sequence: u32,
    pub(crate) stamp_ns: u64,
}

impl Camera {
    pub(crate) fn new(plug: Arc<Plug>) -> Self {
        let set_to = plug.device.offers[0];
        let inside = Inside {
            gone: false,
            set_to,
            openers: Vec::new(),
            owner: None,
            buffers: None,
            queued: VecDeque::new(),
            filled: VecDeque::new(),
            stream: None,
            streams: 0,
            sequence: 0,
        };
        Self { plug, inside: Mutex::new(inside) }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What holds now, if it is still there.
    fn present(&self) -> Result<Mode, Errno> {
        let mode = self.plug.control.mode();
        if mode == Mode::Unplugged {
            self.unplug();
        }
        if self.inside().gone { Err(GONE) } else { Ok(mode) }
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.inside().gone
    }
    pub(crate) fn is_streaming(&self) -> bool {
        self.inside().stream.is_some()
    }

    /// Whoever waits for a frame wakes up, and learns that there is no camera any more.
    pub(crate) fn unplug(&self) {
        let mut inside = self.inside();
        if !inside.gone {
            inside.gone = true;
            inside.stream = None;
            inside.openers.iter().for_each(|opener| raw::count_up(*opener));
        }
    }

    /// One more opener: its descriptor.
    pub(crate) fn open(&self) -> Result<c_int, Errno> {
        match self.present()? {
            Mode::Locked => Err(BUSY),
            _ => {
                let opener = raw::counter()?;
                self.inside().openers.push(opener);
                Ok(opener)
            }
        }
    }

    /// The descriptor is about to be closed.
    pub(crate) fn close(&self, opener: c_int) {
        let mut inside = self.inside();
        inside.openers.retain(|other| *other != opener);
        if inside.owner == Some(opener) {
            inside.give_up();
        }
    }

    /// The memory behind an opener's buffers.
    pub(crate) fn memory(&self, opener: c_int) -> Option<c_int> {
        let inside = self.inside();
        inside.buffers.as_ref().filter(|_| inside.owner == Some(opener)).map(Buffers::memory)
    }

    pub(crate) fn set_to(&self) -> Result<Offer, Errno> {
        self.present()?;
        Ok(self.inside().set_to)
    }

    pub(crate) fn offers(&self) -> Result<&[Offer], Errno> {
        self.present()?;
        Ok(&self.plug.device.offers)
    }

    /// Whether nobody else has the stream.
    fn free_for(&self, opener: c_int) -> Result<(), Errno> {
        let taken = self.present()? == Mode::Taken;
        let owner = self.inside().owner;
        if taken || owner.is_some_and(|owner| owner != opener) { Err(BUSY) } else { Ok(()) }
    }

    /// The offer nearest to what is asked: the form before the size, and the most frames of those.
    pub(crate) fn nearest(&self, code: u32, size: Size) -> Result<Offer, Errno> {
        let off = |offer: &Offer| {
            let sides = offer.size.width.abs_diff(size.width) + offer.size.height.abs_diff(size.height);
            (offer.form.code() != code, sides, u32::MAX - offer.fps)
        };
        self.offers()?.iter().copied().min_by_key(off).ok_or(WRONG)
    }

    pub(crate) fn set_format(&self, opener: c_int, code: u32, size: Size) -> Result<Offer, Errno> {
        self.free_for(opener)?;
        let nearest = self.nearest(code, size)?;
        let mut inside = self.inside();
        if inside.buffers.is_some() {
            return Err(BUSY);
        }
        inside.set_to = nearest;
        Ok(nearest)
    }

    /// The rate nearest to what is asked, of those that form and size allow.
    pub(crate) fn set_rate(&self, opener: c_int, fps: u32) -> Result<Offer, Errno> {
        self.free_for(opener)?;
        let mut inside = self.inside();
        if inside.stream.is_some() {
            return Err(BUSY);
        }
        let now = inside.set_to;
        let same =
            self.plug.device.offers.iter().filter(|offer| offer.form == now.form && offer.size == now.size);
        inside.set_to = same.copied().min_by_key(|offer| offer.fps.abs_diff(fps)).unwrap_or(now);
        Ok(inside.set_to)
    }

    /// Gives buffers, or takes them back where `count` is 0; how many there are now.
    pub(crate) fn request_buffers(&self, opener: c_int, count: u32) -> Result<u32, Errno> {
        self.free_for(opener)?;
        let mut inside = self.inside();
        if inside.stream.is_some() {
            return Err(BUSY);
        }
        inside.give_up();
        let count = count.min(MOST_BUFFERS);
        if count > 0 {
            let Offer { form, size, .. } = inside.set_to;
            let mut buffers = Buffers::new(count, form.buffer_bytes(size))?;
            (0..count).for_each(|index| form.stale(buffers.bytes(index)));
            inside.buffers = Some(buffers);
            inside.owner = Some(opener);
        }
        Ok(count)
    }

    /// Length and place of one of the opener's buffers.
    pub(crate) fn buffer(&self, opener: c_int, index: u32) -> Result<(u32, u64), Errno> {
        self.present()?;
        self.inside().buffer(opener, index)
    }

    pub(crate) fn queue(&self, opener: c_int, index: u32) -> Result<(u32, u64), Errno> {
        self.present()?;
        let mut inside = self.inside();
        let place = inside.buffer(opener, index)?;
        if inside.queued.contains(&index) {
            return Err(WRONG);
        }
        inside.queued.push_back(index);
        Ok(place)
    }

    pub(crate) fn dequeue(&self, opener: c_int) -> Result<Filled, Errno> {
        self.present()?;
        let mut inside = self.inside();
        if inside.owner != Some(opener) || inside.stream.is_none() {
            return Err(WRONG);
        }
        let filled = inside.filled.pop_front().ok_or(Errno(libc::EAGAIN))?;
        raw::count_down(opener);
        Ok(filled)
    }

    pub(crate) fn start(self: &Arc<Self>, opener: c_int) -> Result<(), Errno> {
        self.free_for(opener)?;
        let mut inside = self.inside();
        if inside.owner != Some(opener) {
            return Err(WRONG);
        }
        if inside.stream.is_none() {
            inside.streams += 1;
            let stream = inside.streams;
            inside.stream = Some(stream);
            let camera = Arc::clone(self);
            let films = move || inside_the_camera(|| camera.film(stream));
            std::thread::Builder::new()
                .name("fakecam".to_owned())
                .spawn(films)
                .map_err(|_| Errno(libc::ENOMEM))?;
        }
        Ok(())
    }

    pub(crate) fn stop(&self, opener: c_int) -> Result<(), Errno> {
        self.present()?;
        let mut inside = self.inside();
        if inside.owner == Some(opener) {
            inside.stop();
        }
        Ok(())
    }

    /// Fills queued buffers at the frame rate until that stream is over.
    fn film(&self, stream: u64) {
        let Offer { form, size, fps } = self.inside().set_to;
        let began = Instant::now();
        let mut frame_bytes = vec![0; form.buffer_bytes(size)];
        let mut number = 0;
        loop {
            let due = Duration::from_secs(1) * number / fps;
            std::thread::sleep(due.saturating_sub(began.elapsed()));
            let mode = self.plug.control.mode();
            if mode == Mode::Unplugged {
                self.unplug();
            }
            if self.inside().stream != Some(stream) {
                return;
            }
            if mode != Mode::Stall {
                let length = self.look(u64::from(number), form, size, &mut frame_bytes);
                self.hand_over(stream, u64::from(number), &frame_bytes[..length]);
            }
            // Late frames do not come in a burst: the next one is the next that is not over.
            let over = (began.elapsed().as_secs_f64() * f64::from(fps)) as u32;
            number = (number + 1).max(over);
        }
    }

    fn look(&self, number: u64, form: PixelFormat, size: Size, bytes: &mut [u8]) -> usize {
        match &self.plug.device.scene {
            Scene::Drawn(draw) => {
                let picture = draw(number, size);
                assert_eq!(picture.size, size, "a scene is drawn in the size it is asked for");
                let encoded = form.encode(&picture);
                bytes[..encoded.len()].copy_from_slice(&encoded);
                encoded.len()
            }
            Scene::Reel(reel) => {
                reel.read(number, bytes).unwrap_or_else(|error| panic!("fakecam: the reel: {error}"))
            }
        }
    }

    fn hand_over(&self, stream: u64, number: u64, bytes: &[u8]) {
        let mut inside = self.inside();
        if inside.stream != Some(stream) {
            return;
        }
        inside.sequence += 1;
        let Some(index) = inside.queued.pop_front() else { return };
        let (sequence, Some(owner)) = (inside.sequence, inside.owner) else { return };
        let Some(buffers) = &mut inside.buffers else { return };
        buffers.bytes(index)[..bytes.len()].copy_from_slice(bytes);
        let filled = Filled { index, bytes_used: bytes.len() as u32, sequence, stamp_ns: monotonic_ns() };
        inside.filled.push_back(filled);
        raw::count_up(owner);
        drop(inside);
        self.plug.handed_over();
        if let Some(mut log) = self.plug.log.as_ref() {
            writeln!(log, "{number} {}", filled.stamp_ns)
                .unwrap_or_else(|error| panic!("fakecam: log: {error}"));
        }
    }
}

impl Inside {
    fn buffer(&self, opener: c_int, index: u32) -> Result<(u32, u64), Errno> {
        let buffers = self.buffers.as_ref().filter(|_| self.owner == Some(opener)).ok_or(WRONG)?;
        if index >= buffers.count() {
            return Err(WRONG);
        }
        Ok((buffers.length() as u32, buffers.offset(index)))
    }

    fn stop(&mut self) {
        self.stream = None;
        self.queued.clear();
        if let Some(owner) = self.owner {
            (0..self.filled.len()).for_each(|_| raw::count_down(owner));
        }
        self.filled.clear();
    }

    fn give_up(&mut self) {
        self.stop();
        self.buffers = None;
        self.owner = None;
    }
}
