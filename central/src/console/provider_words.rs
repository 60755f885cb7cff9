//! Every fixed word of signing in by an identity provider, in both languages. A word that is missing in one does not
//! compile.
//!
//! Must not: hold a number or a name.

use super::language::Language;

/// The words of one language.
pub(crate) struct ProviderWords {
    pub(crate) or: &'static str,
    pub(crate) your_identity: &'static str,
    pub(crate) yours_alone: &'static str,
    pub(crate) identified: &'static str,
    pub(crate) identified_lead: &'static str,
    pub(crate) onwards: &'static str,
    pub(crate) not_offered: &'static str,
    pub(crate) stale: &'static str,
    pub(crate) declined: &'static str,
    pub(crate) unreachable: &'static str,
    pub(crate) not_believed: &'static str,
    pub(crate) no_account: &'static str,
}

/// The words of that language.
pub(crate) fn provider_words(language: Language) -> &'static ProviderWords {
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

const JAPANESE: ProviderWords = ProviderWords {
    or: "または",
    your_identity: "外部IDの識別子",
    yours_alone: "この識別子は、いまログインしようとした本人にだけ表示されています。",
    identified: "本人確認ができました",
    identified_lead: "自動で次の画面に進みます。進まないときは、下のボタンを押してください。",
    onwards: "次へ進む",
    not_offered: "外部IDでのログインは使えません。アカウント名とパスワードでログインしてください。",
    stale: "ログインの手続きが途中で切れたか、すでに使われています。この画面から、もう一度ログインしてください。",
    declined: "外部IDでのログインが取り消されたか、認められませんでした。もう一度お試しください。続くときは、外部IDの管理者に連絡してください。",
    unreachable: "外部IDのサーバーに接続できません。少し待ってから、もう一度お試しください。パスワードのあるアカウントでは、この画面からログインできます。",
    not_believed: "外部IDのサーバーの応答を確認できなかったため、ログインを中止しました。もう一度試してもこの画面になるときは、国の管理者に連絡してください。",
    no_account: "この外部IDで使えるアカウントがありません。次の識別子を国の管理者に伝え、アカウントとの結び付けを依頼してください。",
};

const ENGLISH: ProviderWords = ProviderWords {
    or: "or",
    your_identity: "Identifier of your external ID",
    yours_alone: "This identifier is shown to you alone.",
    identified: "You have been identified",
    identified_lead: "The next page opens by itself. If it does not, press the button below.",
    onwards: "Go on",
    not_offered: "Signing in with an external ID is not available. Sign in with account name and password.",
    stale: "This sign-in was interrupted, or has been used already. Sign in again from this page.",
    declined: "Signing in with the external ID was cancelled or not allowed. Try again; if this goes on, ask whoever keeps the external IDs.",
    unreachable: "The server of the external IDs cannot be reached. Wait a moment and try again. An account with a password can sign in from this page.",
    not_believed: "What the server of the external IDs answered could not be verified, so you were not signed in. If you see this again after another try, tell the national administrator.",
    no_account: "No account can be used with this external ID. Tell the national administrator this identifier and ask to have your account bound to it.",
};
