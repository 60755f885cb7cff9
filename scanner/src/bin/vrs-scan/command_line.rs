//! What the command line asks for.
//!
//! Must not: open anything.

use std::{collections::BTreeSet, error::Error, path::PathBuf, str::FromStr};

use lexopt::{Arg, Parser, ValueExt as _};
use scanner::Expectation;

pub(crate) const HELP: &str = "\
vrs-scan [--json] [EXPECT] PATH...
    Reads every picture (JPEG, PNG, PGM; a folder stands for the pictures in it) by itself and prints a line of
    JSON for each:
    {\"file\", \"qr\", \"nw7\", \"ocr\", \"ocr_confidence\", \"verdict\", \"witnesses\", \"guidance\",
     \"cpu_ms\": {\"qr\", \"nw7\", \"ocr\", \"total\"}}; a picture that cannot be opened: {\"file\", \"error\"}.
vrs-scan --sequence [EXPECT] FOLDER
    Takes the pictures of the folder, in the order of their names, as frames of one camera. Prints a line for each
    paper: {\"frame\", \"line\", \"witnesses\"} where it is accepted, {\"frame\", \"disputed\", \"candidates\"}
    where a person is asked.

EXPECT: what the day's settings expect of the first eight digits; the three together count as their second witness.
    --expect-kind DIGIT[,DIGIT...]   --expect-dose N   --expect-municipality CODE[,CODE...]

Witnesses are runs of a count of digits and letters: Q the QR code, N the NW-7, O the OCR line, E what was expected.
Places of digits are counted from 0. --json changes nothing: it is the only form.
";

pub(crate) enum What {
    Single(Vec<PathBuf>),
    Sequence(PathBuf),
}

pub(crate) struct Asked {
    pub(crate) what: What,
    pub(crate) expectation: Expectation,
}

impl Asked {
    /// Reads the words; nothing where help is asked for.
    pub(crate) fn parse(mut words: Parser) -> Result<Option<Self>, Box<dyn Error>> {
        let mut expectation = Expectation::default();
        let mut is_sequence = false;
        let mut paths = Vec::new();
        while let Some(word) = words.next()? {
            match word {
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                Arg::Long("json") => {}
                Arg::Long("sequence") => is_sequence = true,
                Arg::Long("expect-kind") => expectation.kinds = Some(list(&mut words)?),
                Arg::Long("expect-dose") => {
                    expectation.dose = Some(u8::try_from(words.value()?.parse::<u32>()?)?.try_into()?)
                }
                Arg::Long("expect-municipality") => expectation.municipalities = Some(list(&mut words)?),
                Arg::Value(path) => paths.push(PathBuf::from(path)),
                other => return Err(other.unexpected().into()),
            }
        }
        let what = match (is_sequence, paths.len()) {
            (_, 0) => return Err("no picture is named".into()),
            (false, _) => What::Single(paths),
            (true, 1) => What::Sequence(paths.remove(0)),
            (true, _) => return Err("--sequence takes one folder".into()),
        };
        Ok(Some(Self { what, expectation }))
    }
}

fn list<T: FromStr<Err: Error + 'static> + Ord>(words: &mut Parser) -> Result<BTreeSet<T>, Box<dyn Error>> {
    let text = words.value()?.string()?;
    Ok(text.split(',').map(str::trim).map(T::from_str).collect::<Result<_, _>>()?)
}
