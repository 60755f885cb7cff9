//! 参照データ on this tablet: lots, rules, settled entries and doses of other tablets, as the central sends them down. What
//! comes is put together beside what holds, step after short step, and takes its place in one transaction.
//!
//! Must not: let anything hold in part, go back to an older version, or take the room that receipts and entries need.

mod apply;
mod chains;
mod pieces;
mod room;

use record::{
    Moment, WallTime,
    bytes::PartDigest,
    reference::{self, PartError},
    rules::RuleTable,
    supply::VaccineSupply,
    wire::reference::{Part, ReferenceVersion, Replaced},
};
use rusqlite::{Connection, OptionalExtension, params};
use seal::reference::VerifiedManifest;

use crate::{Store, error::StoreError};

pub use room::Room;

/// What is to be done next for a manifest to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advance {
    /// Fetch these bytes and bring them to [`Store::keep_piece`].
    Fetch(Wanted),
    /// Nothing to fetch; call again: there is more to put in its place.
    Again,
    /// It holds, and nothing is left to do.
    Holds,
}

/// Bytes of a part that are still missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Of which part.
    pub part: Part,
    /// From which byte on.
    pub first: u64,
    /// How many.
    pub length: u64,
}

/// What the central published, as far as the workflow needs it. Empty before anything came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// The version that holds.
    pub version: Option<ReferenceVersion>,
    /// What is known of lots, for everybody.
    pub lots: Vec<VaccineSupply>,
    /// Lots that the tablet's municipality has passed on.
    pub received: Vec<VaccineSupply>,
    /// Rules in place of the bundle's; none where the bundle's hold.
    pub rules: Option<RuleTable>,
    /// What took this tablet's place.
    pub replaced: Option<Replaced>,
}

/// Why reference data cannot be taken in. What held before still does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The manifest is older than what holds.
    #[error("reference data would go back to an older version")]
    Older,
    /// A part's bytes are not those that its digest names; they were dropped.
    #[error("part does not have its digest")]
    Digest,
    /// A part is what its digest names, and does not hold together, or needs a newer program.
    #[error("part does not hold together")]
    Part,
    /// Too little of the disk is free.
    #[error("too little room for reference data")]
    NoRoom,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PartError> for ReferenceError {
    fn from(_: PartError) -> Self {
        Self::Part
    }
}
impl From<rusqlite::Error> for ReferenceError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// One short step towards that manifest, some tens of milliseconds at most; says what is next.
    ///
    /// # Errors
    /// [`ReferenceError`]; what held before still does.
    pub fn advance(&mut self, manifest: &VerifiedManifest, now: Moment) -> Result<Advance, ReferenceError> {
        let told = manifest.manifest();
        let held = self.reference_version()?;
        if held.is_some_and(|held| told.version < held) {
            return Err(ReferenceError::Older);
        }
        if held == Some(told.version) {
            let more = chains::clear_away(&mut self.connection)?;
            return Ok(if more { Advance::Again } else { Advance::Holds });
        }
        let wanted = self.wanted_parts(told)?;
        self.forget_all_but(told)?;
        for part in &wanted {
            let next = pieces::next(&self.connection, part.digest)?;
            if next < part.size {
                self.check_room(wanted.iter().map(|part| part.size).sum())?;
                return Ok(Advance::Fetch(Wanted::of(*part, next)));
            }
        }
        self.check_room(0)?;
        if chains::fill(&mut self.connection, told)? {
            return Ok(Advance::Again);
        }
        apply::apply(&mut self.connection, told, now)?;
        Ok(Advance::Again)
    }

    /// Keeps bytes of a part that [`Store::advance`] asked for. Where they are the last, the whole is held against its
    /// digest.
    ///
    /// # Errors
    /// [`ReferenceError`]; after [`ReferenceError::Digest`] the part is fetched from its beginning.
    pub fn keep_piece(&mut self, wanted: Wanted, bytes: &[u8]) -> Result<(), ReferenceError> {
        self.check_room(0)?;
        pieces::keep(&mut self.connection, wanted, bytes)
    }

    /// The version that holds; none before anything came.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reference_version(&self) -> Result<Option<ReferenceVersion>, StoreError> {
        let version: Option<u64> = self
            .connection
            .prepare_cached("SELECT version FROM reference")?
            .query_row([], |row| row.get(0))
            .optional()?;
        version.map(|version| ReferenceVersion::new(version).ok_or(StoreError::Row)).transpose()
    }

    /// Lots and rules that hold.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn published(&self) -> Result<Published, StoreError> {
        let read = |kind| document(&self.connection, kind);
        let lots = |bytes: Option<Vec<u8>>| match bytes {
            Some(bytes) => reference::lots(&bytes).map_err(|_| StoreError::Row),
            None => Ok(Vec::new()),
        };
        Ok(Published {
            version: self.reference_version()?,
            lots: lots(read("lots")?)?,
            received: lots(read("received")?)?,
            rules: read("rules")?
                .map(|bytes| reference::rules(&bytes).map_err(|_| StoreError::Row))
                .transpose()?,
            replaced: replaced(&self.connection)?,
        })
    }
}

impl Wanted {
    fn of(part: Part, first: u64) -> Self {
        let length = (part.size - first).min(record::wire::reference::PIECE_BYTES);
        Self { part, first, length }
    }
}

fn replaced(connection: &Connection) -> Result<Option<Replaced>, StoreError> {
    let row: Option<(String, i64)> = connection
        .prepare_cached("SELECT tablet_id, replaced_at FROM replaced")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    row.map(|(by, at)| {
        let by = by.parse().map_err(|_| StoreError::Row)?;
        Ok(Replaced { by, at: WallTime::from_unix_ms(at) })
    })
    .transpose()
}

fn document(connection: &Connection, kind: &str) -> Result<Option<Vec<u8>>, StoreError> {
    connection
        .prepare_cached("SELECT bytes FROM documents WHERE kind = ?1")?
        .query_row(params![kind], |row| row.get(0))
        .optional()
        .map_err(StoreError::from)
}

fn digest_of(bytes: &[u8]) -> Result<PartDigest, StoreError> {
    PartDigest::try_from(bytes).map_err(|_| StoreError::Row)
}
