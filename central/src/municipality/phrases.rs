//! Words around numbers and names on the municipality's pages, in both languages.
//!
//! Must not: read a clock; what is now is an argument.

use record::{DoseNumber, WallTime};

use crate::{case::Decision, console::language::Language, storage::CouponKey};

/// `1回目`.
pub(super) fn dose(language: Language, dose: DoseNumber) -> String {
    match language {
        Language::Japanese => format!("{}回目", dose.number()),
        Language::English => format!("Dose {}", dose.number()),
    }
}

/// A count of entries.
pub(super) fn entries(language: Language, count: u32) -> String {
    match (language, count) {
        (Language::Japanese, count) => format!("{count}件"),
        (Language::English, 1) => "1 entry".to_owned(),
        (Language::English, count) => format!("{count} entries"),
    }
}

/// The sentence above the list.
pub(super) fn what_to_do(language: Language, count: usize) -> String {
    match (language, count) {
        (Language::Japanese, 0) => "判断待ちの記録はありません。".to_owned(),
        (Language::Japanese, count) => {
            format!("{count}件が判断を待っています。上から順に内容を確認してください。")
        }
        (Language::English, 0) => "Nothing waits for a decision.".to_owned(),
        (Language::English, 1) => "One case waits for a decision.".to_owned(),
        (Language::English, count) => format!("{count} cases wait for a decision. Begin at the top."),
    }
}

/// The head of a case: its coupon and dose.
pub(super) fn title(language: Language, coupon: &CouponKey, number: DoseNumber) -> String {
    let dose = dose(language, number);
    match language {
        Language::Japanese => format!("接種券番号 {} の{dose}", coupon.number),
        Language::English => format!("Coupon {}, {}", coupon.number, dose.to_lowercase()),
    }
}

/// What an entry is called on the page.
pub(super) fn entry_name(language: Language, place: usize) -> String {
    match language {
        Language::Japanese => format!("記録{place}"),
        Language::English => format!("Entry {place}"),
    }
}

/// To let an entry stand.
pub(super) fn choose(language: Language, name: &str) -> String {
    match language {
        Language::Japanese => format!("{name}を正しい記録とする"),
        Language::English => format!("{name} is right"),
    }
}

/// A correction or cancellation: of what, and why.
pub(super) fn change(language: Language, takes_back: bool, of: &str, reason: &str) -> String {
    match (language, takes_back) {
        (Language::Japanese, false) => format!("{of}の訂正({reason})"),
        (Language::Japanese, true) => format!("{of}の取消({reason})"),
        (Language::English, false) => format!("Correction of {of} ({reason})"),
        (Language::English, true) => format!("Cancellation of {of} ({reason})"),
    }
}

/// A correction that leaves no dose.
pub(super) fn to_screened_only(language: Language, change: &str) -> String {
    match language {
        Language::Japanese => format!("{change}、予診のみに"),
        Language::English => format!("{change}, to screening only"),
    }
}

/// `取込み3`.
pub(super) fn import(language: Language, number: u32) -> String {
    match language {
        Language::Japanese => format!("取込み{number}"),
        Language::English => format!("Import {number}"),
    }
}

/// Date and time in Japan, with the date of today as well: what is shown may be printed.
pub(super) fn dated(at: WallTime) -> String {
    let full = at.to_string();
    let date = full.split_once('T').map_or("", |(date, _)| date).replace('-', "/");
    format!("{date} {}", at.hour_minute())
}

/// A decision in one line: which, what it says, who, when and why.
pub(super) fn decision(language: Language, decision: &Decision, stands: Option<&str>, at: &str) -> String {
    let (number, by) = (decision.number, decision.decided_by.as_str());
    let reason = decision.reason.as_str();
    match language {
        Language::Japanese => {
            let says = stands.map_or_else(
                || "どの記録も正しくない".to_owned(),
                |name| format!("{name}を正しい記録とする"),
            );
            let replaces =
                decision.replaces().map_or_else(String::new, |before| format!("、判断{before}に代わる"));
            format!("判断{number}: {says}({at} {by}{replaces})。理由: {reason}")
        }
        Language::English => {
            let says = stands.map_or_else(|| "none is right".to_owned(), |name| format!("{name} is right"));
            let replaces = decision
                .replaces()
                .map_or_else(String::new, |before| format!(", in place of decision {before}"));
            format!("Decision {number}: {says} ({at} {by}{replaces}). Reason: {reason}")
        }
    }
}
