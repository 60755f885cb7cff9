//! Everything that can go wrong, as one sentence and the next thing to do, in both languages, and the number the program ends
//! with.
//!
//! Must not: name a person, or say more of a file than where it lies.

use std::{io, path::PathBuf};

use record::WallTime;
use seal::envelope::Refusal;

use crate::{language::Language, words};

/// Why the command did not do what it was to do.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line cannot be understood.
    Usage,
    /// An option is missing or cannot be understood.
    Option(&'static str),
    /// Nobody answered.
    NoAnswer,
    /// The number is on no list.
    NoSuchChoice,
    /// The person said no.
    Declined,
    WrongPassphrase,
    PassphrasesDiffer,
    PassphraseTooShort,
    /// No office was set up here.
    NoOffice,
    OfficeThere,
    NoSuchPerson,
    PersonThere,
    /// Somebody is to be added by one person alone.
    NeedsAnother,
    LastPerson,
    /// No card of that office.
    NoCard,
    /// A card of the same office with another key.
    OtherKey,
    /// A card that is older than the known one.
    OlderCard,
    NoSuchRequest,
    /// Several fit; one must be named.
    WhichRequest(Vec<String>),
    NotAllowedYet,
    AllowedAlready,
    MadeAlready,
    /// A file is not what was asked for any more.
    ContentChanged,
    /// An envelope, card or receipt is refused.
    Refused(Refusal),
    AlreadyOpened(WallTime),
    /// Plain text would come to lie on something that can be carried away.
    RemovablePlace,
    UnknownPlace,
    FileThere(PathBuf),
    /// Erasing was asked for something that is no envelope.
    NotAnEnvelope,
    /// The receipt belongs to no envelope made here.
    ReceiptOfNothing,
    /// The receipt was made here, for somebody else to check.
    OwnReceipt,
    LedgerBroken,
    NothingInLedger,
    Busy,
    /// A file of the program itself is not in its form.
    Damaged(PathBuf),
    File(PathBuf, io::Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Names the file an error is about.
pub(crate) fn at(path: &std::path::Path) -> impl FnOnce(io::Error) -> Failure {
    let path = path.to_owned();
    move |error| Failure::File(path, error)
}

impl Failure {
    /// 1: the system could not; 2: the command line; 3: a rule says no; 4: a file is damaged or altered.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::File(..) | Self::NoAnswer | Self::Busy => 1,
            Self::Refused(Refusal::Read(_) | Refusal::Write(_) | Refusal::Cryptography) => 1,
            Self::Usage | Self::Option(_) | Self::NoSuchChoice | Self::WhichRequest(_) => 2,
            Self::Refused(
                Refusal::Truncated
                | Refusal::TooLong
                | Refusal::Altered
                | Refusal::OtherContent
                | Refusal::OtherKind,
            )
            | Self::LedgerBroken
            | Self::Damaged(_) => 4,
            _ => 3,
        }
    }

    /// One sentence, and the next thing to do.
    pub(crate) fn sentence(&self, language: Language) -> String {
        let pick = |japanese: &str, english: &str| language.pick(japanese, english).to_owned();
        match self {
            Self::Usage => pick(
                "コマンドが分かりません。vrs-envelope --help で使い方を確かめてください。",
                "The command cannot be understood. See vrs-envelope --help.",
            ),
            Self::Option(name) => language.pick(
                format!("--{name} の指定が足りないか、正しくありません。vrs-envelope --help で書き方を確かめてください。"),
                format!("--{name} is missing or not right. See vrs-envelope --help for how it is written."),
            ),
            Self::NoAnswer => pick(
                "入力がありませんでした。もう一度実行し、質問に答えてください。",
                "There was no answer. Run it again and answer the questions.",
            ),
            Self::NoSuchChoice => pick(
                "その番号はありません。もう一度実行し、表示された番号から選んでください。",
                "There is no such number. Run it again and choose one of the numbers shown.",
            ),
            Self::Declined => pick(
                "「はい」と答えなかったため、何も行っていません。",
                "Nothing was done, because the answer was not yes.",
            ),
            Self::WrongPassphrase => pick(
                "パスフレーズが違います。本人がもう一度入力してください。",
                "The passphrase is wrong. Let its owner type it again.",
            ),
            Self::PassphrasesDiffer => pick(
                "2回の入力が違います。もう一度実行してください。",
                "The two entries differ. Run it again.",
            ),
            Self::PassphraseTooShort => pick(
                "パスフレーズは12文字以上200文字以下で、前後に空白を入れずに決めてください。",
                "A passphrase has 12 to 200 characters and no space at its ends. Choose another.",
            ),
            Self::NoOffice => pick(
                "このパソコンではまだ鍵を作っていません。vrs-envelope keys init で作ってください。",
                "No keys were made on this computer yet. Make them with vrs-envelope keys init.",
            ),
            Self::OfficeThere => pick(
                "鍵はすでにあります。人を加えるには vrs-envelope keys add を使ってください。",
                "There are keys already. Add a person with vrs-envelope keys add.",
            ),
            Self::NoSuchPerson => pick(
                "そのアカウントはこのパソコンに登録されていません。vrs-envelope keys list で確かめてください。",
                "There is no such account on this computer. See vrs-envelope keys list.",
            ),
            Self::NeedsAnother => pick(
                "3人目からは、すでに登録されている別の人の同意も要ります。--with 別の人のアカウント を付けて実行し、その人もパスフレーズを入力してください。",
                "From the third person on another person of the office has to agree. Add --with THEIR-ACCOUNT, and let them type their passphrase too.",
            ),
            Self::PersonThere => pick(
                "そのアカウントはすでに登録されています。ほかの名前にしてください。",
                "There is such an account already. Choose another name.",
            ),
            Self::LastPerson => pick(
                "最後の1人は外せません。先に後任の人を加えてください。",
                "The last person cannot be removed. Add a successor first.",
            ),
            Self::NoCard => pick(
                "相手の鍵カードがありません。相手から受け取り、vrs-envelope keys trust で登録してください。",
                "There is no key card of that office. Get it from them and take it in with vrs-envelope keys trust.",
            ),
            Self::OtherKey => pick(
                "登録済みの鍵と違う鍵のカードです。使わずに、相手に電話で確かめてください。鍵を作り直したと確かめられたら、keys forget で古いカードを外してから登録してください。",
                "The card has another key than the one known. Do not use it; ask the office by telephone. If they did make new keys, remove the old card with keys forget and take in the new one.",
            ),
            Self::OlderCard => pick(
                "登録済みのカードより古いカードです。新しいカードを相手から受け取ってください。",
                "The card is older than the one known. Get the newer one from the office.",
            ),
            Self::NoSuchRequest => pick(
                "その番号の申請はありません。vrs-envelope ledger で番号を確かめてください。",
                "There is no request of that number. See vrs-envelope ledger.",
            ),
            Self::WhichRequest(ids) => language.pick(
                format!("申請が複数あります。次の番号のどれかを指定してください: {}", ids.join(", ")),
                format!("There are several requests. Name one of these numbers: {}", ids.join(", ")),
            ),
            Self::NotAllowedYet => pick(
                "まだ許可されていません。申請した人とは別の人が vrs-envelope allow を実行してください。",
                "It was not allowed yet. Let another person than the asker run vrs-envelope allow.",
            ),
            Self::AllowedAlready => pick(
                "すでに許可されています。vrs-envelope make で封緘してください。",
                "It was allowed already. Seal it with vrs-envelope make.",
            ),
            Self::MadeAlready => pick(
                "この申請の封緘ファイルはすでに作られています。もう一度必要なら、新しく申請してください。",
                "The sealed file of this request was made already. If another is needed, ask again.",
            ),
            Self::ContentChanged => pick(
                "申請した時とファイルの内容が違います。元のファイルに戻すか、新しく申請してください。",
                "A file is not what it was when it was asked for. Put the old one back, or ask again.",
            ),
            Self::Refused(refusal) => refused(*refusal, language),
            Self::AlreadyOpened(when) => language.pick(
                format!("この封緘ファイルは {} に開封済みです。同じものは一度しか開けません。もう一度必要なら、送付元に新しい封緘ファイルを依頼してください。", words::at(*when)),
                format!("This envelope was opened at {}. Each is opened once. If it is needed again, ask its sender for a new one.", words::at(*when)),
            ),
            Self::RemovablePlace => pick(
                "そこは取り外せる媒体です。封緘していないデータは書きません。パソコン本体のフォルダーを指定してください。",
                "That place is a removable medium. What is not sealed is not written there. Name a folder on the computer itself.",
            ),
            Self::UnknownPlace => pick(
                "そこが取り外せる媒体かどうか判別できません。パソコン本体のフォルダーだと確かめてから、--place-is-fixed を付けてください。",
                "It cannot be told whether that place is removable. Make sure that it is a folder on the computer itself, then add --place-is-fixed.",
            ),
            Self::FileThere(path) => language.pick(
                format!("{} はすでにあります。上書きしません。ほかの名前を指定してください。", path.display()),
                format!("{} is there already and is not overwritten. Name another.", path.display()),
            ),
            Self::NotAnEnvelope => pick(
                "封緘ファイルではありません。使い終えた普通のファイルを消す場合は --plain を付けてください。",
                "That is no envelope. To erase an ordinary file that is not needed any more, add --plain.",
            ),
            Self::OwnReceipt => pick(
                "このパソコンで開けたときに作った受領書です。送付元に返し、送付元で確かめてもらってください(中央サーバーから受け取ったものは、中央サーバーの画面で登録します)。",
                "This receipt was made here when the envelope was opened. Return it to the sender, who checks it (for one that came from the central: on the central's page).",
            ),
            Self::ReceiptOfNothing => pick(
                "この受領書は、このパソコンで作った封緘ファイルのものではないか、内容が一致しません。届いていないものとして扱い、送付先に電話で確かめてください。",
                "The receipt is not of an envelope made on this computer, or does not fit it. Take the envelope as not arrived and ask the recipient by telephone.",
            ),
            Self::LedgerBroken => pick(
                "記録簿が途中で欠けているか書き換えられています。開封を止め、情報セキュリティ担当に連絡してください。ファイルはそのまま残してください。",
                "The ledger lacks lines or was altered. Stop opening, call whoever answers for information security, and leave the files as they are.",
            ),
            Self::NothingInLedger => pick(
                "その番号は記録簿にありません。vrs-envelope ledger で番号を確かめてください。",
                "The ledger has nothing under that number. See vrs-envelope ledger.",
            ),
            Self::Busy => pick(
                "ほかの vrs-envelope が動いています。終わってからもう一度実行してください。",
                "Another vrs-envelope is at work. Run it again when that one has ended.",
            ),
            Self::Damaged(path) => language.pick(
                format!("{} が壊れています。消さずに残し、控えから戻すか、情報セキュリティ担当に連絡してください。", path.display()),
                format!("{} is damaged. Leave it there, and restore it from a copy or call whoever answers for information security.", path.display()),
            ),
            Self::File(path, error) if error.kind() == std::io::ErrorKind::NotFound => language.pick(
                format!("{} が見つかりません。ファイル名と場所を確かめて、もう一度実行してください。", path.display()),
                format!("{} is not there. Look at its name and place, and run it again.", path.display()),
            ),
            Self::File(path, error) => language.pick(
                format!("{} を扱えません({error})。場所、空き容量、書き込みの許可を確かめてください。", path.display()),
                format!("{} cannot be used ({error}). Look at its place, the free space and the permission to write.", path.display()),
            ),
        }
    }
}

