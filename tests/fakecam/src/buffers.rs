//! The memory that camera and program share: one file in memory, mapped here and by the program.
//!
//! Must not: know whose turn a buffer is; `camera` does.

use libc::{c_int, c_long};

use crate::raw::{self, Errno};

/// Buffers of one size, one behind the other.
pub(crate) struct Buffers {
    memory: c_int,
    address: *mut u8,
    count: u32,
    /// Bytes of one buffer, as the program is told.
    length: usize,
}

// SAFETY: the mapping belongs to this value alone on this side; nothing in it depends on a thread.
unsafe impl Send for Buffers {}

/// Buffers begin on pages, because they are mapped one by one.
fn pages(bytes: usize) -> usize {
    bytes.next_multiple_of(4096)
}

impl Buffers {
    pub(crate) fn new(count: u32, length: usize) -> Result<Self, Errno> {
        let bytes = pages(length) * count as usize;
        let memory = raw::memory_file(bytes)?;
        let access = c_long::from(libc::PROT_READ | libc::PROT_WRITE);
        let arguments = [0, bytes as c_long, access, libc::MAP_SHARED.into(), memory.into(), 0];
        // SAFETY: a new mapping where the kernel likes, over a file of that size; it touches no memory in use.
        match unsafe { raw::call(libc::SYS_mmap, arguments) } {
            Ok(address) => Ok(Self { memory, address: address as *mut u8, count, length }),
            Err(errno) => {
                let _ = raw::close(memory);
                Err(errno)
            }
        }
    }

    /// The file in memory, for the program to map.
    pub(crate) fn memory(&self) -> c_int {
        self.memory
    }
    pub(crate) fn count(&self) -> u32 {
        self.count
    }
    pub(crate) fn length(&self) -> usize {
        self.length
    }
    /// Where that buffer begins in the file.
    pub(crate) fn offset(&self, index: u32) -> u64 {
        (pages(self.length) * index as usize) as u64
    }

    /// The bytes of a buffer that is the camera's to fill.
    pub(crate) fn bytes(&mut self, index: u32) -> &mut [u8] {
        assert!(index < self.count, "only buffers that exist are queued");
        // SAFETY: inside the mapping; the program reads a buffer only after it was given back, as with any camera.
        unsafe { std::slice::from_raw_parts_mut(self.address.add(self.offset(index) as usize), self.length) }
    }
}

impl Drop for Buffers {
    fn drop(&mut self) {
        let bytes = pages(self.length) * self.count as usize;
        // SAFETY: this value's own mapping, used by nobody after this.
        let _ = unsafe { raw::call(libc::SYS_munmap, [self.address as c_long, bytes as c_long, 0, 0, 0, 0]) };
        let _ = raw::close(self.memory);
    }
}
