//! The form around the sticker, as clutter: ruled lines, printed questions, numbers that are no coupon's.
//!
//! Must not: draw anything on the sticker.

use rand::{RngExt, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

use crate::{
    coupon,
    lettering::{Hand, POINT_MM, Typeface, write},
    page::{Area, Page},
};

/// Between two ruled lines.
const LINE_MM: f32 = 7.0;
/// What is left free around the sticker.
const FREE: Area = Area::new(-4.0, -8.0, coupon::WIDTH_MM + 9.0, coupon::HEIGHT_MM + 14.0);

const WORDING: [&str; 20] = [
    "新型コロナワクチン接種の予診票",
    "住民票に記載されている住所",
    "フリガナ",
    "氏名",
    "生年月日",
    "年　　月　　日生（満　　歳）",
    "電話番号",
    "診察前の体温",
    "質問事項",
    "回答欄",
    "医師記入欄",
    "接種を初めて受けますか。",
    "住民票のある市町村と、接種券の市町村は同じですか。",
    "現在、何らかの病気にかかって、治療を受けていますか。",
    "最近１か月以内に熱が出たり、病気にかかったりしましたか。",
    "今日、体に具合が悪いところがありますか。",
    "はい　　いいえ",
    "ロット番号",
    "接種量",
    "太枠内にご記入またはチェックを入れてください。",
];

/// Draws the form over the whole page, the sticker's top left corner being (0, 0).
pub(super) fn draw(page: &mut Page, reach_mm: [f32; 4], rng: &mut ChaCha8Rng) {
    let [left, top, right, bottom] = reach_mm;
    let first = (top / LINE_MM).floor() * LINE_MM - LINE_MM;
    let mut y_mm = first;
    while y_mm < bottom {
        let beside = y_mm > FREE.y_mm && y_mm < FREE.y_mm + FREE.height_mm;
        let stretches = if beside {
            [(left - 3.0, FREE.x_mm), (FREE.x_mm + FREE.width_mm, right)]
        } else {
            [(left - 3.0, right), (right, right)]
        };
        let tone = rng.random_range(0..90);
        for (from, to) in stretches {
            if to > from {
                page.fill(Area::new(from, y_mm, to - from, 0.25), tone);
                fill_line(page, (from, to), y_mm + 1.2, rng);
            }
        }
        y_mm += LINE_MM;
    }
    for x_mm in [-110.0, -70.0, -30.0, 75.0, 100.0] {
        page.fill(Area::new(x_mm, -60.0, 0.25, 50.0), 60);
    }
}

fn fill_line(page: &mut Page, (from, to): (f32, f32), top_mm: f32, rng: &mut ChaCha8Rng) {
    // What begins left of the view is cut by its edge.
    let mut x_mm = from - rng.random_range(0.0..12.0);
    while x_mm < to - 12.0 {
        let size_mm = [6.0, 7.0, 8.0, 9.0].choose(rng).copied().unwrap_or(8.0) * POINT_MM;
        let text = if rng.random_bool(0.2) {
            let mut digits = |count: usize| rng.random_range(0..10_u32.pow(count as u32));
            format!("{:03}-{:04}-{:04}", digits(3), digits(4), digits(4))
        } else {
            let whole = WORDING.choose(rng).copied().unwrap_or_default();
            whole.chars().take(((to - x_mm) / size_mm) as usize).collect()
        };
        let hand = Hand { typeface: Typeface::Form, size_mm, tone: 0 };
        x_mm += write(page, x_mm, top_mm + 0.88 * size_mm, &text, hand) + rng.random_range(2.0..15.0);
    }
}
