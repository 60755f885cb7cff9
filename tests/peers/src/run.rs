//! Every reader on every picture: one picture after the other, on each all readers in turn, so that a busy neighbour
//! slows all of them alike.
//!
//! Must not: leave a reader out without a word.

use std::collections::{BTreeMap, BTreeSet};

use scanner::Symbol;

use crate::{
    Failure,
    in_process::{self, Answer},
    judge,
    picture::{Kind, Picture, Set, Truth},
    python::Python,
    say,
    tally::Tally,
};

/// Pictures between two lines of progress.
const PROGRESS: usize = 60;

/// One reader of one kind of symbol; of all three in one pass where it names none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) name: String,
    pub(crate) symbol: Option<Symbol>,
    how: How,
}

/// How it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Ours,
    /// The same answers as ours, of those pictures alone that the OCR engines are given.
    OursOnSome,
    Rqrr,
    Rxing {
        tries_harder: bool,
    },
    /// By its place among the Python half's.
    Outside(usize),
}

/// What a reader made of a set.
pub(crate) struct Row {
    pub(crate) reader: Reader,
    pub(crate) tally: Tally,
}

impl Reader {
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self.how, How::Ours | How::OursOnSome)
    }
    /// Whether it is given some of the frames only.
    fn is_given_some(&self) -> bool {
        self.how == How::OursOnSome
            || (self.symbol == Some(Symbol::OcrLine) && matches!(self.how, How::Outside(_)))
    }
}

/// All readers, ours first.
pub(crate) fn roster(python: Option<&Python>) -> Vec<Reader> {
    let reader = |name: &str, symbol, how| Reader { name: name.to_owned(), symbol, how };
    let mut readers: Vec<Reader> =
        Symbol::ALL.iter().map(|symbol| reader("ours", Some(*symbol), How::Ours)).collect();
    readers.push(reader("ours, all three in one pass", None, How::Ours));
    readers.push(reader("ours, the same frames", Some(Symbol::OcrLine), How::OursOnSome));
    readers.push(reader("rqrr alone", Some(Symbol::Qr), How::Rqrr));
    for symbol in [Symbol::Qr, Symbol::Nw7] {
        readers.push(reader("rxing", Some(symbol), How::Rxing { tries_harder: false }));
        readers.push(reader("rxing, try harder", Some(symbol), How::Rxing { tries_harder: true }));
    }
    for (place, outside) in python.iter().flat_map(|python| python.readers.iter().enumerate()) {
        readers.push(reader(&outside.reader, Some(outside.symbol), How::Outside(place)));
    }
    readers
}

/// Reads a set with all of them. The OCR engines are given at most `ocr_frames` of it and none of the photographs of
/// codes.
pub(crate) fn read(
    set: &Set,
    readers: &[Reader],
    python: &mut Option<Python>,
    ocr_frames: usize,
) -> Result<Vec<Row>, Failure> {
    let some = spread(set, ocr_frames);
    let mut rows: Vec<Row> =
        readers.iter().map(|reader| Row { reader: reader.clone(), tally: Tally::default() }).collect();
    for (number, picture) in set.pictures.iter().enumerate() {
        if number % PROGRESS == 0 {
            say(&format!("{}: {number} of {}", set.name, set.pictures.len()));
        }
        let is_known =
            |symbol: Option<Symbol>| symbol.is_none_or(|symbol| *picture.truth(symbol) != Truth::Unknown);
        let is_asked =
            |reader: &Reader| is_known(reader.symbol) && (!reader.is_given_some() || some.contains(&number));
        let luma = picture.open()?;
        let ours = in_process::ours(&luma);
        let outside: Vec<usize> = rows
            .iter()
            .filter(|row| is_asked(&row.reader))
            .filter_map(|row| if let How::Outside(place) = row.reader.how { Some(place) } else { None })
            .collect();
        let mut answers = match python {
            Some(python) if !outside.is_empty() => python.read(&picture.file, &outside)?.into_iter(),
            _ => Vec::new().into_iter(),
        };
        for row in rows.iter_mut().filter(|row| is_asked(&row.reader)) {
            let size_class = picture.size_class(set.kind, row.reader.symbol);
            let Some(symbol) = row.reader.symbol else {
                row.tally.took(&size_class, ours.all_ms);
                continue;
            };
            let answer = match row.reader.how {
                How::Ours | How::OursOnSome => {
                    let Answer { texts, ms } = &ours.by_symbol[symbol as usize];
                    Some(Answer { texts: texts.clone(), ms: *ms })
                }
                How::Rqrr => in_process::rqrr(&luma),
                How::Rxing { tries_harder } => in_process::rxing(&luma, symbol, tries_harder),
                How::Outside(_) => answers.next().flatten(),
            };
            count(row, set, picture, symbol, answer);
        }
    }
    Ok(rows)
}

