//! What lies under the camera, and the camera itself.
//!
//! Must not: show digits; the page does, beside the paper's picture.

use record::WallTime;
use scanner::{Cause, Guidance};

use super::{
    super::{PackageProblem, Said, Tone, TypedProblem},
    Pair, checks, person, stopped,
};
use crate::{camera::CameraState, display::Language, workflow::scan::Stop};

/// Why a paper cannot be recorded, at that time.
#[must_use]
pub fn stop(stop: &Stop, language: Language, now: WallTime) -> Said {
    stop_pair(stop, now).in_language(language)
}

pub(super) fn stop_pair(stop: &Stop, now: WallTime) -> Pair {
    match stop {
        Stop::Rule(found) => checks::found_pair(found, now),
        Stop::UnknownKind => stopped(
            ("この券種は、この会場の設定にありません。", "接種券の種類を確かめ、責任者に聞いてください。"),
            (
                "This kind of coupon is not in the site's configuration.",
                "Check the kind of the coupon and ask the person in charge.",
            ),
        ),
        Stop::ForeignQr => person(
            ("接種券ではないQRコードです。", "接種券の下の部分を枠に合わせてください。"),
            ("This QR code is not a coupon's.", "Put the lower part of the coupon into the frame."),
        ),
        Stop::SeveralPapers => person(
            ("紙が2枚以上見えています。", "1枚だけを枠に置いてください。"),
            ("More than one paper is in view.", "Put only one into the frame."),
        ),
    }
}

/// What to do where the paper may really say what cannot be.
const JAPANESE_IF_THE_PAPER_SAYS_SO: &str =
    "紙と比べ、違うときは手で入力してください。紙も同じなら記録せず、責任者に知らせてください。";
const ENGLISH_IF_THE_PAPER_SAYS_SO: &str = "Compare with the paper; if it differs, type the number. If it is the same, do not record it: tell the person in charge.";

/// Why a person is asked.
#[must_use]
pub fn cause(cause: Cause, language: Language) -> Said {
    match cause {
        Cause::Disagreement => person(
            ("読み取った数字どうしが違います。", "色のついた数字を、紙の数字と比べて選んでください。"),
            ("What was read of the paper does not agree with itself.", "Choose the marked digits as the paper has them."),
        ),
        Cause::DoseZero => person(
            ("回数の数字が0と読めました。", JAPANESE_IF_THE_PAPER_SAYS_SO),
            ("The dose was read as 0.", ENGLISH_IF_THE_PAPER_SAYS_SO),
        ),
        Cause::MunicipalityCheckDigit | Cause::UnknownMunicipality => person(
            ("読み取った市町村コードは実在しません。", JAPANESE_IF_THE_PAPER_SAYS_SO),
            ("The municipality code that was read does not exist.", ENGLISH_IF_THE_PAPER_SAYS_SO),
        ),
        Cause::UnexpectedKind => person(
            ("この券種は、この会場の設定にありません。", "接種券の種類を確かめ、責任者に聞いてください。"),
            ("This kind of coupon is not in the site's configuration.", "Check the kind of the coupon and ask the person in charge."),
        ),
        Cause::OneWitness => person(
            ("QRコード、バーコード、OCRラインのうち、1つしか読めませんでした。", "ひとつずつ紙と比べて、同じなら押してください。"),
            ("Only one of QR code, barcode and OCR line could be read.", "Compare part by part with the paper and press what is the same."),
        ),
        Cause::LeadingUnread => person(
            ("はじめの8桁が読めません。", "紙を見て、はじめの8桁を選んでください。"),
            ("The first eight digits could not be read.", "Look at the paper and choose the first eight digits."),
        ),
        Cause::LeadingUnexpected => person(
            ("券種・回数・市区町村が、本日の設定と違います。", "はじめの8桁を紙と比べて、同じなら押してください。"),
            ("Kind, dose or municipality is not what today's settings expect.", "Compare the first eight digits with the paper and press what is the same."),
        ),
        Cause::UnexpectedDose => person(
            ("紙の回数が、本日の設定の回数と違います。", "回数を紙と比べて、同じなら押してください。紙の回数で記録します。"),
            ("The dose on the paper is not the one of today's settings.", "Compare the dose with the paper and press it if it is the same. The paper's dose is recorded."),
        ),
    }
    .in_language(language)
}

pub(super) fn typed_pair(problem: TypedProblem) -> Pair {
    match problem {
        TypedProblem::Package => person(
            (
                "ワクチンの箱のコードです。",
                "接種券のQRコードかバーコードを読み取ってください。ロットは「本日の設定」で選びます。",
            ),
            (
                "This is the code of a vaccine's package.",
                "Scan the coupon's QR code or barcode. The lot is chosen in today's settings.",
            ),
        ),
        TypedProblem::NoCamera => person(
            (
                "カメラが動いていないため、読み取った番号を紙と照合できません。",
                "「手入力」で番号を入力してください。",
            ),
            ("The camera does not run, so the number cannot be compared with the paper.", "Use “Type it”."),
        ),
        TypedProblem::NoCoupon => person(
            (
                "読み取ったコードは、接種券の番号ではありません。",
                "接種券のQRコードかバーコードを、もう一度読み取ってください。",
            ),
            (
                "The code that was scanned is not a coupon's number.",
                "Scan the coupon's QR code or barcode once more.",
            ),
        ),
    }
}

