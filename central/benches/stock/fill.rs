//! A nation's books, written into the tables as the central writes them: facilities with a kind, and of each lot that one has
//! a delivery, what was thawed, given, opened, discarded and counted; every second passes one vial on to the next.
//!
//! Must not: say by itself what a line moves; `vsys` does.

use std::{fmt::Write as _, io::Cursor, pin::pin};

use futures_util::SinkExt as _;
use record::{
    MunicipalityCode, MunicipalityTable, WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use tokio_postgres::{Client, NoTls};
use vsys::{
    Amount, Book, Event, FacilityKind, KindChange, Line, StockKey, Storage, TransferId,
    ledger::{Account, DiscardReason, End, Origin},
};

/// How many of each there are.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) facilities: u32,
    pub(crate) lots: u32,
    pub(crate) municipalities: usize,
}

pub(crate) const WHOLE: Size = Size { facilities: 70_000, lots: 5_000, municipalities: 1_741 };
pub(crate) const QUICK: Size = Size { facilities: 2_000, lots: 500, municipalities: 50 };
pub(crate) const PRODUCTS: u32 = 20;
/// Lots that one facility has.
const LOTS_EACH: u32 = 4;
const DOSES_PER_VIAL: u64 = 6;
/// 2021-11-22 09:00 in Japan.
const MORNING: WallTime = WallTime::from_unix_ms(1_637_539_200_000);
const BY: &str = "staff-1";

/// What was written.
#[derive(Default)]
pub(crate) struct Filled {
    pub(crate) lines: u64,
    pub(crate) accounts: u64,
    pub(crate) doses: u64,
}

/// The municipalities that have facilities.
pub(crate) fn municipalities(size: Size) -> Vec<MunicipalityCode> {
    MunicipalityTable::shipped().iter().map(|known| known.code).take(size.municipalities).collect()
}

pub(crate) fn facility(index: u32) -> FacilityCode {
    format!("{index:010}").parse().unwrap()
}

/// Of which municipality a facility is: two that stand beside each other are of one.
pub(crate) fn owner(index: u32, size: Size) -> MunicipalityCode {
    let all = municipalities(size);
    all[(index / 2) as usize % all.len()]
}

fn lot(index: u32, own: u32, size: Size) -> (Product, LotNumber) {
    let number = (index / 2 * 7 + own * 1_259) % size.lots;
    let product = format!("見本{:02}号", number % PRODUCTS + 1);
    (product.parse().unwrap(), format!("SAMPLE-{number:04}").parse().unwrap())
}

/// Rows of one table on their way, as COPY takes them.
#[derive(Default)]
struct Rows(String);

impl Rows {
    fn put(&mut self, columns: &[&str]) {
        self.0.push_str(&columns.join("\t"));
        self.0.push('\n');
    }
}

/// Connects to the database.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Writes all of it.
pub(crate) async fn fill(url: &str, size: Size) -> Filled {
    let client = connect(url).await;
    let mut filled = Filled::default();
    let all = municipalities(size);
    let owner = |index: u32| all[(index / 2) as usize % all.len()].to_string();
    let mut tables: [Rows; 6] = Default::default();
    for first in (0..size.facilities).step_by(2) {
        let mut book = Book::default();
        for index in [first, first + 1] {
            put_facility(&mut tables, index, &owner(index));
            for (number, line) in (1_u64..).zip(lines(index, size)) {
                book.add(&line).unwrap();
                filled.lines += 1;
                let json = serde_json::to_string(&line).unwrap();
                let code = facility(index).to_string();
                tables[3].put(&[&owner(index), &code, &number.to_string(), "1637539200000", &json]);
                if let Event::Given { doses } = line.event {
                    for _ in 0..doses {
                        filled.doses += 1;
                        let coupon = format!("{:010}", filled.doses);
                        let (product, lot) = (line.key.product.to_string(), line.key.lot.to_string());
                        let on = "2021-11-22";
                        tables[5].put(&[&owner(index), &coupon, "1", &code, &product, &lot, on, "1"]);
                    }
                }
            }
        }
        for (account, balance) in book.accounts() {
            filled.accounts += 1;
            put_account(&mut tables[4], &owner(first), account, balance.vials, balance.doses);
        }
        if tables[3].0.len() > 8 << 20 {
            send(&client, &mut tables).await;
        }
    }
    send(&client, &mut tables).await;
    client.batch_execute("ANALYZE").await.unwrap();
    filled
}

