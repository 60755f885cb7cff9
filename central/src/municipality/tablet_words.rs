//! Words of the pages about a municipality's tablets, in both languages; sentences with a number or a name as well.
//!
//! Must not: read a clock; what is now is an argument.

use crate::console::language::Language;

/// The words of one language.
pub(super) struct TabletWords {
    pub(super) tablets: &'static str,
    pub(super) lead: &'static str,
    pub(super) none: &'static str,
    pub(super) column_number: &'static str,
    pub(super) column_name: &'static str,
    pub(super) column_state: &'static str,
    pub(super) column_missing: &'static str,
    pub(super) look: &'static str,
    pub(super) back_to_list: &'static str,
    pub(super) invited: &'static str,
    pub(super) at_work: &'static str,
    pub(super) replaced: &'static str,
    pub(super) bundles: &'static str,
    pub(super) no_bundles: &'static str,
    pub(super) column_made: &'static str,
    pub(super) column_expires: &'static str,
    pub(super) lets_in: &'static str,
    pub(super) has_expired: &'static str,
    pub(super) is_revoked: &'static str,
    pub(super) was_used: &'static str,
    pub(super) reason: &'static str,
    pub(super) reason_hint: &'static str,
    pub(super) revoke: &'static str,
    pub(super) revoke_help: &'static str,
    pub(super) replace: &'static str,
    pub(super) replace_help: &'static str,
    pub(super) spare: &'static str,
    pub(super) no_spare: &'static str,
    pub(super) lost: &'static str,
    pub(super) lost_help: &'static str,
    pub(super) stale_form: &'static str,
    pub(super) no_reason: &'static str,
    pub(super) no_spare_chosen: &'static str,
    pub(super) impossible: &'static str,
    pub(super) already: &'static str,
    pub(super) nothing_to_revoke: &'static str,
    pub(super) nothing_missing: &'static str,
    pub(super) unknown: &'static str,
    pub(super) unknown_title: &'static str,
}

/// The words of that language.
pub(super) fn tablet_words(language: Language) -> &'static TabletWords {
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

/// `17号機(131130-0017)`.
pub(super) fn named(language: Language, name: &str, tablet_id: &str) -> String {
    match language {
        Language::Japanese => format!("{name}({tablet_id})"),
        Language::English => format!("{name} ({tablet_id})"),
    }
}

/// What took its place, and when.
pub(super) fn replaced_by(language: Language, spare: &str, at: &str) -> String {
    match language {
        Language::Japanese => format!("{at}から、予備機 {spare} が代わりに使われています。"),
        Language::English => format!("Since {at} the spare {spare} has its place."),
    }
}

/// How many entries have not come.
pub(super) fn missing(language: Language, count: u64) -> String {
    match (language, count) {
        (Language::Japanese, count) => format!("{count}件が届いていません。"),
        (Language::English, 1) => "One entry has not come.".to_owned(),
        (Language::English, count) => format!("{count} entries have not come."),
    }
}

/// Who ended a bundle, when and why.
pub(super) fn revoked(language: Language, by: &str, at: &str, reason: &str) -> String {
    match language {
        Language::Japanese => format!("{at} {by}。理由: {reason}"),
        Language::English => format!("{at}, {by}. Reason: {reason}"),
    }
}

