//! The sealed secret of each municipality's keys for its people.
//!
//! Must not: open one, or put another in its place.

use deadpool_postgres::Client;
use record::{MunicipalityCode, WallTime};

use super::{
    call::{Call, run_one, values},
    rows,
};
use crate::storage::StorageError;

pub(super) async fn secret(
    client: &Client,
    municipality: MunicipalityCode,
) -> Result<Option<Vec<u8>>, StorageError> {
    let sql = "SELECT sealed_secret FROM people_secrets WHERE municipality = $1";
    let found = run_one(client, Call::new(sql, values![rows::code(municipality)])).await?;
    found.first().map(|row| rows::raw(row, "sealed_secret")).transpose()
}

pub(super) async fn has_secrets(client: &Client) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) > 0 AS is_any FROM people_secrets";
    let found = run_one(client, Call::new(sql, values![])).await?;
    found.first().map_or(Ok(false), |row| rows::raw(row, "is_any"))
}

pub(super) async fn keep_secret(
    client: &Client,
    municipality: MunicipalityCode,
    sealed: Vec<u8>,
    at: WallTime,
) -> Result<Vec<u8>, StorageError> {
    let sql = "INSERT INTO people_secrets (municipality, sealed_secret, made_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING";
    run_one(client, Call::new(sql, values![rows::code(municipality), sealed, at.unix_ms()])).await?;
    secret(client, municipality).await?.ok_or(StorageError::Inconsistent("sealed_secret"))
}