/// The same for what `seal` refuses.
fn refused(refusal: Refusal, language: Language) -> String {
    let (japanese, english) = match refusal {
        Refusal::OtherKind => (
            "この種類のファイルではありません。受け取ったファイルかどうか確かめてください。",
            "It is a file of another kind. Make sure that it is the one you received.",
        ),
        Refusal::UnknownVersion => (
            "新しい版で作られたファイルです。vrs-envelope を新しくしてから、もう一度実行してください。",
            "It was made by a later version. Get the newer vrs-envelope and run it again.",
        ),
        Refusal::Truncated => (
            "ファイルが途中で切れています。送付元から受け取り直してください。",
            "The file is cut short. Get it from the sender again.",
        ),
        Refusal::TooLong => (
            "ファイルの後ろに余分なものが付いています。使わずに、送付元に連絡してください。",
            "Something follows that does not belong to the file. Do not use it, and call the sender.",
        ),
        Refusal::Altered => (
            "ファイルが壊れているか、書き換えられています。使わずに、送付元に連絡してください。",
            "The file is damaged or was altered. Do not use it, and call the sender.",
        ),
        Refusal::UnknownSender => (
            "送付元の鍵カードが登録されていません。送付元から受け取り、確認番号を比べてから vrs-envelope keys trust で登録してください。",
            "The sender's key card is not known. Get it from the sender, compare the check number and take it in with vrs-envelope keys trust.",
        ),
        Refusal::OtherRecipient => (
            "ほかの機関に宛てたものです。開けません。送付元に連絡し、指示に従って返すか消してください。",
            "It is for another office and cannot be opened. Call the sender, and return or erase it as they say.",
        ),
        Refusal::NotAllowed => (
            "2人目の承認がありません。使わずに、送付元に連絡してください。",
            "The second approval is missing. Do not use it, and call the sender.",
        ),
        Refusal::SamePerson => (
            "申請した人と許可した人が同じです。別の人の許可が必要です。",
            "The same person asked and allowed. Another person has to allow it.",
        ),
        Refusal::ApprovalInvalid => (
            "承認の署名が内容と合いません。使わずに、送付元に連絡してください。",
            "An approval does not fit the content. Do not use it, and call the sender.",
        ),
        Refusal::UnknownApprover => (
            "承認した人が送付元の鍵カードに載っていません。送付元から新しい鍵カードを受け取り、登録してください。",
            "Who approved is not on the sender's key card. Get a newer card from the sender and take it in.",
        ),
        Refusal::Expired => (
            "期限が切れています。送付元に、新しく作るよう依頼してください。",
            "It has expired. Ask the sender to make a new one.",
        ),
        Refusal::FromFuture => (
            "作成日時が1日以上先になっています。このパソコンの日付と時刻を確かめてください。",
            "It was made more than a day after now. Look at the date and time of this computer.",
        ),
        Refusal::OtherContent => (
            "中身が目録と一致しません。使わずに、送付元に連絡してください。",
            "The content is not what the manifest says. Do not use it, and call the sender.",
        ),
        Refusal::OutOfBounds => (
            "ファイルの数や大きさが限度を超えています。64個以下に分けて申請してください。",
            "There are too many files, or too large ones. Ask for 64 at the most.",
        ),
        Refusal::Cryptography => (
            "鍵を扱えません。鍵の入ったフォルダーが揃っているか確かめてください。",
            "The keys cannot be used. Make sure that the folder of keys is whole.",
        ),
        Refusal::Read(_) => (
            "ファイルを読めません。媒体を差し直し、もう一度実行してください。",
            "The file cannot be read. Plug the medium in again and run it once more.",
        ),
        Refusal::Write(_) => (
            "ファイルを書けません。空き容量と書き込みの許可を確かめてください。",
            "The file cannot be written. Look at the free space and the permission to write.",
        ),
    };
    language.pick(japanese, english).to_owned()
}

/// A refusal's fixed name in the ledger.
pub(crate) fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::OtherKind => "other_kind",
        Refusal::UnknownVersion => "unknown_version",
        Refusal::Truncated => "truncated",
        Refusal::TooLong => "too_long",
        Refusal::Altered => "altered",
        Refusal::UnknownSender => "unknown_sender",
        Refusal::OtherRecipient => "other_recipient",
        Refusal::NotAllowed => "not_allowed",
        Refusal::SamePerson => "same_person",
        Refusal::ApprovalInvalid => "approval_invalid",
        Refusal::UnknownApprover => "unknown_approver",
        Refusal::Expired => "expired",
        Refusal::FromFuture => "from_future",
        Refusal::OtherContent => "other_content",
        Refusal::OutOfBounds => "out_of_bounds",
        Refusal::Cryptography => "cryptography",
        Refusal::Read(_) => "read",
        Refusal::Write(_) => "write",
    }
}
