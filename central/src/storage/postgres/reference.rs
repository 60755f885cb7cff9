//! What is sent down: publications, decisions, and what of all of it is for one tablet.
//!
//! Must not: change a publication, or read a municipality's lists for a tablet that was not let know of it.

mod compared;
mod doses;
mod lists;

use std::collections::BTreeSet;

use deadpool_postgres::Client;
use record::{
    MunicipalityCode, TabletId, WallTime,
    bytes::PartDigest,
    reference::{SettledEntry, Settlement, document},
    wire::reference::{MOST_CHAINS, Part, ReferenceVersion},
};
use seal::reference::part_digest;
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    handouts, rows,
};
use crate::storage::{
    Piece, Publication, PublicationKind, Published, StorageError, Told, ToldDoses,
    reference::{whom, whose},
};

pub(super) use compared::compare;
pub(super) use doses::{forget, gather, is_hashed};
pub(super) use lists::list;

/// The most decisions that one tablet is told of, the newest: a part stays far below its limit with them.
const MOST_SETTLED: i64 = 4_000;
/// All of it as of one moment.
const AS_OF_ONE_MOMENT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Begins a transaction and takes the version of what it changes. Its row is held until the end, so that a higher version
/// is never seen before a lower one.
pub(super) async fn begin(client: &Client, now: WallTime) -> Result<ReferenceVersion, StorageError> {
    run_one(client, Call::new("BEGIN", values![])).await?;
    next_version(client, now).await
}

/// The version of what is changed now, inside a transaction.
async fn next_version(client: &Client, now: WallTime) -> Result<ReferenceVersion, StorageError> {
    let call = Call::new(
        "INSERT INTO reference_version (only_row, version) VALUES (true, $1)
         ON CONFLICT (only_row) DO UPDATE SET version = greatest(excluded.version, reference_version.version + 1)
         RETURNING version",
        values![rows::signed(ReferenceVersion::after(None, now).number())],
    );
    let answers = run_one(client, call).await?;
    version(answers.first().ok_or(StorageError::Inconsistent("version"))?, "version")
}

fn version(row: &Row, column: &'static str) -> Result<ReferenceVersion, StorageError> {
    ReferenceVersion::new(rows::number(row, column)?).ok_or(StorageError::Inconsistent(column))
}

fn part(row: &Row) -> Result<Part, StorageError> {
    Ok(Part {
        version: version(row, "version")?,
        size: rows::number(row, "size")?,
        digest: rows::bytes(row, "digest")?,
    })
}

fn commit() -> Call<'static> {
    Call::new("COMMIT", values![])
}

pub(super) async fn publish(
    client: &Client,
    publication: &Publication,
) -> Result<ReferenceVersion, StorageError> {
    let version = begin(client, publication.at).await?;
    let insert = Call::new(
        "INSERT INTO publications (version, kind, municipality, digest, bytes, published_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            rows::signed(version.number()),
            publication.kind.code(),
            whose(publication.municipality),
            part_digest(&publication.bytes).0.to_vec(),
            publication.bytes.clone(),
            publication.at.unix_ms()
        ],
    );
    run(client, &[insert, commit()]).await?;
    Ok(version)
}

pub(super) async fn publications(client: &Client) -> Result<Vec<Published>, StorageError> {
    let call = Call::new(
        "SELECT version, kind, municipality, digest, length(bytes)::bigint AS size, published_at
         FROM publications ORDER BY version",
        values![],
    );
    let read = |row: &Row| {
        Ok(Published {
            kind: PublicationKind::of_code(rows::raw(row, "kind")?)
                .ok_or(StorageError::Inconsistent("kind"))?,
            municipality: whom(rows::raw(row, "municipality")?)?,
            part: part(row)?,
            published_at: rows::wall_time(row, "published_at")?,
        })
    };
    run_one(client, call).await?.iter().map(read).collect()
}

pub(super) async fn let_know(
    client: &Client,
    tablet_id: TabletId,
    municipalities: &BTreeSet<MunicipalityCode>,
    now: WallTime,
) -> Result<(), StorageError> {
    let version = begin(client, now).await?;
    let Some(mut calls) = know_calls(client, tablet_id, municipalities, version).await? else {
        return run_one(client, Call::new("ROLLBACK", values![])).await.map(drop);
    };
    calls.push(commit());
    run(client, &calls).await.map(drop)
}

