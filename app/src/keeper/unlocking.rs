//! Unlocking: the PIN opens the person's key, the key opens the vault, the vault opens the database; then sending
//! begins. After a restart nothing is open until somebody unlocked.
//!
//! Must not: tell a wrong PIN from a wrong person's, or wipe anything for wrong PINs.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use record::StaffId;
use seal::{
    pin::{self, Pin},
    sealed::Identity,
    vault::TabletSecrets,
};
use store::{Action, Owner, Room, SetAside, Store};
use sync::{
    courier::Route,
    thread::{Running, start},
};

use super::{Job, Opened, REFERENCE_LEAVES_BYTES, Working};
use crate::{
    attempts::Attempts,
    messages::UnlockProblem,
    profile::Profile,
    provision::VAULT_FILE,
    workflow::{Event, event::Unlocked},
};

/// This program's version, as the central is told.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

impl Working {
    pub(super) fn unlock(&mut self, staff_id: &StaffId, pin: &Pin) -> Result<Unlocked, UnlockProblem> {
        let profile = self.start.profile.clone().ok_or(UnlockProblem::UnknownStaff)?;
        let identity = self.try_pin(&profile, staff_id, pin)?;
        let file = fs::read(self.start.folder.join(VAULT_FILE))
            .map_err(|error| UnlockProblem::Vault(error.kind()))?;
        let secrets = TabletSecrets::open(&file, &identity, self.start.device.as_ref())
            .map_err(UnlockProblem::Secrets)?;
        let wrong_pins = self.attempts.succeeded(staff_id);
        self.attempts.write(&self.start.folder);
        let set_aside = match &self.opened {
            Some(_) => None,
            None => self.open(secrets, &profile)?,
        };
        self.read_published();
        self.audit_unlocked(staff_id, wrong_pins);
        let day = match &self.opened {
            Some(opened) => opened.store().day().map_err(|error| UnlockProblem::Open(error.into()))?,
            None => None,
        };
        Ok(Unlocked { staff_id: staff_id.clone(), day, counts: self.counts(), set_aside, wrong_pins })
    }

    /// Whether a person in charge typed their PIN; nothing is opened by it.
    pub(super) fn permit(&mut self, staff_id: &StaffId, pin: &Pin) -> Result<(), UnlockProblem> {
        let profile = self.start.profile.clone().ok_or(UnlockProblem::UnknownStaff)?;
        if !profile.is_administrator(staff_id) {
            return Err(UnlockProblem::UnknownStaff);
        }
        self.try_pin(&profile, staff_id, pin)?;
        let wrong_pins = self.attempts.succeeded(staff_id);
        self.attempts.write(&self.start.folder);
        if wrong_pins > 0 {
            self.note(Action::WrongPins, staff_id.clone(), Some(wrong_pins.to_string()));
        }
        self.note(Action::Permitted, staff_id.clone(), None);
        Ok(())
    }

    /// What that person's PIN opens; wrong ones are counted, and slow the next.
    fn try_pin(
        &mut self,
        profile: &Profile,
        staff_id: &StaffId,
        pin: &Pin,
    ) -> Result<Identity, UnlockProblem> {
        let staff = profile.staff_member(staff_id).ok_or(UnlockProblem::UnknownStaff)?;
        let waiting = self.refused_until_ms.saturating_sub(self.now().monotonic_ms);
        if waiting > 0 {
            return Err(UnlockProblem::TooSoon { wait_ms: waiting });
        }
        match pin::unwrap(&staff.wrapped_identity, staff_id, pin) {
            Ok(identity) => Ok(identity),
            Err(seal::Error::WrongPin) => Err(self.wrong_pin(staff_id)),
            Err(error) => Err(UnlockProblem::Secrets(error)),
        }
    }

    fn wrong_pin(&mut self, staff_id: &StaffId) -> UnlockProblem {
        self.attempts.failed(staff_id);
        self.attempts.write(&self.start.folder);
        let wait_ms = Attempts::wait_ms(self.attempts.of(staff_id));
        self.refused_until_ms = self.now().monotonic_ms.saturating_add(wait_ms);
        UnlockProblem::WrongPin { wait_ms }
    }

    fn audit_unlocked(&self, staff_id: &StaffId, wrong_pins: u32) {
        if wrong_pins > 0 {
            self.note(Action::WrongPins, staff_id.clone(), Some(wrong_pins.to_string()));
        }
        self.note(Action::Unlocked, staff_id.clone(), None);
    }

    fn open(
        &mut self,
        secrets: TabletSecrets,
        profile: &Arc<Profile>,
    ) -> Result<Option<SetAside>, UnlockProblem> {
        let owner = Owner { tablet_id: profile.tablet_id, device_key: secrets.device_key.public() };
        let mut opened = Store::open(&self.start.folder, &secrets.store_key, owner, self.now())
            .map_err(UnlockProblem::Open)?;
        opened.store.leave_room(Room {
            folder: self.start.folder.clone(),
            free_bytes: self.start.free_bytes,
            leaves_bytes: REFERENCE_LEAVES_BYTES,
        });
        let store = Arc::new(Mutex::new(opened.store));
        let sync = self.send(&store, &secrets, profile).map_err(|_| UnlockProblem::Thread)?;
        self.opened = Some(Opened { store, secrets, sync });
        Ok(opened.set_aside)
    }

    /// Starts sending, where there is a central to send to; what changes is said, and counted anew.
    pub(super) fn send(
        &self,
        store: &Arc<Mutex<Store>>,
        secrets: &TabletSecrets,
        profile: &Arc<Profile>,
    ) -> std::io::Result<Option<Running>> {
        let Some(central) = profile.central.clone() else { return Ok(None) };
        let route = Route {
            tablet_id: profile.tablet_id,
            device_key: Arc::clone(&secrets.device_key),
            central,
            program: PROGRAM,
        };
        let (jobs, tell) = (self.jobs.clone(), Arc::clone(&self.tell));
        let said = Mutex::new(None);
        let (free_bytes, folder) = (self.start.free_bytes, self.start.folder.clone());
        let free_bytes = move || free_bytes(&folder).ok();
        start(Arc::clone(store), route, self.start.clock, free_bytes, move |status| {
            let mut said = said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let before = said.replace(status);
            if before != Some(status) {
                tell(Event::Sending(status));
                let _ = jobs.send(Job::Count);
            }
            if before.is_some_and(|before| before.reference.version != status.reference.version) {
                let _ = jobs.send(Job::ReadPublished);
            }
        })
        .map(Some)
    }
}
