//! 記録簿: what was done with keys and envelopes on this computer, a line each, only ever added to. Each line begins with a
//! link over itself and all before it; a second file remembers the last link, so that a lost end shows too.
//!
//! Must not: hold anything of a person; accounts, offices, counts and digests only. It cannot show what somebody rewrote who
//! may write both files; `docs/envelope.md` says what then still shows.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
};

use record::{
    WallTime,
    bytes::{ContentDigest, Link, PublicKey},
    envelope::{AccountName, Approval, EnvelopeId, Office, Outline, Part},
};
use seal::envelope::ledger_link;
use serde::{Deserialize, Serialize};

use crate::{
    failure::{Failure, at},
    folder::Folder,
};

const LINES: &str = "ledger.jsonl";
const HEAD: &str = "ledger.head";

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) at: WallTime,
    #[serde(flatten)]
    pub(crate) event: Event,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    OfficeMade {
        office: Office,
        by: AccountName,
    },
    PersonAdded {
        person: AccountName,
        by: AccountName,
        /// Another person of the office who agreed; none where the first adds the second.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<AccountName>,
    },
    PersonRemoved {
        person: AccountName,
        by: AccountName,
    },
    PassphraseChanged {
        person: AccountName,
    },
    CardGiven {
        by: AccountName,
    },
    CardTrusted {
        office: Office,
        key: PublicKey,
    },
    CardForgotten {
        office: Office,
    },
    Asked {
        outline: Outline,
        parts: Vec<Part>,
        by: AccountName,
    },
    Allowed {
        envelope_id: EnvelopeId,
        by: AccountName,
    },
    Made {
        envelope_id: EnvelopeId,
        manifest: ContentDigest,
        rows: u64,
        bytes: u64,
        by: AccountName,
    },
    /// Written before content is opened, so that an opening that was interrupted shows.
    OpeningBegun {
        envelope_id: EnvelopeId,
        by: AccountName,
    },
    Opened {
        outline: Outline,
        parts: Vec<Part>,
        asked: Box<Approval>,
        allowed: Box<Approval>,
        manifest: ContentDigest,
        by: AccountName,
    },
    Refused {
        envelope_id: Option<EnvelopeId>,
        reason: String,
        by: AccountName,
    },
    ReceiptChecked {
        envelope_id: EnvelopeId,
        manifest: ContentDigest,
        office: Office,
        opened_at: WallTime,
        opened_by: AccountName,
    },
    Erased {
        envelope_id: Option<EnvelopeId>,
        bytes: u64,
    },
    Lost {
        envelope_id: EnvelopeId,
    },
}

impl Event {
    /// The envelope it is about.
    pub(crate) fn envelope_id(&self) -> Option<EnvelopeId> {
        match self {
            Self::OfficeMade { .. }
            | Self::PersonAdded { .. }
            | Self::PersonRemoved { .. }
            | Self::PassphraseChanged { .. }
            | Self::CardGiven { .. }
            | Self::CardTrusted { .. }
            | Self::CardForgotten { .. } => None,
            Self::Asked { outline, .. } | Self::Opened { outline, .. } => Some(outline.envelope_id),
            Self::Refused { envelope_id, .. } | Self::Erased { envelope_id, .. } => *envelope_id,
            Self::Allowed { envelope_id, .. }
            | Self::Made { envelope_id, .. }
            | Self::OpeningBegun { envelope_id, .. }
            | Self::ReceiptChecked { envelope_id, .. }
            | Self::Lost { envelope_id } => Some(*envelope_id),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    lines: u64,
    link: Link,
}

/// The ledger as it is.
pub(crate) struct Ledger {
    lines: Vec<Line>,
    link: Option<Link>,
    /// Bytes of the lines that are whole.
    length: u64,
}

impl Ledger {
    /// Reads it and follows every link.
    ///
    /// A line that was not finished when the computer stopped is no line: nothing was done on its strength.
    pub(crate) fn read(folder: &Folder) -> Result<Self, Failure> {
        let bytes = folder.read(LINES)?.unwrap_or_default();
        let head: Option<Head> = folder.read_json(HEAD)?;
        let remembered = head.as_ref().map_or(0, |head| head.lines);
        let mut ledger = Self { lines: Vec::new(), link: None, length: 0 };
        for text in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(parsed) = follow(ledger.link.as_ref(), text) else {
                let is_unfinished = !text.ends_with(b"\n") && ledger.lines.len() as u64 >= remembered;
                if is_unfinished {
                    break;
                }
                return Err(Failure::LedgerBroken);
            };
            ledger.lines.push(parsed.0);
            ledger.link = Some(parsed.1);
            ledger.length += text.len() as u64;
            if ledger.lines.len() as u64 == remembered && ledger.link != head.as_ref().map(|head| head.link) {
                return Err(Failure::LedgerBroken);
            }
        }
        // At most one line more than remembered: the computer stopped in between.
        let lines = ledger.lines.len() as u64;
        if lines == remembered || lines == remembered + 1 { Ok(ledger) } else { Err(Failure::LedgerBroken) }
    }

    /// All lines.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Lines about one envelope.
    pub(crate) fn of(&self, envelope_id: EnvelopeId) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.event.envelope_id() == Some(envelope_id))
    }

    /// The one envelope whose number begins so.
    pub(crate) fn find(&self, begins: &str) -> Result<EnvelopeId, Failure> {
        let mut found: Vec<EnvelopeId> = self
            .lines
            .iter()
            .filter_map(|line| line.event.envelope_id())
            .filter(|id| begins.len() >= 4 && id.to_string().starts_with(begins))
            .collect();
        found.sort();
        found.dedup();
        match found[..] {
            [] => Err(Failure::NothingInLedger),
            [one] => Ok(one),
            _ => Err(Failure::WhichRequest(found.iter().map(ToString::to_string).collect())),
        }
    }

    /// When that envelope was opened here.
    pub(crate) fn opened_at(&self, envelope_id: EnvelopeId) -> Option<WallTime> {
        self.of(envelope_id).find(|line| matches!(line.event, Event::Opened { .. })).map(|line| line.at)
    }

    /// Adds a line; it is on the disk when this returns.
    pub(crate) fn add(&mut self, folder: &Folder, at_time: WallTime, event: Event) -> Result<(), Failure> {
        let line = Line { at: at_time, event };
        let path = folder.path(LINES);
        let json = serde_json::to_string(&line).map_err(|_| Failure::Damaged(path.clone()))?;
        let link = ledger_link(self.link.as_ref(), json.as_bytes());
        let text = format!("{link} {json}\n");
        let mut file = open_lines(&path, self.length).map_err(at(&path))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(at(&path))?;
        self.lines.push(line);
        self.link = Some(link);
        self.length += text.len() as u64;
        folder.write_json(HEAD, &Head { lines: self.lines.len() as u64, link })
    }
}

