//! The tablet program as it is shipped, on the display: started, unlocked by a finger, ended.
//!
//! Must not: take the program's word for what is on the screen.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tests::demo::{Failure, programs::program};

use crate::{
    display::Display,
    prepared::{Places, across, middle},
};

/// Text on a button, letter edges included.
const SOME_COLOURS: usize = 8;
/// A picture of a camera is never of so few.
const MANY_COLOURS: usize = 24;
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a start takes, without the person: in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// From the start of the process to the page with the names on the screen.
    pub(crate) to_names: f64,
    /// From the finger on ロックを解除 to the camera's first picture on the screen.
    pub(crate) to_picture: f64,
}

/// The running program.
pub(crate) struct Tablet {
    child: Child,
    pub(crate) start: Start,
    /// Where it writes its times, and the camera those of its frames.
    pub(crate) times: PathBuf,
    pub(crate) frames: PathBuf,
}

fn ms(from: Instant, to: Instant) -> f64 {
    to.saturating_duration_since(from).as_secs_f64() * 1e3
}

impl Tablet {
    /// Starts it with a camera that plays the film, and unlocks it.
    pub(crate) fn start(
        folder: &Path,
        film: &Path,
        display: &mut Display,
        places: &Places,
    ) -> Result<Self, Failure> {
        let (times, frames) = (folder.join("times.jsonl"), folder.join("frames.log"));
        let mut command = Command::new(program("vrs-tablet")?);
        command
            .arg("--data")
            .arg(folder)
            .args(["--camera", &fakecam::INDEX.to_string(), "--timing"])
            .arg(&times);
        command.env("LD_PRELOAD", program("libfakecam.so")?).stderr(File::create(folder.join("tablet.log"))?);
        command.env(fakecam::preload::REEL, film).env(fakecam::preload::LOG, &frames);
        display.shows(&mut command);
        let began = Instant::now();
        let child = command.spawn()?;
        let nothing = Start { to_names: 0.0, to_picture: 0.0 };
        let mut tablet = Self { child, start: nothing, times, frames };
        let names = display.screen.until_colours(across(places.name), SOME_COLOURS, PATIENCE)?;
        display.tap_calmly(middle(places.name))?;
        for digit in &places.digits {
            display.tap_calmly(middle(*digit))?;
        }
        let finger = display.tap(middle(places.unlock))?;
        let picture = display.screen.until_colours(across(places.preview), MANY_COLOURS, PATIENCE)?;
        tablet.start = Start { to_names: ms(began, names), to_picture: ms(finger, picture) };
        Ok(tablet)
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Ends it and waits until the display is black again.
    pub(crate) fn end(self, display: &Display, places: &Places) -> Result<(), Failure> {
        drop(self);
        let black = |pixels: &[u32]| pixels.iter().all(|pixel| *pixel == 0);
        display.screen.until(across(places.preview), PATIENCE, "a black display", black)?;
        Ok(())
    }
}

impl Drop for Tablet {
    fn drop(&mut self) {
        // Everything it confirmed is on its disk; nothing else of it is needed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a bare window of the same toolkit needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BareWindow {
    /// From the start of its process to the first picture on the screen, in milliseconds.
    pub(crate) to_picture: f64,
    /// Its interface thread, in percent of a core.
    pub(crate) interface: f64,
    /// MiB in RAM.
    pub(crate) resident: f64,
    /// Pictures a second on the screen.
    pub(crate) shown: f64,
}

/// Runs the bare window for that long.
pub(crate) fn bare_window(display: &Display, places: &Places, time: Duration) -> Result<BareWindow, Failure> {
    use crate::process::{cpu_seconds, memory};
    let at = places.preview;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--bare-window").args([at.x, at.y, at.width, at.height].map(|side| side.to_string()));
    display.shows(&mut command);
    command.stderr(Stdio::null());
    let began = Instant::now();
    let child = command.spawn()?;
    let path = PathBuf::new();
    let nothing = Start { to_names: 0.0, to_picture: 0.0 };
    let window = Tablet { child, start: nothing, times: path.clone(), frames: path };
    let strip = across(places.preview);
    let picture = display.screen.until_colours(strip, MANY_COLOURS, PATIENCE)?;
    let interface = || -> Result<f64, Failure> {
        let threads = cpu_seconds(window.process())?;
        threads.get("interface").copied().ok_or_else(|| "no first thread".into())
    };
    let (before, counting, from) = (interface()?, display.screen.count_changes(strip), Instant::now());
    std::thread::sleep(time);
    let (seconds, after) = (from.elapsed().as_secs_f64(), interface()?);
    let shown = counting.end().len() as f64 / seconds;
    let resident = memory(window.process())?.resident;
    window.end(display, places)?;
    Ok(BareWindow {
        to_picture: ms(began, picture),
        interface: (after - before) / seconds * 100.0,
        resident,
        shown,
    })
}
