//! 設定ファイルの仕様: what a municipality writes down to have bundles made. `boxes` makes them.
//!
//! Must not: print or keep a PIN.

use record::{
    CalendarDate, DoseNumber, MunicipalityCode, Site, StaffId, TabletId, Vaccine, WallTime,
    bundle::{StaffName, StaffRole, TabletName},
    day::{LotNumber, PhysicianName},
    draft::CouponKindTable,
    rules::RuleTable,
};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{
    directory::DirectoryError,
    storage::{BoxKind, StorageError},
};

/// What a bundle shall say. Its JSON form is `central/bundle-spec.example.json`; `coupon_kinds` and `rules` may be left
/// out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleSpec {
    /// The municipality that owns the tablet.
    pub municipality: MunicipalityCode,
    /// For what: one tablet, several of a site, or spares.
    pub kind: BoxKind,
    /// For which tablets, 1 to 60.
    pub tablets: Vec<TabletSpec>,
    /// `https://host:port` under which tablets reach this central.
    pub central_url: String,
    /// How long the bundle may be loaded, 1 to 400.
    pub valid_days: u16,
    /// Who works at the tablet.
    pub staff: Vec<StaffSpec>,
    /// 会場.
    pub sites: Vec<Site>,
    /// 医師.
    pub physicians: Vec<PhysicianName>,
    /// ワクチン and their lots.
    pub vaccines: Vec<VaccineSpec>,
    /// 回数 to choose from.
    pub doses: Vec<DoseNumber>,
    /// Whose coupons are expected.
    pub expected_municipalities: Vec<MunicipalityCode>,
    /// What each 券種 digit means; the usual table where it is left out.
    #[serde(default)]
    pub coupon_kinds: CouponKindTable,
    /// 在庫の記録: whether its tablets record what is received, sent, counted and discarded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_stock: bool,
    /// What is checked before the shot; the usual table where it is left out.
    #[serde(default)]
    pub rules: RuleTable,
}

/// A tablet.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabletSpec {
    /// Its number in the municipality, 1 to 999999. A number belongs to one device for ever.
    pub tablet_number: u32,
    /// What people call it.
    pub tablet_name: TabletName,
}

/// One of the staff.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffSpec {
    /// 職員番号.
    pub staff_id: StaffId,
    /// 職員名.
    pub name: StaffName,
    /// 役割.
    pub role: StaffRole,
    /// 暗証番号, 4 to 12 digits; secret.
    pub pin: Zeroizing<String>,
}

/// A vaccine and its lots.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaccineSpec {
    /// ワクチン.
    pub vaccine: Vaccine,
    /// 1バイアルの回数.
    #[serde(default)]
    pub doses_per_vial: Option<u32>,
    /// ロット.
    pub lots: Vec<LotSpec>,
}

/// A lot.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotSpec {
    /// ロット番号.
    pub lot: LotNumber,
    /// 有効期限 as printed.
    pub expires_on: CalendarDate,
    /// 延長後の有効期限.
    #[serde(default)]
    pub extended_to: Option<CalendarDate>,
    /// 回収: since when, in milliseconds since 1970.
    #[serde(default)]
    pub recalled_at: Option<WallTime>,
    /// 入荷回数.
    #[serde(default)]
    pub doses: Option<u32>,
}

/// A bundle cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The specification is not the JSON it should be; says where, not what stood there.
    #[error("specification does not hold together at line {line}, column {column}")]
    Spec {
        /// One-based.
        line: usize,
        /// One-based.
        column: usize,
    },
    /// A field holds what it cannot.
    #[error("specification: {0}")]
    Field(&'static str),
    /// A number for a spare that a tablet at work has.
    #[error("tablet {0} is at work: a spare needs a number of its own")]
    Taken(TabletId),
    /// The files of the central.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Keys, PINs, signatures, or a list that needs at least one entry.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl BundleSpec {
    /// Reads a specification.
    ///
    /// # Errors
    /// [`BundleError::Spec`].
    pub fn from_json(json: &[u8]) -> Result<Self, BundleError> {
        // serde's own words may hold a value (a name, a PIN); the place is enough.
        serde_json::from_slice(json)
            .map_err(|error| BundleError::Spec { line: error.line(), column: error.column() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_specification() {
        let spec = BundleSpec::from_json(include_bytes!("../bundle-spec.example.json")).unwrap();
        assert_eq!((spec.tablets[0].tablet_number, spec.staff.len(), spec.doses.len()), (17, 2, 2));
        assert_eq!(spec.coupon_kinds, CouponKindTable::default());
    }

    #[test]
    fn a_wrong_specification_is_named_by_its_place_only() {
        let error = BundleSpec::from_json(
            "{\n\"physicians\": [\"見本 太郎のとても長い名前のタブレットです、とてもとても長い\"]}"
                .as_bytes(),
        );
        let Err(error) = error else { panic!("accepted") };
        assert!(error.to_string().starts_with("specification does not hold together at line 2"), "{error}");
        assert!(!error.to_string().contains("見本"));
    }
}
