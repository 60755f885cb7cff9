//! One moment of a municipality's people and of the doses of its coupons.
//!
//! Must not: see what comes later.

use record::{CouponNumber, MunicipalityCode};

use super::{
    call::{Call, run, run_one, values},
    held::InTransaction,
    import_rows, people, register, rows,
};
use crate::storage::{Answer, Mark, PeopleMoment, StandingDose, StorageError, Version, people::COUPON};

/// A transaction that began then; the server undoes it with the connection.
pub(super) struct Moment {
    held: InTransaction,
    municipality: MunicipalityCode,
}

impl Moment {
    pub(super) async fn begin(
        held: InTransaction,
        municipality: MunicipalityCode,
    ) -> Result<Self, StorageError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        run_one(held.client()?, Call::new(begin, values![])).await?;
        // The moment is that of the first question.
        let calls: Vec<Call<'_>> = import_rows::by_keys().chain([Call::new("SELECT 1", values![])]).collect();
        run(held.client()?, &calls).await?;
        Ok(Self { held, municipality })
    }
}

impl PeopleMoment for Moment {
    fn people(&mut self, after: (u32, u64), most: u32) -> Answer<'_, Vec<Version>> {
        Box::pin(async move { people::page(self.held.client()?, self.municipality, after, most).await })
    }
    fn versions(&mut self, which: Vec<(u32, u64)>) -> Answer<'_, Vec<Version>> {
        Box::pin(async move { people::versions(self.held.client()?, self.municipality, &which).await })
    }
    fn coupons(&mut self, after: Option<CouponNumber>, most: u32) -> Answer<'_, Vec<CouponNumber>> {
        Box::pin(async move {
            let sql = "SELECT DISTINCT coupon_number FROM doses
                 WHERE coupon_municipality = $1 AND coupon_number > $2 ORDER BY coupon_number LIMIT $3";
            let after = after.map(|number| number.to_string()).unwrap_or_default();
            let call = Call::new(sql, values![rows::code(self.municipality), after, i64::from(most)]);
            let found = run_one(self.held.client()?, call).await?;
            found.iter().map(|row| rows::text(row, "coupon_number")).collect()
        })
    }
    fn are_somebodys(&mut self, coupons: Vec<Mark>) -> Answer<'_, Vec<bool>> {
        Box::pin(async move {
            let sql = "SELECT found.person IS NOT NULL AS is_known
                 FROM unnest($2::bytea[]) WITH ORDINALITY AS given (mark, place)
                 LEFT JOIN LATERAL (SELECT person FROM person_marks
                     WHERE municipality = $1 AND kind = $3 AND mark = given.mark OFFSET 0) AS found ON true
                 ORDER BY given.place";
            let marks: Vec<&[u8]> = coupons.iter().map(<[u8; 16]>::as_slice).collect();
            let call = Call::new(sql, values![rows::code(self.municipality), marks, COUPON]);
            let found = run_one(self.held.client()?, call).await?;
            found.iter().map(|row| rows::raw(row, "is_known")).collect()
        })
    }
    fn standing(&mut self, coupons: Vec<CouponNumber>) -> Answer<'_, Vec<StandingDose>> {
        Box::pin(async move {
            let numbers = coupons.iter().map(ToString::to_string).collect();
            register::standing_of(self.held.client()?, &rows::code(self.municipality), numbers).await
        })
    }
}
