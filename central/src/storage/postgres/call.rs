//! A statement with what it is given, and several of them sent without waiting for each other's answers.
//!
//! Must not: know a table.

use std::borrow::Cow;

use deadpool_postgres::Client;
use futures_util::{future::maybe_done, poll};
use tokio_postgres::{Row, types::ToSql};

use crate::storage::StorageError;

/// A value that a statement is given.
pub(super) type Value<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// One statement.
pub(super) struct Call<'a> {
    /// Its text; kept prepared by each connection.
    pub(super) sql: Cow<'static, str>,
    /// `$1`, `$2` and so on.
    pub(super) values: Vec<Value<'a>>,
}

impl<'a> Call<'a> {
    /// A statement whose text is fixed.
    pub(super) fn new(sql: &'static str, values: Vec<Value<'a>>) -> Self {
        Self { sql: Cow::Borrowed(sql), values }
    }
    /// A statement whose text depends on how much it is given.
    pub(super) fn made(sql: String, values: Vec<Value<'a>>) -> Self {
        Self { sql: Cow::Owned(sql), values }
    }
}

/// A list of values, each made ready for a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(Box::new($value) as $crate::storage::postgres::call::Value<'_>),*] };
}
pub(super) use values;

/// Runs the statements in their order with one wait for all of them; the rows of each.
///
/// # Errors
/// The first failure. Inside a transaction what follows it has failed too, even a COMMIT.
pub(super) async fn run(client: &Client, calls: &[Call<'_>]) -> Result<Vec<Vec<Row>>, StorageError> {
    let mut statements = Vec::with_capacity(calls.len());
    for call in calls {
        statements.push(client.prepare_cached(&call.sql).await?);
    }
    let mut sent = Vec::with_capacity(calls.len());
    for (call, statement) in calls.iter().zip(&statements) {
        let mut answer = Box::pin(maybe_done(async move {
            let values: Vec<&(dyn ToSql + Sync)> =
                call.values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect();
            client.query(statement, &values).await
        }));
        // The first poll puts it on the wire; so the order of these lines is the order the server sees.
        let _ = poll!(answer.as_mut());
        sent.push(answer);
    }
    let mut rows = Vec::with_capacity(sent.len());
    for mut answer in sent {
        answer.as_mut().await;
        rows.push(answer.as_mut().take_output().ok_or(StorageError::Stopped)??);
    }
    Ok(rows)
}

/// Runs one statement.
pub(super) async fn run_one(client: &Client, call: Call<'_>) -> Result<Vec<Row>, StorageError> {
    Ok(run(client, &[call]).await?.pop().unwrap_or_default())
}

impl From<tokio_postgres::Error> for StorageError {
    /// The server's code and the constraint it names: its own sentences quote values.
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(database) = error.as_db_error() else { return Self::Database(error.to_string()) };
        let place = database.constraint().or(database.table()).unwrap_or("-");
        Self::Database(format!("{} at {place}", database.code().code()))
    }
}

impl From<deadpool_postgres::PoolError> for StorageError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            deadpool_postgres::PoolError::Timeout(_) => Self::Busy,
            error => Self::Database(error.to_string()),
        }
    }
}
