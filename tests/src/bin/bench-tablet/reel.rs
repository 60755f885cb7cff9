//! The film of the benchmark: sound sample sheets passing under a camera, encoded once as the camera sends them, so
//! that filming costs the tablet nothing.
//!
//! Must not: make it easier than a usual day: sheets slide in, the lens hunts, hands tremble.

use std::{
    path::{Path, PathBuf},
    thread::{ScopedJoinHandle, scope},
};

use fakecam::{Offer, Picture, PixelFormat, Size, reel::Writer};
use sheets::{DemoDay, Film, FilmStyle, Flaw, Level, Phase, Sheet, SheetSet, lens::FrameSize};
use tests::demo::Failure;

/// As the camera gives it: a JPEG for each frame, the usual form of that size and rate on USB.
pub(crate) const OFFER: Offer =
    Offer { form: PixelFormat::Mjpg, size: Size { width: 1280, height: 720 }, fps: 30 };
const SEED: u64 = 2021;
/// One sheet in 1.2 seconds.
const FRAMES_PER_SHEET: usize = 36;
/// How much longer a sheet lies that waits for a finger.
const PATIENT_FRAMES: usize = 30;
/// Frames of the bare table before the first sheet: time to see the first picture, while sending begins.
const BEFORE: usize = 45;
/// Frames of the bare table between sheets that wait for a finger and those that do not, and at the end.
const BETWEEN: usize = 90;
/// Pictures of the table, which take turns.
const TABLE: usize = 3;
/// Pictures of a lying sheet that are shown once, and that take turns afterwards.
const SETTLING: usize = 8;
const SETTLED: usize = 4;

/// What is in one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The sheet in view.
    pub(crate) sheet: Option<usize>,
    /// Whether it lies.
    pub(crate) lies: bool,
}

/// The film, in a file.
pub(crate) struct Reel {
    pub(crate) file: PathBuf,
    pub(crate) sheets: Vec<Sheet>,
    /// How many of them, from the first, wait for a finger.
    pub(crate) patient: usize,
    /// What each frame shows.
    pub(crate) frames: Vec<Shown>,
}

fn sound_sheets(count: usize, day: DemoDay) -> Vec<Sheet> {
    let more = count + 20;
    let set = SheetSet::demo(SEED, day, more);
    set.sheets().iter().filter(|sheet| sheet.flaw == Flaw::None).take(count).cloned().collect()
}

fn film(sheets: &[Sheet]) -> Film {
    let size = FrameSize { width: OFFER.size.width as usize, height: OFFER.size.height as usize };
    let style = FilmStyle { size, level: Level::Usual, seed: SEED, frames_per_sheet: FRAMES_PER_SHEET };
    Film::new(sheets.to_vec(), style)
}

fn encoded(film: &Film, frame: usize) -> Vec<u8> {
    OFFER.form.encode(&Picture { size: OFFER.size, luma: film.frame(frame) })
}

/// The frames of the film in which a sheet does that.
fn phase(film: &Film, sheet: usize, phase: Phase) -> Vec<usize> {
    let first = sheet * FRAMES_PER_SHEET;
    (first..first + FRAMES_PER_SHEET).filter(|frame| film.phase_at(*frame) == phase).collect()
}

/// The film's frames that become pictures of one sheet: arriving, lying, leaving.
fn pictures_of(film: &Film, sheet: usize) -> [Vec<usize>; 3] {
    let mut lying = phase(film, sheet, Phase::Lying);
    let settled = lying.split_off(lying.len() - SETTLED);
    lying.truncate(SETTLING);
    lying.extend(settled);
    [phase(film, sheet, Phase::Arriving), lying, phase(film, sheet, Phase::Leaving)]
}

/// Writes the film's order while its pictures are numbered.
struct Order {
    pictures: Vec<u64>,
    frames: Vec<Shown>,
    next: u64,
}

