//! `stock orders` and `stock allocation`: orders of a cycle in files, and its result. What is in them is no person's.
//!
//! Must not: order after the deadline, or for some rows of a file and not for others of one municipality.

use std::io::{self, Read};

use central::{
    audit::{AT_THE_SERVER, Act},
    clock::Clock,
    stock::{
        allocating::{
            figures::counted,
            files::{self, write_orders as write_file},
            lines::lines,
        },
        files::rows::FileForm,
    },
    storage::{NewOrders, OrdersPlaced, Storage},
};
use record::MunicipalityCode;

use super::{Failure, say};

/// Takes orders in, each municipality's in one transaction; looks at every one's refusal before it takes the first in.
pub(super) async fn order(
    storage: &dyn Storage,
    cycle: u32,
    input: impl Read,
    form: FileForm,
) -> Result<(), Failure> {
    let read = files::orders(input, form, None)?;
    for (municipality, lines) in &read {
        for code in lines.iter().filter_map(|line| line.facility) {
            let known = storage.facility(code).await?.map(|kept| kept.facility.municipality);
            if known != Some(*municipality) {
                return Err(not_taken(*municipality, OrdersPlaced::NoFacility(code)).into());
            }
        }
        let population = storage.populations(Some(*municipality)).await?;
        let lacks = |line: &central::stock::allocating::figures::OrderLine| {
            line.boxes > 0 && line.facility.is_none() && line.people.is_none() && population.is_empty()
        };
        if lines.iter().any(lacks) {
            return Err(not_taken(*municipality, OrdersPlaced::NoPeople).into());
        }
    }
    let (municipalities, mut count) = (read.len(), 0);
    for (municipality, lines) in read {
        let at = Clock::system().now();
        let (by, rows) = (AT_THE_SERVER.parse()?, lines.len());
        let act = Act::Ordered { cycle, lines: u32::try_from(rows)? };
        let noted = act.line(municipality, AT_THE_SERVER, at);
        match storage.place_orders(NewOrders { cycle, municipality, lines, by, at, noted }).await? {
            OrdersPlaced::Placed => count += rows,
            refused => return Err(not_taken(municipality, refused).into()),
        }
    }
    say(&format!(
        "{municipalities}市区町村の要望{count}件を取り込みました。 / {count} orders of {municipalities} municipalities were taken in."
    ))
}

fn not_taken(municipality: MunicipalityCode, refused: OrdersPlaced) -> String {
    let (japanese, english) = match refused {
        OrdersPlaced::Closed => (
            "要望の受付は終わっています。次の回で要望してください。".to_owned(),
            "orders are taken no longer. Order in the next cycle.".to_owned(),
        ),
        OrdersPlaced::NoFacility(code) => (
            format!("施設コード{code}は、この市区町村に登録されていません。確かめてください。"),
            format!("facility {code} is not registered there. Check it."),
        ),
        OrdersPlaced::NoPeople => (
            "12歳以上人口が分かりません。ファイルに入れてください。".to_owned(),
            "its people of 12 and over are not known. Put them into the file.".to_owned(),
        ),
        OrdersPlaced::Unknown | OrdersPlaced::Placed => (
            "その回の配分はありません。番号を確かめてください。".to_owned(),
            "there is no such cycle. Check its number.".to_owned(),
        ),
    };
    format!("市区町村{municipality}: {japanese} / Municipality {municipality}: {english}")
}

/// Writes the orders that count.
pub(super) async fn write_orders(storage: &dyn Storage, cycle: u32, form: FileForm) -> Result<(), Failure> {
    let history = storage.orders(cycle, None).await?;
    let orders: Vec<_> = counted(&history).into_values().collect();
    Ok(write_file(io::stdout().lock(), form, &orders)?)
}

/// Writes the result of the computation that holds.
pub(super) async fn write_result(storage: &dyn Storage, cycle: u32, form: FileForm) -> Result<(), Failure> {
    let kept = storage.cycle(cycle).await?;
    let Some((kept, computation)) = kept.and_then(|kept| kept.computation().map(|number| (kept, number)))
    else {
        return Err("その回は、まだ計算されていません。番号を確かめてください。 / The cycle was not computed: check its number.".into());
    };
    let shares = storage.shares(cycle, computation, None).await?;
    Ok(files::write_result(io::stdout().lock(), form, &lines(&kept, &shares))?)
}
