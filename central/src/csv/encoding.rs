//! 文字コード: UTF-8 and CP932 (what Windows calls シフトJIS).
//!
//! Must not: guess by frequency; a file's first row says which it is.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, SHIFT_JIS};

/// Bytes of UTF-8's byte order mark.
pub(super) const MARK_BYTES: usize = 3;
/// UTF-8's byte order mark.
pub(super) const UTF8_MARK: &[u8; MARK_BYTES] = b"\xef\xbb\xbf";

/// What a file begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// No byte order mark.
    None,
    /// UTF-8's.
    Utf8,
    /// One of UTF-16's.
    Utf16,
}

impl Mark {
    pub(super) fn of(start: &[u8]) -> Self {
        if start.starts_with(UTF8_MARK) {
            Self::Utf8
        } else if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            Self::Utf16
        } else {
            Self::None
        }
    }
}

/// The encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// CP932: シフトJIS with the characters that NEC and IBM added.
    #[serde(rename = "cp932")]
    Cp932,
}

/// A text has a character that the encoding lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("character not in the encoding")]
pub struct Unencodable;

impl Encoding {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Cp932 => "CP932",
        }
    }

    /// The text; none where the bytes are not in this encoding.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Cp932 => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes),
        }
    }

    /// Appends the text's bytes.
    ///
    /// # Errors
    /// [`Unencodable`], and nothing appended.
    pub fn encode_onto(self, text: &str, bytes: &mut Vec<u8>) -> Result<(), Unencodable> {
        if self == Self::Utf8 || text.is_ascii() {
            bytes.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        let before = bytes.len();
        let mut encoder = SHIFT_JIS.new_encoder();
        let most = encoder.max_buffer_length_from_utf8_without_replacement(text.len()).ok_or(Unencodable)?;
        bytes.resize(before + most, 0);
        let (result, _, written) =
            encoder.encode_from_utf8_without_replacement(text, &mut bytes[before..], true);
        // What is written must be what is read again: a few characters have two codes, and ¥ and ‾ become others.
        let is_kept = result == EncoderResult::InputEmpty
            && self.decode(&bytes[before..before + written]).as_deref() == Some(text);
        bytes.truncate(if is_kept { before + written } else { before });
        if is_kept { Ok(()) } else { Err(Unencodable) }
    }
}
