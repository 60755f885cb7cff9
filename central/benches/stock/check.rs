//! Whether everything adds up, over the country: every line taken again, every account compared.
//!
//! Must not: pass where anything is wrong.

use std::time::Instant;

use central::{stock::checking, storage::Storage};

use crate::{
    fill::{Filled, connect},
    report::Report,
};

/// Whether each lot's balances add up; the lines are not read. What is on hand came from somewhere: the rest is gone or on
/// its way.
const BALANCES: &str = "SELECT count(*) FROM (
    SELECT product, lot FROM stock_accounts GROUP BY product, lot
    HAVING sum(CASE WHEN account IN ('delivered', 'gained', 'shortfall', 'received') THEN doses ELSE -doses END) <> 0
) AS unbalanced";
/// The least that taking every line again costs the database: each is read as JSON and counted under its lot and kind.
const LINES: &str = "SELECT sum(number) FROM (
    SELECT count(*) AS number FROM stock_lines
    GROUP BY line::json #>> '{key,product}', line::json #>> '{key,lot}', line::json #>> '{event,what}'
) AS counted";

pub(crate) async fn row(storage: &dyn Storage, url: &str, filled: &Filled, report: &mut Report) {
    let began = Instant::now();
    let checked = checking::check(&mut *storage.snapshot().await.unwrap()).await.unwrap();
    let seconds = began.elapsed().as_secs_f64();
    assert!(checked.is_good(), "{checked:?}");
    assert_eq!((checked.lines, checked.accounts), (filled.lines, filled.accounts));
    let client = connect(url).await;
    let began = Instant::now();
    let unbalanced: i64 = client.query_one(BALANCES, &[]).await.unwrap().get(0);
    let balances = began.elapsed().as_secs_f64();
    assert_eq!(unbalanced, 0);
    let began = Instant::now();
    client.query_one(LINES, &[]).await.unwrap();
    let lines = began.elapsed().as_secs_f64();
    report.row(
        "national check: every line taken again, every balance and lot compared, seconds",
        format!("{seconds:.1}"),
        "at most 10",
        format!("{balances:.1} balances alone, {lines:.1} reading the lines"),
        seconds <= 10.0,
    );
}
