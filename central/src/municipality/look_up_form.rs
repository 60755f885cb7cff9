//! The form of a look-up as it was sent: what it asks for, or why nothing is looked up.
//!
//! Must not: take a person from the form; who is looked for is who the page shows.

use axum::http::StatusCode;
use record::{MunicipalityCode, MunicipalityTable, envelope::DocumentNumber};
use serde::Deserialize;

use super::{look_up_words::LookUpWords, officer::Officer, person::Found};
use crate::{
    csv::fields,
    lookups::{By, Consent, LookUpPurpose},
};

/// What the form sends. No `Debug`: an address of it names somebody.
#[derive(Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    pub(super) word: String,
    #[serde(default)]
    pub(super) of: String,
    #[serde(default)]
    pub(super) by: String,
    #[serde(default)]
    pub(super) purpose: String,
    /// The ground's text as it was shown; empty where it was not confirmed.
    #[serde(default)]
    pub(super) ground: String,
    #[serde(default)]
    pub(super) consent: String,
    #[serde(default)]
    pub(super) why: String,
    #[serde(default)]
    pub(super) document: String,
}

/// Why nothing was looked up.
#[derive(Clone, Copy)]
pub(super) enum Refused {
    StaleForm,
    Of,
    OwnMunicipality,
    By,
    Purpose,
    Ground,
    GroundChanged,
    Consent,
    Document,
    TooMany,
}

/// What a form asks for.
pub(super) struct Question {
    pub(super) of: MunicipalityCode,
    pub(super) by: By,
    pub(super) purpose: LookUpPurpose,
    pub(super) consent: Consent,
    pub(super) document: Option<DocumentNumber>,
}

/// What was typed, where it holds.
///
/// # Errors
/// [`Refused`]: the first thing that does not.
pub(super) fn read(
    officer: &Officer,
    found: &Found,
    typed: &Typed,
    ground: &str,
) -> Result<Question, Refused> {
    if !officer.sent(&typed.word) {
        return Err(Refused::StaleForm);
    }
    let of = municipality(&typed.of).ok_or(Refused::Of)?;
    if of == officer.municipality {
        return Err(Refused::OwnMunicipality);
    }
    let by: By = typed.by.parse().map_err(|_| Refused::By)?;
    let can = match by {
        By::PersonalNumber => found.person.personal_number.is_some(),
        By::NameAndBirth => found.person.kana.is_some(),
    };
    if !can {
        return Err(Refused::By);
    }
    let purpose = typed.purpose.parse().map_err(|_| Refused::Purpose)?;
    if typed.ground.is_empty() {
        return Err(Refused::Ground);
    }
    if typed.ground != ground {
        return Err(Refused::GroundChanged);
    }
    let consent = match typed.consent.as_str() {
        "obtained" => Consent::Obtained,
        "hard" => Consent::HardToObtain(typed.why.parse().map_err(|_| Refused::Consent)?),
        _ => return Err(Refused::Consent),
    };
    let document = match typed.document.trim() {
        "" => None,
        number => Some(number.parse().map_err(|_| Refused::Document)?),
    };
    Ok(Question { of, by, purpose, consent, document })
}

/// Of `131016 東京都千代田区`, of the code alone, or of the name alone.
fn municipality(typed: &str) -> Option<MunicipalityCode> {
    let typed = fields::narrow(typed);
    let table = MunicipalityTable::shipped();
    if let Ok(code) = typed.split_whitespace().next()?.parse::<MunicipalityCode>() {
        return table.find(code).map(|found| found.code);
    }
    table.iter().find(|one| one.full_name() == typed).map(|found| found.code)
}

impl Refused {
    /// As it is answered, and what to do.
    pub(super) fn status_and_message(self, words: &'static LookUpWords) -> (StatusCode, &'static str) {
        let said = match self {
            Self::StaleForm => return (StatusCode::FORBIDDEN, words.stale_form),
            Self::GroundChanged => return (StatusCode::CONFLICT, words.ground_changed),
            Self::TooMany => return (StatusCode::TOO_MANY_REQUESTS, words.too_many),
            Self::Of => words.need_of,
            Self::OwnMunicipality => words.need_other,
            Self::By => words.need_by,
            Self::Purpose => words.need_purpose,
            Self::Ground => words.need_ground,
            Self::Consent => words.need_consent,
            Self::Document => words.wrong_document,
        };
        (StatusCode::UNPROCESSABLE_ENTITY, said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_is_found_by_code_by_name_or_by_both() {
        let chiyoda = "131016".parse().ok();
        for typed in ["131016", "１３１０１６", "131016 東京都千代田区", " 東京都千代田区 "]
        {
            assert_eq!(municipality(typed), chiyoda, "{typed}");
        }
        for typed in ["", "131017", "千代田", "東京都"] {
            assert_eq!(municipality(typed), None, "{typed}");
        }
    }
}
