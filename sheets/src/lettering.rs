//! Letters on a page, from the embedded fonts.
//!
//! Must not: lay out a form; each caller says where its text stands.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};

use crate::page::Page;

/// A point of type in millimetres.
pub const POINT_MM: f32 = 0.352_778;

/// Which letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typeface {
    /// Noto Sans JP: the form's text.
    Form,
    /// Noto Sans JP Bold: headings.
    Heading,
    /// OCR-B: the printed digits.
    OcrB,
    /// OCR-A: digits of older printers. Digits only, as the three after it.
    OcrA,
    /// DejaVu Sans Mono.
    DejaVuMono,
    /// Cousine, as wide as Courier.
    Cousine,
    /// Arimo, as wide as Arial.
    Arimo,
}

impl Typeface {
    fn font(self) -> Option<&'static FontRef<'static>> {
        static FORM: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
        static HEADING: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
        static OCR_B: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
        static OCR_A: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
        static DEJAVU_MONO: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
        static COUSINE: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
        static ARIMO: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
        let (cell, bytes): (_, &'static [u8]) = match self {
            Self::Form => (&FORM, include_bytes!("../../assets/fonts/NotoSansJP-Regular.ttf")),
            Self::Heading => (&HEADING, include_bytes!("../../assets/fonts/NotoSansJP-Bold.ttf")),
            Self::OcrB => (&OCR_B, include_bytes!("../../assets/fonts/OCRB.otf")),
            Self::OcrA => (&OCR_A, include_bytes!("../../assets/fonts/OCRA-digits.ttf")),
            Self::DejaVuMono => {
                (&DEJAVU_MONO, include_bytes!("../../assets/fonts/DejaVuSansMono-digits.ttf"))
            }
            Self::Cousine => (&COUSINE, include_bytes!("../../assets/fonts/Cousine-digits.ttf")),
            Self::Arimo => (&ARIMO, include_bytes!("../../assets/fonts/Arimo-digits.ttf")),
        };
        cell.get_or_init(|| FontRef::try_from_slice(bytes).ok()).as_ref()
    }
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hand {
    /// The letters.
    pub typeface: Typeface,
    /// Size of the em in millimetres (points × [`POINT_MM`]).
    pub size_mm: f32,
    /// 0 black to 255 nothing.
    pub tone: u8,
}

/// Writes one line; `x_mm` is its left end, `baseline_mm` where the letters stand. Returns its width in
/// millimetres. A character that the font lacks is left out.
pub fn write(page: &mut Page, x_mm: f32, baseline_mm: f32, text: &str, hand: Hand) -> f32 {
    let mut pen_mm = x_mm;
    for character in text.chars() {
        pen_mm += glyph(page, pen_mm, baseline_mm, character, hand, 1.0);
    }
    pen_mm - x_mm
}

/// Writes each character in the middle of its own cell of `pitch_mm`.
pub fn write_in_cells(page: &mut Page, x_mm: f32, baseline_mm: f32, text: &str, pitch_mm: f32, hand: Hand) {
    write_stretched(page, (x_mm, baseline_mm), text, pitch_mm, hand, 1.0);
}

/// The same with each character `stretch` times as wide as its font has it.
pub fn write_stretched(
    page: &mut Page,
    (x_mm, baseline_mm): (f32, f32),
    text: &str,
    pitch_mm: f32,
    hand: Hand,
    stretch: f32,
) {
    for (place, character) in text.chars().enumerate() {
        let spare_mm = pitch_mm - advance_mm(character, hand) * stretch;
        glyph(page, x_mm + place as f32 * pitch_mm + spare_mm / 2.0, baseline_mm, character, hand, stretch);
    }
}

fn advance_mm(character: char, hand: Hand) -> f32 {
    let Some(font) = hand.typeface.font() else { return 0.0 };
    let em = font.units_per_em().unwrap_or(1000.0);
    font.h_advance_unscaled(font.glyph_id(character)) / em * hand.size_mm
}

/// Draws one glyph and returns its advance in millimetres.
fn glyph(page: &mut Page, x_mm: f32, baseline_mm: f32, character: char, hand: Hand, stretch: f32) -> f32 {
    let Some(font) = hand.typeface.font() else { return 0.0 };
    let id = font.glyph_id(character);
    if id.0 == 0 {
        return 0.0;
    }
    let em = font.units_per_em().unwrap_or(1000.0);
    // The library's scale is the font's height, not its em.
    let tall = hand.size_mm * page.px_per_mm() * font.height_unscaled() / em;
    let scale = PxScale { x: tall * stretch, y: tall };
    let (x, y) = page.to_px(x_mm, baseline_mm);
    let advance_mm = font.as_scaled(scale).h_advance(id) / page.px_per_mm();
    let Some(outlined) = font.outline_glyph(id.with_scale_and_position(scale, point(x, y))) else {
        return advance_mm;
    };
    let bounds = outlined.px_bounds();
    let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
    outlined.draw(|dx, dy, cover| page.ink(left + dx as i32, top + dy as i32, cover, hand.tone));
    advance_mm
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Area;

    fn inked(typeface: Typeface, text: &str) -> (usize, f32) {
        let mut page = Page::blank(Area::new(0.0, 0.0, 40.0, 10.0), 10.0);
        let width = write(&mut page, 1.0, 6.0, text, Hand { typeface, size_mm: 4.0, tone: 0 });
        (page.luma().iter().filter(|pixel| **pixel < 128).count(), width)
    }

    #[test]
    fn every_typeface_has_what_the_sheets_write() {
        for (typeface, text) in [
            (Typeface::Form, "見本の予診票"),
            (Typeface::Heading, "接種券"),
            (Typeface::OcrB, "0123456789"),
            (Typeface::OcrA, "0123456789"),
            (Typeface::DejaVuMono, "0123456789"),
            (Typeface::Cousine, "0123456789"),
            (Typeface::Arimo, "0123456789"),
        ] {
            for character in text.chars() {
                assert!(inked(typeface, &character.to_string()).0 > 20, "{typeface:?} lacks {character}");
            }
        }
    }

    #[test]
    fn a_text_is_as_wide_as_its_letters() {
        let (_, width) = inked(Typeface::Form, "見本見本");
        assert!((width - 16.0).abs() < 0.1, "four full-width letters of 4 mm: {width}");
        // OCR-B has a fixed pitch of 0.723 em.
        assert!((inked(Typeface::OcrB, "11").1 - inked(Typeface::OcrB, "88").1).abs() < 1e-3);
    }
}
