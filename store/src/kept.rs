//! Small things kept between days: the day's settings and whether the central knows this tablet.
//!
//! Must not: become a drawer for anything; each thing has its own typed pair of functions.

use record::{DaySettings, WallTime, wire::enrolment::EnrolmentToken};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Store, error::StoreError};

/// Whether the central knows this tablet's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolment {
    /// Not yet; this token will let it in.
    Waiting(EnrolmentToken),
    /// Since then.
    Done(WallTime),
}

const DAY: &str = "day_settings";
const ENROLMENT: &str = "enrolment";

impl Store {
    fn keep(&mut self, name: &str, value: &impl Serialize) -> Result<(), StoreError> {
        let text = serde_json::to_string(value).map_err(|_| StoreError::Row)?;
        self.connection
            .prepare_cached(
                "INSERT INTO kept (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![name, text])?;
        Ok(())
    }

    fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self
            .connection
            .prepare_cached("SELECT value FROM kept WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Row)).transpose()
    }

    /// Keeps 本日の設定.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_day(&mut self, day: &DaySettings) -> Result<(), StoreError> {
        self.keep(DAY, day)
    }

    /// The 本日の設定 kept last, if any. Whether they still hold today is the caller's to ask.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn day(&self) -> Result<Option<DaySettings>, StoreError> {
        self.kept(DAY)
    }

    /// Keeps whether the central knows this tablet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_enrolment(&mut self, enrolment: &Enrolment) -> Result<(), StoreError> {
        self.keep(ENROLMENT, enrolment)
    }

    /// Whether the central knows this tablet; none before a bundle was applied.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enrolment(&self) -> Result<Option<Enrolment>, StoreError> {
        self.kept(ENROLMENT)
    }
}
