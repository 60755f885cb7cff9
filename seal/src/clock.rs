//! The central's time, signed together with the tablet's question.
//!
//! Must not: read a clock.

use record::{
    WallTime,
    bytes::{Nonce, PublicKey},
    wire::clock::ClockAnswer,
};

use crate::{
    Error,
    device::{SigningKey, verifies},
};

fn message(nonce: &Nonce, now: WallTime) -> String {
    format!("vrs clock 1\n{nonce}\n{}\n", now.unix_ms())
}

/// Answers a question of time.
#[must_use]
pub fn answer(key: &SigningKey, nonce: Nonce, now: WallTime) -> ClockAnswer {
    ClockAnswer { nonce, now, signature: key.sign(message(&nonce, now).as_bytes()) }
}

/// The central's time, if one of its keys signed it as the answer to this very question.
///
/// # Errors
/// [`Error::ClockAnswer`].
pub fn verify(answer: &ClockAnswer, asked: &Nonce, keys: &[PublicKey]) -> Result<WallTime, Error> {
    let message = message(asked, answer.now);
    if answer.nonce == *asked && keys.iter().any(|key| verifies(key, message.as_bytes(), &answer.signature)) {
        Ok(answer.now)
    } else {
        Err(Error::ClockAnswer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_answer_or_another_signer_is_not_believed() {
        let key = SigningKey::from_seed([1; 32]).unwrap();
        let other = SigningKey::from_seed([2; 32]).unwrap();
        let (asked, before) = (Nonce([1; 16]), Nonce([2; 16]));
        let now = WallTime::from_unix_ms(1_637_545_200_123);
        assert_eq!(verify(&answer(&key, asked, now), &asked, &[other.public(), key.public()]), Ok(now));
        assert_eq!(verify(&answer(&key, before, now), &asked, &[key.public()]), Err(Error::ClockAnswer));
        assert_eq!(verify(&answer(&other, asked, now), &asked, &[key.public()]), Err(Error::ClockAnswer));
        let mut moved = answer(&key, asked, now);
        moved.now = now.plus_ms(1);
        assert_eq!(verify(&moved, &asked, &[key.public()]), Err(Error::ClockAnswer));
    }
}
