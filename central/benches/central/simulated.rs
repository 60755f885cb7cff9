//! Tablets reduced to what they send: batches made ready beforehand, signed when they are sent, receipts kept and
//! verified afterwards.
//!
//! Must not: send a coupon twice, or forget which receipt belongs to which batch.

use std::sync::Arc;

use central::{
    clock::Clock,
    storage::{KEPT, Storage, Value},
};
use record::{
    Epoch, MunicipalityCode, MunicipalityTable, Outcome, Position, TabletId, WallTime,
    bundle::ReceiptKey,
    wire::{
        batch::{self, BatchHeader, Segment, VERSION},
        content_type, path,
        receipt::{ReceiptAnswer, ReceiptItem, ReceiptList},
    },
};
use seal::{
    chain,
    device::SigningKey,
    request::{Target, sign},
};

use crate::entries::{EntryMaker, day};

/// A batch in its parcel.
pub(crate) struct Packed {
    pub(crate) body: Vec<u8>,
    items: Vec<ReceiptItem>,
}

/// A tablet.
pub(crate) struct Tablet {
    pub(crate) tablet_id: TabletId,
    key: SigningKey,
    pub(crate) batches: Vec<Packed>,
}

/// The municipalities the tablets belong to: as many as a prefecture of many, or a nation of few, has.
pub(crate) fn municipalities() -> Vec<MunicipalityCode> {
    MunicipalityTable::shipped().iter().map(|known| known.code).step_by(28).take(62).collect()
}

impl Tablet {
    /// The `index`th of all, with that many batches of `each` entries of people of its own. One coupon in twelve is of
    /// another municipality.
    pub(crate) fn new(index: usize, batches: usize, each: usize) -> Self {
        let all = municipalities();
        let municipality = all[index % all.len()];
        let number = u32::try_from(index / all.len() + 1).unwrap();
        let tablet_id = TabletId::new(municipality, number).unwrap();
        let mut seed = [7; 32];
        seed[..8].copy_from_slice(&(index as u64).to_be_bytes());
        let key = SigningKey::from_seed(seed).unwrap();
        let mut previous = chain::genesis(tablet_id, Epoch::FIRST, &key.public());
        let mut maker = EntryMaker::new(municipality, index as u64);
        let mut packed = Vec::with_capacity(batches);
        for batch in 0..batches {
            let first = Position::FIRST.plus((batch * each) as u64);
            let segment = Segment { first, count: u32::try_from(each).unwrap(), previous };
            let (mut bytes, mut items) = (Vec::with_capacity(each), Vec::with_capacity(each));
            for step in 0..each {
                let person = batch * each + step;
                let issuer = if person % 12 == 11 { all[(index + person) % all.len()] } else { municipality };
                let coupon = format!("21{issuer}{:010}", index * 10_000 + person).parse().unwrap();
                let entry = maker.vaccination_of(coupon, day()).to_bytes();
                let position = first.plus(step as u64);
                let hash = chain::entry_hash(&entry);
                previous = chain::link(&previous, position, &hash);
                items.push(ReceiptItem { position, hash, outcome: Outcome::Delivered });
                bytes.push(entry);
            }
            let header = BatchHeader {
                version: VERSION,
                tablet_id,
                epoch: Epoch::FIRST,
                last_position: first.plus(each as u64 - 1),
                clock_offset_ms: 0,
                program: "0.1.0".to_owned(),
                set_aside: Vec::new(),
                segments: vec![segment],
                head: previous,
            };
            let plain = batch::encode(&header, bytes.iter().map(Vec::as_slice));
            packed.push(Packed { body: zstd::bulk::compress(&plain, 9).unwrap(), items });
        }
        Self { tablet_id, key, batches: packed }
    }

    /// Head of the request that brings that body, signed now.
    pub(crate) fn head(&self, authority: &str, body: &[u8]) -> String {
        let target = Target { method: "POST", authority, path: path::BATCHES };
        let signed = sign(&self.key, self.tablet_id, target, body, Clock::system().now());
        format!(
            "POST {} HTTP/1.1\r\nhost: {authority}\r\ncontent-type: {}\r\ncontent-digest: {}\r\n\
             signature-input: {}\r\nsignature: {}\r\n",
            path::BATCHES,
            content_type::BATCH,
            signed.content_digest,
            signed.signature_input,
            signed.signature
        )
    }

    /// Whether that answer is a receipt for that batch, and all of it was delivered.
    pub(crate) fn is_received(&self, batch: &Packed, answer: &[u8], keys: &[ReceiptKey]) -> bool {
        let Ok(answer) = serde_json::from_slice::<ReceiptAnswer>(answer) else { return false };
        let sent = ReceiptList {
            tablet_id: self.tablet_id,
            epoch: Epoch::FIRST,
            received_at: WallTime::from_unix_ms(0),
            key_id: String::new(),
            items: batch.items.clone(),
        };
        seal::receipt::verify(sent, &answer, keys)
            .is_ok_and(|receipt| receipt.items().iter().all(|item| item.outcome == Outcome::Delivered))
    }
}

/// Makes that many tablets, from the `first` on.
pub(crate) fn tablets(first: usize, count: usize, batches: usize, each: usize) -> Vec<Arc<Tablet>> {
    let threads = 2;
    let share = count.div_ceil(threads);
    std::thread::scope(|scope| {
        let makers: Vec<_> = (0..threads)
            .map(|thread| {
                let range = (thread * share).min(count)..((thread + 1) * share).min(count);
                scope.spawn(move || {
                    range.map(|index| Arc::new(Tablet::new(first + index, batches, each))).collect::<Vec<_>>()
                })
            })
            .collect();
        makers.into_iter().flat_map(|maker| maker.join().unwrap()).collect()
    })
}

/// Makes them known to the central as if each had been enrolled.
pub(crate) async fn enrol(storage: &dyn Storage, tablets: &[Arc<Tablet>]) {
    let now = Clock::system().now().unix_ms();
    let key = |tablet: &Tablet| {
        vec![
            Value::Text(tablet.tablet_id.municipality().to_string()),
            Value::Integer(tablet.tablet_id.number().into()),
        ]
    };
    let invited = |tablet: &Arc<Tablet>| {
        [key(tablet), vec![Value::Text("見本端末".to_owned()), Value::Integer(now)]].concat()
    };
    let enrolled = |tablet: &Arc<Tablet>| {
        let rest = vec![
            Value::Bytes(tablet.key.public().0.to_vec()),
            Value::Integer(now),
            Value::Integer(now),
            Value::Text("0.1.0".to_owned()),
        ];
        [key(tablet), rest].concat()
    };
    let table = |name: &str| KEPT.iter().find(|table| table.name == name).unwrap();
    for some in tablets.chunks(1_000) {
        storage.put(table("tablets"), some.iter().map(invited).collect()).await.unwrap();
        storage.put(table("devices"), some.iter().map(enrolled).collect()).await.unwrap();
    }
}
