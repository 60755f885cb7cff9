//! What a central sends down, for the tests of this room: signed, cut into pieces, brought in.

use std::collections::BTreeMap;

use record::{
    CouponNumber, MunicipalityCode,
    bytes::PartDigest,
    elsewhere::DoseElsewhere,
    reference::doses::DoseChanges,
    wire::reference::{DoseChain, FORMAT, Manifest, Part, ReferenceVersion},
};
use seal::{
    coupon::CouponKey,
    device::SigningKey,
    reference::{VerifiedManifest, open as open_manifest, part_digest, sign},
};
use store::{Advance, ReferenceError, Store};

use crate::support::{moment, owner, receipt_keys};

/// What the central has to send.
pub(crate) struct Central {
    pub(crate) manifest: Manifest,
    pub(crate) bytes: BTreeMap<PartDigest, Vec<u8>>,
}

impl Central {
    pub(crate) fn new() -> Self {
        let manifest = Manifest {
            format: FORMAT,
            tablet_id: owner().tablet_id,
            version: ReferenceVersion::new(1).unwrap(),
            replaced: None,
            lots: None,
            received: None,
            rules: None,
            settled: None,
            doses: Vec::new(),
        };
        Self { manifest, bytes: BTreeMap::new() }
    }

    /// The next version has this part; say where.
    pub(crate) fn part(&mut self, bytes: Vec<u8>) -> Part {
        self.manifest.version = ReferenceVersion::new(self.manifest.version.number() + 1).unwrap();
        let part =
            Part { version: self.manifest.version, size: bytes.len() as u64, digest: part_digest(&bytes) };
        self.bytes.insert(part.digest, bytes);
        part
    }

    /// One list of all, under that key.
    pub(crate) fn all_doses(&mut self, key: &CouponKey, holds: Vec<DoseElsewhere>) {
        let list = self.part(DoseChanges { municipality: city(), holds, gone: Vec::new() }.to_bytes());
        let chain = DoseChain { municipality: city(), key: key.secret(), same_as: None, lists: vec![list] };
        self.manifest.doses = vec![chain];
    }

    pub(crate) fn signed(&self) -> VerifiedManifest {
        let answer = sign(&SigningKey::from_seed([2; 32]).unwrap(), "receipt-1", &self.manifest);
        open_manifest(&answer, owner().tablet_id, &receipt_keys()).unwrap()
    }

    /// Brings all of it in; how many pieces were asked for.
    pub(crate) fn bring(&self, store: &mut Store) -> Result<u32, ReferenceError> {
        let (manifest, mut pieces) = (self.signed(), 0);
        for _ in 0..10_000 {
            match store.advance(&manifest, moment(1))? {
                Advance::Holds => return Ok(pieces),
                Advance::Again => {}
                Advance::Fetch(wanted) => {
                    pieces += 1;
                    let first = wanted.first as usize;
                    let bytes = &self.bytes[&wanted.part.digest][first..first + wanted.length as usize];
                    store.keep_piece(wanted, bytes)?;
                }
            }
        }
        panic!("it never holds");
    }
}

pub(crate) fn city() -> MunicipalityCode {
    "131016".parse().unwrap()
}

pub(crate) fn coupon_key() -> CouponKey {
    CouponKey::from_bytes([7; 32])
}

pub(crate) fn number(number: u64) -> CouponNumber {
    format!("{number:010}").parse().unwrap()
}

pub(crate) fn dose(coupon: u64, dose: &str) -> DoseElsewhere {
    DoseElsewhere {
        coupon: coupon_key().hash(city(), number(coupon)),
        dose: dose.parse().unwrap(),
        given_on: "2021-06-01".parse().unwrap(),
        manufacturer: Some("ファイザー".parse().unwrap()),
    }
}