fn put_facility(tables: &mut [Rows; 6], index: u32, owner: &str) {
    let code = facility(index).to_string();
    let place = |base: u32, step: u32| (base + index.wrapping_mul(step) % 4_000_000).to_string();
    let (latitude, longitude) = (place(33_000_000, 7_919), place(131_000_000, 104_729));
    let name = format!("見本診療所{index}");
    tables[0].put(&[owner, &code, &name, "1000", "300", &latitude, &longitude, "2021-11-01"]);
    tables[1].put(&[&code, owner]);
    let change = KindChange {
        product: lot(index, 0, WHOLE).0,
        kind: if index.is_multiple_of(2) { FacilityKind::Core } else { FacilityKind::Linked },
        effective_from: MORNING,
        decided_at: MORNING,
        by: BY.parse().unwrap(),
        reason: "見本の理由".parse().unwrap(),
    };
    tables[2].put(&[owner, &code, "1", &serde_json::to_string(&change).unwrap()]);
}

/// What was written of one facility, in order.
fn lines(index: u32, size: Size) -> Vec<Line> {
    let vials = |vials| Amount::of_vials(vials, DOSES_PER_VIAL);
    let mut lines = Vec::new();
    let mut say = |own: u32, storage, hours: i64, event| {
        let (product, lot) = lot(index, own, size);
        let key = StockKey { facility: facility(index), product, lot, storage };
        let at = MORNING.plus_ms(hours * 3_600_000);
        lines.push(Line { key, event, at, by: BY.parse().unwrap(), reason: None });
    };
    let (frozen, thawed) = (Storage::Frozen, Storage::Thawed);
    for own in 0..LOTS_EACH {
        say(own, frozen, 0, Event::Delivered { amount: vials(40) });
        say(own, frozen, 1, Event::Thawed { amount: vials(10) });
        for day in 0..6 {
            say(own, thawed, 24 * day + 8, Event::Given { doses: 1 });
        }
        say(own, thawed, 150, Event::Opened { vials: 1, expected: 6, gave: 6 });
        say(own, thawed, 151, Event::Discarded { amount: vials(1), reason: DiscardReason::Broken });
        say(own, frozen, 152, Event::Counted { amount: vials(30) });
    }
    let mut id = [0; 16];
    id[..4].copy_from_slice(&(index / 2).to_be_bytes());
    let (transfer, amount) = (TransferId::from_bytes(id), vials(1));
    let (product, lot) = lot(index, 0, size);
    let sent = StockKey { facility: facility(index - index % 2), product, lot, storage: frozen };
    say(
        0,
        frozen,
        160,
        if index.is_multiple_of(2) {
            Event::Sent { transfer, amount }
        } else {
            Event::Received { transfer, sent, amount }
        },
    );
    lines
}

fn put_account(rows: &mut Rows, owner: &str, account: &Account, vials: i64, doses: i64) {
    let (word, transfer) = match account {
        Account::From(Origin::Delivered, _) => ("delivered", None),
        Account::From(Origin::Gained, _) => ("gained", None),
        Account::From(Origin::Shortfall, _) => ("shortfall", None),
        Account::From(Origin::Received, _) => ("received", None),
        Account::OnHand(_) => ("on_hand", None),
        Account::InTransit(transfer, _) => ("in_transit", Some(transfer)),
        Account::Gone(End::Given, _) => ("given", None),
        Account::Gone(End::Discarded, _) => ("discarded", None),
        Account::Gone(End::HandedOver, _) => ("handed_over", None),
    };
    let key = account.key();
    let storage = if key.storage == Storage::Frozen { "frozen" } else { "thawed" };
    let mut id = String::from("\\\\x");
    for byte in transfer.into_iter().flat_map(|transfer| transfer.as_bytes().iter()) {
        // Writing to a String never fails.
        let _ = write!(id, "{byte:02x}");
    }
    let (code, product, lot) = (key.facility.to_string(), key.product.to_string(), key.lot.to_string());
    let (vials, doses) = (vials.to_string(), doses.to_string());
    rows.put(&[owner, &code, &product, &lot, storage, word, &id, &vials, &doses]);
}

async fn send(client: &Client, tables: &mut [Rows; 6]) {
    let names =
        ["facilities", "facility_owners", "kind_changes", "stock_lines", "stock_accounts", "stock_doses"];
    for (name, rows) in names.iter().zip(tables) {
        let sql = format!("COPY {name} FROM STDIN");
        let mut copy = pin!(client.copy_in::<_, Cursor<Vec<u8>>>(&sql).await.unwrap());
        copy.send(Cursor::new(std::mem::take(&mut rows.0).into_bytes())).await.unwrap();
        copy.finish().await.unwrap();
    }
}
