//! What the simulated central has to send down.

use std::collections::BTreeMap;

use record::{
    MunicipalityCode, TabletId,
    bytes::PartDigest,
    elsewhere::DoseElsewhere,
    reference::{document, doses::DoseChanges},
    supply::VaccineSupply,
    wire::reference::{DoseChain, FORMAT, Manifest, Part, ReferenceVersion},
};
use seal::{coupon::CouponMaster, reference::part_digest};

pub(crate) struct Shelf {
    pub(crate) version: u64,
    pub(crate) lots: Option<Part>,
    pub(crate) rules: Option<Part>,
    pub(crate) lists: Vec<Part>,
    /// The list that the first of `lists` says the same as.
    pub(crate) same_as: Option<PartDigest>,
    pub(crate) bytes: BTreeMap<PartDigest, Vec<u8>>,
    /// Bytes that went out, whether or not they arrived.
    pub(crate) sent: u64,
}

impl Default for Shelf {
    fn default() -> Self {
        let (lots, rules, lists, same_as) = (None, None, Vec::new(), None);
        Self { version: 1, lots, rules, lists, same_as, bytes: BTreeMap::new(), sent: 0 }
    }
}

pub(crate) fn municipality() -> MunicipalityCode {
    "131130".parse().unwrap()
}

pub(crate) fn master() -> CouponMaster {
    CouponMaster::from_bytes([9; 32])
}

pub(crate) fn number(number: u64) -> record::CouponNumber {
    format!("{number:010}").parse().unwrap()
}

/// The first dose of each of these coupons.
pub(crate) fn doses(numbers: impl IntoIterator<Item = u64>) -> Vec<DoseElsewhere> {
    let key = master().key(municipality());
    let dose = |each| DoseElsewhere {
        coupon: key.hash(municipality(), number(each)),
        dose: "1".parse().unwrap(),
        given_on: "2021-06-01".parse().unwrap(),
        manufacturer: Some("ファイザー".parse().unwrap()),
    };
    numbers.into_iter().map(dose).collect()
}

pub(crate) fn list(holds: Vec<DoseElsewhere>, gone: Vec<DoseElsewhere>) -> Vec<u8> {
    let gone = gone.into_iter().map(|dose| (dose.coupon, dose.dose)).collect();
    DoseChanges { municipality: municipality(), holds, gone }.to_bytes()
}

impl Shelf {
    pub(crate) fn part(&mut self, bytes: Vec<u8>) -> Part {
        self.version += 1;
        let (size, digest) = (bytes.len() as u64, part_digest(&bytes));
        self.bytes.insert(digest, bytes);
        Part { version: ReferenceVersion::new(self.version).unwrap(), size, digest }
    }

    /// One lot, recalled or not.
    pub(crate) fn publish_lot(&mut self, recalled_at: Option<i64>) {
        let supply: VaccineSupply = serde_json::from_value(serde_json::json!({
            "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
            "lots": [{"lot": "FF3620", "expires_on": "2022-02-28", "recalled_at": recalled_at}],
        }))
        .unwrap();
        self.lots = Some(self.part(document(&[supply])));
    }

    /// A list that changes what holds.
    pub(crate) fn publish_list(&mut self, bytes: Vec<u8>) {
        let list = self.part(bytes);
        self.lists.push(list);
    }

    /// A list of all, in place of every list before.
    pub(crate) fn publish_all(&mut self, bytes: Vec<u8>) {
        self.same_as = None;
        self.lists.clear();
        self.publish_list(bytes);
    }

    /// A list of all that says the same as the lists before it.
    pub(crate) fn fold(&mut self, bytes: Vec<u8>) {
        let last = self.lists.last().map(|last| last.digest);
        self.publish_all(bytes);
        self.same_as = last;
    }

    pub(crate) fn manifest(&self, tablet_id: TabletId) -> Manifest {
        let chain = DoseChain {
            municipality: municipality(),
            key: master().key(municipality()).secret(),
            same_as: self.same_as,
            lists: self.lists.clone(),
        };
        Manifest {
            format: FORMAT,
            tablet_id,
            version: ReferenceVersion::new(self.version).unwrap(),
            replaced: None,
            lots: self.lots,
            received: None,
            rules: self.rules,
            settled: None,
            doses: if self.lists.is_empty() { Vec::new() } else { vec![chain] },
        }
    }

    pub(crate) fn piece(&mut self, digest: PartDigest, range: &str) -> Option<Vec<u8>> {
        let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
        let piece = self.bytes.get(&digest)?.get(first..=last)?.to_vec();
        self.sent += piece.len() as u64;
        Some(piece)
    }
}
