//! 接種券 in millimetres: sticker, QR code, NW-7 and OCR line.
//!
//! Sources: MHLW 接種の実施に関する手引き 13.1版 p.130 (OCR line 9 pt OCR-B, about 2 mm under the barcode, at
//! least 1 mm blank below); stickers of 2021 (33–35 × 63 mm; NW-7 37.2 × 5.6 mm; QR code 10 × 10 mm).
//!
//! Must not: draw the form around it, or know where a camera is.

use crate::{
    lettering::{Hand, POINT_MM, Typeface, write, write_in_cells},
    nw7,
    page::{Area, Page},
    qr::Modules,
    sheet::{Flaw, Sheet},
};

/// Width of the sticker.
pub const WIDTH_MM: f32 = 63.0;
/// Height of the sticker.
pub const HEIGHT_MM: f32 = 34.0;
/// Side of the QR code without its quiet zone.
pub const QR_SIDE_MM: f32 = 10.0;
/// Height of the NW-7.
pub const NW7_HEIGHT_MM: f32 = 5.6;
/// The QR code's top left corner, from the sticker's.
const QR_AT_MM: (f32, f32) = (51.0, 2.0);
/// The foot of the digits, from the sticker's top.
const BASELINE_MM: f32 = 32.2;
/// Height of OCR-B's digits in ems.
const DIGIT_HEIGHT_EM: f32 = 0.77;
/// From the NW-7's foot to the digits' head.
const GAP_MM: f32 = 2.0;

/// Draws the sticker of `sheet` with its top left corner at `at_mm`.
pub fn draw(page: &mut Page, sheet: &Sheet, at_mm: (f32, f32)) {
    let (x, y) = at_mm;
    page.fill(Area::new(x, y, WIDTH_MM, HEIGHT_MM), 255);
    page.outline(Area::new(x, y, WIDTH_MM, HEIGHT_MM), 0.15, 190);
    draw_head(page, sheet, at_mm);
    draw_qr(page, sheet, (x + QR_AT_MM.0, y + QR_AT_MM.1));
    let digits_top_mm = y + BASELINE_MM - sheet.layout.digit_em_mm * DIGIT_HEIGHT_EM;
    draw_nw7(page, sheet, x, digits_top_mm - GAP_MM - NW7_HEIGHT_MM);
    let line_mm = sheet.layout.pitch_mm * 18.0;
    let hand =
        Hand { typeface: Typeface::OcrB, size_mm: sheet.layout.digit_em_mm, tone: sheet.layout.ink_tone };
    let text = sheet.digits.as_str();
    let left = x + (WIDTH_MM - line_mm) / 2.0;
    write_in_cells(page, left, y + BASELINE_MM, text, sheet.layout.pitch_mm, hand);
    if sheet.flaw.hides_line() {
        draw_slip(page, (x, digits_top_mm));
    }
    if sheet.flaw == Flaw::Covered {
        draw_note(page, at_mm);
    }
}

/// What a person reads: kind, dose, municipality, number, name.
fn draw_head(page: &mut Page, sheet: &Sheet, (x, y): (f32, f32)) {
    let tone = sheet.layout.ink_tone;
    let hand = |typeface, points: f32| Hand { typeface, size_mm: points * POINT_MM, tone };
    let text = sheet.digits.as_str();
    let title = if text.starts_with('1') { "予診のみ" } else { "接種券" };
    write(page, x + 1.5, y + 5.0, title, hand(Typeface::Heading, 11.0));
    write(page, x + 20.0, y + 5.0, &format!("{}回目", &text[1..2]), hand(Typeface::Heading, 10.0));
    write(page, x + 33.0, y + 5.0, "見本", Hand { tone: 150, ..hand(Typeface::Heading, 12.0) });
    write(page, x + 1.5, y + 9.3, "請求先", hand(Typeface::Form, 7.0));
    let name = hand(Typeface::Form, 7.0);
    let name_mm = write(page, x + 11.0, y + 9.3, &sheet.municipality_name, name);
    write(page, x + 12.5 + name_mm, y + 9.3, &text[2..8], hand(Typeface::OcrB, 7.0));
    write(page, x + 1.5, y + 13.2, "券番号", hand(Typeface::Form, 7.0));
    write(page, x + 11.0, y + 13.2, &text[8..], hand(Typeface::OcrB, 7.5));
    write(page, x + 1.5, y + 17.3, "氏名", hand(Typeface::Form, 7.0));
    write(page, x + 11.0, y + 17.3, &sheet.recipient_name, hand(Typeface::Form, 8.5));
}

