//! A V4L2 capture device in user space.
//!
//! The library defines `open`, `open64`, `ioctl`, `syscall`, `mmap`, `mmap64`, `close` and `readdir64`, so it takes
//! the place of libc's where it is linked in or named in `LD_PRELOAD`. A test says [`plug`]; a program that is
//! preloaded gets the camera that the environment describes (see [`preload`]). No root, no kernel module, no device.
//!
//! One camera at a time, as `/dev/video63`: behind whatever cameras the machine itself has, so that a test that
//! asks for that number can never film its developer. Descriptors that are not this camera's go straight to the
//! kernel.
//!
//! Must not: be linked into a program that is shipped, or into a test that has no use for it.

mod buffers;
mod camera;
mod device;
mod hooks;
mod ioctl;
mod picture;
pub mod preload;
mod raw;
pub mod reel;
mod socket;
mod v4l2;

pub use device::{Device, Mode, Offer, Scene};
pub use picture::{Picture, PixelFormat, Size};
pub use raw::monotonic_ns;
pub use socket::{INDEX, NAME, Plugged, plug};
