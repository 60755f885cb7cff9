//! 予診票: the form around the coupon, as the part of an A4 page that a camera over the coupon can see.
//!
//! The wording is a sample's own; it follows the order of the public form (heading, address, name, birthday,
//! questions with はい/いいえ) and says 見本.
//!
//! Must not: decide what a coupon says.

use crate::{
    coupon,
    lettering::{Hand, POINT_MM, Typeface, write},
    page::{Area, Page},
    sheet::Sheet,
};

/// Where the coupon's top left corner lies on the page.
pub const COUPON_AT_MM: (f32, f32) = (138.0, 8.0);
/// The part of the page that is drawn; a camera over the coupon sees no other.
pub const DRAWN: Area = Area::new(48.0, 0.0, 162.0, 116.0);
/// Resolution: 1.5 times what the nearest camera of a [`crate::Film`] resolves.
const PX_PER_MM: f32 = 15.0;

const QUESTIONS: [&str; 8] = [
    "接種を初めて受けますか。",
    "住民票のある市町村と、接種券の市町村は同じですか。",
    "説明書を読んで、効果や副反応などを理解しましたか。",
    "現在、何らかの病気にかかって、治療を受けていますか。",
    "最近１か月以内に熱が出たり、病気にかかったりしましたか。",
    "今日、体に具合が悪いところがありますか。",
    "けいれん（ひきつけ）を起こしたことがありますか。",
    "薬や食品で、重いアレルギー症状を起こしたことがありますか。",
];

/// 予診票 drawn: the paper a camera looks at. About 4 MB.
#[derive(Clone)]
pub struct Plate(Page);

impl Plate {
    /// Draws a sheet.
    #[must_use]
    pub fn print(sheet: &Sheet) -> Self {
        let mut page = Page::blank(DRAWN, PX_PER_MM);
        draw_form(&mut page, sheet);
        coupon::draw(&mut page, sheet, COUPON_AT_MM);
        Self(page.softened())
    }
    /// The drawn page.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.0
    }
}

