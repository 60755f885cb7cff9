//! `migrate`, `check`, `rebuild`.
//!
//! Must not: change anything but what the command is named for.

use std::{path::Path, sync::Arc};

use central::{
    archive::hex,
    audit::CheckedChains,
    check,
    clock::Clock,
    directory::DataDirectory,
    people::naming,
    reference,
    stock::{
        allocating::checking::CheckedAllocation,
        checking::{self, CheckedStock},
    },
    storage::{ComparedLists, Derivation, Derived, RegisterDigest, Storage},
};
use seal::coupon::CouponMaster;

use super::{Failure, Meter, say};

/// Brings the register up to date; opening does it.
pub(crate) async fn migrate(data: &Path) -> Result<(), Failure> {
    let storage = DataDirectory::open(data)?.storage().await?;
    storage.check().await?;
    say("the register is up to date")
}

/// Looks at everything; an error where something is not as it should be.
pub(crate) async fn check(data: &Path) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let storage = directory.storage().await?;
    let master = coupon_master(&directory, &*storage).await?;
    let mut meter = Meter::default();
    let checked =
        check::check(&*storage, master.as_ref(), &mut |entries| meter.tell("entries", entries)).await?;
    say(&format!("entries looked at: {}", checked.entries))?;
    for place in &checked.places {
        say(&format!("damaged: {place}"))?;
    }
    say_register(&checked.register)?;
    say_lists(checked.lists.as_ref())?;
    say(&format!("ledgers of sealed files: {} lines", checked.ledgers.lines))?;
    for place in &checked.ledgers.places {
        say(&format!("does not hold: {place}"))?;
    }
    say_chains(&checked.chains)?;
    say_stock(&checked.stock)?;
    say_allocation(&checked.allocation)?;
    if storage.has_people_secrets().await? {
        let progress = &mut |people| meter.tell("people", people);
        let missing = naming::count_missing(&*storage, &directory.keeping_key()?, progress).await?;
        if missing > 0 {
            say(&format!("people who are not found by name yet: {missing}; run vrs-central people marks"))?;
        }
    }
    if checked.is_good() {
        return say("everything is as it came");
    }
    let advice = if !checked.ledgers.places.is_empty() {
        "a ledger of sealed files lacks lines or was altered: leave everything as it is, call whoever answers for \
         information security, and compare with a backup"
            .to_owned()
    } else if checked.damaged > 0 {
        format!("{} entries are not what came: restore them from a backup", checked.damaged)
    } else if checked.register.before != checked.register.after {
        "the register does not follow from the entries: run vrs-central rebuild".to_owned()
    } else if !checked.are_lists_good() {
        "the lists for tablets do not follow from the register: run vrs-central rebuild".to_owned()
    } else if checked.chains.is_good() && checked.stock.is_good() {
        "an allocation is not what its figures make: its shares, orders or moves were altered, and a backup has them"
            .to_owned()
    } else if checked.chains.is_good() {
        "the balances of stock are not what its ledger makes: run vrs-central rebuild; where that does not help a line was \
         altered, and a backup has it"
            .to_owned()
    } else {
        "the audit is not what was recorded: keep this database as it is and compare it with a backup"
            .to_owned()
    };
    Err(advice.into())
}

/// Derives the register from the entries again.
pub(crate) async fn rebuild(data: &Path) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let storage = directory.storage().await?;
    let master = coupon_master(&directory, &*storage).await?;
    let derived = storage.derive(Derivation::Keep).await?;
    say_register(&derived)?;
    let lists = match &master {
        Some(master) => reference::rebuild(&*storage, master, Clock::system().now()).await?,
        None => None,
    };
    say_lists(lists.as_ref())?;
    match checking::rebuild(&*storage).await? {
        Some(lines) => say(&format!("balances of stock made again from {lines} lines"))?,
        None => {
            return Err("lines of stock came meanwhile, its balances were left as they are: repeat".into());
        }
    }
    let were_lists_good = lists.is_none_or(|lists| lists.unlike.is_empty());
    say(match (derived.before == derived.after, were_lists_good) {
        (true, true) => "rebuilt; it was the same",
        (false, _) => "rebuilt; it was not what follows from the entries and is now",
        (true, false) => "rebuilt; the lists for tablets were not what follows from the register and are now",
    })
}

/// The secret the lists are made under; none where nothing was ever listed.
async fn coupon_master(
    directory: &DataDirectory,
    storage: &dyn Storage,
) -> Result<Option<Arc<CouponMaster>>, Failure> {
    directory.no_later_key_is_lost(storage).await?;
    Ok(if storage.is_hashed().await? { Some(Arc::new(directory.coupon_master()?)) } else { None })
}

fn say_lists(lists: Option<&ComparedLists>) -> Result<(), Failure> {
    let Some(lists) = lists else { return say("lists for tablets     : none were made") };
    say(&format!("lists for tablets     : {} doses", lists.doses))?;
    lists.unlike.iter().try_for_each(|code| say(&format!("lists that do not follow: of municipality {code}")))
}

fn say_chains(chains: &CheckedChains) -> Result<(), Failure> {
    say(&format!("lines of the audit    : {}", chains.lines))?;
    chains.broken.iter().try_for_each(|place| say(&format!("audit broken: {place}")))?;
    chains.one_sided.iter().try_for_each(|place| say(&format!("look-up without its other side: {place}")))?;
    chains.ends.iter().try_for_each(|(code, position, link)| {
        say(&format!("audit of {code}       : {position} lines, {}", hex(link)))
    })
}

fn say_allocation(allocation: &CheckedAllocation) -> Result<(), Failure> {
    say(&format!("allocations computed  : {}", allocation.computations))?;
    allocation.wrong.iter().try_for_each(|place| say(&format!("not what its figures make: {place}")))
}

fn say_stock(stock: &CheckedStock) -> Result<(), Failure> {
    say(&format!("ledger of stock       : {} lines, {} accounts", stock.lines, stock.accounts))?;
    stock.wrong.iter().try_for_each(|place| say(&format!("not what the lines make: {place}")))?;
    stock.unbalanced.iter().try_for_each(|place| say(&format!("does not add up: {place}")))
}

fn say_register(derived: &Derived) -> Result<(), Failure> {
    let line = |what: &str, digest: &RegisterDigest| {
        format!("{what}: {} doses, {} changes, {}", digest.doses, digest.changes, hex(&digest.sha256))
    };
    say(&line("register as it was    ", &derived.before))?;
    say(&line("register from entries ", &derived.after))
}
