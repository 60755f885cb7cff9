//! Rows of a file of people: each a person, or everything that is wrong with it.
//!
//! Must not: keep a row; hold the first fault for the only one.

use std::{borrow::Cow, collections::HashSet, io::Read};

use record::{CouponNumber, MunicipalityCode};

use super::{
    person::{AddressNumber, BirthDate, Person},
    personal_number::PersonalNumber,
    profile::Profile,
};
use crate::csv::{
    encoding::{Encoding, Mark},
    faults::{Fault, FileFault, Trouble},
    fields::{digits, line, lines},
    header,
    rows::LineEnd,
    table::{Table, TableRow},
};

/// A file of people that is being read.
pub struct PeopleFile<'a, R> {
    table: Table<R>,
    profile: &'a Profile,
    places: [Option<usize>; 9],
    municipality: MunicipalityCode,
    today: (u16, u8, u8),
}

/// A row of it.
pub struct PersonRow {
    /// As a spreadsheet counts; the first person stands in row 2.
    pub number: u64,
    /// Its bytes as they came.
    pub raw: Vec<u8>,
    /// Who it is, or what is wrong.
    pub read: Result<Person, Vec<Fault>>,
}

impl<'a, R: Read> PeopleFile<'a, R> {
    /// Reads the first row. `today`, year, month and day, is the last day that anybody can be born on.
    ///
    /// # Errors
    /// [`FileFault`] where the file is none of people.
    pub fn open(
        input: R,
        profile: &'a Profile,
        municipality: MunicipalityCode,
        today: (u16, u8, u8),
    ) -> Result<Self, FileFault> {
        let table = Table::open(input, profile.encoding)?;
        let columns = profile.columns.in_order();
        let found = header::places(columns, &profile.ignored, profile.unknown_columns, &table.header)?;
        let mut places = [None; 9];
        places.copy_from_slice(&found);
        Ok(Self { table, profile, places, municipality, today })
    }

    /// Its encoding.
    pub fn encoding(&self) -> Encoding {
        self.table.encoding
    }
    /// The byte order mark it began with.
    pub fn mark(&self) -> Mark {
        self.table.mark()
    }
    /// How its rows end.
    pub fn line_end(&self) -> LineEnd {
        self.table.line_end()
    }
    /// The first row as it came.
    pub fn raw_header(&self) -> &[u8] {
        &self.table.raw_header
    }

    /// The next row in which anything stands; none after the last.
    ///
    /// # Errors
    /// [`FileFault`] where the file cannot be read any further: then nothing of it may be taken in.
    pub fn next_row(&mut self) -> Result<Option<PersonRow>, FileFault> {
        let Some(row) = self.table.next_row()? else { return Ok(None) };
        let reading = Reading {
            row: &row,
            profile: self.profile,
            places: &self.places,
            municipality: self.municipality,
            today: self.today,
            faults: Vec::new(),
        };
        let read = reading.person();
        Ok(Some(PersonRow { number: row.number(), raw: row.raw().to_vec(), read }))
    }
}

