//! Every page in every way a tablet can show it: two languages, three sizes of words, two colourings, lying and standing,
//! on a 10-inch and on an 8-inch tablet; the latter in one colouring, because colours do not hang on a screen's size. Pages
//! that are the same each time are held against stored pictures.
//!
//! A stored picture is one page in all its ways, each as a tile whose pixels are the mean of 16 × 16 on the screen in 16 steps
//! of grey: enough to see that something moved, little enough to keep. `VRS_RENEW_PICTURES=1` stores them anew.
//!
//! Must not: forgive a difference silently.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use app::display::{Brightness, Display, Language, Sounds, TextSize};
use image::GrayImage;

use crate::screen::{HEIGHT_PX, Screen, WIDTH_PX};

/// The environment variable that has pictures stored anew.
pub const RENEW: &str = "VRS_RENEW_PICTURES";

/// Pixels of the screen for one pixel of a tile, each way.
const CELL_PX: u32 = 16;
/// A tile's side: the longer side of a 10-inch screen.
const TILE_PX: u32 = 80;
/// Tiles in a row.
const COLUMNS: u32 = 8;
/// The distance of two steps of grey.
const STEP: u8 = 17;
/// So many pixels of a tile may differ by one step: rounding on another machine.
const ROUNDED: usize = 4;

/// How a tablet is held and how large it is: its window in logical pixels. The 8-inch tablet has 1280 × 800 pixels too, at a
/// scale of 1.25.
pub const SHAPES: [(&str, f32, f32); 4] = [
    ("lying", WIDTH_PX, HEIGHT_PX),
    ("standing", HEIGHT_PX, WIDTH_PX),
    ("small-lying", WIDTH_PX / 1.25, HEIGHT_PX / 1.25),
    ("small-standing", HEIGHT_PX / 1.25, WIDTH_PX / 1.25),
];

/// One way to show a page.
#[derive(Debug, Clone)]
pub struct Way {
    /// Its name: `ja-200-dark-small-standing`.
    pub name: String,
    /// How the tablet speaks.
    pub display: Display,
    /// The window, in logical pixels.
    pub size: (f32, f32),
}

/// All 36; those of one window follow each other.
pub fn ways() -> Vec<Way> {
    let mut ways = Vec::new();
    for (shape, width, height) in SHAPES {
        for language in Language::ALL {
            for text_size in TextSize::ALL {
                let colourings = if width.max(height) < WIDTH_PX { 1 } else { Brightness::ALL.len() };
                for brightness in Brightness::ALL.into_iter().take(colourings) {
                    let percent = text_size.scale() * 100.0;
                    let dark = if brightness == Brightness::Dark { "-dark" } else { "" };
                    ways.push(Way {
                        name: format!("{}-{percent}{dark}-{shape}", language.code()),
                        display: Display { language, text_size, brightness, sounds: Sounds::On },
                        size: (width, height),
                    });
                }
            }
        }
    }
    ways
}

impl Way {
    /// Whether only its colours tell it from another: nothing lies elsewhere.
    pub fn only_colours_differ(&self) -> bool {
        self.display.brightness == Brightness::Dark
    }

    /// Whether people find it in `target/pictures/tablet`.
    fn is_for_people(&self) -> bool {
        self.size == (WIDTH_PX, HEIGHT_PX) && self.display.text_size != TextSize::Large
    }
}

/// The pages that one test looks at, once each.
pub struct Album {
    /// Where its stored pictures lie; none where pages differ from run to run.
    stored: Option<PathBuf>,
    seen: BTreeSet<String>,
    faults: Vec<String>,
}

impl Album {
    /// Pages whose words and pictures differ from run to run: it is looked at how they lie.
    pub fn of_what_changes() -> Self {
        Self { stored: None, seen: BTreeSet::new(), faults: Vec::new() }
    }

    /// Pages that are the same each time, held against the pictures in `tests/pictures` under that name.
    pub fn stored(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures").join(name);
        Self { stored: Some(folder), ..Self::of_what_changes() }
    }

    /// How many pages were looked at.
    pub fn pages(&self) -> usize {
        self.seen.len()
    }

    /// Looks at the page that the screen shows in every way, and leaves the screen as it was at first.
    pub fn look(&mut self, screen: &Screen, page: &str) {
        self.look_past(screen, page, &[]);
    }

    /// The same, past what is different each time: what is labelled with one of these words.
    pub fn look_past(&mut self, screen: &Screen, page: &str, changing: &[&str]) {
        if !self.seen.insert(page.to_owned()) {
            return;
        }
        let mut tiles = Vec::new();
        for way in ways() {
            if self.stored.is_none() && way.only_colours_differ() {
                continue;
            }
            screen.resize(way.size.0, way.size.1);
            screen.show_as(way.display);
            let faults = if way.only_colours_differ() { Vec::new() } else { screen.layout_faults() };
            if way.is_for_people() || !faults.is_empty() {
                screen.picture(&picture(page, &way));
            }
            self.faults.extend(faults.into_iter().map(|fault| format!("{page} {}: {fault}", way.name)));
            if self.stored.is_some() {
                tiles.push((tile(screen, changing), way));
            }
        }
        if let Some(folder) = &self.stored {
            let file = folder.join(page).with_extension("png");
            self.faults.extend(compare(screen, page, &file, &tiles));
        }
        screen.resize(WIDTH_PX, HEIGHT_PX);
        screen.show_as(Display::default());
    }

