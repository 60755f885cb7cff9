//! Request signatures: RFC 9421 (HTTP Message Signatures) with `ed25519`, over method, authority, path and
//! the Content-Digest of RFC 9530. The form is fixed, so that what is signed leaves no choice.
//!
//! Must not: decide which tablet may speak; the caller looks its key up.

use base64::{Engine, engine::general_purpose::STANDARD};
use record::{
    TabletId, WallTime,
    bytes::{PublicKey, Signature},
};
use ring::digest::{SHA256, digest};

use crate::{
    Error,
    device::{SigningKey, verifies},
};

/// How long a signature is good for, and how far two clocks may differ, in seconds.
pub const WINDOW_S: i64 = 300;
const COMPONENTS: &str = "(\"@method\" \"@authority\" \"@path\" \"content-digest\")";
const LABEL: &str = "vrs";

/// Where a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// `POST`.
    pub method: &'a str,
    /// Host and port as in the Host header, lower case.
    pub authority: &'a str,
    /// Path without query.
    pub path: &'a str,
}

/// The three headers a signed request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `Content-Digest`.
    pub content_digest: String,
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
}

fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, body)))
}

/// The parameters, as they stand after the label.
fn parameters(created: i64, expires: i64, tablet_id: TabletId) -> String {
    format!("{COMPONENTS};created={created};expires={expires};keyid=\"{tablet_id}\";alg=\"ed25519\"")
}

/// RFC 9421, section 2.5.
fn signature_base(target: Target<'_>, content_digest: &str, parameters: &str) -> String {
    format!(
        "\"@method\": {}\n\"@authority\": {}\n\"@path\": {}\n\"content-digest\": {content_digest}\n\"@signature-params\": {parameters}",
        target.method, target.authority, target.path
    )
}

/// Signs a request as that tablet, at the central's time as the tablet knows it.
#[must_use]
pub fn sign(
    key: &SigningKey,
    tablet_id: TabletId,
    target: Target<'_>,
    body: &[u8],
    now: WallTime,
) -> SignatureHeaders {
    let content_digest = content_digest(body);
    let parameters = parameters(now.unix_s(), now.unix_s() + WINDOW_S, tablet_id);
    let signature = key.sign(signature_base(target, &content_digest, &parameters).as_bytes());
    SignatureHeaders {
        content_digest,
        signature_input: format!("{LABEL}={parameters}"),
        signature: format!("{LABEL}=:{}:", STANDARD.encode(signature.0)),
    }
}

/// A request's signature, taken apart but not yet believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Who claims to speak.
    pub tablet_id: TabletId,
    created: i64,
    expires: i64,
}

/// Who claims to have signed; look the key up and [`verify`].
///
/// # Errors
/// [`Error::RequestSignature`] if the header has another form than [`sign`] gives it.
pub fn claim(headers: &SignatureHeaders) -> Result<Claim, Error> {
    let wrong = Error::RequestSignature;
    let after =
        |text: &'_ str, prefix: &str| text.strip_prefix(prefix).map(str::to_owned).ok_or(wrong.clone());
    let rest = after(&headers.signature_input, &format!("{LABEL}={COMPONENTS};created="))?;
    let (created, rest) = rest.split_once(";expires=").ok_or(wrong.clone())?;
    let (expires, rest) = rest.split_once(";keyid=\"").ok_or(wrong.clone())?;
    let tablet_id = rest.strip_suffix("\";alg=\"ed25519\"").ok_or(wrong.clone())?;
    let claim = Claim {
        tablet_id: tablet_id.parse().map_err(|_| wrong.clone())?,
        created: created.parse().map_err(|_| wrong.clone())?,
        expires: expires.parse().map_err(|_| wrong.clone())?,
    };
    let again = format!("{LABEL}={}", parameters(claim.created, claim.expires, claim.tablet_id));
    if again == headers.signature_input { Ok(claim) } else { Err(wrong) }
}