/// Ready to add after the whole lines.
fn open_lines(path: &std::path::Path, length: u64) -> io::Result<File> {
    use std::io::Seek as _;
    if length == 0 && !path.exists() {
        return crate::folder::create_private(path);
    }
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.set_len(length)?;
    file.seek(io::SeekFrom::End(0))?;
    Ok(file)
}

fn follow(previous: Option<&Link>, text: &[u8]) -> Option<(Line, Link)> {
    let text = std::str::from_utf8(text.strip_suffix(b"\n")?).ok()?;
    let (link, json) = text.split_once(' ')?;
    let link: Link = link.parse().ok()?;
    if ledger_link(previous, json.as_bytes()) != link {
        return None;
    }
    Some((serde_json::from_str(json).ok()?, link))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_123);

    fn kept() -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("data")).unwrap();
        let mut ledger = Ledger::read(&folder).unwrap();
        for number in 0..4 {
            let lost = Event::Lost { envelope_id: EnvelopeId::from_bytes([number; 16]) };
            ledger.add(&folder, NOW, lost).unwrap();
        }
        (place, folder)
    }

    #[test]
    fn what_was_written_is_read_again_and_goes_on() {
        let (_place, folder) = kept();
        let mut ledger = Ledger::read(&folder).unwrap();
        assert_eq!(ledger.lines().len(), 4);
        ledger.add(&folder, NOW, Event::Erased { envelope_id: None, bytes: 1 }).unwrap();
        assert_eq!(Ledger::read(&folder).unwrap().lines().len(), 5);
        assert_eq!(ledger.find("0202").unwrap(), EnvelopeId::from_bytes([2; 16]));
        assert!(matches!(ledger.find("0909"), Err(Failure::NothingInLedger)));
    }

    #[test]
    fn a_line_that_is_altered_lost_or_moved_shows() {
        let (_place, folder) = kept();
        let text = String::from_utf8(folder.read(LINES).unwrap().unwrap()).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let swapped = [lines[0], lines[2], lines[1], lines[3]].concat();
        for broken in [
            text.replace("0202", "0203"),
            lines[1..].concat(),
            lines[..3].concat(),
            [lines[0], lines[2], lines[3]].concat(),
            swapped,
            String::new(),
            text[..text.len() - 1].to_owned(),
        ] {
            std::fs::write(folder.path(LINES), broken).unwrap();
            assert!(matches!(Ledger::read(&folder), Err(Failure::LedgerBroken)));
        }
    }

    #[test]
    fn a_line_that_was_not_finished_is_no_line_and_the_next_takes_its_place() {
        let (_place, folder) = kept();
        let mut bytes = folder.read(LINES).unwrap().unwrap();
        bytes.extend_from_slice(b"half a li");
        std::fs::write(folder.path(LINES), bytes).unwrap();
        let mut ledger = Ledger::read(&folder).unwrap();
        assert_eq!(ledger.lines().len(), 4);
        ledger.add(&folder, NOW, Event::Erased { envelope_id: None, bytes: 1 }).unwrap();
        assert_eq!(Ledger::read(&folder).unwrap().lines().len(), 5);
    }

    #[test]
    fn one_command_at_a_time() {
        let (place, _folder) = kept();
        assert!(matches!(Folder::open(&place.path().join("data")), Err(Failure::Busy)));
    }
}
