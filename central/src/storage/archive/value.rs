//! One value of a row, as every implementation has it and as it is written.
//!
//! Must not: be written otherwise without a new version of the archive.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing.
    Nothing,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One row.
pub type ArchivedRow = Vec<Value>;

/// In an archive: null, a number, `"t…"` for text, `"b…"` for bytes in base64url.
impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.collect_str(&format_args!("t{text}")),
            Self::Bytes(bytes) => serializer.collect_str(&format_args!("b{}", URL_SAFE_NO_PAD.encode(bytes))),
        }
    }
}
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Nothing(()),
            Integer(i64),
            Text(String),
        }
        let wrong = || serde::de::Error::custom("not a value");
        Ok(match Written::deserialize(deserializer)? {
            Written::Nothing(()) => Self::Nothing,
            Written::Integer(number) => Self::Integer(number),
            Written::Text(text) => match text.split_at_checked(1) {
                Some(("t", text)) => Self::Text(text.to_owned()),
                Some(("b", text)) => Self::Bytes(URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?),
                _ => return Err(wrong()),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_being_written() {
        let row = vec![
            Value::Nothing,
            Value::Integer(-3),
            Value::Text("見本".to_owned()),
            Value::Text(String::new()),
            Value::Bytes(vec![0, 255]),
        ];
        let written = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<ArchivedRow>(&written).unwrap(), row);
        assert!(serde_json::from_str::<ArchivedRow>("[\"x\"]").is_err());
    }
}
