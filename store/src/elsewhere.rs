//! ほかの端末の接種: asking what the central has told of doses that other tablets recorded, held by keyed hash.
//!
//! Must not: hold a number.

use record::{CalendarDate, CouponNumber, DoseNumber, MunicipalityCode, rules::EarlierDose};
use rusqlite::{OptionalExtension, params};
use seal::coupon::CouponKey;

use crate::{Store, error::StoreError};

impl Store {
    /// The doses of that coupon that other tablets recorded. A dose that this tablet has an entry of is left out: what
    /// became of it stands here, and newer.
    pub(crate) fn doses_elsewhere(
        &self,
        municipality: MunicipalityCode,
        number: CouponNumber,
    ) -> Result<Vec<EarlierDose>, StoreError> {
        let held: Option<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT chain, key FROM dose_chains WHERE municipality = ?1 AND state = 'holds'")?
            .query_row([municipality.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((chain, key)) = held else { return Ok(Vec::new()) };
        let key = CouponKey::from_bytes(key.try_into().map_err(|_| StoreError::Row)?);
        let mut statement = self.connection.prepare_cached(
            "SELECT dose, given_on, manufacturer FROM doses_elsewhere
             WHERE chain = ?4 AND coupon = ?1 AND NOT EXISTS (
                 SELECT 1 FROM entries
                 WHERE coupon_municipality = ?2 AND coupon_number = ?3 AND entries.dose = doses_elsewhere.dose)
             ORDER BY dose",
        )?;
        let hash = key.hash(municipality, number);
        let mut rows =
            statement.query(params![hash.0, municipality.to_string(), number.to_string(), chain])?;
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
