//! `migrate`, `check`, `rebuild`.
//!
//! Must not: change anything but what the command is named for.

use std::path::Path;

use central::{
    archive::hex,
    check,
    directory::DataDirectory,
    storage::{Derivation, Derived, RegisterDigest},
};

use super::{Failure, Meter, say};

/// Brings the register up to date; opening does it.
pub(crate) async fn migrate(data: &Path) -> Result<(), Failure> {
    let storage = DataDirectory::open(data)?.storage().await?;
    storage.check().await?;
    say("the register is up to date")
}

/// Looks at everything; an error where something is not as it should be.
pub(crate) async fn check(data: &Path) -> Result<(), Failure> {
    let storage = DataDirectory::open(data)?.storage().await?;
    let mut meter = Meter::default();
    let checked = check::check(&*storage, &mut |entries| meter.tell("entries", entries)).await?;
    say(&format!("entries looked at: {}", checked.entries))?;
    for place in &checked.places {
        say(&format!("damaged: {place}"))?;
    }
    say_register(&checked.register)?;
    if checked.is_good() {
        return say("everything is as it came");
    }
    let advice = if checked.damaged == 0 {
        "the register does not follow from the entries: run vrs-central rebuild".to_owned()
    } else {
        format!("{} entries are not what came: restore them from a backup", checked.damaged)
    };
    Err(advice.into())
}

/// Derives the register from the entries again.
pub(crate) async fn rebuild(data: &Path) -> Result<(), Failure> {
    let storage = DataDirectory::open(data)?.storage().await?;
    let derived = storage.derive(Derivation::Keep).await?;
    say_register(&derived)?;
    say(if derived.before == derived.after {
        "rebuilt; it was the same"
    } else {
        "rebuilt; it was not what follows from the entries and is now"
    })
}

fn say_register(derived: &Derived) -> Result<(), Failure> {
    let line = |what: &str, digest: &RegisterDigest| {
        format!("{what}: {} doses, {} changes, {}", digest.doses, digest.changes, hex(&digest.sha256))
    };
    say(&line("register as it was    ", &derived.before))?;
    say(&line("register from entries ", &derived.after))
}
