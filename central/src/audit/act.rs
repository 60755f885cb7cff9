//! What a line of the audit can tell of.
//!
//! Must not: hold anything of a person.

use record::{
    CouponNumber, DoseNumber, MunicipalityCode, TabletId, WallTime,
    day::{FacilityCode, LotNumber, Product},
    envelope::EnvelopeId,
};
use serde::{Deserialize, Serialize};
use vsys::{FacilityKind, TransferId};

use crate::{
    lookups::LookUpTold,
    roles::{Role, RoleKind},
    storage::{About, NewLine},
};

/// An act. JSON: `{"kind":…,"content":…}`; a kind never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
pub enum Act {
    /// 照会した: this municipality looked into another.
    LookedUp(LookUpTold),
    /// 照会された: another municipality looked into this one.
    WasLookedUp(LookUpTold),
    /// A search for a person.
    Searched {
        /// Whether exactly one person was found.
        found: bool,
    },
    /// A person's page was shown.
    PersonShown,
    /// The entries of a coupon were shown.
    EntriesShown {
        /// Which.
        coupon: CouponNumber,
    },
    /// 受けた人: doses of a lot were shown, by coupon.
    LotRecipientsShown {
        /// Of which lot.
        lot: LotNumber,
        /// The first that was shown, from 1.
        first: u32,
        /// How many.
        shown: u32,
    },
    /// 判断.
    Decided {
        /// Of which coupon.
        coupon: CouponNumber,
        /// Of which dose.
        dose: DoseNumber,
        /// The decision's number.
        number: u32,
    },
    /// 取込みの反映.
    ImportTookEffect {
        /// Its number.
        import: u32,
    },
    /// 取込みの取り消し.
    ImportUndone {
        /// Its number.
        import: u32,
    },
    /// An account of this municipality was made.
    AccountAdded {
        /// Which.
        account: String,
        /// Its role.
        role: AccountRole,
    },
    /// An account of this municipality lets nobody in any more.
    AccountDisabled {
        /// Which.
        account: String,
    },
    /// An account of this municipality was begun anew.
    AccountReset {
        /// Which.
        account: String,
    },
    /// Bundles of a tablet were revoked.
    BundlesRevoked {
        /// Which tablet's.
        tablet: TabletId,
    },
    /// A tablet was replaced.
    TabletReplaced {
        /// Which.
        tablet: TabletId,
    },
    /// What was missing of a tablet was declared lost.
    DeclaredLost {
        /// Which tablet's.
        tablet: TabletId,
    },
    /// A box of bundles was made.
    BoxMade {
        /// When; names the box.
        box_made_at: WallTime,
        /// For how many tablets.
        tablets: u32,
    },
    /// What was unused of a box was revoked.
    BoxRevoked {
        /// When it was made.
        box_made_at: WallTime,
        /// Of how many tablets.
        tablets: u32,
    },
    /// 復旧: a tablet's secrets were released for the account that asked.
    RecoveryReleased {
        /// Which tablet's.
        tablet: TabletId,
        /// The other account, which allowed it.
        allowed_by: String,
    },
    /// A step of a sealed file. What becomes of an import has kinds of its own.
    SealedFile {
        /// Which.
        file: EnvelopeId,
        /// What was done.
        step: FileStep,
    },
    /// The municipality's key card was registered.
    KeyCardTaken,
    /// It holds no longer.
    KeyCardWithdrawn,
    /// 施設の登録: a facility was registered, or something was said of it anew.
    FacilityRegistered {
        /// Which.
        facility: FacilityCode,
    },
    /// 型の変更.
    KindChanged {
        /// Of which facility.
        facility: FacilityCode,
        /// For which product.
        product: Product,
        /// What it is from then on.
        becomes: FacilityKind,
    },
    /// A line was added to the ledger of stock.
    StockRecorded {
        /// Of which facility.
        facility: FacilityCode,
        /// What happened to stock.
        what: StockAct,
    },
    /// 予約と入荷予定 of a facility were entered.
    BookingsEntered {
        /// Of which facility.
        facility: FacilityCode,
        /// Of which product.
        product: Product,
        /// Of how many days.
        days: u32,
    },
    /// 有効期限: until when a lot is good was said.
    LotDated {
        /// Of which product.
        product: Product,
        /// Which lot.
        lot: LotNumber,
    },
    /// 移送: one was planned, or a step of it was taken.
    TransferActed {
        /// Which.
        transfer: TransferNumber,
        /// What was done.
        what: TransferAct,
    },
    /// 要望: boxes of a cycle of allocation were ordered, or an order was taken back.
    Ordered {
        /// Of which cycle.
        cycle: u32,
        /// For how many, the municipality or facilities of it.
        lines: u32,
    },
}

