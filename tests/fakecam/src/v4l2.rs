//! The structures of `linux/videodev2.h` as far as a capture device with mapped buffers needs them, on 64-bit
//! Linux, and the numbers of the requests that carry them. A request's number holds its structure's size, so the
//! assertions at the end compare both with the header's values.
//!
//! Must not: do anything.

use libc::{c_ulong, timeval};

/// `V4L2_BUF_TYPE_VIDEO_CAPTURE`.
pub(crate) const CAPTURE: u32 = 1;
/// `V4L2_MEMORY_MMAP`.
pub(crate) const MAPPED: u32 = 1;
/// `V4L2_FIELD_NONE`.
pub(crate) const PROGRESSIVE: u32 = 1;
/// `V4L2_COLORSPACE_SRGB`.
pub(crate) const SRGB: u32 = 8;
/// `V4L2_FMT_FLAG_COMPRESSED`.
pub(crate) const COMPRESSED: u32 = 1;
/// `V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING`.
pub(crate) const CAPTURES_AND_STREAMS: u32 = 0x0400_0001;
/// `V4L2_CAP_DEVICE_CAPS`.
pub(crate) const HAS_DEVICE_CAPABILITIES: u32 = 0x8000_0000;
/// `V4L2_CAP_TIMEPERFRAME`.
pub(crate) const SETS_FRAME_RATE: u32 = 0x1000;
/// `V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC`.
pub(crate) const MONOTONIC_STAMP: u32 = 0x2000;
/// `V4L2_FRMSIZE_TYPE_DISCRETE` and `V4L2_FRMIVAL_TYPE_DISCRETE`.
pub(crate) const DISCRETE: u32 = 1;

#[repr(C)]
pub(crate) struct Capability {
    pub(crate) driver: [u8; 16],
    pub(crate) card: [u8; 32],
    pub(crate) bus: [u8; 32],
    pub(crate) version: u32,
    pub(crate) capabilities: u32,
    pub(crate) device_capabilities: u32,
    pub(crate) reserved: [u32; 3],
}

#[repr(C)]
pub(crate) struct FormatDescription {
    pub(crate) index: u32,
    pub(crate) kind: u32,
    pub(crate) flags: u32,
    pub(crate) description: [u8; 32],
    pub(crate) pixel_format: u32,
    pub(crate) reserved: [u32; 4],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct PixFormat {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixel_format: u32,
    pub(crate) field: u32,
    pub(crate) bytes_per_line: u32,
    pub(crate) size_image: u32,
    pub(crate) colorspace: u32,
    pub(crate) rest: [u32; 5],
}

#[repr(C)]
pub(crate) struct Format {
    pub(crate) kind: u32,
    pub(crate) padding: u32,
    pub(crate) pix: PixFormat,
    pub(crate) rest: [u8; 152],
}

#[repr(C)]
pub(crate) struct RequestBuffers {
    pub(crate) count: u32,
    pub(crate) kind: u32,
    pub(crate) memory: u32,
    pub(crate) capabilities: u32,
    pub(crate) flags: u32,
}

#[repr(C)]
pub(crate) struct Buffer {
    pub(crate) index: u32,
    pub(crate) kind: u32,
    pub(crate) bytes_used: u32,
    pub(crate) flags: u32,
    pub(crate) field: u32,
    pub(crate) padding: u32,
    pub(crate) timestamp: timeval,
    pub(crate) timecode: [u32; 4],
    pub(crate) sequence: u32,
    pub(crate) memory: u32,
    pub(crate) offset: u64,
    pub(crate) length: u32,
    pub(crate) rest: [u32; 3],
}

#[repr(C)]
pub(crate) struct StreamParameters {
    pub(crate) kind: u32,
    pub(crate) capability: u32,
    pub(crate) mode: u32,
    pub(crate) numerator: u32,
    pub(crate) denominator: u32,
    pub(crate) rest: [u32; 46],
}

#[repr(C)]
pub(crate) struct FrameSize {
    pub(crate) index: u32,
    pub(crate) pixel_format: u32,
    pub(crate) kind: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rest: [u32; 6],
}

#[repr(C)]
pub(crate) struct FrameInterval {
    pub(crate) index: u32,
    pub(crate) pixel_format: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) kind: u32,
    pub(crate) numerator: u32,
    pub(crate) denominator: u32,
    pub(crate) rest: [u32; 6],
}

const fn request<T>(direction: c_ulong, number: c_ulong) -> c_ulong {
    direction << 30 | (size_of::<T>() as c_ulong) << 16 | (b'V' as c_ulong) << 8 | number
}
const IN: c_ulong = 1;
const OUT: c_ulong = 2;

pub(crate) const QUERYCAP: c_ulong = request::<Capability>(OUT, 0);
pub(crate) const ENUM_FMT: c_ulong = request::<FormatDescription>(IN | OUT, 2);
pub(crate) const G_FMT: c_ulong = request::<Format>(IN | OUT, 4);
pub(crate) const S_FMT: c_ulong = request::<Format>(IN | OUT, 5);
pub(crate) const REQBUFS: c_ulong = request::<RequestBuffers>(IN | OUT, 8);
pub(crate) const QUERYBUF: c_ulong = request::<Buffer>(IN | OUT, 9);
pub(crate) const QBUF: c_ulong = request::<Buffer>(IN | OUT, 15);
pub(crate) const DQBUF: c_ulong = request::<Buffer>(IN | OUT, 17);
pub(crate) const STREAMON: c_ulong = request::<u32>(IN, 18);
pub(crate) const STREAMOFF: c_ulong = request::<u32>(IN, 19);
pub(crate) const G_PARM: c_ulong = request::<StreamParameters>(IN | OUT, 21);
pub(crate) const S_PARM: c_ulong = request::<StreamParameters>(IN | OUT, 22);
pub(crate) const TRY_FMT: c_ulong = request::<Format>(IN | OUT, 64);
pub(crate) const ENUM_FRAMESIZES: c_ulong = request::<FrameSize>(IN | OUT, 74);
pub(crate) const ENUM_FRAMEINTERVALS: c_ulong = request::<FrameInterval>(IN | OUT, 75);

// As `gcc` gives them for the header on x86-64 and AArch64.
const _: () = {
    assert!(
        QUERYCAP == 0x8068_5600 && ENUM_FMT == 0xc040_5602 && G_FMT == 0xc0d0_5604 && S_FMT == 0xc0d0_5605
    );
    assert!(REQBUFS == 0xc014_5608 && QUERYBUF == 0xc058_5609 && QBUF == 0xc058_560f && DQBUF == 0xc058_5611);
    assert!(STREAMON == 0x4004_5612 && STREAMOFF == 0x4004_5613 && TRY_FMT == 0xc0d0_5640);
    assert!(G_PARM == 0xc0cc_5615 && S_PARM == 0xc0cc_5616);
    assert!(ENUM_FRAMESIZES == 0xc02c_564a && ENUM_FRAMEINTERVALS == 0xc034_564b);
};
