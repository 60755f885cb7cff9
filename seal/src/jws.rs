//! 署名付きトークン: the compact form of a JSON Web Signature (RFC 7515) and the public keys it is checked with
//! (RFC 7517), as an identity provider publishes them. RS256 and ES256, nothing else.
//!
//! Must not: let a token choose how it is checked (no `none`, no shared secret, no key or address out of its own
//! header), or say what a token claims; `id_token` does.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

use crate::id_token::TokenError;

/// A longer token is refused unread.
const MOST_TOKEN_BYTES: usize = 16 * 1024;
/// A coordinate of P-256, bytes.
const COORDINATE: usize = 32;

/// How a token may be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits or more.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

/// The public keys of a provider. Those of other kinds or for other uses are left out.
#[derive(Clone)]
pub struct KeySet(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: Option<String>,
    material: Material,
}

#[derive(Clone)]
enum Material {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    P256(Vec<u8>),
}

/// What of a token's header is looked at.
#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// What of a published key is looked at.
#[derive(Deserialize)]
struct Published {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl KeySet {
    /// Reads what a provider publishes at its `jwks_uri`.
    ///
    /// # Errors
    /// [`TokenError::Keys`] where it is no key set, or holds no key that can be used here.
    pub fn from_json(bytes: &[u8]) -> Result<Self, TokenError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(bytes).map_err(|_| TokenError::Keys)?;
        let published = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        let keys: Vec<Key> = published.filter_map(usable).collect();
        if keys.is_empty() { Err(TokenError::Keys) } else { Ok(Self(keys)) }
    }

    /// The content of a token that one of these keys signed.
    ///
    /// # Errors
    /// [`TokenError::Form`], [`TokenError::Algorithm`], [`TokenError::UnknownKey`] where the keys may have been
    /// changed since they were fetched, [`TokenError::Signature`].
    pub fn open(&self, token: &str) -> Result<Vec<u8>, TokenError> {
        if token.len() > MOST_TOKEN_BYTES {
            return Err(TokenError::Form);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Form)?;
        let (header, content) = signed.split_once('.').ok_or(TokenError::Form)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Form);
        let (header, content, signature) = (decode(header)?, decode(content)?, decode(signature)?);
        let header: Header = serde_json::from_slice(&header).map_err(|_| TokenError::Form)?;
        let algorithm = header.algorithm()?;
        let candidates: Vec<&Key> = self.0.iter().filter(|key| key.fits(algorithm, &header)).collect();
        // A token that names no key is taken only where there is no choice.
        if candidates.is_empty() || (header.kid.is_none() && candidates.len() > 1) {
            return Err(TokenError::UnknownKey);
        }
        let is_signed = candidates.iter().any(|key| key.verifies(signed.as_bytes(), &signature));
        if is_signed { Ok(content) } else { Err(TokenError::Signature) }
    }
}

impl Header {
    fn algorithm(&self) -> Result<Algorithm, TokenError> {
        let is_plain = self.typ.as_ref().is_none_or(|kind| kind.eq_ignore_ascii_case("JWT"));
        match self.alg.as_str() {
            // An extension that must be understood is not.
            _ if self.crit.is_some() || !is_plain => Err(TokenError::Algorithm),
            "RS256" => Ok(Algorithm::Rs256),
            "ES256" => Ok(Algorithm::Es256),
            _ => Err(TokenError::Algorithm),
        }
    }
}

impl Key {
    fn fits(&self, algorithm: Algorithm, header: &Header) -> bool {
        let own = match self.material {
            Material::Rsa { .. } => Algorithm::Rs256,
            Material::P256(_) => Algorithm::Es256,
        };
        own == algorithm && (header.kid.is_none() || header.kid == self.id)
    }

    fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Rsa { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }
                .verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
                .is_ok(),
            Material::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature).is_ok()
            }
        }
    }
}

/// The key, where it is one that signs and of a kind that is taken.
fn usable(published: Published) -> Option<Key> {
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok().filter(|bytes| !bytes.is_empty());
    if published.purpose.as_deref().is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let is_for = |name: &str| published.alg.as_deref().is_none_or(|alg| alg == name);
    let material = match (published.kty.as_str(), published.crv.as_deref()) {
        ("RSA", _) if is_for("RS256") => {
            Material::Rsa { modulus: decode(&published.n)?, exponent: decode(&published.e)? }
        }
        ("EC", Some("P-256")) if is_for("ES256") => {
            let (x, y) = (decode(&published.x)?, decode(&published.y)?);
            if x.len() != COORDINATE || y.len() != COORDINATE {
                return None;
            }
            Material::P256([&[4][..], &x, &y].concat())
        }
        _ => return None,
    };
    Some(Key { id: published.kid, material })
}
