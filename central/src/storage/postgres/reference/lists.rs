//! Lists of doses, cut into pieces as they are written: one of all, then one of what changed each time. When there are
//! many, and nothing waits, one of all takes their place that says the same as the last.
//!
//! Must not: hold a whole list in memory.

use std::collections::BTreeSet;

use deadpool_postgres::Client;
use record::{
    MunicipalityCode, WallTime,
    bytes::PartDigest,
    reference::doses::{DoseListHeader, FORMAT, MOST_MANUFACTURERS, gone_row},
    wire::reference::{PIECE_BYTES, ReferenceVersion},
};
use tokio_postgres::Row;

use super::{
    super::{
        call::{Call, run, run_one, values},
        rows,
    },
    doses::{LOCK, dose_of, given},
};
use crate::{
    reference::{
        FOLDED_AT, FOLDED_FROM, noted,
        pieces::{Cut, Cutter, together},
    },
    storage::{Piece, StorageError},
};

/// Rows that are read at once.
const ROWS_A_PAGE: i64 = 10_000;

/// Which rows a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    All,
    Waiting,
    Gone,
}

impl Rows {
    fn condition(self) -> &'static str {
        match self {
            Self::All => "given_on IS NOT NULL",
            Self::Waiting => "waiting AND given_on IS NOT NULL",
            Self::Gone => "waiting AND given_on IS NULL",
        }
    }
}

/// See [`crate::storage::Reference::list_doses`].
pub(in super::super) async fn list(
    client: &Client,
    now: WallTime,
) -> Result<Option<MunicipalityCode>, StorageError> {
    let version = super::begin(client, now).await?;
    let calls = [
        Call::new("SELECT pg_advisory_xact_lock($1)", values![LOCK]),
        Call::new("SELECT coupon_municipality FROM told_doses WHERE waiting LIMIT 1", values![]),
        Call::new(
            "SELECT coupon_municipality FROM dose_lists GROUP BY coupon_municipality HAVING count(*) >= $1 LIMIT 1",
            values![rows::signed(FOLDED_FROM)],
        ),
    ];
    let answers = run(client, &calls).await?;
    let [_, waiting, long] = &answers[..] else { return Err(StorageError::Stopped) };
    let named = |rows: &[Row]| rows.first().map(|row| rows::text(row, "coupon_municipality")).transpose();
    let municipality: MunicipalityCode = if let Some(municipality) = named(waiting)? {
        let count = "SELECT count(*) AS count FROM dose_lists WHERE coupon_municipality = $1";
        let rows = run_one(client, Call::new(count, values![rows::code(municipality)])).await?;
        let count = rows.first().map_or(Ok(0), |row| rows::number(row, "count"))?;
        let which = if (1..FOLDED_AT).contains(&count) { Rows::Waiting } else { Rows::All };
        write(client, municipality, which, None, version).await?;
        municipality
    } else if let Some(municipality) = named(long)? {
        let last = Call::new(
            "SELECT digest FROM dose_lists WHERE coupon_municipality = $1 ORDER BY version DESC LIMIT 1",
            values![rows::code(municipality)],
        );
        let last = run_one(client, last).await?;
        let last: Option<PartDigest> = last.first().map(|row| rows::bytes(row, "digest")).transpose()?;
        write(client, municipality, Rows::All, last, version).await?;
        municipality
    } else {
        // Nothing changed: the version is given back.
        run_one(client, Call::new("ROLLBACK", values![])).await?;
        return Ok(None);
    };
    run_one(client, super::commit()).await?;
    Ok(Some(municipality))
}

async fn write(
    client: &Client,
    municipality: MunicipalityCode,
    which: Rows,
    same_as: Option<PartDigest>,
    version: ReferenceVersion,
) -> Result<(), StorageError> {
    let code = rows::code(municipality);
    if which == Rows::All {
        // Whoever is in the middle of an older list asks anew.
        let calls = [
            Call::new("DELETE FROM dose_pieces WHERE coupon_municipality = $1", values![code.clone()]),
            Call::new("DELETE FROM dose_lists WHERE coupon_municipality = $1", values![code.clone()]),
        ];
        run(client, &calls).await?;
    }
    let header = header(client, municipality, which).await?;
    let mut cutter = Cutter::default();
    put(client, &code, version, cutter.take(&header.to_line())).await?;
    let mut after = None;
    while let Some(page) = page(client, &code, which, &mut after).await? {
        let mut bytes = Vec::new();
        for row in &page {
            let given = given(row)?.ok_or(StorageError::Inconsistent("given_on"))?;
            bytes.extend(noted::row(&header, dose_of(row)?, given)?);
        }
        put(client, &code, version, cutter.take(&bytes)).await?;
    }
    let mut after = None;
    while which == Rows::Waiting
        && let Some(page) = page(client, &code, Rows::Gone, &mut after).await?
    {
        let mut bytes = Vec::new();
        for row in &page {
            let (coupon, dose) = dose_of(row)?;
            bytes.extend(gone_row(coupon, dose));
        }
        put(client, &code, version, cutter.take(&bytes)).await?;
    }
    let (last, size, digest) = cutter.end();
    put(client, &code, version, last).await?;
    let calls = [
        Call::new(
            "INSERT INTO dose_lists (coupon_municipality, version, is_all, same_as, digest, size)
             VALUES ($1, $2, $3, $4, $5, $6)",
            values![
                code.clone(),
                rows::signed(version.number()),
                which == Rows::All,
                same_as.map(|digest| digest.0.to_vec()),
                digest.0.to_vec(),
                rows::signed(size)
            ],
        ),
        Call::new(
            "DELETE FROM told_doses WHERE coupon_municipality = $1 AND waiting AND given_on IS NULL",
            values![code.clone()],
        ),
        Call::new(
            "UPDATE told_doses SET waiting = false WHERE coupon_municipality = $1 AND waiting",
            values![code],
        ),
    ];
    run(client, &calls).await.map(drop)
}

