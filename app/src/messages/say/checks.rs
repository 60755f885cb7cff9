//! 接種前の確認: what a rule found, and what to do.
//!
//! Must not: say how strictly a rule is meant other than by its tone; the bundle's table decides that.

use record::{
    DoseNumber, WallTime,
    rules::{Finding, Found, Severity},
};

use super::{
    super::{Said, Tone},
    Pair,
};
use crate::{dates, display::Language};

/// What a rule found, as it is shown beside a number or the day's settings.
#[must_use]
pub fn finding(finding: &Finding, language: Language, now: WallTime) -> Said {
    let tone = match finding.severity {
        Severity::Block => Tone::Stop,
        Severity::Warn | Severity::Note => Tone::Person,
    };
    Pair { tone, ..found_pair(&finding.found, now) }.in_language(language)
}

fn dose_words(dose: Option<DoseNumber>) -> (String, String) {
    match dose {
        Some(dose) => (format!("{dose}回目"), format!("dose {dose}")),
        None => ("予診のみ".to_owned(), "the screening".to_owned()),
    }
}

/// What was found, where it stops.
pub(super) fn found_pair(found: &Found, now: WallTime) -> Pair {
    let both = |sentence: (String, String), next: (&str, &str)| Pair {
        tone: Tone::Stop,
        japanese: (sentence.0, next.0.to_owned()),
        english: (sentence.1, next.1.to_owned()),
    };
    let fixed = |sentence: (&str, &str), next: (&str, &str)| {
        both((sentence.0.to_owned(), sentence.1.to_owned()), next)
    };
    let day = |date| Language::ALL.map(|language| dates::day_and_year(date, language));
    match found {
        Found::RecordedBefore { at, dose } => {
            let [at_ja, at_en] = Language::ALL.map(|language| dates::time(*at, now, language));
            let (japanese, english) = dose_words(*dose);
            both(
                (
                    format!("この接種券の{japanese}は、{at_ja}にこの端末で記録済みです。"),
                    format!("On this tablet {english} of this coupon was recorded already: {at_en}."),
                ),
                (
                    "紙を確かめてください。前の記録が違うときは、「記録」から訂正してください。",
                    "Check the paper. If the earlier record is wrong, correct it under “Records”.",
                ),
            )
        }
        Found::RecordedElsewhere { dose, given_on } => {
            let [on_ja, on_en] = day(*given_on);
            both(
                (
                    format!("この接種券の{dose}回目は、{on_ja}の接種として、ほかの端末で記録されています。"),
                    format!("Another tablet recorded dose {dose} of this coupon already, given on {on_en}."),
                ),
                ("本人と紙で確かめてください。", "Ask the person, and check the paper."),
            )
        }
        Found::LaterDoseRecorded { dose, given_on } => {
            let [on_ja, on_en] = day(*given_on);
            both(
                (
                    format!("この接種券では、{on_ja}に{dose}回目が先に記録されています。"),
                    format!("Of this coupon dose {dose} is recorded already, given on {on_en}."),
                ),
                ("回数が合っているか、紙を確かめてください。", "Check on the paper that the dose is right."),
            )
        }
        Found::DoseSkipped { last } => both(
            (
                format!("この端末で分かる記録では、この接種券の前回は{last}回目です。"),
                format!("By what this tablet knows the last dose of this coupon is dose {last}."),
            ),
            (
                "間の回数を受けたか、本人に確かめてください。",
                "Ask the person whether they had the dose between.",
            ),
        ),
        Found::TooSoon { given_on, days, least } => {
            let [on_ja, on_en] = day(*given_on);
            both(
                (
                    format!(
                        "前回の接種は{on_ja}で、{days}日しかたっていません。ふつうは{least}日以上あけます。"
                    ),
                    format!("The dose before was {days} days ago ({on_en}); {least} days are usual."),
                ),
                ("接種してよいか、医師に確かめてください。", "Ask the physician whether it may be given."),
            )
        }
        Found::OtherManufacturer { earlier } => both(
            (
                format!("前回は別のメーカー「{earlier}」のワクチンです。"),
                format!("The dose before was another maker's ({earlier})."),
            ),
            (
                "本日のワクチンでよいか、医師に確かめてください。",
                "Ask the physician whether today's vaccine is right.",
            ),
        ),
        Found::Age { .. } => fixed(
            ("本日のワクチンの対象年齢ではありません。", "The person's age is not one for today's vaccine."),
            ("接種してよいか、医師に確かめてください。", "Ask the physician whether it may be given."),
        ),
        Found::Ward => fixed(
            (
                "市町村コードが、市ではなく区のコードです。",
                "The municipality code is a ward's, not its city's.",
            ),
            (
                "番号を紙と比べてください。紙も同じなら、このまま記録できます。",
                "Compare the number with the paper; if it is the same, it can be recorded.",
            ),
        ),
        Found::ScreenedOnly => fixed(
            ("予診のみの券です。接種は記録されません。", "A screening coupon: no dose is recorded."),
            ("", ""),
        ),
        Found::FutureDate => fixed(
            ("接種日が、今日より先の日になっています。", "The date lies ahead of today."),
            ("接種日を選び直してください。", "Choose the date again."),
        ),
        Found::OldDate { days } => both(
            (format!("接種日が{days}日前になっています。"), format!("The date is {days} days ago.")),
            ("その日に接種した分の記録か、確かめてください。", "Check that these are records of that day."),
        ),
        Found::LotExpired { good_until } => {
            let [until_ja, until_en] = day(*good_until);
            both(
                (
                    format!("このロットの有効期限は{until_ja}で、過ぎています。"),
                    format!("This lot was good until {until_en}."),
                ),
                (
                    "使う前に責任者に知らせ、期限の延長がないか確かめてください。",
                    "Before using it, tell the person in charge; it may have been extended.",
                ),
            )
        }
        Found::LotRecalled { at } => {
            let [at_ja, at_en] = Language::ALL.map(|language| dates::time(*at, now, language));
            both(
                (
                    format!("このロットは{at_ja}から回収の対象です。"),
                    format!("This lot is recalled (since {at_en})."),
                ),
                (
                    "使わずに分けて置き、責任者に知らせてください。別のロットを選んでください。",
                    "Do not use it: put it aside and tell the person in charge. Choose another lot.",
                ),
            )
        }
        Found::LotNotReceived => fixed(
            (
                "このロットは、この会場の入荷の一覧にありません。",
                "This lot is not among those that the site has received.",
            ),
            ("箱のロット番号を確かめてください。", "Check the lot on the package."),
        ),
        Found::LotPattern => fixed(
            (
                "ロット番号の形が、このメーカーのふつうの形と違います。",
                "The lot is not written as this maker's lots are.",
            ),
            ("箱のロット番号を確かめてください。", "Check the lot on the package."),
        ),
        Found::LotUsedUp { received, recorded } => both(
            (
                format!("このロットの記録が{recorded}件になりました。入荷は{received}回分です。"),
                format!("Doses of this lot: {recorded} recorded, {received} received."),
            ),
            (
                "いま使っている箱のロット番号を確かめ、違うときは選び直してください。",
                "Check the lot on the package that is in use, and choose again if it is another.",
            ),
        ),
    }
}
