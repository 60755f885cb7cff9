//! 封緘ファイル記録簿: the lines of each municipality's ledger of sealed files, in order, each linked to the one before.
//!
//! Must not: change or delete a line, or know what one says; `media::ledger` makes and reads them.

use record::{MunicipalityCode, bytes::Link};

use super::{Answer, NewLine};

/// Ledgers of sealed files.
pub trait Media {
    /// Adds a line, and what the audit says of it, both or none; false where another has that number, and nothing is added.
    fn add_media_line(
        &self,
        municipality: MunicipalityCode,
        line: MediaLine,
        audited: Option<NewLine>,
    ) -> Answer<'_, bool>;
    /// The next `most` lines after that number, in order; from the first on after 0.
    fn media_lines(
        &self,
        municipality: MunicipalityCode,
        after: u64,
        most: u32,
    ) -> Answer<'_, Vec<MediaLine>>;
    /// The last `most` lines before that number, the newest first; of all lines where none is given.
    fn latest_media_lines(
        &self,
        municipality: MunicipalityCode,
        before: Option<u64>,
        most: u32,
    ) -> Answer<'_, Vec<MediaLine>>;
    /// All lines about one file or about key cards, in order.
    fn media_lines_about(&self, municipality: MunicipalityCode, about: String) -> Answer<'_, Vec<MediaLine>>;
    /// Whose ledger has a line.
    fn media_municipalities(&self) -> Answer<'_, Vec<MunicipalityCode>>;
}

/// A line as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaLine {
    /// 1, 2, 3 … of the municipality.
    pub number: u64,
    /// What it is about: a 封緘番号, or one of `media::ledger`'s words.
    pub about: String,
    /// One line of JSON.
    pub line: String,
    /// Covers the line and the link before.
    pub link: Link,
}
