//! 端末の設定: what the applied bundle says, as far as it may lie open on the disk, and who signed it.
//!
//! Must not: hold the enrolment token; that lies in the encrypted database.

use std::{fs, io, path::Path};

use record::{
    DoseNumber, LotNumber, MunicipalityCode, Site, StaffId, TabletId, Vaccine,
    bundle::{Bundle, CentralAddress, Staff, StaffRole, TabletName},
    bytes::PublicKey,
    day::PhysicianName,
    draft::CouponKindTable,
    rules::RuleTable,
    supply::{ReceivedLot, VaccineSupply},
    wire::reference::Replaced,
};
use serde::{Deserialize, Serialize};

const FILE: &str = "profile.json";

/// What this tablet is and may be used with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who signed the bundle; later bundles must be signed by the same.
    pub signer: PublicKey,
    /// The tablet.
    pub tablet_id: TabletId,
    /// What people call it.
    pub tablet_name: TabletName,
    /// Where entries go. Nowhere in training, which has no address at all; see [`crate::training`].
    pub central: Option<CentralAddress>,
    /// Who may unlock it.
    pub staff: Vec<Staff>,
    /// 会場.
    pub sites: Vec<Site>,
    /// 医師.
    pub physicians: Vec<PhysicianName>,
    /// ワクチン with lots.
    pub vaccines: Vec<VaccineSupply>,
    /// 回数 to choose from.
    pub doses: Vec<DoseNumber>,
    /// 市町村 whose coupons are expected.
    pub expected_municipalities: Vec<MunicipalityCode>,
    /// What each 券種 means.
    pub coupon_kinds: CouponKindTable,
    /// What is checked before the shot.
    #[serde(default)]
    pub rules: RuleTable,
    /// 在庫の記録: whether stock is recorded on this tablet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_stock: bool,
    /// What the central told of lots, received here or not; not of the bundle. See [`crate::published`].
    #[serde(skip)]
    pub known_lots: Vec<VaccineSupply>,
    /// What took this tablet's place; not of the bundle either.
    #[serde(skip)]
    pub replaced: Option<Replaced>,
}

impl Profile {
    /// The open part of a bundle.
    #[must_use]
    pub fn of(bundle: &Bundle, signer: PublicKey) -> Self {
        Self {
            signer,
            tablet_id: bundle.tablet_id,
            tablet_name: bundle.tablet_name.clone(),
            central: Some(bundle.central.clone()),
            staff: bundle.staff.clone(),
            sites: bundle.sites.clone(),
            physicians: bundle.physicians.clone(),
            vaccines: bundle.vaccines.clone(),
            doses: bundle.doses.clone(),
            expected_municipalities: bundle.expected_municipalities.clone(),
            coupon_kinds: bundle.coupon_kinds.clone(),
            rules: bundle.rules.clone(),
            keeps_stock: bundle.keeps_stock,
            known_lots: Vec::new(),
            replaced: None,
        }
    }

    /// The profile kept in that folder; none before the first bundle.
    ///
    /// # Errors
    /// Where the file is there and cannot be read, or does not hold together.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        match fs::read(folder.join(FILE)) {
            Ok(bytes) => match serde_json::from_slice::<Self>(&bytes)? {
                // What a person takes for records must be going somewhere.
                profile if profile.is_training() => Err(io::ErrorKind::InvalidData.into()),
                profile => Ok(Some(profile)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps the profile: from here on the tablet is set up.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        crate::files::replace(&folder.join(FILE), &serde_json::to_vec(self)?)
    }

    /// Whether this is training: nothing recorded with it goes anywhere.
    #[must_use]
    pub fn is_training(&self) -> bool {
        self.central.is_none()
    }

    /// Every lot that the site has received, of all vaccines.
    pub fn lots(&self) -> impl Iterator<Item = &LotNumber> {
        self.vaccines.iter().flat_map(|supply| &supply.lots).map(|lot| &lot.lot)
    }

    /// That lot of that vaccine, as the site received it.
    #[must_use]
    pub fn received(&self, vaccine: &Vaccine, lot: &LotNumber) -> Option<&ReceivedLot> {
        find(&self.vaccines, vaccine, lot)
    }

    /// That lot of that vaccine, if it is recalled at some time, although the site has not received it.
    #[must_use]
    pub fn recalled_elsewhere(&self, vaccine: &Vaccine, lot: &LotNumber) -> Option<&ReceivedLot> {
        find(&self.known_lots, vaccine, lot).filter(|known| known.recalled_at.is_some())
    }

    /// The staff member with that id.
    #[must_use]
    pub fn staff_member(&self, staff_id: &StaffId) -> Option<&Staff> {
        self.staff.iter().find(|staff| staff.staff_id == *staff_id)
    }

    /// Whether there is anybody in charge.
    #[must_use]
    pub fn has_administrator(&self) -> bool {
        self.staff.iter().any(|staff| staff.role == StaffRole::Administrator)
    }

    /// Whether that person may change the tablet's configuration.
    #[must_use]
    pub fn is_administrator(&self, staff_id: &StaffId) -> bool {
        self.staff_member(staff_id).is_some_and(|staff| staff.role == StaffRole::Administrator)
    }
}

fn find<'a>(vaccines: &'a [VaccineSupply], vaccine: &Vaccine, lot: &LotNumber) -> Option<&'a ReceivedLot> {
    let of_it = vaccines.iter().filter(|supply| supply.vaccine == *vaccine);
    of_it.flat_map(|supply| &supply.lots).find(|received| received.lot == *lot)
}
