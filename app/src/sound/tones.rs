//! The three sounds as samples: they differ in number, length and direction of their tones, so that nobody needs an ear for
//! pitch to tell them apart, and lie where a small speaker is loud and older ears still hear well (500 to 1,500 Hz).
//!
//! Must not: play anything.

use std::{f32::consts::TAU, num::NonZero};

use super::Signal;

/// Samples a second.
pub(super) const SAMPLES_A_SECOND: NonZero<u32> = NonZero::new(44_100).expect("not zero");
/// Swelling and fading, in seconds: without it a tone begins and ends with a click.
const RAMP_S: f32 = 0.008;
const LOUDNESS: f32 = 0.6;

/// One tone: pitch in hertz (0 is silence) and length in seconds.
type Tone = (f32, f32);

/// Two short rising tones; three of one pitch; one long low one.
fn tones(signal: Signal) -> &'static [Tone] {
    match signal {
        Signal::Read => &[(880.0, 0.07), (1320.0, 0.11)],
        Signal::PersonNeeded => &[(700.0, 0.12), (0.0, 0.07), (700.0, 0.12), (0.0, 0.07), (700.0, 0.12)],
        Signal::Refused => &[(520.0, 0.6)],
    }
}

/// The sound, one channel, each sample −1 to 1.
pub(super) fn samples(signal: Signal) -> Vec<f32> {
    tones(signal).iter().flat_map(|tone| tone_samples(*tone)).collect()
}

fn tone_samples((pitch_hz, length_s): Tone) -> impl Iterator<Item = f32> {
    let count = (length_s * SAMPLES_A_SECOND.get() as f32) as u32;
    (0..count).map(move |index| {
        let at_s = index as f32 / SAMPLES_A_SECOND.get() as f32;
        let ramp = (at_s.min(length_s - at_s) / RAMP_S).clamp(0.0, 1.0);
        // A third harmonic carries through a hall better than a pure tone.
        let wave = (TAU * pitch_hz * at_s).sin() + 0.3 * (TAU * 3.0 * pitch_hz * at_s).sin();
        LOUDNESS * ramp * wave / 1.3
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stretches of sound, with their length in hundredths of a second.
    fn stretches(signal: Signal) -> Vec<usize> {
        let chunk = SAMPLES_A_SECOND.get() as usize / 100;
        let loud: Vec<bool> = samples(signal)
            .chunks(chunk)
            .map(|chunk| chunk.iter().any(|sample| sample.abs() > 0.1))
            .collect();
        loud.chunk_by(|one, other| one == other).filter(|run| run[0]).map(<[bool]>::len).collect()
    }

    #[test]
    fn the_three_differ_in_number_and_length_and_none_is_too_loud() {
        assert_eq!(stretches(Signal::Read), [18]);
        assert_eq!(stretches(Signal::PersonNeeded), [12, 12, 12]);
        assert_eq!(stretches(Signal::Refused), [60]);
        for signal in Signal::ALL {
            let samples = samples(signal);
            assert!(samples.iter().all(|sample| sample.abs() <= LOUDNESS));
            assert!(samples.len() as u32 <= SAMPLES_A_SECOND.get(), "none is longer than a second");
        }
    }
}
