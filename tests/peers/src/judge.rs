//! What a reader's answer is worth: read, wrong, or a phantom.
//!
//! Must not: be kinder to one reader than to another.

use scanner::Symbol;

use crate::picture::{Kind, Picture, Truth};

/// What came of one answer to one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    /// What the symbol says is among what was read.
    pub(crate) read: bool,
    /// Something else was read from a picture that shows such a symbol.
    pub(crate) wrong: bool,
    /// Something was read from a picture that shows none.
    pub(crate) phantom: bool,
}

/// Judges what was read of one kind of symbol; nothing where nobody knows what is there.
pub(crate) fn mark(picture: &Picture, kind: Kind, symbol: Symbol, texts: &[String]) -> Option<Mark> {
    let texts: Vec<String> = texts.iter().map(|text| bare(text, symbol)).collect();
    let is_printed = |text: &str| picture.printed.as_ref().is_some_and(|printed| printed.ends_with(text));
    match picture.truth(symbol) {
        Truth::Unknown => None,
        Truth::Nothing => {
            let phantom = match symbol {
                Symbol::OcrLine => texts.iter().any(|text| is_line(text)),
                _ => texts.iter().any(|text| !is_printed(text)),
            };
            Some(Mark { phantom, ..Mark::default() })
        }
        Truth::Says(truth) => Some(match symbol {
            // An OCR engine returns everything that it takes for text, in pieces.
            Symbol::OcrLine => Mark {
                read: texts.concat().contains(truth),
                wrong: texts.iter().any(|text| is_line(text) && text != truth),
                phantom: false,
            },
            Symbol::Qr | Symbol::Nw7 => {
                let read = texts.iter().any(|text| same(truth, text));
                // A photograph may show a second code that its label does not name.
                let wrong = match kind {
                    Kind::Photographs => !read && !texts.is_empty(),
                    Kind::Frames => texts.iter().any(|text| !same(truth, text)),
                };
                Mark { read, wrong, phantom: false }
            }
        }),
    }
}

/// A whole line as an OCR engine may give it: 18 digits and nothing else.
fn is_line(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Without what readers add by custom: start and stop letters of NW-7, blanks in a line of digits.
fn bare(text: &str, symbol: Symbol) -> String {
    match symbol {
        Symbol::Qr => text.to_owned(),
        Symbol::Nw7 => {
            let text = text.to_ascii_uppercase();
            text.trim_matches(|it: char| ('A'..='D').contains(&it)).to_owned()
        }
        Symbol::OcrLine => text.chars().filter(|it| !it.is_whitespace()).collect(),
    }
}

/// Whether two texts are the same but for blanks, line ends and escapes. Where letters beyond ASCII are in the label,
/// which readers decode by different tables, its ASCII letters and digits decide, if there are enough of them; and such
/// a label may be a part of the text.
fn same(truth: &str, read: &str) -> bool {
    const ENOUGH: usize = 6;
    let inked = |text: &str| {
        text.chars().filter(|it| !it.is_whitespace() && !it.is_control() && *it != '\\').collect::<String>()
    };
    if inked(truth) == inked(read) {
        return true;
    }
    if truth.is_ascii() {
        return false;
    }
    let ascii = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let is_enough = ascii(truth).len() >= ENOUGH;
    inked(read).contains(&inked(truth)) || (is_enough && ascii(truth) == ascii(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(symbol: Symbol, truth: Truth, printed: Option<&str>) -> Picture {
        let mut truths = [const { Truth::Unknown }; Symbol::ALL.len()];
        truths[symbol as usize] = truth;
        Picture {
            file: "1.pgm".into(),
            name: "1".to_owned(),
            width: 1,
            height: 1,
            group: "1".to_owned(),
            truths,
            printed: printed.map(str::to_owned),
        }
    }

    fn marks(symbol: Symbol, truth: Truth, kind: Kind, texts: &[&str]) -> (bool, bool, bool) {
        let picture = picture(symbol, truth, Some("231310160000123456"));
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let mark = mark(&picture, kind, symbol, &texts).unwrap();
        (mark.read, mark.wrong, mark.phantom)
    }

    #[test]
    fn start_and_stop_letters_are_custom_and_a_tail_of_what_is_printed_is_no_phantom() {
        let says = || Truth::Says("0000123456".to_owned());
        assert_eq!(marks(Symbol::Nw7, says(), Kind::Frames, &["a0000123456B"]), (true, false, false));
        assert_eq!(marks(Symbol::Nw7, says(), Kind::Frames, &["A0000123457A"]), (false, true, false));
        assert_eq!(marks(Symbol::Nw7, says(), Kind::Frames, &[]), (false, false, false));
        assert_eq!(
            marks(Symbol::Nw7, Truth::Nothing, Kind::Frames, &["A0000123456A"]),
            (false, false, false)
        );
        assert_eq!(marks(Symbol::Nw7, Truth::Nothing, Kind::Frames, &["A3456789A"]), (false, false, true));
    }

    #[test]
    fn a_line_may_come_in_pieces_and_another_line_is_wrong() {
        let says = || Truth::Says("231310160000123456".to_owned());
        let read = |texts: &[&str]| marks(Symbol::OcrLine, says(), Kind::Frames, texts);
        assert_eq!(read(&["券番号", "2 3 131016", "0000123456"]), (true, false, false));
        assert_eq!(read(&["231310160000128456", "12345"]), (false, true, false));
        assert_eq!(read(&["23131016000012345"]), (false, false, false));
        assert_eq!(
            marks(Symbol::OcrLine, Truth::Nothing, Kind::Frames, &["231310160000123456"]),
            (false, false, true)
        );
    }

    #[test]
    fn texts_are_compared_without_blanks_and_tables_of_letters() {
        assert!(same("UI office\nhours ", "UI office\r\nhours"));
        assert!(same("*ﾃﾞｻﾞｲﾝQR*\nhttp://d-qr.net/ex/", "*????QR*http://d-qr.net/ex/"));
        assert!(!same("http://d-qr.net/ex", "http://d-qr.net/ey"));
        assert!(!same("今度のQR", "昨日のQR"));
        assert!(same("入り", "ｲﾗｽﾄ入りｶﾗｰ") && !same("12", "123"));
    }

    #[test]
    fn a_second_code_of_a_photograph_is_not_wrong_and_of_a_frame_is() {
        let says = || Truth::Says("one".to_owned());
        assert_eq!(marks(Symbol::Qr, says(), Kind::Photographs, &["two", "one"]), (true, false, false));
        assert_eq!(marks(Symbol::Qr, says(), Kind::Photographs, &["two"]), (false, true, false));
        assert_eq!(marks(Symbol::Qr, says(), Kind::Frames, &["two", "one"]), (true, true, false));
    }

    #[test]
    fn what_nobody_knows_is_not_judged() {
        let picture = picture(Symbol::Qr, Truth::Nothing, None);
        assert_eq!(mark(&picture, Kind::Frames, Symbol::Nw7, &["1".to_owned()]), None);
    }
}
