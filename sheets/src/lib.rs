//! 見本の予診票: sample questionnaires with their coupons, and how a camera on a stand would see them.
//!
//! A [`Sheet`] says what is printed, a [`Plate`] is the paper drawn in millimetres, a [`Film`] is sheets
//! passing under a camera. Every person and number is invented; the paper says 見本.
//!
//! Must not: read or write anything; draw randomness from anywhere but a seed; be read back by the reader
//! it is made for (the truth is for whoever judges).

pub mod coupon;
pub mod demo;
pub mod film;
pub mod lens;
pub mod lettering;
pub mod level;
pub mod nw7;
pub mod page;
pub mod passing;
pub mod qr;
pub mod questionnaire;
pub mod sensor;
pub mod sheet;
pub mod stand;

pub use demo::{DemoDay, SheetSet};
pub use film::{Film, FilmStyle};
pub use lens::{FrameSize, View};
pub use level::{Level, NoSuchLevel};
pub use passing::Phase;
pub use questionnaire::Plate;
pub use sensor::Conditions;
pub use sheet::{Flaw, LineDigits, Nw7Content, QrContent, Sheet};
