//! Cases that wait for a person, and decisions. What an entry's own municipality knows of it is asked there, because
//! that may lie on another machine than the coupon's.
//!
//! Must not: touch an entry, or update or delete a decision.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Client;
use record::{Entry, EntryId, MunicipalityCode, bytes::EntryHash};
use tokio_postgres::Row;

use super::{
    audit,
    call::{Call, run, run_one, values},
    columns::{Again, Column, Layout, Rows, insert},
    locks, reference, register, rows,
};
use crate::{
    audit::Act,
    case::{Case, ContentId, Decided, Decision, NewDecision, Part, Parts, WeighedLines},
    intake::DoseKey,
    storage::{
        CaseRow, StorageError,
        reviews::{WaitingRow, cases},
    },
};

/// Disputes that no decision has considered; a change may have settled some of them.
const UNDECIDED: &str = "SELECT municipality, entry_id, coupon_municipality, coupon_number, dose, received_at
     FROM disputes WHERE coupon_municipality = $1 AND NOT EXISTS (
         SELECT 1 FROM considered_entries AS considered
         WHERE considered.coupon_municipality = disputes.coupon_municipality
             AND considered.coupon_number = disputes.coupon_number
             AND considered.dose = disputes.dose AND considered.hash = disputes.hash)
     ORDER BY received_at, entry_id";

pub(super) async fn open_cases(
    client: &Client,
    municipality: MunicipalityCode,
    most: usize,
) -> Result<Vec<CaseRow>, StorageError> {
    Ok(cases(waiting(client, municipality).await?, most))
}

async fn waiting(client: &Client, municipality: MunicipalityCode) -> Result<Vec<WaitingRow>, StorageError> {
    let call = Call::new(UNDECIDED, values![rows::code(municipality)]);
    let undecided = run_one(client, call).await?;
    let mut owned: BTreeMap<&str, Vec<EntryId>> = BTreeMap::new();
    for row in &undecided {
        let owner = owned.entry(rows::raw(row, "municipality")?).or_default();
        owner.push(rows::entry_id(row, "entry_id")?);
    }
    let mut changed = BTreeSet::new();
    for (owner, entry_ids) in owned {
        let found = changed_of(client, owner, &entry_ids).await?;
        changed.extend(found.into_iter().map(|entry_id| (owner.to_owned(), entry_id)));
    }
    let mut waiting = Vec::new();
    for row in &undecided {
        let (owner, entry_id) = (rows::raw(row, "municipality")?, rows::entry_id(row, "entry_id")?);
        if changed.contains(&(owner, entry_id)) {
            continue;
        }
        let (coupon, dose) = register::dose_key(row)?;
        waiting.push(WaitingRow {
            entry_id,
            coupon,
            dose,
            received_at: rows::wall_time(row, "received_at")?,
        });
    }
    Ok(waiting)
}

/// Which of those entries a delivered correction or cancellation has ended.
async fn changed_of(
    client: &Client,
    owner: &str,
    entry_ids: &[EntryId],
) -> Result<BTreeSet<EntryId>, StorageError> {
    let ids: Vec<Vec<u8>> = entry_ids.iter().map(|id| id.to_bytes().to_vec()).collect();
    let call = Call::new(
        "SELECT DISTINCT changed_entry_id FROM changes WHERE municipality = $1 AND changed_entry_id = ANY($2)",
        values![owner.to_owned(), ids],
    );
    run_one(client, call).await?.iter().map(|row| rows::entry_id(row, "changed_entry_id")).collect()
}

