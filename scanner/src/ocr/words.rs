//! Short texts of a picture, and which digit each of their characters could be.
//!
//! Characters that stand apart are found as connected ink, set side by side as a line of digits is, and shown to the
//! network. It knows digits alone: what it says of a letter means nothing.
//!
//! Must not: know what a text means.

use super::{
    blobs::{self, Blob},
    decode,
    net::{self, NONE},
    reduced::Reduced,
    strip::{COLUMNS, DIGIT_ROWS, DIGITS, FIRST_CELL, MIDDLE, PITCH, ROWS, Strip},
};
use crate::frame::Pixels;

/// Characters that a text has.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=DIGITS;
/// Neighbours are as high as each other within this ratio …
const ALIKE: f32 = 0.75;
/// … stand as far down within this share of their height …
const LEVEL: f32 = 0.25;
/// … and this share of it apart at most; letters may overlap a little where the print is slanted.
const GAP: std::ops::Range<f32> = -0.15..0.6;
/// Texts that are read of one picture, the highest first.
const MOST_WORDS: usize = 32;
/// Pixels of the strip that belong to a character around its ink.
const RIM: f32 = 1.5;
/// Of a text's lumas, sorted, the place of paper: most of it is bare.
const PAPER_TENTHS: usize = 8;

/// The digits that one character could be: a probability for each.
pub(crate) type Character = [f32; NONE];

/// The texts of a picture, each its characters from left to right; turned by no more than some ten degrees.
pub(crate) fn find(pixels: Pixels<'_>) -> Vec<Vec<Character>> {
    let picture = Reduced::of(pixels);
    let mut chains = chains(blobs::label(&picture).digit_like());
    chains.sort_by(|a, b| b[0].height().total_cmp(&a[0].height()));
    chains.truncate(MOST_WORDS);
    chains.iter().filter_map(|chain| read(chain, picture.factor as f32, pixels)).collect()
}

/// Blobs that stand beside each other as the characters of a text do.
fn chains(mut blobs: Vec<Blob>) -> Vec<Vec<Blob>> {
    blobs.sort_by_key(|blob| blob.left);
    // What follows a blob is the nearest to its right; a blob follows one only.
    let mut next: Vec<Option<usize>> = vec![None; blobs.len()];
    let mut is_led = vec![false; blobs.len()];
    for (at, blob) in blobs.iter().enumerate() {
        let reach = f32::from(blob.right) + GAP.end * blob.height() / ALIKE;
        let beside = blobs[at + 1..].iter().take_while(|other| f32::from(other.left) <= reach);
        let nearest = (at + 1..).zip(beside).find(|(_, other)| are_neighbours(blob, other));
        if let Some((other, _)) = nearest
            && !is_led[other]
        {
            next[at] = Some(other);
            is_led[other] = true;
        }
    }
    let firsts = (0..blobs.len()).filter(|at| !is_led[*at]);
    firsts
        .map(|first| {
            let mut chain = vec![blobs[first]];
            let mut at = first;
            while let Some(following) = next[at] {
                chain.push(blobs[following]);
                at = following;
            }
            chain
        })
        .filter(|chain| LENGTHS.contains(&chain.len()))
        .collect()
}

fn are_neighbours(left: &Blob, right: &Blob) -> bool {
    let (low, high) = (left.height().min(right.height()), left.height().max(right.height()));
    let gap = f32::from(right.left) - f32::from(left.right);
    low >= ALIKE * high
        && (left.center_y() - right.center_y()).abs() <= LEVEL * high
        && GAP.contains(&(gap / high))
}

/// Shows the characters of a text to the network, over and over until a line is full: it judges a strip's contrast by
/// eighteen digits. What it says least surely of a character counts.
fn read(chain: &[Blob], scale: f32, pixels: Pixels<'_>) -> Option<Vec<Character>> {
    let mut heights: Vec<f32> = chain.iter().map(Blob::height).collect();
    heights.sort_by(f32::total_cmp);
    let px = scale * heights[heights.len() / 2] / DIGIT_ROWS;
    let (first, last) = (chain[0], chain[chain.len() - 1]);
    let (dx, dy) = (last.center_x() - first.center_x(), last.center_y() - first.center_y());
    let length = dx.hypot(dy);
    let (cos, sin) = (dx / length, dy / length);
    let mut cells = [[[f32::NAN; PITCH as usize]; ROWS]; DIGITS];
    let mut lumas = Vec::new();
    for (cell, blob) in cells.iter_mut().zip(chain) {
        let reach = (scale * blob.width() / 2.0 / px + RIM).min(PITCH / 2.0);
        for (row, line) in cell.iter_mut().enumerate() {
            for (column, to) in line.iter_mut().enumerate() {
                let (along, down) = (column as f32 + 0.5 - PITCH / 2.0, row as f32 + 0.5 - MIDDLE);
                if along.abs() <= reach {
                    let (x, y) = (along * px, down * px);
                    let (left, top) = (scale * blob.center_x(), scale * blob.center_y());
                    *to = pixels.at(left + x * cos - y * sin, top + x * sin + y * cos);
                    lumas.push(*to);
                }
            }
        }
    }
    lumas.sort_by(f32::total_cmp);
    let paper = *lumas.get(lumas.len() * PAPER_TENTHS / 10)?;
    let mut luma = vec![paper; ROWS * COLUMNS];
    let left = |place: usize| FIRST_CELL as usize + place * PITCH as usize;
    for place in 0..DIGITS {
        for (row, line) in cells[place % chain.len()].iter().enumerate() {
            let to = &mut luma[row * COLUMNS + left(place)..][..line.len()];
            to.iter_mut().zip(line).filter(|(_, own)| !own.is_nan()).for_each(|(to, own)| *to = *own);
        }
    }
    let log_odds = net::log_odds(net::Network::One, Strip::normalised(&luma).ink());
    let mut characters: Vec<Character> = vec![[1.0; NONE]; chain.len()];
    let middles: [f32; DIGITS] = std::array::from_fn(|place| left(place) as f32 + PITCH / 2.0);
    for (place, classes) in decode::at(&log_odds, middles)?.into_iter().enumerate() {
        let character = &mut characters[place % chain.len()];
        character.iter_mut().zip(classes).for_each(|(least, own)| *least = least.min(own));
    }
    Some(characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_side_by_side_is_a_text_and_what_is_higher_or_apart_is_not() {
        let blob = |left: u16, top: u16, bottom: u16| Blob { left, top, right: left + 6, bottom };
        let mut blobs: Vec<Blob> = (0..6).map(|at| blob(100 + 9 * at, 50 + at / 2, 60 + at / 2)).collect();
        blobs.push(blob(154, 40, 80));
        blobs.extend([blob(175, 52, 62), blob(184, 52, 62), blob(193, 52, 62)]);
        let lengths: Vec<usize> = chains(blobs).iter().map(Vec::len).collect();
        assert_eq!(lengths, [6]);
    }
}
