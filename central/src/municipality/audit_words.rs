//! Words of the audit, in both languages, and what each line says.
//!
//! Must not: say of a person more than their 宛名番号.

use record::{Municipality, MunicipalityTable, WallTime};

use super::{look_up_words::look_up_words, look_ups_page, person, phrases, stock};
use crate::{
    audit::{AccountRole, Act, FileStep},
    console::language::Language,
    people::sealing::MunicipalKeys,
    storage::Line,
};

both! {
    /// Fixed words.
    AuditWords by audit_words {
        lead: "この市区町村の人と記録について、だれがいつ何をしたかの記録です。だれも書き換えることも消すこともできません。新しい順です。",
            "Who did what, and when, with this municipality's people and records. Nobody can change or delete it. The newest first.";
        kind: "操作の種類", "Kind";
        all: "すべて", "All";
        of_look_ups: "照会", "Look-ups";
        of_people: "検索と表示", "Searches and views";
        of_decisions: "判断", "Decisions";
        of_imports: "取込み", "Imports";
        of_accounts: "アカウント", "Accounts";
        of_tablets: "タブレットと設定ファイル", "Tablets and bundles";
        of_files: "封緘ファイル", "Sealed files";
        of_stock: "在庫と移送", "Stock and transfers";
        account: "アカウント", "Account";
        only_person: "1人についての記録だけを表示しています。", "Only what concerns one person is shown.";
        apply: "条件で絞り込む", "Apply";
        clear: "条件をなくす", "Clear";
        none: "操作の記録は、まだありません。", "Nothing was recorded yet.";
        none_found: "この条件に合う操作の記録はありません。条件を変えてください。", "Nothing was recorded like that. Change the conditions.";
        line: "番号", "Line";
        when: "日時", "When";
        what: "操作", "What";
        who: "対象の人", "About";
        older: "さらに前の記録", "Older lines";
        newest: "最新の記録に戻る", "Back to the newest";
        chain_end: "記録の末尾", "End of the chain";
        check_value: "照合番号", "Check value";
        chain_hint: "この番号と照合番号を控えておくと、後で記録の欠落や書き換えがないことを確かめられます。",
            "Write down this number and check value: later they show that nothing was lost or altered.";
        bad_question: "この条件は使えません。条件を選び直してください。", "These conditions cannot be used. Choose them again.";
    }
}

/// What one line says.
pub(super) fn said(language: Language, line: &Line) -> String {
    let Some(act) = Act::read(&line.content) else {
        let kind = &line.kind;
        return match language {
            Language::Japanese => format!("この版のプログラムが知らない種類の操作({kind})"),
            Language::English => format!("An act of a kind that this version does not know ({kind})"),
        };
    };
    match language {
        Language::Japanese => japanese(&act),
        Language::English => english(&act),
    }
}