pub(super) async fn decided_cases(
    client: &Client,
    municipality: MunicipalityCode,
    most: usize,
) -> Result<Vec<CaseRow>, StorageError> {
    let open: BTreeSet<DoseKey> =
        waiting(client, municipality).await?.into_iter().map(|row| (row.coupon, row.dose)).collect();
    // Those that are open again are left out below, so that many more are asked for.
    let asked = i64::try_from(most.saturating_add(open.len())).unwrap_or(i64::MAX);
    let call = Call::new(
        "SELECT coupon_municipality, coupon_number, dose, max(decided_at) AS decided_at,
             (SELECT entry_id FROM disputes WHERE disputes.coupon_municipality = decisions.coupon_municipality
                 AND disputes.coupon_number = decisions.coupon_number AND disputes.dose = decisions.dose
                 ORDER BY entry_id LIMIT 1) AS entry_id
         FROM decisions WHERE coupon_municipality = $1
         GROUP BY coupon_municipality, coupon_number, dose
         ORDER BY max(decided_at) DESC, coupon_number, dose LIMIT $2",
        values![rows::code(municipality), asked],
    );
    let mut decided = Vec::new();
    for row in &run_one(client, call).await? {
        let (coupon, dose) = register::dose_key(row)?;
        if !open.contains(&(coupon, dose)) {
            let (entry_id, at) = (rows::entry_id(row, "entry_id")?, rows::wall_time(row, "decided_at")?);
            decided.push(CaseRow { entry_id, coupon, dose, at, waiting: 0 });
        }
    }
    decided.truncate(most);
    Ok(decided)
}

pub(super) async fn cases_of_entry(
    client: &Client,
    municipality: MunicipalityCode,
    entry_id: EntryId,
) -> Result<Vec<Case>, StorageError> {
    let call = Call::new(
        "SELECT DISTINCT coupon_municipality, coupon_number, dose FROM disputes
         WHERE coupon_municipality = $1 AND entry_id = $2 ORDER BY coupon_number, dose",
        values![rows::code(municipality), entry_id.to_bytes().to_vec()],
    );
    let mut cases = Vec::new();
    for row in &run_one(client, call).await? {
        cases.extend(case_of(client, register::dose_key(row)?).await?);
    }
    Ok(cases)
}

/// Keeps a decision while nobody else can change what it is about. On an error the connection must not be used again.
pub(super) async fn decide(
    client: &Client,
    layout: Layout,
    new: &NewDecision,
) -> Result<Decided, StorageError> {
    let Some(seen) = case_of(client, new.dose).await? else { return Ok(Decided::NoCase) };
    let owners = seen.candidates.iter().map(|candidate| candidate.content.municipality).collect();
    let mut begin = vec![Call::new("BEGIN", values![])];
    begin.extend(locks::hold(layout, &owners, &BTreeSet::from([new.dose])));
    run(client, &begin).await?;
    // What came before they were held is seen only now; an entry of yet another tablet makes it another case.
    let case = case_of(client, new.dose).await?;
    let decided = match case.map_or(Err(Decided::NoCase), |case| {
        let decision = case.decide(new)?;
        Ok((case, decision))
    }) {
        Ok((case, decision)) => {
            run(client, &insert_calls(layout, &case, &decision)).await?;
            for (tablet_id, settled) in case.settled(&decision) {
                reference::note_settled(client, tablet_id, &settled, decision.decided_at).await?;
            }
            let (coupon, dose) = (case.coupon, case.dose);
            let act = Act::Decided { coupon: coupon.number, dose, number: decision.number };
            let (by, at) = (decision.decided_by.as_str(), decision.decided_at);
            audit::append(client, layout, act.line(coupon.municipality, by, at)).await?;
            Decided::Kept { number: decision.number }
        }
        Err(refused) => refused,
    };
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(decided)
}

fn key_values<'a>((coupon, dose): DoseKey) -> Vec<super::call::Value<'a>> {
    values![rows::code(coupon.municipality), coupon.number.to_string(), i16::from(dose.number())]
}

