//! What is on the display, pixel by pixel, as the X server keeps it in a file (an XWD picture).
//!
//! Must not: ask the program that drew it.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tests::demo::Failure;

/// Numbers of the XWD head (X11/XWDFile.h): each four bytes, most significant first.
const HEAD_NUMBERS: usize = 25;
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Two changes within this time are one picture: the camera gives one in twice as long.
const HALF_DRAWN: Duration = Duration::from_millis(16);

/// Pixels in a row, from the left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strip {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
}

/// The display's pixels.
#[derive(Clone)]
pub(crate) struct Screen {
    file: Arc<File>,
    pixels_from: u64,
    bytes_per_line: u64,
}

impl Screen {
    pub(crate) fn open(file: &Path) -> Result<Self, Failure> {
        let file = File::open(file)?;
        let mut head = [0; HEAD_NUMBERS * 4];
        file.read_exact_at(&mut head, 0)?;
        let number = |index: usize| {
            let bytes: [u8; 4] = head[index * 4..index * 4 + 4].try_into().unwrap_or_default();
            u64::from(u32::from_be_bytes(bytes))
        };
        let (head_bytes, bits_per_pixel, bytes_per_line, colours) =
            (number(0), number(11), number(12), number(19));
        if bits_per_pixel != 32 {
            return Err("the display has no four bytes a pixel".into());
        }
        Ok(Self { file: Arc::new(file), pixels_from: head_bytes + colours * 12, bytes_per_line })
    }

    /// The pixels of a strip.
    pub(crate) fn pixels(&self, strip: Strip) -> Result<Vec<u32>, Failure> {
        let mut bytes = vec![0; strip.width as usize * 4];
        let from = self.pixels_from + u64::from(strip.y) * self.bytes_per_line + u64::from(strip.x) * 4;
        self.file.read_exact_at(&mut bytes, from)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|pixel| u32::from_le_bytes(*pixel) & 0x00ff_ffff).collect())
    }

    /// Waits until a strip shows at least that many colours; when it did.
    pub(crate) fn until_colours(
        &self,
        strip: Strip,
        colours: usize,
        patience: Duration,
    ) -> Result<Instant, Failure> {
        self.until(strip, patience, &format!("{colours} colours"), |pixels| {
            let mut seen = pixels.to_vec();
            seen.sort_unstable();
            seen.dedup();
            seen.len() >= colours
        })
    }

    /// Waits until a strip is as wanted; when it was.
    pub(crate) fn until(
        &self,
        strip: Strip,
        patience: Duration,
        what: &str,
        wanted: impl Fn(&[u32]) -> bool,
    ) -> Result<Instant, Failure> {
        let began = Instant::now();
        loop {
            if wanted(&self.pixels(strip)?) {
                return Ok(Instant::now());
            }
            if began.elapsed() > patience {
                return Err(format!("waited in vain for {what} at {strip:?}").into());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Counts from now on how often a strip shows something new.
    pub(crate) fn count_changes(&self, strip: Strip) -> Changes {
        let (screen, stop) = (self.clone(), Arc::new(AtomicBool::new(false)));
        let asked = Arc::clone(&stop);
        let counting = std::thread::spawn(move || {
            let (mut before, mut changes) = (Vec::new(), Vec::<Instant>::new());
            while !asked.load(Ordering::Relaxed) {
                // A display that is gone shows nothing new.
                let Ok(pixels) = screen.pixels(strip) else { break };
                if pixels != before {
                    let now = Instant::now();
                    // A row that was caught half drawn is the same picture.
                    if changes.last().is_none_or(|last| now.duration_since(*last) > HALF_DRAWN) {
                        changes.push(now);
                    }
                    before = pixels;
                }
                std::thread::sleep(LOOK_EVERY);
            }
            changes
        });
        Changes { stop, counting }
    }
}

/// A count under way.
pub(crate) struct Changes {
    stop: Arc<AtomicBool>,
    counting: JoinHandle<Vec<Instant>>,
}

impl Changes {
    /// When each change was seen.
    pub(crate) fn end(self) -> Vec<Instant> {
        self.stop.store(true, Ordering::Relaxed);
        self.counting.join().unwrap_or_default()
    }
}
