//! Tokens that a real provider gave (oidc-provider; `samples/`), and those that no honest one gives, signed here by
//! real keys.
//!
//! Must not: check a token by anything but [`check`].

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};

use super::*;

/// What a provider gave, the keys it published then, and what it was asked for.
struct Sample {
    token: &'static str,
    keys: &'static str,
    issuer: &'static str,
    made_s: i64,
}

const RS256: Sample = Sample {
    token: include_str!("samples/rs256.jwt"),
    keys: include_str!("samples/rs256-keys.json"),
    issuer: "https://localhost:38753",
    made_s: 1_795_848_857,
};
const ES256: Sample = Sample {
    token: include_str!("samples/es256.jwt"),
    keys: include_str!("samples/es256-keys.json"),
    issuer: "https://localhost:36749",
    made_s: 1_795_848_860,
};
const NOW_S: i64 = 1_637_545_200;

impl Sample {
    fn keys(&self) -> KeySet {
        KeySet::from_json(self.keys.as_bytes()).unwrap()
    }
    fn expected(&self) -> Expected<'static> {
        let now = WallTime::from_unix_ms(self.made_s * 1_000);
        Expected { issuer: self.issuer, client_id: "vrs-central", nonce: "no-1", now }
    }
    fn check(&self, token: &str) -> Result<Identified, TokenError> {
        check(token, &self.keys(), self.expected())
    }
}

/// A provider of our own, with a real key, that says whatever it is told to.
struct Liar(EcdsaKeyPair);

impl Liar {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random);
        Self(pair.unwrap())
    }
    fn published(&self, id: &str) -> Value {
        let point = self.0.public_key().as_ref();
        let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
        json!({"kty": "EC", "crv": "P-256", "kid": id, "use": "sig", "x": part(1..33), "y": part(33..65)})
    }
    fn keys(&self) -> KeySet {
        key_set(&[self.published("k-1")])
    }
    fn token(&self, header: &Value, claims: &Value) -> String {
        let signed = signed_part(header, claims);
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
    fn check(&self, claims: &Value) -> Result<Identified, TokenError> {
        check(&self.token(&json!({"alg": "ES256", "kid": "k-1"}), claims), &self.keys(), expected())
    }
}

fn signed_part(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn key_set(keys: &[Value]) -> KeySet {
    KeySet::from_json(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

fn expected() -> Expected<'static> {
    let now = WallTime::from_unix_ms(NOW_S * 1_000);
    Expected { issuer: "https://id.example", client_id: "vrs-central", nonce: "nonce-1", now }
}

fn honest() -> Value {
    json!({
        "iss": "https://id.example", "sub": "sample-1", "aud": "vrs-central", "nonce": "nonce-1",
        "iat": NOW_S, "exp": NOW_S + 3_600, "amr": ["pwd", "otp"], "acr": "2",
    })
}

fn honest_but(name: &str, value: Value) -> Value {
    let mut claims = honest();
    claims[name] = value;
    claims
}

#[test]
fn what_a_real_provider_signs_is_believed_by_both_kinds_of_key() {
    for sample in [RS256, ES256] {
        let identified = sample.check(sample.token).unwrap();
        assert_eq!(identified.subject.as_str(), "sample-1");
        assert_eq!((identified.methods, identified.class), (vec!["pwd".to_owned(), "otp".to_owned()], None));
    }
    assert_eq!(RS256.check(ES256.token), Err(TokenError::UnknownKey));
}

#[test]
fn an_altered_character_anywhere_is_refused() {
    for sample in [RS256, ES256] {
        for at in 0..sample.token.len() {
            let mut altered = sample.token.as_bytes().to_vec();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(sample.check(&altered).is_err(), "character {at}");
            assert!(sample.check(&sample.token[..at]).is_err(), "length {at}");
        }
    }
}

#[test]
fn a_token_never_chooses_how_it_is_checked() {
    let liar = Liar::new();
    let refused = |token: &str, keys: &KeySet| check(token, keys, expected()).unwrap_err();
    for alg in ["none", "None", "", "HS256", "HS512", "PS256", "RS512", "ES384", "EdDSA"] {
        let unsigned = format!("{}.", signed_part(&json!({ "alg": alg }), &honest()));
        assert_eq!(refused(&unsigned, &liar.keys()), TokenError::Algorithm, "{alg}");
        let signed = liar.token(&json!({"alg": alg, "kid": "k-1"}), &honest());
        assert_eq!(refused(&signed, &liar.keys()), TokenError::Algorithm, "{alg}");
    }
    // The public key, which everybody has, as if it were a secret shared with the provider.
    for secret in [RS256.keys.to_owned(), liar.published("k-1").to_string()] {
        let signed = signed_part(&json!({"alg": "HS256", "kid": "k-1"}), &honest());
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag));
        assert_eq!(refused(&token, &liar.keys()), TokenError::Algorithm);
        assert_eq!(refused(&token, &RS256.keys()), TokenError::Algorithm);
    }
    // A key of its own in the header, an extension, another kind of token.
    let other = Liar::new();
    let brings_key = json!({"alg": "ES256", "kid": "k-1", "jwk": other.published("k-1")});
    assert_eq!(refused(&other.token(&brings_key, &honest()), &liar.keys()), TokenError::Signature);
    for header in
        [json!({"alg": "ES256", "crit": ["b64"], "b64": false}), json!({"alg": "ES256", "typ": "at+jwt"})]
    {
        assert_eq!(refused(&liar.token(&header, &honest()), &liar.keys()), TokenError::Algorithm);
    }
    // RSA's name over a key of the other kind.
    let token = liar.token(&json!({"alg": "RS256", "kid": "k-1"}), &honest());
    assert_eq!(refused(&token, &liar.keys()), TokenError::UnknownKey);
}

