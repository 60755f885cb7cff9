//! What is sent down: publications, decisions, and what of all of it is for one tablet.
//!
//! Must not: change a publication, or read a municipality's lists for a tablet that was not let know of it.

mod compared;
mod doses;
mod lists;

use std::collections::BTreeSet;

use record::{
    MunicipalityCode, TabletId, WallTime,
    bytes::{EntryHash, PartDigest},
    reference::{SettledEntry, Settlement, document},
    wire::reference::{MOST_CHAINS, Part, ReferenceVersion},
};
use rusqlite::{Connection, Row, params};
use seal::reference::part_digest;

use super::{handouts, rows};
use crate::storage::{
    Piece, Publication, PublicationKind, Published, StorageError, Told, ToldDoses,
    reference::{whom, whose},
};

pub(super) use compared::compare;
pub(super) use doses::{forget, gather, is_hashed};
pub(super) use lists::list;

/// The most decisions that one tablet is told of, the newest: a part stays far below its limit with them.
const MOST_SETTLED: u32 = 4_000;

/// The version of what is changed now.
pub(super) fn next_version(
    transaction: &Connection,
    now: WallTime,
) -> Result<ReferenceVersion, StorageError> {
    let last =
        rows::one(transaction, "SELECT version FROM reference_version", [], |row| version(row, "version"))?;
    let next = ReferenceVersion::after(last, now);
    rows::run(
        transaction,
        "INSERT INTO reference_version (only_row, version) VALUES (1, ?1)
         ON CONFLICT (only_row) DO UPDATE SET version = excluded.version",
        [rows::signed(next.number())],
    )?;
    Ok(next)
}

fn version(row: &Row<'_>, column: &'static str) -> Result<ReferenceVersion, StorageError> {
    ReferenceVersion::new(rows::number(row, column)?).ok_or(StorageError::Inconsistent(column))
}

fn part(row: &Row<'_>) -> Result<Part, StorageError> {
    Ok(Part {
        version: version(row, "version")?,
        size: rows::number(row, "size")?,
        digest: rows::bytes(row, "digest")?,
    })
}

pub(super) fn publish(
    transaction: &Connection,
    publication: &Publication,
) -> Result<ReferenceVersion, StorageError> {
    let version = next_version(transaction, publication.at)?;
    rows::run(
        transaction,
        "INSERT INTO publications (version, kind, municipality, digest, bytes, published_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            rows::signed(version.number()),
            publication.kind.code(),
            whose(publication.municipality),
            part_digest(&publication.bytes).0,
            publication.bytes,
            publication.at.unix_ms()
        ],
    )?;
    Ok(version)
}

pub(super) fn publications(connection: &Connection) -> Result<Vec<Published>, StorageError> {
    rows::all(
        connection,
        "SELECT version, kind, municipality, digest, length(bytes) AS size, published_at FROM publications
         ORDER BY version",
        [],
        |row| {
            let kind: String = rows::raw(row, "kind")?;
            let municipality: String = rows::raw(row, "municipality")?;
            Ok(Published {
                kind: PublicationKind::of_code(&kind).ok_or(StorageError::Inconsistent("kind"))?,
                municipality: whom(&municipality)?,
                part: part(row)?,
                published_at: rows::wall_time(row, "published_at")?,
            })
        },
    )
}

pub(super) fn let_know(
    transaction: &Connection,
    tablet_id: TabletId,
    municipalities: &BTreeSet<MunicipalityCode>,
    now: WallTime,
) -> Result<(), StorageError> {
    let own = tablet_id.municipality();
    let others = municipalities.iter().copied().filter(|other| *other != own).take(MOST_CHAINS - 1);
    let asked: BTreeSet<MunicipalityCode> = others.chain([own]).collect();
    let known: BTreeSet<MunicipalityCode> = known(transaction, tablet_id)?;
    if asked == known {
        return Ok(());
    }
    let version = next_version(transaction, now)?;
    let owner = own.to_string();
    rows::run(
        transaction,
        "DELETE FROM known_municipalities WHERE municipality = ?1 AND tablet_number = ?2",
        params![owner, tablet_id.number()],
    )?;
    for municipality in asked {
        rows::run(
            transaction,
            "INSERT INTO known_municipalities (municipality, tablet_number, coupon_municipality, version)
             VALUES (?1, ?2, ?3, ?4)",
            params![owner, tablet_id.number(), municipality.to_string(), rows::signed(version.number())],
        )?;
    }
    Ok(())
}

