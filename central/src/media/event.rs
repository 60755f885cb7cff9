//! What a line of the ledger says.
//!
//! Must not: hold a person, a name of a file as it was on somebody's computer, or a sentence made of what stood in a file.

use record::{
    WallTime,
    envelope::{AccountName, EnvelopeId, Manifest, Outline},
};
use serde::{Deserialize, Serialize};

use super::refusal::Reason;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its place, from 1, so that none can be moved.
    pub number: u64,
    /// When, by the central's clock.
    pub at: WallTime,
    /// Whose account; [`BY_ITSELF`] where the central did it.
    pub by: AccountName,
    /// What it is about, as it is looked for.
    pub about: About,
    /// What was done.
    pub event: Event,
}

/// The name under which the central itself acts.
pub const BY_ITSELF: &str = "central";

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// One sealed file.
    File(EnvelopeId),
    /// The municipality's key card.
    Card,
    /// A file that said nothing of itself that could be read.
    Unreadable,
}

impl std::fmt::Display for About {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(id) => id.fmt(formatter),
            Self::Card => formatter.write_str("card"),
            Self::Unreadable => formatter.write_str("unreadable"),
        }
    }
}
impl std::str::FromStr for About {
    type Err = record::envelope::NameError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "card" => Ok(Self::Card),
            "unreadable" => Ok(Self::Unreadable),
            text => text.parse().map(Self::File),
        }
    }
}
impl Serialize for About {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for About {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a file that goes out holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Content {
    /// 予防接種台帳向け出力.
    RegisterOutput {
        /// For a spreadsheet.
        spreadsheet: bool,
    },
    /// 接種対象者登録待ちリスト.
    WaitingList {
        /// For a spreadsheet.
        spreadsheet: bool,
    },
    /// 差し戻しファイル: the rows that were not taken in of a file that came.
    FaultyRows {
        /// Which.
        of: EnvelopeId,
    },
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// The municipality's key card was registered.
    CardTaken {
        /// The card's file.
        card: String,
    },
    /// The card holds no longer.
    CardWithdrawn,
    /// 申請.
    Asked {
        /// Exactly what.
        outline: Outline,
        /// What it shall hold.
        content: Content,
    },
    /// The asker took it back.
    Withdrawn,
    /// Another person did not allow it.
    Declined,
    /// 許可.
    Allowed,
    /// Making it began.
    MakingBegun,
    /// It was made.
    Made {
        /// As it is signed.
        manifest: Box<Manifest>,
        /// Bytes of the whole file.
        file_bytes: u64,
    },
    /// Making it was stopped by somebody.
    MakingStopped,
    /// Making it ended without a file.
    MakingFailed {
        /// Why.
        reason: Reason,
    },
    /// It was fetched.
    Downloaded,
    /// The recipient's receipt came and fits.
    ReceiptTaken {
        /// The receipt's file.
        receipt: String,
    },
    /// A receipt came that does not fit.
    ReceiptRefused {
        /// Why.
        reason: Reason,
    },
    /// The sealed file was removed from the central: it arrived, or its time is over.
    Removed,
    /// A file came that may be opened: reading it began.
    ReadingBegun {
        /// What it says.
        manifest: Box<Manifest>,
    },
    /// Reading it was stopped by somebody, or by the end of the program. Nothing of it is kept.
    ReadingEnded {
        /// Why.
        reason: Reason,
    },
    /// It was read to its end and is what it says. It is never opened again.
    Opened {
        /// The import it became.
        import: u32,
        /// What came of it.
        preview: Box<Preview>,
        /// The receipt's file, for the sender.
        receipt: String,
    },
    /// It was not opened.
    Refused {
        /// Why.
        reason: Reason,
        /// More of it, where the CSV inside cannot be read.
        said: Option<Said>,
    },
    /// The import took effect.
    TookEffect,
    /// The import was given up before it took effect.
    Discarded,
    /// The import was undone.
    Undone,
    /// It could not take effect, or not be undone; nothing changed.
    NothingChanged {
        /// Why.
        reason: Reason,
    },
}

/// What is wrong with a file of rows; never what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// 日本語.
    pub japanese: String,
    /// English.
    pub english: String,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// People who were not kept yet.
    pub new: u64,
    /// People of whom something else was kept.
    pub changed: u64,
    /// People of whom the same was kept.
    pub unchanged: u64,
    /// Rows that were not taken in.
    pub faulty: u64,
    /// The first of those.
    pub shown: Vec<FaultyRow>,
}

/// A row that was not taken in: its number, and what is wrong; never what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultyRow {
    /// Its number in the file.
    pub row: u64,
    /// Everything that is wrong with it.
    pub said: Vec<Said>,
}
