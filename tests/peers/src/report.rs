//! What was measured, as a page for people: tables by set and symbol, plots, and how it was measured.
//!
//! Must not: name the machine, a person or where a folder lies; say less than was measured.

use std::{collections::BTreeSet, fmt::Write as _, fs, io, path::Path};

use scanner::Symbol;

use crate::{
    in_process,
    picture::Set,
    plot,
    python::Lack,
    run::Row,
    summary,
    tally::{Share, Times},
};

/// One set, read by all.
pub(crate) struct Measured<'set> {
    pub(crate) set: &'set Set,
    pub(crate) rows: Vec<Row>,
}

impl Measured<'_> {
    pub(crate) fn rows_of(&self, symbol: Symbol) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.reader.symbol == Some(symbol))
    }
}

/// The page and its plots.
pub(crate) struct Report {
    pub(crate) text: String,
    /// By what is added to the page's name.
    plots: Vec<(String, String)>,
}

pub(crate) fn title(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Qr => "QR code",
        Symbol::Nw7 => "NW-7",
        Symbol::OcrLine => "OCR line",
    }
}

/// Which symbols a peer that could not be had would have read.
fn would_read(peer: &str, symbol: Symbol) -> bool {
    matches!(peer, "Tesseract" | "RapidOCR") == (symbol == Symbol::OcrLine)
}

impl Report {
    pub(crate) fn of(measured: &[Measured], lacks: &[Lack], versions: &[String], machine: &str) -> Self {
        let mut text = format!("{HEAD}{}", summary::table(measured));
        let mut plots = Vec::new();
        for one in measured {
            let Set { name, about, .. } = one.set;
            let _ = write!(text, "\n## {name}\n\n{} pictures: {about}.\n", one.set.pictures.len());
            for (what, plot) in [("read", plot::reads(one)), ("time", plot::times(one))] {
                let suffix = format!("{}-{what}", slug(name));
                let _ = write!(text, "\n![{name}: {what}](scanner-{suffix}.svg)\n");
                plots.push((suffix, plot));
            }
            for symbol in Symbol::ALL {
                one.table(&mut text, symbol, lacks);
            }
            one.all_three(&mut text);
        }
        let versions = [in_process::versions(), versions.to_vec()].concat().join(", ");
        let _ = write!(text, "\n{HOW}\nVersions: {versions}.\n\nMachine: {machine}.\n");
        Self { text, plots }
    }

    /// Writes the page and its plots beside it; plots of earlier runs go.
    pub(crate) fn write(&self, page: &Path) -> io::Result<()> {
        let folder = page.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        for entry in folder.read_dir()? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with("scanner-") && name.ends_with(".svg") {
                fs::remove_file(path)?;
            }
        }
        for (suffix, plot) in &self.plots {
            fs::write(folder.join(format!("scanner-{suffix}.svg")), plot)?;
        }
        fs::write(page, &self.text)
    }
}

