//! Why nothing was done with a cycle or an order, and the next step, in both languages.
//!
//! Must not: hold what was typed.

use axum::http::StatusCode;
use vsys::allocation::CycleError;

use crate::{
    console::language::Language,
    stock::{
        allocating::step::CycleRefused,
        files::rows::{FileRefused, RowFault},
    },
};

/// Why nothing was done.
#[derive(Debug)]
pub(super) enum Refused {
    StaleForm,
    Unknown,
    Product,
    Boxes,
    DosesPerBox,
    Percent,
    Deadline,
    Reason,
    Party,
    Code,
    NoFacility,
    People,
    NoPeople,
    Closed,
    Overtaken,
    NotSure,
    NoFile,
    Cycle(CycleRefused),
    File(FileRefused),
}

impl From<CycleRefused> for Refused {
    fn from(refused: CycleRefused) -> Self {
        Self::Cycle(refused)
    }
}

impl Refused {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::StaleForm => StatusCode::FORBIDDEN,
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::Closed | Self::Overtaken | Self::Cycle(_) => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// One sentence, or one for each wrong row of a file.
    pub(super) fn sentences(&self, language: Language) -> Vec<String> {
        let pick = |(japanese, english): (&str, &str)| match language {
            Language::Japanese => japanese.to_owned(),
            Language::English => english.to_owned(),
        };
        let Self::File(refused) = self else { return vec![pick(self.sentence())] };
        match refused {
            FileRefused::File(fault) => {
                let said = fault.sentence();
                vec![pick((said.japanese.as_ref(), said.english.as_ref()))]
            }
            FileRefused::NotJson => vec![pick((
                "JSONを読めません。決められた項目名のオブジェクトの配列にしてください。",
                "It is not a JSON array of objects with the known names. Mend it.",
            ))],
            FileRefused::TooMany => {
                vec![pick((
                    "行が多すぎます(20万行まで)。分けてください。",
                    "There are more than 200,000 rows. Split the file.",
                ))]
            }
            FileRefused::Rows(faults) => {
                let mut said = vec![pick((
                    "直す行があるため、何も取り込んでいません。直して、もう一度取り込んでください。",
                    "Nothing was taken in, because rows are wrong. Mend them and bring the file again.",
                ))];
                said.extend(faults.iter().map(|fault| row(language, fault)));
                said
            }
        }
    }

    fn sentence(&self) -> (&'static str, &'static str) {
        match self {
            Self::StaleForm => (
                "画面が古くなっていました。内容を確かめて、もう一度操作してください。",
                "The page was out of date. Look again and repeat.",
            ),
            Self::Unknown => (
                "その回の配分はありません。一覧から選び直してください。",
                "There is no such cycle. Choose one of the list.",
            ),
            Self::Product => (
                "製品名は1〜40文字の1行で入力してください。",
                "The product is one line of 1 to 40 characters. Type it again.",
            ),
            Self::Boxes => (
                "箱数は0以上の整数で入力してください(供給量と移す数は1以上、1千万箱まで)。",
                "Boxes are a whole number from 0 (supply and moves from 1, at most ten million). Type it again.",
            ),
            Self::DosesPerBox => (
                "1箱の回数は1以上の整数で入力してください。",
                "Doses of a box are a whole number from 1. Type it again.",
            ),
            Self::Percent => (
                "割合は0から100の整数で入力してください。",
                "The part is a whole number from 0 to 100. Type it again.",
            ),
            Self::Deadline => (
                "締切は、今より後の年月日と時刻を選んでください。",
                "Choose a day and time after now for the deadline.",
            ),
            Self::Reason => (
                "理由を1〜200文字の1行で入力してください。人の名前は書かないでください。",
                "Give the reason in one line of 1 to 200 characters, and nobody's name.",
            ),
            Self::Party => (
                "配分先のコードを読めません。6桁の市区町村コードか、「131130 1311300001」の形で入力してください。",
                "The code cannot be read. Type six digits, and a facility's code after a space.",
            ),
            Self::Code => (
                "施設コードは数字10桁です。選び直してください。",
                "A facility code has ten digits. Choose it again.",
            ),
            Self::NoFacility => (
                "その施設は、この市区町村に登録されていません。施設を登録するか、コードを確かめてください。",
                "No facility of the municipality has that code. Register it, or check the code.",
            ),
            Self::People => {
                ("人口は0以上の整数で入力してください。", "People are a whole number from 0. Type it again.")
            }
            Self::NoPeople => (
                "12歳以上人口を入力してください。人口で分けるために要ります。",
                "Enter the people of 12 and over: boxes are shared by them.",
            ),
            Self::Closed => (
                "要望の受付は終わっているため、入力できません。次の回で要望してください。",
                "Orders are taken no longer. Order in the next cycle.",
            ),
            Self::Overtaken => (
                "ほかの操作が先に行われていました。今の状態を確かめてください。",
                "Something else was done first. Look at how it stands now.",
            ),
            Self::NotSure => (
                "公表すると変えられません。内容を確かめ、「確定してよい」を選んでから公表してください。",
                "It cannot be changed afterwards. Look at it, tick the box, then publish.",
            ),
            Self::NoFile | Self::File(_) => {
                ("ファイルを選んでから、もう一度操作してください。", "Choose a file and repeat.")
            }
            Self::Cycle(refused) => cycle(*refused),
        }
    }
}