/// What the four groups of a number are called.
#[must_use]
pub fn group_names(language: Language) -> [&'static str; 4] {
    language.of(["券種", "回数", "市町村コード", "券番号"], ["Kind", "Dose", "Municipality", "Coupon"])
}

/// Two typings of one number differ first in that group.
pub(super) fn differs_pair(group: usize) -> Pair {
    let name = |language| group_names(language).get(group).copied().unwrap_or_default();
    Pair {
        tone: Tone::Person,
        japanese: (
            format!("1回目と2回目の番号が違います({})。", name(Language::Japanese)),
            "紙を見て、はじめから入力してください。".to_owned(),
        ),
        english: (
            format!("The two numbers you typed are not the same ({}).", name(Language::English)),
            "Look at the paper and type it from the beginning.".to_owned(),
        ),
    }
}

pub(super) fn package_pair(problem: &PackageProblem) -> Pair {
    match problem {
        PackageProblem::NoPackage => person(
            (
                "ワクチンの箱のコードではありません。",
                "箱のコードをもう一度読み取るか、一覧から選んでください。",
            ),
            (
                "This is not the code of a vaccine's package.",
                "Scan the package's code once more, or choose from the list.",
            ),
        ),
        PackageProblem::NoLot => person(
            (
                "このコードからはロット番号が分かりません。",
                "箱の別のコードを読み取るか、一覧から選んでください。",
            ),
            (
                "This code does not tell the lot.",
                "Scan another code of the package, or choose from the list.",
            ),
        ),
        PackageProblem::UnknownLot(lot) => Pair {
            tone: Tone::Person,
            japanese: (
                format!("ロット番号 {lot} は、この会場の設定にありません。"),
                "箱を確かめ、使ってよいか責任者に聞いてください。".to_owned(),
            ),
            english: (
                format!("Lot {lot} is not in this site's configuration."),
                "Check the package and ask the person in charge whether it may be used.".to_owned(),
            ),
        },
    }
}

/// What would help to read the paper.
#[must_use]
pub fn guidance(guidance: Guidance, language: Language) -> &'static str {
    match guidance {
        Guidance::TooDark => {
            language.of("暗くて読めません。\nライトを点けてください", "It is too dark.\nSwitch the light on")
        }
        Guidance::Glare => language.of(
            "光が映っています。\n紙か端末の向きを少し変えてください",
            "A lamp is mirrored on the paper.\nTilt the paper or the tablet a little",
        ),
        Guidance::Turn => language.of("紙をまっすぐに置いてください", "Lay the paper straight"),
        Guidance::Blurred => language
            .of("ぼやけています。\n紙を動かさずに待ってください", "It is blurred.\nKeep the paper still"),
        Guidance::Nearer => {
            language.of("紙をカメラに近づけてください", "Bring the paper nearer to the camera")
        }
    }
}

/// What is wrong with the camera; none while it works.
#[must_use]
pub fn camera(state: &CameraState, language: Language) -> Option<Said> {
    let said = match state {
        CameraState::Off | CameraState::Starting | CameraState::Running => return None,
        CameraState::Missing => stopped(
            (
                "カメラが見つかりません。",
                "端末を再起動してください（外付けのカメラは差し直してください）。「手入力」でも記録できます。",
            ),
            (
                "No camera was found.",
                "Restart the tablet, or plug a camera with a cable in again. Until then use “Type it”.",
            ),
        ),
        CameraState::NotAnswering => stopped(
            (
                "カメラが応答しません。",
                "端末を再起動してください（外付けのカメラは差し直してください）。「手入力」は使えます。",
            ),
            (
                "The camera does not answer.",
                "Restart the tablet (take an external camera out and in again). “Type it” still works.",
            ),
        ),
        CameraState::Busy => stopped(
            (
                "ほかのプログラムがカメラを使っています。",
                "ほかのプログラムを閉じてください。すぐに自動でつながります。",
            ),
            (
                "Another program uses the camera.",
                "Close the other program. The camera then comes back by itself.",
            ),
        ),
        CameraState::Unusable => stopped(
            (
                "このカメラの映像の形式は使えません。",
                "別のカメラを使ってください。それまでは「手入力」で記録できます。",
            ),
            (
                "This camera gives pictures that cannot be used.",
                "Use another camera. Until then you can record with “Type it”.",
            ),
        ),
    };
    Some(said.in_language(language))
}
