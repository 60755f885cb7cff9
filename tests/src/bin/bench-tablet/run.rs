//! One day at the tablet: sheets that a person records with a finger, then sheets that are recorded as they are read,
//! while ten thousand entries of before are sent.
//!
//! Must not: measure what is not on disk or on the screen.

use std::{
    collections::BTreeSet,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags};
use tests::{
    demo::{Failure, judge::entries_at_central},
    site,
};

use crate::{
    display::Display,
    floors::Keeping,
    outcome::{Papers, Records, Run, Unattended},
    prepared::{Places, Prepared, STORED, across, middle},
    process::{cpu_seconds, memory},
    reel::Reel,
    screen::Strip,
    tablet::{Start, Tablet},
    times::{Clocks, Growing, Times},
};

const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long a button may take to appear after the verdict, and an entry to be kept after the finger.
const ANSWER: Duration = Duration::from_secs(2);
/// How long the last entries may take to the central.
const DELIVERY: Duration = Duration::from_secs(60);
/// Frames before the end of the film at which counting ends: what is in view then is only the table.
const LAST_FRAMES: usize = 15;

/// The tablet at work, and what is seen of it.
struct Watching<'a> {
    display: &'a mut Display,
    places: &'a Places,
    times: Times,
    film: Growing,
    /// The number of the camera's newest frame.
    frame: usize,
}

impl Watching<'_> {
    fn look(&mut self) -> Result<(), Failure> {
        std::thread::sleep(LOOK_EVERY);
        self.times.take_in()?;
        if let Some(last) = self.film.lines()?.last() {
            self.frame =
                last.split(' ').next().and_then(|number| number.parse().ok()).ok_or("the camera's log")?;
        }
        Ok(())
    }

    fn count(&self, what: &str) -> usize {
        self.times.of(what).count()
    }

    /// Where 記録する begins, beside its word.
    fn record_button(&self) -> Strip {
        let (_, y) = middle(self.places.record);
        Strip { x: (self.places.record.x + self.places.record.width * 0.1) as u32, y, width: 8 }
    }

    /// Records sheet by sheet with a finger until that frame; when each button was seen and each finger came down.
    fn record_by_finger(&mut self, until: usize) -> Result<Vec<(Instant, Instant)>, Failure> {
        let strip = self.record_button();
        let mut recorded = Vec::new();
        while self.frame < until {
            let (without, before) = (self.display.screen.pixels(strip)?, self.count("frame_to_verdict"));
            self.look()?;
            if self.count("frame_to_verdict") == before {
                continue;
            }
            let changed = |pixels: &[u32]| pixels != without;
            let shown = self.display.screen.until(strip, ANSWER, "記録する", changed)?;
            let kept = self.count("frame_to_kept");
            recorded.push((shown, self.display.tap(middle(self.places.record))?));
            let began = Instant::now();
            while self.count("frame_to_kept") == kept {
                if began.elapsed() > ANSWER {
                    return Err("a sheet was tapped and not kept".into());
                }
                self.look()?;
            }
        }
        Ok(recorded)
    }
}

/// Watches while nobody touches the screen, until that frame.
fn unattended(
    watching: &mut Watching<'_>,
    tablet: &Tablet,
    mut keeping: Keeping,
    until: usize,
) -> Result<Unattended, Failure> {
    let from_line = watching.times.lines.len();
    let strip = across(watching.places.preview);
    let (before, counting, from) =
        (cpu_seconds(tablet.process())?, watching.display.screen.count_changes(strip), Instant::now());
    let (mut commits, mut resident) = (watching.count("commit"), 0.0_f64);
    while watching.frame < until {
        watching.look()?;
        let now = watching.count("commit");
        if now > commits {
            commits = now;
            // Right after the tablet's own, under the same load and not in its way.
            keeping.once()?;
            resident = resident.max(memory(tablet.process())?.resident);
        }
    }
    let seconds = from.elapsed().as_secs_f64();
    let shown = counting.end().len() as f64 / seconds;
    let percent = |(name, after): (String, f64)| {
        let before = before.get(&name).copied().unwrap_or_default();
        (name, (after - before) / seconds * 100.0)
    };
    let threads = cpu_seconds(tablet.process())?.into_iter().map(percent).collect();
    Ok(Unattended { plain: keeping.end(), shown, threads, resident, from_line })
}

