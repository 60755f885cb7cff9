//! What a USB barcode scanner typed, which stands at the tablet as a keyboard does: a coupon's digits, a package, or
//! nothing of ours.
//!
//! A scanner that was told to sends an AIM identifier first (`]Q1`, `]F0` …) and so says which symbol it read; most
//! are not. Must not: weigh what was typed against what the camera read ([`crate::agreement`] does), or guess a symbol.

use record::CalendarDate;

use crate::{
    heard::TypedCode,
    package::{
        PackageLabel,
        gs1::{self, Separators},
    },
    reading::{Digits, Symbol},
};

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A coupon's digits.
    Coupon(TypedCode),
    /// What stands on a package. A person confirms it.
    Package(PackageLabel),
    /// Nothing that belongs here.
    Nothing,
}

/// Longest text that is looked at, in bytes; no code on a coupon or a package holds half as much.
const LONGEST: usize = 512;

/// Tells what `text` is: one code as the scanner typed it, with or without the line's end. `today` decides the century
/// of a package's expiry.
#[must_use]
pub fn parse(text: &str, today: CalendarDate) -> Typed {
    if text.len() > LONGEST {
        return Typed::Nothing;
    }
    // A separator counts as white space for `trim`, and is part of the text.
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    if let Some(code) = coupon(text) {
        return Typed::Coupon(code);
    }
    gs1::parse(text, Separators::MayBeMissing, today).map_or(Typed::Nothing, Typed::Package)
}

/// The digits of a coupon, if it is one's.
fn coupon(text: &str) -> Option<TypedCode> {
    let (symbol, content) = match text.strip_prefix(']') {
        Some(identified) => {
            let (identifier, content) = identified.split_at_checked(2)?;
            (Some(symbol_of(identifier)?), content)
        }
        None => (None, text),
    };
    let bare = without_guards(content);
    let symbol = match (symbol, bare) {
        // Start and stop characters are NW-7's alone.
        (Some(Symbol::Qr), Some(_)) => return None,
        (None, Some(_)) => Some(Symbol::Nw7),
        (said, _) => said,
    };
    let digits: Digits = bare.unwrap_or(content).parse().ok()?;
    match (symbol, digits.is_whole_line()) {
        // A coupon's QR code holds the whole line.
        (Some(Symbol::Qr), false) => None,
        (None, false) => Some(TypedCode { digits, symbol: Some(Symbol::Nw7) }),
        _ => Some(TypedCode { digits, symbol }),
    }
}

/// The symbol behind an AIM identifier. `]Q3` is a QR code with an element string; `]F1` and `]F2` are forms of NW-7
/// for donated blood and with a check character, neither of which a coupon has; `]F4` is one whose check character
/// was left out.
fn symbol_of(identifier: &str) -> Option<Symbol> {
    match identifier {
        "Q0" | "Q1" | "Q2" => Some(Symbol::Qr),
        "F0" => Some(Symbol::Nw7),
        _ => None,
    }
}

/// What stands between a start and a stop character of NW-7: A to D, which some scanners type as a to d, or as t, n, *
/// and e for a stop.
fn without_guards(text: &str) -> Option<&str> {
    let is_start = |byte: u8| byte.to_ascii_uppercase().wrapping_sub(b'A') < 4;
    let is_stop = |byte: u8| is_start(byte) || matches!(byte.to_ascii_uppercase(), b'T' | b'N' | b'*' | b'E');
    let bytes = text.as_bytes();
    let (first, last) = (*bytes.first()?, *bytes.last()?);
    (bytes.len() > 2 && is_start(first) && is_stop(last)).then(|| &text[1..text.len() - 1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINE: &str = "231310160000123456";
    const TEN: &str = "0000123456";

    fn typed(text: &str) -> Typed {
        parse(text, "2021-11-22".parse().unwrap())
    }
    fn code(digits: &str, symbol: Option<Symbol>) -> Typed {
        Typed::Coupon(TypedCode { digits: digits.parse().unwrap(), symbol })
    }

    #[test]
    fn a_line_may_come_from_either_code_unless_the_scanner_says_which() {
        assert_eq!(typed(LINE), code(LINE, None));
        assert_eq!(typed(&format!("{LINE}\r\n")), code(LINE, None));
        assert_eq!(typed(&format!("]Q1{LINE}")), code(LINE, Some(Symbol::Qr)));
        assert_eq!(typed(&format!("]F0{LINE}")), code(LINE, Some(Symbol::Nw7)));
        assert_eq!(typed(&format!("A{LINE}B")), code(LINE, Some(Symbol::Nw7)));
    }

    #[test]
    fn ten_digits_are_a_barcode() {
        for text in
            [TEN, "A0000123456A", "a0000123456d", "c0000123456*", "]F0B0000123456C", "]F00000123456\n"]
        {
            assert_eq!(typed(text), code(TEN, Some(Symbol::Nw7)), "{text}");
        }
    }

    #[test]
    fn what_no_coupon_holds_is_nothing() {
        for text in [
            "",
            "A",
            "AB",
            "ABC",
            "]",
            "]F",
            "]F0",
            "]Q10000123456",
            "]F20000123456",
            "]Q1A231310160000123456B",
            "]C1231310160000123456",
            "]E04912345678904",
            "A0000123456",
            "0000123456A",
            "E0000123456A",
            "123456789",
            "00001234567",
            "0000 123456",
            "４９１２３４５６７８",
            "https://example.invalid/0000123456",
        ] {
            assert_eq!(typed(text), Typed::Nothing, "{text}");
        }
        assert_eq!(typed(&"1".repeat(LONGEST + 1)), Typed::Nothing);
    }

    #[test]
    fn an_element_string_is_a_package() {
        let Typed::Package(label) = typed("]d201049123456789041721123110SAMPLE01\r") else {
            panic!("no package")
        };
        assert_eq!(label.gtin.as_str(), "04912345678904");
        assert_eq!(label.lot.unwrap().as_str(), "SAMPLE01");
        assert!(matches!(typed("0104912345678904"), Typed::Package(_)));
    }

    proptest! {
        #[test]
        fn any_text_is_something_or_nothing(text: String, symbolic in "[\\]A-Fa-f0-9*]{0,24}") {
            for text in [text, symbolic] {
                if let Typed::Coupon(code) = typed(&text) {
                    prop_assert!(text.contains(code.digits.as_str()));
                }
            }
        }
    }
}