/// Checks the signature of a claim, then its time.
///
/// # Errors
/// [`Error::RequestSignature`], or [`Error::RequestTime`] where the signature fits but not its time.
pub fn verify(
    claim: &Claim,
    headers: &SignatureHeaders,
    target: Target<'_>,
    body: &[u8],
    key: &PublicKey,
    now: WallTime,
) -> Result<(), Error> {
    let wrong = Error::RequestSignature;
    let content_digest = content_digest(body);
    if content_digest != headers.content_digest {
        return Err(wrong);
    }
    let signature = headers
        .signature
        .strip_prefix(LABEL)
        .and_then(|rest| rest.strip_prefix("=:"))
        .and_then(|rest| rest.strip_suffix(':'))
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .and_then(|bytes| Signature::try_from(bytes.as_slice()).ok())
        .ok_or(wrong.clone())?;
    let parameters = parameters(claim.created, claim.expires, claim.tablet_id);
    let base = signature_base(target, &content_digest, &parameters);
    if !verifies(key, base.as_bytes(), &signature) {
        return Err(wrong);
    }
    let now = now.unix_s();
    let lifetime = claim.expires.saturating_sub(claim.created);
    let in_window = now >= claim.created.saturating_sub(WINDOW_S) && now <= claim.expires;
    if in_window && (0..=WINDOW_S).contains(&lifetime) { Ok(()) } else { Err(Error::RequestTime) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TARGET: Target<'_> = Target { method: "POST", authority: "central.example", path: "/v1/batches" };

    fn now() -> WallTime {
        WallTime::from_unix_ms(1_637_545_200_123)
    }
    fn key() -> SigningKey {
        SigningKey::from_seed([1; 32]).unwrap()
    }
    fn tablet() -> TabletId {
        "131130-0017".parse().unwrap()
    }
    fn check(headers: &SignatureHeaders, target: Target<'_>, body: &[u8], at: WallTime) -> Result<(), Error> {
        verify(&claim(headers)?, headers, target, body, &key().public(), at)
    }

    #[test]
    fn the_signature_base_is_the_one_of_the_rfc() {
        let headers = sign(&key(), tablet(), TARGET, b"{}", now());
        assert_eq!(headers.content_digest, "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:");
        let parameters = headers.signature_input.strip_prefix("vrs=").unwrap();
        assert_eq!(
            signature_base(TARGET, &headers.content_digest, parameters),
            "\"@method\": POST\n\"@authority\": central.example\n\"@path\": /v1/batches\n\
             \"content-digest\": sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:\n\
             \"@signature-params\": (\"@method\" \"@authority\" \"@path\" \"content-digest\");created=1637545200;\
             expires=1637545500;keyid=\"131130-0017\";alg=\"ed25519\""
        );
    }

    #[test]
    fn a_request_is_good_for_its_window_and_its_target_only() {
        let headers = sign(&key(), tablet(), TARGET, b"body", now());
        assert_eq!(claim(&headers).unwrap().tablet_id, tablet());
        assert_eq!(check(&headers, TARGET, b"body", now()), Ok(()));
        assert_eq!(check(&headers, TARGET, b"body", now().plus_ms(-299_000)), Ok(()));
        for off in [-302_000, 302_000, 315_360_000_000, -315_360_000_000] {
            assert_eq!(
                check(&headers, TARGET, b"body", now().plus_ms(off)),
                Err(Error::RequestTime),
                "{off}"
            );
        }
        let refused = Err(Error::RequestSignature);
        assert_eq!(check(&headers, TARGET, b"bodY", now()), refused);
        assert_eq!(check(&headers, Target { path: "/v1/enrolment", ..TARGET }, b"body", now()), refused);
        assert_eq!(check(&headers, Target { authority: "other.example", ..TARGET }, b"body", now()), refused);
        let mut longer = headers;
        longer.signature_input = longer.signature_input.replace("1637545500", "1937545500");
        assert_eq!(check(&longer, TARGET, b"body", now()), refused);
    }

    proptest! {
        #[test]
        fn any_headers_are_a_claim_or_refused(input in "\\PC{0,80}", signature in "\\PC{0,80}") {
            let honest = sign(&key(), tablet(), TARGET, b"body", now());
            let headers = SignatureHeaders { signature_input: input, ..honest.clone() };
            prop_assert!(check(&headers, TARGET, b"body", now()).is_err());
            let headers = SignatureHeaders { signature, ..honest };
            prop_assert!(check(&headers, TARGET, b"body", now()).is_err());
        }
    }
}
