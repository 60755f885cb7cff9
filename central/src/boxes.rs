//! 設定ファイルの箱の作成: from what a municipality writes down to one file of sealed bundles, and the codes that open them.
//!
//! Must not: keep a PIN, a private key, a token or a code; only the tokens' digests and the sealed file are registered.

use record::{
    TabletId, WallTime,
    bundle::{Bundle, CentralAddress, Staff, TabletName, VERSION},
    bundle_box::MOST_SLOTS,
    bytes::PublicKey,
    closing::MOST_DOSES_PER_VIAL,
    supply::{ReceivedLot, VaccineSupply},
};
use seal::{
    bundle_box::{self, ToSeal},
    device::SigningKey,
    pin,
    random::Random,
    sealed::Identity,
    set_up_code::SetUpCode,
    token,
};

use crate::{
    bundles::{BundleError, BundleSpec, LotSpec, StaffSpec, VaccineSpec},
    directory::DataDirectory,
    fleet::TabletState,
    storage::{AccountName, BoxKind, HandedOut, Invitation, Storage},
};

const DAY_MS: i64 = 86_400_000;
const MOST_DAYS: u16 = 400;

/// A box that was made and registered. The codes are nowhere else: whoever made it hands them on, and not with the file.
pub struct MadeBox {
    /// The file's bytes.
    pub file: Vec<u8>,
    /// Its tablets, in their order.
    pub slots: Vec<MadeSlot>,
    /// Who signed it; `seal::bundle::check_number` of it is compared by eye.
    pub signer: PublicKey,
    /// When it was made.
    pub issued_at: WallTime,
    /// After this it is refused.
    pub expires_at: WallTime,
    /// What each of its bundles holds, but for tablet and token.
    pub sample: Bundle,
}

/// One tablet of it.
pub struct MadeSlot {
    /// The tablet.
    pub tablet_id: TabletId,
    /// What people call it.
    pub tablet_name: TabletName,
    /// Opens its bundle; secret.
    pub code: SetUpCode,
}

/// A tablet as the register knows it, before its bundle is made.
struct Wanted {
    tablet_id: TabletId,
    tablet_name: TabletName,
    /// It is at work already.
    renews: bool,
}

/// Everything that is the same in all bundles of a box, and the keys that sign and seal them.
pub struct Workshop {
    key: SigningKey,
    central: CentralAddress,
    recovery: record::bundle::RecoveryKey,
    hosts: Vec<String>,
}

impl Workshop {
    /// From the files of the central.
    ///
    /// # Errors
    /// [`BundleError::Directory`].
    pub fn open(directory: &DataDirectory, now: WallTime) -> Result<Self, BundleError> {
        Ok(Self {
            key: directory.bundle_key()?,
            central: CentralAddress {
                url: String::new(),
                authority_pem: directory.authority_pem()?,
                receipt_keys: vec![directory.receipt_signer()?.public()],
            },
            recovery: directory.recovery_key()?,
            hosts: directory.server_certificate(now)?.hosts,
        })
    }

    /// The name of the 復旧鍵 that bundles carry.
    pub(crate) fn recovery_key_id(&self) -> &str {
        &self.recovery.key_id
    }
}

/// Makes a box and registers its tablets with their tokens' digests. The PINs and codes cost some hundred milliseconds each,
/// on purpose; `random` is taken along to the thread that pays for them.
///
/// # Errors
/// [`BundleError`]; nothing is registered then.
pub async fn make(
    workshop: Workshop,
    storage: &dyn Storage,
    spec: BundleSpec,
    made_by: Option<AccountName>,
    now: WallTime,
    mut random: impl Random + Send + 'static,
) -> Result<MadeBox, BundleError> {
    let wanted = check(&workshop, storage, &spec).await?;
    let (municipality, kind) = (spec.municipality, spec.kind);
    // A box is named by its moment: the second of one millisecond gets the next.
    let mut issued_at = now;
    while storage.box_file(municipality, issued_at).await?.is_some() {
        issued_at = issued_at.plus_ms(1);
    }
    let known = spec.expected_municipalities.iter().copied().collect();
    let work = move || put_together(&workshop, spec, wanted, issued_at, &mut random);
    let made = tokio::task::spawn_blocking(work).await.map_err(|_| BundleError::Field("it was given up"))?;
    let (made, invitations) = made?;
    let handed = HandedOut {
        municipality,
        issued_at: made.issued_at,
        expires_at: made.expires_at,
        kind,
        made_by,
        invitations,
        known,
        file: made.file.clone(),
    };
    storage.hand_out(handed).await?;
    Ok(made)
}

/// Whether a box can be made by that specification: what can be said before the work is done.
///
/// # Errors
/// [`BundleError`] saying what cannot be.
pub async fn can_be_made(
    workshop: &Workshop,
    storage: &dyn Storage,
    spec: &BundleSpec,
) -> Result<(), BundleError> {
    check(workshop, storage, spec).await.map(drop)
}

