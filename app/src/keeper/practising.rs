//! 練習: the keeper of what is practised. It works as the tablet's own does, over a database of its own that ends with it.
//!
//! Must not: write its secrets anywhere, send, or outlive its folder.

use std::{
    fs,
    sync::{Arc, Mutex, mpsc::Receiver},
};

use seal::{random::SystemRandom, vault::TabletSecrets};
use store::{Owner, Store};

use super::{Job, Opened, Working};
use crate::{messages::UnlockProblem, profile::Profile, workflow::Event};

impl Working {
    /// Works until it is told to stop, and leaves nothing.
    pub(super) fn run_training(mut self, inbox: &Receiver<Job>) {
        let folder = self.start.folder.clone();
        let opened = self.start.profile.clone().map(|profile| self.open_training(&profile));
        if opened.is_none_or(|opened| opened.is_err()) {
            self.say(Event::TrainingFailed);
        }
        self.run(inbox);
        // What cannot be removed now is removed at the next start; its key is gone already.
        let _ = fs::remove_dir_all(folder);
    }

    /// A database for practising, under secrets that only this thread ever holds; nothing is sent from it.
    fn open_training(&mut self, profile: &Profile) -> Result<(), UnlockProblem> {
        fs::create_dir_all(&self.start.folder).map_err(|error| UnlockProblem::Vault(error.kind()))?;
        let secrets =
            TabletSecrets::generate(&mut SystemRandom::default()).map_err(UnlockProblem::Secrets)?;
        let owner = Owner { tablet_id: profile.tablet_id, device_key: secrets.device_key.public() };
        let opened = Store::open(&self.start.folder, &secrets.store_key, owner, self.now())
            .map_err(UnlockProblem::Open)?;
        self.opened = Some(Opened { store: Arc::new(Mutex::new(opened.store)), secrets, sync: None });
        Ok(())
    }
}
