//! What lies under the camera, and the camera itself.
//!
//! Must not: show digits; the page does, beside the paper's picture.

use scanner::Cause;

use super::{
    super::{Said, Tone},
    Pair, person, stopped,
};
use crate::{camera::CameraState, display::Language, workflow::scan::Stop};

/// Why a paper cannot be recorded.
#[must_use]
pub fn stop(stop: &Stop, language: Language) -> Said {
    stop_pair(stop).in_language(language)
}

pub(super) fn stop_pair(stop: &Stop) -> Pair {
    match stop {
        Stop::AlreadyRecorded { at, dose } => {
            let at = at.hour_minute();
            let (japanese, english) = match dose {
                Some(dose) => (format!("{dose}回目"), format!("dose {dose}")),
                None => ("予診のみ".to_owned(), "the screening".to_owned()),
            };
            Pair {
                tone: Tone::Stop,
                japanese: (
                    format!("この接種券の{japanese}は、{at} にこの端末で記録済みです。"),
                    "紙を確かめてください。前の記録が違うときは、「記録」から訂正してください。".to_owned(),
                ),
                english: (
                    format!("On this tablet {english} of this coupon was recorded at {at}."),
                    "Check the paper. If the earlier record is wrong, correct it under “Records”.".to_owned(),
                ),
            }
        }
        Stop::UnknownKind => stopped(
            ("この券種は、この会場の設定にありません。", "接種券の種類を確かめ、責任者に聞いてください。"),
            (
                "This kind of coupon is not in the site's configuration.",
                "Check the kind of the coupon and ask the person in charge.",
            ),
        ),
        Stop::ForeignQr => person(
            ("接種券ではない QR コードです。", "接種券の下の部分を枠に合わせてください。"),
            ("This QR code is not a coupon's.", "Put the lower part of the coupon into the frame."),
        ),
        Stop::SeveralPapers => person(
            ("紙が2枚以上見えています。", "1枚だけを枠に置いてください。"),
            ("More than one paper is in view.", "Put only one into the frame."),
        ),
    }
}

/// Why a person is asked.
#[must_use]
pub fn cause(cause: Cause, language: Language) -> Said {
    match cause {
        Cause::Disagreement => person(
            ("QR とバーコードの数字が違います。", "色のついた数字を、紙の数字と比べて選んでください。"),
            ("The QR code and the barcode say different digits.", "Choose the marked digits as the paper has them."),
        ),
        Cause::DoseZero => person(
            ("回数の数字が 0 と読めました。", "紙と比べて、違うときは手で入力してください。"),
            ("The dose was read as 0.", "Compare with the paper; if it differs, type the number."),
        ),
        Cause::MunicipalityCheckDigit | Cause::UnknownMunicipality => person(
            ("読み取った市町村コードの市町村はありません。", "紙と比べて、違うときは手で入力してください。"),
            ("No municipality has the code that was read.", "Compare with the paper; if it differs, type the number."),
        ),
        Cause::UnexpectedKind => person(
            ("この券種は、この会場の設定にありません。", "接種券の種類を確かめ、責任者に聞いてください。"),
            ("This kind of coupon is not in the site's configuration.", "Check the kind of the coupon and ask the person in charge."),
        ),
        Cause::OneWitness => person(
            ("読み取れたのは1か所だけです。", "ひとつずつ紙と比べて、同じなら押してください。"),
            ("Only one place could be read.", "Compare part by part with the paper and press what is the same."),
        ),
        Cause::LeadingUnread => person(
            ("はじめの8けたが読めません。", "紙を見て、はじめの8けたを選んでください。"),
            ("The first eight digits could not be read.", "Look at the paper and choose the first eight digits."),
        ),
        Cause::LeadingUnexpected => person(
            ("券種・回数・市町村が、本日の設定と違います。", "はじめの8けたを紙と比べて、同じなら押してください。"),
            ("Kind, dose or municipality is not what today's settings expect.", "Compare the first eight digits with the paper and press what is the same."),
        ),
        Cause::UnexpectedDose => person(
            ("紙の回数が、本日の設定の回数と違います。", "回数を紙と比べて、同じなら押してください。紙の回数で記録します。"),
            ("The dose on the paper is not the one of today's settings.", "Compare the dose with the paper and press it if it is the same. The paper's dose is recorded."),
        ),
    }
    .in_language(language)
}

/// What is wrong with the camera; none while it works.
#[must_use]
pub fn camera(state: &CameraState, language: Language) -> Option<Said> {
    let said = match state {
        CameraState::Off | CameraState::Starting | CameraState::Running => return None,
        CameraState::Missing => stopped(
            (
                "カメラが見つかりません。",
                "カメラのつなぎ方を確かめてください。それまでは「手入力」で記録できます。",
            ),
            (
                "No camera was found.",
                "Check how the camera is connected. Until then you can record with “Type it”.",
            ),
        ),
        CameraState::NotAnswering => stopped(
            (
                "カメラが応答しません。",
                "カメラを差し直してください。直らないときは端末を再起動してください。「手入力」は使えます。",
            ),
            (
                "The camera does not answer.",
                "Take the camera out and in again, or restart the tablet. “Type it” still works.",
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
