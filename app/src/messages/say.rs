//! The sentences themselves. Plain words: what happened, then what to do.
//!
//! Must not: name a library, a code or a file where a person can do nothing with it.

use record::{OcrLineError, ReviewReason, bundle::ContentError};
use scanner::Cause;
use store::{OpenError, StoreError};
use sync::{exchange::NetworkError, status::SendProblem};

use super::{KeepProblem, Notice, NumberProblem, Said, SetupProblem, Tone, UnlockProblem};
use crate::{camera::CameraState, display::Language, workflow::scan::Stop};

/// A pair of sentence and next step in each language.
struct Pair {
    tone: Tone,
    japanese: (String, String),
    english: (String, String),
}

impl Pair {
    fn in_language(self, language: Language) -> Said {
        let (sentence, next_step) = language.of(self.japanese, self.english);
        Said { tone: self.tone, sentence, next_step }
    }
}

fn pair(tone: Tone, japanese: (&str, &str), english: (&str, &str)) -> Pair {
    let owned = |(sentence, next): (&str, &str)| (sentence.to_owned(), next.to_owned());
    Pair { tone, japanese: owned(japanese), english: owned(english) }
}

fn stopped(japanese: (&str, &str), english: (&str, &str)) -> Pair {
    pair(Tone::Stop, japanese, english)
}

fn person(japanese: (&str, &str), english: (&str, &str)) -> Pair {
    pair(Tone::Person, japanese, english)
}

fn done(japanese: &str, english: &str) -> Pair {
    pair(Tone::Safe, (japanese, ""), (english, ""))
}

/// What stands above the page.
#[must_use]
pub fn notice(notice: &Notice, language: Language) -> Said {
    match notice {
        Notice::Setup(problem) => setup(problem),
        Notice::Unlock(problem) => unlock(problem),
        Notice::Keep(problem) => keep(problem),
        Notice::Number(problem) => number_pair(*problem),
        Notice::Stopped(why) => stop_pair(why),
        Notice::SetAside(set_aside) => {
            let entries = set_aside.known_head.and_then(|head| head.last).map_or(0, record::Position::number);
            let name = &set_aside.file_name;
            Pair {
                tone: Tone::Stop,
                japanese: (
                    format!("前の記録ファイルが開けないため、別の名前で残しました(記録 {entries} 件)。新しいファイルで続けられます。"),
                    format!("この端末を消さずに、支援窓口へ知らせてください。ファイル名: {name}"),
                ),
                english: (
                    format!("The earlier record file does not open and was kept under another name ({entries} records). Work goes on in a new file."),
                    format!("Do not wipe this tablet; tell the support desk. File name: {name}"),
                ),
            }
        }
        Notice::WrongPinsBefore(count) => Pair {
            tone: Tone::Person,
            japanese: (
                format!("前回から今回までに、暗証番号の間違いが {count} 回ありました。"),
                "心当たりがないときは、責任者に知らせてください。".to_owned(),
            ),
            english: (
                format!("There were {count} wrong PINs since you last unlocked."),
                "If that was not you, tell the person in charge.".to_owned(),
            ),
        },
        Notice::Kept => done("記録しました。", "Recorded."),
        Notice::Corrected => done("訂正を記録しました。前の記録も残っています。", "The correction is recorded. The old record is still there."),
        Notice::Cancelled => done("取り消しを記録しました。", "The cancellation is recorded."),
    }
    .in_language(language)
}

