//! What the camera answers to each request: from the program's structure to `camera` and back.
//!
//! Must not: decide anything.

use std::sync::Arc;

use libc::{c_int, c_ulong, c_void};

use crate::{
    camera::Camera,
    device::Offer,
    picture::Size,
    raw::Errno,
    socket::NAME,
    v4l2::{self, Buffer, PixFormat, StreamParameters},
};

const WRONG: Errno = Errno(libc::EINVAL);
/// 6.1.0.
const KERNEL: u32 = 0x0006_0100;

/// Answers a request on one of the camera's descriptors.
///
/// # Safety
/// `argument` must point to the structure that the request's number names, as for the kernel.
pub(crate) unsafe fn answer(
    camera: &Arc<Camera>,
    opener: c_int,
    request: c_ulong,
    argument: *mut c_void,
) -> Result<(), Errno> {
    if argument.is_null() {
        return Err(Errno(libc::EFAULT));
    }
    // SAFETY: each type is the one whose size and number are in the request, and the caller vouches for it.
    unsafe {
        match request {
            v4l2::QUERYCAP => capability(camera, &mut *argument.cast()),
            v4l2::ENUM_FMT => format_description(camera, &mut *argument.cast()),
            v4l2::G_FMT | v4l2::S_FMT | v4l2::TRY_FMT => {
                format(camera, opener, request, &mut *argument.cast())
            }
            v4l2::G_PARM | v4l2::S_PARM => rate(camera, opener, request, &mut *argument.cast()),
            v4l2::ENUM_FRAMESIZES => frame_size(camera, &mut *argument.cast()),
            v4l2::ENUM_FRAMEINTERVALS => frame_interval(camera, &mut *argument.cast()),
            v4l2::REQBUFS => request_buffers(camera, opener, &mut *argument.cast()),
            v4l2::QUERYBUF | v4l2::QBUF => buffer(camera, opener, request, &mut *argument.cast()),
            v4l2::DQBUF => dequeue(camera, opener, &mut *argument.cast()),
            v4l2::STREAMON => captures(*argument.cast()).and_then(|()| camera.start(opener)),
            v4l2::STREAMOFF => captures(*argument.cast()).and_then(|()| camera.stop(opener)),
            _ => Err(Errno(libc::ENOTTY)),
        }
    }
}

fn captures(kind: u32) -> Result<(), Errno> {
    if kind == v4l2::CAPTURE { Ok(()) } else { Err(WRONG) }
}

fn put(place: &mut [u8], text: &str) {
    place.fill(0);
    place[..text.len()].copy_from_slice(text.as_bytes());
}

fn capability(camera: &Camera, asked: &mut v4l2::Capability) -> Result<(), Errno> {
    camera.set_to()?;
    put(&mut asked.driver, "fakecam");
    put(&mut asked.card, NAME);
    put(&mut asked.bus, "platform:fakecam");
    asked.version = KERNEL;
    asked.device_capabilities = v4l2::CAPTURES_AND_STREAMS;
    asked.capabilities = v4l2::CAPTURES_AND_STREAMS | v4l2::HAS_DEVICE_CAPABILITIES;
    asked.reserved = [0; 3];
    Ok(())
}

fn format_description(camera: &Camera, asked: &mut v4l2::FormatDescription) -> Result<(), Errno> {
    captures(asked.kind)?;
    let mut forms: Vec<_> = camera.offers()?.iter().map(|offer| offer.form).collect();
    forms.dedup();
    let form = forms.get(asked.index as usize).ok_or(WRONG)?;
    asked.pixel_format = form.code();
    asked.flags = if form.bytes_per_line(Size { width: 2, height: 2 }) == 0 { v4l2::COMPRESSED } else { 0 };
    put(&mut asked.description, form.letters());
    asked.reserved = [0; 4];
    Ok(())
}

fn pix(offer: Offer) -> PixFormat {
    PixFormat {
        width: offer.size.width,
        height: offer.size.height,
        pixel_format: offer.form.code(),
        field: v4l2::PROGRESSIVE,
        bytes_per_line: offer.form.bytes_per_line(offer.size),
        size_image: offer.form.buffer_bytes(offer.size) as u32,
        colorspace: v4l2::SRGB,
        rest: [0; 5],
    }
}