async fn case_of(client: &Client, dose: DoseKey) -> Result<Option<Case>, StorageError> {
    let calls = [
        "SELECT municipality, entry_id FROM disputes",
        "SELECT municipality, entry_id FROM doses",
        "SELECT hash FROM disputes",
        "SELECT hash FROM considered_entries",
        "SELECT number, standing_municipality, standing_entry_id, standing_hash, reason, decided_by, decided_at
         FROM decisions",
    ];
    let calls = calls.map(|select| {
        let by = "WHERE coupon_municipality = $1 AND coupon_number = $2 AND dose = $3";
        Call::made(format!("{select} {by}"), key_values(dose))
    });
    let answers = run(client, &calls).await?;
    let [disputing, recording, disputed, considered, decisions] = &answers[..] else {
        return Err(StorageError::Stopped);
    };
    let disputed = hashes(disputed)?;
    let told = parts(client, disputing.iter().chain(recording)).await?;
    let recorded: BTreeSet<(MunicipalityCode, EntryId)> =
        recording.iter().map(owner_and_id).collect::<Result<_, _>>()?;
    let (mut disputes, mut delivered) = (Vec::new(), Vec::new());
    for (part, is_delivered) in told {
        let is_recorded = recorded.contains(&(part.content.municipality, part.content.entry_id));
        if disputed.contains(&part.content.hash) {
            disputes.push(part);
        } else if is_delivered && is_recorded {
            delivered.push(part);
        }
    }
    let mut decisions = decisions.iter().map(decision).collect::<Result<Vec<_>, _>>()?;
    decisions.sort_by_key(|decision| decision.number);
    let considered = hashes(considered)?;
    let lines = lines(client, dose, disputes.iter().chain(&delivered)).await?;
    Ok(Parts { dose, disputes, recorded: delivered, decisions, considered, lines }.into_case())
}

fn hashes(found: &[Row]) -> Result<BTreeSet<EntryHash>, StorageError> {
    found.iter().map(|row| rows::bytes(row, "hash")).collect()
}

fn owner_and_id(row: &Row) -> Result<(MunicipalityCode, EntryId), StorageError> {
    Ok((rows::text(row, "municipality")?, rows::entry_id(row, "entry_id")?))
}

/// What the kept entries of those ids say that nothing has changed since, and whether each was delivered.
async fn parts(client: &Client, told: impl Iterator<Item = &Row>) -> Result<Vec<(Part, bool)>, StorageError> {
    let mut owned: BTreeMap<MunicipalityCode, Vec<Vec<u8>>> = BTreeMap::new();
    for row in told {
        let (owner, entry_id) = owner_and_id(row)?;
        owned.entry(owner).or_default().push(entry_id.to_bytes().to_vec());
    }
    let of_owner = |(owner, ids): (MunicipalityCode, Vec<Vec<u8>>)| {
        Call::new(
            "SELECT municipality, tablet_number, epoch, position, entry_id, hash, entry, received_at,
                 outcome = 'delivered' AS is_delivered
             FROM entries WHERE municipality = $1 AND entry_id = ANY($2)
                 AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.municipality = entries.municipality
                     AND changes.changed_entry_id = entries.entry_id)",
            values![rows::code(owner), ids],
        )
    };
    let calls: Vec<Call<'_>> = owned.into_iter().map(of_owner).collect();
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let mut parts = Vec::new();
    for row in run(client, &calls).await?.iter().flatten() {
        // Two may claim one id; of what is no entry nothing can be told.
        let Ok(entry) = Entry::from_bytes(rows::raw(row, "entry")?) else { continue };
        let tablet_id = rows::tablet_id(row)?;
        let content = ContentId {
            municipality: tablet_id.municipality(),
            entry_id: rows::entry_id(row, "entry_id")?,
            hash: rows::bytes(row, "hash")?,
        };
        let (received_at, place) =
            (rows::wall_time(row, "received_at")?, (rows::epoch(row)?, rows::position(row)?));
        let part = Part { content, tablet_id, entry, received_at, place };
        parts.push((part, rows::raw(row, "is_delivered")?));
    }
    Ok(parts)
}

