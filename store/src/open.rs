//! Opening the database: key, settings of SQLite, migrations, whose it is; and what happens when it does not open.
//!
//! Must not: delete anything. A file that is no database under this key is renamed with its date and reported.

use std::path::Path;

use record::{
    Epoch, Moment, Position, TabletId,
    bytes::{Link, PublicKey},
};
use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};
use seal::{chain::genesis, vault::StoreKey};

use crate::{
    Store,
    audit::{Action, AuditRow, write_audit},
    damaged::{damaged_files, finish_setting_aside, report_set_aside, set_aside},
    error::{OpenError, StoreError},
    head::{self, Heads, KnownHead},
    migrations::migrate,
};

const FILE: &str = "records.db";
const HEAD_FILE: &str = "records.head";

/// Whose database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The tablet.
    pub tablet_id: TabletId,
    /// Its public key; begins the chain of every epoch.
    pub device_key: PublicKey,
}

/// An open database, and what had to be set aside to get there.
#[derive(Debug)]
pub struct Opened {
    /// The database.
    pub store: Store,
    /// The one before, if it did not open.
    pub set_aside: Option<SetAside>,
}

/// A database that did not open was renamed; a person must be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its new name, in the same folder.
    pub file_name: String,
    /// How far it had come, as far as is known.
    pub known_head: Option<KnownHead>,
}

impl Store {
    /// Opens the database in `folder`, or begins one. A file there that does not open under this key is set
    /// aside and a new epoch begins.
    ///
    /// # Errors
    /// [`OpenError`]; then nothing was changed.
    pub fn open(folder: &Path, key: &StoreKey, owner: Owner, now: Moment) -> Result<Opened, OpenError> {
        let file = folder.join(FILE);
        let head_file = folder.join(HEAD_FILE);
        let heads = head::read(&head_file);
        finish_setting_aside(folder, &file)?;
        let (mut connection, just_now) = match connect(&file, key) {
            Ok(connection) => (connection, None),
            Err(Unopened::Damaged) => {
                let name = set_aside(folder, &file, now)?;
                let connection = connect(&file, key).map_err(|unopened| match unopened {
                    Unopened::Damaged => OpenError::Store(StoreError::Row),
                    Unopened::Failed(error) => OpenError::Store(error),
                })?;
                (connection, Some(name))
            }
            Err(Unopened::Failed(error)) => return Err(error.into()),
        };
        migrate(&mut connection)?;
        let damaged = damaged_files(folder);
        let mut aside = heads.as_ref().map_or_else(Vec::new, |heads| heads.set_aside.clone());
        aside.extend(heads.as_ref().map(|heads| heads.present));
        let begin = Begin { epoch: first_epoch(damaged.len(), heads.as_ref()), aside };
        let Adopted { epoch, last, link, not_reported_yet } =
            adopt(&mut connection, owner, &begin, &damaged, now)?;
        let aside = earlier(&connection, epoch)?;
        head::write(&head_file, &Heads { present: KnownHead { epoch, last }, set_aside: aside.clone() });
        let set_aside = just_now.or(not_reported_yet).map(|file_name| {
            let known_head = heads.map(|heads| heads.present).filter(|known| known.epoch < epoch);
            SetAside { file_name, known_head }
        });
        let tablet_id = owner.tablet_id;
        let store =
            Self { connection, tablet_id, epoch, last, link, set_aside: aside, head_file, room: None };
        Ok(Opened { store, set_aside })
    }
}

/// What a new database begins with.
struct Begin {
    epoch: Epoch,
    /// The ones before it, of which one may be this database itself.
    aside: Vec<KnownHead>,
}

/// A database that is its owner's.
struct Adopted {
    epoch: Epoch,
    last: Option<Position>,
    link: Link,
    /// The newest database beside it that was set aside and that its audit did not know of.
    not_reported_yet: Option<String>,
}

/// Databases before this epoch, as this one knows of them.
fn earlier(connection: &Connection, epoch: Epoch) -> Result<Vec<KnownHead>, StoreError> {
    let mut statement =
        connection.prepare("SELECT epoch, set_aside_last FROM epochs WHERE epoch < ?1 ORDER BY epoch")?;
    let mut rows = statement.query([epoch.number()])?;
    let mut earlier = Vec::new();
    while let Some(row) = rows.next()? {
        let last: Option<u64> = row.get(1)?;
        earlier.push(KnownHead {
            epoch: Epoch::new(row.get(0)?).ok_or(StoreError::Row)?,
            last: last.and_then(Position::new),
        });
    }
    Ok(earlier)
}