fn draw_qr(page: &mut Page, sheet: &Sheet, at_mm: (f32, f32)) {
    if let Some(modules) = sheet.qr_text().and_then(|text| Modules::of(text, sheet.layout.correction)) {
        print_qr(page, &modules, at_mm, sheet.layout.ink_tone);
    }
}

fn draw_nw7(page: &mut Page, sheet: &Sheet, sticker_x_mm: f32, y_mm: f32) {
    let Some(digits) = sheet.nw7_digits() else { return };
    let width_mm = sheet.layout.nw7_width_mm;
    let left_mm = sticker_x_mm + (WIDTH_MM - width_mm) / 2.0;
    print_nw7(page, digits, sheet.layout.nw7_ratio, (left_mm, y_mm), width_mm, sheet.layout.ink_tone);
}

/// Prints the modules with their top left corner at a place.
pub(crate) fn print_qr(page: &mut Page, modules: &Modules, (x, y): (f32, f32), tone: u8) {
    let module_mm = QR_SIDE_MM / modules.side() as f32;
    for row in 0..modules.side() {
        let mut column = 0;
        while column < modules.side() {
            let run = (column..modules.side()).take_while(|next| modules.is_dark(row, *next)).count();
            if run > 0 {
                let left = x + column as f32 * module_mm;
                let area = Area::new(left, y + row as f32 * module_mm, run as f32 * module_mm, module_mm);
                page.fill(area, tone);
            }
            column += run + 1;
        }
    }
}

/// Prints the digits between A and A, the whole symbol `width_mm` wide, with its top left corner at a place.
pub(crate) fn print_nw7(
    page: &mut Page,
    digits: &str,
    ratio: f32,
    (mut x_mm, y_mm): (f32, f32),
    width_mm: f32,
    tone: u8,
) {
    let Ok(widths) = nw7::widths(&format!("A{digits}A"), ratio) else { return };
    let module_mm = width_mm / widths.iter().sum::<f32>();
    for (place, width) in widths.iter().enumerate() {
        let element_mm = width * module_mm;
        if place % 2 == 0 {
            page.fill(Area::new(x_mm, y_mm, element_mm, NW7_HEIGHT_MM), tone);
        }
        x_mm += element_mm;
    }
}

/// A slip of paper over the line alone.
fn draw_slip(page: &mut Page, (x, digits_top_mm): (f32, f32)) {
    let top = digits_top_mm - 0.9;
    page.fill(Area::new(x + 2.0, top, 59.0, 5.0), 215);
    page.stroke(&[(x + 6.0, top + 2.6), (x + 27.0, top + 2.2), (x + 49.0, top + 2.8)], 0.4, 90);
}

/// A sticky note over all that a machine could read; the head above it stays in view.
fn draw_note(page: &mut Page, (x, y): (f32, f32)) {
    page.fill(Area::new(x + 3.0, y + 18.6, 58.0, 17.0), 205);
    page.fill(Area::new(x + 48.5, y + 0.5, 15.5, 14.0), 205);
    let hand = Hand { typeface: Typeface::Form, size_mm: 4.5, tone: 60 };
    write(page, x + 8.0, y + 25.5, "次回予約は三週間後です", hand);
    page.stroke(&[(x + 8.0, y + 29.0), (x + 30.0, y + 28.4), (x + 52.0, y + 29.3)], 0.5, 70);
}