/// A transfer's number, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransferNumber(pub TransferId);

impl Serialize for TransferNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for TransferNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// What somebody wrote into the ledger of stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockAct {
    /// 納入.
    Delivered,
    /// 廃棄.
    Discarded,
    /// 棚卸し.
    Counted,
    /// 解凍.
    Thawed,
    /// 不足の説明.
    ShortfallExplained,
    /// What a tablet told, and the books could not take, was dealt with.
    ToldSettled,
}

/// What somebody did with a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferAct {
    /// 計画.
    Planned,
    /// 承認.
    Approved,
    /// 引渡し.
    Sent,
    /// 受領.
    Received,
    /// It came back.
    Returned,
    /// A part will never arrive.
    DeclaredLost,
    /// More was counted than was sent.
    SurplusExplained,
    /// 取りやめ.
    Cancelled,
}

/// What is done with a sealed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileStep {
    /// 申請.
    Asked,
    /// Taken back by the asker.
    Withdrawn,
    /// 許可しない.
    Declined,
    /// 許可.
    Allowed,
    /// 作成.
    Made,
    /// 受け取り.
    Downloaded,
    /// Its receipt was taken in.
    Arrived,
    /// It came and may be opened.
    Brought,
    /// It was opened, once.
    Opened,
    /// Its import was given up before it took effect.
    Discarded,
    /// It came, or its receipt did, and was refused.
    Refused,
}

impl FileStep {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Asked,
        Self::Withdrawn,
        Self::Declined,
        Self::Allowed,
        Self::Made,
        Self::Downloaded,
        Self::Arrived,
        Self::Brought,
        Self::Opened,
        Self::Discarded,
        Self::Refused,
    ];
}

/// The role of an account of a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// 担当者.
    Staff,
    /// 承認者.
    Approver,
}

impl AccountRole {
    /// Of a municipality's role; none of the others.
    #[must_use]
    pub fn of(role: Role) -> Option<Self> {
        match role.kind() {
            RoleKind::MunicipalityStaff => Some(Self::Staff),
            RoleKind::MunicipalityApprover => Some(Self::Approver),
            RoleKind::Support | RoleKind::NationalAdministrator => None,
        }
    }
}

impl Act {
    /// Kind of look-ups made.
    pub const LOOKED_UP: &'static str = "looked_up";
    /// Kind of look-ups received.
    pub const WAS_LOOKED_UP: &'static str = "was_looked_up";

