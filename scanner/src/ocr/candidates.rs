//! Where in the frame a line of 18 digits could lie, likeliest first.
//!
//! Must not: read a digit.

use super::{
    axes, blobs,
    extent::{self, Extent},
    place::Place,
    reduced::Reduced,
    strokes,
};
use crate::frame::Pixels;

/// Places that are handed on to be read.
const MOST_PLACES: usize = 5;

/// Everything found.
pub(super) fn extents(picture: &Reduced) -> Vec<Extent> {
    let labelled = blobs::label(picture);
    let mut found: Vec<Extent> = Vec::new();
    let plain = labelled.digit_like();
    let axes = axes::find(&plain);
    for axis in &axes {
        found.extend(extent::find(picture, axis));
    }
    if let Some(clean) = strokes::removed(picture, &labelled) {
        let both: Vec<_> = blobs::label(&clean).digit_like();
        for axis in &axes::find(&both) {
            for extent in extent::find(&clean, axis) {
                if !found.iter().any(|known| known.is_like(&extent)) {
                    found.push(extent);
                }
            }
        }
    }
    found
}

/// The likeliest places, likeliest first.
pub(super) fn find(pixels: Pixels<'_>) -> Vec<Place> {
    let picture = Reduced::of(pixels);
    let mut extents = extents(&picture);
    extents.sort_by(|a, b| b.likeness().total_cmp(&a.likeness()));
    extents.truncate(MOST_PLACES);
    extents.iter().map(|extent| Place::of(extent, picture.factor)).collect()
}
