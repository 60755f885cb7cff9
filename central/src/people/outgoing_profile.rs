//! 出力設定: the form of files that go out.
//!
//! Must not: know what stands in them.

use serde::Deserialize;

use super::profile::ProfileError;
use crate::csv::{
    encoding::Encoding,
    rows::LineEnd,
    writer::{Form, Quoting},
};

/// The profile that holds where a municipality has none of its own.
pub const DEFAULT: &str = include_str!("outgoing.toml");

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingProfile {
    /// The form of 予防接種台帳向け出力.
    pub ledger: Form,
    /// How many doses a row of it has room for, 1 to 9.
    pub dose_groups: u8,
    /// The form of 接種対象者登録待ちリスト.
    pub waiting_list: Form,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    ledger: WrittenLedger,
    waiting_list: Form,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLedger {
    encoding: Encoding,
    #[serde(default)]
    byte_order_mark: bool,
    quoting: Quoting,
    line_end: LineEnd,
    header: bool,
    dose_groups: u8,
}

impl OutgoingProfile {
    /// The one that holds by default.
    ///
    /// # Errors
    /// Never: a test reads it.
    pub fn shipped() -> Result<Self, ProfileError> {
        Self::from_toml(DEFAULT)
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// [`ProfileError::Form`].
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let written: Written =
            toml::from_str(text).map_err(|error| ProfileError::Form(error.message().to_owned()))?;
        let WrittenLedger { encoding, byte_order_mark, quoting, line_end, header, dose_groups } =
            written.ledger;
        if !(1..=9).contains(&dose_groups) {
            return Err(ProfileError::Form("dose_groups is 1 to 9".to_owned()));
        }
        let ledger = Form { encoding, byte_order_mark, quoting, line_end, header };
        Ok(Self { ledger, dose_groups, waiting_list: written.waiting_list })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_profile_is_one_and_what_cannot_work_is_refused() {
        assert_eq!(OutgoingProfile::shipped().unwrap().dose_groups, 9);
        for (from, to) in [("= 9 ", "= 10 "), ("crlf\"", "cr lf\""), ("[waiting_list]", "[waiting]")] {
            let text = DEFAULT.replacen(from, to, 1);
            assert_ne!(text, DEFAULT);
            assert!(matches!(OutgoingProfile::from_toml(&text), Err(ProfileError::Form(_))), "{to}");
        }
    }
}