async fn header(
    client: &Client,
    municipality: MunicipalityCode,
    which: Rows,
) -> Result<DoseListHeader, StorageError> {
    let code = rows::code(municipality);
    let count = |rows: Rows| {
        let sql = format!(
            "SELECT count(*) AS count FROM told_doses WHERE coupon_municipality = $1 AND {}",
            rows.condition()
        );
        Call::made(sql, values![code.clone()])
    };
    let makers = format!(
        "SELECT DISTINCT manufacturer COLLATE \"C\" AS manufacturer FROM told_doses
         WHERE coupon_municipality = $1 AND {} AND manufacturer IS NOT NULL ORDER BY 1 LIMIT {MOST_MANUFACTURERS}",
        which.condition()
    );
    let calls = [Call::made(makers, values![code.clone()]), count(which), count(Rows::Gone)];
    let answers = run(client, &calls).await?;
    let [makers, holds, gone] = &answers[..] else { return Err(StorageError::Stopped) };
    let number = |rows: &[Row]| {
        let count = rows.first().map_or(Ok(0), |row| rows::number(row, "count"))?;
        u32::try_from(count).map_err(|_| StorageError::Inconsistent("count"))
    };
    let manufacturers = makers.iter().map(|row| rows::text(row, "manufacturer")).collect::<Result<_, _>>()?;
    let gone = if which == Rows::Waiting { number(gone)? } else { 0 };
    Ok(DoseListHeader { format: FORMAT, municipality, manufacturers, holds: number(holds)?, gone })
}

/// The next rows by hash and dose; none where there are no more.
async fn page(
    client: &Client,
    code: &str,
    which: Rows,
    after: &mut Option<(Vec<u8>, i16)>,
) -> Result<Option<Vec<Row>>, StorageError> {
    let sql = format!(
        "SELECT coupon, dose, given_on, manufacturer FROM told_doses
         WHERE coupon_municipality = $1 AND {} AND (coupon, dose) > ($2, $3) ORDER BY coupon, dose LIMIT $4",
        which.condition()
    );
    let (coupon, dose) = after.take().unwrap_or_default();
    let page = run_one(client, Call::made(sql, values![code, coupon, dose, ROWS_A_PAGE])).await?;
    let Some(last) = page.last() else { return Ok(None) };
    *after = Some((rows::raw(last, "coupon")?, rows::raw(last, "dose")?));
    Ok(Some(page))
}

async fn put(
    client: &Client,
    code: &str,
    version: ReferenceVersion,
    cuts: impl IntoIterator<Item = Cut>,
) -> Result<(), StorageError> {
    let calls: Vec<Call<'_>> = cuts
        .into_iter()
        .map(|(first, piece)| {
            Call::new(
                "INSERT INTO dose_pieces (coupon_municipality, version, first, bytes) VALUES ($1, $2, $3, $4)",
                values![code, rows::signed(version.number()), rows::signed(first), piece],
            )
        })
        .collect();
    run(client, &calls).await.map(drop)
}

/// Bytes of a list of one of these municipalities.
pub(super) async fn piece(
    client: &Client,
    known: &BTreeSet<MunicipalityCode>,
    digest: PartDigest,
    first: u64,
    most: u64,
) -> Result<Option<Piece>, StorageError> {
    let codes: Vec<String> = known.iter().map(|municipality| rows::code(*municipality)).collect();
    let list = Call::new(
        "SELECT coupon_municipality, version, size FROM dose_lists
         WHERE coupon_municipality = ANY($1) AND digest = $2 LIMIT 1",
        values![codes, digest.0.to_vec()],
    );
    let lists = run_one(client, list).await?;
    let Some(list) = lists.first() else { return Ok(None) };
    let (size, version): (u64, i64) = (rows::number(list, "size")?, rows::raw(list, "version")?);
    let code: String = rows::raw(list, "coupon_municipality")?;
    let end = first.saturating_add(most).min(size);
    if first >= end {
        return Ok(None);
    }
    let pieces = Call::new(
        "SELECT first, bytes FROM dose_pieces
         WHERE coupon_municipality = $1 AND version = $2 AND first > $3 AND first < $4 ORDER BY first",
        values![code, version, rows::signed(first) - PIECE_BYTES as i64, rows::signed(end)],
    );
    let pieces = run_one(client, pieces).await?;
    let cuts = pieces
        .iter()
        .map(|row| Ok((rows::number(row, "first")?, rows::raw(row, "bytes")?)))
        .collect::<Result<Vec<Cut>, StorageError>>()?;
    Ok(Some(Piece { size, bytes: together(cuts, first, end) }))
}
