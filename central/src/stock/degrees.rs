//! Degrees as people write them, `35.681236`, in millionths, as they are kept.
//!
//! Must not: lose a digit.

/// Degrees from −`most` to `most` millionths; none where they are not that.
pub(crate) fn read(typed: &str, most: i32) -> Option<i32> {
    let typed = typed.trim();
    let (sign, digits) = typed.strip_prefix('-').map_or((1, typed), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 6 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let millionths: i32 =
        whole.parse::<i32>().ok()? * 1_000_000 + format!("{part:0<6}").parse::<i32>().ok()?;
    (millionths <= most).then_some(sign * millionths)
}

/// As they are read again.
pub(crate) fn written(millionths: i32) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let size = millionths.unsigned_abs();
    format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_read_as_they_are_written() {
        for millionths in [0, 1, -1, 35_681_236, -139_500_000, 180_000_000] {
            assert_eq!(read(&written(millionths), 180_000_000), Some(millionths));
        }
        for typed in ["", "-", "91", "35.1234567", "+35", "1e3", "35.", "９"] {
            assert_eq!(read(typed, 90_000_000).is_some(), typed == "35.", "{typed}");
        }
    }
}
