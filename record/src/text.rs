//! Short texts that people chose (names, reasons) and the one way a newtype becomes text and back.
//!
//! Must not: hold a meaning of its own; each type says what it is.

use std::fmt;

/// A text was refused at the door.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("text is empty")]
    Empty,
    /// More characters (not bytes) than the format allows.
    #[error("text has {found} characters, at most {most} are allowed")]
    TooLong {
        /// Characters found after trimming.
        found: usize,
        /// Characters allowed.
        most: usize,
    },
    /// A line break, a tab or another control character.
    #[error("text holds a control character")]
    Control,
}

/// Trims `raw` and checks that it is one line of 1 to `most` characters.
///
/// # Errors
/// [`TextError`] naming the first rule that does not hold.
pub fn one_line(raw: &str, most: usize) -> Result<String, TextError> {
    let trimmed = raw.trim();
    let found = trimmed.chars().count();
    if found == 0 {
        return Err(TextError::Empty);
    }
    if found > most {
        return Err(TextError::TooLong { found, most });
    }
    if trimmed.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    Ok(trimmed.to_owned())
}

/// Writes `TypeName(..)`: what a value that belongs to a person shows in `{:?}`.
///
/// # Errors
/// Whatever the formatter reports.
pub fn hidden(formatter: &mut fmt::Formatter<'_>, type_name: &str) -> fmt::Result {
    write!(formatter, "{type_name}(..)")
}

/// Serde through `Display` and `FromStr`: no other way into the type.
macro_rules! serde_through_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_through_text;

/// A newtype over one line of text with a greatest length in characters.
macro_rules! one_line_type {
    ($(#[$doc:meta])* $name:ident, $most:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The greatest length in characters.
            pub const MOST: usize = $most;

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::text::TextError;
            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                $crate::text::one_line(raw, $most).map(Self)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::text::hidden(formatter, stringify!($name))
            }
        }
        $crate::text::serde_through_text!($name);
    };
}
pub(crate) use one_line_type;
