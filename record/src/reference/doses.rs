//! 接種の一覧: doses of one municipality's coupons as rows of fixed length, so that a million of them take 20 MB and a
//! part of the bytes can be read alone.
//!
//! One line of JSON ([`DoseListHeader`]), then the rows that hold from now on, then those that are taken away:
//!
//! ```text
//! row            hash (16) ‖ dose (1) ‖ days since 2000-01-01 (u16, big endian) ‖ maker (1: its place in the header, from 1; 0 none)
//! row taken away hash (16) ‖ dose (1)
//! ```
//!
//! Rows of each kind rise by hash and dose, each once.
//!
//! Must not: hold a coupon's number.

use serde::{Deserialize, Serialize};

use super::PartError;
use crate::{
    bytes::CouponHash, calendar::CalendarDate, coupon::DoseNumber, day::Manufacturer,
    elsewhere::DoseElsewhere, municipality::MunicipalityCode,
};

/// The form of the list.
pub const FORMAT: u16 = 1;
/// Bytes of a row.
pub const ROW_BYTES: usize = 20;
/// Bytes of a row that is taken away.
pub const GONE_BYTES: usize = 17;
/// The most makers in one list.
pub const MOST_MANUFACTURERS: usize = 255;
/// The most bytes of the first line, its end included.
pub const MOST_HEADER_BYTES: usize = 32 << 10;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseListHeader {
    /// [`FORMAT`].
    pub format: u16,
    /// Whose coupons.
    pub municipality: MunicipalityCode,
    /// Makers, by their place from 1.
    pub manufacturers: Vec<Manufacturer>,
    /// Rows that hold from now on.
    pub holds: u32,
    /// Rows that are taken away.
    pub gone: u32,
}

/// A dose of a coupon, by keyed hash.
pub type DoseOf = (CouponHash, DoseNumber);

/// A list read whole: what changed since the list before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseChanges {
    /// Whose coupons.
    pub municipality: MunicipalityCode,
    /// What holds from now on, also in place of what held before.
    pub holds: Vec<DoseElsewhere>,
    /// What is taken away.
    pub gone: Vec<DoseOf>,
}

impl DoseListHeader {
    /// Reads the first line of a list that is `size` bytes long; the header and where the rows begin.
    ///
    /// # Errors
    /// [`PartError`] where it is none, or speaks of more or fewer rows than the size allows.
    pub fn read(begin: &[u8], size: u64) -> Result<(Self, u64), PartError> {
        let line = &begin[..begin.len().min(MOST_HEADER_BYTES)];
        let end = line.iter().position(|byte| *byte == b'\n').ok_or(PartError)?;
        let header: Self = serde_json::from_slice(&line[..end]).map_err(|_| PartError)?;
        let rows_at = end as u64 + 1;
        let rows = u64::from(header.holds) * ROW_BYTES as u64 + u64::from(header.gone) * GONE_BYTES as u64;
        let is_sound = header.format == FORMAT
            && header.manufacturers.len() <= MOST_MANUFACTURERS
            && rows_at.checked_add(rows) == Some(size);
        if is_sound { Ok((header, rows_at)) } else { Err(PartError) }
    }

    /// The first line, its end included.
    ///
    /// # Panics
    /// Never: every field serialises.
    #[must_use]
    pub fn to_line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).expect("a header has no map");
        line.push(b'\n');
        line
    }

    /// A dose as a row; none where its maker is not in the header, or its day not on the calendar of rows.
    #[must_use]
    pub fn row(&self, dose: &DoseElsewhere) -> Option<[u8; ROW_BYTES]> {
        let maker = match &dose.manufacturer {
            None => 0,
            Some(maker) => self.manufacturers.iter().position(|known| known == maker)? + 1,
        };
        let days = u16::try_from(dose.given_on.days_since(day_0().ok()?)).ok()?;
        let mut row = [0; ROW_BYTES];
        row[..16].copy_from_slice(&dose.coupon.0);
        row[16] = dose.dose.number();
        row[17..19].copy_from_slice(&days.to_be_bytes());
        row[19] = u8::try_from(maker).ok()?;
        Some(row)
    }

    /// Reads rows that hold: any run of whole ones.
    ///
    /// # Errors
    /// [`PartError`].
    pub fn doses(&self, rows: &[u8]) -> Result<Vec<DoseElsewhere>, PartError> {
        let (rows, rest) = rows.as_chunks::<ROW_BYTES>();
        if !rest.is_empty() {
            return Err(PartError);
        }
        let day_0 = day_0()?;
        let mut doses: Vec<DoseElsewhere> = Vec::with_capacity(rows.len());
        for row in rows {
            let (coupon, dose) = dose_of(row)?;
            let days = i64::from(u16::from_be_bytes([row[17], row[18]]));
            let manufacturer = match usize::from(row[19]) {
                0 => None,
                place => Some(self.manufacturers.get(place - 1).ok_or(PartError)?.clone()),
            };
            let given_on = day_0.plus_days(days).ok_or(PartError)?;
            if doses.last().is_some_and(|before| (before.coupon, before.dose) >= (coupon, dose)) {
                return Err(PartError);
            }
            doses.push(DoseElsewhere { coupon, dose, given_on, manufacturer });
        }
        Ok(doses)
    }
}

