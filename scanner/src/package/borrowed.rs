//! DataMatrix, GS1-128 and the larger DataBar symbols, by the readers of `rxing`.
//!
//! Its bounds are ours: it is given a picture of bounded size, a panic of it is caught, and what it returns counts only
//! as an element string whose check digits hold. Its readers of lines have been seen to put the rows of a stacked symbol
//! together wrongly, with a check sum that held by chance; so what they return counts only when different rows of the
//! picture give it once more and none gives anything else. Must not: be called for a coupon.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::{
    Binarizer, BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult, RXingResultMetadataType,
    RXingResultMetadataValue, Reader,
    common::HybridBinarizer,
    datamatrix::DataMatrixReader,
    oned::{
        Code128Reader,
        rss::{RSS14Reader, expanded::RSSExpandedReader},
    },
};

use super::{Carrier, gs1::SEPARATOR};
use crate::frame::Pixels;

/// Rows that are cut off the top of a picture for its second look: the readers look at rows at a fixed step from the
/// middle, and half of an odd number of rows brings them to others.
const CUT_ROWS: usize = 5;

/// Looks that must give the same text, where the code's own checks are weak.
fn looks_needed(carrier: Carrier) -> usize {
    match carrier {
        // Reed–Solomon: a picture that decodes by chance is as good as impossible.
        Carrier::DataMatrix => 1,
        _ => 2,
    }
}

/// The element strings of the symbols in a picture, at most one of each kind.
pub(super) fn find(pixels: Pixels<'_>) -> Vec<(Carrier, String)> {
    let Some(black_and_white) = caught(|| black_and_white(pixels)) else { return Vec::new() };
    // The readers of lines compare each row with one level of its own; where light falls unevenly, the picture that was
    // made black and white place by place serves them better.
    let clear = Pixels { luma: &black_and_white, ..pixels };
    let looks = [clear, without_top(pixels), without_top(clear), pixels];
    let carriers = [Carrier::DataMatrix, Carrier::Gs1128, Carrier::DataBar, Carrier::DataBarExpanded];
    carriers.into_iter().filter_map(|carrier| Some((carrier, agreed(carrier, &looks)?))).collect()
}

/// What enough of the looks give; `None` where two give different texts.
fn agreed(carrier: Carrier, looks: &[Pixels<'_>]) -> Option<String> {
    let mut agreed: Option<String> = None;
    let mut times = 0;
    for look in looks {
        let Some(text) = caught(|| elements(carrier, &read(carrier, *look)?)) else { continue };
        if agreed.as_ref().is_some_and(|other| *other != text) {
            return None;
        }
        agreed = Some(text);
        times += 1;
        if times >= looks_needed(carrier) {
            return agreed;
        }
    }
    None
}

fn without_top(pixels: Pixels<'_>) -> Pixels<'_> {
    let cut = CUT_ROWS.min(pixels.height - 1);
    Pixels { height: pixels.height - cut, luma: &pixels.luma[cut * pixels.width..], ..pixels }
}

/// What `work` gives; `None` where it panics, which leaves nothing behind: it is given its own copies.
fn caught<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

fn bitmap(pixels: Pixels<'_>) -> Option<BinaryBitmap<HybridBinarizer<Luma8LuminanceSource>>> {
    let (width, height) = (u32::try_from(pixels.width).ok()?, u32::try_from(pixels.height).ok()?);
    let source = Luma8LuminanceSource::new(pixels.luma.to_vec(), width, height).ok()?;
    Some(BinaryBitmap::new(HybridBinarizer::new(source)))
}

fn black_and_white(pixels: Pixels<'_>) -> Option<Vec<u8>> {
    let bitmap = bitmap(pixels)?;
    let dark = bitmap.get_binarizer().get_black_matrix().ok()?;
    let places = (0..pixels.height as u32).flat_map(|y| (0..pixels.width as u32).map(move |x| (x, y)));
    Some(places.map(|(x, y)| if dark.get(x, y) { 0 } else { u8::MAX }).collect())
}

fn read(carrier: Carrier, pixels: Pixels<'_>) -> Option<RXingResult> {
    let mut bitmap = bitmap(pixels)?;
    let hints = DecodeHints { TryHarder: Some(true), AssumeGs1: Some(true), ..DecodeHints::default() };
    match carrier {
        Carrier::DataMatrix => DataMatrixReader.decode_with_hints(&mut bitmap, &hints),
        Carrier::Gs1128 => Code128Reader.decode_with_hints(&mut bitmap, &hints),
        Carrier::DataBar => RSS14Reader::default().decode_with_hints(&mut bitmap, &hints),
        Carrier::DataBarExpanded => RSSExpandedReader::default().decode_with_hints(&mut bitmap, &hints),
        Carrier::DataBarLimited => return None,
    }
    .ok()
}

/// The element string of a result; `None` where the symbol holds none.
fn elements(carrier: Carrier, result: &RXingResult) -> Option<String> {
    let text = result.getText();
    match carrier {
        // FNC1 in first place makes a Code 128 a GS1-128; the reader then begins the text with its identifier.
        Carrier::Gs1128 => text.starts_with("]C1").then(|| text.to_owned()),
        Carrier::DataMatrix => {
            let identifier =
                result.getRXingResultMetadata().get(&RXingResultMetadataType::SYMBOLOGY_IDENTIFIER);
            let Some(RXingResultMetadataValue::SymbologyIdentifier(identifier)) = identifier else {
                return None;
            };
            (identifier == "]d2").then(|| text.trim_start_matches(char::from(SEPARATOR)).to_owned())
        }
        Carrier::DataBar => (text.len() == 14).then(|| format!("01{text}")),
        Carrier::DataBarExpanded => Some(text.to_owned()),
        Carrier::DataBarLimited => None,
    }
}
