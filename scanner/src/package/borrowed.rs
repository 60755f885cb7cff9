//! DataMatrix, GS1-128 and the larger DataBar symbols, by the readers of `rxing`.
//!
//! Its bounds are ours: it is given a picture of bounded size, a panic of it is caught, and what it returns counts only
//! as an element string whose check digits hold. Its readers of DataBar have been seen to put rows of a stacked symbol
//! together wrongly, and to find a symbol in noise, with a check sum that held by chance; so what its readers of lines
//! return counts only when the even rows of the picture and the odd ones, which share no noise, give the same by themselves. Must not: be called for a coupon.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::{
    Binarizer, BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResultMetadataType,
    RXingResultMetadataValue, Reader,
    common::HybridBinarizer,
    datamatrix::DataMatrixReader,
    oned::{
        Code128Reader, OneDReader,
        rss::{RSS14Reader, expanded::RSSExpandedReader},
    },
};

use super::{Carrier, Read, gs1::SEPARATOR, label::Gtin};
use crate::frame::Pixels;

/// What is added to the number of a DataBar where a composite component belongs to it.
const LINKED: u64 = 10_u64.pow(13);
/// The element strings of the symbols in a picture, at most one of each kind.
pub(super) fn find(pixels: Pixels<'_>) -> Vec<Read> {
    // The readers of lines compare each row with one level of its own; where light falls unevenly, the picture that was
    // made black and white place by place serves them better.
    let Some(clear) = caught(|| black_and_white(pixels)) else { return Vec::new() };
    let clear = Pixels { luma: &clear, ..pixels };
    let mut found: Vec<Read> =
        caught(|| data_matrix(clear)).or_else(|| caught(|| data_matrix(pixels))).into_iter().collect();
    let turned = [clear, pixels].map(Owned::turned);
    let upright = [clear, pixels];
    let aside = turned.each_ref().map(Owned::pixels);
    let ways =
        [upright, aside].map(|way| [0, 1].map(|from| way.map(|pixels| Owned::every_other_row(pixels, from))));
    for carrier in [Carrier::Gs1128, Carrier::DataBar, Carrier::DataBarExpanded] {
        found.extend(ways.iter().find_map(|[even, odd]| {
            let own = one_of(carrier, even)?;
            one_of(carrier, odd).filter(|again| *again == own)
        }));
    }
    found
}

/// What the picture made black and white gives, or the grey one; `None` where they differ.
fn one_of(carrier: Carrier, looks: &[Owned; 2]) -> Option<Read> {
    match looks.each_ref().map(|look| caught(|| line_symbol(carrier, look.pixels()))) {
        [Some(one), Some(other)] => (one == other).then_some(one),
        [one, other] => one.or(other),
    }
}

/// A picture made from another.
struct Owned {
    width: usize,
    luma: Vec<u8>,
}

impl Owned {
    /// Turned by a quarter against the clock.
    fn turned(pixels: Pixels<'_>) -> Self {
        let places =
            (0..pixels.width).rev().flat_map(|x| (0..pixels.height).map(move |y| y * pixels.width + x));
        Self { width: pixels.height, luma: places.map(|at| pixels.luma[at]).collect() }
    }
    /// Every second row.
    fn every_other_row(pixels: Pixels<'_>, from: usize) -> Self {
        let rows = (from..pixels.height).step_by(2);
        Self { width: pixels.width, luma: rows.flat_map(|y| pixels.row(y)).copied().collect() }
    }
    fn pixels(&self) -> Pixels<'_> {
        Pixels { width: self.width, height: self.luma.len() / self.width, luma: &self.luma }
    }
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

/// A DataMatrix. Its Reed–Solomon code makes one that decodes by chance as good as impossible.
fn data_matrix(pixels: Pixels<'_>) -> Option<Read> {
    let result = DataMatrixReader.decode_with_hints(&mut bitmap(pixels)?, &hints()).ok()?;
    let identifier = result.getRXingResultMetadata().get(&RXingResultMetadataType::SYMBOLOGY_IDENTIFIER);
    let Some(RXingResultMetadataValue::SymbologyIdentifier(identifier)) = identifier else { return None };
    let text = (identifier == "]d2").then(|| result.getText().trim_start_matches(char::from(SEPARATOR)))?;
    Some(Read { carrier: Carrier::DataMatrix, text: text.to_owned(), is_whole: true })
}

/// A symbol of lines, as the rows of the picture run.
fn line_symbol(carrier: Carrier, pixels: Pixels<'_>) -> Option<Read> {
    let (mut bitmap, hints) = (bitmap(pixels)?, hints());
    let result = match carrier {
        Carrier::Gs1128 => Code128Reader._do_decode(&mut bitmap, &hints),
        Carrier::DataBar => RSS14Reader::default()._do_decode(&mut bitmap, &hints),
        Carrier::DataBarExpanded => RSSExpandedReader::default()._do_decode(&mut bitmap, &hints),
        Carrier::DataMatrix | Carrier::DataBarLimited => return None,
    }
    .ok()?;
    let text = match carrier {
        // FNC1 in first place makes a Code 128 a GS1-128; the reader then begins the text with its identifier.
        Carrier::Gs1128 => result.getText().strip_prefix("]C1")?,
        Carrier::DataBar => return data_bar(result.getText()),
        _ => result.getText(),
    };
    Some(Read { carrier, text: text.to_owned(), is_whole: true })
}

fn hints() -> DecodeHints {
    DecodeHints { TryHarder: Some(true), AssumeGs1: Some(true), ..DecodeHints::default() }
}

/// The GTIN of a DataBar, from its number and the check digit that the reader puts behind it. Where a composite
/// component belongs to the symbol, the number is larger by 10 to the 13th.
fn data_bar(text: &str) -> Option<Read> {
    let number: u64 = text.get(..text.len().checked_sub(1)?)?.parse().ok()?;
    let (gtin, is_whole) = number.checked_sub(LINKED).map_or((number, true), |rest| (rest, false));
    let text = format!("01{}", Gtin::from_first_13(gtin)?);
    Some(Read { carrier: Carrier::DataBar, text, is_whole })
}
