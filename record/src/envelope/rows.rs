//! How rows of a part are counted: the last row's number in a spreadsheet, headings included, so that a person can compare.
//!
//! Must not: understand what stands in a row.

use super::PartName;

/// Counts rows as bytes come. A row ends at LF, CR or CRLF; in a `.csv` not within double quotes. What follows the last
/// end is one more row. It holds for UTF-8 and CP932, in which these bytes stand for nothing else.
#[derive(Debug, Clone)]
pub struct RowCounter {
    minds_quotes: bool,
    is_quoted: bool,
    after_return: bool,
    is_begun: bool,
    rows: u64,
}

impl RowCounter {
    /// For a part of that name.
    #[must_use]
    pub fn of(name: &PartName) -> Self {
        Self {
            minds_quotes: name.as_str().ends_with(".csv"),
            is_quoted: false,
            after_return: false,
            is_begun: false,
            rows: 0,
        }
    }
    /// The next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' if !self.is_quoted => {
                    self.rows = self.rows.saturating_add(1);
                    self.is_begun = false;
                }
                byte => {
                    self.is_begun = true;
                    self.is_quoted ^= self.minds_quotes && *byte == b'"';
                }
            }
            self.after_return = *byte == b'\r' && !self.is_quoted;
        }
    }
    /// Rows of all that came.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.saturating_add(u64::from(self.is_begun))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(name: &str, text: &[u8]) -> u64 {
        let mut counter = RowCounter::of(&name.parse().unwrap());
        counter.take(text);
        counter.rows()
    }

    #[test]
    fn rows_are_those_a_spreadsheet_numbers() {
        for (text, count) in [
            ("", 0),
            ("a", 1),
            ("a\n", 1),
            ("a\r\nb\r\n", 2),
            ("a\rb\rc", 3),
            ("a\n\nb\n", 3),
            ("\"a\nb\",c\nd\n", 2),
            ("\"a\"\"\r\nb\"\r\nd", 2),
        ] {
            assert_eq!(rows("doses-1.csv", text.as_bytes()), count, "{text:?}");
        }
        assert_eq!(rows("doses-1.ndjson", b"{\"a\":\"\\\"\"}\n{}\n"), 2);
    }

    proptest! {
        #[test]
        fn it_does_not_matter_in_which_pieces_they_come(text in "[ab\"\r\n]{0,40}", at in any::<prop::sample::Index>()) {
            let name: PartName = "doses-1.csv".parse().unwrap();
            let at = at.index(text.len() + 1);
            let mut counter = RowCounter::of(&name);
            counter.take(&text.as_bytes()[..at]);
            counter.take(&text.as_bytes()[at..]);
            prop_assert_eq!(counter.rows(), rows("doses-1.csv", text.as_bytes()));
        }
    }
}
