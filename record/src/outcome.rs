//! What the central says of an entry.
//!
//! Must not: decide it; `central` does. One text form, signed in receipts and kept in columns.

use std::{fmt, str::FromStr};

use crate::text::serde_through_text;

/// 送信の結果 of one entry. Text: `delivered`, `later:unknown_kind`, `needs_review:future_date`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// 送信済み: kept, and nothing is wrong with it.
    Delivered,
    /// Not kept yet: send it again later.
    Later(LaterReason),
    /// 要確認: kept with its position and hash, but a person must look at it.
    NeedsReview(ReviewReason),
}

/// Why an entry is to be sent again later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LaterReason {
    /// The central does not know this kind or version of entry yet.
    UnknownKind,
    /// A reason this program does not know.
    Unknown(String),
}

/// 要確認の理由.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ReviewReason {
    /// The bytes are not an entry.
    Malformed,
    /// The day lies in the future.
    FutureDate,
    /// No municipality has the coupon's code.
    UnknownMunicipality,
    /// The entry names another municipality than the one that owns the tablet.
    OtherMunicipality,
    /// The same 記録番号 came before with other content.
    OtherContentForSameId,
    /// The same coupon and dose came before with other content.
    OtherContentForSameDose,
    /// The same place in the chain came before with another entry.
    PositionTaken,
    /// It does not follow the entry before it.
    ChainBroken,
    /// It replaces or takes back an entry that never came.
    ChangesUnknownEntry,
    /// It replaces or takes back an entry that another one already replaced or took back.
    ChangesChangedEntry,
    /// It replaces or takes back a correction or cancellation that needed review itself, and so has changed nothing.
    ChangesUndeliveredChange,
    /// Another tablet had taken this one's place by that day.
    ReplacedTablet,
    /// The dose was checked by the municipality: it stays as decided until a person decides again.
    CheckedRecord,
    /// A reason this program does not know.
    Unknown(String),
}

/// A text is not an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an outcome")]
pub struct OutcomeError;

const REVIEW_CODES: [(&str, ReviewReason); 13] = [
    ("malformed", ReviewReason::Malformed),
    ("future_date", ReviewReason::FutureDate),
    ("unknown_municipality", ReviewReason::UnknownMunicipality),
    ("other_municipality", ReviewReason::OtherMunicipality),
    ("other_content_for_same_id", ReviewReason::OtherContentForSameId),
    ("other_content_for_same_dose", ReviewReason::OtherContentForSameDose),
    ("position_taken", ReviewReason::PositionTaken),
    ("chain_broken", ReviewReason::ChainBroken),
    ("changes_unknown_entry", ReviewReason::ChangesUnknownEntry),
    ("changes_changed_entry", ReviewReason::ChangesChangedEntry),
    ("changes_undelivered_change", ReviewReason::ChangesUndeliveredChange),
    ("checked_record", ReviewReason::CheckedRecord),
    ("replaced_tablet", ReviewReason::ReplacedTablet),
];

/// Short codes only: a reason must not be able to carry anything personal.
fn code(text: &str) -> Result<&str, OutcomeError> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    if (1..=40).contains(&text.len()) && text.bytes().all(allowed) { Ok(text) } else { Err(OutcomeError) }
}

impl fmt::Display for ReviewReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = REVIEW_CODES.iter().find(|(_, reason)| reason == self).map(|(code, _)| *code);
        formatter.write_str(match (known, self) {
            (Some(code), _) => code,
            (None, Self::Unknown(code)) => code,
            (None, _) => "unnamed",
        })
    }
}
impl FromStr for ReviewReason {
    type Err = OutcomeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = code(text)?;
        let known = REVIEW_CODES.iter().find(|(code, _)| *code == text).map(|(_, reason)| reason.clone());
        Ok(known.unwrap_or_else(|| Self::Unknown(text.to_owned())))
    }
}

impl fmt::Display for LaterReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnknownKind => "unknown_kind",
            Self::Unknown(code) => code,
        })
    }
}
impl FromStr for LaterReason {
    type Err = OutcomeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match code(text)? {
            "unknown_kind" => Self::UnknownKind,
            other => Self::Unknown(other.to_owned()),
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered => formatter.write_str("delivered"),
            Self::Later(reason) => write!(formatter, "later:{reason}"),
            Self::NeedsReview(reason) => write!(formatter, "needs_review:{reason}"),
        }
    }
}
impl FromStr for Outcome {
    type Err = OutcomeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "delivered" => Ok(Self::Delivered),
            Some(("later", reason)) => reason.parse().map(Self::Later),
            Some(("needs_review", reason)) => reason.parse().map(Self::NeedsReview),
            _ => Err(OutcomeError),
        }
    }
}
serde_through_text!(Outcome);
serde_through_text!(ReviewReason);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_keeps_its_code() {
        for (text, reason) in REVIEW_CODES {
            assert_eq!(text.parse::<ReviewReason>().unwrap(), reason);
            assert_eq!(reason.to_string(), text);
        }
    }

    #[test]
    fn a_reason_of_tomorrow_is_kept_as_it_is() {
        let outcome: Outcome = "needs_review:some_new_rule".parse().unwrap();
        assert_eq!(outcome.to_string(), "needs_review:some_new_rule");
        for wrong in ["", "Delivered", "delivered:x", "needs_review", "needs_review:", "later:0123456789"] {
            assert!(wrong.parse::<Outcome>().is_err(), "{wrong}");
        }
    }
}
