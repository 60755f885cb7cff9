//! How often each print is read in single frames of this synthesiser and of another one, side by side.
//!
//! Must not: tune anything by what it finds.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scanner::{CaptureId, Frame, Reading, Symbol};
use sheets::{
    FrameSize, Level,
    stand::{Disturbance, Slip, Take},
};

/// Frames of our own a level.
pub const OWN_FRAMES: u64 = 1200;
/// The sizes of frames that are compared, in turn.
const SIZES: [FrameSize; 2] =
    [FrameSize { width: 1280, height: 720 }, FrameSize { width: 1920, height: 1080 }];
/// What a table calls the prints.
pub const PRINTS: [&str; 3] = ["qr", "nw7", "ocr"];

/// Frames that show a print, and in how many it was read as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// Frames that show it.
    pub shown: u64,
    /// Read as printed.
    pub right: u64,
}

/// Theirs and ours, by level (1 to 3) and print (a place in [`PRINTS`]).
pub type Cells = BTreeMap<(u8, usize), (Rate, Rate)>;

/// A comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What theirs is called.
    pub name: String,
    /// The rates.
    pub cells: Cells,
}

impl Rate {
    fn count(&mut self, printed: Option<&str>, symbol: Symbol, reading: &Reading) {
        let Some(printed) = printed else { return };
        self.shown += 1;
        let said = reading.sightings.iter().filter(|it| it.symbol == symbol);
        self.right += u64::from(said.into_iter().any(|it| it.digits.as_str() == printed));
    }
}

impl Comparison {
    /// Reads the frames of folders of which `labels.csv` (columns file, level, truth, qr, codabar) tells of, and frames of
    /// our own.
    ///
    /// # Errors
    /// Where the folder or one of its frames cannot be read.
    pub fn run(folders: &[PathBuf], read: &impl Fn(&Frame) -> Reading) -> Result<Self, Box<dyn Error>> {
        let mut cells = Cells::new();
        for folder in folders {
            theirs(folder, read, &mut cells)?;
        }
        ours(OWN_FRAMES, read, &mut cells);
        let name = |folder: &PathBuf| folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name: folders.iter().map(name).collect::<Vec<_>>().join(", "), cells })
    }
    pub(crate) fn of(cells: BTreeMap<String, Cells>) -> Option<Self> {
        cells.into_iter().next().map(|(name, cells)| Self { name, cells })
    }
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        for ((level, print), (theirs, ours)) in &self.cells {
            let (name, print) = (&self.name, PRINTS[*print]);
            let counts = [theirs.shown, theirs.right, ours.shown, ours.right].map(|count| count.to_string());
            let _ = writeln!(text, "compare\t{name}\t{level}\t{print}\t{}", counts.join("\t"));
        }
        text
    }
    pub(crate) fn take_in(words: &[&str], all: &mut BTreeMap<String, Cells>) -> Option<()> {
        let [_, name, level, print, counts @ ..] = words else { return None };
        let counts: Vec<u64> = counts.iter().map(|count| count.parse().ok()).collect::<Option<_>>()?;
        let [shown, right, own_shown, own_right] = counts[..] else { return None };
        let print = PRINTS.iter().position(|known| known == print)?;
        let rates = (Rate { shown, right }, Rate { shown: own_shown, right: own_right });
        all.entry((*name).to_owned()).or_default().insert((level.parse().ok()?, print), rates);
        Some(())
    }
}

fn theirs(folder: &Path, read: &impl Fn(&Frame) -> Reading, cells: &mut Cells) -> Result<(), Box<dyn Error>> {
    let labels = fs::read_to_string(folder.join("labels.csv"))?;
    let mut lines = labels.lines();
    let heads: Vec<&str> = lines.next().unwrap_or_default().trim().split(',').collect();
    let place = |head| {
        heads
            .iter()
            .position(|known| *known == head)
            .ok_or_else(|| format!("labels.csv has no column {head}"))
    };
    let (file, level, truth, qr, nw7) =
        (place("file")?, place("level")?, place("truth")?, place("qr")?, place("codabar")?);
    for line in lines {
        let words: Vec<&str> = line.trim().split(',').collect();
        let word = |place: usize| words.get(place).copied().unwrap_or_default();
        if word(truth).is_empty() {
            continue;
        }
        let picture = image::open(folder.join(word(file)))?.to_luma8();
        let (width, height) = picture.dimensions();
        let frame = Frame::new(CaptureId(0), width, height, Arc::from(picture.into_raw()))?;
        let reading = read(&frame);
        let bars = word(nw7).trim_matches(|c: char| c.is_ascii_alphabetic());
        let printed = [word(qr), bars, word(truth)].map(|text| (!text.is_empty()).then_some(text));
        for (print, symbol) in Symbol::ALL.into_iter().enumerate() {
            let cell = cells.entry((word(level).parse()?, print)).or_default();
            cell.0.count(printed[print], symbol, &reading);
        }
    }
    Ok(())
}

fn ours(frames: u64, read: &impl Fn(&Frame) -> Reading, cells: &mut Cells) {
    for (number, level) in [(1, Level::Good), (2, Level::Usual), (3, Level::Bad)] {
        for index in 0..frames {
            let seed = 1_000_000_000 + index * 3 + u64::from(number);
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let digits = crate::plan::any_line(&mut rng);
            let slip = Slip::by_lot(digits, Disturbance::None, &mut rng);
            let size = SIZES[(index % 2) as usize];
            let take = Take::set_up(slip, level, size, seed);
            let luma = Arc::from(take.settled_frame());
            let Ok(frame) = Frame::new(CaptureId(0), size.width as u32, size.height as u32, luma) else {
                continue;
            };
            let reading = read(&frame);
            let slip = take.slip();
            let printed = [
                take.shows_qr().then(|| slip.digits.as_str()),
                slip.nw7_digits().filter(|_| take.shows_nw7()),
                Some(slip.digits.as_str()),
            ];
            for (print, symbol) in Symbol::ALL.into_iter().enumerate() {
                cells.entry((number, print)).or_default().1.count(printed[print], symbol, &reading);
            }
        }
    }
}
