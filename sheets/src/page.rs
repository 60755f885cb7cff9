//! A sheet of paper under the drawing pen: millimetres in, printed luma out.
//!
//! Must not: know what a coupon is.

/// A rectangle on the paper in millimetres, from the top left corner of the A4 page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x_mm: f32,
    /// Top edge.
    pub y_mm: f32,
    /// Width.
    pub width_mm: f32,
    /// Height.
    pub height_mm: f32,
}

impl Area {
    /// From its top left corner and its size.
    #[must_use]
    pub const fn new(x_mm: f32, y_mm: f32, width_mm: f32, height_mm: f32) -> Self {
        Self { x_mm, y_mm, width_mm, height_mm }
    }
}

/// The printed part of a page: one byte a pixel, 255 is bare paper, 0 full ink.
#[derive(Clone)]
pub struct Page {
    origin_mm: (f32, f32),
    px_per_mm: f32,
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

impl Page {
    /// Bare paper covering `area` at `px_per_mm`. Sides are at least one pixel and at most 8192.
    #[must_use]
    pub fn blank(area: Area, px_per_mm: f32) -> Self {
        let side = |mm: f32| ((mm * px_per_mm).ceil().clamp(1.0, 8192.0)) as usize;
        let (width, height) = (side(area.width_mm), side(area.height_mm));
        Self { origin_mm: (area.x_mm, area.y_mm), px_per_mm, width, height, luma: vec![255; width * height] }
    }
    /// Pixels a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }
    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }
    /// The pixels, row after row.
    #[must_use]
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }
    pub(crate) fn luma_mut(&mut self) -> &mut [u8] {
        &mut self.luma
    }
    /// Pixels a millimetre.
    #[must_use]
    pub fn px_per_mm(&self) -> f32 {
        self.px_per_mm
    }
    /// Where a place on the paper lies in this page's pixels.
    #[must_use]
    pub fn to_px(&self, x_mm: f32, y_mm: f32) -> (f32, f32) {
        ((x_mm - self.origin_mm.0) * self.px_per_mm, (y_mm - self.origin_mm.1) * self.px_per_mm)
    }
    /// Lays ink on one pixel: `cover` (0 to 1) of it becomes `tone` (255 paper, 0 black).
    pub fn ink(&mut self, x: i32, y: i32, cover: f32, tone: u8) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x >= self.width || y >= self.height {
            return;
        }
        let pixel = &mut self.luma[y * self.width + x];
        let bare = f32::from(*pixel);
        *pixel = (bare + (f32::from(tone) - bare) * cover.clamp(0.0, 1.0)) as u8;
    }
    /// Fills a rectangle with a tone, its edges anti-aliased.
    pub fn fill(&mut self, area: Area, tone: u8) {
        let (left, top) = self.to_px(area.x_mm, area.y_mm);
        let (right, bottom) = self.to_px(area.x_mm + area.width_mm, area.y_mm + area.height_mm);
        let span = |from: f32, to: f32, most: usize| {
            (from.floor().clamp(0.0, most as f32) as usize, to.ceil().clamp(0.0, most as f32) as usize)
        };
        let (first_column, last_column) = span(left, right, self.width);
        let (first_row, last_row) = span(top, bottom, self.height);
        let share = |pixel: usize, from: f32, to: f32| {
            (to.min(pixel as f32 + 1.0) - from.max(pixel as f32)).clamp(0.0, 1.0)
        };
        for y in first_row..last_row {
            let of_row = share(y, top, bottom);
            for x in first_column..last_column {
                self.ink(x as i32, y as i32, of_row * share(x, left, right), tone);
            }
        }
    }
    /// Draws the outline of a rectangle, the pen's width inside it.
    pub fn outline(&mut self, area: Area, pen_mm: f32, tone: u8) {
        let Area { x_mm, y_mm, width_mm, height_mm } = area;
        self.fill(Area::new(x_mm, y_mm, width_mm, pen_mm), tone);
        self.fill(Area::new(x_mm, y_mm + height_mm - pen_mm, width_mm, pen_mm), tone);
        self.fill(Area::new(x_mm, y_mm, pen_mm, height_mm), tone);
        self.fill(Area::new(x_mm + width_mm - pen_mm, y_mm, pen_mm, height_mm), tone);
    }
    /// Draws a pen's line through the points (millimetres), round at its joints.
    pub fn stroke(&mut self, points_mm: &[(f32, f32)], pen_mm: f32, tone: u8) {
        let radius = pen_mm * self.px_per_mm / 2.0;
        for pair in points_mm.windows(2) {
            let (ax, ay) = self.to_px(pair[0].0, pair[0].1);
            let (bx, by) = self.to_px(pair[1].0, pair[1].1);
            let (dx, dy) = (bx - ax, by - ay);
            let length_squared = (dx * dx + dy * dy).max(1e-6);
            let reach = radius + 1.0;
            for y in (ay.min(by) - reach) as i32..=(ay.max(by) + reach) as i32 {
                for x in (ax.min(bx) - reach) as i32..=(ax.max(bx) + reach) as i32 {
                    let (px, py) = (x as f32 + 0.5 - ax, y as f32 + 0.5 - ay);
                    let along = ((px * dx + py * dy) / length_squared).clamp(0.0, 1.0);
                    let away = (px - along * dx).hypot(py - along * dy);
                    self.ink(x, y, radius + 0.5 - away, tone);
                }
            }
        }
    }
    /// Softens the print by a 1-2-1 kernel both ways, as ink spreads into paper.
    #[must_use]
    pub fn softened(mut self) -> Self {
        let width = self.width;
        let sum = |a: u8, b: u8, c: u8| ((u16::from(a) + 2 * u16::from(b) + u16::from(c) + 2) / 4) as u8;
        let mut above = self.luma[..width].to_vec();
        let mut current = above.clone();
        for y in 0..self.height {
            current.copy_from_slice(&self.luma[y * width..(y + 1) * width]);
            let below_start = (y + 1).min(self.height - 1) * width;
            for x in 0..width {
                let below = if y + 1 < self.height { self.luma[below_start + x] } else { current[x] };
                self.luma[y * width + x] = sum(above[x], current[x], below);
            }
            above.copy_from_slice(&current);
        }
        for row in self.luma.chunks_exact_mut(width) {
            let mut left = row[0];
            for x in 0..width {
                let here = row[x];
                let right = if x + 1 < width { row[x + 1] } else { here };
                row[x] = sum(left, here, right);
                left = here;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_lands_where_its_millimetres_say() {
        let mut page = Page::blank(Area::new(10.0, 20.0, 10.0, 5.0), 10.0);
        page.fill(Area::new(12.0, 21.05, 1.0, 1.0), 0);
        let at = |x: usize, y: usize| page.luma()[y * page.width() + x];
        assert_eq!((page.width(), page.height()), (100, 50));
        assert_eq!((at(19, 15), at(20, 15), at(29, 15), at(30, 15)), (255, 0, 0, 255));
        assert!((120..=135).contains(&at(25, 10)), "half of the top row is covered: {}", at(25, 10));
        assert_eq!((at(25, 9), at(25, 11)), (255, 0));
    }

    #[test]
    fn what_lies_outside_the_page_leaves_it_alone() {
        let mut page = Page::blank(Area::new(0.0, 0.0, 2.0, 2.0), 10.0);
        page.fill(Area::new(-5.0, -5.0, 3.0, 3.0), 0);
        page.fill(Area::new(5.0, 5.0, 1e9, 1e9), 0);
        page.stroke(&[(-9.0, -9.0), (-3.0, -3.0)], 0.5, 0);
        assert!(page.luma().iter().all(|pixel| *pixel == 255));
    }

    #[test]
    fn softening_keeps_bare_paper_and_the_weight_of_ink() {
        let mut page = Page::blank(Area::new(0.0, 0.0, 4.0, 4.0), 10.0);
        page.fill(Area::new(1.5, 1.5, 1.0, 1.0), 0);
        let weight = |page: &Page| page.luma().iter().map(|pixel| u64::from(255 - pixel)).sum::<u64>();
        let before = weight(&page);
        let after = page.softened();
        assert!(weight(&after).abs_diff(before) < before / 50);
        assert_eq!(after.luma()[0], 255);
    }
}
