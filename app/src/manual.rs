//! 使い方: the words of the manual, one file for the screen and for `docs/manual`, and its moving pictures.
//!
//! Must not: say what a page does where `assets/manual/tasks.json` could; or draw anything.

pub mod moving;

use std::sync::OnceLock;

use serde::Deserialize;

use crate::display::Language;

const TASKS: &str = include_str!("../../assets/manual/tasks.json");

// (id and language, file) of each picture that was there when the program was built.
include!(concat!(env!("OUT_DIR"), "/manual_pictures.rs"));

/// What help can be asked for: a page, or what it is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HelpFor {
    /// First start, or a new bundle.
    Setup,
    /// ロック.
    Unlock,
    /// 本日の設定.
    Day,
    /// 読取, one by one.
    Scan,
    /// 読取, while accepted papers are kept at once.
    ScanAutomatic,
    /// 読取, with a paper that needs a person.
    ScanPerson,
    /// 紙と比べる.
    Confirm,
    /// 手入力.
    Keypad,
    /// 記録.
    Records,
    /// One record.
    Entry,
    /// 訂正・取消.
    Change,
    /// 締め.
    Closing,
    /// 在庫.
    Stock,
    /// 送信.
    Sending,
    /// 設定.
    Settings,
    /// 設定, while somebody practises.
    Training,
    /// 自己点検.
    SelfTest,
}

impl HelpFor {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Setup,
        Self::Unlock,
        Self::Day,
        Self::Scan,
        Self::ScanAutomatic,
        Self::ScanPerson,
        Self::Confirm,
        Self::Keypad,
        Self::Records,
        Self::Entry,
        Self::Change,
        Self::Closing,
        Self::Stock,
        Self::Sending,
        Self::Settings,
        Self::Training,
        Self::SelfTest,
    ];
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    ja: String,
    en: String,
}

impl Words {
    /// The sentence in that language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        language.of(&self.ja, &self.en)
    }
}

/// Something that staff do, step by step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its anchor and the name of its pictures.
    pub id: String,
    /// Where help opens at it.
    pub pages: Vec<HelpFor>,
    /// Whether there is a picture for each step.
    #[serde(default = "yes")]
    pub pictures: bool,
    /// What is done.
    pub title: Words,
    /// One sentence each.
    pub steps: Vec<Words>,
}

fn yes() -> bool {
    true
}

#[derive(Default, Deserialize)]
struct Manual {
    tasks: Vec<Task>,
}

/// Every task, in the order in which they are read.
#[must_use]
pub fn tasks() -> &'static [Task] {
    static MANUAL: OnceLock<Manual> = OnceLock::new();
    // The file is part of the program and a test reads it; without it there would be no help, and work would go on.
    &MANUAL.get_or_init(|| serde_json::from_str(TASKS).unwrap_or_default()).tasks
}

/// Which task belongs to that page, by its place in [`tasks`].
#[must_use]
pub fn task_for(page: HelpFor) -> usize {
    tasks().iter().position(|task| task.pages.contains(&page)).unwrap_or(0)
}

/// The file name of a task's moving picture, without its ending: `unlock-ja`.
#[must_use]
pub fn picture_name(id: &str, language: Language) -> String {
    format!("{id}-{}", language.of("ja", "en"))
}

/// A task's moving picture as it lies in `docs/manual/pictures`.
#[must_use]
pub fn picture(id: &str, language: Language) -> Option<&'static [u8]> {
    let name = picture_name(id, language);
    PICTURES.iter().find(|(known, _)| *known == name).map(|(_, file)| *file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_read_and_every_page_has_its_task() {
        let manual: Manual = serde_json::from_str(TASKS).unwrap();
        assert_eq!(manual.tasks, tasks());
        for page in HelpFor::ALL {
            let count = tasks().iter().filter(|task| task.pages.contains(&page)).count();
            assert_eq!(count, 1, "{page:?}");
        }
    }

    #[test]
    fn every_task_moves_in_both_languages_a_picture_for_each_step() {
        for task in tasks().iter().filter(|task| task.pictures) {
            for language in Language::ALL {
                let file = picture(&task.id, language);
                let file = file.unwrap_or_else(|| panic!("{}: run `cargo xtask manual`", task.id));
                let frames = moving::frames(file).unwrap();
                assert_eq!(frames.len(), task.steps.len(), "{} {language:?}", task.id);
            }
        }
    }

    #[test]
    fn sentences_are_short_and_in_the_language_they_claim() {
        for task in tasks() {
            for words in task.steps.iter().chain([&task.title]) {
                let (japanese, english) = (words.of(Language::Japanese), words.of(Language::English));
                assert!(japanese.chars().count() <= 70, "{japanese}");
                assert!(english.chars().count() <= 140, "{english}");
                assert!(english.chars().all(|sign| (sign as u32) < 0x3000), "{english}");
                assert!(japanese.chars().any(|sign| (sign as u32) >= 0x3040), "{japanese}");
            }
        }
    }
}
