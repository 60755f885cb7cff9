//! 回収: which lots are recalled and until when lots are good, as was published last for everybody and for the municipality; and
//! who received a lot.
//!
//! Must not: recall a lot; whoever publishes lots does.

pub(crate) mod recipients;
mod ways;

use record::{
    CalendarDate, MunicipalityCode, WallTime,
    day::{LotNumber, Product},
    reference,
    supply::{ReceivedLot, VaccineSupply},
};

pub(super) use ways::{Ways, ways};

use crate::storage::{PublicationKind, Storage, StorageError};

/// Lots as they were published last.
pub(super) struct PublishedLots(Vec<VaccineSupply>);

/// A recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recalled {
    /// From when on it must not be given.
    pub(super) since: WallTime,
}

/// What was published last: for everybody, and for that municipality.
pub(super) async fn published_lots(
    storage: &dyn Storage,
    municipality: MunicipalityCode,
) -> Result<PublishedLots, StorageError> {
    let mut all = Vec::new();
    for whom in [None, Some(municipality)] {
        if let Some(bytes) = storage.published_last(PublicationKind::Lots, whom).await? {
            all.extend(reference::lots(&bytes).map_err(|_| StorageError::Inconsistent("bytes"))?);
        }
    }
    Ok(PublishedLots(all))
}

impl PublishedLots {
    /// The recall of a lot, if any list says that it is recalled by now. A lot's number is enough: the name of its product may be
    /// written in another way in the books, and a mark too many does less harm than one too few.
    pub(super) fn recalled(&self, lot: &LotNumber, now: WallTime) -> Option<Recalled> {
        let recalled = self.of(lot).filter(|(_, found)| found.is_recalled(now));
        recalled.filter_map(|(_, found)| found.recalled_at).min().map(|since| Recalled { since })
    }

    /// The last day on which a lot may be given: of several lists the earliest.
    pub(super) fn good_until(&self, product: &Product, lot: &LotNumber) -> Option<CalendarDate> {
        let of_product = self.of(lot).filter(|(of, _)| *of == product);
        of_product.map(|(_, found)| found.good_until()).min()
    }

    fn of<'a>(&'a self, lot: &'a LotNumber) -> impl Iterator<Item = (&'a Product, &'a ReceivedLot)> {
        let lots = |supply: &'a VaccineSupply| supply.lots.iter().map(|lot| (&supply.vaccine.product, lot));
        self.0.iter().flat_map(lots).filter(move |(_, found)| found.lot == *lot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lots(json: &str) -> PublishedLots {
        PublishedLots(reference::lots(json.as_bytes()).unwrap())
    }

    #[test]
    fn a_lot_is_recalled_from_its_instant_on_and_is_good_until_the_earliest_day() {
        let supply = |product: &str, lot: &str| {
            format!(r#"{{"vaccine":{{"manufacturer":"見本","product":"{product}"}},"lots":[{lot}]}}"#)
        };
        let one = supply("見本一号", r#"{"lot":"A1","expires_on":"2027-01-31","recalled_at":1000}"#);
        let two = supply("見本二号", r#"{"lot":"B1","expires_on":"2026-12-31"}"#);
        let published = lots(&format!("[{one},{two}]"));
        let (lot, other): (LotNumber, LotNumber) = ("A1".parse().unwrap(), "B1".parse().unwrap());
        let at = |ms| WallTime::from_unix_ms(ms);
        assert_eq!(published.recalled(&lot, at(999)), None);
        assert_eq!(published.recalled(&lot, at(1_000)), Some(Recalled { since: at(1_000) }));
        assert_eq!(published.recalled(&other, at(1_000)), None);
        let until = |product: &str, lot| published.good_until(&product.parse().unwrap(), lot);
        assert_eq!(until("見本二号", &other), Some("2026-12-31".parse().unwrap()));
        assert_eq!(until("見本一号", &other), None);
    }
}
