//! Whether the demo fell short: from the central's own database, the tablet's own database, and what the papers said.
//!
//! Must not: take the screens' word for anything.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use app::{profile::Profile, provision::VAULT_FILE};
use record::{Entry, EntryContent, EntryId, Epoch};
use rusqlite::{Connection, OpenFlags};
use seal::{chain::entry_hash, pin, receipt::VerifiedReceipt, vault::TabletSecrets};
use serde_json::{Value, json};
use store::{ListFilter, Owner, Store};

use super::{Failure, headless::Worked};
use crate::site::{Became, PIN};

/// What happened.
pub struct Day<'a> {
    /// How many sheets passed.
    pub sheets: usize,
    /// Whether the closing, counted rightly, differed from what the tablet holds.
    pub closing_differs: bool,
    /// What became of each.
    pub worked: &'a [Worked],
    /// Receipts on the tablet before the network returned.
    pub receipts_offline: u64,
    /// The tablet's folder.
    pub tablet: &'a Path,
    /// The central's folder.
    pub central: &'a Path,
    /// Where the tablet wrote its times.
    pub timing: &'a Path,
    /// From start to the first page.
    pub startup_ms: f64,
    /// Memory of this process at the end.
    pub rss_mib: f64,
}

/// The summary, and what fell short.
pub struct Verdict {
    /// As in `summary.json`.
    pub summary: Value,
    /// A sentence for each thing; empty when all is well.
    pub fell_short: Vec<String>,
}

/// Looks at everything.
///
/// # Errors
/// Where a database cannot be read.
pub fn judge(day: &Day<'_>) -> Result<Verdict, Failure> {
    let at_central = entries_at_central(day.central)?;
    let (entries, receipts_verified) = entries_on_tablet(day.tablet)?;
    let truths: BTreeMap<EntryId, &str> =
        day.worked.iter().filter_map(|sheet| Some((sheet.entry?, sheet.truth.as_str()))).collect();
    let misreads = truths
        .iter()
        .filter(|(entry_id, truth)| {
            let coupon = at_central.get(entry_id).and_then(|entry| entry.content.coupon());
            coupon.map(|coupon| coupon.to_string()).as_deref() != Some(**truth)
        })
        .count();
    let count =
        |want: fn(&EntryContent) -> bool| at_central.values().filter(|entry| want(&entry.content)).count();
    let corrections = count(|content| matches!(content, EntryContent::Correction(_)));
    let cancellations = count(|content| matches!(content, EntryContent::Cancellation(_)));
    let accepted = day.worked.iter().filter(|sheet| sheet.became == Became::Accepted).count();
    let causes: BTreeSet<String> = day.worked.iter().filter_map(|sheet| cause(&sheet.became)).collect();
    let confirmed =
        day.worked.iter().filter(|sheet| matches!(sheet.became, Became::Settled(_) | Became::Typed)).count();
    let to_person = day.worked.iter().filter(|sheet| sheet.became != Became::Accepted).count();
    let saved = percentiles(times(day.timing, "frame_to_kept")?);
    let central_entries = at_central.len();

    let mut fell_short = Vec::new();
    let mut need = |holds: bool, sentence: String| {
        if !holds {
            fell_short.push(sentence);
        }
    };
    need(misreads == 0, format!("{misreads} numbers at the central differ from the paper"));
    need(
        entries == receipts_verified && entries == central_entries,
        format!("{entries} entries, {receipts_verified} verified receipts, {central_entries} at the central"),
    );
    need(day.sheets >= 20, format!("only {} sheets", day.sheets));
    need(
        day.worked.len() == day.sheets,
        format!("only {} of {} sheets were worked on", day.worked.len(), day.sheets),
    );
    need(
        accepted * 20 >= day.sheets * 12,
        format!("only {accepted} of {} accepted by two witnesses", day.sheets),
    );
    need(
        to_person >= 3 && causes.len() >= 3,
        format!("{to_person} sheets went to a person, for {} causes", causes.len()),
    );
    need(corrections >= 1, "no correction".to_owned());
    need(cancellations >= 1, "no cancellation".to_owned());
    need(!day.closing_differs, "a closing that was counted rightly differed".to_owned());
    need(
        count(|content| matches!(content, EntryContent::Closing(_))) == 1,
        "the closing is not at the central".to_owned(),
    );
    need(day.receipts_offline == 0, format!("{} receipts before the network returned", day.receipts_offline));
    let summary = json!({
        "sheets": day.sheets,
        "entries": entries,
        "accepted_by_two_witnesses": accepted,
        "confirmed_by_person": confirmed,
        "refused": to_person - confirmed,
        "causes_for_a_person": causes,
        "corrections": corrections,
        "cancellations": cancellations,
        "misreads": misreads,
        "receipts_before_network": day.receipts_offline,
        "receipts_verified": receipts_verified,
        "central_entries": central_entries,
        "scan_to_saved_ms": saved,
        "startup_ms": day.startup_ms.round(),
        "rss_mib": day.rss_mib.round(),
        "fell_short": fell_short,
    });
    Ok(Verdict { summary, fell_short })
}