fn setup(problem: &SetupProblem) -> Pair {
    match problem {
        SetupProblem::Unreadable(_) => stopped(
            ("設定ファイルを読めません。", "USBメモリーを差し直し、もう一度選んでください。"),
            (
                "The configuration file cannot be read.",
                "Take the USB stick out and in again, and choose it once more.",
            ),
        ),
        SetupProblem::Expired => stopped(
            (
                "設定ファイルの期限が切れています。",
                "配布元に新しいファイルを頼んでください。端末の時計も確かめてください。",
            ),
            (
                "The configuration file is past its date.",
                "Ask the sender for a new file. Check the tablet's clock, too.",
            ),
        ),
        SetupProblem::OtherSigner | SetupProblem::Bundle(seal::Error::BundleSigner) => stopped(
            (
                "これまでとは別の配布元が作ったファイルです。使いません。",
                "受け取ったファイルが正しいか、配布元に電話で確かめてください。",
            ),
            (
                "Another sender than before made this file. It is not used.",
                "Ask the sender by telephone whether the file is the right one.",
            ),
        ),
        SetupProblem::OtherTablet => stopped(
            ("ほかの端末のための設定ファイルです。", "この端末の番号が書かれたファイルを選んでください。"),
            ("This configuration file is for another tablet.", "Choose the file with this tablet's number."),
        ),
        SetupProblem::Bundle(error) => bundle(error),
        SetupProblem::Folder(_) => stopped(
            (
                "端末に設定を保存できません。何も変わっていません。",
                "端末の空き容量を確かめ、もう一度試してください。",
            ),
            (
                "The configuration cannot be saved on this tablet. Nothing was changed.",
                "Check the free space of the tablet and try again.",
            ),
        ),
        SetupProblem::Secrets(_) => stopped(
            (
                "設定ファイルの職員の鍵が使えません。何も変わっていません。",
                "配布元に、作り直したファイルを頼んでください。",
            ),
            (
                "The staff keys in the configuration file cannot be used. Nothing was changed.",
                "Ask the sender to make the file anew.",
            ),
        ),
        SetupProblem::Open(error) => open(error),
    }
}

fn bundle(error: &seal::Error) -> Pair {
    match error {
        seal::Error::NotABundle => stopped(
            ("これは設定ファイルではありません。", "名前が「.vrsbundle」で終わるファイルを選んでください。"),
            ("This is not a configuration file.", "Choose a file whose name ends in “.vrsbundle”."),
        ),
        seal::Error::BundleTruncated => stopped(
            (
                "設定ファイルが途中で切れています。",
                "もう一度USBメモリーに入れてもらうか、別のUSBメモリーを使ってください。",
            ),
            (
                "The configuration file is cut short.",
                "Have it copied to the USB stick again, or use another stick.",
            ),
        ),
        seal::Error::BundleContent(ContentError::UnknownVersion(_)) => stopped(
            (
                "この端末のプログラムより新しい設定ファイルです。",
                "先に端末のプログラムを新しくしてください。",
            ),
            (
                "The configuration file is newer than this tablet's program.",
                "Update the tablet's program first.",
            ),
        ),
        seal::Error::BundleContent(ContentError::Malformed | ContentError::Missing(_)) => stopped(
            (
                "設定ファイルの中身が足りないか、正しくありません。",
                "配布元に、作り直したファイルを頼んでください。",
            ),
            (
                "The configuration file lacks something or is not right inside.",
                "Ask the sender to make the file anew.",
            ),
        ),
        // Everything else that opening a bundle can say: it is not what its sender signed.
        _ => stopped(
            (
                "設定ファイルが作られたときのままではありません。使いません。",
                "配布元に、もう一度送ってもらってください。",
            ),
            (
                "The configuration file is not as its sender made it. It is not used.",
                "Ask the sender to send it again.",
            ),
        ),
    }
}