/// The lines of these parts, municipality by municipality.
async fn lines<'a>(
    client: &Client,
    dose: DoseKey,
    parts: impl Iterator<Item = &'a Part>,
) -> Result<BTreeMap<MunicipalityCode, WeighedLines>, StorageError> {
    let mut all: BTreeMap<MunicipalityCode, WeighedLines> = BTreeMap::new();
    for part in parts {
        let of_owner = all.entry(part.content.municipality).or_default();
        of_owner.lines.look(part.content.entry_id);
    }
    for (owner, weighed) in &mut all {
        let lines = &mut weighed.lines;
        let mut gathered: BTreeSet<DoseKey> = BTreeSet::new();
        let mut next = lines.entry_ids();
        while !next.is_empty() {
            next.iter().for_each(|entry_id| lines.look(*entry_id));
            let told = register::told_by(&rows::code(*owner), next.iter().copied());
            register::tell(&run_one(client, told).await?, lines)?;
            let doses: Vec<DoseKey> = lines.doses().difference(&gathered).copied().collect();
            let mut calls = vec![changing(*owner, &next)];
            calls.extend(doses.iter().map(|dose| disputing(*owner, *dose)));
            gathered.extend(doses);
            next = lines.further();
            for row in run(client, &calls).await?.iter().flatten() {
                next.insert(rows::entry_id(row, "entry_id")?);
            }
            next.retain(|entry_id| !lines.knows(*entry_id));
        }
        for (coupon, number) in gathered.into_iter().filter(|other| *other != dose) {
            let standing = register::standing_doses(client, coupon).await?;
            let of_dose = standing.iter().filter(|one| one.vaccination.day.dose == number);
            weighed.stand_elsewhere.extend(of_dose.map(|one| one.entry_id));
        }
    }
    Ok(all)
}

/// Delivered entries that change one of those.
fn changing<'a>(owner: MunicipalityCode, entry_ids: &BTreeSet<EntryId>) -> Call<'a> {
    let ids: Vec<Vec<u8>> = entry_ids.iter().map(|id| id.to_bytes().to_vec()).collect();
    Call::new(
        "SELECT entry_id FROM changes WHERE municipality = $1 AND changed_entry_id = ANY($2)",
        values![rows::code(owner), ids],
    )
}

/// A municipality's entries that dispute that dose.
fn disputing<'a>(owner: MunicipalityCode, dose: DoseKey) -> Call<'a> {
    let mut values = key_values(dose);
    values.extend(values![rows::code(owner)]);
    Call::new(
        "SELECT entry_id FROM disputes
         WHERE coupon_municipality = $1 AND coupon_number = $2 AND dose = $3 AND municipality = $4",
        values,
    )
}

fn decision(row: &Row) -> Result<Decision, StorageError> {
    let number = u32::try_from(rows::number(row, "number")?);
    Ok(Decision {
        number: number.map_err(|_| StorageError::Inconsistent("number"))?,
        stands: register::stands(row)?,
        reason: rows::text(row, "reason")?,
        decided_by: rows::text(row, "decided_by")?,
        decided_at: rows::wall_time(row, "decided_at")?,
    })
}

fn insert_calls<'a>(layout: Layout, case: &Case, decision: &'a Decision) -> Vec<Call<'a>> {
    let mut values = key_values((case.coupon, case.dose));
    values.extend(values![
        i64::from(decision.number),
        decision.replaces().map(i64::from),
        decision.stands.map(|stands| rows::code(stands.municipality)),
        decision.stands.map(|stands| stands.entry_id.to_bytes().to_vec()),
        decision.stands.map(|stands| stands.hash.0.to_vec()),
        decision.reason.as_str(),
        decision.decided_by.as_str(),
        decision.decided_at.unix_ms()
    ]);
    let inserted = "INSERT INTO decisions (coupon_municipality, coupon_number, dose, number, replaces,
             standing_municipality, standing_entry_id, standing_hash, reason, decided_by, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let count = case.candidates.len();
    let considered = Rows::new(
        "coupon_municipality",
        vec![rows::code(case.coupon.municipality); count],
        vec![
            ("coupon_number", Column::Text(vec![case.coupon.number.to_string(); count])),
            ("dose", Column::Small(vec![i16::from(case.dose.number()); count])),
            ("hash", Column::Hashes(case.candidates.iter().map(|one| one.content.hash.0).collect())),
            ("number", Column::Big(vec![i64::from(decision.number); count])),
        ],
    );
    // What is told of its doses is another now. A mark that is being taken away at this moment is waited for.
    let marked = Call::new(
        "INSERT INTO decided_coupons (coupon_municipality, coupon_number) VALUES ($1, $2)
         ON CONFLICT (coupon_municipality, coupon_number) DO UPDATE SET coupon_number = excluded.coupon_number",
        values![rows::code(case.coupon.municipality), case.coupon.number.to_string()],
    );
    let mut calls = vec![Call::new(inserted, values), marked];
    calls.extend(insert(layout, Again::Fails, "considered_entries", considered));
    calls
}
