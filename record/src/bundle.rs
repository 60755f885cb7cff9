//! 設定ファイル (configuration bundle): everything one tablet needs to work, offline, from the first minute.
//!
//! Must not: be believed before `seal::bundle` verified who signed it.

use serde::{Deserialize, Serialize};

use crate::{
    bytes::PublicKey,
    coupon::DoseNumber,
    day::{PhysicianName, Site},
    draft::CouponKindTable,
    identity::{StaffId, TabletId},
    moment::WallTime,
    municipality::MunicipalityCode,
    rules::RuleTable,
    supply::VaccineSupply,
    text::one_line_type,
    wire::enrolment::EnrolmentToken,
};

/// The version of the bundle this program reads.
pub const VERSION: u16 = 2;
/// The most bytes of a bundle file.
pub const MOST_BYTES: usize = 1 << 20;

one_line_type!(
    /// 職員名, as shown on the unlock page: at most 20 characters.
    StaffName,
    20
);
one_line_type!(
    /// What people call the tablet: at most 20 characters (「17号機」).
    TabletName,
    20
);

/// 設定ファイルの中身.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// [`VERSION`].
    pub version: u16,
    /// When it was made.
    pub issued_at: WallTime,
    /// After this it is refused.
    pub expires_at: WallTime,
    /// The tablet it is for.
    pub tablet_id: TabletId,
    /// What people call that tablet.
    pub tablet_name: TabletName,
    /// Where entries go.
    pub central: CentralAddress,
    /// The tablet's one-time token.
    pub enrolment_token: EnrolmentToken,
    /// Opens what the tablet holds where nobody can unlock it any more.
    pub recovery: RecoveryKey,
    /// Who works at the tablet, at least one.
    pub staff: Vec<Staff>,
    /// Sites to choose from, at least one.
    pub sites: Vec<Site>,
    /// Physicians to choose from, at least one.
    pub physicians: Vec<PhysicianName>,
    /// Vaccines with their lots, at least one.
    pub vaccines: Vec<VaccineSupply>,
    /// Doses to choose from, at least one.
    pub doses: Vec<DoseNumber>,
    /// Municipalities whose coupons the site expects, at least one.
    pub expected_municipalities: Vec<MunicipalityCode>,
    /// What each 券種 digit means.
    #[serde(default)]
    pub coupon_kinds: CouponKindTable,
    /// What is checked before the shot.
    #[serde(default)]
    pub rules: RuleTable,
    /// 在庫の記録: whether what is received, sent, counted and discarded is recorded on this tablet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_stock: bool,
}

/// The central and what proves that it is the one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CentralAddress {
    /// `https://host:port`, nothing after.
    pub url: String,
    /// The certificate authority, PEM; no other is trusted.
    pub authority_pem: String,
    /// Keys that sign receipts, by id.
    pub receipt_keys: Vec<ReceiptKey>,
}

/// A key that signs receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptKey {
    /// Its name.
    pub key_id: String,
    /// The key.
    pub key: PublicKey,
}

/// 復旧鍵, its public half: the tablet's secrets are sealed to it as well as to its staff. The private half stays at the
/// central.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryKey {
    /// Its name.
    pub key_id: String,
    /// The public key (age recipient).
    pub recipient: String,
}

/// 職員: who may unlock the tablet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// 職員番号.
    pub staff_id: StaffId,
    /// 職員名.
    pub name: StaffName,
    /// What they may do.
    pub role: StaffRole,
    /// Their public key (age recipient): the tablet's secrets are sealed to it.
    pub recipient: String,
    /// Their private key, wrapped by their PIN.
    pub wrapped_identity: WrappedIdentity,
}

/// 役割.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// Records.
    Staff,
    /// Records, and may change the tablet's configuration.
    Administrator,
}

/// A private key wrapped by a PIN through Argon2id; opened by `seal::pin` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedIdentity {
    /// Memory of the key derivation in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Random, base64url of 16 bytes.
    pub salt: crate::bytes::Nonce,
    /// The wrapped key, base64url.
    pub ciphertext: String,
}

/// A payload that was rightly signed is still no bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// Not the JSON of a bundle, or a value in it does not hold.
    #[error("bundle does not hold together")]
    Malformed,
    /// A version not known here.
    #[error("bundle version {0} is not known")]
    UnknownVersion(u16),
    /// A list that needs at least one has none.
    #[error("bundle has no {0}")]
    Missing(&'static str),
}

impl Bundle {
    /// Reads and checks a payload.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn from_payload(bytes: &[u8]) -> Result<Self, ContentError> {
        #[derive(Deserialize)]
        struct Version {
            version: u16,
        }
        let Version { version } = serde_json::from_slice(bytes).map_err(|_| ContentError::Malformed)?;
        if version != VERSION {
            return Err(ContentError::UnknownVersion(version));
        }
        let bundle: Self = serde_json::from_slice(bytes).map_err(|_| ContentError::Malformed)?;
        for (is_empty, what) in [
            (bundle.staff.is_empty(), "staff"),
            (bundle.sites.is_empty(), "site"),
            (bundle.physicians.is_empty(), "physician"),
            (bundle.vaccines.iter().all(|supply| supply.lots.is_empty()), "vaccine lot"),
            (bundle.doses.is_empty(), "dose"),
            (bundle.expected_municipalities.is_empty(), "expected municipality"),
            (bundle.central.receipt_keys.is_empty(), "receipt key"),
        ] {
            if is_empty {
                return Err(ContentError::Missing(what));
            }
        }
        Ok(bundle)
    }

    /// The payload's bytes.
    ///
    /// # Panics
    /// Never: every field serialises.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("map keys of a bundle are text")
    }

    /// The staff member with that id.
    #[must_use]
    pub fn staff_member(&self, staff_id: &StaffId) -> Option<&Staff> {
        self.staff.iter().find(|staff| staff.staff_id == *staff_id)
    }
}
