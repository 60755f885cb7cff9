//! 使い方: plays every task of `assets/manual/tasks.json` on the real screens, and makes of it what lies in `docs/manual`:
//! moving pictures, pages for a browser, and a PDF for paper. Or plays them and compares with what lies there.
//!
//! Must not: hold a sentence of the manual, or change a screen.

mod manifest;
mod moving;
mod pages;
mod palette;
mod papers;
mod pdf;
mod player;
mod ring;
mod scenes;
mod stage;

use std::{error::Error, fs, path::Path};

use app::{
    display::Language,
    manual::{Task, picture_name, tasks},
};
use image::RgbaImage;

/// What goes wrong here ends the command with its sentence.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The command that makes everything again.
pub const RENEWS: &str = "cargo xtask manual";

/// A task as it was played in one language: a picture of the screen for each step.
pub struct Played {
    /// Which.
    pub task: &'static Task,
    /// How the screens spoke.
    pub language: Language,
    /// One for each step.
    pub frames: Vec<RgbaImage>,
}

impl Played {
    fn name(&self) -> String {
        picture_name(&self.task.id, self.language)
    }
}

#[expect(clippy::print_stdout, reason = "progress of a command that takes a minute")]
fn say(text: &str) {
    println!("manual: {text}");
}

/// Plays every task in both languages.
fn play() -> Vec<Played> {
    Language::ALL.into_iter().flat_map(scenes::play).collect()
}

/// Makes the manual in that folder.
///
/// # Errors
/// Where a file cannot be written, or the browser makes no PDF.
pub fn make(folder: &Path) -> Result<(), Failure> {
    say("playing every task on the real screens, in Japanese and in English");
    let played = play();
    let pictures = folder.join("pictures");
    fs::create_dir_all(&pictures)?;
    for old in fs::read_dir(&pictures)? {
        fs::remove_file(old?.path())?;
    }
    for one in &played {
        let (moving, still) = moving::pictures(&one.frames)?;
        fs::write(pictures.join(format!("{}.png", one.name())), moving)?;
        fs::write(pictures.join(format!("{}-still.png", one.name())), still)?;
    }
    fs::write(folder.join(manifest::FILE), manifest::of(&played))?;
    for language in Language::ALL {
        fs::write(folder.join(pages::file(language)), pages::page(tasks(), language))?;
        say(&format!("the {} PDF", language.of("Japanese", "English")));
        pdf::make(&folder.join(pages::pdf(language)), &played, language)?;
    }
    let mut bytes = 0;
    for file in fs::read_dir(folder)?.chain(fs::read_dir(&pictures)?) {
        bytes += file?.metadata()?.len();
    }
    say(&format!("{} tasks, {} pictures, {} KiB", tasks().len(), played.len(), bytes / 1024));
    Ok(())
}

/// Plays every task and compares with the manual in that folder; where a screen looks different, its picture is left in
/// `seen`.
///
/// # Errors
/// Names every task and step that is not as it is shown there.
pub fn check(folder: &Path, seen: &Path) -> Result<(), Failure> {
    let played = play();
    let mut stale = manifest::differences(&fs::read_to_string(folder.join(manifest::FILE))?, &played, seen)?;
    for language in Language::ALL {
        let file = pages::file(language);
        if fs::read_to_string(folder.join(file)).unwrap_or_default() != pages::page(tasks(), language) {
            stale.push(format!("{file} is not what the words say now"));
        }
        if !folder.join(pages::pdf(language)).is_file() {
            stale.push(format!("{} is missing", pages::pdf(language)));
        }
    }
    for one in &played {
        for file in [format!("{}.png", one.name()), format!("{}-still.png", one.name())] {
            if !folder.join("pictures").join(&file).is_file() {
                stale.push(format!("{file} is missing"));
            }
        }
    }
    if stale.is_empty() {
        say(&format!("{} tasks are as they are shown in {}", tasks().len(), folder.display()));
        return Ok(());
    }
    Err(format!("the manual is stale:\n  {}\nrenew it with `{RENEWS}`", stale.join("\n  ")).into())
}
