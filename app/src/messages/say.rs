//! The sentences themselves. Plain words: what happened, then what to do.
//!
//! Must not: name a library, a code or a file where a person can do nothing with it.

mod checks;
mod closing;
mod keeping;
mod reading;
mod selftest;
mod sending;
mod setup;
#[cfg(test)]
mod tests;

pub use checks::finding;
pub use closing::{Named, difference, why};
pub use keeping::number;
pub use reading::{camera, cause, group_names, guidance, stop};
pub use selftest::part;
pub use sending::{review, send_problem};

use record::WallTime;

use super::{Notice, Said, Tone};
use crate::display::Language;

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

/// What stands above the page, at that time.
#[must_use]
pub fn notice(notice: &Notice, language: Language, now: WallTime) -> Said {
    match notice {
        Notice::Setup(problem) => setup::setup(problem),
        Notice::NotMarked(tablet_id) => setup::not_marked(*tablet_id),
        Notice::Unlock(problem) => setup::unlock(problem),
        Notice::Keep(problem) => keeping::keep(problem),
        Notice::Number(problem) => keeping::number_pair(*problem),
        Notice::Stopped(why) => reading::stop_pair(why, now),
        Notice::Typed(problem) => reading::typed_pair(*problem),
        Notice::TypedDiffers(group) => reading::differs_pair(*group),
        Notice::CodeHeard => Pair {
            tone: Tone::Safe,
            japanese: ("コードを読み取りました。".to_owned(), "手で入力した番号と照合します。".to_owned()),
            english: ("The code was scanned.".to_owned(), "It is compared with what you type.".to_owned()),
        },
        Notice::Package(problem) => reading::package_pair(problem),
        Notice::LotTaken(lot) => Pair {
            tone: Tone::Safe,
            japanese: (format!("箱のコードからロット番号 {lot} を選びました。"), "箱の表示と同じか確かめてください。".to_owned()),
            english: (format!("Lot {lot} was chosen from the package's code."), "Check that the package says the same.".to_owned()),
        },
        Notice::Replaced(by) => Pair {
            tone: Tone::Stop,
            japanese: (
                format!("このタブレットは予備機（{by}）に置き換えられました。新しい日の記録は始められません。"),
                "送信画面で残りの記録を送り、予備機で続けてください。".to_owned(),
            ),
            english: (
                format!("Tablet {by} has taken this one's place. No new day begins here."),
                "Send what is left on the Sending page, and go on with the other tablet.".to_owned(),
            ),
        },
        Notice::SetAside(set_aside) => {
            let entries = set_aside.known_head.and_then(|head| head.last).map_or(0, record::Position::number);
            let name = &set_aside.file_name;
            Pair {
                tone: Tone::Stop,
                japanese: (
                    format!("前の記録ファイルが開けないため、別の名前で残しました（記録{entries}件）。新しいファイルで続けられます。"),
                    format!("この端末を初期化せずに、支援窓口へ知らせてください。ファイル名: {name}"),
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
                format!("前回から今回までに、暗証番号の間違いが{count}回ありました。"),
                "心当たりがないときは、責任者に知らせてください。".to_owned(),
            ),
            english: (
                format!("There were {count} wrong PINs since you last unlocked."),
                "If that was not you, tell the person in charge.".to_owned(),
            ),
        },
        Notice::NoTraining => person(
            ("練習を始められません。", "練習を終えて、もう一度始めてください。続くときは支援窓口に知らせてください。"),
            ("Training cannot begin.", "End it and begin again. If that does not help, tell the support desk."),
        ),
        Notice::NewDay => person(
            ("日付が変わりました。", "新しい日の設定を確かめてください。"),
            ("A new day has begun.", "Check the settings for the new day."),
        ),
        Notice::LocksSoon => person(
            ("しばらく使われていないため、まもなくロックします。", "続けるときは、画面のどこかを押してください。"),
            ("Nobody has used the tablet for a while: it is about to lock.", "Press anything to go on."),
        ),
        Notice::LockedItself => person(
            ("5分間使われなかったため、ロックしました。", "名前を選び、暗証番号を入力してください。"),
            ("Nobody used the tablet for five minutes: it has locked.", "Choose your name and type your PIN."),
        ),
        Notice::Kept => done("記録しました。", "Recorded."),
        Notice::Corrected => done("訂正を記録しました。前の記録も残っています。", "The correction is recorded. The old record is still there."),
        Notice::Closed => done("本日の締めを記録しました。", "The day’s closing is recorded."),
        Notice::StockKept => done("在庫を記録しました。", "The stock is recorded."),
        Notice::NoSlip => person(
            ("移送伝票番号が正しくありません。", "伝票の10桁の番号を見ながら、もう一度入力してください。"),
            ("That is not a slip number.", "Look at the ten digits of the slip and type them again."),
        ),
        Notice::Cancelled => done("取消を記録しました。", "The cancellation is recorded."),
    }
    .in_language(language)
}