fn count(row: &mut Row, set: &Set, picture: &Picture, symbol: Symbol, answer: Option<Answer>) {
    let shows = matches!(picture.truth(symbol), Truth::Says(_));
    let texts = match answer {
        Some(answer) => {
            row.tally.took(&picture.size_class(set.kind, Some(symbol)), answer.ms);
            answer.texts
        }
        None => {
            row.tally.failed += 1;
            Vec::new()
        }
    };
    if let Some(mark) = judge::mark(picture, set.kind, symbol, &texts) {
        row.tally.add(&picture.group, shows, mark);
        if (mark.wrong || mark.phantom) && row.reader.how == How::Ours {
            say(&format!("{}, {}: ours read another {symbol:?}", set.name, picture.name));
        }
    }
}

/// Places of some of the frames: as many of each level and size as there are enough of, evenly spread over the set.
fn spread(set: &Set, most: usize) -> BTreeSet<usize> {
    if set.kind == Kind::Photographs {
        return BTreeSet::new();
    }
    let mut alike: BTreeMap<(&str, u32), Vec<usize>> = BTreeMap::new();
    for (place, picture) in set.pictures.iter().enumerate() {
        alike.entry((picture.group.as_str(), picture.height)).or_default().push(place);
    }
    let each = most.div_ceil(alike.len().max(1));
    let of_one = |places: &Vec<usize>| {
        let count = each.min(places.len());
        (0..count).map(|number| (number, places[number * places.len() / count])).collect::<Vec<_>>()
    };
    let mut some: Vec<(usize, usize)> = alike.values().flat_map(of_one).collect();
    // The first of each kind, then the second of each.
    some.sort_by_key(|(number, _)| *number);
    some.into_iter().take(most).map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(kind: Kind, count: usize) -> Set {
        let picture = |place: usize| Picture {
            file: "1.pgm".into(),
            name: place.to_string(),
            width: 1,
            height: 1,
            group: "level 1".to_owned(),
            truths: [const { Truth::Nothing }; Symbol::ALL.len()],
            printed: None,
        };
        Set {
            name: "own".to_owned(),
            kind,
            about: String::new(),
            pictures: (0..count).map(picture).collect(),
        }
    }

    #[test]
    fn some_of_the_frames_are_as_many_of_each_level_and_size_and_photographs_are_none() {
        let mut frames = set(Kind::Frames, 24);
        for (place, picture) in frames.pictures.iter_mut().enumerate() {
            picture.group = format!("level {}", place % 3 + 1);
            picture.height = if place % 2 == 0 { 720 } else { 1080 };
        }
        assert_eq!((spread(&frames, 13).len(), spread(&frames, 4).len()), (13, 4));
        let some = spread(&frames, 12);
        for alike in 0..6 {
            assert_eq!(some.iter().filter(|place| *place % 6 == alike).count(), 2);
        }
        assert_eq!(spread(&set(Kind::Frames, 3), 5).len(), 3);
        assert!(spread(&frames, 0).is_empty());
        assert!(spread(&set(Kind::Photographs, 10), 5).is_empty());
    }

    #[test]
    fn ours_is_there_for_each_symbol_and_for_all() {
        let readers = roster(None);
        for symbol in [Some(Symbol::Qr), Some(Symbol::Nw7), Some(Symbol::OcrLine), None] {
            assert!(readers.iter().any(|reader| reader.symbol == symbol && reader.is_ours()));
        }
        assert!(readers.iter().any(|reader| reader.name == "rqrr alone"));
    }
}
