//! 設定ファイルの作成: from what a municipality writes down to a signed bundle for one tablet.
//!
//! Must not: keep a PIN, a private key or a token; only the token's digest is registered.

use record::{
    CalendarDate, DoseNumber, MunicipalityCode, Site, StaffId, TabletId, Vaccine, WallTime,
    bundle::{Bundle, CentralAddress, Staff, StaffName, StaffRole, TabletName, VERSION},
    bytes::PublicKey,
    closing::MOST_DOSES_PER_VIAL,
    day::{LotNumber, PhysicianName},
    draft::CouponKindTable,
    rules::RuleTable,
    supply::{ReceivedLot, VaccineSupply},
};
use seal::{pin, random::Random, sealed::Identity, token};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{
    directory::{DataDirectory, DirectoryError},
    storage::{Invitation, Storage, StorageError},
};

const DAY_MS: i64 = 86_400_000;
const MOST_DAYS: u16 = 400;

/// What a bundle shall say. Its JSON form is `central/bundle-spec.example.json`; `coupon_kinds` and `rules` may be left
/// out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleSpec {
    /// The municipality that owns the tablet.
    pub municipality: MunicipalityCode,
    /// The tablet's number there, 1 to 999999. A number belongs to one device for ever.
    pub tablet_number: u32,
    /// What people call it.
    pub tablet_name: TabletName,
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
    /// What is checked before the shot; the usual table where it is left out.
    #[serde(default)]
    pub rules: RuleTable,
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

