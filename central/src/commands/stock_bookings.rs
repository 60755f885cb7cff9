//! `stock bookings`: 予約と入荷予定 in files, for whoever keeps the server.
//!
//! Must not: keep some rows of a municipality and not the others.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use central::{
    audit::{AT_THE_SERVER, Act},
    clock::Clock,
    stock::files::{bookings, rows::FileForm},
    storage::{Booked, BookedDay, Place, Storage, Whose},
};
use record::{CalendarDate, MunicipalityCode};

use super::{Failure, say, stock::file};

/// Takes a file in, or writes those of a municipality.
pub(super) async fn run(
    storage: &dyn Storage,
    import: Option<PathBuf>,
    municipality: Option<MunicipalityCode>,
    form: FileForm,
) -> Result<(), Failure> {
    let today = CalendarDate::in_japan(Clock::system().now())?;
    match (import, municipality) {
        (Some(path), _) => take_in(storage, &path, form, today).await,
        (None, Some(code)) => {
            let booked = storage.booked(Whose::Municipality(code), today).await?;
            let rows: Vec<_> = booked.iter().map(bookings::BookingRow::from).collect();
            Ok(bookings::write(io::stdout().lock(), form, &rows)?)
        }
        (None, None) => Err("name a file or a municipality".into()),
    }
}

/// All facilities are looked up first; then what belongs to one municipality is kept together.
async fn take_in(
    storage: &dyn Storage,
    path: &Path,
    form: FileForm,
    today: CalendarDate,
) -> Result<(), Failure> {
    let rows = bookings::read(file(path)?, form, today)?;
    let (mut owners, mut days) = (BTreeMap::new(), BTreeMap::<MunicipalityCode, Vec<BookedDay>>::new());
    let count = rows.len();
    for row in rows {
        let owner = match owners.get(&row.facility) {
            Some(owner) => *owner,
            None => {
                let kept = storage.facility(row.facility).await?.ok_or_else(|| unknown(row.facility))?;
                owners.insert(row.facility, kept.facility.municipality);
                kept.facility.municipality
            }
        };
        let place = Place { municipality: owner, facility: row.facility };
        let bookings::BookingRow { product, on, doses, expected, .. } = row;
        days.entry(owner).or_default().push(BookedDay { place, product, on, doses, expected });
    }
    let now = Clock::system().now();
    for (owner, days) in days {
        let line = |((facility, product), days)| {
            Act::BookingsEntered { facility, product, days }.line(owner, AT_THE_SERVER, now)
        };
        let noted = bookings::days_of(&days).into_iter().map(line).collect();
        if let Booked::NoFacility(code) = storage.book(owner, days, noted).await? {
            return Err(unknown(code).into());
        }
    }
    say(&format!("予約と入荷予定を{count}行取り込みました。 / {count} rows of bookings were taken in."))
}

fn unknown(code: record::day::FacilityCode) -> String {
    format!(
        "施設コード{code}は登録されていません。先に施設を取り込んでください。 / Facility {code} is not registered: take facilities in first."
    )
}