async fn check(
    workshop: &Workshop,
    storage: &dyn Storage,
    spec: &BundleSpec,
) -> Result<Vec<Wanted>, BundleError> {
    check_url(&spec.central_url, &workshop.hosts)?;
    if spec.valid_days == 0 || spec.valid_days > MOST_DAYS {
        return Err(BundleError::Field("valid_days lies outside 1 to 400"));
    }
    for (is_wrong, why) in [
        (spec.tablets.is_empty() || spec.tablets.len() > MOST_SLOTS, "tablets are not 1 to 60"),
        (spec.kind == BoxKind::Tablet && spec.tablets.len() != 1, "a box of kind tablet is for one tablet"),
        (spec.kind == BoxKind::Site && spec.sites.len() != 1, "a box of kind site has one site"),
        (spec.staff.is_empty(), "staff is empty"),
        (spec.sites.is_empty(), "sites is empty"),
        (spec.physicians.is_empty(), "physicians is empty"),
        (spec.vaccines.iter().all(|vaccine| vaccine.lots.is_empty()), "there is no lot"),
        (spec.doses.is_empty(), "doses is empty"),
        (spec.expected_municipalities.is_empty(), "expected_municipalities is empty"),
    ] {
        if is_wrong {
            return Err(BundleError::Field(why));
        }
    }
    let mut wanted: Vec<Wanted> = Vec::with_capacity(spec.tablets.len());
    for tablet in &spec.tablets {
        let tablet_id = TabletId::new(spec.municipality, tablet.tablet_number)
            .map_err(|_| BundleError::Field("tablet_number lies outside 1 to 999999"))?;
        if wanted.iter().any(|other| other.tablet_id == tablet_id) {
            return Err(BundleError::Field("a tablet_number stands twice"));
        }
        let known = storage.tablet(tablet_id).await?;
        let renews = known.is_some_and(|known| matches!(known.state, TabletState::Enrolled(_)));
        if renews && spec.kind == BoxKind::Spares {
            return Err(BundleError::Taken(tablet_id));
        }
        wanted.push(Wanted { tablet_id, tablet_name: tablet.tablet_name.clone(), renews });
    }
    Ok(wanted)
}

fn put_together(
    workshop: &Workshop,
    spec: BundleSpec,
    wanted: Vec<Wanted>,
    now: WallTime,
    random: &mut dyn Random,
) -> Result<(MadeBox, Vec<Invitation>), BundleError> {
    let expires_at = now.plus_ms(i64::from(spec.valid_days) * DAY_MS);
    // One PIN opens a person's key on every tablet of the box, so one wrapping of one key gives nothing more away.
    let staff = staff(&spec.staff, random)?;
    let central = CentralAddress { url: spec.central_url, ..workshop.central.clone() };
    let vaccines: Vec<VaccineSupply> = spec.vaccines.into_iter().map(supply).collect::<Result<_, _>>()?;
    let (mut sealed, mut slots, mut invitations) = (Vec::new(), Vec::new(), Vec::new());
    for Wanted { tablet_id, tablet_name, renews } in wanted {
        let (token, code) = (token::enrolment(random)?, SetUpCode::generate(random)?);
        invitations.push(Invitation {
            tablet_id,
            name: tablet_name.clone(),
            token_digest: token::digest(token.reveal()),
            issued_at: now,
            expires_at,
        });
        let bundle = Bundle {
            version: VERSION,
            issued_at: now,
            expires_at,
            tablet_id,
            tablet_name: tablet_name.clone(),
            central: central.clone(),
            enrolment_token: token,
            recovery: workshop.recovery.clone(),
            staff: staff.clone(),
            sites: spec.sites.clone(),
            physicians: spec.physicians.clone(),
            vaccines: vaccines.clone(),
            doses: spec.doses.clone(),
            expected_municipalities: spec.expected_municipalities.clone(),
            coupon_kinds: spec.coupon_kinds.clone(),
            keeps_stock: spec.keeps_stock,
            rules: spec.rules.clone(),
        };
        sealed.push(ToSeal { bundle, code: code.clone(), renews });
        slots.push(MadeSlot { tablet_id, tablet_name, code });
    }
    let file = bundle_box::seal(&workshop.key, &sealed, random)?;
    // A box that a tablet would refuse is refused here.
    let looked = bundle_box::look(&file, Some(&workshop.key.public()))?;
    let first = slots.first().ok_or(BundleError::Field("tablets are not 1 to 60"))?;
    let sample = looked.open(first.tablet_id, &first.code)?.bundle;
    let signer = workshop.key.public();
    Ok((MadeBox { file, slots, signer, issued_at: now, expires_at, sample }, invitations))
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
}
