//! 設定: `[identity_provider]` of `central.toml`. Nobody but local accounts signs in where there is no such part.
//!
//! Must not: hold the secret itself, only where it lies.

use std::path::PathBuf;

use reqwest::Url;
use seal::id_token::Identified;
use serde::Deserialize;

/// The provider of identities, and this central as it knows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// Its address, `https://…`, to the letter as its tokens name it.
    pub issuer: String,
    /// As what it knows this central.
    pub client_id: String,
    /// File with the secret that goes with that, in one line; beside the settings, or a whole path.
    pub client_secret_file: PathBuf,
    /// The central's own address as browsers see it, `https://name` or `https://name:port`; browsers come back to
    /// `/console/provider/return` under it, and nowhere else.
    pub public_url: String,
    /// File with the authority that its server is trusted by, PEM; left out, those of this machine.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// What the way to it is called on the sign-in page.
    pub label: Labels,
    /// What proves a second factor; left out, nothing does, and the console's own is asked for.
    #[serde(default)]
    pub second_factor: SecondFactorProof,
}

/// A text in both languages, 1 to 40 characters each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// 日本語.
    pub ja: String,
    /// English.
    pub en: String,
}

/// Which of the provider's words prove a second factor: any one of them does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecondFactorProof {
    /// Methods (RFC 8176), such as `mfa` or `hwk`.
    pub amr: Vec<String>,
    /// Classes; they are asked for as well.
    pub acr: Vec<String>,
}

impl ProviderSettings {
    /// The first setting that is outside its range, and the range.
    pub(crate) fn out_of_range(&self) -> Option<(&'static str, &'static str)> {
        let is_word =
            |text: &str| (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_label = |text: &str| {
            (1..=40).contains(&text.chars().count())
                && text.trim() == text
                && !text.contains(char::is_control)
        };
        let words = [&self.second_factor.amr, &self.second_factor.acr];
        if !is_address(&self.issuer) {
            Some(("identity_provider.issuer", "an address, https:// and no query"))
        } else if !is_word(&self.client_id) {
            Some(("identity_provider.client_id", "1 to 200 letters, digits and signs"))
        } else if !is_address(&self.public_url)
            || origin(&self.public_url).as_deref() != Some(&self.public_url)
        {
            Some((
                "identity_provider.public_url",
                "https://name or https://name:port, lower case, nothing behind it",
            ))
        } else if !is_label(&self.label.ja) || !is_label(&self.label.en) {
            Some(("identity_provider.label", "1 to 40 characters in ja and en"))
        } else if words.iter().any(|words| words.len() > 16 || !words.iter().all(|word| is_word(word))) {
            Some(("identity_provider.second_factor", "at most 16 words each"))
        } else if self.second_factor.amr.iter().any(|method| method == "pwd") {
            Some(("identity_provider.second_factor.amr", "methods beyond a password (pwd is one factor)"))
        } else {
            None
        }
    }

    /// The name or address in `public_url`, without brackets.
    pub(crate) fn public_host(&self) -> String {
        let url: Option<Url> = self.public_url.parse().ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        host.trim_matches(['[', ']']).to_owned()
    }
}

fn is_address(text: &str) -> bool {
    let url: Option<Url> = text.parse().ok();
    url.is_some_and(|url| {
        let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        text.len() <= 200 && url.scheme() == "https" && url.password().is_none() && is_plain
    })
}

fn origin(text: &str) -> Option<String> {
    let url: Url = text.parse().ok()?;
    Some(url.origin().ascii_serialization())
}

impl SecondFactorProof {
    /// Whether what the provider says is enough.
    #[must_use]
    pub fn is_met_by(&self, identified: &Identified) -> bool {
        identified.methods.iter().any(|method| self.amr.contains(method))
            || identified.class.as_ref().is_some_and(|class| self.acr.contains(class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ProviderSettings {
        ProviderSettings {
            issuer: "https://id.example/realm".to_owned(),
            client_id: "vrs-central".to_owned(),
            client_secret_file: "provider-secret".into(),
            public_url: "https://central.example:8443".to_owned(),
            authority: None,
            label: Labels {
                ja: "共通IDでログイン".to_owned(), en: "Sign in with the office ID".to_owned()
            },
            second_factor: SecondFactorProof { amr: vec!["mfa".to_owned()], acr: vec!["2".to_owned()] },
        }
    }

    #[test]
    fn values_outside_their_range_are_named() {
        assert_eq!(settings().out_of_range(), None);
        type Change = fn(&mut ProviderSettings);
        let changes: [(&str, Change); 12] = [
            ("issuer", |settings| settings.issuer = "http://id.example".to_owned()),
            ("issuer", |settings| settings.issuer = "https://id.example?a=b".to_owned()),
            ("issuer", |settings| settings.issuer = "id.example".to_owned()),
            ("client_id", |settings| settings.client_id = String::new()),
            ("client_id", |settings| settings.client_id = "vrs central".to_owned()),
            ("public_url", |settings| settings.public_url.push('/')),
            ("public_url", |settings| settings.public_url = "http://central.example".to_owned()),
            ("public_url", |settings| settings.public_url = "https://Central.example".to_owned()),
            ("public_url", |settings| settings.public_url = "https://central.example:443".to_owned()),
            ("label", |settings| settings.label.en = " ".to_owned()),
            ("second_factor", |settings| settings.second_factor.acr = vec![String::new()]),
            ("second_factor.amr", |settings| settings.second_factor.amr.push("pwd".to_owned())),
        ];
        for (name, change) in changes {
            let mut settings = settings();
            change(&mut settings);
            let found = settings.out_of_range().map(|(setting, _)| setting);
            assert_eq!(found, Some(format!("identity_provider.{name}").as_str()));
        }
        for (url, host) in [("https://[::1]:8443", "::1"), ("https://127.0.0.1:8443", "127.0.0.1")] {
            let settings = ProviderSettings { public_url: url.to_owned(), ..settings() };
            assert_eq!((settings.out_of_range(), settings.public_host().as_str()), (None, host));
        }
    }

    #[test]
    fn only_the_configured_words_prove_a_second_factor() {
        let proof = settings().second_factor;
        let said = |methods: &[&str], class: Option<&str>| Identified {
            subject: "sample-1".parse().unwrap(),
            methods: methods.iter().map(ToString::to_string).collect(),
            class: class.map(str::to_owned),
        };
        assert!(proof.is_met_by(&said(&["pwd", "mfa"], None)));
        assert!(proof.is_met_by(&said(&[], Some("2"))));
        for (methods, class) in
            [(&[][..], None), (&["pwd"], Some("1")), (&["MFA"], None), (&["2"], Some("mfa"))]
        {
            assert!(!proof.is_met_by(&said(methods, class)), "{methods:?} {class:?}");
            assert!(!SecondFactorProof::default().is_met_by(&said(methods, class)));
        }
    }
}