fn row(language: Language, fault: &RowFault) -> String {
    let RowFault { row, column, sentence: (japanese, english) } = fault;
    match language {
        Language::Japanese => format!("{row}行目「{column}」: {japanese}"),
        Language::English => format!("Row {row} \"{column}\": {english}"),
    }
}

fn cycle(refused: CycleRefused) -> (&'static str, &'static str) {
    match refused {
        CycleRefused::StillOrdering => (
            "まだ要望の締切前です。締切を過ぎてから計算してください。",
            "Orders are still taken. Compute it after the deadline.",
        ),
        CycleRefused::NobodyOrdered => (
            "要望がないため計算できません。この回を取りやめてください。",
            "Nobody ordered, so there is nothing to compute. Call the cycle off.",
        ),
        CycleRefused::NotComputed => {
            ("まだ計算していません。先に計算してください。", "It was not computed yet. Compute it first.")
        }
        CycleRefused::NothingToUndo => ("元に戻せる調整はありません。", "No move is left to be taken back."),
        CycleRefused::DeadlineOver => (
            "締切は、今より後の年月日と時刻にするか、今のままにしてください。",
            "Choose a deadline after now, or leave it as it is.",
        ),
        CycleRefused::NothingRevised => (
            "供給量も締切も変わりません。どちらかを変えてください。",
            "Nothing of it would be another. Change supply or deadline.",
        ),
        CycleRefused::CalledOff => ("この回は取りやめになりました。", "This cycle was called off."),
        CycleRefused::Rule(CycleError::Published) => {
            ("この回は公表済みのため、変えられません。", "This cycle is published and never changes.")
        }
        CycleRefused::Rule(CycleError::NotOrdered) => (
            "その配分先は要望していません。コードを確かめてください。",
            "They did not order. Check the code.",
        ),
        CycleRefused::Rule(CycleError::Nothing) => (
            "移すものがありません。別の配分先と、1以上の箱数を入力してください。",
            "Nothing would move. Enter two different ones and at least one box.",
        ),
        CycleRefused::Rule(CycleError::BelowZero) => (
            "減らす配分先には、それだけの箱がありません。箱数を確かめてください。",
            "They have fewer boxes than that. Check the number.",
        ),
        CycleRefused::Rule(CycleError::MoreThanOrdered) => (
            "要望した箱数より多くなります。箱数を確かめてください。",
            "They would get more than they ordered. Check the number.",
        ),
        CycleRefused::Rule(CycleError::MoreThanSupply) => (
            "供給量を超えます。先に、ほかの配分先から減らしてください。",
            "It is more than there is. Take boxes from somebody first.",
        ),
        CycleRefused::Compute(_) => (
            "数が大きすぎるため計算できません。要望と人口を確かめてください。",
            "A figure is beyond bounds. Check orders and populations.",
        ),
    }
}
