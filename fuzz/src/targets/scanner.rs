//! The reader: any picture, and the verdict it leads to.
//!
//! Must not: expect a number; a picture that says none is as good.

use scanner::{Agreement, CaptureId, Digits, Expectation, Frame, InView, Symbol, Verdict, crop_area};

use crate::Became;

/// Light: what lies beyond the bytes.
const PAPER: u8 = 240;
const LONGEST_SIDE_PX: usize = 600;

/// A picture out of few bytes: half its width, then two pixels a byte, row after row.
pub(crate) fn picture(bytes: &[u8]) -> Option<Frame> {
    let (first, rest) = bytes.split_first()?;
    let width = 16 + 2 * usize::from(*first);
    let mut luma: Vec<u8> = rest.iter().flat_map(|pair| [pair & 0xF0, pair << 4]).collect();
    let height = (luma.len() / width).clamp(16, LONGEST_SIDE_PX);
    luma.resize(width * height, PAPER);
    Frame::new(CaptureId(1), width as u32, height as u32, luma.into()).ok()
}

pub(crate) fn reader(bytes: &[u8]) -> Became {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(digits) = text.parse::<Digits>()
    {
        assert_eq!(digits.as_str(), text);
        assert_eq!(digits.is_whole_line(), text.len() == 18);
    }
    picture(bytes).map_or(Became::Refused, |frame| holds(&frame))
}

/// What must hold of any picture; whether something was read in it.
pub(crate) fn holds(frame: &Frame) -> Became {
    let reading = scanner::read(frame);
    assert_eq!(reading.capture, frame.capture());
    assert_eq!(reading, scanner::read(frame), "the same picture reads the same");
    for sighting in &reading.sightings {
        assert!(sighting.digits.is_whole_line() || sighting.symbol == Symbol::Nw7);
        assert!(sighting.corners.iter().all(|corner| corner.x.is_finite() && corner.y.is_finite()));
        assert_eq!(reading.in_view, InView::SymbolLike, "something was read where nothing is in view");
    }
    if !reading.sightings.is_empty() {
        let crop = frame.crop(crop_area(&reading.sightings, frame.width(), frame.height()));
        assert!(
            crop.capture() == frame.capture() && crop.luma().len() as u32 == crop.width() * crop.height()
        );
    }
    let expectation = Expectation::default();
    if let Verdict::Accepted(acceptance) = Agreement::new().observe(&reading, &expectation) {
        let line = acceptance.line.to_digits();
        let says_so = |place: usize| {
            let says = |symbol: &Symbol| {
                reading
                    .sightings
                    .iter()
                    .any(|seen| seen.symbol == *symbol && seen.digits.at(place) == Some(line[place]))
            };
            Symbol::ALL.iter().filter(|symbol| says(symbol)).count()
        };
        assert!((0..line.len()).all(|place| says_so(place) >= 2), "accepted on one witness");
    }
    Became::of(!reading.sightings.is_empty())
}
