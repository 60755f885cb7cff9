//! 接種券 lying still under the camera of a stand, as towns printed them and as stands, lamps and cameras were:
//! what a reader is judged by in large numbers.
//!
//! Beside [`crate::Film`], which shows a whole bundle passing for demonstrations, this is quick (a paper is drawn
//! once, its frames are taken from it) and varied: layout, typeface, print, curl, tilt, light, lens and sensor are
//! drawn by lot within the bounds of a level.
//!
//! Must not: know what reads it; draw randomness from anywhere but a seed.

mod blur;
mod disturbance;
mod exposure;
mod form;
mod jpeg;
mod light;
mod pose;
mod print;
mod projection;
mod range;
mod slip;
mod take;

pub use disturbance::Disturbance;
pub use slip::Slip;
pub use take::Take;