fn unlock(problem: &UnlockProblem) -> Pair {
    match problem {
        UnlockProblem::WrongPin { wait_ms: 0 } => person(
            ("暗証番号が違います。", "もう一度、ゆっくり入れてください。"),
            ("That is not the PIN.", "Type it again, slowly."),
        ),
        UnlockProblem::WrongPin { wait_ms } => {
            let seconds = wait_ms.div_ceil(1000);
            Pair {
                tone: Tone::Person,
                japanese: (
                    format!("暗証番号が違います。{seconds} 秒待つと、また入れられます。"),
                    "忘れたときは、ほかの職員が開くか、責任者に知らせてください。記録は消えません。".to_owned(),
                ),
                english: (
                    format!("That is not the PIN. You can try again in {seconds} seconds."),
                    "If you forgot it, let a colleague unlock, or tell the person in charge. No record is lost.".to_owned(),
                ),
            }
        }
        UnlockProblem::TooSoon { wait_ms } => {
            let seconds = wait_ms.div_ceil(1000);
            Pair {
                tone: Tone::Person,
                japanese: (
                    format!("暗証番号の間違いが続いたため、あと {seconds} 秒は入れられません。"),
                    "待ってから、もう一度入れてください。".to_owned(),
                ),
                english: (
                    format!("After several wrong PINs none is taken for another {seconds} seconds."),
                    "Wait, and type it again.".to_owned(),
                ),
            }
        }
        UnlockProblem::UnknownStaff => stopped(
            ("この名前は今の設定にありません。", "ほかの名前を選ぶか、責任者に知らせてください。"),
            (
                "This name is not in the present configuration.",
                "Choose another name, or tell the person in charge.",
            ),
        ),
        UnlockProblem::Vault(_) | UnlockProblem::Secrets(seal::Error::Unopenable) => stopped(
            (
                "端末の鍵のファイルが読めません。記録は端末に残っています。",
                "この端末を消さずに、支援窓口へ知らせてください。",
            ),
            (
                "The tablet's key file cannot be read. The records are still on the tablet.",
                "Do not wipe this tablet; tell the support desk.",
            ),
        ),
        UnlockProblem::Secrets(seal::Error::DeviceSecretMissing) => stopped(
            (
                "この端末の鍵の保管庫が使えません。記録は端末に残っています。",
                "端末を再起動してください。直らないときは支援窓口へ知らせてください。",
            ),
            (
                "This tablet's key store cannot be used. The records are still on the tablet.",
                "Restart the tablet. If that does not help, tell the support desk.",
            ),
        ),
        UnlockProblem::Secrets(_) => stopped(
            (
                "この職員の鍵が使えません。記録は端末に残っています。",
                "ほかの職員が開くか、支援窓口へ知らせてください。",
            ),
            (
                "This person's key cannot be used. The records are still on the tablet.",
                "Let a colleague unlock, or tell the support desk.",
            ),
        ),
        UnlockProblem::Open(error) => open(error),
        UnlockProblem::Thread => stopped(
            ("送信を始められません。", "端末を再起動してください。"),
            ("Sending cannot be started.", "Restart the tablet."),
        ),
    }
}

fn open(error: &OpenError) -> Pair {
    match error {
        OpenError::Newer { .. } => stopped(
            (
                "記録ファイルが、このプログラムより新しい形です。何も変えていません。",
                "端末のプログラムを新しくしてください。",
            ),
            (
                "The record file is of a newer form than this program. Nothing was changed.",
                "Update the tablet's program.",
            ),
        ),
        OpenError::OtherOwner => stopped(
            ("記録ファイルが、ほかの端末のものです。何も変えていません。", "支援窓口へ知らせてください。"),
            ("The record file belongs to another tablet. Nothing was changed.", "Tell the support desk."),
        ),
        OpenError::Folder(_) => stopped(
            ("記録ファイルの場所が使えません。", "端末の空き容量を確かめ、再起動してください。"),
            (
                "The place of the record file cannot be used.",
                "Check the free space of the tablet and restart it.",
            ),
        ),
        OpenError::Store(error) => store(error),
    }
}

fn keep(problem: &KeepProblem) -> Pair {
    match problem {
        KeepProblem::Store(error) => store(error),
        KeepProblem::Randomness => stopped(
            ("記録できませんでした。記録番号を作れません。", "端末を再起動して、もう一度記録してください。"),
            (
                "It was not recorded: no number could be made for it.",
                "Restart the tablet and record it again.",
            ),
        ),
        KeepProblem::Locked => person(
            ("端末がロックされたため、記録していません。", "もう一度開いて、記録してください。"),
            ("The tablet was locked, so it was not recorded.", "Unlock it and record again."),
        ),
    }
}

