//! Setting a tablet up with its bundle, then opening it as staff do.
//!
//! Must not: look into the files; whether they hold together shows when the tablet is opened.

use std::fs;

use app::{
    boxes,
    platform::now,
    profile::Profile,
    provision::{self, VAULT_FILE},
};
use seal::{pin, random::SystemRandom, vault::TabletSecrets};
use store::{Owner, Store};

use crate::{Failure, Orders, hooks};

/// The PIN of everybody at the site of the tests.
const PIN: &str = "246810";

pub(crate) fn run(orders: &Orders) -> Result<(), Failure> {
    let looked = boxes::look_at(&orders.file, None).map_err(|problem| format!("{problem:?}"))?;
    let slot = looked.bundles.head.slots.first().ok_or("an empty box")?;
    let paper = fs::read_to_string(orders.file.with_extension("paper"))?;
    let (_, code) = paper.trim().split_once(' ').ok_or("no code on the paper")?;
    let verified = looked.bundles.open(slot.tablet_id, &code.parse()?)?;
    hooks::die_at(orders.die_at);
    let profile = match Profile::read(&orders.folder)? {
        Some(profile) => profile,
        None => provision::first(&orders.folder, &verified, None, &mut SystemRandom::default(), now())
            .map_err(|problem| format!("{problem:?}"))?,
    };
    println!("steps {}", hooks::steps());
    hooks::die_at(0);
    let staff = profile.staff.first().ok_or("nobody works here")?;
    let identity = pin::unwrap(&staff.wrapped_identity, &staff.staff_id, &PIN.parse()?)?;
    let secrets = TabletSecrets::open(&fs::read(orders.folder.join(VAULT_FILE))?, &identity, None)?;
    let owner = Owner { tablet_id: profile.tablet_id, device_key: secrets.device_key.public() };
    let store = Store::open(&orders.folder, &secrets.store_key, owner, now())?.store;
    println!("waits-for-enrolment {}", store.enrolment()?.is_some());
    Ok(())
}
