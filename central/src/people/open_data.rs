//! オープンデータ: how many doses were given on which day, by prefecture, sex, age and dose; one line of JSON each.
//!
//! Must not: hold or write anything of one person: counts alone.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use record::CalendarDate;
use serde::Serialize;

use super::{person::Sex, walk::Walked};

/// From this age on somebody is counted as 65-.
const OLD: u16 = 65;

/// Counts doses.
#[derive(Default)]
pub struct OpenData {
    counts: BTreeMap<(CalendarDate, String, &'static str, &'static str, u8), u64>,
}

/// A line as the state published them. Source: the open data of 2021.
#[derive(Serialize)]
struct Line<'a> {
    date: CalendarDate,
    prefecture: &'a str,
    gender: &'a str,
    age: &'a str,
    medical_worker: bool,
    status: u8,
    count: u64,
}

impl OpenData {
    /// Counts somebody's doses; who is not registered counts as `U` and `UNK`.
    pub fn take(&mut self, walked: &Walked) {
        for dose in &walked.doses {
            let day = dose.vaccination.day.vaccinated_on;
            let (year, month, of_month) = day.parts();
            let on = (u16::try_from(year).unwrap_or(u16::MAX), month, of_month);
            let (gender, age) = match &walked.person {
                Some(person) => {
                    let gender = match person.sex {
                        Sex::Male => "M",
                        Sex::Female => "F",
                        Sex::Unknown => "U",
                    };
                    (gender, if person.born_on.age_on(on) >= OLD { "65-" } else { "-64" })
                }
                None => ("U", "UNK"),
            };
            let issuer = dose.vaccination.coupon.municipality().to_string();
            let key = (day, issuer[..2].to_owned(), gender, age, dose.vaccination.day.dose.number());
            *self.counts.entry(key).or_default() += 1;
        }
    }

    /// Writes the lines, in order of day.
    ///
    /// # Errors
    /// Whatever writing says.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        for ((date, prefecture, gender, age, status), count) in &self.counts {
            // Whether somebody works in medicine is recorded nowhere.
            let line = Line {
                date: *date,
                prefecture,
                gender,
                age,
                medical_worker: false,
                status: *status,
                count: *count,
            };
            serde_json::to_writer(&mut out, &line)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }
}
