//! Words of the pages on which configuration bundles are made and handed out, in both languages.
//!
//! Must not: read a clock, or hold anything of a person.

use super::box_form::{Field, Wrong};
use crate::{bundles::BundleError, console::language::Language, storage::BoxKind};

macro_rules! words {
    ($($field:ident: $japanese:literal, $english:literal;)*) => {
        /// The words of one language.
        pub(super) struct BoxWords {
            $(pub(super) $field: &'static str,)*
        }
        const JAPANESE: BoxWords = BoxWords { $($field: $japanese,)* };
        const ENGLISH: BoxWords = BoxWords { $($field: $english,)* };
    };
}

words! {
    boxes: "設定ファイルの配布", "Handing out bundles";
    lead: "端末を使えるようにする設定ファイルを作り、渡したものを確かめます。ファイルは封をしてあり、端末ごとの設定コードがないと開きません。",
        "Bundles set tablets up. Here they are made, and what was handed out is kept in view. Each file is sealed: without the tablet's set-up code it does not open.";
    none: "まだ作っていません。「新しく作る」から始めてください。", "None was made yet. Begin with “Make new ones”.";
    make_new: "新しく作る", "Make new ones";
    back_to_list: "配布の一覧に戻る", "Back to the list";
    column_made: "作成日時", "Made";
    column_kind: "種類", "Kind";
    column_until: "使用期限", "Good until";
    column_by: "作成した人", "Made by";
    column_tablets: "端末と状態", "Tablets";
    column_do: "操作", "Actions";
    download: "ファイルを受け取る", "Download the file";
    by_server: "サーバー管理者", "keeper of the server";
    unused: "未使用", "Unused";
    enrolled: "登録済み", "Set up";
    renews: "使用中の端末", "At work";
    replaced: "置き換え済み", "Replaced";
    revoked: "無効", "Revoked";
    expired: "期限切れ", "Expired";
    revoke: "未使用の分を無効にする", "Revoke what is unused";
    revoke_help: "ファイルや紙をなくしたときに行います。まだ使われていない端末の設定は、登録できなくなります。元に戻せません。",
        "For a file or a paper that went astray: settings that no tablet has used yet let nobody in any more. This cannot be undone.";
    reason: "理由", "Reason";
    reason_hint: "200字以内。個人の情報は書かないでください。", "200 characters at most. Write nothing about a person.";
    no_reason: "理由が必要です。200字以内の1行で入力してください。", "A reason is needed: one line of 200 characters at most.";
    nothing_to_revoke: "無効にできる設定はありません。今の内容を表示しています。", "There is nothing to revoke. What holds now is shown.";
    stale_form: "画面が古くなっていました。内容を確かめて、もう一度操作してください。", "The page was out of date. Look again and repeat.";
    unknown: "その設定ファイルはこの市区町村にはありません。一覧から選んでください。", "This municipality has no such file. Choose one from the list.";
    kind_tablet: "1台の端末", "One tablet";
    kind_tablet_help: "新しい1台、または使用中の1台の設定を変えるとき。", "A new one, or new settings for one at work.";
    kind_site: "1つの会場の端末", "The tablets of a site";
    kind_site_help: "同じ会場で使う数台をまとめて作ります。会場は1つだけ書きます。", "Several at once, for one and the same site.";
    kind_spares: "予備機の箱", "A box of spares";
    kind_spares_help: "会場を決めずに置いておき、故障した端末と置き換えます。会場は、使う可能性のあるものをすべて書きます。",
        "Without a site of their own; they take the place of a broken one. Name every site where they may be used.";
    kind: "何のために作りますか", "What for?";
    first_number: "最初の端末番号", "First tablet number";
    first_number_hint: "1から999999。予備機には、まだ使っていない番号を付けます。", "1 to 999999. Spares need numbers that no tablet has.";
    count: "台数", "How many";
    count_hint: "1から60。番号は続きになります。「1台の端末」では使いません。", "1 to 60, with numbers that follow each other. Not used for one tablet.";
    tablet_name: "端末の呼び名", "What the tablets are called";
    tablet_name_hint: "例: 予備機。2台以上のときは、後ろに1、2、…が付きます。", "Such as 予備機. Where there are several, 1, 2 and so on follow.";
    central_url: "送信先", "Where tablets send to";
    central_url_hint: "端末から見た、このサーバーのアドレスです。通常は、入っている値のままにします。", "This server's address, as tablets reach it; usually what stands there.";
    valid_days: "使用期限までの日数", "Days until it expires";
    valid_days_hint: "1から400。予備機は、入れ替える日に合わせます。", "1 to 400.";
    sites: "会場", "Sites";
    sites_hint: "1行に1つ: 会場コード10桁, 会場名", "One a line: ten-digit code, name";
    staff: "職員", "Staff";
    staff_hint: "1行に1人: 職員番号, 名前, 職員または責任者, 暗証番号。暗証番号を書かないと、8桁の番号を作って一度だけ表示します。",
        "One a line: id, name, staff or administrator, PIN. Without a PIN one of eight digits is made and shown once.";
    one_site: "「1つの会場の端末」では、会場は1つだけ書きます。", "For the tablets of a site, name that one site.";
    no_administrator: "責任者を1人以上入れてください。責任者がいないと、端末に新しい設定を入れられません。",
        "Name at least one administrator: without one no new settings can be applied on the tablet.";
    physicians: "医師", "Physicians";
    physicians_hint: "1行に1人", "One a line";
    lots: "ワクチンとロット", "Vaccines and lots";
    lots_hint: "1行に1つ: メーカー, 製品名, ロット番号, 有効期限(2022-02-28), 延長後の期限, 入荷回数, 1バイアルの回数。後の3つは省けます。",
        "One a line: maker, product, lot, printed expiry (2022-02-28), extended to, doses received, doses a vial. The last three may be left out.";
    doses: "接種回数", "Doses";
    doses_hint: "例: 1,2,3", "Such as 1,2,3";
    keeps_stock: "ワクチンの在庫を記録する", "Vaccine stock is recorded on it";
    keeps_stock_hint: "受け取り・引渡し・棚卸し・廃棄の画面が出ます。会場で1台あれば足ります。", "What is received, sent, counted and discarded. One tablet of a site is enough.";
    municipalities: "接種券の市区町村コード", "Municipalities whose coupons are expected";
    municipalities_hint: "6桁のコードをカンマで区切ります。", "Six-digit codes, separated by commas";
    look: "内容を確かめる", "Look at it first";
    look_title: "この内容で作りますか", "Make it with this?";
    look_lead: "まだ何も作っていません。作ると、端末ごとの設定コードが一度だけ表示されます。書き写すか印刷できるようにしておいてください。台数が多いときは、表示まで十数秒かかります。",
        "Nothing is made yet. When it is, each tablet's set-up code is shown once: be ready to print it or write it down. With many tablets this takes some seconds.";
    make: "この内容で作る", "Make it";
    edit: "直す", "Change it";
    holds: "中身", "What it holds";
    tablets: "端末", "Tablets";
    made_title: "設定ファイルを作りました", "The bundles are made";
    made_lead: "設定コードと暗証番号は、この画面だけに表示されます。今、印刷してください。紙はファイルと別に渡します。",
        "Set-up codes and PINs are shown on this page only. Print it now, and hand the paper over apart from the file.";
    codes: "設定コード(ファイルとは別に渡す)", "Set-up codes (not together with the file)";
    column_number: "端末番号", "Number";
    column_name: "呼び名", "Name";
    column_code: "設定コード", "Set-up code";
    column_used: "使用済み", "Used";
    pins: "作った暗証番号(本人だけに渡す)", "PINs that were made (each to its own person)";
    column_staff: "職員", "Staff";
    column_pin: "暗証番号", "PIN";
    check_number: "確認番号", "Check number";
    check_number_hint: "端末に表示される番号と同じか、見くらべます。", "Compared with the number that the tablet shows.";
    next_steps: "次にすること", "What to do next";
    step_file: "ファイルを受け取り、USBメモリーに入れます。", "Download the file and put it on a USB stick.";
    step_paper: "この画面を印刷し、番号ごとに切り分けて、ファイルとは別の人・別の道で渡します。", "Print this page, cut it up by number, and send the slips by another way than the file.";
    step_used: "使った番号には、使用済みの印を付けます。1つの番号は1台だけです。", "Tick each number that was used: one number is for one tablet.";
}

/// The words of that language.
pub(super) fn box_words(language: Language) -> &'static BoxWords {
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

impl BoxWords {
    pub(super) fn kind(&self, kind: BoxKind) -> &'static str {
        match kind {
            BoxKind::Tablet => self.kind_tablet,
            BoxKind::Site => self.kind_site,
            BoxKind::Spares => self.kind_spares,
        }
    }
    pub(super) fn kind_help(&self, kind: BoxKind) -> &'static str {
        match kind {
            BoxKind::Tablet => self.kind_tablet_help,
            BoxKind::Site => self.kind_site_help,
            BoxKind::Spares => self.kind_spares_help,
        }
    }

    /// What is wrong with the form, and what to do.
    pub(super) fn wrong(&self, language: Language, wrong: Wrong) -> String {
        let (field, hint) = match wrong.field {
            Field::Kind => (self.kind, ""),
            Field::FirstNumber => (self.first_number, self.first_number_hint),
            Field::Count => (self.count, self.count_hint),
            Field::TabletName => (self.tablet_name, self.tablet_name_hint),
            Field::ValidDays => (self.valid_days, self.valid_days_hint),
            Field::Sites => (self.sites, self.sites_hint),
            Field::OneSite => (self.sites, self.one_site),
            Field::Staff => (self.staff, self.staff_hint),
            Field::NoAdministrator => (self.staff, self.no_administrator),
            Field::Physicians => (self.physicians, self.physicians_hint),
            Field::Lots => (self.lots, self.lots_hint),
            Field::Doses => (self.doses, self.doses_hint),
            Field::Municipalities => (self.municipalities, self.municipalities_hint),
        };
        match (language, wrong.line) {
            (Language::Japanese, Some(line)) => format!("「{field}」の{line}行目を直してください。{hint}"),
            (Language::Japanese, None) => format!("「{field}」を直してください。{hint}"),
            (Language::English, Some(line)) => format!("Mend line {line} of “{field}”. {hint}"),
            (Language::English, None) => format!("Mend “{field}”. {hint}"),
        }
    }

    /// Why a box is not made although its form holds.
    pub(super) fn refused(&self, language: Language, error: &BundleError) -> String {
        match (error, language) {
            (BundleError::Taken(tablet_id), Language::Japanese) => {
                format!(
                    "端末番号 {tablet_id} は使用中です。予備機には、まだ使っていない番号を付けてください。"
                )
            }
            (BundleError::Taken(tablet_id), Language::English) => {
                format!("Tablet number {tablet_id} is at work. Give spares numbers that no tablet has.")
            }
            (BundleError::Field(what), Language::Japanese) if what.starts_with("central_url") => {
                format!(
                    "「{}」は、このサーバーのアドレスではありません。https:// で始まるアドレスを、この画面を開いているアドレスと同じ名前で入力してください(例: https://central.example.jp:8443)。",
                    self.central_url
                )
            }
            (BundleError::Field(what), Language::English) if what.starts_with("central_url") => {
                format!(
                    "“{}” is not an address of this server. Type one that begins with https:// and has the name under which you opened this page (such as https://central.example.jp:8443).",
                    self.central_url
                )
            }
            (error, Language::Japanese) => {
                format!(
                    "この内容では作れません。入力を確かめ、分からないときは次の文を支援窓口に伝えてください: {error}"
                )
            }
            (error, Language::English) => {
                format!(
                    "It cannot be made with this. Check what was typed, or tell the support desk: {error}"
                )
            }
        }
    }
}