/// Only starts, unlocks and sees the first picture.
pub(crate) fn start_only(
    prepared: &mut Prepared,
    reel: &Reel,
    display: &mut Display,
) -> Result<(Start, f64), Failure> {
    let folder = prepared.fresh()?;
    let places = prepared.places.clone();
    let tablet = Tablet::start(&folder, &reel.file, display, &places)?;
    let mut times = Times::new(&tablet.times);
    times.take_in()?;
    let (start, unlock) = (tablet.start, times.of("unlock").next().map_or(f64::NAN, |line| line.ms));
    tablet.end(display, &places)?;
    Ok((start, unlock))
}

/// Runs one day.
pub(crate) fn run(prepared: &mut Prepared, reel: &Reel, display: &mut Display) -> Result<Run, Failure> {
    let folder = prepared.fresh()?;
    let places = prepared.places.clone();
    let clocks = Clocks::read()?;
    let tablet = Tablet::start(&folder, &reel.file, display, &places)?;
    let (times, film) = (Times::new(&tablet.times), Growing::new(&tablet.frames));
    let mut watching = Watching { display, places: &places, times, film, frame: 0 };

    let first_alone = reel.lies_from(reel.patient).ok_or("no sheets beyond those for the finger")?;
    // While the table is bare between the two kinds of sheets.
    let fingers = watching.record_by_finger(first_alone.saturating_sub(50))?;
    watching.display.tap_calmly(middle(places.mode))?;
    let keeping = Keeping::begin(&folder, &prepared.entry)?;
    let alone = unattended(&mut watching, &tablet, keeping, reel.frames.len() - LAST_FRAMES)?;

    let times = watching.times;
    let papers = at_central(prepared.central(), reel, times.of("frame_to_kept").count())?;
    let most_resident = memory(tablet.process())?.most;
    let (start, frames) = (tablet.start, clocks.frames(&tablet.frames)?);
    tablet.end(display, &places)?;
    let fingers =
        fingers.into_iter().map(|(shown, finger)| (clocks.wall(shown), clocks.wall(finger))).collect();
    Records { reel, times: &times, frames, fingers }.run(start, alone, most_resident, papers)
}

/// What became of the sheets by the central's own database, once all entries are there or patience ends.
fn at_central(central: &Path, reel: &Reel, kept: usize) -> Result<Papers, Failure> {
    let learnt = site::sheets(1).sheets();
    let printed: BTreeSet<&str> =
        reel.sheets.iter().chain(learnt.sheets()).map(|sheet| sheet.digits.as_str()).collect();
    let began = Instant::now();
    loop {
        let entries = entries_at_central(central)?;
        // One was recorded while the places were learnt.
        if entries.len() >= STORED + 1 + kept || began.elapsed() > DELIVERY {
            let coupons = entries.values().filter_map(|entry| entry.content.coupon());
            // The entries of before are of the first dose.
            let of_today = coupons.map(|line| line.to_string()).filter(|digits| digits.starts_with("23"));
            let misread = of_today.filter(|digits| !printed.contains(digits.as_str())).count();
            let (passed, delivered) = (reel.sheets.len(), entries.len());
            return Ok(Papers { passed, kept, misread, delivered, drained_at: drained_at(central)? });
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// When the central received the last of the entries that lay on the tablet before the run.
fn drained_at(central: &Path) -> Result<f64, Failure> {
    let file = central.join("register.sqlite");
    let register = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let last: i64 = register.query_one(
        "SELECT max(received_at) FROM entries WHERE position <= ?1",
        [STORED as i64],
        |row| row.get(0),
    )?;
    Ok(last as f64)
}
