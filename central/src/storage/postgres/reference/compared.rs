//! Compares the lists with what follows from the register, inside a transaction that is undone.
//!
//! Must not: leave anything changed.

use std::collections::BTreeSet;

use deadpool_postgres::Client;
use record::MunicipalityCode;
use seal::coupon::CouponMaster;
use tokio_postgres::Row;

use super::{
    super::{
        call::{Call, run, run_one, values},
        columns::Layout,
        locks, rows,
    },
    doses::{self, dose_of, given},
};
use crate::{
    reference::{
        compared::{KeptList, NotedDigests, compared, say},
        noted::NotedDoses,
    },
    storage::{ComparedLists, StorageError},
};

/// Entries or doses looked at in one step.
const AT_ONCE: u32 = 2_000;

/// See [`crate::storage::Reference::compare_doses`].
pub(in super::super) async fn compare(
    client: &Client,
    layout: Layout,
    master: &CouponMaster,
) -> Result<ComparedLists, StorageError> {
    run(client, &doses::begin()).await?;
    run_one(client, locks::hold_all(layout)).await?;
    // What came since the last time is not listed yet, and that is no fault.
    while doses::step(client, master, AT_ONCE).await? > 0 {}
    let noted = digests(client).await?;
    let mut unlike = BTreeSet::new();
    for municipality in listed(client).await? {
        if !lists_say(client, municipality).await? {
            unlike.insert(municipality);
        }
    }
    run(client, &doses::forget_noted()).await?;
    while doses::step(client, master, AT_ONCE).await? > 0 {}
    let anew = digests(client).await?;
    run_one(client, Call::new("ROLLBACK", values![])).await?;
    Ok(compared(noted, anew, unlike))
}

async fn digests(client: &Client) -> Result<NotedDigests, StorageError> {
    let mut digests = NotedDigests::default();
    let mut after: Option<(String, Vec<u8>, i16)> = None;
    loop {
        let sql = "SELECT coupon_municipality, coupon, dose, given_on, manufacturer FROM told_doses";
        let order = "ORDER BY coupon_municipality, coupon, dose LIMIT";
        let call = match after {
            Some((code, coupon, dose)) => Call::made(
                format!("{sql} WHERE (coupon_municipality, coupon, dose) > ($1, $2, $3) {order} $4"),
                values![code, coupon, dose, i64::from(AT_ONCE)],
            ),
            None => Call::made(format!("{sql} {order} $1"), values![i64::from(AT_ONCE)]),
        };
        let page = run_one(client, call).await?;
        for row in &page {
            digests.take(rows::text(row, "coupon_municipality")?, dose_of(row)?, &given(row)?);
        }
        let Some(last) = page.last() else { return Ok(digests) };
        after = Some((
            rows::raw(last, "coupon_municipality")?,
            rows::raw(last, "coupon")?,
            rows::raw(last, "dose")?,
        ));
    }
}

async fn listed(client: &Client) -> Result<Vec<MunicipalityCode>, StorageError> {
    let sql = "SELECT coupon_municipality FROM told_doses UNION SELECT coupon_municipality FROM dose_lists";
    let found = run_one(client, Call::new(sql, values![])).await?;
    found.iter().map(|row| rows::text(row, "coupon_municipality")).collect()
}

async fn lists_say(client: &Client, municipality: MunicipalityCode) -> Result<bool, StorageError> {
    let code = rows::code(municipality);
    let names = Call::new(
        "SELECT version, digest FROM dose_lists WHERE coupon_municipality = $1 ORDER BY version",
        values![code.clone()],
    );
    let mut lists: Vec<KeptList> = Vec::new();
    for name in run_one(client, names).await? {
        let pieces = Call::new(
            "SELECT bytes FROM dose_pieces WHERE coupon_municipality = $1 AND version = $2 ORDER BY first",
            values![code.clone(), rows::raw::<i64>(&name, "version")?],
        );
        let pieces = run_one(client, pieces).await?;
        let pieces: Vec<&[u8]> =
            pieces.iter().map(|row| rows::raw(row, "bytes")).collect::<Result<_, _>>()?;
        lists.push((rows::bytes(&name, "digest")?, pieces.concat()));
    }
    let noted = Call::new(
        "SELECT coupon, dose, given_on, manufacturer, waiting FROM told_doses WHERE coupon_municipality = $1",
        values![code],
    );
    let (mut by_dose, mut waiting) = (NotedDoses::new(), BTreeSet::new());
    let read =
        |row: &Row| Ok::<_, StorageError>((dose_of(row)?, given(row)?, rows::raw::<bool>(row, "waiting")?));
    for row in run_one(client, noted).await? {
        let (key, given, waits) = read(&row)?;
        if waits {
            waiting.insert(key);
        }
        by_dose.insert(key, given);
    }
    Ok(say(municipality, &lists, by_dose, &waiting))
}
