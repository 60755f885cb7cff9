//! `stock facilities`, `deliveries`, `bookings`, `show`, `rules`, `orders`, `allocation`, `derive`: facilities and stock in files, for
//! whoever keeps the server. What
//! is in them is no person's.
//!
//! Must not: write half of a file, or a line that the ledger refuses.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use central::{
    audit::{AT_THE_SERVER, Act, StockAct},
    clock::Clock,
    directory::DataDirectory,
    stock::{
        catching_up::{self, CaughtUp},
        files::{deliveries, facilities, rows::FileForm, shown},
    },
    storage::{KeptFacility, LineAdded, Place, Registered, Storage},
};
use clap::{Subcommand, ValueEnum};
use record::MunicipalityCode;
use vsys::{Line, ProductRule};

use super::{Failure, Meter, allocation, say};
use crate::Data;

/// Lines that are read at once.
const LINES: u32 = 1_000;

/// What is done with stock.
#[derive(Subcommand)]
pub(crate) enum StockCommand {
    /// Take facilities in from a file, or write those of a municipality to standard output.
    Facilities(Moved),
    /// Take deliveries in from a file, or write those of a municipality. A file that is taken in twice counts once.
    Deliveries(Moved),
    /// Take bookings and expected deliveries in from a file, or write those of a municipality from today on. Each row takes the
    /// place of what stood for the same facility, product and day.
    Bookings(Moved),
    /// Write what the facilities of a municipality have, to standard output.
    Show {
        #[command(flatten)]
        data: Data,
        /// Which municipality.
        #[arg(long)]
        municipality: MunicipalityCode,
        /// The form of the file.
        #[arg(long, value_enum, default_value = "csv")]
        form: Form,
    },
    /// Publish rules of products from a JSON file, each in the place of the one before; without one, print those that hold.
    Rules {
        #[command(flatten)]
        data: Data,
        /// The file: an array of rules.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Take orders of a cycle of allocation in from a file, or write those that count to standard output.
    Orders {
        #[command(flatten)]
        data: Data,
        /// Which cycle.
        #[arg(long)]
        cycle: u32,
        /// The file to take in.
        #[arg(long)]
        import: Option<PathBuf>,
        /// The form of the file.
        #[arg(long, value_enum, default_value = "csv")]
        form: Form,
    },
    /// Write the result of a cycle of allocation to standard output.
    Allocation {
        #[command(flatten)]
        data: Data,
        /// Which cycle.
        #[arg(long)]
        cycle: u32,
        /// The form of the file.
        #[arg(long, value_enum, default_value = "csv")]
        form: Form,
    },
    /// Take the doses of the register into the books now, as the server does by itself every five minutes.
    Derive {
        #[command(flatten)]
        data: Data,
        /// Look at every dose once more, as after programs of different versions served one database together.
        #[arg(long)]
        all: bool,
    },
}

/// A file that comes in, or a municipality's that goes out.
#[derive(clap::Args)]
pub(crate) struct Moved {
    #[command(flatten)]
    data: Data,
    /// The file to take in.
    #[arg(long, required_unless_present = "municipality", conflicts_with = "municipality")]
    import: Option<PathBuf>,
    /// Whose are written.
    #[arg(long)]
    municipality: Option<MunicipalityCode>,
    /// The form of the file.
    #[arg(long, value_enum, default_value = "csv")]
    form: Form,
}

/// The form of a file.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    /// CSV, UTF-8 or CP932, with a first row of names.
    Csv,
    /// A JSON array of objects.
    Json,
}

impl From<Form> for FileForm {
    fn from(form: Form) -> Self {
        match form {
            Form::Csv => Self::Csv,
            Form::Json => Self::Json,
        }
    }
}

/// Does it.
pub(crate) async fn run(command: StockCommand) -> Result<(), Failure> {
    match command {
        StockCommand::Facilities(moved) => {
            let storage = opened(&moved.data.data).await?;
            match (moved.import, moved.municipality) {
                (Some(file), _) => register(&*storage, &file, moved.form).await,
                (None, Some(code)) => {
                    let all = storage.facilities(code).await?;
                    Ok(facilities::write(io::stdout().lock(), moved.form.into(), &all)?)
                }
                (None, None) => Err("name a file or a municipality".into()),
            }
        }
        StockCommand::Deliveries(moved) => {
            let storage = opened(&moved.data.data).await?;
            match (moved.import, moved.municipality) {
                (Some(file), _) => deliver(&*storage, &file, moved.form).await,
                (None, Some(code)) => {
                    let mut lines = Vec::new();
                    for kept in storage.facilities(code).await? {
                        lines.extend(lines_of(&*storage, kept.place()).await?);
                    }
                    Ok(deliveries::write(io::stdout().lock(), moved.form.into(), &lines)?)
                }
                (None, None) => Err("name a file or a municipality".into()),
            }
        }
        StockCommand::Bookings(moved) => {
            let storage = opened(&moved.data.data).await?;
            super::stock_bookings::run(&*storage, moved.import, moved.municipality, moved.form.into()).await
        }
        StockCommand::Show { data, municipality, form } => {
            let accounts = opened(&data.data).await?.balances(municipality, None).await?;
            Ok(shown::write(io::stdout().lock(), form.into(), &accounts)?)
        }
        StockCommand::Rules { data, file } => rules(&*opened(&data.data).await?, file.as_deref()).await,
        StockCommand::Orders { data, cycle, import, form } => {
            let storage = opened(&data.data).await?;
            match import {
                Some(path) => allocation::order(&*storage, cycle, file(&path)?, form.into()).await,
                None => allocation::write_orders(&*storage, cycle, form.into()).await,
            }
        }
        StockCommand::Allocation { data, cycle, form } => {
            allocation::write_result(&*opened(&data.data).await?, cycle, form.into()).await
        }
        StockCommand::Derive { data, all } => derive(&data.data, all).await,
    }
}

