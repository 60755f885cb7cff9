//! 他の市区町村への照会: the doses that stand of a person in another municipality, for a purpose, on a ground, with consent or
//! the reason why it is hard to obtain. Recorded in both municipalities' audits before it is answered.
//!
//! Must not: answer before it is recorded; answer more than the doses; find a person who may be another; or ask of anybody
//! who is not registered with the municipality that asks.

mod answer;
mod grounds;

use record::{DoseNumber, MunicipalityCode, envelope::DocumentNumber};
use serde::{Deserialize, Serialize};

pub use answer::{AnsweredDose, Asking, LookUpError, Outcome, look_up};
pub use grounds::{By, Consent, Ground, HardToObtain, LookUpPurpose};

/// What both municipalities are told of a look-up; nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUpTold {
    /// 照会番号: 32 hexadecimal digits, the same in both chains.
    pub look_up: String,
    /// The other municipality: that was asked, or that asks.
    pub municipality: MunicipalityCode,
    /// By what the person was looked for.
    pub by: By,
    /// 照会の目的.
    pub purpose: LookUpPurpose,
    /// 根拠, as it was shown to whoever asked.
    pub ground: Ground,
    /// 本人の同意.
    pub consent: Consent,
    /// 文書番号 of the consent or of the case, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentNumber>,
    /// What was answered.
    pub answer: Answered,
}

/// What was answered, without saying what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// The doses of these numbers; none where the person has none.
    Doses(Vec<DoseNumber>),
    /// Nobody was found.
    NotFound,
    /// More than one was found.
    NotUnique,
    /// The 個人番号 was found, with another birth date.
    Contradicts,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// 見本.
    pub(crate) fn told() -> LookUpTold {
        LookUpTold {
            look_up: "0123456789abcdef0123456789abcdef".to_owned(),
            municipality: "131016".parse().unwrap(),
            by: By::PersonalNumber,
            purpose: LookUpPurpose::BeforeVaccination,
            ground: Ground::default(),
            consent: Consent::HardToObtain(HardToObtain::Urgent),
            document: Some("3健第123号".parse().unwrap()),
            answer: Answered::Doses(vec![DoseNumber::try_from(1).unwrap()]),
        }
    }

    #[test]
    fn what_is_told_stays_as_it_is_kept() {
        let json = serde_json::to_string(&told()).unwrap();
        assert_eq!(
            json.split("\"ground\"").next().unwrap(),
            "{\"look_up\":\"0123456789abcdef0123456789abcdef\",\"municipality\":\"131016\",\
             \"by\":\"personal_number\",\"purpose\":\"before_vaccination\","
        );
        assert!(json.contains("\"consent\":{\"hard_to_obtain\":\"urgent\"}"), "{json}");
    }
}
