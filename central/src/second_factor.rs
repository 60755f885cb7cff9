//! 二段階認証: the authenticator's secret as it is kept, what it is set up with, and the recovery codes.
//!
//! Must not: know HTTP, or keep a secret or a code in clear.

use seal::{
    kept::KeepingKey,
    random::Random,
    token,
    totp::{DIGITS, Secret},
};
use zeroize::Zeroizing;

use crate::{plain_letters, storage::AccountName};

/// Recovery codes of one account.
const RECOVERY_CODES: usize = 8;

/// What somebody typed where a code is asked for.
pub(crate) enum Typed {
    /// 認証コード: six digits.
    Code(Zeroizing<String>),
    /// Anything else may be a recovery code: its digest.
    Recovery([u8; 32]),
}

/// A fresh secret, sealed to the account.
pub(crate) fn fresh(
    key: &KeepingKey,
    name: &AccountName,
    random: &mut dyn Random,
) -> Result<Vec<u8>, seal::Error> {
    let secret = Secret::generate(random)?;
    key.seal(name.as_str(), secret.as_bytes(), random)
}

/// The secret that was sealed to the account.
pub(crate) fn open(key: &KeepingKey, name: &AccountName, sealed: &[u8]) -> Result<Secret, seal::Error> {
    Secret::from_bytes(&key.open(name.as_str(), sealed)?)
}

/// What the QR code says to the authenticator app (the Key URI Format that these apps share).
pub(crate) fn address(name: &AccountName, secret: &Secret) -> Zeroizing<String> {
    // A name holds nothing that an address would have to escape.
    let (name, secret) = (name.as_str(), secret.to_base32());
    Zeroizing::new(format!("otpauth://totp/VRS:{name}?secret={}&issuer=VRS", *secret))
}

/// Fresh recovery codes of 79 bits each, to be shown once.
pub(crate) fn recovery_codes(random: &mut dyn Random) -> Result<Vec<Zeroizing<String>>, seal::Error> {
    (0..RECOVERY_CODES).map(|_| plain_letters::draw(4, 4, random)).collect()
}

/// What is kept of a recovery code. It is random and long, so that a fast hash is enough.
pub(crate) fn recovery_digest(name: &AccountName, code: &str) -> [u8; 32] {
    let letters = Zeroizing::new(folded(code));
    token::digest(&Zeroizing::new(format!("vrs recovery 1\n{}\n{}", name.as_str(), *letters)))
}

impl Typed {
    /// What was typed; spaces, hyphens, capitals and full-width letters make no difference.
    pub(crate) fn of(name: &AccountName, text: &str) -> Self {
        let letters = Zeroizing::new(folded(text));
        if letters.len() == DIGITS && letters.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Code(letters)
        } else {
            Self::Recovery(recovery_digest(name, &letters))
        }
    }
}

/// A code as the authenticator shows it, however it was typed.
pub(crate) fn digits(text: &str) -> Zeroizing<String> {
    Zeroizing::new(folded(text))
}

/// Half-width, small, without spaces and hyphens.
fn folded(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '！'..='～' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
            other => other,
        })
        .filter(|character| !character.is_whitespace() && *character != '-')
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use seal::random::SystemRandom;

    fn name(text: &str) -> AccountName {
        text.parse().unwrap()
    }

    #[test]
    fn a_code_is_taken_as_people_type_it() {
        for text in ["287082", " 287 082 ", "２８７０８２", "２８７\u{3000}０８２"] {
            assert!(matches!(Typed::of(&name("support-1"), text), Typed::Code(code) if *code == "287082"));
        }
        let codes = recovery_codes(&mut SystemRandom::default()).unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let kept = recovery_digest(&name("support-1"), &codes[0]);
        for text in [codes[0].to_string(), codes[0].to_uppercase(), codes[0].replace('-', " ")] {
            assert!(
                matches!(Typed::of(&name("support-1"), &text), Typed::Recovery(digest) if digest == kept)
            );
        }
        assert_ne!(recovery_digest(&name("support-2"), &codes[0]), kept, "it is one account's");
        assert_ne!(recovery_digest(&name("support-1"), &codes[1]), kept);
    }

    #[test]
    fn a_secret_is_kept_sealed_to_its_account() {
        let (key, mut random) = (KeepingKey::from_bytes(&[3; 32]).unwrap(), SystemRandom::default());
        let sealed = fresh(&key, &name("support-1"), &mut random).unwrap();
        let secret = open(&key, &name("support-1"), &sealed).unwrap();
        assert!(!sealed.windows(20).any(|window| window == secret.as_bytes()));
        assert!(open(&key, &name("support-2"), &sealed).is_err());
        let address = address(&name("support-1"), &secret);
        assert!(address.starts_with("otpauth://totp/VRS:support-1?secret="), "an app can read it");
    }
}
