//! 予防接種台帳向け出力 and 接種対象者登録待ちリスト: rows out of people and doses.
//!
//! Must not: leave a dose out, or write a 個人番号, a name or an address; neither file has a column for them.

use std::io::Write;

use record::{CalendarDate, WallTime};

use super::{outgoing_profile::OutgoingProfile, person::AddressNumber, walk::Walked};
use crate::{
    csv::writer::{Reader, RowWriter, WriteError},
    storage::StandingDose,
};

/// The eight columns of each dose, after its number, with the most characters of each. Source: the columns that were
/// published of the state's own output.
const DOSE_COLUMNS: [(&str, usize); 8] = [
    ("接種履歴登録日時", 14),
    ("接種日", 8),
    ("券番号", 10),
    ("接種自治体コード", 6),
    ("接種会場名", 30),
    ("接種医師名", 20),
    ("ワクチンメーカー", 20),
    ("ワクチンロット番号", 20),
];

const WAITING_COLUMNS: [&str; 8] = [
    "自治体コード",
    "接種券番号",
    "接種回数",
    "接種日",
    "接種会場名",
    "ワクチンメーカー",
    "ワクチンロット番号",
    "接種履歴登録日時",
];

/// A row cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The file cannot be written, or its encoding lacks a character.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Somebody has a dose that the profile has no columns for.
    #[error(
        "{dose}回目の接種があり、出力設定の dose_groups({groups})に収まりません。設定を{dose}以上にしてください。 / There is a dose {dose} and dose_groups is {groups}: set it to {dose} or more."
    )]
    TooFewGroups {
        /// The dose.
        dose: u8,
        /// The groups of the profile.
        groups: u8,
    },
}

/// Writes 予防接種台帳向け出力.
pub struct Ledger<W> {
    out: RowWriter<W>,
    groups: u8,
}

impl<W: Write> Ledger<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// [`OutgoingError::Write`].
    pub fn begin(out: W, profile: &OutgoingProfile, reader: Reader) -> Result<Self, OutgoingError> {
        let mut out = RowWriter::begin(out, profile.ledger.clone(), reader)?;
        let groups = profile.dose_groups;
        let names: Vec<String> = std::iter::once("個別宛名番号".to_owned())
            .chain((1..=groups).flat_map(|dose| DOSE_COLUMNS.map(|(name, _)| format!("{dose}回目{name}"))))
            .collect();
        out.header(names.iter().map(String::as_str))?;
        Ok(Self { out, groups })
    }

    /// One person's row. Where two of their coupons tell of the same dose, the second stands in a further row of theirs.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub fn take(&mut self, walked: &Walked) -> Result<(), OutgoingError> {
        let number =
            walked.person.as_ref().map_or("", |person| AddressNumber::as_str(&person.address_number));
        let groups = usize::from(self.groups);
        let mut rows: Vec<Vec<Option<&StandingDose>>> = vec![vec![None; groups]];
        for dose in &walked.doses {
            let which = dose.vaccination.day.dose.number();
            let refused = OutgoingError::TooFewGroups { dose: which, groups: self.groups };
            let place = usize::from(which).checked_sub(1).filter(|place| *place < groups).ok_or(refused)?;
            match rows.iter_mut().find(|row| row[place].is_none()) {
                Some(row) => row[place] = Some(dose),
                None => {
                    let mut row = vec![None; groups];
                    row[place] = Some(dose);
                    rows.push(row);
                }
            }
        }
        for row in rows {
            let mut fields = vec![number.to_owned()];
            for dose in row {
                match dose {
                    Some(dose) => fields.extend(dose_fields(dose)),
                    None => fields.extend(std::iter::repeat_n(String::new(), DOSE_COLUMNS.len())),
                }
            }
            self.out.row(fields.iter().map(String::as_str))?;
        }
        Ok(())
    }

    /// The end of the file.
    ///
    /// # Errors
    /// [`OutgoingError::Write`].
    pub fn finish(self) -> Result<W, OutgoingError> {
        Ok(self.out.finish()?)
    }
}

fn dose_fields(dose: &StandingDose) -> [String; 8] {
    let (day, coupon) = (&dose.vaccination.day, dose.vaccination.coupon);
    let fields = [
        stamp(dose.recorded_at),
        compact(day.vaccinated_on),
        coupon.number().to_string(),
        coupon.municipality().to_string(),
        day.site.name.to_string(),
        day.physician.to_string(),
        day.vaccine.manufacturer.to_string(),
        day.lot.to_string(),
    ];
    let mut most = DOSE_COLUMNS.into_iter();
    // Whoever takes the file in refuses what is longer than was published.
    fields.map(|field| field.chars().take(most.next().map_or(usize::MAX, |(_, most)| most)).collect())
}

/// Writes 接種対象者登録待ちリスト: the doses of coupons that are nobody's.
pub struct WaitingList<W> {
    out: RowWriter<W>,
}

impl<W: Write> WaitingList<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// [`OutgoingError::Write`].
    pub fn begin(out: W, profile: &OutgoingProfile, reader: Reader) -> Result<Self, OutgoingError> {
        let mut out = RowWriter::begin(out, profile.waiting_list.clone(), reader)?;
        out.header(WAITING_COLUMNS)?;
        Ok(Self { out })
    }

    /// A row for each dose of a coupon that is nobody's; none for people who are registered.
    ///
    /// # Errors
    /// [`OutgoingError::Write`].
    pub fn take(&mut self, walked: &Walked) -> Result<(), OutgoingError> {
        if walked.person.is_some() {
            return Ok(());
        }
        for dose in &walked.doses {
            let (day, coupon) = (&dose.vaccination.day, dose.vaccination.coupon);
            let fields = [
                coupon.municipality().to_string(),
                coupon.number().to_string(),
                day.dose.number().to_string(),
                compact(day.vaccinated_on),
                day.site.name.to_string(),
                day.vaccine.manufacturer.to_string(),
                day.lot.to_string(),
                stamp(dose.recorded_at),
            ];
            self.out.row(fields.iter().map(String::as_str))?;
        }
        Ok(())
    }

    /// The end of the file.
    ///
    /// # Errors
    /// [`OutgoingError::Write`].
    pub fn finish(self) -> Result<W, OutgoingError> {
        Ok(self.out.finish()?)
    }
}

/// `YYYYMMDD`.
fn compact(day: CalendarDate) -> String {
    let (year, month, day) = day.parts();
    format!("{year:04}{month:02}{day:02}")
}

/// `YYYYMMDDHHMMSS` in Japan; empty where the clock is beyond reason.
fn stamp(at: WallTime) -> String {
    let Ok(day) = CalendarDate::in_japan(at) else { return String::new() };
    let second = (at.unix_s() + 9 * 3_600).rem_euclid(86_400);
    format!("{}{:02}{:02}{:02}", compact(day), second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests;