/// Of which municipalities' doses that tablet is told: always of its own's.
fn known(connection: &Connection, tablet_id: TabletId) -> Result<BTreeSet<MunicipalityCode>, StorageError> {
    let own = tablet_id.municipality();
    let known = rows::all(
        connection,
        "SELECT coupon_municipality FROM known_municipalities WHERE municipality = ?1 AND tablet_number = ?2",
        params![own.to_string(), tablet_id.number()],
        |row| rows::text(row, "coupon_municipality"),
    )?;
    Ok(known.into_iter().chain([own]).collect())
}

pub(super) fn tell_settled(
    transaction: &Connection,
    tablet_id: TabletId,
    settled: &SettledEntry,
    now: WallTime,
) -> Result<(), StorageError> {
    let version = next_version(transaction, now)?;
    rows::run(
        transaction,
        "INSERT INTO settled_entries (municipality, tablet_number, epoch, position, hash, settlement,
             settled_at, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET settlement = excluded.settlement, settled_at = excluded.settled_at,
             version = excluded.version",
        params![
            tablet_id.municipality().to_string(),
            tablet_id.number(),
            settled.epoch.number(),
            rows::signed(settled.position.number()),
            settled.hash.0,
            settled.settlement.code(),
            settled.settled_at.unix_ms(),
            rows::signed(version.number())
        ],
    )?;
    Ok(())
}

/// The part that tells that tablet what was decided about its entries; none before anything was.
fn settled(connection: &Connection, tablet_id: TabletId) -> Result<Option<(Part, Vec<u8>)>, StorageError> {
    let told: Vec<(ReferenceVersion, SettledEntry)> = rows::all(
        connection,
        "SELECT epoch, position, hash, settlement, settled_at, version FROM settled_entries
         WHERE municipality = ?1 AND tablet_number = ?2 ORDER BY version DESC LIMIT ?3",
        params![tablet_id.municipality().to_string(), tablet_id.number(), MOST_SETTLED],
        |row| {
            let settlement: String = rows::raw(row, "settlement")?;
            let settled = SettledEntry {
                epoch: rows::epoch(row)?,
                position: rows::position(row)?,
                hash: rows::bytes::<EntryHash>(row, "hash")?,
                settlement: Settlement::of_code(&settlement),
                settled_at: rows::wall_time(row, "settled_at")?,
            };
            Ok((version(row, "version")?, settled))
        },
    )?;
    let Some(version) = told.first().map(|(version, _)| *version) else { return Ok(None) };
    let bytes = document(&told.into_iter().map(|(_, settled)| settled).collect::<Vec<_>>());
    let part = Part { version, size: bytes.len() as u64, digest: part_digest(&bytes) };
    Ok(Some((part, bytes)))
}

fn last_published(
    connection: &Connection,
    kind: PublicationKind,
    municipality: Option<MunicipalityCode>,
) -> Result<Option<Part>, StorageError> {
    rows::one(
        connection,
        "SELECT version, digest, length(bytes) AS size FROM publications
         WHERE kind = ?1 AND municipality = ?2 ORDER BY version DESC LIMIT 1",
        params![kind.code(), whose(municipality)],
        part,
    )
}

