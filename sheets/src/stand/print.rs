//! The paper drawn once: sticker, form around it, uneven toner, seals, pen strokes.
//!
//! Must not: know the camera beyond the part of the paper that it sees and how finely.

use std::sync::OnceLock;

use rand::{RngExt, SeedableRng, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

use crate::{
    coupon,
    lettering::{Hand, POINT_MM, Typeface, write, write_stretched},
    page::{Area, Page},
    qr::Modules,
    stand::{
        Disturbance, Slip, form,
        range::{self, Bounds},
    },
};

/// Pixels of the drawing a pixel of the frame.
const FINENESS: f32 = 1.5;
/// What the print is worth drawing at: pixels a millimetre.
const RESOLUTION: range::Range = (8.0, 60.0);
/// As far as paper is drawn, from the sticker's corner; the table is out of view.
const PAPER_MM: [f32; 4] = [-125.0, -62.0, 125.0, 112.0];
/// Luma beyond the paper's middle tone is spread by this: toner is either there or not.
const CONTRAST: f32 = 2.2;
/// Share of pixels that stay bare in a print with specks.
const SPECKS: f32 = 0.015;

/// Draws what the camera sees of a paper, in luma: 255 bare paper, its darkest ink as dark as the toner covers.
pub(super) fn draw(
    slip: &Slip,
    reach_mm: [f32; 4],
    px_per_mm: f32,
    askew_deg: f32,
    bounds: &Bounds,
    rng: &mut ChaCha8Rng,
) -> Page {
    let resolution = (px_per_mm * FINENESS).clamp(RESOLUTION.0, RESOLUTION.1);
    let reach = [
        (reach_mm[0] - 1.0).max(PAPER_MM[0]),
        (reach_mm[1] - 1.0).max(PAPER_MM[1]),
        (reach_mm[2] + 1.0).min(PAPER_MM[2]),
        (reach_mm[3] + 1.0).min(PAPER_MM[3]),
    ];
    let area = Area::new(reach[0], reach[1], reach[2] - reach[0], reach[3] - reach[1]);
    let mut page = Page::blank(area, resolution);
    if askew_deg == 0.0 {
        form::draw(&mut page, reach, rng);
    } else {
        draw_turned_form(&mut page, area, askew_deg, rng);
    }
    draw_sticker(&mut page, slip, rng);
    match slip.disturbance {
        Disturbance::Seal => press_seals(&mut page, slip, rng),
        Disturbance::Pen => draw_strokes(&mut page, slip, rng),
        _ => {}
    }
    wear(&mut page, resolution, bounds, rng);
    page
}

fn draw_sticker(page: &mut Page, slip: &Slip, rng: &mut ChaCha8Rng) {
    let sticker = Area::new(0.0, 0.0, coupon::WIDTH_MM, coupon::HEIGHT_MM);
    page.fill(sticker, 255);
    if slip.disturbance == Disturbance::Askew || rng.random_bool(0.5) {
        page.outline(sticker, 0.15, 190);
    }
    draw_head(page, slip, rng);
    if slip.has_qr
        && let Some(modules) = Modules::of(slip.digits.as_str(), slip.correction)
    {
        coupon::print_qr(page, &modules, slip.qr_at_mm, 0);
    }
    if let Some(digits) = slip.nw7_digits() {
        coupon::print_nw7(page, digits, slip.nw7_ratio, slip.nw7_at_mm, slip.nw7_width_mm, 0);
    }
    let hand = Hand { typeface: slip.typeface, size_mm: slip.em_mm, tone: 0 };
    write_stretched(page, slip.line_at_mm, slip.digits.as_str(), slip.pitch_mm, hand, slip.stretch);
}

/// What a person reads; municipality code and number stand there once more, smaller.
fn draw_head(page: &mut Page, slip: &Slip, rng: &mut ChaCha8Rng) {
    let hand = |typeface, points: f32| Hand { typeface, size_mm: points * POINT_MM, tone: 0 };
    let text = slip.digits.as_str();
    let title = if text.starts_with('1') { "予診のみ" } else { "接種券" };
    write(page, 1.5, 4.4, title, hand(Typeface::Heading, 11.0));
    write(page, 20.0, 4.6, &format!("{}回目", &text[1..2]), hand(Typeface::Heading, 10.0));
    let prefecture = ["東京都", "北海道", "大阪府", "福岡県"].choose(rng).unwrap_or(&"東京都");
    let town = ["見本市", "例示区", "試験町"].choose(rng).unwrap_or(&"見本市");
    let name = ["見本　太郎", "見本　花子", "例示　一郎", "試験　裕子"].choose(rng).unwrap_or(&"見本　太郎");
    for (label, baseline_mm) in [("請求先", 8.7), ("券番号", 12.7), ("氏名", 16.2)] {
        write(page, 1.5, baseline_mm, label, hand(Typeface::Form, 7.0));
    }
    write(page, 13.0, 8.7, &format!("{prefecture}{town}"), hand(Typeface::Form, 7.0));
    write(page, 33.0, 8.7, &text[2..8], hand(Typeface::OcrB, 7.5));
    write(page, 13.0, 12.7, &text[8..], hand(Typeface::OcrB, 7.5));
    write(page, 13.0, 16.2, name, hand(Typeface::Form, 8.0));
}

/// The form turned against the sticker, and the shadow at the sticker's edge.
fn draw_turned_form(page: &mut Page, area: Area, askew_deg: f32, rng: &mut ChaCha8Rng) {
    let (sin, cos) = askew_deg.to_radians().sin_cos();
    let middle = (coupon::WIDTH_MM / 2.0, coupon::HEIGHT_MM / 2.0);
    let turned = |x: f32, y: f32| {
        let (x, y) = (x - middle.0, y - middle.1);
        (x * cos - y * sin + middle.0, x * sin + y * cos + middle.1)
    };
    let (right, bottom) = (area.x_mm + area.width_mm, area.y_mm + area.height_mm);
    let corners = [(area.x_mm, area.y_mm), (right, area.y_mm), (right, bottom), (area.x_mm, bottom)]
        .map(|(x, y)| turned(x, y));
    let [l, t, r, b] =
        corners.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |[l, t, r, b], (x, y)| {
            [l.min(*x), t.min(*y), r.max(*x), b.max(*y)]
        });
    // Half as fine: it is clutter, and the warp softens it anyway.
    let mut straight = Page::blank(Area::new(l, t, r - l, b - t), page.px_per_mm() * 0.75);
    form::draw(&mut straight, [l, t, r, b], rng);
    let (width, px) = (page.width(), page.px_per_mm());
    for (row, pixels) in page.luma_mut().chunks_exact_mut(width).enumerate() {
        for (column, pixel) in pixels.iter_mut().enumerate() {
            let (x, y) = turned(area.x_mm + column as f32 / px, area.y_mm + row as f32 / px);
            let (u, v) = straight.to_px(x, y);
            let at = (v.max(0.0) as usize).min(straight.height() - 1) * straight.width()
                + (u.max(0.0) as usize).min(straight.width() - 1);
            *pixel = straight.luma()[at];
        }
    }
    page.fill(Area::new(0.0, 0.0, coupon::WIDTH_MM + 0.4, coupon::HEIGHT_MM + 0.4), 150);
}