fn japanese(act: &Act) -> String {
    let words = look_up_words(Language::Japanese);
    match act {
        Act::LookedUp(told) | Act::WasLookedUp(told) => {
            let answer = look_ups_page::answer(Language::Japanese, words, &told.answer);
            let other = name(told.municipality);
            let purpose = words.purpose_word(told.purpose);
            match act {
                Act::LookedUp(_) => format!("{other}に照会(目的: {purpose}。回答: {answer})"),
                _ => format!("{other}からの照会(目的: {purpose}。回答: {answer})"),
            }
        }
        Act::Searched { found: true } => "接種対象者を検索(1人に定まった)".to_owned(),
        Act::Searched { found: false } => "接種対象者を検索(定まらなかった)".to_owned(),
        Act::PersonShown => "接種対象者の記録を表示".to_owned(),
        Act::EntriesShown { coupon } => format!("接種券番号 {coupon} の記録を表示"),
        Act::LotRecipientsShown { lot, first, shown } => {
            format!("ロット {lot} の接種を受けた人を表示({first}件目から{shown}件)")
        }
        Act::Decided { coupon, dose, number } => {
            let dose = phrases::dose(Language::Japanese, *dose);
            format!("接種券番号 {coupon} の{dose}について判断(判断{number})")
        }
        Act::ImportTookEffect { import } => format!("取込み{import}を反映"),
        Act::ImportUndone { import } => format!("取込み{import}を取り消し"),
        Act::AccountAdded { account, role: AccountRole::Staff } => {
            format!("担当者のアカウント {account} を作成")
        }
        Act::AccountAdded { account, role: AccountRole::Approver } => {
            format!("承認者のアカウント {account} を作成")
        }
        Act::AccountDisabled { account } => format!("アカウント {account} を停止"),
        Act::AccountReset { account } => format!("アカウント {account} を設定し直し"),
        Act::BundlesRevoked { tablet } => format!("タブレット {tablet} の設定ファイルを無効化"),
        Act::TabletReplaced { tablet } => format!("タブレット {tablet} を予備機に置き換え"),
        Act::DeclaredLost { tablet } => format!("タブレット {tablet} の届かない記録を紛失とした"),
        Act::FacilityRegistered { facility } => format!("施設 {facility} を登録"),
        Act::KindChanged { facility, product, becomes } => {
            format!(
                "施設 {facility} の型を変更({product}: {})",
                stock::kind_word(Language::Japanese, *becomes)
            )
        }
        Act::StockRecorded { facility, what } => {
            format!("施設 {facility} の在庫元帳に記入({})", stock::act_word(Language::Japanese, *what))
        }
        Act::BookingsEntered { facility, product, days } => {
            format!("施設 {facility} の予約と入荷予定を入力({product}: {days}日分)")
        }
        Act::LotDated { product, lot } => format!("ロット {lot}({product})の有効期限を入力"),
        Act::TransferActed { transfer, what } => {
            let number = stock::slip_number(transfer.0);
            format!("移送 {number} の{}", stock::step_word(Language::Japanese, *what))
        }
        Act::Ordered { cycle, lines } => format!("第{cycle}回の配分の要望を入力({lines}件)"),
        Act::BoxMade { box_made_at, tablets } => {
            format!("設定ファイルを作成({}、{tablets}台分)", made(*box_made_at))
        }
        Act::BoxRevoked { box_made_at, tablets } => {
            format!("{} に作成した設定ファイルの未使用の分を無効化({tablets}台分)", made(*box_made_at))
        }
        Act::RecoveryReleased { tablet, allowed_by } => {
            format!("タブレット {tablet} の復旧ファイルを作成(許可: {allowed_by})")
        }
        Act::SealedFile { file, step } => {
            let step = match step {
                FileStep::Asked => "出力を申請",
                FileStep::Withdrawn => "申請を取り下げ",
                FileStep::Declined => "許可しない",
                FileStep::Allowed => "許可",
                FileStep::Made => "作成",
                FileStep::Downloaded => "受け取り",
                FileStep::Arrived => "受領書を登録(届いた)",
                FileStep::Brought => "取り込むために送信",
                FileStep::Opened => "開封して読込み",
                FileStep::Discarded => "取込みを取りやめ",
                FileStep::Refused => "拒否",
            };
            format!("封緘ファイル {}: {step}", file.short())
        }
        Act::KeyCardTaken => "鍵カードを登録".to_owned(),
        Act::KeyCardWithdrawn => "鍵カードを解除".to_owned(),
    }
}