#[test]
fn only_a_key_that_is_published_for_signing_counts() {
    let (one, two) = (Liar::new(), Liar::new());
    let token = |liar: &Liar, header: Value| liar.token(&header, &honest());
    let both = key_set(&[one.published("k-1"), two.published("k-2")]);
    let named = |id: &str| json!({"alg": "ES256", "kid": id});
    assert!(check(&token(&two, named("k-2")), &both, expected()).is_ok());
    assert_eq!(check(&token(&two, named("k-1")), &both, expected()), Err(TokenError::Signature));
    assert_eq!(check(&token(&two, named("k-3")), &both, expected()), Err(TokenError::UnknownKey));
    let unnamed = json!({"alg": "ES256"});
    assert!(check(&token(&one, unnamed.clone()), &one.keys(), expected()).is_ok());
    assert_eq!(check(&token(&one, unnamed), &both, expected()), Err(TokenError::UnknownKey));

    let usable = |key: Value| KeySet::from_json(json!({ "keys": [key] }).to_string().as_bytes()).is_ok();
    assert!(usable(one.published("k-1")));
    for (name, value) in [
        ("use", json!("enc")),
        ("alg", json!("ES384")),
        ("crv", json!("P-384")),
        ("kty", json!("oct")),
        ("x", json!("AA")),
        ("y", json!("!")),
        ("kid", json!(1)),
    ] {
        let mut key = one.published("k-1");
        key[name] = value;
        assert!(!usable(key), "{name}");
    }
    for no_set in ["", "{}", "[]", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"RSA","n":"","e":"AQAB"}]}"#] {
        assert_eq!(KeySet::from_json(no_set.as_bytes()).err(), Some(TokenError::Keys), "{no_set}");
    }
}

#[test]
fn short_rsa_keys_are_no_keys() {
    let mut set: Value = serde_json::from_str(RS256.keys).unwrap();
    let modulus = URL_SAFE_NO_PAD.decode(set["keys"][0]["n"].as_str().unwrap()).unwrap();
    set["keys"][0]["n"] = URL_SAFE_NO_PAD.encode(&modulus[..128]).into();
    let keys = KeySet::from_json(set.to_string().as_bytes()).unwrap();
    assert_eq!(check(RS256.token, &keys, RS256.expected()), Err(TokenError::Signature));
}