    /// Says everything that was found.
    ///
    /// # Panics
    /// Where anything was.
    pub fn close(mut self) {
        if let Some(folder) = &self.stored {
            let stored = fs::read_dir(folder).into_iter().flatten().flatten();
            let pages =
                stored.filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().into_owned()));
            let left_over = pages.filter(|page| !self.seen.contains(page));
            self.faults.extend(left_over.map(|page| format!("{page}: stored, and no page of this test")));
        }
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n"));
    }
}

fn picture(page: &str, way: &Way) -> PathBuf {
    target().join(format!("{page}-{}.png", way.name))
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures/tablet")
}

/// What the screen shows, in pixels of 16 × 16, past what is different each time.
fn tile(screen: &Screen, changing: &[&str]) -> GrayImage {
    let mut shown = screen.gray();
    for place in screen.changing_places(changing) {
        let (left, top) = (place.x.max(0.0) as u32, place.y.max(0.0) as u32);
        let right = ((place.x + place.width).max(0.0).ceil() as u32).min(shown.width());
        let bottom = ((place.y + place.height).max(0.0).ceil() as u32).min(shown.height());
        for y in top..bottom {
            for x in left..right {
                shown.put_pixel(x, y, image::Luma([128]));
            }
        }
    }
    let (columns, rows) = (shown.width() / CELL_PX, shown.height() / CELL_PX);
    GrayImage::from_fn(columns, rows, |column, row| {
        let cell = (0..CELL_PX * CELL_PX).map(|at| {
            u32::from(shown.get_pixel(column * CELL_PX + at % CELL_PX, row * CELL_PX + at / CELL_PX).0[0])
        });
        let mean = cell.sum::<u32>() / (CELL_PX * CELL_PX);
        image::Luma([((mean + u32::from(STEP) / 2) / u32::from(STEP)) as u8 * STEP])
    })
}

/// Holds a page's tiles against the stored ones; stores them where that is asked for.
fn compare(screen: &Screen, page: &str, file: &Path, tiles: &[(GrayImage, Way)]) -> Vec<String> {
    let rows = (tiles.len() as u32).div_ceil(COLUMNS);
    let mut sheet = GrayImage::new(COLUMNS * TILE_PX, rows * TILE_PX);
    let corner = |index: usize| (index as u32 % COLUMNS * TILE_PX, index as u32 / COLUMNS * TILE_PX);
    for (index, (tile, _)) in tiles.iter().enumerate() {
        let (x, y) = corner(index);
        image::imageops::replace(&mut sheet, tile, x.into(), y.into());
    }
    if std::env::var_os(RENEW).is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        sheet.save(file).unwrap();
        return Vec::new();
    }
    let name = format!(
        "tests/pictures/{}",
        file.iter().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect::<PathBuf>().display()
    );
    let Ok(stored) = image::open(file).map(image::DynamicImage::into_luma8) else {
        return vec![format!("{page}: no stored picture {name}; {RENEW}=1 stores it")];
    };
    if stored.dimensions() != sheet.dimensions() {
        return vec![format!("{page}: {name} is of another size; {RENEW}=1 stores it anew")];
    }
    let mut faults = Vec::new();
    for (index, (tile, way)) in tiles.iter().enumerate() {
        let (x, y) = corner(index);
        let steps = |column: u32, row: u32| {
            stored.get_pixel(x + column, y + row).0[0].abs_diff(tile.get_pixel(column, row).0[0]) / STEP
        };
        let differ: Vec<(u32, u32, u8)> = tile
            .enumerate_pixels()
            .map(|(column, row, _)| (column, row, steps(column, row)))
            .filter(|(_, _, steps)| *steps > 0)
            .collect();
        if differ.len() <= ROUNDED && differ.iter().all(|(_, _, steps)| *steps == 1) {
            continue;
        }
        screen.resize(way.size.0, way.size.1);
        screen.show_as(way.display);
        let new = picture(page, way);
        screen.picture(&new);
        let (column, row, _) = differ[0];
        faults.push(format!(
            "{page} {}: differs from {name} (tile {} in row {}) in {} places, first at {},{}; the new picture: {}; {RENEW}=1 stores it",
            way.name,
            index as u32 % COLUMNS + 1,
            index as u32 / COLUMNS + 1,
            differ.len(),
            column * CELL_PX,
            row * CELL_PX,
            new.display()
        ));
    }
    faults
}
