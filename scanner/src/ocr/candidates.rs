//! Where in the frame a line of 18 digits could lie, likeliest first.
//!
//! Twice: as the picture is, and with fainter print taken for ink and strokes that run through many digits
//! taken away.
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

/// Places that one look hands on to be read.
const MOST_PLACES: usize = 6;

/// A frame that is looked through for places.
pub(super) struct Search {
    picture: Reduced,
    found: Vec<Extent>,
}

impl Search {
    pub(super) fn of(pixels: Pixels<'_>) -> Self {
        Self { picture: Reduced::of(pixels), found: Vec::new() }
    }
    /// The likeliest places of the picture as it is.
    pub(super) fn usual(&mut self) -> Vec<Place> {
        let found = extents(&self.picture, &blobs::label(&self.picture));
        self.handed_on(found)
    }
    /// Those that only a second look shows, with fainter print taken for ink and strokes taken away.
    pub(super) fn faint(&mut self) -> Vec<Place> {
        self.picture.take_faint_ink_too();
        strokes::remove(&mut self.picture);
        let mut found = extents(&self.picture, &blobs::label(&self.picture));
        found.retain(|extent| !self.found.iter().any(|known| known.is_like(extent)));
        self.handed_on(found)
    }
    fn handed_on(&mut self, mut found: Vec<Extent>) -> Vec<Place> {
        found.sort_by(|a, b| b.likeness().total_cmp(&a.likeness()));
        found.truncate(MOST_PLACES);
        let places = found.iter().map(|extent| Place::of(extent, self.picture.factor)).collect();
        self.found.append(&mut found);
        places
    }
}

/// Everything as long as 18 digits, each once.
fn extents(picture: &Reduced, labelled: &blobs::Labelled) -> Vec<Extent> {
    let mut found: Vec<Extent> = Vec::new();
    for axis in axes::find(&labelled.digit_like()) {
        for extent in extent::find(picture, &axis) {
            if !found.iter().any(|known| known.is_like(&extent)) {
                found.push(extent);
            }
        }
    }
    found
}