pub(super) fn told(connection: &Connection, tablet_id: TabletId) -> Result<Told, StorageError> {
    // All of it as of one moment.
    let moment = connection.unchecked_transaction()?;
    let own = Some(tablet_id.municipality());
    let own_rules = last_published(&moment, PublicationKind::Rules, own)?;
    let rules = match own_rules {
        Some(rules) => Some(rules),
        None => last_published(&moment, PublicationKind::Rules, None)?,
    };
    let let_know: Option<ReferenceVersion> = rows::one(
        &moment,
        "SELECT version FROM known_municipalities WHERE municipality = ?1 AND tablet_number = ?2
         ORDER BY version DESC LIMIT 1",
        params![tablet_id.municipality().to_string(), tablet_id.number()],
        |row| version(row, "version"),
    )?;
    let replaced = handouts::replaced_by(&moment, tablet_id)?;
    let replaced_version: Option<ReferenceVersion> = rows::one(
        &moment,
        "SELECT version FROM replaced_tablets WHERE municipality = ?1 AND tablet_number = ?2",
        params![tablet_id.municipality().to_string(), tablet_id.number()],
        |row| version(row, "version"),
    )?;
    let mut told = Told {
        version: None,
        replaced,
        lots: last_published(&moment, PublicationKind::Lots, None)?,
        received: last_published(&moment, PublicationKind::Lots, own)?,
        rules,
        settled: settled(&moment, tablet_id)?.map(|(part, _)| part),
        doses: Vec::new(),
    };
    for municipality in known(&moment, tablet_id)? {
        told.doses.extend(lists_of(&moment, municipality)?);
    }
    let documents = [told.lots, told.received, told.rules, told.settled];
    let lists = told.doses.iter().flat_map(|doses| &doses.lists).map(|list| list.version);
    told.version = documents
        .into_iter()
        .flatten()
        .map(|part| part.version)
        .chain(lists)
        .chain(let_know)
        .chain(replaced_version)
        .max();
    Ok(told)
}

/// The lists that are in force: from the last one of all on.
fn lists_of(
    connection: &Connection,
    municipality: MunicipalityCode,
) -> Result<Option<ToldDoses>, StorageError> {
    let code = municipality.to_string();
    let lists: Vec<(Option<PartDigest>, Part)> = rows::all(
        connection,
        "SELECT version, size, digest, same_as FROM dose_lists
         WHERE coupon_municipality = ?1 AND version >= (SELECT max(version) FROM dose_lists
             WHERE coupon_municipality = ?1 AND is_all)
         ORDER BY version",
        [code],
        |row| {
            let same_as: Option<Vec<u8>> = rows::raw(row, "same_as")?;
            let same_as = same_as
                .map(|digest| {
                    PartDigest::try_from(&digest[..]).map_err(|_| StorageError::Inconsistent("same_as"))
                })
                .transpose()?;
            Ok((same_as, part(row)?))
        },
    )?;
    let Some(same_as) = lists.first().map(|(same_as, _)| *same_as) else { return Ok(None) };
    let lists = lists.into_iter().map(|(_, list)| list).collect();
    Ok(Some(ToldDoses { municipality, same_as, lists }))
}

pub(super) fn piece(
    connection: &Connection,
    tablet_id: TabletId,
    digest: PartDigest,
    first: u64,
    most: u64,
) -> Result<Option<Piece>, StorageError> {
    let moment = connection.unchecked_transaction()?;
    let own = tablet_id.municipality().to_string();
    let published: Option<Vec<u8>> = rows::one(
        &moment,
        "SELECT bytes FROM publications WHERE digest = ?1 AND municipality IN ('', ?2) LIMIT 1",
        params![digest.0, own],
        |row| rows::raw(row, "bytes"),
    )?;
    if let Some(bytes) = published {
        return Ok(Piece::of(&bytes, first, most));
    }
    if let Some((part, bytes)) = settled(&moment, tablet_id)?
        && part.digest == digest
    {
        return Ok(Piece::of(&bytes, first, most));
    }
    lists::piece(&moment, &known(&moment, tablet_id)?, digest, first, most)
}
