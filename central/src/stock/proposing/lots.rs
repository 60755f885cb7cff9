//! Until when each lot is good: as it was published with the reference data, or as the municipality read it from the box.
//!
//! Must not: guess: what nobody has said is not known.

use std::collections::BTreeMap;

use record::{
    CalendarDate, MunicipalityCode, WallTime,
    day::{LotNumber, Product},
    reference,
};

use crate::{stock::moments, storage::StockMoment};

/// What is known of a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// From this instant on it is no longer good.
    GoodUntil(WallTime),
    /// 回収.
    Recalled,
    /// Nobody has said.
    Unknown,
}

/// Lots of one product.
#[derive(Debug, Default)]
pub(super) struct Lots {
    published: BTreeMap<(Option<MunicipalityCode>, LotNumber), (CalendarDate, bool)>,
    dated: BTreeMap<(MunicipalityCode, LotNumber), CalendarDate>,
}

impl Lots {
    /// Those of that product at that instant. A published part that cannot be read says nothing, as on a tablet.
    pub(super) fn of(moment: &StockMoment, product: &Product, now: WallTime) -> Self {
        let mut lots = Self::default();
        for (whose, bytes) in &moment.published {
            let Ok(supplies) = reference::lots(bytes) else { continue };
            for lot in supplies
                .into_iter()
                .filter(|supply| supply.vaccine.product == *product)
                .flat_map(|supply| supply.lots)
            {
                let known = (lot.good_until(), lot.is_recalled(now));
                lots.published.insert((*whose, lot.lot), known);
            }
        }
        for (municipality, dated) in &moment.dated {
            lots.dated.insert((*municipality, dated.lot.clone()), dated.good_until);
        }
        lots
    }

    /// What is known where that municipality keeps it. A recall goes before everything; of two published days the later is
    /// an extension; what the municipality says itself counts where nothing was published.
    pub(super) fn known(&self, municipality: MunicipalityCode, lot: &LotNumber) -> Known {
        let published: Vec<_> = [None, Some(municipality)]
            .into_iter()
            .filter_map(|whose| self.published.get(&(whose, lot.clone())))
            .collect();
        if published.iter().any(|(_, is_recalled)| *is_recalled) {
            return Known::Recalled;
        }
        let said = self.dated.get(&(municipality, lot.clone())).copied();
        let last_day = published.iter().map(|(day, _)| *day).max().or(said);
        last_day.and_then(end_of).map_or(Known::Unknown, Known::GoodUntil)
    }
}

/// The instant at which that day is over in Japan.
fn end_of(day: CalendarDate) -> Option<WallTime> {
    moments::read(&format!("{}T00:00", day.plus_days(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::DatedLot;

    fn moment() -> StockMoment {
        let published = |whose: Option<&str>, lot: &str, rest: &str| {
            let json = format!(
                r#"[{{"vaccine":{{"product":"見本一号","manufacturer":"見本製薬"}},"lots":[{{"lot":"{lot}","expires_on":"2022-02-28"{rest}}}]}}]"#
            );
            (whose.map(|code| code.parse().unwrap()), json.into_bytes())
        };
        let dated = |lot: &str, day: &str| {
            let dated = DatedLot {
                product: "見本一号".parse().unwrap(),
                lot: lot.parse().unwrap(),
                good_until: day.parse().unwrap(),
            };
            ("131130".parse().unwrap(), dated)
        };
        StockMoment {
            published: vec![
                published(None, "A-1", ""),
                published(Some("131130"), "A-1", r#","extended_to":"2022-05-31""#),
                published(Some("131016"), "R-1", r#","recalled_at":5"#),
            ],
            dated: vec![dated("A-1", "2021-12-31"), dated("B-1", "2021-12-31"), dated("R-1", "2021-12-31")],
            ..StockMoment::default()
        }
    }

    #[test]
    fn what_was_published_goes_before_what_was_read_from_the_box_and_a_recall_before_both() {
        let lots = Lots::of(&moment(), &"見本一号".parse().unwrap(), WallTime::from_unix_ms(10));
        let known =
            |municipality: &str, lot: &str| lots.known(municipality.parse().unwrap(), &lot.parse().unwrap());
        let until = |day: &str| Known::GoodUntil(moments::read(day).unwrap());
        assert_eq!(known("131130", "A-1"), until("2022-06-01T00:00"), "as it was extended");
        assert_eq!(known("131016", "A-1"), until("2022-03-01T00:00"), "another's part says nothing here");
        assert_eq!(known("131130", "B-1"), until("2022-01-01T00:00"));
        assert_eq!(known("131016", "B-1"), Known::Unknown, "another municipality said it for itself");
        assert_eq!(known("131016", "R-1"), Known::Recalled);
        assert_eq!(known("131130", "C-1"), Known::Unknown);
        let other = Lots::of(&moment(), &"見本二号".parse().unwrap(), WallTime::from_unix_ms(10));
        assert_eq!(other.known("131016".parse().unwrap(), &"A-1".parse().unwrap()), Known::Unknown);
    }
}