fn store(error: &StoreError) -> Pair {
    match error {
        StoreError::Full => stopped(
            (
                "保存する場所がいっぱいで、記録できませんでした。これまでの記録は残っています。",
                "端末をネットワークにつなぎ、支援窓口へ知らせてください。それまでは紙を取っておいてください。",
            ),
            (
                "There is no room left: it was not recorded. All earlier records are safe.",
                "Connect the tablet to the network and tell the support desk. Keep the papers until then.",
            ),
        ),
        StoreError::OtherMunicipality | StoreError::SameIdOtherContent | StoreError::ForeignReceipt => {
            stopped(
                (
                    "記録できませんでした。この端末の記録と合いません。",
                    "紙を取っておき、支援窓口へ知らせてください。",
                ),
                (
                    "It was not recorded: it does not fit this tablet's records.",
                    "Keep the paper and tell the support desk.",
                ),
            )
        }
        StoreError::UnknownEntry => person(
            ("その記録はこの端末にありません。", "記録した端末で訂正してください。"),
            ("That record is not on this tablet.", "Correct it on the tablet that recorded it."),
        ),
        StoreError::AlreadyChanged => person(
            ("その記録は、もう訂正または取り消しされています。", "一覧で新しい記録を開いてください。"),
            ("That record was corrected or cancelled already.", "Open the newer one in the list."),
        ),
        StoreError::Database(_) | StoreError::Row => stopped(
            (
                "記録できませんでした。端末の保存に問題があります。これまでの記録は残っています。",
                "端末を再起動してください。直らないときは、紙を取っておき、支援窓口へ知らせてください。",
            ),
            (
                "It was not recorded: the tablet has trouble saving. All earlier records are safe.",
                "Restart the tablet. If that does not help, keep the papers and tell the support desk.",
            ),
        ),
    }
}

/// Why digits are no number.
#[must_use]
pub fn number(problem: NumberProblem, language: Language) -> Said {
    number_pair(problem).in_language(language)
}

fn number_pair(problem: NumberProblem) -> Pair {
    match problem {
        NumberProblem::Line(OcrLineError::MunicipalityCheckDigit) | NumberProblem::UnknownMunicipality => {
            stopped(
                (
                    "この市町村コードの市町村はありません。",
                    "市町村コードの6けたを、もう一度紙と比べてください。",
                ),
                (
                    "No municipality has this code.",
                    "Compare the six digits of the municipality with the paper again.",
                ),
            )
        }
        NumberProblem::Line(OcrLineError::DoseZero) => stopped(
            ("回数が 0 の接種券はありません。", "2けた目を、もう一度紙と比べてください。"),
            ("There is no coupon for dose 0.", "Compare the second digit with the paper again."),
        ),
        NumberProblem::Line(OcrLineError::Length { .. } | OcrLineError::NotADigit { .. }) => stopped(
            ("番号は 18 けたの数字です。", "紙のいちばん下の 18 けたを入れてください。"),
            ("A number has 18 digits.", "Type the 18 digits at the foot of the coupon."),
        ),
    }
}

/// Why a paper cannot be recorded.
#[must_use]
pub fn stop(stop: &Stop, language: Language) -> Said {
    stop_pair(stop).in_language(language)
}

