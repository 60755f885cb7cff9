//! Which elements a GS1 string may hold, and where each ends: the table of application identifiers.
//!
//! Must not: take a value apart.

/// What the data field of an element may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// So many digits.
    Digits(usize),
    /// So many digits, the last of which checks the others.
    Checked(usize),
    /// A day, YYMMDD.
    Day,
    /// One to so many digits, up to a separator.
    DigitsUpTo(usize),
    /// One to so many characters of set 82, up to a separator.
    CharactersUpTo(usize),
}

/// One element: its identifier and what follows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    /// Digits of the identifier.
    pub(super) identifier: usize,
    /// What follows them.
    pub(super) content: Content,
}

/// Identifiers that packages of medicines carry, whose data end at a separator (GS1 General Specifications, section 3).
const VARIABLE: [(&str, Content); 22] = [
    ("10", Content::CharactersUpTo(20)),
    ("21", Content::CharactersUpTo(20)),
    ("22", Content::CharactersUpTo(20)),
    ("235", Content::CharactersUpTo(28)),
    ("240", Content::CharactersUpTo(30)),
    ("241", Content::CharactersUpTo(30)),
    ("242", Content::DigitsUpTo(6)),
    ("243", Content::CharactersUpTo(20)),
    ("250", Content::CharactersUpTo(30)),
    ("251", Content::CharactersUpTo(30)),
    ("30", Content::DigitsUpTo(8)),
    ("37", Content::DigitsUpTo(8)),
    ("7003", Content::Digits(10)),
    ("7004", Content::DigitsUpTo(4)),
    ("710", Content::CharactersUpTo(20)),
    ("711", Content::CharactersUpTo(20)),
    ("712", Content::CharactersUpTo(20)),
    ("713", Content::CharactersUpTo(20)),
    ("714", Content::CharactersUpTo(20)),
    ("715", Content::CharactersUpTo(20)),
    ("716", Content::CharactersUpTo(20)),
    ("8200", Content::CharactersUpTo(70)),
];

/// Internal use of a company: 90 to 99.
const MOST_INTERNAL: usize = 90;

/// The element that `text` begins with; `None` where nobody can say where it ends. Elements of predefined length (the
/// table of section 7.8, by their first two digits) are known also where their meaning is not.
pub(super) fn starting(text: &[u8]) -> Option<Element> {
    let first_two = [*text.first()?, *text.get(1)?];
    let fixed = |identifier, content| Some(Element { identifier, content });
    match &first_two {
        b"00" => return fixed(2, Content::Checked(18)),
        b"01" | b"02" | b"03" => return fixed(2, Content::Checked(14)),
        b"04" => return fixed(2, Content::Digits(16)),
        b"11" | b"12" | b"13" | b"15" | b"16" | b"17" => return fixed(2, Content::Day),
        b"14" | b"18" | b"19" => return fixed(2, Content::Digits(6)),
        b"20" => return fixed(2, Content::Digits(2)),
        b"31" | b"32" | b"33" | b"34" | b"35" | b"36" => return fixed(4, Content::Digits(6)),
        b"41" => return fixed(3, Content::Checked(13)),
        [b'9', b'0'..=b'9'] => return fixed(2, Content::CharactersUpTo(MOST_INTERNAL)),
        _ => {}
    }
    let (identifier, content) =
        VARIABLE.iter().find(|(identifier, _)| text.starts_with(identifier.as_bytes()))?;
    Some(Element { identifier: identifier.len(), content: *content })
}

impl Content {
    /// Bytes of the data where they are always the same; `None` where a separator or the end of the text ends them.
    pub(super) fn predefined(self) -> Option<usize> {
        match self {
            Self::Digits(count) | Self::Checked(count) => Some(count),
            Self::Day => Some(6),
            Self::DigitsUpTo(_) | Self::CharactersUpTo(_) => None,
        }
    }
    /// Whether `data` is of this kind.
    pub(super) fn admits(self, data: &[u8]) -> bool {
        let digits = data.iter().all(u8::is_ascii_digit);
        match self {
            Self::Digits(count) => digits && data.len() == count,
            Self::Day => digits && data.len() == 6,
            Self::Checked(count) => digits && data.len() == count && last_checks(data),
            Self::DigitsUpTo(most) => digits && (1..=most).contains(&data.len()),
            Self::CharactersUpTo(most) => {
                (1..=most).contains(&data.len()) && data.iter().all(|byte| is_of_set_82(*byte))
            }
        }
    }
}

fn last_checks(data: &[u8]) -> bool {
    data.split_last().is_some_and(|(last, others)| {
        crate::package::label::check_digit(others.iter().map(|digit| digit - b'0')) == last - b'0'
    })
}

/// GS1 character set 82: the letters, digits and signs that an alphanumeric element may hold.
pub(super) fn is_of_set_82(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!\"%&'()*+,-./_:;<=>?".contains(&byte)
}