fn cause(became: &Became) -> Option<String> {
    match became {
        Became::Accepted => None,
        Became::Settled(cause) => Some(cause.clone()),
        Became::Typed => Some("Unreadable".to_owned()),
        Became::Refused(cause) => Some(cause.clone()),
    }
}

/// Every entry the central has, read from its database file and parsed again.
///
/// # Errors
/// Where it cannot be read, or an entry is none.
pub fn entries_at_central(folder: &Path) -> Result<BTreeMap<EntryId, Entry>, Failure> {
    let register =
        Connection::open_with_flags(folder.join("register.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = register.prepare("SELECT entry FROM entries")?;
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
    let mut entries = BTreeMap::new();
    for bytes in rows {
        let entry = Entry::from_bytes(&bytes?)?;
        if entries.insert(entry.entry_id, entry).is_some() {
            return Err("an entry stands twice at the central".into());
        }
    }
    Ok(entries)
}

/// How many entries the tablet has, and how many of them a receipt proves, each checked again with the keys of the
/// bundle. Opens the vault as staff do, by PIN.
fn entries_on_tablet(folder: &Path) -> Result<(usize, usize), Failure> {
    let profile = Profile::read(folder)?.ok_or("the tablet has no profile")?;
    let staff = profile.staff.first().ok_or("nobody works at the tablet")?;
    let identity = pin::unwrap(&staff.wrapped_identity, &staff.staff_id, &PIN.parse()?)?;
    let secrets = TabletSecrets::open(&fs::read(folder.join(VAULT_FILE))?, &identity, None)?;
    let owner = Owner { tablet_id: profile.tablet_id, device_key: secrets.device_key.public() };
    let store = Store::open(folder, &secrets.store_key, owner, app::platform::now())?.store;
    let central = profile.central.ok_or("the tablet has no central")?;
    let mut proven = 0;
    let rows = store.list(ListFilter::All, 0, usize::from(u16::MAX))?;
    for row in &rows {
        let Some(receipt) = store.receipt_bytes(row.epoch, row.position)? else { continue };
        let receipt = VerifiedReceipt::from_bytes(&receipt, &central.receipt_keys)?;
        let entry = store.entry(row.entry_id)?.ok_or("an entry of the list is not there")?;
        let hash = entry_hash(&entry.to_bytes());
        let listed = receipt.items().iter().any(|item| item.position == row.position && item.hash == hash);
        proven += usize::from(listed && row.epoch == Epoch::FIRST);
    }
    Ok((rows.len(), proven))
}

/// The times of that name in a timing file, in milliseconds.
///
/// # Errors
/// Where the file cannot be read or a line is none.
pub fn times(file: &Path, what: &str) -> Result<Vec<f64>, Failure> {
    let mut times = Vec::new();
    for line in fs::read_to_string(file)?.lines() {
        let line: Value = serde_json::from_str(line)?;
        if line["what"] == what {
            times.push(line["ms"].as_f64().ok_or("a time is no number")?);
        }
    }
    Ok(times)
}

/// p50, p95 and p99 in milliseconds, to a tenth; null without a time.
#[must_use]
pub fn percentiles(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let rank = (share * times.len() as f64).ceil() as usize;
        times.get(rank.saturating_sub(1)).map(|ms| (ms * 10.0).round() / 10.0)
    };
    json!({ "p50": at(0.50), "p95": at(0.95), "p99": at(0.99), "count": times.len() })
}

/// Memory of this process that is in RAM, in MiB.
///
/// # Errors
/// Where the system does not say.
pub fn rss_mib() -> Result<f64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
    let kib: f64 = line.split_whitespace().nth(1).ok_or("no VmRSS")?.parse()?;
    Ok(kib / 1024.0)
}
