//! One moment of a municipality's people and of the doses of its coupons.
//!
//! Must not: see what comes later.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use record::{CouponNumber, MunicipalityCode};
use rusqlite::{Connection, params};

use super::{READ_ONLY, connect, people, register, rows};
use crate::storage::{
    Answer, CouponKey, Mark, PeopleMoment, StandingDose, StorageError, Version, people::COUPON,
};

/// A connection whose transaction began then.
pub(super) struct Moment {
    connection: Arc<Mutex<Connection>>,
    municipality: MunicipalityCode,
}

impl Moment {
    pub(super) fn begin(path: &Path, municipality: MunicipalityCode) -> Result<Self, StorageError> {
        let connection = connect(path, READ_ONLY)?;
        // Each page is read once, in order: keeping more of them than lie on the way to the next would serve nobody.
        connection.pragma_update(None, "cache_size", -8_192)?; // KiB
        // The transaction begins with the first thing read.
        connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), municipality })
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, MunicipalityCode) -> Result<T, StorageError> + Send + 'static,
    ) -> Answer<'static, T> {
        let (connection, municipality) = (Arc::clone(&self.connection), self.municipality);
        Box::pin(async move {
            let work = move || work(&connection.lock().unwrap_or_else(PoisonError::into_inner), municipality);
            tokio::task::spawn_blocking(work).await.map_err(|_| StorageError::Stopped)?
        })
    }
}

impl PeopleMoment for Moment {
    fn people(&mut self, after: (u32, u64), most: u32) -> Answer<'_, Vec<Version>> {
        self.read(move |connection, owner| people::page(connection, owner, after, most))
    }
    fn versions(&mut self, which: Vec<(u32, u64)>) -> Answer<'_, Vec<Version>> {
        self.read(move |connection, owner| people::versions(connection, owner, &which))
    }
    fn coupons(&mut self, after: Option<CouponNumber>, most: u32) -> Answer<'_, Vec<CouponNumber>> {
        self.read(move |connection, owner| {
            let sql = "SELECT DISTINCT coupon_number FROM doses
                 WHERE coupon_municipality = ?1 AND coupon_number > ?2 ORDER BY coupon_number LIMIT ?3";
            let after = after.map(|number| number.to_string()).unwrap_or_default();
            rows::all(connection, sql, params![owner.to_string(), after, most], |row| {
                rows::text(row, "coupon_number")
            })
        })
    }
    fn are_somebodys(&mut self, coupons: Vec<Mark>) -> Answer<'_, Vec<bool>> {
        self.read(move |connection, owner| {
            let sql = "SELECT 1 AS found FROM person_marks
                 WHERE municipality = ?1 AND kind = ?2 AND mark = ?3";
            let owner = owner.to_string();
            let one = |mark: &Mark| {
                let read = rows::one(connection, sql, params![owner, COUPON, mark], |_| Ok(()))?;
                Ok(read.is_some())
            };
            coupons.iter().map(one).collect()
        })
    }
    fn standing(&mut self, coupons: Vec<CouponNumber>) -> Answer<'_, Vec<StandingDose>> {
        self.read(move |connection, municipality| {
            let mut standing = Vec::new();
            for number in coupons {
                standing.extend(register::standing_doses(connection, CouponKey { municipality, number })?);
            }
            Ok(standing)
        })
    }
}
