//! The mark on a picture: a ring around what is meant and the dot of a fingertip on it.
//!
//! Must not: cover the words it points at.

use image::{Rgba, RgbaImage};

use crate::screen::Place;

const COLOUR: [u8; 3] = [0xe8, 0x59, 0x0c];
const HALO: [u8; 3] = [0xff, 0xff, 0xff];
/// Half the width of the ring and of the light line around it, in pixels.
const RING_PX: f32 = 3.5;
const HALO_PX: f32 = 6.0;
/// How far the ring lies outside of what it marks, and how round its corners are.
const OUTSIDE_PX: f32 = 5.0;
const CORNER_PX: f32 = 14.0;
const FINGER_PX: f32 = 20.0;

/// Draws the ring; with the dot where a finger taps.
pub(super) fn draw(picture: &mut RgbaImage, place: Place, tapped: bool) {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let inside = HALO_PX + 1.0;
    let left = (place.x - OUTSIDE_PX).max(inside);
    let top = (place.y - OUTSIDE_PX).max(inside);
    let right = (place.x + place.width + OUTSIDE_PX).min(width - inside);
    let bottom = (place.y + place.height + OUTSIDE_PX).min(height - inside);
    let (middle_x, middle_y) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let (half_x, half_y) = ((right - left) / 2.0, (bottom - top) / 2.0);
    // The fingertip at the lower edge, right of the words.
    let finger = (middle_x + (half_x * 0.55).min(150.0), (bottom - 8.0).min(height - FINGER_PX - 6.0));
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
        let across = ((px - middle_x).abs() - half_x + CORNER_PX).max(0.0);
        let down = ((py - middle_y).abs() - half_y + CORNER_PX).max(0.0);
        let beyond =
            ((px - middle_x).abs() - half_x + CORNER_PX).max((py - middle_y).abs() - half_y + CORNER_PX);
        let from_ring = (across.hypot(down) + beyond.min(0.0) - CORNER_PX).abs();
        blend(pixel, HALO, (HALO_PX - from_ring).clamp(0.0, 1.0) * 0.9);
        blend(pixel, COLOUR, (RING_PX - from_ring).clamp(0.0, 1.0));
        if tapped {
            let from_finger = (px - finger.0).hypot(py - finger.1);
            blend(pixel, HALO, (FINGER_PX + 4.0 - from_finger).clamp(0.0, 1.0));
            blend(pixel, COLOUR, (FINGER_PX - from_finger).clamp(0.0, 1.0));
        }
    }
}

fn blend(pixel: &mut Rgba<u8>, colour: [u8; 3], share: f32) {
    if share <= 0.0 {
        return;
    }
    for (channel, over) in pixel.0.iter_mut().zip(colour) {
        *channel = (f32::from(*channel) * (1.0 - share) + f32::from(over) * share).round() as u8;
    }
}
