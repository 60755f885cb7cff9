//! Recording and sending: keeps entries one after the other and sends after each, until all have their receipt.
//!
//! Must not: say that an entry is kept before the database has said so.

use std::{fs, sync::Arc, time::Duration};

use app::platform::now;
use record::{Entry, EntryContent, EntryId, bundle::CentralAddress, draft::Stamp, entry::Vaccination};
use seal::{device::SigningKey, random::SystemRandom, vault::StoreKey};
use serde_json::Value;
use store::{Enrolment, ListFilter, Owner, Store};
use sync::{
    courier::{Courier, Next, Route},
    https::Https,
};

use crate::{Failure, Orders, hooks};

pub(crate) fn run(orders: &Orders) -> Result<(), Failure> {
    // Another part of the program may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let told: Value = serde_json::from_slice(&fs::read(&orders.file)?)?;
    let tablet_id = told["tablet_id"].as_str().unwrap_or_default().parse()?;
    let central: CentralAddress = serde_json::from_value(told["central"].clone())?;
    let seed = [told["seed"].as_u64().unwrap_or_default() as u8; 32];
    let device_key = Arc::new(SigningKey::from_seed(seed)?);
    let owner = Owner { tablet_id, device_key: device_key.public() };

    hooks::die_at(orders.die_at);
    let mut store = Store::open(&orders.folder, &StoreKey::from_bytes(seed), owner, now())?.store;
    for row in store.list(ListFilter::All, 0, usize::from(u16::MAX))? {
        println!("found {}", row.entry_id);
    }
    if store.enrolment()?.is_none() {
        let token = serde_json::from_value(told["token"].clone())?;
        store.keep_enrolment(&Enrolment::Waiting(token))?;
    }
    let route = Route { tablet_id, device_key, central: central.clone(), program: "0.1.0" };
    let (mut courier, mut https) = (Courier::new(route), Https::new(central));
    for number in 1..=orders.entries {
        // The same entry again where a run before kept it: nothing changes then.
        let entry = entry(tablet_id.number(), number)?;
        store.append(&entry, now())?;
        println!("kept {}", entry.entry_id);
        if number % 2 == 0 {
            send(&mut courier, &mut https, &mut store);
        }
    }
    while !store.pending(None, 1)?.is_empty() {
        send(&mut courier, &mut https, &mut store);
    }
    drop(store);
    println!("steps {}", hooks::steps());
    Ok(())
}

/// One round, with a short rest where it failed.
fn send(courier: &mut Courier, https: &mut Https, store: &mut Store) {
    let mut random = SystemRandom::default();
    courier.wake(sync::courier::Wake::Now);
    loop {
        match courier.next(store, now(), &mut random) {
            Next::Send(request) => {
                let answer = https.carry(&request);
                courier.answered(answer, store, now(), &mut random);
            }
            Next::Again => {}
            Next::Rest { .. } => break,
        }
    }
    if courier.status(now()).problem.is_some() {
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Nobody's: a coupon of a sample number, in the name of a sample person.
fn entry(tablet_number: u32, number: u64) -> Result<Entry, Failure> {
    let day = serde_json::json!({
        "vaccinated_on": "2021-11-22",
        "site": {"facility_code": "1311399999", "name": "見本市民体育館"},
        "physician": "見本 太郎",
        "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
        "lot": "FF3620", "dose": "3",
    });
    let coupon = format!("23131130{tablet_number:05}{number:05}").parse().map_err(|_| "not a coupon")?;
    let vaccination = Vaccination {
        coupon,
        witnessed: "8EQ,10NQ".parse()?,
        day: serde_json::from_value(day)?,
        despite: Default::default(),
    };
    let id = u128::from(tablet_number) << 64 | u128::from(number);
    let stamp = Stamp {
        entry_id: EntryId::from_bytes(id.to_be_bytes()),
        municipality: "131130".parse()?,
        staff_id: "staff-01".parse()?,
        moment: record::Moment {
            wall: record::WallTime::from_unix_ms(1_637_545_200_000 + number as i64 * 1000),
            monotonic_ms: number * 1000,
        },
    };
    Ok(stamp.entry(EntryContent::Vaccination(vaccination)))
}
