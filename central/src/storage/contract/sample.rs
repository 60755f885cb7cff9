//! Tablets for the contract: their chains are computed as a tablet computes them.
//!
//! Must not: go through the network; `tests/` does.

use record::{
    Entry, Epoch, Outcome, Position, ReviewReason, TabletId, WallTime,
    bytes::{EntryHash, PublicKey},
};
use seal::{chain, device::SigningKey};

use super::entries::{EntryMaker, MORNING};
use crate::{
    fleet::{EnrolledTablet, TabletState, TabletStatus},
    intake::{ChainedEntry, ReadBatch, ReadEntry, read},
    storage::{Enrolment, EnrolmentVerdict, Invitation, Storage},
};

/// The central's clock in these tests: noon of the day.
pub(crate) const NOON: WallTime = MORNING.plus_ms(3 * 3_600_000);

/// A tablet that is enrolled.
pub(crate) struct Tablet {
    pub(crate) tablet_id: TabletId,
    pub(crate) device_key: PublicKey,
}

/// `131130-0017`, enrolled.
pub(crate) async fn enrolled(storage: &dyn Storage) -> Tablet {
    enrolled_as(storage, "131130-0017").await
}

/// That tablet, enrolled.
pub(crate) async fn enrolled_as(storage: &dyn Storage, tablet_id: &str) -> Tablet {
    let tablet = Tablet::new(tablet_id);
    storage.invite(tablet.invitation(1)).await.unwrap();
    let verdict = storage.enrol(tablet.enrolment(1)).await.unwrap();
    assert_eq!(verdict, EnrolmentVerdict::Enrolled { enrolled_at: MORNING });
    tablet
}

impl Tablet {
    pub(crate) fn new(tablet_id: &str) -> Self {
        let tablet_id: TabletId = tablet_id.parse().unwrap();
        let mut seed = [tablet_id.number() as u8; 32];
        seed[..6].copy_from_slice(tablet_id.municipality().to_digits());
        Self { tablet_id, device_key: SigningKey::from_seed(seed).unwrap().public() }
    }

    pub(crate) fn invitation(&self, token: u8) -> Invitation {
        Invitation {
            tablet_id: self.tablet_id,
            name: "見本端末".parse().unwrap(),
            token_digest: [token; 32],
            issued_at: MORNING.plus_ms(-3_600_000),
            expires_at: MORNING.plus_ms(86_400_000),
        }
    }

    pub(crate) fn enrolment(&self, token: u8) -> Enrolment {
        Enrolment {
            tablet_id: self.tablet_id,
            token_digest: [token; 32],
            device_key: self.device_key,
            program: "0.1.0".parse().unwrap(),
            at: MORNING,
        }
    }

    pub(crate) fn maker(&self) -> EntryMaker {
        EntryMaker::new(self.tablet_id.municipality(), u64::from(self.tablet_id.number()))
    }

    /// Doses of `count` different people.
    pub(crate) fn vaccinations(&self, count: usize) -> Vec<Vec<u8>> {
        let mut maker = self.maker();
        let coupon = |index| format!("21131130{:010}", self.tablet_id.number() as usize * 1_000 + index);
        (0..count)
            .map(|index| {
                maker.vaccination_of(coupon(index).parse().unwrap(), super::entries::day()).to_bytes()
            })
            .collect()
    }

    /// The entries linked from the first place of the first epoch on.
    pub(crate) fn chain(&self, entries: &[Vec<u8>]) -> Vec<ReadEntry> {
        self.chain_in(Epoch::FIRST, entries)
    }

    pub(crate) fn chain_of(&self, entries: &[Entry]) -> Vec<ReadEntry> {
        self.chain(&entries.iter().map(Entry::to_bytes).collect::<Vec<_>>())
    }

    pub(crate) fn chain_in(&self, epoch: Epoch, entries: &[Vec<u8>]) -> Vec<ReadEntry> {
        let mut previous = chain::genesis(self.tablet_id, epoch, &self.device_key);
        let mut out = Vec::new();
        for (index, bytes) in entries.iter().enumerate() {
            let position = Position::FIRST.plus(index as u64);
            let hash = chain::entry_hash(bytes);
            let link = chain::link(&previous, position, &hash);
            out.push(read(ChainedEntry { position, hash, previous, link, bytes: bytes.clone() }));
            previous = link;
        }
        out
    }

    /// A batch of these entries, received at noon.
    pub(crate) fn batch(&self, entries: &[ReadEntry]) -> ReadBatch {
        ReadBatch {
            tablet_id: self.tablet_id,
            device_key: self.device_key,
            epoch: Epoch::FIRST,
            last_position: entries.last().unwrap().position,
            set_aside: Vec::new(),
            clock_offset_ms: 0,
            program: "0.1.0".parse().unwrap(),
            received_at: NOON,
            replaced_at: None,
            entries: entries.to_vec(),
        }
    }

    /// Sends entries and says what became of each.
    pub(crate) async fn send(&self, storage: &dyn Storage, entries: &[ReadEntry]) -> Vec<Outcome> {
        storage.keep(self.batch(entries)).await.unwrap()
    }

    /// Its row.
    pub(crate) async fn row(&self, storage: &dyn Storage) -> EnrolledTablet {
        match status(storage, self.tablet_id).await.state {
            TabletState::Enrolled(row) => row,
            TabletState::Invited { .. } => panic!("not enrolled"),
        }
    }

    /// Hashes kept of the first epoch.
    pub(crate) async fn kept(&self, storage: &dyn Storage) -> Vec<(u64, EntryHash, Outcome)> {
        let kept = storage.kept(self.tablet_id, Epoch::FIRST).await.unwrap();
        kept.into_iter().map(|entry| (entry.position.number(), entry.hash, entry.outcome)).collect()
    }
}

pub(crate) async fn status(storage: &dyn Storage, tablet_id: TabletId) -> TabletStatus {
    storage.fleet().await.unwrap().into_iter().find(|row| row.tablet_id == tablet_id).unwrap()
}

/// 要確認 with that reason.
pub(crate) fn review(reason: ReviewReason) -> Outcome {
    Outcome::NeedsReview(reason)
}
