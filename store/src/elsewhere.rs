//! ほかの端末の接種: what the central has told of doses that other tablets recorded, held by keyed hash.
//!
//! Must not: hold a number; or be half replaced.

use record::{
    CalendarDate, CouponNumber, DoseNumber, MunicipalityCode, elsewhere::DoseElsewhere, rules::EarlierDose,
};
use rusqlite::{OptionalExtension, TransactionBehavior, params};
use seal::coupon::CouponKey;

use crate::{Store, error::StoreError};

impl Store {
    /// Holds these doses and no others from here on, under the key that their hashes were made with; how many. All of
    /// it, or what was held before.
    ///
    /// # Errors
    /// [`StoreError`]; one coupon's dose twice is [`StoreError::Row`].
    pub fn replace_doses_elsewhere(
        &mut self,
        key: &CouponKey,
        doses: impl IntoIterator<Item = DoseElsewhere>,
    ) -> Result<u64, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch("DELETE FROM doses_elsewhere; DELETE FROM coupon_key;")?;
        transaction.execute("INSERT INTO coupon_key (only, key) VALUES (1, ?1)", [key.as_bytes()])?;
        let mut count = 0;
        {
            let mut insert = transaction.prepare(
                "INSERT INTO doses_elsewhere (coupon, dose, given_on, manufacturer) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
            )?;
            for dose in doses {
                let maker = dose.manufacturer.as_ref().map(|maker| maker.as_str());
                let row = params![dose.coupon.0, dose.dose.number(), dose.given_on.to_string(), maker];
                if insert.execute(row)? == 0 {
                    return Err(StoreError::Row);
                }
                count += 1;
            }
        }
        transaction.commit()?;
        Ok(count)
    }

    /// The doses of that coupon that other tablets recorded. A dose that this tablet has an entry of is left out: what
    /// became of it stands here, and newer.
    pub(crate) fn doses_elsewhere(
        &self,
        municipality: MunicipalityCode,
        number: CouponNumber,
    ) -> Result<Vec<EarlierDose>, StoreError> {
        let key: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT key FROM coupon_key")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let Some(key) = key else { return Ok(Vec::new()) };
        let key = CouponKey::from_bytes(key.try_into().map_err(|_| StoreError::Row)?);
        let mut statement = self.connection.prepare_cached(
            "SELECT dose, given_on, manufacturer FROM doses_elsewhere
             WHERE coupon = ?1 AND NOT EXISTS (
                 SELECT 1 FROM entries
                 WHERE coupon_municipality = ?2 AND coupon_number = ?3 AND entries.dose = doses_elsewhere.dose)
             ORDER BY dose",
        )?;
        let hash = key.hash(municipality, number);
        let mut rows = statement.query(params![hash.0, municipality.to_string(), number.to_string()])?;
        let mut doses = Vec::new();
        while let Some(row) = rows.next()? {
            let given_on: CalendarDate = row.get::<_, String>(1)?.parse().map_err(|_| StoreError::Row)?;
            let maker = row.get::<_, Option<String>>(2)?.map(|maker| maker.parse()).transpose();
            doses.push(EarlierDose {
                dose: Some(DoseNumber::try_from(row.get::<_, u8>(0)?).map_err(|_| StoreError::Row)?),
                given_on,
                manufacturer: maker.map_err(|_| StoreError::Row)?,
                recorded_at: None,
            });
        }
        Ok(doses)
    }
}
