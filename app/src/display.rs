//! How the tablet speaks: language, size of the words, colours, sounds. Belongs to the tablet, not to a person.
//!
//! Must not: hold anything else.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

const FILE: &str = "display.json";

/// The two languages of the screens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 日本語.
    #[default]
    Japanese,
    /// English.
    English,
}

/// 文字の大きさ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// 100 %.
    #[default]
    Normal,
    /// 150 %.
    Large,
    /// 200 %.
    Largest,
}

/// 画面の配色.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brightness {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// 音.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sounds {
    /// Read, person needed and refused are heard.
    #[default]
    On,
    /// Nothing is.
    Off,
}

/// How the tablet speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Display {
    /// 言語.
    pub language: Language,
    /// 文字の大きさ.
    pub text_size: TextSize,
    /// 画面の配色.
    pub brightness: Brightness,
    /// 音.
    #[serde(default)]
    pub sounds: Sounds,
}

impl Language {
    /// Both, in the order a list shows them.
    pub const ALL: [Self; 2] = [Self::Japanese, Self::English];

    /// Its code in the translation files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Japanese => Self::English,
            Self::English => Self::Japanese,
        }
    }
    /// The words of this language out of a pair.
    #[must_use]
    pub fn of<T>(self, japanese: T, english: T) -> T {
        match self {
            Self::Japanese => japanese,
            Self::English => english,
        }
    }
}

impl TextSize {
    /// All, in the order a list shows them.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Largest];

    /// How much larger than at 100 %.
    #[must_use]
    pub fn scale(self) -> f32 {
        match self {
            Self::Normal => 1.0,
            Self::Large => 1.5,
            Self::Largest => 2.0,
        }
    }
}

impl Brightness {
    /// Both, in the order a list shows them.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];
}

impl Sounds {
    /// Both, in the order a list shows them.
    pub const ALL: [Self; 2] = [Self::On, Self::Off];
}

impl Display {
    /// What is kept in that folder; the usual where there is none.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        fs::read(folder.join(FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Keeps it. A failure only means that the next start speaks as before.
    pub fn write(self, folder: &Path) {
        if let Ok(bytes) = serde_json::to_vec(&self) {
            let _ = crate::files::replace(&folder.join(FILE), &bytes);
        }
    }
}
