//! Parsers of the tablet program: what a camera sends, and the small files it keeps.
//!
//! Must not: open a window, a camera or a file.

use app::{
    attempts::Attempts,
    camera::luma::{PixelForm, luma},
    display::Display,
    profile::Profile,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::Became;

/// The longest wait that wrong PINs may lead to.
const LONGEST_WAIT_MS: u64 = 300_000;

/// Form, width and height in a byte each, then what the camera sent.
pub(crate) fn frame(bytes: &[u8]) -> Became {
    let [form, width, height, sent @ ..] = bytes else { return Became::Refused };
    let form = match form % 4 {
        0 => PixelForm::Yuyv,
        1 => PixelForm::Nv12,
        2 => PixelForm::Grey,
        _ => PixelForm::Mjpeg,
    };
    let (width, height) = (u32::from(*width), u32::from(*height));
    // No size a camera may claim is worth a panic.
    assert!(luma(form, sent, u32::MAX, u32::MAX).is_err());
    let Ok(luma) = luma(form, sent, width, height) else { return Became::Refused };
    assert_eq!(luma.len(), (width * height) as usize);
    Became::of(!luma.is_empty())
}

fn kept<T: DeserializeOwned + Serialize + PartialEq>(bytes: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(bytes).ok()?;
    let written = serde_json::to_vec(&value).unwrap_or_default();
    assert!(
        serde_json::from_slice::<T>(&written).is_ok_and(|again| again == value),
        "kept otherwise than it was"
    );
    Some(value)
}

pub(crate) fn files(bytes: &[u8]) -> Became {
    let attempts = kept::<Attempts>(bytes);
    if let Some(attempts) = &attempts {
        assert!(attempts.wait_at_start_ms() <= LONGEST_WAIT_MS, "a file that locks everybody out");
    }
    let profile = kept::<Profile>(bytes);
    if let Some(profile) = &profile {
        assert!(profile.staff.iter().all(|staff| profile.staff_member(&staff.staff_id).is_some()));
    }
    Became::of(attempts.is_some() || profile.is_some() || kept::<Display>(bytes).is_some())
}
