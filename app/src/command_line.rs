//! What can be said on the command line.
//!
//! Must not: be needed by staff; a tablet starts without a word.

use std::{ffi::OsString, path::PathBuf, sync::Arc};

use lexopt::{Arg, Parser, ValueExt};
use sheets::Level;

use crate::{
    camera::{SheetsUnderCamera, Source},
    platform,
    shell::Config,
    timing::Timing,
};

/// What `--help` says.
pub const HELP: &str = "\
vrs-tablet: the tablet program

  --data FOLDER      where the tablet keeps its files (default: the system's folder for this user)
  --bundle FILE      a configuration bundle, offered first when the tablet is set up
  --camera WHICH     auto (the first camera, or sample sheets), device, a number, or sheets (default: device)
  --seed N           which sample sheets (default 1)
  --timing FILE      write how long things take, as lines of JSON
  --recover FILE     no screens: deliver what the tablet in --data holds, with the release that its central made; the code
                     that belongs to it is read from standard input
";

/// What to do.
pub enum Command {
    /// Say what can be said.
    Help,
    /// Run the program.
    Run(Box<Config>),
    /// Deliver what the tablet in that folder holds, with that release.
    Recover {
        /// The tablet's own folder.
        folder: PathBuf,
        /// What its central released.
        release: PathBuf,
    },
}

/// Sample sheets of 渋谷区, the municipality of the demo.
const DEMO_MUNICIPALITY: &str = "131130";

/// Reads the command line.
///
/// # Errors
/// A sentence about the first word that cannot be used.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = Parser::from_iter(words);
    let mut folder = platform::data_folder();
    let (mut bundle, mut camera, mut seed, mut timing) = (None, "device".to_owned(), 1, Timing::default());
    let mut release = None;
    let wrong = |error: lexopt::Error| error.to_string();
    while let Some(word) = parser.next().map_err(wrong)? {
        match word {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long("data") => folder = PathBuf::from(parser.value().map_err(wrong)?),
            Arg::Long("bundle") => bundle = Some(PathBuf::from(parser.value().map_err(wrong)?)),
            Arg::Long("recover") => release = Some(PathBuf::from(parser.value().map_err(wrong)?)),
            Arg::Long("camera") => camera = parser.value().map_err(wrong)?.string().map_err(wrong)?,
            Arg::Long("seed") => seed = parser.value().map_err(wrong)?.parse().map_err(wrong)?,
            Arg::Long("timing") => {
                let file = PathBuf::from(parser.value().map_err(wrong)?);
                timing = Timing::to_file(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            }
            other => return Err(wrong(other.unexpected())),
        }
    }
    if let Some(release) = release {
        return Ok(Command::Recover { folder, release });
    }
    let device =
        platform::device_secret().map_err(|error| format!("the device secret cannot be read: {error}"))?;
    let source = source(&camera, seed)?;
    let (clock, free_bytes) = (platform::now, platform::free_bytes);
    Ok(Command::Run(Box::new(Config { folder, bundle, source, clock, free_bytes, device, timing })))
}

fn source(camera: &str, seed: u64) -> Result<Source, String> {
    match camera {
        "device" => Ok(Source::Device(None)),
        "sheets" => Ok(Source::Sheets(demo_sheets(seed)?)),
        "auto" => Ok(Source::DeviceOrSheets(demo_sheets(seed)?)),
        number => match number.parse() {
            Ok(index) => Ok(Source::Device(Some(index))),
            Err(_) => Err(format!("--camera takes auto, device, sheets or a number, not {number}")),
        },
    }
}

/// The sample sheets of the demo: 24 coupons, most of them for dose 3.
///
/// # Errors
/// Never in practice: the values are fixed and valid.
pub fn demo_sheets(seed: u64) -> Result<SheetsUnderCamera, String> {
    let wrong = |_| "the demo's own values are wrong".to_owned();
    Ok(SheetsUnderCamera {
        seed,
        level: Level::Usual,
        count: 24,
        municipality: DEMO_MUNICIPALITY.parse().map_err(|_| "the demo's municipality is wrong".to_owned())?,
        dose: "3".parse().map_err(wrong)?,
        kind: "2".parse().map_err(wrong)?,
        hands: Arc::default(),
    })
}
