//! The site of the manual: the same tablet, staff, keys and time of day whenever it is played.
//!
//! Must not: leave anything that a picture shows to chance.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, Ordering},
};

use app::{camera::Source, shell::Config, timing::Timing};
use central::clock::Clock;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use record::{Moment, WallTime};
use seal::{Error, random::Random, vault::DeviceSecret};
use tempfile::TempDir;

use crate::{
    central_process::CentralProcess,
    network::{Mood, Network},
    site::{bundle_spec, hand_out},
};

/// 2021-11-22 10:40 in Japan.
const BEGINS: WallTime = WallTime::from_unix_ms(1_637_545_200_000);
/// What has gone by since, in milliseconds: time moves only where a scene says so.
static GONE_MS: AtomicI64 = AtomicI64::new(0);
/// Where the tablet of the manual would send to.
const SHOWN_HOST: &str = "central.example.jp";

fn now() -> Moment {
    let gone_ms = GONE_MS.load(Ordering::SeqCst);
    Moment { wall: BEGINS.plus_ms(gone_ms), monotonic_ms: 60_000 + gone_ms.unsigned_abs() }
}

/// What the clocks say.
pub(super) fn clock() -> Moment {
    now()
}

/// Lets time go by.
pub(super) fn later(ms: i64) {
    GONE_MS.fetch_add(ms, Ordering::SeqCst);
}

fn plenty_of_space(_: &Path) -> std::io::Result<u64> {
    Ok(8 << 30)
}

/// Randomness that is none.
struct Seeded(ChaCha8Rng);

impl Random for Seeded {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        self.0.fill(buffer);
        Ok(())
    }
}

/// A central, its bundles, and the way to it.
pub(super) struct Stage {
    central: CentralProcess,
    /// The way to the central.
    pub network: Network,
    folder: TempDir,
}

impl Stage {
    /// In the morning, before the tablet is set up.
    pub(super) fn new() -> Self {
        GONE_MS.store(0, Ordering::SeqCst);
        let clock = Clock::from_fn(|| now().wall);
        let central =
            CentralProcess::start_as(&[SHOWN_HOST], clock, &mut Seeded(ChaCha8Rng::seed_from_u64(1)));
        let network = Network::before(central.address(), Mood::Open);
        let stage = Self { central, network, folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(stage.folder.path().join("shown")).unwrap();
        stage.write(&stage.shown_bundle(), &format!("https://{SHOWN_HOST}"));
        stage.write(&stage.bundle(), &format!("https://127.0.0.1:{}", stage.network.port()));
        stage
    }

    fn write(&self, file: &Path, url: &str) {
        hand_out(file, &self.central.make_bundle(&bundle_spec(url, 17)));
    }

    /// A bundle that names a central as a real one would be named; it is shown and not used.
    pub(super) fn shown_bundle(&self) -> PathBuf {
        self.folder.path().join("shown/17号機.vrsbundle")
    }

    /// The same with the central of this process.
    pub(super) fn bundle(&self) -> PathBuf {
        self.folder.path().join("17号機.vrsbundle")
    }

    /// A tablet without a camera: what it would see is put before it.
    pub(super) fn config(&self) -> Config {
        Config {
            folder: self.folder.path().join("tablet"),
            bundle: Some(self.bundle()),
            source: Source::Device(Some(250)),
            clock,
            free_bytes: plenty_of_space,
            device: Some(DeviceSecret::from_bytes([17; 32])),
            timing: Timing::default(),
        }
    }
}