    /// The name of its kind, as it is kept.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::LookedUp(_) => Self::LOOKED_UP,
            Self::WasLookedUp(_) => Self::WAS_LOOKED_UP,
            Self::Searched { .. } => "searched",
            Self::PersonShown => "person_shown",
            Self::EntriesShown { .. } => "entries_shown",
            Self::LotRecipientsShown { .. } => "lot_recipients_shown",
            Self::Decided { .. } => "decided",
            Self::ImportTookEffect { .. } => "import_took_effect",
            Self::ImportUndone { .. } => "import_undone",
            Self::AccountAdded { .. } => "account_added",
            Self::AccountDisabled { .. } => "account_disabled",
            Self::AccountReset { .. } => "account_reset",
            Self::BundlesRevoked { .. } => "bundles_revoked",
            Self::TabletReplaced { .. } => "tablet_replaced",
            Self::DeclaredLost { .. } => "declared_lost",
            Self::FacilityRegistered { .. } => "facility_registered",
            Self::KindChanged { .. } => "kind_changed",
            Self::StockRecorded { .. } => "stock_recorded",
            Self::BookingsEntered { .. } => "bookings_entered",
            Self::LotDated { .. } => "lot_dated",
            Self::TransferActed { .. } => "transfer_acted",
            Self::Ordered { .. } => "ordered",
            Self::BoxMade { .. } => "box_made",
            Self::BoxRevoked { .. } => "box_revoked",
            Self::RecoveryReleased { .. } => "recovery_released",
            Self::SealedFile { .. } => "sealed_file",
            Self::KeyCardTaken => "key_card_taken",
            Self::KeyCardWithdrawn => "key_card_withdrawn",
        }
    }

    /// The line that tells of it, in the chain of that municipality.
    #[must_use]
    pub fn line(&self, municipality: MunicipalityCode, account: &str, at: WallTime) -> NewLine {
        self.line_about(municipality, account, at, None)
    }

    /// The same about a person of that municipality.
    ///
    /// # Panics
    /// Never: every field serialises.
    #[must_use]
    pub fn line_about(
        &self,
        municipality: MunicipalityCode,
        account: &str,
        at: WallTime,
        about: Option<About>,
    ) -> NewLine {
        let content = serde_json::to_vec(self).expect("an act has no map with keys that are not text");
        NewLine { municipality, at, account: account.to_owned(), kind: self.kind(), content, about }
    }

    /// What a line tells of; none where a later version of this program wrote it.
    #[must_use]
    pub fn read(content: &[u8]) -> Option<Self> {
        serde_json::from_slice(content).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookups::tests::told;

    #[test]
    fn every_act_is_read_back_under_its_kind() {
        let (tablet, coupon) = ("131130-0017".parse().unwrap(), "0000004711".parse().unwrap());
        let dose = DoseNumber::try_from(2).unwrap();
        let account = || "staff-1".to_owned();
        let facility: FacilityCode = "1311300001".parse().unwrap();
        let product: Product = "見本一号".parse().unwrap();
        let acts = [
            Act::LookedUp(told()),
            Act::WasLookedUp(told()),
            Act::Searched { found: true },
            Act::PersonShown,
            Act::EntriesShown { coupon },
            Act::Decided { coupon, dose, number: 1 },
            Act::ImportTookEffect { import: 3 },
            Act::ImportUndone { import: 3 },
            Act::AccountAdded { account: account(), role: AccountRole::Staff },
            Act::AccountDisabled { account: account() },
            Act::AccountReset { account: account() },
            Act::BundlesRevoked { tablet },
            Act::TabletReplaced { tablet },
            Act::DeclaredLost { tablet },
            Act::FacilityRegistered { facility },
            Act::KindChanged { facility, product: product.clone(), becomes: FacilityKind::Core },
            Act::BookingsEntered { facility, product: product.clone(), days: 3 },
            Act::LotDated { product, lot: "FF3620".parse().unwrap() },
            Act::StockRecorded { facility, what: StockAct::Delivered },
            Act::TransferActed {
                transfer: TransferNumber(TransferId::from_bytes([1; 16])),
                what: TransferAct::Planned,
            },
            Act::Ordered { cycle: 3, lines: 2 },
            Act::BoxMade { box_made_at: WallTime::from_unix_ms(7), tablets: 60 },
            Act::BoxRevoked { box_made_at: WallTime::from_unix_ms(7), tablets: 2 },
            Act::RecoveryReleased { tablet, allowed_by: account() },
            Act::KeyCardTaken,
            Act::KeyCardWithdrawn,
        ];
        let file = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let steps = FileStep::ALL.map(|step| Act::SealedFile { file, step });
        for act in acts.into_iter().chain(steps) {
            let line = act.line("131130".parse().unwrap(), "staff-1", WallTime::from_unix_ms(0));
            let json: serde_json::Value = serde_json::from_slice(&line.content).unwrap();
            assert_eq!(json["kind"], line.kind);
            assert_eq!(Act::read(&line.content), Some(act));
        }
        assert_eq!(Act::read(br#"{"kind":"of_tomorrow","content":{}}"#), None);
    }
}
