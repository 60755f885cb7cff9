//! The keyed mark of a person, as it stands in an address: 32 hexadecimal digits that say nothing of who it is.
//!
//! Must not: hold a number of a person.

use crate::{archive::hex, storage::Mark};

/// As text.
pub(super) fn text(mark: Mark) -> String {
    hex(&mark)
}

/// From text; none where it is not one.
pub(super) fn read(text: &str) -> Option<Mark> {
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_and_nothing_else_is() {
        let mark = *b"0123456789abcdef";
        assert_eq!(read(&text(mark)), Some(mark));
        for wrong in ["", "00", &"A".repeat(32), &"g".repeat(32), &format!("+{}", "0".repeat(31))] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
