//! 氏名カナと生年月日による検索: people of that name, however its letters were typed, born on that day.
//!
//! Must not: find somebody whose registration no longer says so, or who is merely alike.

use super::{
    person::BirthDate,
    sealing::{MunicipalKeys, SealingError},
};
use crate::storage::{Storage, Version};

/// More than so many people of one name, born on one day, are not told apart any further.
const MOST_NAMESAKES: u32 = 50;

/// The letters of a name as they sound: katakana of full width, without blanks, dots and the marks around them. Two that
/// sound alike here are one name.
#[must_use]
pub fn spoken(kana: &str) -> String {
    let mut out = String::with_capacity(kana.len());
    for letter in kana.chars().map(narrow) {
        match letter {
            'ﾞ' | '\u{3099}' | '゛' => voice(&mut out, VOICED),
            'ﾟ' | '\u{309a}' | '゜' => voice(&mut out, HALF_VOICED),
            '\u{ff66}'..='\u{ff9d}' => out.extend(full_width(letter)),
            'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => out.extend(char::from_u32(letter as u32 + 0x60)),
            '-' | '‐' | '‑' | '–' | '—' | '―' | '−' => out.push('ー'),
            _ if letter.is_whitespace() || matches!(letter, '・' | '･' | '.' | ',' | '、' | '=') => {}
            _ => out.extend(letter.to_uppercase()),
        }
    }
    out
}

/// A letter of full width that is also one of ASCII, as that.
fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        _ => letter,
    }
}

/// From U+FF66 on.
const FULL_WIDTH: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const VOICED: (&str, &str) =
    ("ウカキクケコサシスセソタチツテトハヒフヘホ", "ヴガギグゲゴザジズゼゾダヂヅデドバビブベボ");
const HALF_VOICED: (&str, &str) = ("ハヒフヘホ", "パピプペポ");

fn full_width(letter: char) -> Option<char> {
    let place = (letter as u32).checked_sub(0xff66)?;
    FULL_WIDTH.chars().nth(usize::try_from(place).ok()?)
}

/// A mark that stands by itself belongs to the letter before it.
fn voice(out: &mut String, (plain, voiced): (&str, &str)) {
    let Some(last) = out.chars().last() else { return };
    let place = plain.chars().position(|letter| letter == last);
    if let Some(with) = place.and_then(|place| voiced.chars().nth(place)) {
        out.pop();
        out.push(with);
    }
}

/// The people of that name and birth date, as they are registered now.
///
/// # Errors
/// [`SealingError`].
pub async fn named(
    storage: &dyn Storage,
    keys: &MunicipalKeys,
    kana: &str,
    born_on: BirthDate,
) -> Result<Vec<Version>, SealingError> {
    let spoken = spoken(kana);
    let Some(mark) = keys.named_mark(kana, born_on) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for version in storage.people_named(keys.municipality(), mark, MOST_NAMESAKES).await? {
        let person = keys.open(&version)?;
        let is_named = person.kana.as_deref().is_some_and(|kana| self::spoken(kana) == spoken);
        if is_named && person.born_on == born_on {
            found.push(version);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_one_however_it_is_typed() {
        for (typed, other) in [
            ("ミホン ハナコ", "ﾐﾎﾝ ﾊﾅｺ"),
            ("ガッツ　パピー", "ｶﾞｯﾂ ﾊﾟﾋﾟｰ"),
            ("ミホン・ハナコ", "みほん はなこ"),
            ("ヴィッキー", "ｳﾞｨｯｷ-"),
            ("ガ", "カ\u{3099}"),
            ("Ｓmith", "SMITH"),
        ] {
            assert_eq!(spoken(typed), spoken(other), "{typed} {other}");
        }
        assert_ne!(spoken("ハハ"), spoken("ババ"));
        assert_ne!(spoken("ショウ"), spoken("シヨウ"), "small letters are letters of their own");
    }

    #[test]
    fn every_half_width_letter_has_its_full_width_one() {
        assert_eq!(FULL_WIDTH.chars().count(), 0xff9d - 0xff66 + 1);
        assert_eq!((full_width('ｦ'), full_width('ﾝ'), full_width('ｱ')), (Some('ヲ'), Some('ン'), Some('ア')));
        assert_eq!(VOICED.0.chars().count(), VOICED.1.chars().count());
    }

    proptest! {
        #[test]
        fn what_was_made_alike_stays_so(text in ".{0,40}") {
            prop_assert_eq!(spoken(&spoken(&text)), spoken(&text));
        }
    }
}
