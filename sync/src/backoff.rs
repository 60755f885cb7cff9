//! How long to wait after a failure: the one formula for it.
//!
//! Must not: wait on its own; it only says for how long.

use seal::random::Random;

/// The first wait, in milliseconds.
pub const FIRST_MS: u64 = 2_000;
/// The longest.
pub const LONGEST_MS: u64 = 300_000;

/// The wait after `failures` failures in a row (from 1): doubles each time up to [`LONGEST_MS`], and falls
/// anywhere between half of that and the whole, so that tablets which lost the network together do not return
/// together. `ask` is what the server asked for at least (Retry-After).
pub fn wait_ms(failures: u32, ask_ms: u64, random: &mut dyn Random) -> u64 {
    let doubled = FIRST_MS.saturating_mul(1 << failures.saturating_sub(1).min(20));
    let longest = doubled.min(LONGEST_MS);
    let half = longest / 2;
    // Without randomness every tablet waits the whole time, which is no harm to the central.
    let spread =
        seal::random::bytes::<8>(random).map_or(half, |bytes| u64::from_be_bytes(bytes) % (half + 1));
    (half + spread).max(ask_ms.min(LONGEST_MS * 12))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Fixed(u8);
    impl Random for Fixed {
        fn fill(&mut self, buffer: &mut [u8]) -> Result<(), seal::Error> {
            buffer.fill(self.0);
            Ok(())
        }
    }

    proptest! {
        #[test]
        fn a_wait_grows_stays_in_bounds_and_honours_the_server(failures in 1_u32..100, byte: u8, ask in 0_u64..7_200_000) {
            let wait = wait_ms(failures, 0, &mut Fixed(byte));
            prop_assert!((FIRST_MS / 2..=LONGEST_MS).contains(&wait));
            prop_assert!(failures < 9 || wait >= LONGEST_MS / 2);
            prop_assert!(wait_ms(failures, ask, &mut Fixed(byte)) >= ask.min(LONGEST_MS * 12));
        }
    }
}