/// One or two seals: a ring and the strokes of a name, in red, which luma shows as half dark.
fn press_seals(page: &mut Page, slip: &Slip, rng: &mut ChaCha8Rng) {
    for _ in 0..rng.random_range(1..=2) {
        let (x, y) = place_over_print(slip, rng);
        let radius = rng.random_range(3.5..6.5);
        let tone = rng.random_range(70..170);
        let pen = rng.random_range(0.35..0.8);
        let ring: Vec<(f32, f32)> = (0..=40)
            .map(|step| (step as f32 / 40.0 * std::f32::consts::TAU).sin_cos())
            .map(|(sin, cos)| (x + radius * cos, y + radius * sin))
            .collect();
        page.stroke(&ring, pen, tone);
        let hand = Hand { typeface: Typeface::Heading, size_mm: radius * 0.9, tone };
        write(page, x - radius * 0.45, y - radius * 0.05, "見", hand);
        write(page, x - radius * 0.45, y + radius * 0.8, "本", hand);
    }
}

/// One to four strokes of a pen, straight or wavy, some along the line and some across.
fn draw_strokes(page: &mut Page, slip: &Slip, rng: &mut ChaCha8Rng) {
    for _ in 0..rng.random_range(1..=4) {
        let (x, y) = place_over_print(slip, rng);
        let direction = rng.random_range(0.0..std::f32::consts::PI);
        let length = rng.random_range(3.0..25.0);
        let wave = rng.random_range(0.0..1.2);
        let points: Vec<(f32, f32)> = (0..=12)
            .map(|step| {
                let along = (step as f32 / 12.0 - 0.5) * length;
                let aside = wave * (along * 1.3).sin();
                let (sin, cos) = direction.sin_cos();
                (x + along * cos - aside * sin, y + along * sin + aside * cos)
            })
            .collect();
        page.stroke(&points, rng.random_range(0.25..0.7), rng.random_range(10..120));
    }
}