fn stop_pair(stop: &Stop) -> Pair {
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

/// What is wrong with sending.
#[must_use]
pub fn send_problem(problem: SendProblem, language: Language) -> Said {
    match problem {
        SendProblem::Network(NetworkError::Unreachable) => person(
            (
                "ネットワークにつながっていません。記録は端末に残っています。",
                "このまま続けられます。つながると自動で送ります。",
            ),
            (
                "There is no way to the central. The records are kept on this tablet.",
                "You can go on working. They are sent when the network returns.",
            ),
        ),
        SendProblem::Network(NetworkError::Broken) => person(
            (
                "送信の途中で切れました。記録は端末に残っています。",
                "自動で送り直します。二重には記録されません。",
            ),
            (
                "The connection broke off. The records are kept on this tablet.",
                "They are sent again by themselves, and never counted twice.",
            ),
        ),
        SendProblem::Network(NetworkError::Untrusted) => stopped(
            (
                "つながった相手が、設定された送信先ではありません。送っていません。",
                "ログインの要るWi-Fiではないか確かめてください。続くときは支援窓口へ知らせてください。",
            ),
            (
                "Whoever answered is not the configured central. Nothing was sent.",
                "Check whether the Wi-Fi asks for a sign-in. If this goes on, tell the support desk.",
            ),
        ),
        SendProblem::Network(NetworkError::TooLarge) | SendProblem::Nonsense => stopped(
            (
                "送信先から、わからない返事が来ました。記録は端末に残っています。",
                "ログインの要るWi-Fiではないか確かめてください。自動でまた試します。",
            ),
            (
                "The central answered something that makes no sense. The records are kept on this tablet.",
                "Check whether the Wi-Fi asks for a sign-in. It is tried again by itself.",
            ),
        ),
        SendProblem::Network(NetworkError::Address) => stopped(
            (
                "設定された送信先が使えません。",
                "支援窓口へ知らせ、設定ファイルを作り直してもらってください。",
            ),
            (
                "The configured address cannot be used.",
                "Tell the support desk; the configuration file must be made anew.",
            ),
        ),
        SendProblem::Receipt => stopped(
            (
                "受領の証明が合いません。送信済みにはしていません。",
                "自動でまた試します。続くときは支援窓口へ知らせてください。",
            ),
            (
                "The receipt does not fit. Nothing was marked as sent.",
                "It is tried again by itself. If this goes on, tell the support desk.",
            ),
        ),
        SendProblem::NotEnrolled => stopped(
            (
                "送信先にこの端末が登録されていません。記録は端末に残っています。",
                "支援窓口へ、この端末の番号を知らせてください。",
            ),
            (
                "The central does not know this tablet. The records are kept on it.",
                "Tell the support desk this tablet's number.",
            ),
        ),
        SendProblem::TokenRefused => stopped(
            (
                "この端末の登録が断られました。記録は端末に残っています。",
                "新しい設定ファイルを配布元に頼んでください。",
            ),
            (
                "The registration of this tablet was refused. The records are kept on it.",
                "Ask the sender for a new configuration file.",
            ),
        ),
        SendProblem::Busy => person(
            (
                "送信先が混み合っています。記録は端末に残っています。",
                "このまま続けられます。自動でまた送ります。",
            ),
            (
                "The central is busy. The records are kept on this tablet.",
                "You can go on working. They are sent again by themselves.",
            ),
        ),
        SendProblem::SignatureRefused => person(
            (
                "送信先がこの端末の署名を受け取りませんでした。時刻を合わせて送り直します。",
                "続くときは支援窓口へ知らせてください。",
            ),
            (
                "The central did not take this tablet's signature. It is sent again with the time set anew.",
                "If this goes on, tell the support desk.",
            ),
        ),
        SendProblem::Refused => stopped(
            (
                "送信先が受け取れない形でした。記録は端末に残っています。",
                "端末のプログラムを新しくする必要があるかもしれません。支援窓口へ知らせてください。",
            ),
            (
                "The central cannot take it in this form. The records are kept on this tablet.",
                "The tablet's program may need an update. Tell the support desk.",
            ),
        ),
        SendProblem::Store => stopped(
            (
                "送信の準備ができません。端末の保存に問題があります。",
                "端末を再起動してください。直らないときは支援窓口へ知らせてください。",
            ),
            (
                "Sending cannot be prepared: the tablet has trouble with its storage.",
                "Restart the tablet. If that does not help, tell the support desk.",
            ),
        ),
    }
    .in_language(language)
}

/// Why an entry needs a person, and what to do.
#[must_use]
pub fn review(reason: &ReviewReason, language: Language) -> Said {
    match reason {
        ReviewReason::FutureDate => person(
            ("接種日が先の日付です。", "日付を紙と比べ、違うときは訂正してください。"),
            (
                "The date lies in the future.",
                "Compare the date with the paper and correct it if it is wrong.",
            ),
        ),
        ReviewReason::UnknownMunicipality => person(
            ("市町村コードの市町村がありません。", "番号を紙と比べ、違うときは訂正してください。"),
            (
                "No municipality has this code.",
                "Compare the number with the paper and correct it if it is wrong.",
            ),
        ),
        ReviewReason::OtherContentForSameDose => person(
            (
                "同じ接種券の同じ回数が、別の内容でもう記録されています。",
                "紙を取っておいてください。市町村の担当者がどちらが正しいか決めます。",
            ),
            (
                "The same dose of this coupon is recorded already with other content.",
                "Keep the paper. The municipality decides which one is right.",
            ),
        ),
        ReviewReason::ChangesChangedEntry => person(
            ("ほかの訂正か取り消しが先に届いています。", "一覧で今の内容を確かめてください。"),
            ("Another correction or cancellation came first.", "Look at the present content in the list."),
        ),
        ReviewReason::ChangesUnknownEntry => person(
            (
                "訂正する前の記録が、まだ届いていません。",
                "そのままで構いません。前の記録が届くと、支援窓口が確かめます。",
            ),
            (
                "The record that this one corrects has not arrived yet.",
                "Leave it as it is. The support desk checks it when the earlier one arrives.",
            ),
        ),
        ReviewReason::Malformed
        | ReviewReason::OtherMunicipality
        | ReviewReason::OtherContentForSameId
        | ReviewReason::PositionTaken
        | ReviewReason::ChainBroken => person(
            (
                "送信先で、記録のつながりに疑問が出ました。中身は失われていません。",
                "支援窓口が調べます。紙を取っておいてください。",
            ),
            (
                "The central has a question about how this record fits the others. Nothing of it is lost.",
                "The support desk looks into it. Keep the paper.",
            ),
        ),
        ReviewReason::Unknown(_) => person(
            ("送信先が、人の確認を求めています。", "紙を取っておき、支援窓口に聞いてください。"),
            ("The central asks for a person to look at it.", "Keep the paper and ask the support desk."),
        ),
    }
    .in_language(language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use store::{KnownHead, SetAside};

    fn every(language: Language) -> Vec<Said> {
        let stores = [
            StoreError::Full,
            StoreError::OtherMunicipality,
            StoreError::SameIdOtherContent,
            StoreError::UnknownEntry,
            StoreError::AlreadyChanged,
            StoreError::ForeignReceipt,
            StoreError::Database(11),
            StoreError::Row,
        ];
        let opens = [
            OpenError::Newer { found: 2, known: 1 },
            OpenError::OtherOwner,
            OpenError::Folder(ErrorKind::PermissionDenied),
            OpenError::Store(StoreError::Full),
        ];
        let set_aside = SetAside {
            file_name: "records.db.damaged-20211122T1040070900".to_owned(),
            known_head: Some(KnownHead { epoch: record::Epoch::FIRST, last: record::Position::new(2) }),
        };
        let mut notices = vec![
            Notice::Kept,
            Notice::Corrected,
            Notice::Cancelled,
            Notice::WrongPinsBefore(3),
            Notice::SetAside(set_aside),
            Notice::Unlock(UnlockProblem::WrongPin { wait_ms: 0 }),
            Notice::Unlock(UnlockProblem::WrongPin { wait_ms: 5_000 }),
            Notice::Unlock(UnlockProblem::TooSoon { wait_ms: 5_000 }),
            Notice::Unlock(UnlockProblem::UnknownStaff),
            Notice::Unlock(UnlockProblem::Vault(ErrorKind::NotFound)),
            Notice::Unlock(UnlockProblem::Secrets(seal::Error::Unopenable)),
            Notice::Unlock(UnlockProblem::Secrets(seal::Error::DeviceSecretMissing)),
            Notice::Unlock(UnlockProblem::Secrets(seal::Error::KeyMaterial)),
            Notice::Unlock(UnlockProblem::Thread),
            Notice::Keep(KeepProblem::Randomness),
            Notice::Keep(KeepProblem::Locked),
            Notice::Setup(SetupProblem::Unreadable(ErrorKind::NotFound)),
            Notice::Setup(SetupProblem::Expired),
            Notice::Setup(SetupProblem::OtherSigner),
            Notice::Setup(SetupProblem::OtherTablet),
            Notice::Setup(SetupProblem::Folder(ErrorKind::StorageFull)),
            Notice::Setup(SetupProblem::Secrets(seal::Error::KeyMaterial)),
            Notice::Number(NumberProblem::UnknownMunicipality),
            Notice::Number(NumberProblem::Line(OcrLineError::DoseZero)),
            Notice::Number(NumberProblem::Line(OcrLineError::Length { found: 17, expected: 18 })),
            Notice::Stopped(Stop::AlreadyRecorded { at: record::WallTime::from_unix_ms(0), dose: None }),
            Notice::Stopped(Stop::UnknownKind),
            Notice::Stopped(Stop::ForeignQr),
            Notice::Stopped(Stop::SeveralPapers),
        ];
        for error in [
            seal::Error::NotABundle,
            seal::Error::BundleTruncated,
            seal::Error::BundleSignature,
            seal::Error::BundleSigner,
            seal::Error::BundleContent(ContentError::UnknownVersion(2)),
            seal::Error::BundleContent(ContentError::Malformed),
        ] {
            notices.push(Notice::Setup(SetupProblem::Bundle(error)));
        }
        notices.extend(stores.map(|error| Notice::Keep(KeepProblem::Store(error))));
        notices.extend(opens.map(|error| Notice::Unlock(UnlockProblem::Open(error))));
        let mut all: Vec<Said> = notices.iter().map(|each| notice(each, language)).collect();
        for each in [
            Cause::Disagreement,
            Cause::DoseZero,
            Cause::MunicipalityCheckDigit,
            Cause::UnknownMunicipality,
            Cause::UnexpectedKind,
            Cause::OneWitness,
            Cause::LeadingUnread,
            Cause::LeadingUnexpected,
            Cause::UnexpectedDose,
        ] {
            all.push(cause(each, language));
        }
        for state in
            [CameraState::Missing, CameraState::NotAnswering, CameraState::Busy, CameraState::Unusable]
        {
            all.extend(camera(&state, language));
        }
        for problem in [
            SendProblem::Network(NetworkError::Unreachable),
            SendProblem::Network(NetworkError::Broken),
            SendProblem::Network(NetworkError::Untrusted),
            SendProblem::Network(NetworkError::TooLarge),
            SendProblem::Network(NetworkError::Address),
            SendProblem::Nonsense,
            SendProblem::Receipt,
            SendProblem::NotEnrolled,
            SendProblem::TokenRefused,
            SendProblem::Busy,
            SendProblem::SignatureRefused,
            SendProblem::Refused,
            SendProblem::Store,
        ] {
            all.push(send_problem(problem, language));
        }
        for code in
            ["future_date", "other_content_for_same_dose", "chain_broken", "some_new_rule", "malformed"]
        {
            all.extend(code.parse().ok().map(|reason| review(&reason, language)));
        }
        all
    }

    #[test]
    fn every_problem_has_a_short_sentence_and_a_next_step_in_both_languages() {
        for language in Language::ALL {
            for said in every(language) {
                assert!(!said.sentence.is_empty());
                assert!(said.tone == Tone::Safe || !said.next_step.is_empty(), "{said:?}");
                let characters = said.sentence.chars().count().max(said.next_step.chars().count());
                assert!(characters <= language.of(80, 140), "{characters}: {said:?}");
                let japanese = said.sentence.chars().any(|character| ('ぁ'..='ん').contains(&character));
                assert_eq!(japanese, language == Language::Japanese, "{said:?}");
            }
        }
    }
}
