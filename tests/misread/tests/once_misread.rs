//! Papers of the long run that the reader once misread, each with the frame in which it did: it must say nothing wrong
//! of them any more.

use misread::{plan::Plan, trial};
use scanner::{CaptureId, Symbol};

/// Seed, frame, and what was misread.
const PAPERS: [(u64, usize, Symbol); 3] = [
    // Blurred bars, laid from their other end.
    (14_096, 3, Symbol::Nw7),
    // Out of focus: 6 read as 4.
    (11_608, 1, Symbol::OcrLine),
    // Smeared: 5 read as 6.
    (12_368, 6, Symbol::OcrLine),
];

#[test]
fn what_was_misread_once_is_read_right_or_not_at_all() {
    for (seed, index, symbol) in PAPERS {
        let take = Plan::of(seed).take();
        let frame = trial::frame(&take, index, CaptureId(seed)).expect("a frame of the usual size");
        let printed = match symbol {
            Symbol::Nw7 => take.slip().nw7_digits().expect("the paper bears one"),
            Symbol::Qr | Symbol::OcrLine => take.slip().digits.as_str(),
        };
        for sighting in scanner::read(&frame).sightings {
            if sighting.symbol == symbol {
                assert_eq!(sighting.digits.as_str(), printed, "paper {seed}, frame {index}");
            }
        }
    }
}

/// The symbol that was laid from its other end is read, not only refused.
#[test]
fn blurred_bars_are_read_from_the_end_where_they_begin() {
    let take = Plan::of(14_096).take();
    let frame = trial::frame(&take, 3, CaptureId(1)).expect("a frame of the usual size");
    let reading = scanner::read(&frame);
    let read: Vec<_> = reading.sightings.iter().filter(|sighting| sighting.symbol == Symbol::Nw7).collect();
    assert_eq!(read.len(), 1);
    assert_eq!(Some(read[0].digits.as_str()), take.slip().nw7_digits());
}