/// A place on the line, the NW-7 or the QR code, the line most often.
fn place_over_print(slip: &Slip, rng: &mut ChaCha8Rng) -> (f32, f32) {
    let corners = match rng.random_range(0..10) {
        0..=5 => slip.line_corners_mm(),
        6..=8 if slip.nw7_digits().is_some() => slip.nw7_corners_mm(),
        9 if slip.has_qr => slip.qr_corners_mm(),
        _ => slip.line_corners_mm(),
    };
    let [(left, top), _, (right, bottom), _] = corners;
    (rng.random_range(left..right), rng.random_range(top - 0.5..bottom + 0.5))
}

/// What printing and copying do: more or less toner, soft edges, grain, bare specks, and as dark as the toner is.
fn wear(page: &mut Page, resolution: f32, bounds: &Bounds, rng: &mut ChaCha8Rng) {
    let (width, height) = (page.width(), page.height());
    // A normal lot of 0.02 mm: a pixel more or less at each edge where it is a whole one.
    let normal = (0..12).map(|_| rng.random_range(0.0..1.0_f32)).sum::<f32>() - 6.0;
    let gain_px = normal * 0.02 * resolution;
    let luma = page.luma_mut();
    if gain_px >= 1.0 {
        spread_ink(luma, width, u8::min);
    } else if gain_px <= -1.0 {
        spread_ink(luma, width, u8::max);
    }
    soften(luma, width);
    if resolution > 26.0 {
        soften(luma, width);
    }
    let strength = rng.random_range(bounds.grain.0..bounds.grain.1) / TONER_SD;
    let toner = toner();
    let from = (rng.random_range(0..TONER_SIDE), rng.random_range(0..TONER_SIDE));
    for (row, pixels) in luma.chunks_exact_mut(width).enumerate() {
        let line = (row + from.1) % TONER_SIDE * TONER_SIDE;
        let line = &toner[line..line + TONER_SIDE];
        // The tile begins anew after its width; nobody sees its seam under the print.
        let (first, rest) = pixels.split_at_mut((TONER_SIDE - from.0).min(width));
        for (piece, start) in
            std::iter::once((first, from.0)).chain(rest.chunks_mut(TONER_SIDE).map(|it| (it, 0)))
        {
            for (pixel, grain) in piece.iter_mut().zip(&line[start..]) {
                let tone = 128.0 + (f32::from(*pixel) - 128.0 + f32::from(*grain) * strength) * CONTRAST;
                *pixel = tone as u8;
            }
        }
    }
    if rng.random_bool(bounds.speck_chance) {
        let count = (width as f32 * height as f32 * SPECKS) as usize;
        for _ in 0..count {
            luma[rng.random_range(0..width * height)] = 255;
        }
    }
    soften(luma, width);
    let ink = rng.random_range(bounds.ink.0..bounds.ink.1);
    for pixel in luma {
        *pixel = (255.0 - ink * (255.0 - f32::from(*pixel)) + 0.5) as u8;
    }
}