struct Reading<'a> {
    row: &'a TableRow<'a>,
    profile: &'a Profile,
    places: &'a [Option<usize>; 9],
    municipality: MunicipalityCode,
    today: (u16, u8, u8),
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn person(mut self) -> Result<Person, Vec<Fault>> {
        if let Some(fault) = self.row.misshapen() {
            return Err(vec![fault]);
        }
        let (today, profile, own) = (self.today, self.profile, self.municipality);
        let address_number = self.field(0, AddressNumber::read);
        let personal_number = self.optional(1, PersonalNumber::read);
        self.optional(2, |text| {
            let code: Result<MunicipalityCode, _> =
                std::str::from_utf8(&digits::<6>(text)?).unwrap_or_default().parse();
            match code {
                Ok(code) if code == own => Ok(()),
                Ok(_) => Err(Trouble::OtherMunicipality),
                Err(_) => Err(Trouble::CheckDigit),
            }
        });
        let coupon = self.field(3, |text| -> Result<CouponNumber, Trouble> {
            let found = digits::<10>(text)?;
            let number = std::str::from_utf8(&found).unwrap_or_default().parse();
            number.map_err(|_| Trouble::NotDigits { digits: 10 })
        });
        let name = self.field(4, |text| line(text, Person::MOST_NAME));
        let kana = self.optional(5, |text| line(text, Person::MOST_NAME));
        let born_on = self.field(6, |text| BirthDate::read(text, today));
        let sex = self.field(7, |text| profile.sex(text).ok_or(Trouble::UnknownWord));
        let address = self.field(8, |text| lines(text, Person::MOST_ADDRESS));
        match (address_number, coupon, name, born_on, sex) {
            (Some(address_number), Some(coupon), Some(name), Some(born_on), Some(sex))
                if self.faults.is_empty() =>
            {
                let address = address.flatten();
                Ok(Person { address_number, personal_number, coupon, name, kana, born_on, sex, address })
            }
            _ => Err(self.faults),
        }
    }

    /// A field that is read whatever stands there; a column that is missing is empty.
    fn field<T>(&mut self, which: usize, read: impl FnOnce(&str) -> Result<T, Trouble>) -> Option<T> {
        let text = match self.places[which] {
            Some(column) => self.row.text(column),
            None => Ok(Cow::Borrowed("")),
        };
        match text.and_then(|text| read(&text)) {
            Ok(value) => Some(value),
            Err(trouble) => {
                let (column, name) = (self.places[which].map(|at| at + 1), self.name(which));
                self.faults.push(Fault { column, name, trouble });
                None
            }
        }
    }

    /// A field that may be empty.
    fn optional<T>(&mut self, which: usize, read: impl FnOnce(&str) -> Result<T, Trouble>) -> Option<T> {
        let maybe = |text: &str| if text.trim().is_empty() { Ok(None) } else { read(text).map(Some) };
        self.field(which, maybe).flatten()
    }

    fn name(&self, which: usize) -> String {
        first_name(self.profile, which)
    }
}

fn first_name(profile: &Profile, which: usize) -> String {
    profile.columns.in_order()[which].names.first().cloned().unwrap_or_default()
}

/// The numbers that stood in the rows before, as keyed hashes: what stands twice in one file is a fault of the later row.
#[derive(Default)]
pub struct Seen {
    address_numbers: HashSet<u64>,
    personal_numbers: HashSet<u64>,
    coupons: HashSet<u64>,
}

impl Seen {
    /// Takes a row's hashes in, or says which of its numbers stood before; then none of them counts. Eight bytes of each
    /// hash are kept: of a million rows, two different numbers meet by chance in one file of thirty million.
    ///
    /// # Errors
    /// The faults.
    pub fn take(
        &mut self,
        profile: &Profile,
        address_number: u64,
        personal_number: Option<u64>,
        coupon: u64,
    ) -> Result<(), Vec<Fault>> {
        let doubled = [
            (0, self.address_numbers.contains(&address_number)),
            (1, personal_number.is_some_and(|number| self.personal_numbers.contains(&number))),
            (3, self.coupons.contains(&coupon)),
        ];
        let faults: Vec<Fault> = doubled
            .into_iter()
            .filter(|(_, is_doubled)| *is_doubled)
            .map(|(which, _)| of_column(profile, which, Trouble::Doubled))
            .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        self.address_numbers.insert(address_number);
        self.personal_numbers.extend(personal_number);
        self.coupons.insert(coupon);
        Ok(())
    }
}

/// A fault of the column of 宛名番号 (0), 個人番号 (1) or 接種券番号 (3), known by its name.
pub(super) fn of_column(profile: &Profile, which: usize, trouble: Trouble) -> Fault {
    let name = first_name(profile, which);
    Fault { column: None, name, trouble }
}
