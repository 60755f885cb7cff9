//! Linux tablets and developers' machines.
//!
//! Must not: guess a key store: Linux has none that every machine has. A secret that the machine unseals at start
//! (a TPM through systemd's credentials, for one) is given as a file by `VRS_DEVICE_SECRET_FILE`.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use rustix::time::{ClockId, clock_gettime};
use seal::vault::DeviceSecret;

/// Where this program keeps its files unless told otherwise.
#[must_use]
pub fn data_folder() -> PathBuf {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(home).unwrap_or_default().join("vrs-tablet")
}

/// Where a bundle may lie: the download folder, and every stick that is mounted.
#[must_use]
pub fn bundle_places() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    places.extend(env::var_os("HOME").map(|home| PathBuf::from(home).join("Downloads")));
    for root in ["/media", "/run/media", "/mnt"] {
        for first in folders(Path::new(root)) {
            places.extend(folders(&first));
            places.push(first);
        }
    }
    places
}

/// Milliseconds since the machine was started, also those it slept through: a tablet that was put away over lunch
/// must not take the morning's time for the central's.
#[must_use]
pub(super) fn since_boot_ms() -> f64 {
    let since_boot = clock_gettime(ClockId::Boottime);
    since_boot.tv_sec as f64 * 1000.0 + since_boot.tv_nsec as f64 / 1e6
}

/// How many bytes this program may still write on the disk under that folder.
///
/// # Errors
/// Where the system does not say.
pub fn free_bytes(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Whether the video device of that number is one that a camera brings beside its own, for what it tells about its
/// pictures. A system that does not say has none.
#[must_use]
pub fn is_side_device(number: u32) -> bool {
    let place = fs::read_to_string(format!("/sys/class/video4linux/video{number}/index"));
    place.is_ok_and(|place| place.trim() != "0")
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// The device's own secret; none where the machine was not given one.
///
/// # Errors
/// Where one was promised and cannot be read, or is not 32 bytes: then nothing is opened without it.
pub fn device_secret() -> io::Result<Option<DeviceSecret>> {
    let Some(file) = env::var_os("VRS_DEVICE_SECRET_FILE") else { return Ok(None) };
    let bytes: [u8; 32] =
        fs::read(file)?.try_into().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    Ok(Some(DeviceSecret::from_bytes(bytes)))
}
