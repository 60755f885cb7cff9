//! Setting a tablet up and unlocking it.
//!
//! Must not: say what is in a bundle, or whether a PIN was nearly right.

use record::{TabletId, bundle::ContentError};
use store::OpenError;

use super::{
    super::{SetupProblem, Tone, UnlockProblem},
    Pair,
    keeping::store,
    person, stopped,
};

pub(super) fn setup(problem: &SetupProblem) -> Pair {
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
                "これまでとは別の配布元が作ったファイルです。この設定は使えません。",
                "受け取ったファイルが正しいか、配布元に電話で確かめてください。",
            ),
            (
                "Another sender than before made this file. It cannot be used.",
                "Ask the sender by telephone whether the file is the right one.",
            ),
        ),
        SetupProblem::MistypedCode => person(
            ("設定コードの数字が違うようです。", "紙の16桁の数字を見て、もう一度入れてください。"),
            (
                "A digit of the set-up code does not seem right.",
                "Look at the sixteen digits on the paper and type them again.",
            ),
        ),
        SetupProblem::WrongCode { wait_ms: 0 } => person(
            (
                "この端末番号の設定コードではありません。",
                "端末番号と、その番号の紙の設定コードを確かめてください。",
            ),
            (
                "That is not the set-up code of this tablet number.",
                "Check the tablet number, and the code on the paper with that number.",
            ),
        ),
        SetupProblem::WrongCode { wait_ms } => {
            let seconds = wait_ms.div_ceil(1000);
            Pair {
                tone: Tone::Person,
                japanese: (
                    format!("この端末番号の設定コードではありません。{seconds}秒待つと、また入れられます。"),
                    "端末番号と紙を確かめてください。分からないときは、配布元に電話で聞いてください。"
                        .to_owned(),
                ),
                english: (
                    format!(
                        "That is not the set-up code of this tablet number. You can try again in {seconds} seconds."
                    ),
                    "Check the number and the paper. If in doubt, ask the sender by telephone.".to_owned(),
                ),
            }
        }
        SetupProblem::CodeTooSoon { wait_ms } => {
            let seconds = wait_ms.div_ceil(1000);
            Pair {
                tone: Tone::Person,
                japanese: (
                    format!("設定コードの間違いが続いたため、あと{seconds}秒は入れられません。"),
                    "待ってから、もう一度入れてください。".to_owned(),
                ),
                english: (
                    format!("After several wrong codes none is taken for another {seconds} seconds."),
                    "Wait, and type it again.".to_owned(),
                ),
            }
        }
        SetupProblem::AlreadyUsed(tablet_id) => Pair {
            tone: Tone::Stop,
            japanese: (
                format!("端末番号 {tablet_id} の設定は、すでに別の端末で使われています。"),
                "まだ使われていない端末番号を選んでください。".to_owned(),
            ),
            english: (
                format!("The settings for tablet {tablet_id} were used on another tablet."),
                "Choose a tablet number that was not used yet.".to_owned(),
            ),
        },
        SetupProblem::OnlyRenews(tablet_id) => Pair {
            tone: Tone::Stop,
            japanese: (
                format!(
                    "これは、使用中の端末 {tablet_id} の設定を新しくするためのものです。この端末には使えません。"
                ),
                "予備機用の設定ファイルを選ぶか、配布元に頼んでください。".to_owned(),
            ),
            english: (
                format!(
                    "This renews the settings of tablet {tablet_id}, which is at work. It cannot be used on this one."
                ),
                "Choose a file for spare tablets, or ask the sender for one.".to_owned(),
            ),
        },
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
                "設定ファイルにある職員の情報が使えません。何も変わっていません。",
                "配布元に、作り直したファイルを頼んでください。",
            ),
            (
                "What the configuration file says of the staff cannot be used. Nothing was changed.",
                "Ask the sender to make the file anew.",
            ),
        ),
        SetupProblem::Open(error) => open(error),
    }
}

/// The tablet is set up; the medium is read-only, or was taken away.
pub(super) fn not_marked(tablet_id: TabletId) -> Pair {
    Pair {
        tone: Tone::Person,
        japanese: (
            format!("設定できました。ファイルには使用済みの印を付けられませんでした（{tablet_id}）。"),
            "同じ番号をほかの端末で使わないよう、紙の表に使用済みと書いてください。".to_owned(),
        ),
        english: (
            format!("The tablet is set up. The file could not be marked as used ({tablet_id})."),
            "Write on the paper that this number is used, so that no other tablet takes it.".to_owned(),
        ),
    }
}

pub(super) fn bundle(error: &seal::Error) -> Pair {
    match error {
        seal::Error::BundleUnsealed => stopped(
            (
                "封をしていない、前の形の設定ファイルです。この設定は使えません。",
                "配布元に、新しい設定ファイルを作ってもらってください。",
            ),
            (
                "This configuration file is of the earlier form, which is not sealed. It cannot be used.",
                "Ask the sender to make a new file.",
            ),
        ),
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
                "この端末のプログラムとは版の違う設定ファイルです。",
                "支援窓口へ、プログラムの更新か、設定ファイルの作り直しを頼んでください。",
            ),
            (
                "The configuration file is of another version than this tablet's program.",
                "Ask the support desk to update the program, or to have the file made anew.",
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
                "設定ファイルの内容が、作成後に変わっています。この設定は使えません。",
                "配布元に、もう一度送ってもらってください。",
            ),
            (
                "The configuration file was changed after its sender made it. It cannot be used.",
                "Ask the sender to send it again.",
            ),
        ),
    }
}

pub(super) fn unlock(problem: &UnlockProblem) -> Pair {
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
                    format!("暗証番号が違います。{seconds}秒待つと、また入れられます。"),
                    "忘れたときは、ほかの職員がロックを解除するか、責任者に知らせてください。記録は消えません。".to_owned(),
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
                    format!("暗証番号の間違いが続いたため、あと{seconds}秒は入れられません。"),
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
                "この端末のロックを解除するための情報が読めません。記録は端末に残っています。",
                "この端末を初期化せずに、支援窓口へ知らせてください。",
            ),
            (
                "What unlocks this tablet cannot be read. The records are still on the tablet.",
                "Do not wipe this tablet; tell the support desk.",
            ),
        ),
        UnlockProblem::Secrets(seal::Error::DeviceSecretMissing) => stopped(
            (
                "この端末のロックを解除するための情報を取り出せません。記録は端末に残っています。",
                "端末を再起動してください。直らないときは支援窓口へ知らせてください。",
            ),
            (
                "What unlocks this tablet cannot be taken out of its safe place. The records are still on the tablet.",
                "Restart the tablet. If that does not help, tell the support desk.",
            ),
        ),
        UnlockProblem::Secrets(_) => stopped(
            (
                "この職員の情報では、ロックを解除できません。記録は端末に残っています。",
                "ほかの職員がロックを解除するか、支援窓口へ知らせてください。",
            ),
            (
                "What is kept for this person does not unlock the tablet. The records are still on it.",
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

pub(super) fn open(error: &OpenError) -> Pair {
    match error {
        OpenError::Newer { .. } => stopped(
            (
                "記録ファイルが、このプログラムより新しい形です。何も変えていません。",
                "支援窓口へ、プログラムの更新を頼んでください。",
            ),
            (
                "The record file is of a newer form than this program. Nothing was changed.",
                "Ask the support desk to update the program.",
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
