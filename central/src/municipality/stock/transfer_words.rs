//! Fixed words of the pages of transfers, in both languages, and how far one has come.
//!
//! Must not: hold a number or a name.

use vsys::transfer::{Concern, State};

use crate::console::language::Language;

both! {
    /// The words of one language.
    TransferWords by transfer_words {
        lead: "施設から施設へワクチンを移します。計画、承認、引渡し、受領の順に、両方で確かめて進めます。",
            "Stock goes from one facility to another: planned, approved, handed over, received, each side confirming.";
        open: "進行中の移送", "Transfers under way";
        ended: "終わった移送", "Transfers that ended";
        none_open: "進行中の移送はありません。「移送を計画する」から始めてください。", "No transfer is under way. Begin with a plan.";
        none_ended: "終わった移送はまだありません。", "No transfer has ended yet.";
        see_ended: "終わった移送を見る", "See those that ended";
        see_open: "進行中の移送を見る", "See those under way";
        older: "さらに前の移送", "Older ones";
        number: "移送伝票番号", "Transfer slip";
        from: "渡す施設", "From";
        to: "受け取る施設", "To";
        content: "内容", "What";
        state: "状態", "State";
        planned_at: "計画", "Planned";
        plan: "移送を計画する", "Plan a transfer";
        plan_help: "渡す施設の市区町村が計画します。在庫は、引き渡すまで減りません。", "The giving side plans. Stock goes down only when it is handed over.";
        to_hint: "施設コード(10桁)。ほかの市区町村の施設にも移せます。その場合は都道府県の承認も必要です。",
            "Its code, ten digits. It may be another municipality's; then the prefecture has to approve as well.";
        parent: "元の移送伝票番号(受け取ったものをさらに移すとき)", "The transfer by which it came (where it is passed on again)";
        history: "経過", "What was done";
        no_steps: "計画だけです。", "It was planned, and no more.";
        facts: "移送の内容", "What is transferred";
        planned: "計画した数", "Planned";
        on_its_way: "移送中の数", "On its way";
        arrived: "受け取った数", "Arrived";
        surplus: "超過(説明待ち)", "More than was sent (to be explained)";
        approve: "承認する", "Approve";
        approve_help: "内容を確かめて承認します。計画した人とは別の人が行います。", "Look at what is planned and approve it; another person than who planned.";
        waits_approver: "承認者の承認を待っています。", "It waits for an approver.";
        waits_prefecture: "都道府県(国の管理者)の承認を待っています。", "It waits for the prefecture, for which the national administrator approves.";
        waits_sender: "渡す側の引渡しを待っています。", "It waits to be handed over.";
        waits_reason: "残りの受領、返送、紛失・破損のどれかが入力されるのを待っています。",
            "It waits until the rest arrives, comes back or is declared lost.";
        waits_surplus: "送った数より多い分の説明を待っています。", "It waits until somebody says why more was counted than was sent.";
        way: "運び方", "Way";
        good_until_said: "使用期限", "Good until";
        thawed_said: "解凍", "Thawed";
        container_said: "容器", "Container";
        logger_said: "温度ロガー", "Logger";
        waits_receiver: "受け取る側の受領を待っています。", "It waits to be received.";
        send: "引渡しを入力する", "Enter the handover";
        receive: "受領を入力する", "Enter what arrived";
        receive_help: "実際に数えた数を入力します。送った数と違うときは「相違あり」になり、理由が分かるまで残ります。",
            "What was really counted. If it is not what was sent, a dispute is opened and stays until somebody says why.";
        returned: "返送を入力する", "Enter what came back";
        lost: "紛失・破損を確定する", "Declare a part lost";
        explain_surplus: "超過を説明する", "Explain the surplus";
        explain_surplus_help: "説明のあと、受け取った施設の棚卸しで帳簿に加えてください。", "Afterwards the receiving facility takes it into its books by a count.";
        cancel: "取りやめる", "Call it off";
        cold_chain: "運び方", "How it is kept on its way";
        chilled: "冷蔵(2〜8℃、3時間まで)", "Chilled (2 to 8 °C, at most 3 hours)";
        freezer: "冷凍(−25〜−15℃、14日まで、1回だけ)", "Frozen (−25 to −15 °C, at most 14 days, once)";
        thawed_at: "解凍した日時(解凍したもののとき)", "When it was thawed (where it was)";
        good_until: "使用期限(延長後の有効期限、または解凍後の期限)", "Good until (the effective expiry, or what thawing left)";
        container: "容器番号(任意)", "Container (optional)";
        logger: "温度ロガー番号(任意)", "Temperature logger (optional)";
        carrier: "運搬者", "Carrier";
        sent_at: "引き渡した日時", "When it was handed over";
        received_at: "受け取った日時", "When it arrived";
        back: "移送の一覧に戻る", "Back to the transfers";
        unknown: "この番号の移送は、この市区町村にはありません。番号を確かめてください。", "This municipality has no transfer of that number. Check it.";
        unknown_title: "移送が見つかりません", "No such transfer";
        concerns: "使う前に確かめてください", "Look at this before it is used";
        to_approve: "市区町村をまたぐ移送の承認", "Transfers between municipalities, to be approved";
        to_approve_lead: "都道府県に代わって承認します。個人の情報は表示されません。", "You approve for the prefectures. Nobody's data is shown.";
        to_proposals: "都道府県の中での提案を見る", "Proposals within a prefecture";
        none_to_approve: "承認を待つ移送はありません。", "No transfer waits for your approval.";
        decide: "操作", "Do";
        column_when: "日時", "When";
        column_step: "したこと", "What was done";
        column_by: "入力した人", "By";
    }
}

/// Mark and word of how far it has come.
pub(super) fn state(language: Language, state: State) -> (&'static str, &'static str) {
    let (mark, japanese, english) = match state {
        State::Planned => ("awaited", "承認待ち", "To be approved"),
        State::Approved => ("awaited", "承認済み", "Approved"),
        State::Sent => ("awaited", "移送中", "On its way"),
        State::Disputed => ("person", "相違あり", "Disputed"),
        State::Closed => ("safe", "完了", "Closed"),
        State::Cancelled => ("quiet", "取りやめ", "Called off"),
    };
    match language {
        Language::Japanese => (mark, japanese),
        Language::English => (mark, english),
    }
}

/// What a person must look at before what arrived is used.
pub(super) fn concern(language: Language, concern: Concern) -> &'static str {
    let (japanese, english) = match concern {
        Concern::TooLongOnItsWay => {
            ("運搬時間が、運び方の上限を超えています。", "It was on its way longer than its way allows.")
        }
        Concern::NoLongerGood => {
            ("使用期限を過ぎて届いています。", "It arrived after it was no longer good.")
        }
        Concern::Refrozen => (
            "運び方が許さないのに、冷凍に戻しています。",
            "It went back into the freezer, which its way does not allow.",
        ),
        Concern::BeforeItLeft => (
            "受領が引渡しより前の日時です。時計を確かめてください。",
            "It arrived before it left. Check the clocks.",
        ),
    };
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}
