//! A reel: frames as a camera sends them, in one file, and the order in which they are played, over and over. Made
//! once by a benchmark, read frame by frame by the camera, so that the program that films pays for no drawing.
//!
//! The file: a line `FAKEREEL 1 MJPG 1280 720 30 <pictures> <frames>`, a table of offset and length of each picture,
//! the picture of each frame, the pictures. Numbers are 64-bit, least byte first.
//!
//! Must not: keep frames in memory; that would be the program's memory.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    os::unix::fs::FileExt,
    path::Path,
};

use crate::{
    device::Offer,
    picture::{PixelFormat, Size},
};

const MAGIC: &str = "FAKEREEL 1";

/// A reel that is open.
#[derive(Debug)]
pub struct Reel {
    file: File,
    offer: Offer,
    pictures: Vec<(u64, u64)>,
    order: Vec<u64>,
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not a reel: {what}"))
}

impl Reel {
    /// Opens the reel in that file.
    ///
    /// # Errors
    /// If it cannot be read or is none.
    pub fn open(file: &Path) -> io::Result<Self> {
        let file = File::open(file)?;
        let mut from = BufReader::new(&file);
        let mut head = String::new();
        from.read_line(&mut head)?;
        let words: Vec<&str> =
            head.strip_prefix(MAGIC).ok_or_else(|| wrong("no head"))?.split_whitespace().collect();
        let [letters, ref numbers @ ..] = words[..] else { return Err(wrong("a short head")) };
        let form = PixelFormat::from_letters(letters).ok_or_else(|| wrong("an unknown form"))?;
        let numbers: Result<Vec<u32>, _> = numbers.iter().map(|word| word.parse()).collect();
        let Ok([width, height, fps, pictures, frames]) = numbers.as_deref() else {
            return Err(wrong("the head"));
        };
        let mut number = || {
            let mut bytes = [0; 8];
            from.read_exact(&mut bytes).map(|()| u64::from_le_bytes(bytes))
        };
        let pictures: Vec<_> =
            (0..*pictures).map(|_| Ok((number()?, number()?))).collect::<io::Result<_>>()?;
        let order: Vec<u64> = (0..*frames).map(|_| number()).collect::<io::Result<_>>()?;
        let offer = Offer { form, size: Size { width: *width, height: *height }, fps: *fps };
        let room = form.buffer_bytes(offer.size) as u64;
        let sound = order.iter().all(|picture| (*picture as usize) < pictures.len())
            && pictures.iter().all(|(_, length)| *length <= room)
            && !order.is_empty();
        if sound { Ok(Self { file, offer, pictures, order }) } else { Err(wrong("its tables")) }
    }

    /// The form, size and rate of its frames.
    #[must_use]
    pub fn offer(&self) -> Offer {
        self.offer
    }

    /// How many frames until it begins again.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.order.len() as u64
    }

    /// Reads that frame, as the camera sends it, into the front of `buffer`; how many bytes it has.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&self, frame: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let picture = self.order[(frame % self.frames()) as usize];
        let (offset, length) = self.pictures[picture as usize];
        let length = length as usize;
        self.file.read_exact_at(&mut buffer[..length], offset)?;
        Ok(length)
    }
}

/// Writes a reel; pictures one after the other, the order at the end.
pub struct Writer {
    file: File,
    offer: Offer,
    pictures: Vec<(u64, u64)>,
    data_from: u64,
    next: u64,
}

impl Writer {
    /// Begins a reel with room for the tables of that many pictures and frames.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn begin(file: &Path, offer: Offer, pictures: usize, frames: usize) -> io::Result<Self> {
        let file = File::create(file)?;
        let data_from =
            head(offer, pictures, frames).len() as u64 + (pictures as u64 * 2 + frames as u64) * 8;
        Ok(Self { file, offer, pictures: Vec::new(), data_from, next: data_from })
    }

    /// One more picture, encoded in the reel's form.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn picture(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.next)?;
        self.pictures.push((self.next, bytes.len() as u64));
        self.next += bytes.len() as u64;
        Ok(())
    }

    /// Ends the reel: its frames are these pictures in this order.
    ///
    /// # Errors
    /// If it cannot be written, or there are other numbers of pictures and frames than was said.
    pub fn end(mut self, order: &[u64]) -> io::Result<()> {
        let mut front = head(self.offer, self.pictures.len(), order.len()).into_bytes();
        let table = self.pictures.iter().flat_map(|(offset, length)| [offset, length]);
        front.extend(table.chain(order).flat_map(|number| number.to_le_bytes()));
        if front.len() as u64 != self.data_from {
            return Err(wrong("other numbers of pictures and frames than was said"));
        }
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&front)?;
        self.file.sync_all()
    }
}

fn head(offer: Offer, pictures: usize, frames: usize) -> String {
    let Offer { form, size, fps } = offer;
    format!("{MAGIC} {} {} {} {fps} {pictures:>9} {frames:>9}\n", form.letters(), size.width, size.height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reel_plays_its_pictures_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reel");
        let offer = Offer { form: PixelFormat::Grey, size: Size { width: 16, height: 16 }, fps: 30 };
        let mut writer = Writer::begin(&file, offer, 2, 3).unwrap();
        writer.picture(&[7; 256]).unwrap();
        writer.picture(&[9; 200]).unwrap();
        writer.end(&[1, 0, 0]).unwrap();
        let reel = Reel::open(&file).unwrap();
        assert_eq!((reel.offer(), reel.frames()), (offer, 3));
        let mut buffer = [0; 256];
        let mut seen = |frame| (reel.read(frame, &mut buffer).unwrap(), buffer[0]);
        assert_eq!([seen(0), seen(1), seen(2), seen(3)], [(200, 9), (256, 7), (256, 7), (200, 9)]);
    }

    #[test]
    fn what_is_no_reel_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reel");
        let tables =
            |pictures: &[u64]| pictures.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>();
        let too_long = [b"FAKEREEL 1 GREY 16 16 30 1 1\n".as_slice(), &tables(&[53, 257, 0])].concat();
        let no_picture = [b"FAKEREEL 1 GREY 16 16 30 1 1\n".as_slice(), &tables(&[53, 1, 1])].concat();
        for bytes in [
            b"".as_slice(),
            b"FAKEREEL 1 GREY 16 16\n",
            b"FAKEREEL 1 H264 16 16 30 0 0\n",
            &too_long,
            &no_picture,
        ] {
            std::fs::write(&file, bytes).unwrap();
            assert!(Reel::open(&file).is_err(), "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
