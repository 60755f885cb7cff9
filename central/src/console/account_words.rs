//! Every fixed word of the accounts' page, in both languages. A word that is missing in one does not compile.
//!
//! Must not: hold a number or a name.

use super::language::Language;
use crate::roles::RoleKind;

/// The words of one language.
pub(crate) struct AccountWords {
    pub(crate) accounts: &'static str,
    pub(crate) accounts_lead: &'static str,
    pub(crate) support: &'static str,
    pub(crate) municipality_staff: &'static str,
    pub(crate) municipality_approver: &'static str,
    pub(crate) national_administrator: &'static str,
    pub(crate) column_account: &'static str,
    pub(crate) column_role: &'static str,
    pub(crate) column_municipality: &'static str,
    pub(crate) column_state: &'static str,
    pub(crate) column_actions: &'static str,
    pub(crate) state_ready: &'static str,
    pub(crate) state_fresh: &'static str,
    pub(crate) state_disabled: &'static str,
    pub(crate) yourself: &'static str,
    pub(crate) change: &'static str,
    pub(crate) disable: &'static str,
    pub(crate) reset: &'static str,
    pub(crate) reset_help: &'static str,
    pub(crate) disable_help: &'static str,
    pub(crate) find: &'static str,
    pub(crate) find_button: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) more: &'static str,
    pub(crate) add: &'static str,
    pub(crate) name_hint: &'static str,
    pub(crate) municipality_code: &'static str,
    pub(crate) municipality_hint: &'static str,
    pub(crate) password_title: &'static str,
    pub(crate) password_once: &'static str,
    pub(crate) back: &'static str,
    pub(crate) name_wrong: &'static str,
    pub(crate) name_taken: &'static str,
    pub(crate) role_wrong: &'static str,
    pub(crate) municipality_needed: &'static str,
    pub(crate) municipality_needless: &'static str,
    pub(crate) not_yourself: &'static str,
    pub(crate) unknown_account: &'static str,
    pub(crate) stale_form: &'static str,
}

/// The words of that language.
pub(crate) fn account_words(language: Language) -> &'static AccountWords {
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

impl AccountWords {
    /// What a role is called.
    pub(crate) fn role(&self, kind: RoleKind) -> &'static str {
        match kind {
            RoleKind::Support => self.support,
            RoleKind::MunicipalityStaff => self.municipality_staff,
            RoleKind::MunicipalityApprover => self.municipality_approver,
            RoleKind::NationalAdministrator => self.national_administrator,
        }
    }
}

const JAPANESE: AccountWords = AccountWords {
    accounts: "アカウントの管理",
    accounts_lead: "コンソールを使う人のアカウントです。1人に1つずつ作成してください。",
    support: "支援窓口",
    municipality_staff: "市区町村の担当者",
    municipality_approver: "市区町村の承認者",
    national_administrator: "国の管理者",
    column_account: "アカウント名",
    column_role: "役割",
    column_municipality: "市区町村",
    column_state: "状態",
    column_actions: "操作",
    state_ready: "利用中",
    state_fresh: "初回ログイン待ち",
    state_disabled: "停止中",
    yourself: "自分のアカウント",
    change: "停止・再設定",
    disable: "停止する",
    reset: "再設定する",
    reset_help: "「再設定する」は、パスワードか認証アプリを失った人のためのものです。新しいパスワードを発行し、次のログインで二段階認証を設定し直します。停止中のアカウントはもう一度使えるようになります。",
    disable_help: "「停止する」と、その人はすぐにログアウトされ、ログインできなくなります。これまでの判断の記録は残ります。",
    find: "アカウント名または市区町村で探す",
    find_button: "探す",
    nothing_found: "条件に合うアカウントはありません。",
    more: "ほかにもあります。名前や市区町村で絞り込んでください。",
    add: "アカウントを追加する",
    name_hint: "半角の英小文字・数字・ドット・ハイフン、40文字まで",
    municipality_code: "市区町村コード(6桁)",
    municipality_hint: "市区町村の役割のときだけ入力してください。",
    password_title: "初期パスワード",
    password_once: "このパスワードが表示されるのは今回だけです。本人に直接伝えてください。最初のログインで二段階認証を設定します。",
    back: "アカウントの一覧に戻る",
    name_wrong: "アカウント名に使えない文字があるか、長さが合いません。半角の英小文字・数字で入力し直してください。",
    name_taken: "同じ名前のアカウントがあります。別の名前にしてください。",
    role_wrong: "役割を選んでください。",
    municipality_needed: "この役割には、実在する市区町村の6桁のコードが必要です。コードを確かめて入力してください。",
    municipality_needless: "この役割は市区町村に属しません。市区町村コードを空にしてください。",
    not_yourself: "自分のアカウントは、この画面では停止も再設定もできません。別の管理者に依頼してください。",
    unknown_account: "そのアカウントはありません。一覧から選び直してください。",
    stale_form: "画面を開いてから時間がたちました。もう一度操作してください。",
};

const ENGLISH: AccountWords = AccountWords {
    accounts: "Accounts",
    accounts_lead: "One account for each person who works with the console.",
    support: "Support desk",
    municipality_staff: "Municipality staff",
    municipality_approver: "Municipality approver",
    national_administrator: "National administrator",
    column_account: "Account",
    column_role: "Role",
    column_municipality: "Municipality",
    column_state: "State",
    column_actions: "Actions",
    state_ready: "In use",
    state_fresh: "First sign-in awaited",
    state_disabled: "Disabled",
    yourself: "Your own",
    change: "Disable or reset",
    disable: "Disable",
    reset: "Reset",
    reset_help: "Reset is for who lost the password or the authenticator: there is a new password, and the next sign-in sets the second factor up again. A disabled account can be used again.",
    disable_help: "Disable signs the person out at once and lets them in no more. What they decided stays.",
    find: "Find by account or municipality",
    find_button: "Find",
    nothing_found: "No account fits.",
    more: "There are more. Narrow the search by name or municipality.",
    add: "Add an account",
    name_hint: "Up to 40 lower-case letters, digits, dots and hyphens",
    municipality_code: "Municipality code (6 digits)",
    municipality_hint: "For the roles of a municipality only.",
    password_title: "Initial password",
    password_once: "It is shown this once only. Give it to the person directly. Their first sign-in sets the second factor up.",
    back: "Back to the accounts",
    name_wrong: "This cannot be an account name. Use lower-case letters and digits.",
    name_taken: "An account of that name is there already. Choose another name.",
    role_wrong: "Choose a role.",
    municipality_needed: "This role needs the six-digit code of a municipality that exists. Check the code.",
    municipality_needless: "This role belongs to no municipality. Leave the code empty.",
    not_yourself: "You cannot disable or reset your own account here. Ask another administrator.",
    unknown_account: "There is no such account. Choose one from the list.",
    stale_form: "This page was open for too long. Try again.",
};
