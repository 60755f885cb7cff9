//! Samples of pictures: a QR code and an NW-7 code drawn flat, in the form the target `reader` takes.
//!
//! Must not: look like a camera's; the corpus of `scanner` has those.

use sheets::{
    nw7,
    qr::{Correction, Modules},
};

use super::{Seed, seed};

const LINE: &str = "231310160000123456";
const WHITE: u8 = 0xF;
const BLACK: u8 = 0x2;
const MODULE_PX: usize = 3;
const BAR_PX: f32 = 2.0;
const BAR_ROWS: usize = 26;

/// A picture of four bits a pixel.
struct Picture {
    width: usize,
    rows: Vec<Vec<u8>>,
}

impl Picture {
    fn white(width: usize, height: usize) -> Self {
        Self { width, rows: vec![vec![WHITE; width]; height] }
    }

    fn beside(self, other: &Self) -> Self {
        let height = self.rows.len().max(other.rows.len());
        let mut both = Self::white(self.width + other.width, height);
        for (row, own) in both.rows.iter_mut().zip(&self.rows) {
            row[..self.width].copy_from_slice(own);
        }
        for (row, its) in both.rows.iter_mut().zip(&other.rows) {
            row[self.width..].copy_from_slice(its);
        }
        both
    }

    /// Half the width beyond 16, then two pixels a byte.
    fn to_bytes(&self) -> Vec<u8> {
        let pixels: Vec<u8> = self.rows.concat();
        let width = (self.width - 16) / 2;
        let mut bytes = vec![width as u8];
        bytes.extend(pixels.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]));
        bytes
    }
}

fn qr(text: &str) -> Picture {
    let Some(modules) = Modules::of(text, Correction::Medium) else { return Picture::white(16, 16) };
    let side = (modules.side() + 8) * MODULE_PX;
    // Target pictures have an even width.
    let mut picture = Picture::white(side + side % 2, side);
    for (y, row) in picture.rows.iter_mut().enumerate() {
        for (x, pixel) in row.iter_mut().enumerate() {
            let module = |at: usize| (at / MODULE_PX).wrapping_sub(4);
            if modules.is_dark(module(y), module(x)) {
                *pixel = BLACK;
            }
        }
    }
    picture
}

fn bars(text: &str) -> Picture {
    let widths = nw7::widths(text, 2.5).unwrap_or_default();
    let mut row = vec![WHITE; 20];
    for (place, width) in widths.iter().enumerate() {
        let tone = if place % 2 == 0 { BLACK } else { WHITE };
        row.extend(std::iter::repeat_n(tone, (width * BAR_PX) as usize));
    }
    row.resize((row.len() + 20).next_multiple_of(2), WHITE);
    let mut picture = Picture::white(row.len(), BAR_ROWS + 8);
    picture.rows[4..4 + BAR_ROWS].fill(row);
    picture
}

pub(super) fn readable() -> Vec<Seed> {
    let number = &LINE[8..];
    vec![
        seed("reader", "qr", qr(LINE).to_bytes()),
        seed("reader", "nw7", bars(&format!("A{number}B")).to_bytes()),
        seed("reader", "both", qr(LINE).beside(&bars(&format!("A{number}B"))).to_bytes()),
        seed("reader", "not-a-coupon", qr("https://example.jp/").to_bytes()),
        seed("reader", "not-digits", "0000123456"),
        seed("qr_modules", "coupon", modules(LINE)),
        seed("qr_modules", "not-whole", &modules(LINE)[..30]),
        seed("nw7_bars", "ten", bar_widths(&format!("A{number}A"))),
        seed("nw7_bars", "eighteen", bar_widths(&format!("C{LINE}D"))),
        seed("nw7_bars", "not-eleven", bar_widths(&format!("A{number}7A"))),
        seed(
            "package",
            "datamatrix",
            printed(include_bytes!("../../../scanner/tests/data/package/datamatrix.png")),
        ),
        seed(
            "package",
            "databar-limited",
            printed(include_bytes!("../../../scanner/tests/data/package/databar-limited-composite.png")),
        ),
        seed("package", "not-a-package", qr(LINE).to_bytes()),
        seed("element_string", "written", "(01)04912345678904(17)211231(10)SAMPLE01"),
        seed("element_string", "typed", "]d201049123456789041721123110SAMPLE01\u{1d}3010\r\n"),
        seed("element_string", "not-a-gtin", "(01)04912345678905(10)SAMPLE01"),
        seed("element_string", "not-a-package", "A0000123456B"),
        seed("ocr_characters", "line", characters(LINE)),
        seed("ocr_characters", "not-seventeen", characters(&LINE[1..])),
        seed("ocr_characters", "not-nineteen", characters(&format!("{LINE}0"))),
    ]
}

/// A picture of the scanner's own tests.
fn printed(png: &[u8]) -> Vec<u8> {
    let Ok(picture) = image::load_from_memory(png) else { return Vec::new() };
    let picture = picture.into_luma8();
    let width = picture.width() as usize;
    let mut own = Picture::white(width.next_multiple_of(2), picture.height() as usize);
    for (row, printed) in own.rows.iter_mut().zip(picture.as_raw().chunks_exact(width)) {
        for (pixel, luma) in row.iter_mut().zip(printed) {
            *pixel = luma >> 4;
        }
    }
    own.to_bytes()
}

/// Version 1 in modules of four pixels, and nothing over it.
fn modules(text: &str) -> Vec<u8> {
    let Some(modules) = Modules::of(text, Correction::Medium) else { return Vec::new() };
    let side = modules.side();
    let dark: Vec<bool> = (0..side * side).map(|at| modules.is_dark(at / side, at % side)).collect();
    let byte =
        |bits: &[bool]| bits.iter().enumerate().fold(0, |byte, (bit, dark)| byte | u8::from(*dark) << bit);
    [0, 2].into_iter().chain(dark.chunks(8).map(byte)).collect()
}

/// Sharp, narrow bars of two pixels and a half.
fn bar_widths(text: &str) -> Vec<u8> {
    let widths = nw7::widths(text, 2.5).unwrap_or_default();
    std::iter::once(0).chain(widths.iter().map(|width| (width * 25.0) as u8 - 1)).collect()
}

/// At the widest pitch but one.
fn characters(text: &str) -> Vec<u8> {
    std::iter::once(14).chain(text.bytes().map(|digit| digit - b'0')).chain([255]).collect()
}
