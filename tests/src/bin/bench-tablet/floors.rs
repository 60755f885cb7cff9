//! What the same work costs at least, or costs others: the disk alone, SQLite without a cipher, another reader, memory
//! alone. In the same folder, on the same frames, in the same run.
//!
//! Must not: do less than its name says.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::Instant,
};

use app::camera::luma::{PixelForm, luma};
use rusqlite::Connection;
use scanner::{CaptureId, Frame};
use tests::demo::Failure;

use crate::{numbers::Sample, process::own_cpu_ms, reel::OFFER};

fn ms_since(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e3
}

/// Keeping the bytes of an entry in ways that are less than the tablet's.
pub(crate) struct Keeping {
    plain: Connection,
    log: File,
    bytes: Vec<u8>,
    insert_ms: Vec<f64>,
    sync_ms: Vec<f64>,
}

impl Keeping {
    /// Begins in that folder, which should be on the tablet's disk.
    pub(crate) fn begin(folder: &Path, bytes: &[u8]) -> Result<Self, Failure> {
        let plain = Connection::open(folder.join("plain.sqlite"))?;
        plain.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE entries (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;",
        )?;
        let log = OpenOptions::new().create(true).append(true).open(folder.join("plain.log"))?;
        let (insert_ms, sync_ms) = (Vec::new(), Vec::new());
        Ok(Self { plain, log, bytes: bytes.to_vec(), insert_ms, sync_ms })
    }

    /// Keeps one entry each way.
    pub(crate) fn once(&mut self) -> Result<(), Failure> {
        let began = Instant::now();
        self.plain.prepare_cached("INSERT INTO entries (bytes) VALUES (?1)")?.execute([&self.bytes])?;
        self.insert_ms.push(ms_since(began));
        let began = Instant::now();
        self.log.write_all(&self.bytes)?;
        self.log.sync_data()?;
        self.sync_ms.push(ms_since(began));
        Ok(())
    }

    /// Milliseconds of a row in SQLite without a cipher, and of the bytes alone.
    pub(crate) fn end(self) -> [Sample; 2] {
        [self.insert_ms, self.sync_ms].map(|values| values.into_iter().collect())
    }
}

/// Processor time of reading one frame, in milliseconds.
pub(crate) struct Reading {
    /// JPEG to luma, as the camera thread does it.
    pub(crate) unpacking: Sample,
    /// The tablet's reader.
    pub(crate) own: Sample,
    /// rqrr: QR codes only.
    pub(crate) rqrr: Sample,
    /// Every pixel looked at once.
    pub(crate) touching: Sample,
}

fn cpu_ms<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let began = own_cpu_ms();
    let result = work();
    (own_cpu_ms() - began, result)
}

/// Reads frames of the film again, one way after the other.
pub(crate) fn reading(frames: &[Vec<u8>]) -> Result<Reading, Failure> {
    let (width, height) = (OFFER.size.width, OFFER.size.height);
    let [mut unpacking, mut own, mut rqrr, mut touching] = [const { Vec::new() }; 4];
    for (count, jpeg) in frames.iter().enumerate() {
        let (took, pixels) = cpu_ms(|| luma(PixelForm::Mjpeg, jpeg, width, height));
        unpacking.push(took);
        let pixels = pixels?;
        let frame = Frame::new(CaptureId(count as u64), width, height, pixels.clone().into())?;
        own.push(cpu_ms(|| std::hint::black_box(scanner::read(&frame))).0);
        rqrr.push(cpu_ms(|| std::hint::black_box(rqrr_alone(&pixels))).0);
        let sum = || std::hint::black_box(&pixels).iter().fold(0_u64, |sum, pixel| sum + u64::from(*pixel));
        touching.push(cpu_ms(|| std::hint::black_box(sum())).0);
    }
    let [unpacking, own, rqrr, touching] =
        [unpacking, own, rqrr, touching].map(|values| values.into_iter().collect());
    Ok(Reading { unpacking, own, rqrr, touching })
}

/// How many QR codes rqrr reads; it panics on some pictures.
fn rqrr_alone(pixels: &[u8]) -> usize {
    let (width, height) = (OFFER.size.width as usize, OFFER.size.height as usize);
    let read = || {
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
        picture.detect_grids().iter().filter(|grid| grid.decode().is_ok()).count()
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(0)
}

/// Processor time of writing 64 MiB twice, in milliseconds: what Argon2id with those parameters does to memory.
pub(crate) fn memory_twice(times: usize) -> Sample {
    const BYTES: usize = 64 << 20;
    let fill = || {
        let mut memory = vec![1_u8; BYTES];
        std::hint::black_box(&mut memory).fill(2);
        std::hint::black_box(&memory);
    };
    (0..times).map(|_| cpu_ms(fill).0).collect()
}

/// Processor time of opening a person's key by PIN, in milliseconds: Argon2id as it is configured.
pub(crate) fn key_by_pin(times: usize, open: impl Fn() -> Result<(), Failure>) -> Result<Sample, Failure> {
    let once = || {
        let (took, opened) = cpu_ms(&open);
        opened.map(|()| took)
    };
    (0..times).map(|_| once()).collect()
}