#[test]
fn every_claim_must_be_the_one_expected() {
    let liar = Liar::new();
    assert!(liar.check(&honest()).is_ok());
    for (name, value, error) in [
        ("iss", json!("https://id.example/"), TokenError::Issuer),
        ("iss", json!("https://other.example"), TokenError::Issuer),
        ("aud", json!("other"), TokenError::Audience),
        ("aud", json!([]), TokenError::Audience),
        ("aud", json!(["vrs-central", "other"]), TokenError::Audience),
        ("azp", json!("other"), TokenError::Audience),
        ("nonce", json!("nonce-2"), TokenError::Nonce),
        ("nonce", json!(null), TokenError::Nonce),
        ("sub", json!(""), TokenError::Claims),
        ("sub", json!("金糸雀"), TokenError::Claims),
        ("sub", json!("a".repeat(256)), TokenError::Claims),
        ("sub", json!(null), TokenError::Claims),
        ("exp", json!(null), TokenError::Claims),
        ("exp", json!("tomorrow"), TokenError::Claims),
        ("exp", json!(1e300), TokenError::Claims),
        ("iat", json!(null), TokenError::Claims),
        ("amr", json!("mfa"), TokenError::Claims),
    ] {
        assert_eq!(liar.check(&honest_but(name, value.clone())), Err(error), "{name}: {value}");
    }
    assert!(liar.check(&honest_but("aud", json!(["vrs-central"]))).is_ok());
    assert!(liar.check(&honest_but("azp", json!("vrs-central"))).is_ok());
    let twice = r#"{"iss":"https://id.example","iss":"https://id.example","sub":"a","aud":"vrs-central"}"#;
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","kid":"k-1"}"#),
        URL_SAFE_NO_PAD.encode(twice)
    );
    let signature = liar.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    assert_eq!(check(&token, &liar.keys(), expected()), Err(TokenError::Claims));
}

#[test]
fn a_token_is_good_for_its_own_time_only() {
    let liar = Liar::new();
    for (name, value, is_taken) in [
        ("exp", NOW_S - CLOCK_WINDOW_S + 1, true),
        ("exp", NOW_S - CLOCK_WINDOW_S, false),
        ("exp", i64::MIN, false),
        ("iat", NOW_S - CLOCK_WINDOW_S, true),
        ("iat", NOW_S - CLOCK_WINDOW_S - 1, false),
        ("iat", NOW_S + CLOCK_WINDOW_S, true),
        ("iat", NOW_S + CLOCK_WINDOW_S + 1, false),
        ("iat", i64::MAX, false),
        ("iat", i64::MIN, false),
        ("nbf", NOW_S + CLOCK_WINDOW_S, true),
        ("nbf", NOW_S + CLOCK_WINDOW_S + 1, false),
    ] {
        let checked = liar.check(&honest_but(name, value.into()));
        let expected = if is_taken { None } else { Some(TokenError::Time) };
        assert_eq!(checked.err(), expected, "{name}: {value}");
    }
    assert!(liar.check(&honest_but("iat", json!(NOW_S as f64 + 0.5))).is_ok(), "a fraction is a time too");
}

#[test]
fn an_identifier_never_shows_by_itself() {
    let identified = Liar::new().check(&honest()).unwrap();
    assert!(!format!("{identified:?}").contains("sample-1"));
    for wrong in [" a", "a ", "a\nb", "\u{7f}"] {
        assert_eq!(wrong.parse::<Subject>(), Err(SubjectError), "{wrong:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_refused_and_any_claims_that_pass_are_ours(text in "\\PC{0,200}", aud in "[a-z-]{0,12}", iat in any::<i64>()) {
        prop_assert!(RS256.check(&text).is_err());
        let longer = format!("{text}.{}", RS256.token);
        prop_assert!(RS256.check(&longer).is_err());
        let mut claims = honest_but("aud", json!(aud));
        claims["iat"] = json!(iat);
        let passes = Liar::new().check(&claims).is_ok();
        prop_assert_eq!(passes, aud == "vrs-central" && (iat - NOW_S).saturating_abs() <= CLOCK_WINDOW_S);
    }
}
