//! Linux: from the path's device number to what `/sys` says of the disk below it, through encryption and loops.
//!
//! Must not: trust a name; only what the kernel says of the device.

use std::{
    fs,
    os::linux::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::Place;

/// Devices may lie on devices, so deep at the most.
const MOST_LAYERS: u8 = 8;

pub(super) fn of(path: &Path) -> Place {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    System { sys: PathBuf::from("/sys"), mounts }.path(path, 0)
}

/// What the kernel shows.
struct System {
    sys: PathBuf,
    mounts: String,
}

/// `8:1` of a device number, as glibc packs it.
fn major_minor(device: u64) -> String {
    let major = ((device >> 8) & 0xfff) | ((device >> 32) & 0xffff_f000);
    let minor = (device & 0xff) | ((device >> 12) & 0xffff_ff00);
    format!("{major}:{minor}")
}

impl System {
    fn path(&self, path: &Path, layer: u8) -> Place {
        fs::metadata(path).map_or(Place::Unknown, |found| self.device(&major_minor(found.st_dev()), layer))
    }

    fn device(&self, number: &str, layer: u8) -> Place {
        if layer == MOST_LAYERS {
            return Place::Unknown;
        }
        match self.sys.join("dev/block").join(number).canonicalize() {
            Ok(block) => self.block(&block, layer),
            Err(_) => self.without_block(number, layer),
        }
    }

    fn block(&self, block: &Path, layer: u8) -> Place {
        let disk = if block.join("partition").exists() { block.parent().unwrap_or(block) } else { block };
        let below: Vec<Place> = fs::read_dir(disk.join("slaves"))
            .map(|slaves| slaves.flatten().filter_map(|slave| slave.path().canonicalize().ok()).collect())
            .unwrap_or_else(|_| Vec::new())
            .iter()
            .map(
                |slave: &PathBuf| {
                    if layer + 1 < MOST_LAYERS { self.block(slave, layer + 1) } else { Place::Unknown }
                },
            )
            .collect();
        if let Some(place) = worst(&below) {
            return place;
        }
        if let Ok(file) = fs::read_to_string(disk.join("loop/backing_file")) {
            return self.path(Path::new(file.trim_end()), layer + 1);
        }
        let said = |name: &str| fs::read_to_string(disk.join(name)).unwrap_or_default();
        let is_on_usb = disk.components().any(|part| part.as_os_str().to_string_lossy().starts_with("usb"));
        match said("removable").trim() {
            "1" => Place::Removable,
            "0" if is_on_usb || said("device/type").trim() == "SD" => Place::Removable,
            "0" => Place::Fixed,
            _ => Place::Unknown,
        }
    }

    /// Memory, a network, or a file system with a device number of its own (btrfs, overlay).
    fn without_block(&self, number: &str, layer: u8) -> Place {
        let mount = self.mounts.lines().find(|line| line.split(' ').nth(2) == Some(number));
        let Some((_, after)) = mount.and_then(|line| line.split_once(" - ")) else { return Place::Unknown };
        let mut words = after.split(' ');
        match (words.next(), words.next()) {
            (Some("tmpfs" | "ramfs"), _) => Place::Fixed,
            (Some(_), Some(source)) if source.starts_with("/dev/") => {
                let device = fs::metadata(source).map(|found| major_minor(found.st_rdev()));
                device.map_or(Place::Unknown, |device| self.device(&device, layer + 1))
            }
            _ => Place::Unknown,
        }
    }
}

fn worst(places: &[Place]) -> Option<Place> {
    [Place::Removable, Place::Unknown, Place::Fixed].into_iter().find(|place| places.contains(place))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A tree as `/sys` has it: a disk in a computer, a stick with a partition, a disk on a cable, a card, eMMC, and an
    /// encrypted volume on the stick.
    fn sys() -> (tempfile::TempDir, System) {
        let place = tempfile::tempdir().unwrap();
        let sys = place.path().to_owned();
        let disk = |path: &str, number: &str, removable: &str| {
            let disk = sys.join("devices").join(path);
            fs::create_dir_all(&disk).unwrap();
            fs::write(disk.join("removable"), format!("{removable}\n")).unwrap();
            fs::create_dir_all(sys.join("dev/block")).unwrap();
            symlink(&disk, sys.join("dev/block").join(number)).unwrap();
            disk
        };
        disk("pci0000:00/ata1/block/sda", "8:0", "0");
        let stick = disk("pci0000:00/usb1/1-1/block/sdb", "8:16", "1");
        let partition = stick.join("sdb1");
        fs::create_dir_all(&partition).unwrap();
        fs::write(partition.join("partition"), "1\n").unwrap();
        symlink(&partition, sys.join("dev/block/8:17")).unwrap();
        disk("pci0000:00/usb2/2-1/block/sdc", "8:32", "0");
        for (number, kind) in [("179:0", "SD"), ("179:8", "MMC")] {
            let card = disk(&format!("mmc_host/{kind}/block/mmcblk0"), number, "0");
            fs::create_dir_all(card.join("device")).unwrap();
            fs::write(card.join("device/type"), format!("{kind}\n")).unwrap();
        }
        let encrypted = disk("virtual/block/dm-0", "253:0", "0");
        fs::create_dir_all(encrypted.join("slaves")).unwrap();
        symlink(&partition, encrypted.join("slaves/sdb1")).unwrap();
        let mounts = "22 1 0:40 / /memory rw - tmpfs tmpfs rw\n\
                      23 1 0:41 / /share rw shared:1 - cifs //server/share rw\n\
                      24 1 0:42 / / rw - overlay overlay rw\n"
            .to_owned();
        (place, System { sys, mounts })
    }

    #[test]
    fn what_can_be_carried_away_is_told_from_what_cannot() {
        let (_place, system) = sys();
        for (device, expected) in [
            ("8:0", Place::Fixed),
            ("8:16", Place::Removable),
            ("8:17", Place::Removable),
            ("8:32", Place::Removable),
            ("179:0", Place::Removable),
            ("179:8", Place::Fixed),
            ("253:0", Place::Removable),
            ("0:40", Place::Fixed),
            ("0:41", Place::Unknown),
            ("0:42", Place::Unknown),
            ("9:9", Place::Unknown),
        ] {
            assert_eq!(system.device(device, 0), expected, "{device}");
        }
    }

    #[test]
    fn a_loop_of_devices_ends() {
        let (_place, system) = sys();
        let disk = system.sys.join("devices/virtual/block/dm-0");
        symlink(&disk, disk.join("slaves/dm-0")).unwrap();
        fs::remove_file(disk.join("slaves/sdb1")).unwrap();
        assert_eq!(system.device("253:0", 0), Place::Unknown);
    }

    #[test]
    fn a_device_number_is_unpacked_as_the_c_library_packs_it() {
        assert_eq!(major_minor(0x0801), "8:1");
        assert_eq!(major_minor(0x1030_0a05), "10:66309");
    }
}
