//! Few colours for many pixels: screens are flat, so that 256 colours show them as they are.
//!
//! Must not: dither; dots do not pack.

use image::RgbImage;

/// Colours beyond these are shown by the nearest.
const MOST: usize = 256;
/// Five bits of each channel: colours that lie closer together count as one.
const COARSE: usize = 1 << 15;

/// The colours of some pictures.
pub(super) struct Palette {
    colours: Vec<[u8; 3]>,
    /// Of each coarse colour, the one that shows it.
    nearest: Vec<u8>,
}

/// The pixels of one coarse colour.
#[derive(Clone, Copy, Default)]
struct Used {
    place: usize,
    count: u64,
    sum: [u64; 3],
}

impl Used {
    fn mean(&self) -> [u8; 3] {
        self.sum.map(|sum| ((sum + self.count / 2) / self.count.max(1)) as u8)
    }
}

fn coarse(colour: [u8; 3]) -> usize {
    colour.into_iter().fold(0, |place, channel| place << 5 | usize::from(channel >> 3))
}

impl Palette {
    /// The colours that these pictures use most.
    pub(super) fn of(pictures: &[RgbImage]) -> Self {
        let mut used = vec![Used::default(); COARSE];
        for pixel in pictures.iter().flat_map(|picture| picture.as_raw().chunks_exact(3)) {
            let [red, green, blue] = [pixel[0], pixel[1], pixel[2]];
            let one = &mut used[coarse([red, green, blue])];
            one.count += 1;
            one.sum[0] += u64::from(red);
            one.sum[1] += u64::from(green);
            one.sum[2] += u64::from(blue);
        }
        used.iter_mut().enumerate().for_each(|(place, one)| one.place = place);
        used.retain(|one| one.count > 0);
        used.sort_by_key(|one| (std::cmp::Reverse(one.count), one.place));
        let colours: Vec<[u8; 3]> = used.iter().take(MOST).map(Used::mean).collect();
        let mut nearest = vec![0; COARSE];
        for one in &used {
            let mean = one.mean().map(i32::from);
            let distance = |colour: &[u8; 3]| -> i32 {
                colour.iter().zip(mean).map(|(channel, own)| (i32::from(*channel) - own).pow(2)).sum()
            };
            let best = colours.iter().enumerate().min_by_key(|(_, colour)| distance(colour));
            nearest[one.place] = best.map_or(0, |(index, _)| index as u8);
        }
        Self { colours, nearest }
    }

    /// Red, green and blue of each colour.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.colours.concat()
    }

    /// Each pixel's colour, by its place.
    pub(super) fn indices(&self, picture: &RgbImage) -> Vec<u8> {
        let pixels = picture.as_raw().chunks_exact(3);
        pixels.map(|pixel| self.nearest[coarse([pixel[0], pixel[1], pixel[2]])]).collect()
    }
}