/// A bundle that was made and registered.
pub struct MadeBundle {
    /// The file's bytes.
    pub file: Vec<u8>,
    /// The tablet it is for.
    pub tablet_id: TabletId,
    /// Who signed it; `seal::bundle::check_number` of it is compared by eye.
    pub signer: PublicKey,
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

/// Makes a bundle and registers its tablet with the token's digest. The PINs cost some hundred milliseconds each,
/// on purpose.
///
/// # Errors
/// [`BundleError`]; nothing is registered then.
pub async fn make(
    directory: &DataDirectory,
    storage: &dyn Storage,
    spec: BundleSpec,
    now: WallTime,
    random: &mut (dyn Random + Send),
) -> Result<MadeBundle, BundleError> {
    let tablet_id = TabletId::new(spec.municipality, spec.tablet_number)
        .map_err(|_| BundleError::Field("tablet_number lies outside 1 to 999999"))?;
    check_url(&spec.central_url, &directory.server_certificate(now)?.hosts)?;
    if spec.valid_days == 0 || spec.valid_days > MOST_DAYS {
        return Err(BundleError::Field("valid_days lies outside 1 to 400"));
    }
    let token = token::enrolment(random)?;
    let invitation = Invitation {
        tablet_id,
        name: spec.tablet_name.clone(),
        token_digest: token::digest(token.reveal()),
        issued_at: now,
        expires_at: now.plus_ms(i64::from(spec.valid_days) * DAY_MS),
    };
    let known = spec.expected_municipalities.iter().copied().collect();
    let bundle = Bundle {
        version: VERSION,
        issued_at: now,
        expires_at: invitation.expires_at,
        tablet_id,
        tablet_name: spec.tablet_name,
        central: CentralAddress {
            url: spec.central_url,
            authority_pem: directory.authority_pem()?,
            receipt_keys: vec![directory.receipt_signer()?.public()],
        },
        enrolment_token: token,
        staff: staff(&spec.staff, random)?,
        sites: spec.sites,
        physicians: spec.physicians,
        vaccines: spec.vaccines.into_iter().map(supply).collect::<Result<_, _>>()?,
        doses: spec.doses,
        expected_municipalities: spec.expected_municipalities,
        coupon_kinds: spec.coupon_kinds,
        rules: spec.rules,
    };
    let key = directory.bundle_key()?;
    let file = seal::bundle::sign(&key, &bundle);
    // A bundle that a tablet would refuse is refused here.
    seal::bundle::open(&file, Some(&key.public()))?;
    storage.invite(invitation).await?;
    storage.let_know(tablet_id, known, now).await?;
    Ok(MadeBundle { file, tablet_id, signer: key.public() })
}

/// Tablets reach a central only under a name its certificate holds.
fn check_url(url: &str, hosts: &[String]) -> Result<(), BundleError> {
    let wrong = Err(BundleError::Field("central_url is not https://host:port with a host of this central"));
    let Some(uri) = url.strip_prefix("https://").and(url.parse::<axum::http::Uri>().ok()) else {
        return wrong;
    };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_bare = uri.path_and_query().is_none_or(|path| path.as_str() == "/") && !url.ends_with('/');
    // Clients leave the usual port out of what they sign, and never send anything but lower case.
    let is_usual =
        !url.bytes().any(|byte| byte.is_ascii_uppercase()) && !url.contains('@') && !url.ends_with(":443");
    if is_bare && is_usual && hosts.iter().any(|known| known == host) { Ok(()) } else { wrong }
}

fn staff(specs: &[StaffSpec], random: &mut dyn Random) -> Result<Vec<Staff>, BundleError> {
    let mut staff: Vec<Staff> = Vec::with_capacity(specs.len());
    for spec in specs {
        if staff.iter().any(|other| other.staff_id == spec.staff_id) {
            return Err(BundleError::Field("a staff_id stands twice"));
        }
        let pin = spec.pin.parse().map_err(|_| BundleError::Field("a pin is not 4 to 12 digits"))?;
        let identity = Identity::generate();
        staff.push(Staff {
            staff_id: spec.staff_id.clone(),
            name: spec.name.clone(),
            role: spec.role,
            recipient: identity.addressee().to_string(),
            wrapped_identity: pin::wrap(&identity, &spec.staff_id, &pin, random)?,
        });
    }
    Ok(staff)
}

fn supply(spec: VaccineSpec) -> Result<VaccineSupply, BundleError> {
    let lot = |spec: LotSpec| {
        let LotSpec { lot, expires_on, extended_to, recalled_at, doses } = spec;
        ReceivedLot { lot, expires_on, extended_to, recalled_at, doses }
    };
    let VaccineSpec { vaccine, doses_per_vial, lots } = spec;
    if doses_per_vial.is_some_and(|doses| !(1..=MOST_DOSES_PER_VIAL).contains(&doses)) {
        return Err(BundleError::Field("doses_per_vial is not 1 to 20"));
    }
    Ok(VaccineSupply { vaccine, doses_per_vial, lots: lots.into_iter().map(lot).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_https_and_one_of_ours() {
        let hosts = ["central.example".to_owned(), "::1".to_owned()];
        for good in ["https://central.example", "https://central.example:8443", "https://[::1]:8443"] {
            assert!(check_url(good, &hosts).is_ok(), "{good}");
        }
        for wrong in [
            "http://central.example",
            "https://other.example",
            "https://central.example/",
            "https://central.example/path",
            "https://Central.example",
            "https://user@central.example",
            "https://central.example:443",
            "",
        ] {
            assert!(check_url(wrong, &hosts).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_example_is_a_specification() {
        let spec = BundleSpec::from_json(include_bytes!("../bundle-spec.example.json")).unwrap();
        assert_eq!((spec.tablet_number, spec.staff.len(), spec.doses.len()), (17, 2, 2));
        assert_eq!(spec.coupon_kinds, CouponKindTable::default());
    }

    #[test]
    fn a_wrong_specification_is_named_by_its_place_only() {
        let error = BundleSpec::from_json(
            "{\n\"tablet_name\": \"見本 太郎のとても長い名前のタブレットです\"}".as_bytes(),
        );
        let Err(error) = error else { panic!("accepted") };
        assert!(error.to_string().starts_with("specification does not hold together at line 2"), "{error}");
        assert!(!error.to_string().contains("見本"));
    }
}