impl Order {
    fn table(&mut self, count: usize) {
        let empty = Shown { sheet: None, lies: false };
        self.pictures.extend((0..count).map(|frame| (frame % TABLE) as u64));
        self.frames.extend(std::iter::repeat_n(empty, count));
    }
    /// A sheet whose pictures are the next ones.
    fn sheet(&mut self, sheet: usize, counts: [usize; 3], lies_for: usize) {
        let [arriving, lying, leaving] = counts.map(|count| count as u64);
        let at = |picture: u64| self.next + picture;
        let settled = lying - SETTLED as u64;
        let lies = (0..lies_for as u64).map(|frame| {
            let past = frame.saturating_sub(settled) % SETTLED as u64;
            at(arriving + frame.min(settled) + past)
        });
        let pictures: Vec<u64> = (0..arriving)
            .map(at)
            .chain(lies)
            .chain((0..leaving).map(|frame| at(arriving + lying + frame)))
            .collect();
        let shown = |frame: usize| {
            let lies = (counts[0]..counts[0] + lies_for).contains(&frame);
            Shown { sheet: Some(sheet), lies }
        };
        self.frames.extend((0..pictures.len()).map(shown));
        self.pictures.extend(pictures);
        self.next += arriving + lying + leaving;
    }
}

impl Reel {
    /// Draws a film of that many sheets, of which the first `patient` wait for a finger, into `folder`.
    pub(crate) fn make(folder: &Path, count: usize, patient: usize, day: DemoDay) -> Result<Self, Failure> {
        let sheets = sound_sheets(count, day);
        let counting = film(&sheets);
        let wanted: Vec<[Vec<usize>; 3]> = (0..count).map(|sheet| pictures_of(&counting, sheet)).collect();
        let mut order = Order { pictures: Vec::new(), frames: Vec::new(), next: TABLE as u64 };
        order.table(BEFORE);
        for (sheet, pictures) in wanted.iter().enumerate() {
            if sheet == patient && patient > 0 {
                order.table(BETWEEN);
            }
            order.table(phase(&counting, sheet, Phase::Away).len());
            let lies_for = phase(&counting, sheet, Phase::Lying).len();
            let more = if sheet < patient { PATIENT_FRAMES } else { 0 };
            order.sheet(sheet, pictures.each_ref().map(Vec::len), lies_for + more);
        }
        order.table(BETWEEN);

        let file = folder.join("film.reel");
        let mut writer = Writer::begin(&file, OFFER, order.next as usize, order.pictures.len())?;
        for frame in phase(&counting, 0, Phase::Away).into_iter().cycle().take(TABLE) {
            writer.picture(&encoded(&counting, frame))?;
        }
        let workers = std::thread::available_parallelism()?.get();
        let films: Vec<Film> = (0..workers).map(|_| film(&sheets)).collect();
        for some in wanted.chunks(workers) {
            let draw = |(film, pictures): (&Film, &[Vec<usize>; 3])| -> Vec<Vec<u8>> {
                pictures.iter().flatten().map(|frame| encoded(film, *frame)).collect()
            };
            let drawn: Vec<Vec<Vec<u8>>> = scope(|threads| {
                let drawing: Vec<ScopedJoinHandle<'_, _>> =
                    films.iter().zip(some).map(|pair| threads.spawn(move || draw(pair))).collect();
                drawing.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
            });
            for picture in drawn.iter().flatten() {
                writer.picture(picture)?;
            }
        }
        writer.end(&order.pictures)?;
        Ok(Self { file, sheets, patient, frames: order.frames })
    }

    /// The first frame in which that sheet lies.
    pub(crate) fn lies_from(&self, sheet: usize) -> Option<usize> {
        self.frames.iter().position(|shown| shown.sheet == Some(sheet) && shown.lies)
    }

    /// That many frames as the camera sends them, evenly out of the whole film.
    pub(crate) fn some_frames(&self, count: usize) -> Result<Vec<Vec<u8>>, Failure> {
        let reel = fakecam::reel::Reel::open(&self.file)?;
        let mut buffer = vec![0; OFFER.size.pixels() * 2];
        let every = (self.frames.len() / count).max(1);
        let frames = (0..self.frames.len()).step_by(every).take(count);
        frames
            .map(|frame| {
                let length = reel.read(frame as u64, &mut buffer)?;
                Ok(buffer[..length].to_vec())
            })
            .collect()
    }
}