fn format(camera: &Camera, opener: c_int, request: c_ulong, asked: &mut v4l2::Format) -> Result<(), Errno> {
    captures(asked.kind)?;
    let size = Size { width: asked.pix.width, height: asked.pix.height };
    let offer = match request {
        v4l2::G_FMT => camera.set_to(),
        v4l2::TRY_FMT => camera.nearest(asked.pix.pixel_format, size),
        _ => camera.set_format(opener, asked.pix.pixel_format, size),
    }?;
    asked.pix = pix(offer);
    Ok(())
}

fn rate(camera: &Camera, opener: c_int, request: c_ulong, asked: &mut StreamParameters) -> Result<(), Errno> {
    captures(asked.kind)?;
    let offer = match asked.denominator.checked_div(asked.numerator) {
        Some(fps) if request == v4l2::S_PARM => camera.set_rate(opener, fps),
        _ => camera.set_to(),
    }?;
    asked.capability = v4l2::SETS_FRAME_RATE;
    (asked.numerator, asked.denominator) = (1, offer.fps);
    asked.mode = 0;
    asked.rest = [0; 46];
    Ok(())
}

fn frame_size(camera: &Camera, asked: &mut v4l2::FrameSize) -> Result<(), Errno> {
    let of_form = camera.offers()?.iter().filter(|offer| offer.form.code() == asked.pixel_format);
    let mut sizes: Vec<Size> = of_form.map(|offer| offer.size).collect();
    sizes.dedup();
    let size = sizes.get(asked.index as usize).ok_or(WRONG)?;
    (asked.kind, asked.width, asked.height) = (v4l2::DISCRETE, size.width, size.height);
    asked.rest = [0; 6];
    Ok(())
}

fn frame_interval(camera: &Camera, asked: &mut v4l2::FrameInterval) -> Result<(), Errno> {
    let size = Size { width: asked.width, height: asked.height };
    let fits = |offer: &&Offer| offer.form.code() == asked.pixel_format && offer.size == size;
    let fps = camera.offers()?.iter().filter(fits).nth(asked.index as usize).ok_or(WRONG)?.fps;
    (asked.kind, asked.numerator, asked.denominator) = (v4l2::DISCRETE, 1, fps);
    asked.rest = [0; 6];
    Ok(())
}

fn request_buffers(camera: &Camera, opener: c_int, asked: &mut v4l2::RequestBuffers) -> Result<(), Errno> {
    captures(asked.kind)?;
    if asked.memory != v4l2::MAPPED {
        return Err(WRONG);
    }
    asked.count = camera.request_buffers(opener, asked.count)?;
    (asked.capabilities, asked.flags) = (1, 0);
    Ok(())
}

fn buffer(camera: &Camera, opener: c_int, request: c_ulong, asked: &mut Buffer) -> Result<(), Errno> {
    captures(asked.kind)?;
    let (length, offset) = match request {
        v4l2::QBUF => camera.queue(opener, asked.index),
        _ => camera.buffer(opener, asked.index),
    }?;
    (asked.length, asked.offset, asked.memory, asked.flags) = (length, offset, v4l2::MAPPED, 0);
    Ok(())
}

fn dequeue(camera: &Camera, opener: c_int, asked: &mut Buffer) -> Result<(), Errno> {
    captures(asked.kind)?;
    let filled = camera.dequeue(opener)?;
    let (length, offset) = camera.buffer(opener, filled.index)?;
    asked.index = filled.index;
    asked.bytes_used = filled.bytes_used;
    asked.flags = v4l2::MONOTONIC_STAMP;
    asked.field = v4l2::PROGRESSIVE;
    asked.timestamp.tv_sec = (filled.stamp_ns / 1_000_000_000) as i64;
    asked.timestamp.tv_usec = (filled.stamp_ns / 1_000 % 1_000_000) as i64;
    asked.sequence = filled.sequence;
    (asked.length, asked.offset, asked.memory) = (length, offset, v4l2::MAPPED);
    Ok(())
}