const JAPANESE: TabletWords = TabletWords {
    tablets: "タブレットと設定ファイル",
    lead: "この市区町村のタブレットと、そのために作った設定ファイルです。故障や紛失のときは、予備機に置き換えます。",
    none: "この市区町村のタブレットはまだありません。「設定ファイルの配布」で設定ファイルを作ってください。",
    column_number: "端末番号",
    column_name: "呼び名",
    column_state: "状態",
    column_missing: "届いていない記録",
    look: "開く",
    back_to_list: "タブレットの一覧に戻る",
    invited: "設定待ち",
    at_work: "使用中",
    replaced: "置き換え済み",
    bundles: "設定ファイル",
    no_bundles: "設定ファイルはまだ作られていません。",
    column_made: "作成日時",
    column_expires: "使用期限",
    lets_in: "使えます",
    has_expired: "期限切れ",
    is_revoked: "無効にしました",
    was_used: "使用済み",
    reason: "理由",
    reason_hint: "200字以内。個人の情報は書かないでください。",
    revoke: "設定ファイルを無効にする",
    revoke_help: "誤って渡した設定ファイルでは、このタブレットを登録できなくなります。元に戻すことはできません。必要になったら作り直します。",
    replace: "予備機に置き換える",
    replace_help: "置き換えると、このタブレットは新しい日の記録を始められなくなります。残っている記録は、後からでも送れます。元に戻すことはできません。",
    spare: "予備機",
    no_spare: "置き換えられる予備機がありません。「設定ファイルの配布」で予備機の設定ファイルを作ってください。",
    lost: "届かない記録を紛失とする",
    lost_help: "タブレットが壊れたなどの理由で、もう届かないと判断したときだけ行います。後から届いた場合は、記録として数えます。",
    stale_form: "画面が古くなっていました。内容を確かめて、もう一度操作してください。",
    no_reason: "理由が必要です。200字以内の1行で入力してください。",
    no_spare_chosen: "予備機が選ばれていません。一覧から選んでください。",
    impossible: "この予備機には置き換えられません。設定ファイルのある、置き換えられていない予備機を選んでください。",
    already: "このタブレットは、先に置き換えられていました。今の内容を表示しています。",
    nothing_to_revoke: "無効にできる設定ファイルはありません。今の内容を表示しています。",
    nothing_missing: "届いていない記録はありません。今の内容を表示しています。",
    unknown: "この端末番号のタブレットは、この市区町村にはありません。番号を確かめてください。",
    unknown_title: "タブレットが見つかりません",
};

const ENGLISH: TabletWords = TabletWords {
    tablets: "Tablets and bundles",
    lead: "The tablets of this municipality, and the configuration bundles that were made for them. A broken or lost tablet is replaced by a spare.",
    none: "This municipality has no tablet yet. Make a bundle under \"Handing out bundles\".",
    column_number: "Number",
    column_name: "Name",
    column_state: "State",
    column_missing: "Not arrived",
    look: "Open",
    back_to_list: "Back to the tablets",
    invited: "To be set up",
    at_work: "In use",
    replaced: "Replaced",
    bundles: "Configuration bundles",
    no_bundles: "No bundle was made yet.",
    column_made: "Made",
    column_expires: "May be loaded until",
    lets_in: "Can be used",
    has_expired: "Expired",
    is_revoked: "Revoked",
    was_used: "Used",
    reason: "Reason",
    reason_hint: "200 characters at most. Write nothing about a person.",
    revoke: "Revoke the bundles",
    revoke_help: "A bundle that went astray cannot enrol this tablet any more. This cannot be undone; a new one is made when it is needed.",
    replace: "Replace it by a spare",
    replace_help: "A replaced tablet begins no new day. What it still holds can be sent later. This cannot be undone.",
    spare: "Spare",
    no_spare: "There is no spare to replace it. Make bundles for spares under \"Handing out bundles\".",
    lost: "Declare lost what has not come",
    lost_help: "Only where you are sure that it will never come, because the tablet is broken, say. What comes all the same counts.",
    stale_form: "The page was out of date. Look again and repeat.",
    no_reason: "A reason is needed: one line of 200 characters at most.",
    no_spare_chosen: "No spare is chosen. Choose one from the list.",
    impossible: "That spare cannot take its place. Choose one with a bundle that was not replaced itself.",
    already: "This tablet was replaced before. What holds now is shown.",
    nothing_to_revoke: "There is no bundle to revoke. What holds now is shown.",
    nothing_missing: "Nothing is missing. What holds now is shown.",
    unknown: "This municipality has no tablet of that number. Check the number.",
    unknown_title: "No such tablet",
};
