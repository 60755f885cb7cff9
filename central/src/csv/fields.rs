//! Fields as people type them: digits of full width, dates in three spellings, words of a table.
//!
//! Must not: repair what could be meant in two ways.

use super::faults::Trouble;

/// The text without blanks around it, its full-width letters, digits and signs as the narrow ones.
#[must_use]
pub fn narrow(text: &str) -> String {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        '\u{2212}' | '\u{2010}' => '-',
        letter => letter,
    };
    text.chars().map(narrow).collect::<String>().trim().to_owned()
}

/// Exactly that many digits.
///
/// # Errors
/// [`Trouble::Empty`], [`Trouble::FewerDigits`] or [`Trouble::NotDigits`].
pub fn digits<const N: usize>(text: &str) -> Result<[u8; N], Trouble> {
    let narrow = narrow(text);
    if narrow.is_empty() {
        return Err(Trouble::Empty);
    }
    let are_digits = narrow.bytes().all(|byte| byte.is_ascii_digit());
    match narrow.as_bytes().try_into() {
        Ok(found) if are_digits => Ok(found),
        _ if are_digits && narrow.len() < N => Err(Trouble::FewerDigits { digits: N }),
        _ => Err(Trouble::NotDigits { digits: N }),
    }
}

/// One line of 1 to `most` characters.
///
/// # Errors
/// [`Trouble::Empty`], [`Trouble::TooLong`] or [`Trouble::Control`].
pub fn line(text: &str, most: usize) -> Result<String, Trouble> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(Trouble::Empty);
    }
    if trimmed.chars().any(char::is_control) {
        return Err(Trouble::Control);
    }
    if trimmed.chars().count() > most {
        return Err(Trouble::TooLong { most });
    }
    Ok(trimmed.to_owned())
}

/// Lines of at most `most` characters together; nothing where nothing stands there.
///
/// # Errors
/// [`Trouble::TooLong`] or [`Trouble::Control`].
pub fn lines(text: &str, most: usize) -> Result<Option<String>, Trouble> {
    let joined = text.trim().replace("\r\n", "\n").replace('\r', "\n");
    if joined.is_empty() {
        return Ok(None);
    }
    if joined.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(Trouble::Control);
    }
    if joined.chars().count() > most { Err(Trouble::TooLong { most }) } else { Ok(Some(joined)) }
}

/// Year, month and day of `20210401`, `2021-04-01` or `2021/4/1`; a day that is on the calendar.
///
/// # Errors
/// [`Trouble::Empty`], [`Trouble::NotADate`] or [`Trouble::ImpossibleDate`].
pub fn date(text: &str) -> Result<(u16, u8, u8), Trouble> {
    let narrow = narrow(text);
    if narrow.is_empty() {
        return Err(Trouble::Empty);
    }
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| -> Option<u16> {
        let is_number = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.parse().ok() } else { None }
    };
    let parts: Vec<&str> = match narrow.len() {
        8 if narrow.bytes().all(|byte| byte.is_ascii_digit()) => {
            vec![&narrow[..4], &narrow[4..6], &narrow[6..]]
        }
        _ if narrow.contains('/') => narrow.split('/').collect(),
        _ => narrow.split('-').collect(),
    };
    let [year, month, day] = parts[..] else { return Err(Trouble::NotADate) };
    let (year, month, day) = (number(year, 4..=4), number(month, 1..=2), number(day, 1..=2));
    let (Some(year), Some(month), Some(day)) = (year, month, day) else { return Err(Trouble::NotADate) };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    // Both are at most two digits.
    if (1..=last).contains(&day) { Ok((year, month as u8, day as u8)) } else { Err(Trouble::ImpossibleDate) }
}
