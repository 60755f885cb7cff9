//! The words for what a manifest and the ledger say, in both languages, and the names by which a command line gives them.
//!
//! Must not: hold sentences about failures; those are `failure`'s.

use record::{
    MunicipalityTable,
    envelope::{Kind, Method, Office, Purpose},
};

use crate::language::Language;

/// Something that is chosen from a short list.
pub(crate) trait Choice: Copy + Sized + 'static {
    /// All of them.
    const ALL: &'static [Self];
    /// What the list is a list of.
    fn question(language: Language) -> &'static str;
    /// As it is written on the command line.
    fn name(self) -> &'static str;
    /// As it is shown.
    fn shown(self, language: Language) -> &'static str;
}

impl Choice for Purpose {
    const ALL: &'static [Self] = &Self::ALL;
    fn question(language: Language) -> &'static str {
        language.pick("目的", "Purpose")
    }
    fn name(self) -> &'static str {
        match self {
            Self::RegisterPeople => "register-people",
            Self::UpdateRegister => "update-register",
            Self::PeopleMoved => "people-moved",
            Self::CheckRecords => "check-records",
        }
    }
    fn shown(self, language: Language) -> &'static str {
        match self {
            Self::RegisterPeople => language.pick("接種対象者の登録", "registering people"),
            Self::UpdateRegister => language.pick("予防接種台帳の更新", "updating the register"),
            Self::PeopleMoved => language.pick("転出入に伴う引き継ぎ", "handing over people who moved"),
            Self::CheckRecords => language.pick("記録の誤りの確認", "checking records for mistakes"),
        }
    }
}

impl Choice for Method {
    const ALL: &'static [Self] = &Self::ALL;
    fn question(language: Language) -> &'static str {
        language.pick("運搬方法", "Way of carrying")
    }
    fn name(self) -> &'static str {
        match self {
            Self::CarriedByTwo => "carried-by-two",
            Self::RegisteredMail => "registered-mail",
            Self::HandedOverInside => "handed-over-inside",
        }
    }
    fn shown(self, language: Language) -> &'static str {
        match self {
            Self::CarriedByTwo => language.pick("職員2名で持参", "carried by two officers"),
            Self::RegisteredMail => language.pick("書留郵便", "registered mail"),
            Self::HandedOverInside => language.pick("庁内での受け渡し", "handed over within the office"),
        }
    }
}

impl Choice for Kind {
    const ALL: &'static [Self] = &Self::ALL;
    fn question(language: Language) -> &'static str {
        language.pick("内容の種類", "Kind of content")
    }
    fn name(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Doses => "doses",
            Self::RegisterOutput => "register-output",
            Self::WaitingList => "waiting-list",
        }
    }
    fn shown(self, language: Language) -> &'static str {
        match self {
            Self::People => language.pick("接種対象者", "people to be vaccinated"),
            Self::Doses => language.pick("接種記録", "vaccination records"),
            Self::RegisterOutput => {
                language.pick("予防接種台帳向け出力", "output for the immunization register")
            }
            Self::WaitingList => {
                language.pick("接種対象者登録待ちリスト出力", "list of people waiting to be registered")
            }
        }
    }
}

/// An office by name and code.
pub(crate) fn office(office: Office, language: Language) -> String {
    match office {
        Office::Central => language.pick("中央サーバー", "the central").to_owned(),
        Office::Municipality(code) => match MunicipalityTable::shipped().find(code) {
            Some(municipality) => format!("{} ({code})", municipality.full_name()),
            None => code.to_string(),
        },
    }
}

/// `12,345`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `2021-11-22 10:40`, in Japan.
pub(crate) fn at(at: record::WallTime) -> String {
    at.to_string().replace('T', " ").chars().take(16).collect()
}
