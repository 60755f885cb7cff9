//! One symbol at a time, drawn from bytes so that its own decoder is reached at once: modules between true corner
//! squares, bars between quiet zones, a line of characters in OCR-B under strokes of a pen.
//!
//! Must not: look like a camera's picture; the corpus of `scanner` has those.

use scanner::{CaptureId, Frame};
use sheets::{
    lettering::{Hand, Typeface, write_in_cells},
    page::{Area, Page},
};

use super::scanner::holds;
use crate::Became;

const PAPER: u8 = 225;
const INK: u8 = 35;

/// Bytes one after another; zeros when they are used up.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }
}

fn blank(width: usize, height: usize) -> (Vec<u8>, usize) {
    (vec![PAPER; width * height], width)
}

fn frame(luma: Vec<u8>, width: usize) -> Option<Frame> {
    let height = luma.len() / width;
    Frame::new(CaptureId(1), width as u32, height as u32, luma.into()).ok()
}

/// Version and module size, then a bit a module, row after row; corner squares and timing stand over them. What comes
/// after the modules darkens or lightens them: a luma for each.
pub(crate) fn qr_modules(bytes: &[u8]) -> Became {
    let mut bytes = Bytes(bytes.iter());
    let (version, module_px) = (1 + usize::from(bytes.next() % 4), 2 + usize::from(bytes.next() % 5));
    let side = 17 + 4 * version;
    let mut dark: Vec<bool> = Vec::with_capacity(side * side);
    while dark.len() < side * side {
        let byte = bytes.next();
        dark.extend((0..8).map(|bit| byte >> bit & 1 == 1));
    }
    let is_dark =
        |column: usize, row: usize| function_module(column, row, side).unwrap_or(dark[row * side + column]);
    let (mut luma, width) = blank((side + 8) * module_px, (side + 8) * module_px);
    for row in 0..side {
        for column in 0..side {
            let tone = (if is_dark(column, row) { INK } else { PAPER }).wrapping_add(bytes.next());
            for y in (row + 4) * module_px..(row + 5) * module_px {
                let start = y * width + (column + 4) * module_px;
                luma[start..start + module_px].fill(tone);
            }
        }
    }
    frame(luma, width).map_or(Became::Refused, |frame| holds(&frame))
}

/// Corner squares with their separators, and the timing lines; none where data stands.
fn function_module(column: usize, row: usize, side: usize) -> Option<bool> {
    let near = |at: usize| {
        if at < 8 {
            Some(at)
        } else if at + 8 >= side {
            Some(side - 1 - at)
        } else {
            None
        }
    };
    match (near(column), near(row)) {
        (Some(across), Some(down)) if column < 8 || row < 8 => {
            let ring = across.abs_diff(3).max(down.abs_diff(3));
            Some(matches!(ring, 0 | 1 | 3))
        }
        _ if row == 6 => Some(column.is_multiple_of(2)),
        _ if column == 6 => Some(row.is_multiple_of(2)),
        _ => None,
    }
}

/// A bar, a space, a bar …: each byte is a width in tenths of a pixel, the first the blur.
pub(crate) fn nw7_bars(bytes: &[u8]) -> Became {
    const QUIET: f32 = 44.0;
    const ROWS: usize = 60;
    const BARS: std::ops::Range<usize> = 10..50;
    const MOST_BARS: usize = 240;
    let Some((blur, widths)) = bytes.split_first() else { return Became::Refused };
    let mut edges = vec![QUIET];
    for width in widths.iter().take(MOST_BARS) {
        edges.push(edges[edges.len() - 1] + (f32::from(*width) + 1.0) / 10.0);
    }
    let width = (edges[edges.len() - 1] + QUIET) as usize;
    let covered = |x: usize| -> f32 {
        let cover = |bar: &[f32]| (bar[1].min(x as f32 + 1.0) - bar[0].max(x as f32)).clamp(0.0, 1.0);
        edges.chunks_exact(2).map(cover).sum::<f32>().min(1.0)
    };
    let sharp: Vec<f32> = (0..width).map(covered).collect();
    let reach = usize::from(blur % 8);
    let row: Vec<u8> = (0..width)
        .map(|x| {
            let around = &sharp[x.saturating_sub(reach)..(x + reach + 1).min(width)];
            let ink = around.iter().sum::<f32>() / around.len() as f32;
            (f32::from(PAPER) - ink * f32::from(PAPER - INK)) as u8
        })
        .collect();
    let (mut luma, width) = blank(width, ROWS);
    BARS.for_each(|y| luma[y * width..(y + 1) * width].copy_from_slice(&row));
    frame(luma, width).map_or(Became::Refused, |frame| holds(&frame))
}

/// Pitch, then characters of which ten are digits until a byte of 255; what follows are strokes of a pen, five bytes
/// each.
pub(crate) fn ocr_characters(bytes: &[u8]) -> Became {
    const CHARACTERS: &[u8; 16] = b"0123456789 AEKX-";
    const MOST: usize = 24;
    const PX_PER_MM: f32 = 10.0;
    let mut bytes = Bytes(bytes.iter());
    let pitch_mm = 1.8 + f32::from(bytes.next() % 16) / 20.0;
    let mut text = String::new();
    while text.len() < MOST {
        match bytes.next() {
            255 => break,
            byte => text.push(char::from(CHARACTERS[usize::from(byte % 16)])),
        }
    }
    let mut page = Page::blank(Area::new(0.0, 0.0, 64.0, 16.0), PX_PER_MM);
    let hand = Hand { typeface: Typeface::OcrB, size_mm: pitch_mm * 1.5, tone: INK };
    write_in_cells(&mut page, 3.0, 9.0, &text, pitch_mm, hand);
    while let Some(first) = bytes.0.next() {
        let mut mm = |most: f32| f32::from(bytes.next()) / 255.0 * most;
        let (from, to) = ((f32::from(*first) / 4.0, mm(16.0)), (mm(64.0), mm(16.0)));
        page.stroke(&[from, to], 0.1 + mm(0.8), 60);
    }
    let page = page.softened();
    frame(page.luma().to_vec(), page.width()).map_or(Became::Refused, |frame| holds(&frame))
}