/// Side of the tile of uneven toner, and its standard deviation.
const TONER_SIDE: usize = 1024;
const TONER_SD: f32 = 24.0;
/// Pixels between two independent places of it.
const TONER_STEP: usize = 3;

/// Uneven toner, drawn once: normal lots every third pixel and straight between them.
fn toner() -> &'static [i8] {
    static TILE: OnceLock<Vec<i8>> = OnceLock::new();
    TILE.get_or_init(|| {
        let side = TONER_SIDE / TONER_STEP + 2;
        let mut rng = ChaCha8Rng::seed_from_u64(0x7031);
        let lots: Vec<f32> = (0..side * side)
            .map(|_| ((0..12).map(|_| rng.random_range(0.0..1.0_f32)).sum::<f32>() - 6.0) * TONER_SD)
            .collect();
        let mut tile = Vec::with_capacity(TONER_SIDE * TONER_SIDE);
        for y in 0..TONER_SIDE {
            for x in 0..TONER_SIDE {
                let (column, row) = (x / TONER_STEP, y / TONER_STEP);
                let right = (x % TONER_STEP) as f32 / TONER_STEP as f32;
                let down = (y % TONER_STEP) as f32 / TONER_STEP as f32;
                let at = |row: usize, column: usize| lots[row * side + column];
                let above = at(row, column) * (1.0 - right) + at(row, column + 1) * right;
                let below = at(row + 1, column) * (1.0 - right) + at(row + 1, column + 1) * right;
                tile.push((above * (1.0 - down) + below * down) as i8);
            }
        }
        tile
    })
}

/// Takes the darker or lighter of each pixel and its four neighbours.
fn spread_ink(luma: &mut [u8], width: usize, pick: fn(u8, u8) -> u8) {
    let before = luma.to_vec();
    let height = luma.len() / width;
    for y in 0..height {
        let row = |y: usize| &before[y * width..(y + 1) * width];
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(height - 1)));
        let out = &mut luma[y * width..(y + 1) * width];
        for x in 1..width.saturating_sub(1) {
            out[x] = pick(pick(here[x - 1], here[x + 1]), pick(pick(above[x], below[x]), here[x]));
        }
    }
}

/// A 1-2-1 kernel both ways: a spread of 0.7 pixels.
fn soften(luma: &mut [u8], width: usize) {
    let height = luma.len() / width;
    let across = |row: &[u8], sums: &mut [u16]| {
        let end = width - 1;
        sums[0] = 3 * u16::from(row[0]) + u16::from(row[1.min(end)]);
        sums[end] = 3 * u16::from(row[end]) + u16::from(row[end.saturating_sub(1)]);
        for (sum, three) in sums[1..].iter_mut().zip(row.windows(3)) {
            *sum = u16::from(three[0]) + 2 * u16::from(three[1]) + u16::from(three[2]);
        }
    };
    let (mut above, mut here, mut below) = (vec![0; width], vec![0; width], vec![0; width]);
    across(&luma[..width], &mut here);
    above.copy_from_slice(&here);
    for y in 0..height {
        let next = (y + 1).min(height - 1) * width;
        if y + 1 < height {
            across(&luma[next..next + width], &mut below);
        } else {
            below.copy_from_slice(&here);
        }
        let out = &mut luma[y * width..(y + 1) * width];
        for (((pixel, a), b), c) in out.iter_mut().zip(&above).zip(&here).zip(&below) {
            *pixel = ((a + 2 * b + c + 8) >> 4) as u8;
        }
        std::mem::swap(&mut above, &mut here);
        std::mem::swap(&mut here, &mut below);
    }
}
