//! Random words that people copy from a screen or a paper: letters and digits that nobody confuses, in groups.
//!
//! Must not: be short; each letter is worth a little less than five bits.

use seal::random::Random;
use zeroize::Zeroizing;

/// Without i, l, o, 0 and 1.
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// `groups` of `each` letters, with hyphens between.
///
/// # Errors
/// [`seal::Error::Randomness`].
pub(crate) fn draw(
    groups: usize,
    each: usize,
    random: &mut dyn Random,
) -> Result<Zeroizing<String>, seal::Error> {
    // Room for all of it, so that no part is left behind in memory.
    let mut word = Zeroizing::new(String::with_capacity(groups * (each + 1)));
    let mut letters = 0;
    while letters < groups * each {
        let [byte] = seal::random::bytes::<1>(random)?;
        let Some(letter) = ALPHABET.get(usize::from(byte & 31)) else {
            continue; // every letter is as likely as the next
        };
        if letters > 0 && letters % each == 0 {
            word.push('-');
        }
        word.push(char::from(*letter));
        letters += 1;
    }
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seal::random::SystemRandom;

    #[test]
    fn a_word_is_long_and_plain_and_never_the_same() {
        let word = draw(4, 5, &mut SystemRandom::default()).unwrap();
        let groups: Vec<&str> = word.split('-').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [5; 4]);
        assert_ne!(*word, *draw(4, 5, &mut SystemRandom::default()).unwrap());
    }
}
