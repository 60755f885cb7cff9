//! The table that all runs add up in: which seeds were judged with which reader, what they gave, which were wrong.
//!
//! Lines of words between tabs: `seeds READER FROM TO`, `cpu READER SECONDS`, `count READER LEVEL DISTURBANCE QR NW7
//! EXPECTED COUNT…`, `wrong READER SEED WHAT`, `compare NAME LEVEL PRINT THEIRS READ OURS READ`. A new reader begins a
//! group of its own: what an older one read says nothing about it.
//!
//! Must not: count a seed twice.

use std::{collections::BTreeMap, fmt::Write as _, fs, io, path::Path};

use sheets::stand::Disturbance;

use crate::{
    compare::Comparison,
    tally::{Counts, Kind, Tally, WRONG, Wrong},
};

/// Seeds that are judged and written down together: a run that is ended loses at most these. Divisible by twelve,
/// so that papers that follow each other stay together and levels even.
pub const BLOCK: u64 = 300;

/// What one reader was judged by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// Ranges of seeds, first and last, in order, apart from each other.
    pub seeds: Vec<(u64, u64)>,
    /// What they gave.
    pub tally: Tally,
    /// Processor time.
    pub cpu_s: f64,
}

/// The whole table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sums {
    /// By the reader's mark, in the order in which they came.
    pub readers: Vec<(String, Evidence)>,
    /// The last comparison.
    pub comparison: Option<Comparison>,
}

impl Evidence {
    /// The first seed at or after `from` that begins a block not judged yet.
    #[must_use]
    pub fn next_block(&self, from: u64) -> u64 {
        let mut first = from / BLOCK * BLOCK;
        while let Some((_, last)) = self.seeds.iter().find(|(a, b)| first + BLOCK > *a && first <= *b) {
            first = (last / BLOCK + 1) * BLOCK;
        }
        first
    }
    /// Adds a block. Nothing is added where one of its seeds is in already.
    pub fn add(&mut self, first: u64, tally: Tally, cpu_s: f64) {
        let last = first + BLOCK - 1;
        if self.seeds.iter().any(|(a, b)| last >= *a && first <= *b) {
            return;
        }
        self.seeds.push((first, last));
        self.seeds.sort_unstable();
        self.seeds = self.seeds.iter().fold(Vec::new(), |mut joined: Vec<(u64, u64)>, range| {
            match joined.last_mut() {
                Some(before) if before.1 + 1 == range.0 => before.1 = range.1,
                _ => joined.push(*range),
            }
            joined
        });
        self.tally.merge(tally);
        self.cpu_s += cpu_s;
    }
}

impl Sums {
    /// What one reader was judged by; a new one begins with nothing.
    pub fn of(&mut self, reader: &str) -> &mut Evidence {
        if let Some(place) = self.readers.iter().position(|(name, _)| name == reader) {
            return &mut self.readers[place].1;
        }
        self.readers.push((reader.to_owned(), Evidence::default()));
        let last = self.readers.len() - 1;
        &mut self.readers[last].1
    }
    /// Reads the table; a missing file is an empty one.
    ///
    /// # Errors
    /// Where it cannot be read, or a line is none of the table.
    pub fn load(file: &Path) -> io::Result<Self> {
        match fs::read_to_string(file) {
            Ok(text) => Self::parse(&text)
                .map_err(|line| io::Error::other(format!("line {line} is none of the table"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }
    /// Writes the table so that it is there whole or as it was before.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = file.with_extension("part");
        fs::write(&beside, self.to_text())?;
        fs::File::open(&beside)?.sync_all()?;
        fs::rename(&beside, file)
    }
    /// The table as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("# {} accepted_at_1…\n", Counts::HEADS.join(" "));
        for (reader, evidence) in &self.readers {
            for (from, to) in &evidence.seeds {
                let _ = writeln!(text, "seeds\t{reader}\t{from}\t{to}");
            }
            let _ = writeln!(text, "cpu\t{reader}\t{:.1}", evidence.cpu_s);
            for (kind, counts) in &evidence.tally.kinds {
                let Kind { level, disturbance, has_qr, nw7, is_expected } = kind;
                let (qr, expected) = (u8::from(*has_qr), u8::from(*is_expected));
                let _ =
                    write!(text, "count\t{reader}\t{level}\t{}\t{qr}\t{nw7}\t{expected}", disturbance.name());
                for cell in counts.cells() {
                    let _ = write!(text, "\t{cell}");
                }
                text.push('\n');
            }
            for Wrong { seed, what } in &evidence.tally.wrong {
                let _ = writeln!(text, "wrong\t{reader}\t{seed}\t{what}");
            }
        }
        if let Some(comparison) = &self.comparison {
            text.push_str(&comparison.to_text());
        }
        text
    }
    /// The table of a text, or the number of the first line that is none.
    ///
    /// # Errors
    /// See above.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut sums = Self::default();
        let mut comparison = BTreeMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let words: Vec<&str> = line.split('\t').collect();
            let is_known = match words[..] {
                ["compare", ..] => Comparison::take_in(&words, &mut comparison),
                [what, reader, ref rest @ ..] => take_in(sums.of(reader), what, rest),
                _ => None,
            };
            is_known.ok_or(number + 1)?;
        }
        sums.comparison = Comparison::of(comparison);
        Ok(sums)
    }
}

fn take_in(evidence: &mut Evidence, what: &str, words: &[&str]) -> Option<()> {
    match (what, words) {
        ("seeds", [from, to]) => evidence.seeds.push((from.parse().ok()?, to.parse().ok()?)),
        ("cpu", [seconds]) => evidence.cpu_s = seconds.parse().ok()?,
        ("count", [level, disturbance, qr, nw7, expected, cells @ ..]) => {
            let kind = Kind {
                level: level.parse().ok()?,
                disturbance: Disturbance::ALL.into_iter().find(|known| known.name() == *disturbance)?,
                has_qr: *qr == "1",
                nw7: nw7.parse().ok()?,
                is_expected: *expected == "1",
            };
            let mut counts = Counts::default();
            let mut slots = counts.cells_mut();
            if slots.len() != cells.len() {
                return None;
            }
            for (slot, cell) in slots.iter_mut().zip(cells) {
                **slot = cell.parse().ok()?;
            }
            evidence.tally.kinds.insert(kind, counts);
        }
        ("wrong", [seed, what]) => {
            let what = WRONG.into_iter().find(|known| known == what)?;
            evidence.tally.wrong.push(Wrong { seed: seed.parse().ok()?, what });
        }
        _ => return None,
    }
    Some(())
}