fn draw_form(page: &mut Page, sheet: &Sheet) {
    let text = |points: f32| Hand { typeface: Typeface::Form, size_mm: points * POINT_MM, tone: 45 };
    let heading = Hand { typeface: Typeface::Heading, size_mm: 13.0 * POINT_MM, tone: 35 };
    write(page, 52.0, 14.0, "新型コロナワクチン接種の予診票", heading);
    write(page, 52.0, 20.0, "太枠内にご記入またはチェック☑を入れてください。", text(8.0));
    write(page, 52.0, 35.0, "見本", Hand { tone: 205, size_mm: 14.0, ..heading });
    write(page, 85.0, 33.0, "この用紙は操作練習用です", Hand { tone: 120, ..text(8.0) });
    write(page, 138.0, 6.2, "接種券貼付欄（枠からはみ出さないこと）", text(6.5));

    page.outline(Area::new(14.0, 44.0, 189.0, 26.0), 0.7, 40);
    for y_mm in [52.0, 60.0] {
        page.fill(Area::new(14.0, y_mm, 189.0, 0.25), 60);
    }
    for (x_mm, y_mm, height_mm) in [(150.0, 44.0, 8.0), (128.0, 52.0, 18.0), (156.0, 60.0, 10.0)] {
        page.fill(Area::new(x_mm, y_mm, 0.25, height_mm), 60);
    }
    write(page, 52.0, 49.3, "見本県見本市見本町一丁目二番三号", text(9.0));
    write(page, 152.0, 49.3, "電話番号　000－0000－0000", text(8.0));
    write(page, 52.0, 57.3, "フリガナ　ミホン", text(8.0));
    write(page, 130.0, 57.3, "生年月日　　　　年　　　月　　　日生", text(8.0));
    write(page, 52.0, 66.0, &sheet.recipient_name, text(12.0));
    write(page, 130.0, 66.0, "性別　男・女", text(8.0));
    write(page, 158.0, 66.0, "診察前の体温　　　度　　　分", text(8.0));

    page.outline(Area::new(14.0, 74.0, 189.0, 200.0), 0.35, 50);
    page.fill(Area::new(14.3, 74.3, 188.4, 6.0), 225);
    write(page, 80.0, 78.7, "質問事項", text(8.5));
    write(page, 157.0, 78.7, "回答欄", text(8.5));
    write(page, 180.0, 78.7, "医師記入欄", text(8.0));
    for x_mm in [146.0, 177.0] {
        page.fill(Area::new(x_mm, 74.0, 0.25, 200.0), 60);
    }
    for (row, question) in QUESTIONS.iter().enumerate() {
        let y_mm = 80.3 + row as f32 * 7.0;
        page.fill(Area::new(14.0, y_mm + 7.0, 189.0, 0.2), 80);
        write(page, 52.0, y_mm + 4.8, question, text(8.0));
        write(page, 150.0, y_mm + 4.8, "□はい", text(8.0));
        write(page, 163.0, y_mm + 4.8, "□いいえ", text(8.0));
        // Answers in the recipient's hand: which box is ticked follows from the printed digits.
        let tick_x_mm = if sheet.digits.as_bytes()[10 + row].is_multiple_of(2) { 150.4 } else { 163.4 };
        let tick = [(tick_x_mm, y_mm + 3.0), (tick_x_mm + 1.0, y_mm + 4.6), (tick_x_mm + 3.0, y_mm + 1.2)];
        page.stroke(&tick, 0.4, 55);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Flaw, Nw7Content};

    fn darkness(page: &Page, area: Area) -> f64 {
        let (left, top) = page.to_px(area.x_mm, area.y_mm);
        let (right, bottom) = page.to_px(area.x_mm + area.width_mm, area.y_mm + area.height_mm);
        let mut sum = 0.0;
        for y in top as usize..bottom as usize {
            for x in left as usize..right as usize {
                sum += f64::from(255 - page.luma()[y * page.width() + x]) / 255.0;
            }
        }
        sum / f64::from((right - left) * (bottom - top))
    }

    #[test]
    fn codes_and_line_stand_where_the_published_layout_puts_them() {
        let sheet = Sheet::sound("231310160000123456".parse().unwrap(), Nw7Content::LastTen);
        let plate = Plate::print(&sheet);
        let (x, y) = COUPON_AT_MM;
        let share = |area: Area| darkness(plate.page(), area);
        assert!((0.35..0.6).contains(&share(Area::new(x + 51.0, y + 2.0, 10.0, 10.0))), "QR code");
        assert!((0.3..0.6).contains(&share(Area::new(x + 13.0, y + 22.0, 37.0, 5.0))), "NW-7");
        assert!(share(Area::new(x + 11.0, y + 29.7, 41.0, 2.4)) > 0.15, "OCR line");
        assert!(share(Area::new(x + 1.0, y + 32.8, 61.0, 0.9)) < 0.01, "1 mm blank below the line");
        assert!(share(Area::new(x + 11.0, y + 27.6, 41.0, 1.5)) < 0.01, "2 mm between barcode and line");
    }

    #[test]
    fn a_covered_sheet_shows_neither_code_nor_line() {
        let mut sheet = Sheet::sound("231310160000123456".parse().unwrap(), Nw7Content::Whole);
        sheet.flaw = Flaw::Covered;
        let covered = Plate::print(&sheet);
        let mut other = sheet.clone();
        other.digits = "241310160000654321".parse().unwrap();
        let (x, y) = COUPON_AT_MM;
        let lower = |plate: &Plate| {
            let (left, top) = plate.page().to_px(x + 3.5, y + 19.0);
            let (right, bottom) = plate.page().to_px(x + 60.5, y + 35.0);
            let page = plate.page();
            let rows = top as usize..bottom as usize;
            rows.flat_map(|row| {
                page.luma()[row * page.width() + left as usize..row * page.width() + right as usize].to_vec()
            })
            .collect::<Vec<u8>>()
        };
        assert!(lower(&covered) == lower(&Plate::print(&other)), "the note hides every digit");
    }
}