impl DoseChanges {
    /// Reads a whole list.
    ///
    /// # Errors
    /// [`PartError`].
    pub fn read(bytes: &[u8]) -> Result<Self, PartError> {
        let (header, rows_at) = DoseListHeader::read(bytes, bytes.len() as u64)?;
        let rows = &bytes[usize::try_from(rows_at).map_err(|_| PartError)?..];
        // The header's numbers fit the size: this never lies outside.
        let (holds, gone) = rows.split_at_checked(header.holds as usize * ROW_BYTES).ok_or(PartError)?;
        let holds = header.doses(holds)?;
        let (gone, _) = gone.as_chunks::<GONE_BYTES>();
        let gone = gone.iter().map(|row| dose_of(row)).collect::<Result<Vec<_>, _>>()?;
        if !gone.is_sorted_by(|one, next| one < next) {
            return Err(PartError);
        }
        Ok(Self { municipality: header.municipality, holds, gone })
    }

    /// The bytes of the list. What holds and what is gone is put in order; of a dose that stands twice the first counts,
    /// and one whose day or maker no row can hold is left out.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut holds: Vec<&DoseElsewhere> = self.holds.iter().collect();
        holds.sort_by_key(|dose| (dose.coupon, dose.dose));
        holds.dedup_by_key(|dose| (dose.coupon, dose.dose));
        let mut gone = self.gone.clone();
        gone.sort_unstable();
        gone.dedup();
        let mut manufacturers: Vec<Manufacturer> =
            holds.iter().filter_map(|dose| dose.manufacturer.clone()).collect();
        manufacturers.sort();
        manufacturers.dedup();
        manufacturers.truncate(MOST_MANUFACTURERS);
        let municipality = self.municipality;
        let mut header = DoseListHeader { format: FORMAT, municipality, manufacturers, holds: 0, gone: 0 };
        let rows: Vec<[u8; ROW_BYTES]> = holds.iter().filter_map(|dose| header.row(dose)).collect();
        header.holds = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        header.gone = u32::try_from(gone.len()).unwrap_or(u32::MAX);
        let mut bytes = header.to_line();
        bytes.extend(rows.as_flattened());
        for (coupon, dose) in &gone {
            bytes.extend(gone_row(*coupon, *dose));
        }
        bytes
    }
}

/// A dose that is taken away, as a row.
#[must_use]
pub fn gone_row(coupon: CouponHash, dose: DoseNumber) -> [u8; GONE_BYTES] {
    let mut row = [0; GONE_BYTES];
    row[..16].copy_from_slice(&coupon.0);
    row[16] = dose.number();
    row
}

fn dose_of(row: &[u8]) -> Result<DoseOf, PartError> {
    let coupon = CouponHash::try_from(row.get(..16).ok_or(PartError)?).map_err(|_| PartError)?;
    let dose = row.get(16).and_then(|dose| DoseNumber::try_from(*dose).ok()).ok_or(PartError)?;
    Ok((coupon, dose))
}

fn day_0() -> Result<CalendarDate, PartError> {
    CalendarDate::new(2000, 1, 1).map_err(|_| PartError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dose(hash: u8, dose: u8, day: &str, maker: Option<&str>) -> DoseElsewhere {
        DoseElsewhere {
            coupon: CouponHash([hash; 16]),
            dose: DoseNumber::try_from(dose).unwrap(),
            given_on: day.parse().unwrap(),
            manufacturer: maker.map(|maker| maker.parse().unwrap()),
        }
    }

    fn changes() -> DoseChanges {
        DoseChanges {
            municipality: "131130".parse().unwrap(),
            holds: vec![
                dose(1, 1, "2021-06-01", Some("ファイザー")),
                dose(1, 2, "2021-06-22", Some("武田/モデルナ")),
                dose(9, 1, "2099-12-31", None),
            ],
            gone: vec![(CouponHash([2; 16]), DoseNumber::try_from(1).unwrap())],
        }
    }

    #[test]
    fn a_list_is_read_as_it_was_written_and_takes_twenty_bytes_a_dose() {
        let bytes = changes().to_bytes();
        assert_eq!(DoseChanges::read(&bytes), Ok(changes()));
        let (header, rows_at) = DoseListHeader::read(&bytes, bytes.len() as u64).unwrap();
        assert_eq!(bytes.len() as u64, rows_at + 3 * 20 + 17);
        insta::assert_snapshot!(String::from_utf8(header.to_line()).unwrap());
        let one = &bytes[rows_at as usize + 20..][..20];
        assert_eq!(header.doses(one).unwrap(), changes().holds[1..2], "any run of rows can be read alone");
    }

    #[test]
    fn what_is_written_is_put_in_order_once_each() {
        let mut mixed = changes();
        mixed.holds.reverse();
        mixed.holds.push(mixed.holds[0].clone());
        mixed.gone.push(mixed.gone[0]);
        assert_eq!(mixed.to_bytes(), changes().to_bytes());
    }

    #[test]
    fn a_list_that_does_not_hold_together_is_refused() {
        let whole = changes().to_bytes();
        for length in 0..whole.len() {
            assert_eq!(DoseChanges::read(&whole[..length]), Err(PartError), "{length} bytes");
        }
        let rows_at = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for (place, value) in [(16, 0), (16, 10), (19, 3), (0, 9), (17, 0xff)] {
            let mut wrong = whole.clone();
            wrong[rows_at + place] = value;
            assert_eq!(DoseChanges::read(&wrong), Err(PartError), "byte {place} of the first row {value}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_list_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = DoseChanges::read(&bytes);
        }

        #[test]
        fn any_doses_come_back(hashes in proptest::collection::btree_set((any::<[u8; 16]>(), 1_u8..10), 0..30)) {
            let holds = hashes.iter().map(|(hash, number)| DoseElsewhere {
                coupon: CouponHash(*hash),
                ..dose(0, *number, "2021-06-01", Some("ファイザー"))
            });
            let list = DoseChanges { holds: holds.collect(), gone: Vec::new(), ..changes() };
            prop_assert_eq!(DoseChanges::read(&list.to_bytes()), Ok(list));
        }
    }
}