async fn opened(data: &Path) -> Result<Arc<dyn Storage>, Failure> {
    Ok(DataDirectory::open(data)?.storage().await?)
}

pub(super) fn file(path: &Path) -> Result<BufReader<File>, Failure> {
    let opened = File::open(path).map_err(|error| {
        format!("{}を開けません。名前を確かめてください。 / It cannot be opened: {error}", path.display())
    })?;
    Ok(BufReader::new(opened))
}

async fn register(storage: &dyn Storage, path: &Path, form: Form) -> Result<(), Failure> {
    let read = facilities::read(file(path)?, form.into())?;
    for kept in &read {
        let owner = storage.facility(kept.facility.code).await?.map(|known| known.facility.municipality);
        if owner.is_some_and(|owner| owner != kept.facility.municipality) {
            return Err(elsewhere(kept).into());
        }
    }
    let mut counts = [0_u64; 3];
    let mut meter = Meter::default();
    for (count, kept) in (1..).zip(read) {
        let act = Act::FacilityRegistered { facility: kept.facility.code };
        let noted = act.line(kept.facility.municipality, AT_THE_SERVER, Clock::system().now());
        let place = match storage.register_facility(kept.clone(), noted).await? {
            Registered::New => 0,
            Registered::Changed => 1,
            Registered::Unchanged => 2,
            Registered::Elsewhere => return Err(elsewhere(&kept).into()),
        };
        counts[place] += 1;
        meter.tell("facilities", count);
    }
    let [new, changed, unchanged] = counts;
    say(&format!(
        "新規{new}件、変更{changed}件、変更なし{unchanged}件 / {new} new, {changed} changed, {unchanged} as they were"
    ))
}

fn elsewhere(kept: &KeptFacility) -> String {
    let code = kept.facility.code;
    format!(
        "施設コード{code}は、ほかの市区町村の施設です。コードを確かめてください。 / Facility {code} is another municipality's: check the code."
    )
}

async fn lines_of(storage: &dyn Storage, place: Place) -> Result<Vec<Line>, Failure> {
    let (mut lines, mut before) = (Vec::new(), None);
    loop {
        let page = storage.stock_lines(place, before, LINES).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.number);
        lines.extend(page.into_iter().map(|kept| kept.line));
    }
    lines.reverse();
    Ok(lines)
}

async fn deliver(storage: &dyn Storage, path: &Path, form: Form) -> Result<(), Failure> {
    let (by, now) = (AT_THE_SERVER.parse()?, Clock::system().now());
    let read = deliveries::read(file(path)?, form.into(), &by, now)?;
    let (mut places, mut there) = (BTreeMap::new(), BTreeMap::new());
    for line in &read {
        let code = line.key.facility;
        if places.contains_key(&code) {
            continue;
        }
        let Some(kept) = storage.facility(code).await? else {
            return Err(format!(
                "施設コード{code}は登録されていません。先に施設を取り込んでください。何も取り込んでいません。 / Facility {code} is not registered: take facilities in first. Nothing was taken in."
            )
            .into());
        };
        there.insert(code, lines_of(storage, kept.place()).await?);
        places.insert(code, kept.place());
    }
    let rows = read.len();
    let fresh = deliveries::not_there(read, &there);
    let (added, mut meter) = (fresh.len(), Meter::default());
    for (count, line) in (1..).zip(fresh) {
        let Some(place) = places.get(&line.key.facility) else { continue };
        let act = Act::StockRecorded { facility: place.facility, what: StockAct::Delivered };
        let noted = act.line(place.municipality, AT_THE_SERVER, now);
        match storage.add_stock_line(place.municipality, line, now, noted).await? {
            LineAdded::Added(_) => {}
            LineAdded::Refused(error) => return Err(error.into()),
            LineAdded::NoFacility => return Err("a facility is gone".into()),
        }
        meter.tell("deliveries", count);
    }
    let known = rows - added;
    say(&format!("取り込み{added}件、取り込み済み{known}件 / {added} taken in, {known} were there already"))
}

async fn rules(storage: &dyn Storage, path: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = path else {
        return say(&serde_json::to_string_pretty(&storage.product_rules().await?)?);
    };
    let rules: Vec<ProductRule> = serde_json::from_reader(file(path)?).map_err(|error| {
        format!("製品の規則を読めません。形式を docs/operations.md で確かめてください。 / The rules cannot be read: {error}")
    })?;
    let count = rules.len();
    for rule in rules {
        storage.publish_product_rule(rule, Clock::system().now()).await?;
    }
    say(&format!("製品の規則を{count}件公開しました。 / {count} rules published."))
}

async fn derive(data: &Path, all: bool) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let storage = directory.storage().await?;
    directory.no_later_key_is_lost(&*storage).await?;
    if all {
        storage.look_at_all_doses().await?;
    }
    let master = Arc::new(directory.coupon_master()?);
    let now = Clock::system().now();
    let CaughtUp { acts, looked_at, closings } = catching_up::catch_up(&*storage, &master, now).await?;
    say(&format!("締め{closings}件を台帳に入れました。 / {closings} closings came into the books."))?;
    say(&format!(
        "端末からの在庫の記録{acts}件を台帳に入れました。 / {acts} acts that tablets told came into the books."
    ))?;
    say(&format!("接種{looked_at}件を確認しました。 / {looked_at} doses and coupons looked at."))?;
    for (facility, doses) in storage.doses_without_books(50).await? {
        say(&format!(
            "未登録の施設{facility}: 接種{doses}回 / facility {facility} is not registered: {doses} doses"
        ))?;
    }
    Ok(())
}