/// The same inside a transaction that [`begin`] began; none where nothing changes.
pub(super) async fn know_calls(
    client: &Client,
    tablet_id: TabletId,
    municipalities: &BTreeSet<MunicipalityCode>,
    version: ReferenceVersion,
) -> Result<Option<Vec<Call<'static>>>, StorageError> {
    let own = tablet_id.municipality();
    let others = municipalities.iter().copied().filter(|other| *other != own).take(MOST_CHAINS - 1);
    let asked: BTreeSet<MunicipalityCode> = others.chain([own]).collect();
    if known(tablet_id, &run_one(client, known_call(tablet_id)).await?)? == asked {
        return Ok(None);
    }
    let (owner, number) = rows::key(tablet_id);
    let mut calls = vec![Call::new(
        "DELETE FROM known_municipalities WHERE municipality = $1 AND tablet_number = $2",
        values![owner.clone(), number],
    )];
    for municipality in asked {
        calls.push(Call::new(
            "INSERT INTO known_municipalities (municipality, tablet_number, coupon_municipality, version)
             VALUES ($1, $2, $3, $4)",
            values![owner.clone(), number, rows::code(municipality), rows::signed(version.number())],
        ));
    }
    Ok(Some(calls))
}

fn known_call(tablet_id: TabletId) -> Call<'static> {
    let (municipality, number) = rows::key(tablet_id);
    Call::new(
        "SELECT coupon_municipality, version FROM known_municipalities
         WHERE municipality = $1 AND tablet_number = $2",
        values![municipality, number],
    )
}

/// Of which municipalities' doses that tablet is told: always of its own's.
fn known(tablet_id: TabletId, rows: &[Row]) -> Result<BTreeSet<MunicipalityCode>, StorageError> {
    let known = rows.iter().map(|row| rows::text(row, "coupon_municipality"));
    known.chain([Ok(tablet_id.municipality())]).collect()
}

pub(super) async fn tell_settled(
    client: &Client,
    tablet_id: TabletId,
    settled: &SettledEntry,
    now: WallTime,
) -> Result<(), StorageError> {
    run_one(client, Call::new("BEGIN", values![])).await?;
    note_settled(client, tablet_id, settled, now).await?;
    run_one(client, commit()).await.map(drop)
}

/// The same inside a transaction.
pub(super) async fn note_settled(
    client: &Client,
    tablet_id: TabletId,
    settled: &SettledEntry,
    now: WallTime,
) -> Result<(), StorageError> {
    let version = next_version(client, now).await?;
    let (municipality, number) = rows::key(tablet_id);
    let insert = Call::new(
        "INSERT INTO settled_entries (municipality, tablet_number, epoch, position, hash, settlement,
             settled_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (municipality, tablet_number, epoch, position, hash) DO UPDATE
         SET settlement = excluded.settlement, settled_at = excluded.settled_at, version = excluded.version",
        values![
            municipality,
            number,
            i64::from(settled.epoch.number()),
            rows::signed(settled.position.number()),
            settled.hash.0.to_vec(),
            settled.settlement.code(),
            settled.settled_at.unix_ms(),
            rows::signed(version.number())
        ],
    );
    run_one(client, insert).await.map(drop)
}

fn settled_call(tablet_id: TabletId) -> Call<'static> {
    let (municipality, number) = rows::key(tablet_id);
    Call::new(
        "SELECT epoch, position, hash, settlement, settled_at, version FROM settled_entries
         WHERE municipality = $1 AND tablet_number = $2 ORDER BY version DESC LIMIT $3",
        values![municipality, number, MOST_SETTLED],
    )
}

/// The part that tells a tablet what was decided about its entries; none before anything was.
fn settled(told: &[Row]) -> Result<Option<(Part, Vec<u8>)>, StorageError> {
    let Some(first) = told.first() else { return Ok(None) };
    let read = |row: &Row| {
        Ok(SettledEntry {
            epoch: rows::epoch(row)?,
            position: rows::position(row)?,
            hash: rows::bytes(row, "hash")?,
            settlement: Settlement::of_code(rows::raw(row, "settlement")?),
            settled_at: rows::wall_time(row, "settled_at")?,
        })
    };
    let settled = told.iter().map(read).collect::<Result<Vec<_>, StorageError>>()?;
    let bytes = document(&settled);
    let part =
        Part { version: version(first, "version")?, size: bytes.len() as u64, digest: part_digest(&bytes) };
    Ok(Some((part, bytes)))
}

