//! How the database is reached, and whether its server may be trusted with what it is given.
//!
//! Must not: send a byte in the clear over a network.

use std::{net::IpAddr, str::FromStr as _, time::Duration};

use deadpool_postgres::{Client, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::{
    Config, NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    call::{Call, run_one, values},
    columns::Layout,
    lanes, rows,
};
use crate::storage::StorageError;

/// A commit is on disk before it is answered, whatever the server's own settings; compiling a short statement costs
/// more than it saves.
pub(super) const READERS: &str = "SET synchronous_commit = on; SET jit = off";
/// What writes looks a few rows up by their keys, always. Planned while the tables are empty, it would read them whole,
/// and go on doing so when they no longer are.
pub(super) const WRITERS: &str =
    "SET synchronous_commit = on; SET jit = off; SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";
/// How long a request waits for a connection that reads.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How the database is reached.
#[derive(Clone)]
pub struct Connection {
    /// `postgresql://…` or `host=… dbname=…`; may hold a password.
    pub url: String,
    /// The authority its server is trusted by, PEM; without one only a socket of this machine may be used.
    pub authority_pem: Option<String>,
    /// Where its tables lie.
    pub layout: Layout,
    /// How many batches are written at once; each takes a connection.
    pub lanes: usize,
    /// Connections beside them, for whatever reads.
    pub readers: usize,
}

impl Connection {
    /// One machine, reached through a socket of this one.
    #[must_use]
    pub fn local(url: &str) -> Self {
        Self { url: url.to_owned(), authority_pem: None, layout: Layout::Single, lanes: 4, readers: 8 }
    }
}

/// Refuses a server that might forget what it committed.
pub(super) async fn keeps_what_it_commits(client: &Client) -> Result<(), StorageError> {
    let asked = "SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
         AND current_setting('synchronous_commit') <> 'off' AS durable";
    let answer = run_one(client, Call::new(asked, values![])).await?;
    match answer.first().map(|row| rows::raw::<bool>(row, "durable")).transpose()? {
        Some(true) => Ok(()),
        _ => Err(StorageError::Unsafe("the database server does not sync what it commits")),
    }
}

/// Each lane locks as many doses as it may commit together, beside what the server's connections hold anyway.
pub(super) async fn has_room_for_locks(client: &Client, lanes: usize) -> Result<(), StorageError> {
    let asked = "SELECT current_setting('max_locks_per_transaction')::bigint
         * current_setting('max_connections')::bigint AS room";
    let answer = run_one(client, Call::new(asked, values![])).await?;
    let room = answer.first().map_or(Ok(0), |row| rows::number(row, "room"))?;
    if room >= lanes as u64 * (lanes::MOST_LOCKED + 100) as u64 {
        return Ok(());
    }
    Err(StorageError::Unsafe(
        "the database server's max_locks_per_transaction is too small for that many lanes",
    ))
}

/// That many connections, each with these settings.
pub(super) fn pool(
    connection: &Connection,
    size: usize,
    settings: &'static str,
) -> Result<Pool, StorageError> {
    let unusable = |_| StorageError::Unsafe("the database's address cannot be used");
    let mut config = Config::from_str(&connection.url).map_err(unusable)?;
    let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match &connection.authority_pem {
        Some(pem) => {
            config.ssl_mode(SslMode::Require);
            let tls = seal::tls::server_to_server_config(pem)
                .map_err(|_| StorageError::Unsafe("the database's authority cannot be used"))?;
            Manager::from_config(config, MakeRustlsConnect::new(tls), manager_config)
        }
        None if is_of_this_machine(&config) => Manager::from_config(config, NoTls, manager_config),
        None => {
            return Err(StorageError::Unsafe("a database on another machine needs its authority for TLS"));
        }
    };
    Pool::builder(manager)
        .max_size(size.max(1))
        .post_create(Hook::async_fn(move |client, _| {
            Box::pin(async move { client.batch_execute(settings).await.map_err(HookError::Backend) })
        }))
        .wait_timeout(Some(LONGEST_WAIT))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| StorageError::Database(error.to_string()))
}

/// Whether no byte of it crosses a network.
fn is_of_this_machine(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
    };
    // `hostaddr` says where to connect, whatever `host` is called.
    config.get_hostaddrs().iter().all(IpAddr::is_loopback)
        && !config.get_hosts().is_empty()
        && config.get_hosts().iter().all(here)
}
