//! A display that nobody sees, and a hand in front of it.
//!
//! Must not: know what is on it; `screen` looks.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tests::demo::Failure;

use crate::screen::Screen;

/// The size of the display and of every window on it.
pub(crate) const WIDTH_PX: u32 = 1280;
/// Its height.
pub(crate) const HEIGHT_PX: u32 = 800;
/// Memory that looks like files: what is drawn is not written to a disk.
const MEMORY: &str = "/dev/shm";
/// A finger rests on a key for about this long.
const STROKE: Duration = Duration::from_millis(120);

/// The display with its hand.
pub(crate) struct Display {
    xvfb: Child,
    hand: Child,
    strokes: ChildStdin,
    number: String,
    _folder: TempDir,
    /// What is drawn on it.
    pub(crate) screen: Screen,
}

impl Display {
    /// A black display.
    pub(crate) fn start() -> Result<Self, Failure> {
        let folder = tempfile::tempdir_in(MEMORY).or_else(|_| tempfile::tempdir())?;
        let mut xvfb = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{WIDTH_PX}x{HEIGHT_PX}x24"), "-fbdir"])
            .arg(folder.path())
            .args(["-nolisten", "tcp", "-noreset", "-br"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut said = String::new();
        BufReader::new(xvfb.stdout.take().ok_or("no output of Xvfb")?).read_line(&mut said)?;
        let number = format!(":{}", said.trim());
        let screen = Screen::open(&folder.path().join("Xvfb_screen0"))?;
        let mut hand =
            Command::new("xdotool").arg("-").env("DISPLAY", &number).stdin(Stdio::piped()).spawn()?;
        let strokes = hand.stdin.take().ok_or("no input of xdotool")?;
        Ok(Self { xvfb, hand, strokes, number, _folder: folder, screen })
    }

    /// Lets a program show itself here, in the size of the display and nowhere else.
    pub(crate) fn shows(&self, program: &mut Command) {
        program.env("DISPLAY", &self.number).env_remove("WAYLAND_DISPLAY").env("SLINT_SCALE_FACTOR", "1");
    }

    /// Taps there; when the finger came down.
    pub(crate) fn tap(&mut self, (x, y): (u32, u32)) -> Result<Instant, Failure> {
        let now = Instant::now();
        writeln!(self.strokes, "mousemove {x} {y} click 1")?;
        self.strokes.flush()?;
        Ok(now)
    }

    /// Taps there and takes the time that a finger takes.
    pub(crate) fn tap_calmly(&mut self, at: (u32, u32)) -> Result<(), Failure> {
        self.tap(at)?;
        std::thread::sleep(STROKE);
        Ok(())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for child in [&mut self.hand, &mut self.xvfb] {
            // Both are this program's own; one that has ended already cannot be ended again.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