fn last_published(kind: PublicationKind, municipality: Option<MunicipalityCode>) -> Call<'static> {
    Call::new(
        "SELECT version, digest, length(bytes)::bigint AS size FROM publications
         WHERE kind = $1 AND municipality = $2 ORDER BY version DESC LIMIT 1",
        values![kind.code(), whose(municipality)],
    )
}

pub(super) async fn told(client: &Client, tablet_id: TabletId) -> Result<Told, StorageError> {
    let own = Some(tablet_id.municipality());
    let calls = [
        Call::new(AS_OF_ONE_MOMENT, values![]),
        last_published(PublicationKind::Lots, None),
        last_published(PublicationKind::Lots, own),
        last_published(PublicationKind::Rules, None),
        last_published(PublicationKind::Rules, own),
        settled_call(tablet_id),
        known_call(tablet_id),
        handouts::replaced_by_call(tablet_id),
    ];
    let answers = run(client, &calls).await?;
    let [_, lots, received, all_rules, own_rules, decided, known_rows, replaced] = &answers[..] else {
        return Err(StorageError::Stopped);
    };
    let published = |rows: &[Row]| rows.first().map(part).transpose();
    let let_know = known_rows
        .iter()
        .chain(replaced)
        .map(|row| version(row, "version"))
        .collect::<Result<Vec<_>, _>>()?;
    let mut told = Told {
        version: None,
        replaced: replaced.first().map(handouts::replaced_by).transpose()?,
        lots: published(lots)?,
        received: published(received)?,
        rules: published(own_rules)?.or(published(all_rules)?),
        settled: settled(decided)?.map(|(part, _)| part),
        doses: Vec::new(),
    };
    let known = known(tablet_id, known_rows)?;
    let mut calls: Vec<Call<'_>> = known.iter().map(|municipality| lists_call(*municipality)).collect();
    calls.push(commit());
    let lists = run(client, &calls).await?;
    for (municipality, rows) in known.into_iter().zip(&lists) {
        told.doses.extend(lists_of(municipality, rows)?);
    }
    let documents = [told.lots, told.received, told.rules, told.settled];
    let lists = told.doses.iter().flat_map(|doses| &doses.lists).map(|list| list.version);
    told.version =
        documents.into_iter().flatten().map(|part| part.version).chain(lists).chain(let_know).max();
    Ok(told)
}

/// The lists that are in force: a list of all takes the place of every list before it.
fn lists_call(municipality: MunicipalityCode) -> Call<'static> {
    Call::new(
        "SELECT version, size, digest, same_as FROM dose_lists WHERE coupon_municipality = $1 ORDER BY version",
        values![rows::code(municipality)],
    )
}

fn lists_of(municipality: MunicipalityCode, lists: &[Row]) -> Result<Option<ToldDoses>, StorageError> {
    let Some(first) = lists.first() else { return Ok(None) };
    let same_as: Option<&[u8]> = rows::raw(first, "same_as")?;
    let same_as = same_as
        .map(|digest| PartDigest::try_from(digest).map_err(|_| StorageError::Inconsistent("same_as")))
        .transpose()?;
    let lists = lists.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(ToldDoses { municipality, same_as, lists }))
}

pub(super) async fn piece(
    client: &Client,
    tablet_id: TabletId,
    digest: PartDigest,
    first: u64,
    most: u64,
) -> Result<Option<Piece>, StorageError> {
    let calls = [
        Call::new(AS_OF_ONE_MOMENT, values![]),
        Call::new(
            "SELECT bytes FROM publications
             WHERE digest = $1 AND municipality IN ('', $2) LIMIT 1",
            values![digest.0.to_vec(), rows::code(tablet_id.municipality())],
        ),
        settled_call(tablet_id),
        known_call(tablet_id),
    ];
    let answers = run(client, &calls).await?;
    let [_, published, decided, known_rows] = &answers[..] else { return Err(StorageError::Stopped) };
    let decided = settled(decided)?.filter(|(part, _)| part.digest == digest).map(|(_, bytes)| bytes);
    let published: Option<Vec<u8>> = published.first().map(|row| rows::raw(row, "bytes")).transpose()?;
    let piece = match published.or(decided) {
        Some(bytes) => Piece::of(&bytes, first, most),
        None => lists::piece(client, &known(tablet_id, known_rows)?, digest, first, most).await?,
    };
    run_one(client, commit()).await?;
    Ok(piece)
}
