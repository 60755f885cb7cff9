//! Whatever the bytes are, reading them gives a value: no panic, and nothing read out of nothing.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

mod packages;
mod papers;

/// Bytes that look random and follow from a seed.
fn noise(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect()
}