impl Measured<'_> {
    fn table(&self, text: &mut String, symbol: Symbol, lacks: &[Lack]) {
        let rows: Vec<&Row> = self.rows_of(symbol).filter(|row| row.tally.given() > 0).collect();
        if rows.is_empty() {
            return;
        }
        let groups: BTreeSet<&String> = rows.iter().flat_map(|row| row.tally.read.keys()).collect();
        let mut classes: Vec<&String> =
            rows.iter().flat_map(|row| row.tally.times.keys()).collect::<BTreeSet<_>>().into_iter().collect();
        classes.sort_by_key(|class| (class.len(), class.as_str()));
        let _ = write!(text, "\n### {}, {}\n\n| reader |", title(symbol), self.set.name);
        for group in &groups {
            let _ = write!(text, " {group} |");
        }
        text.push_str(" all | wrong | phantoms |");
        for class in &classes {
            let _ = write!(text, " ms, {class}: median / p95 / max | × ours |");
        }
        let columns = 4 + groups.len() + 2 * classes.len();
        let _ = writeln!(text, "\n|{}", "---|".repeat(columns));
        for row in &rows {
            let tally = &row.tally;
            let name = if row.reader.is_ours() {
                format!("**{}**", row.reader.name)
            } else {
                row.reader.name.clone()
            };
            let name = if tally.failed > 0 { format!("{name} (failed on {})", tally.failed) } else { name };
            let _ = write!(text, "| {name} |");
            for group in &groups {
                let _ = write!(text, " {} |", percent(tally.read.get(*group).copied().unwrap_or_default()));
            }
            let all = percent(tally.read_in_all());
            let _ = write!(text, " {all} | {} | {} |", count(tally.wrong), count(tally.phantoms));
            for class in &classes {
                let times = tally.times.get(*class);
                let ours = ours_for(&rows, row).and_then(|ours| ours.tally.times.get(*class));
                let _ = write!(text, " {} | {} |", spread(times), ratio(times, ours));
            }
            text.push('\n');
        }
        let of_none = |row: &&Row| row.tally.given() == 0 && !row.reader.is_ours();
        for row in self.rows_of(symbol).filter(of_none) {
            let _ = writeln!(text, "| {} | given none of these{}", row.reader.name, " |".repeat(columns - 1));
        }
        for lack in lacks.iter().filter(|lack| would_read(&lack.peer, symbol)) {
            let _ =
                writeln!(text, "| {} | not run here: {}{}", lack.peer, lack.why, " |".repeat(columns - 1));
        }
    }

    fn all_three(&self, text: &mut String) {
        for row in self.rows.iter().filter(|row| row.reader.symbol.is_none()) {
            let mut classes: Vec<_> = row.tally.times.iter().collect();
            classes.sort_by_key(|(class, _)| class.len());
            let times: Vec<String> =
                classes.iter().map(|(class, times)| format!("{class} {}", spread(Some(*times)))).collect();
            let _ = write!(
                text,
                "\nAll three symbols in one pass, ours, ms median / p95 / max: {}.\n",
                times.join("; ")
            );
        }
    }
}

/// The row of ours that saw the same pictures as another row.
fn ours_for<'row>(rows: &[&'row Row], row: &Row) -> Option<&'row Row> {
    let ours = || rows.iter().copied().filter(|ours| ours.reader.is_ours());
    ours().find(|ours| ours.tally.given() == row.tally.given()).or_else(|| ours().next())
}

fn slug(name: &str) -> String {
    let words = name.split(|it: char| !it.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

fn percent(share: Share) -> String {
    share.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent:.1} % of {}", share.of))
}

fn count(share: Share) -> String {
    if share.of == 0 { "–".to_owned() } else { format!("{} of {}", share.count, share.of) }
}

fn spread(times: Option<&Times>) -> String {
    let values = times.map(|times| [0.5, 0.95, 1.0].map(|share| times.quantile(share)));
    match values {
        Some([Some(median), Some(most), Some(max)]) => [median, most, max].map(plot::number).join(" / "),
        _ => "–".to_owned(),
    }
}

fn ratio(times: Option<&Times>, ours: Option<&Times>) -> String {
    match (times.and_then(Times::median), ours.and_then(Times::median)) {
        (Some(its), Some(ours)) if ours > 0.0 => format!("{:.2}", its / ours),
        _ => "–".to_owned(),
    }
}

const HEAD: &str = "\
# The reader, measured

Written by `cargo xtask bench scanner`; not by hand.
";

const HOW: &str = include_str!("how.md");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sets_become_names_of_files() {
        assert_eq!(slug("own frames, disturbed"), "own-frames-disturbed");
        assert_eq!(slug("../Wide 101"), "wide-101");
    }

    #[test]
    fn a_peer_that_is_not_here_gets_a_row_in_the_tables_that_it_belongs_to() {
        let of = |peer: &str| Symbol::ALL.map(|symbol| would_read(peer, symbol));
        assert_eq!(of("zbar"), [true, true, false]);
        assert_eq!(of("RapidOCR"), [false, false, true]);
    }
}