fn english(act: &Act) -> String {
    let words = look_up_words(Language::English);
    match act {
        Act::LookedUp(told) | Act::WasLookedUp(told) => {
            let answer = look_ups_page::answer(Language::English, words, &told.answer);
            let (other, purpose) = (name(told.municipality), words.purpose_word(told.purpose));
            match act {
                Act::LookedUp(_) => format!("Looked up in {other} ({purpose}; answer: {answer})"),
                _ => format!("Looked up by {other} ({purpose}; answer: {answer})"),
            }
        }
        Act::Searched { found: true } => "Searched for a person; one was found".to_owned(),
        Act::Searched { found: false } => "Searched for a person; none was found".to_owned(),
        Act::PersonShown => "Looked at a person's record".to_owned(),
        Act::EntriesShown { coupon } => format!("Looked at the entries of coupon {coupon}"),
        Act::LotRecipientsShown { lot, first, shown } => {
            format!("Looked at who received lot {lot} ({shown} from the {first}. on)")
        }
        Act::Decided { coupon, dose, number } => {
            format!("Decided on dose {} of coupon {coupon} (decision {number})", dose.number())
        }
        Act::ImportTookEffect { import } => format!("Import {import} took effect"),
        Act::ImportUndone { import } => format!("Import {import} was undone"),
        Act::AccountAdded { account, role: AccountRole::Staff } => {
            format!("Staff account {account} was added")
        }
        Act::AccountAdded { account, role: AccountRole::Approver } => {
            format!("Approver account {account} was added")
        }
        Act::AccountDisabled { account } => format!("Account {account} was disabled"),
        Act::AccountReset { account } => format!("Account {account} was reset"),
        Act::BundlesRevoked { tablet } => format!("Bundles of tablet {tablet} were revoked"),
        Act::TabletReplaced { tablet } => format!("Tablet {tablet} was replaced"),
        Act::DeclaredLost { tablet } => format!("What is missing of tablet {tablet} was declared lost"),
        Act::FacilityRegistered { facility } => format!("Facility {facility} was registered"),
        Act::KindChanged { facility, product, becomes } => {
            let kind = stock::kind_word(Language::English, *becomes);
            format!("Facility {facility} changed its kind for {product}: {kind}")
        }
        Act::StockRecorded { facility, what } => {
            let what = stock::act_word(Language::English, *what);
            format!("Stock of facility {facility}: {what}")
        }
        Act::BookingsEntered { facility, product, days } => {
            format!("Bookings of facility {facility} were entered ({product}: {days} day(s))")
        }
        Act::LotDated { product, lot } => format!("Until when lot {lot} ({product}) is good was entered"),
        Act::TransferActed { transfer, what } => {
            let number = stock::slip_number(transfer.0);
            format!("Transfer {number}: {}", stock::step_word(Language::English, *what))
        }
        Act::Ordered { cycle, lines } => format!("Orders of cycle {cycle} were entered ({lines})"),
        Act::BoxMade { box_made_at, tablets } => {
            format!("Bundles for {tablets} tablet(s) were made ({})", made(*box_made_at))
        }
        Act::BoxRevoked { box_made_at, tablets } => {
            format!("Unused bundles of {} were revoked ({tablets} tablet(s))", made(*box_made_at))
        }
        Act::RecoveryReleased { tablet, allowed_by } => {
            format!("What tablet {tablet} keeps was released for recovery (allowed by {allowed_by})")
        }
        Act::SealedFile { file, step } => {
            let step = match step {
                FileStep::Asked => "asked for",
                FileStep::Withdrawn => "taken back",
                FileStep::Declined => "not allowed",
                FileStep::Allowed => "allowed",
                FileStep::Made => "made",
                FileStep::Downloaded => "fetched",
                FileStep::Arrived => "its receipt was taken in",
                FileStep::Brought => "brought",
                FileStep::Opened => "opened and read",
                FileStep::Discarded => "its import was discarded",
                FileStep::Refused => "refused",
            };
            format!("Sealed file {}: {step}", file.short())
        }
        Act::KeyCardTaken => "The key card was registered".to_owned(),
        Act::KeyCardWithdrawn => "The key card was withdrawn".to_owned(),
    }
}

fn made(at: WallTime) -> String {
    phrases::dated(at)
}

fn name(code: record::MunicipalityCode) -> String {
    MunicipalityTable::shipped().find(code).map_or_else(|| code.to_string(), Municipality::full_name)
}

/// Address and 宛名番号 of whom a line is about. A line that was altered is shown with the others, and says so.
pub(super) fn whom(
    language: Language,
    keys: Option<&MunicipalKeys>,
    line: &Line,
) -> Option<(String, String)> {
    let about = line.about.as_ref()?;
    let number = keys.and_then(|keys| keys.whom(about).ok());
    let number = number.map_or_else(
        || {
            tracing::error!(position = line.position, "whom a line of the audit is about does not open");
            match language {
                Language::Japanese => "開けません。サーバーの運用者に点検を依頼してください。".to_owned(),
                Language::English => "Does not open. Have the server's keeper check the register.".to_owned(),
            }
        },
        |number| number.as_str().to_owned(),
    );
    Some((person::address(about.person), number))
}