enum Unopened {
    /// The file is no database under this key.
    Damaged,
    /// Something else; the file is left alone.
    Failed(StoreError),
}

fn connect(file: &Path, key: &StoreKey) -> Result<Connection, Unopened> {
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Unopened::Damaged,
        _ => Unopened::Failed(error.into()),
    };
    let connection = Connection::open(file).map_err(failed)?;
    // SQLCipher would write to standard error on its own; what happened comes back as a code.
    connection.execute_batch("PRAGMA cipher_log_level = NONE").map_err(failed)?;
    connection.pragma_update(None, "key", key.to_sqlcipher().as_str()).map_err(failed)?;
    // The first read shows whether the key fits; a whole look at the structure follows.
    let sound: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if sound != "ok" {
        return Err(Unopened::Damaged);
    }
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
        )
        .map_err(failed)?;
    connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(failed)?;
    Ok(connection)
}

/// The epoch a new database would begin with: past every one this folder knows of.
fn first_epoch(damaged: usize, heads: Option<&Heads>) -> Epoch {
    let known = heads.map_or(0, |heads| heads.present.epoch.number());
    let damaged = u32::try_from(damaged).unwrap_or(u32::MAX - 1);
    Epoch::new(known.max(damaged) + 1).unwrap_or(Epoch::FIRST)
}

/// Checks whose database it is, or makes a new one the owner's.
fn adopt(
    connection: &mut Connection,
    owner: Owner,
    begin: &Begin,
    damaged: &[String],
    now: Moment,
) -> Result<Adopted, OpenError> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
    let found = transaction
        .query_row("SELECT tablet_id, device_key, epoch FROM owner", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, u32>(2)?))
        })
        .optional()
        .map_err(StoreError::from)?;
    let epoch = match found {
        Some((tablet_id, device_key, epoch)) => {
            if tablet_id != owner.tablet_id.to_string() || device_key != owner.device_key.0 {
                return Err(OpenError::OtherOwner);
            }
            Epoch::new(epoch).ok_or(StoreError::Row)?
        }
        None => {
            let epoch = begin.epoch;
            for before in begin.aside.iter().filter(|before| before.epoch < epoch) {
                let start = genesis(owner.tablet_id, before.epoch, &owner.device_key);
                transaction
                    .execute(
                        "INSERT INTO epochs (epoch, begun_at, genesis, set_aside_last) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT DO NOTHING",
                        params![
                            before.epoch.number(),
                            now.wall.unix_ms(),
                            start.0,
                            before.last.map(Position::number)
                        ],
                    )
                    .map_err(StoreError::from)?;
            }
            let start = genesis(owner.tablet_id, epoch, &owner.device_key);
            transaction
                .execute(
                    "INSERT INTO epochs (epoch, begun_at, genesis) VALUES (?1, ?2, ?3)",
                    params![epoch.number(), now.wall.unix_ms(), start.0],
                )
                .and_then(|_| {
                    transaction.execute(
                        "INSERT INTO owner (only_row, tablet_id, device_key, epoch) VALUES (1, ?1, ?2, ?3)",
                        params![owner.tablet_id.to_string(), owner.device_key.0, epoch.number()],
                    )
                })
                .map_err(StoreError::from)?;
            let row = AuditRow { staff_id: None, action: Action::DatabaseBegun, place: None, detail: None };
            write_audit(&transaction, now, &row)?;
            epoch
        }
    };
    let not_reported_yet = report_set_aside(&transaction, damaged, now)?;
    let last = transaction
        .query_row(
            "SELECT position, link FROM entries WHERE epoch = ?1 ORDER BY position DESC LIMIT 1",
            [epoch.number()],
            |row| Ok((row.get::<_, u64>(0)?, row.get::<_, Vec<u8>>(1)?)),
        )
        .optional()
        .map_err(StoreError::from)?;
    let (last, link) = match last {
        Some((position, link)) => (
            Some(Position::new(position).ok_or(StoreError::Row)?),
            Link::try_from(link.as_slice()).map_err(|_| StoreError::Row)?,
        ),
        None => (None, genesis(owner.tablet_id, epoch, &owner.device_key)),
    };
    transaction.commit().map_err(StoreError::from)?;
    Ok(Adopted { epoch, last, link, not_reported_yet })
}
