//! A real camera through nokhwa. Everything here runs on the capture thread, which may hang in `frame`; `watch`
//! knows how to live with that.
//!
//! Must not: decode to RGB, or be called from any other thread.

use nokhwa::{
    Camera as NokhwaCamera, NokhwaError,
    utils::{ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType},
};

use super::{CameraState, Exposure, luma::PixelForm};
use crate::platform::monotonic_ms;

/// The size the reader is made for.
const WIDTH_PX: u32 = 1280;
const HEIGHT_PX: u32 = 720;
/// Below this the preview stutters.
const GOOD_FPS: u32 = 25;

/// An open camera with its stream running.
pub(crate) struct Device {
    camera: NokhwaCamera,
    form: PixelForm,
    width: u32,
    height: u32,
}

fn form(format: FrameFormat) -> Option<PixelForm> {
    match format {
        FrameFormat::YUYV => Some(PixelForm::Yuyv),
        FrameFormat::NV12 => Some(PixelForm::Nv12),
        FrameFormat::GRAY => Some(PixelForm::Grey),
        FrameFormat::MJPEG => Some(PixelForm::Mjpeg),
        FrameFormat::RAWRGB | FrameFormat::RAWBGR => None,
    }
}

/// How well a format fits; less is better: enough frames first, then the size, then what is cheap to unpack.
fn misfit(format: &CameraFormat) -> (bool, u32, u8) {
    let pixels = format.width() * format.height();
    let cost = match format.format() {
        FrameFormat::NV12 | FrameFormat::GRAY => 0,
        FrameFormat::YUYV => 1,
        _ => 2,
    };
    (format.frame_rate() < GOOD_FPS, pixels.abs_diff(WIDTH_PX * HEIGHT_PX), cost)
}

impl Device {
    /// Opens the camera with that number, or the first that gives pictures.
    pub(crate) fn open(index: Option<u32>) -> Result<Self, CameraState> {
        let found = nokhwa::query(ApiBackend::Video4Linux).map_err(|_| CameraState::Missing)?;
        let mut numbers: Vec<u32> =
            found.iter().filter_map(|camera| camera.index().as_index().ok()).collect();
        numbers.sort_unstable();
        numbers.retain(|number| index.is_none_or(|index| *number == index));
        let mut why = CameraState::Missing;
        for number in numbers {
            match Self::open_one(CameraIndex::Index(number)) {
                Ok(device) => return Ok(device),
                Err(state) => why = more_telling(why, state),
            }
        }
        Err(why)
    }

    fn open_one(index: CameraIndex) -> Result<Self, CameraState> {
        const FORMS: [FrameFormat; 4] =
            [FrameFormat::YUYV, FrameFormat::NV12, FrameFormat::GRAY, FrameFormat::MJPEG];
        // Whichever it lists first: the best of all is chosen below, and one without any is refused here.
        let any = RequestedFormat::with_formats(RequestedFormatType::None, &FORMS);
        let mut camera = NokhwaCamera::new(index, any).map_err(|error| sort(&error))?;
        let formats = camera.compatible_camera_formats().map_err(|error| sort(&error))?;
        let best = formats
            .into_iter()
            .filter(|format| form(format.format()).is_some())
            .min_by_key(misfit)
            .ok_or(CameraState::Unusable)?;
        // The size can only be set while the stream is closed.
        let exact = [best.format()];
        let request = RequestedFormat::with_formats(RequestedFormatType::Exact(best), &exact);
        camera.set_camera_requset(request).map_err(|error| sort(&error))?;
        camera.open_stream().map_err(|error| sort(&error))?;
        let (width, height) = (camera.resolution().width(), camera.resolution().height());
        let form = form(camera.frame_format()).ok_or(CameraState::Unusable)?;
        Ok(Self { camera, form, width, height })
    }

    /// The next picture. Waits for it, for ever if the camera stalls. One that is damaged on the way is none, so
    /// that whoever waits for a sound one can give up in between.
    pub(super) fn look(&mut self) -> Result<Option<Exposure>, CameraState> {
        let raw = self.camera.frame_raw().map_err(|error| sort(&error))?;
        let taken_ms = monotonic_ms();
        let (width, height) = (self.width, self.height);
        let luma = super::luma::luma(self.form, &raw, width, height).ok();
        Ok(luma.map(|luma| Exposure { width, height, luma, taken_ms }))
    }
}

/// Of two reasons why there are no pictures the one to say. Most cameras bring a second device beside their own, for
/// what they tell about their pictures, and that one is always of no use: it must not hide that the first is taken.
fn more_telling(one: CameraState, other: CameraState) -> CameraState {
    let rank = |state| match state {
        CameraState::Busy => 2,
        CameraState::Unusable => 1,
        _ => 0,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// nokhwa tells causes apart by text only; what matters is whether another program has the camera (EBUSY), and
/// whether it was unplugged while it was asked (ENODEV).
fn sort(error: &NokhwaError) -> CameraState {
    let text = error.to_string();
    if text.contains("os error 16") {
        return CameraState::Busy;
    }
    if text.contains("os error 19") {
        return CameraState::Missing;
    }
    match error {
        NokhwaError::GetPropertyError { .. } | NokhwaError::SetPropertyError { .. } => CameraState::Unusable,
        _ => CameraState::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_that_is_taken_is_said_to_be_so_though_its_second_device_is_of_no_use() {
        use CameraState::{Busy, Missing, Unusable};
        let said = |found: &[CameraState]| found.iter().copied().fold(Missing, more_telling);
        assert_eq!(said(&[]), Missing);
        assert_eq!(said(&[Busy, Unusable]), Busy);
        assert_eq!(said(&[Unusable, Busy]), Busy);
        assert_eq!(said(&[Missing, Unusable]), Unusable);
    }
}
