//! 支援コード: what the support desk needs to know of a tablet, in twelve characters that can be read out on the telephone.
//! Nothing of a person fits into it.
//!
//! Must not: know how any of it is found out.

use std::{fmt, str::FromStr};

/// 自己点検の結果: how one part of the tablet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartState {
    /// It was not looked at, or nobody can know it here.
    Unknown,
    /// 良好.
    Good,
    /// 注意: work goes on, and somebody should look.
    Attention,
    /// 使えない: something does not work without it.
    Failed,
}

/// A part of the tablet that the self-test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// カメラ.
    Camera,
    /// 明るさ.
    Light,
    /// 保存.
    Storage,
    /// 時計.
    Clock,
    /// 通信.
    Network,
    /// 鍵.
    KeyStore,
    /// 音.
    Sound,
}

impl Part {
    /// All, in the order of the page and of the code.
    pub const ALL: [Self; 7] =
        [Self::Camera, Self::Light, Self::Storage, Self::Clock, Self::Network, Self::KeyStore, Self::Sound];
}

/// Why the last try to send brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SendTrouble {
    /// It went well, or nothing was tried.
    None,
    /// No way to the central.
    Unreachable,
    /// The connection broke off.
    Broken,
    /// Whoever answered is not the central of the bundle.
    Untrusted,
    /// The bundle's address or authority cannot be used.
    Address,
    /// The answer is none, or too large.
    Nonsense,
    /// A receipt does not fit.
    Receipt,
    /// The central does not know this tablet.
    NotEnrolled,
    /// The one-time token was refused.
    TokenRefused,
    /// The central is busy.
    Busy,
    /// The signature was refused.
    SignatureRefused,
    /// The request was refused: the programs do not fit each other.
    Refused,
    /// The tablet's own database failed while sending.
    Store,
    /// One that a later program knows.
    Later,
}

impl SendTrouble {
    /// All, in the order of the code.
    pub const ALL: [Self; 14] = [
        Self::None,
        Self::Unreachable,
        Self::Broken,
        Self::Untrusted,
        Self::Address,
        Self::Nonsense,
        Self::Receipt,
        Self::NotEnrolled,
        Self::TokenRefused,
        Self::Busy,
        Self::SignatureRefused,
        Self::Refused,
        Self::Store,
        Self::Later,
    ];
}

/// What a support code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportReport {
    /// The tablet program's version: major, minor, patch; each up to 15.
    pub program: [u8; 3],
    /// Each of [`Part::ALL`].
    pub parts: [PartState; 7],
    /// Why the last try to send brought nothing.
    pub trouble: SendTrouble,
    /// 送信待ち, as a power of two at or below it: see [`scale`].
    pub pending_scale: u8,
    /// 要確認, the same.
    pub needs_review_scale: u8,
    /// 記録, the same.
    pub entries_scale: u8,
    /// Free space in MiB, the same.
    pub free_mib_scale: u8,
    /// 代: databases before this one that were set aside; 3 for more.
    pub set_aside: u8,
}

/// A text is no support code, or was misheard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a support code")]
pub struct SupportCodeError;

/// 支援コード.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportCode([u8; CHARACTERS]);

/// How long a code is.
pub const CHARACTERS: usize = 12;
/// 32 letters and digits without I, L, O and U: none is taken for another when read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bits of each field, in order: form, program, parts, problem, pending, review, entries, free, set aside.
const WIDTHS: [u32; 18] = [1, 4, 4, 4, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 5, 2, 0];
const CONTENT_BITS: u32 = 50;
/// Five bits a character; two of the twelve check the others.
const CHECK: u64 = 1021;

/// A number as 0 for none, or one more than its power of two: 1 → 1, 2–3 → 2, 4–7 → 3 …; at most `most`.
#[must_use]
pub fn scale(number: u64, most: u8) -> u8 {
    let bits = u64::BITS - number.leading_zeros();
    u8::try_from(bits).unwrap_or(u8::MAX).min(most)
}

/// The least and the most number of a scale, for who reads it: 3 → 4 and 7.
#[must_use]
pub fn range(scale: u8) -> (u64, u64) {
    match u32::from(scale) {
        0 => (0, 0),
        bits => (1 << (bits - 1).min(62), (1_u64 << bits.min(63)) - 1),
    }
}

impl SupportReport {
    fn fields(&self) -> [u64; 18] {
        let [major, minor, patch] = self.program.map(|number| u64::from(number.min(15)));
        let part = |place: usize| match self.parts[place] {
            PartState::Unknown => 0,
            PartState::Good => 1,
            PartState::Attention => 2,
            PartState::Failed => 3,
        };
        [
            1,
            major,
            minor,
            patch,
            part(0),
            part(1),
            part(2),
            part(3),
            part(4),
            part(5),
            part(6),
            SendTrouble::ALL.iter().position(|known| *known == self.trouble).unwrap_or(0) as u64,
            u64::from(self.pending_scale.min(15)),
            u64::from(self.needs_review_scale.min(15)),
            u64::from(self.entries_scale.min(15)),
            u64::from(self.free_mib_scale.min(31)),
            u64::from(self.set_aside.min(3)),
            0,
        ]
    }

    /// The code of it; what does not fit is said as the most that does.
    #[must_use]
    pub fn code(&self) -> SupportCode {
        let content =
            self.fields().into_iter().zip(WIDTHS).fold(0_u64, |bits, (field, width)| (bits << width) | field);
        let all = (content << 10) | (content % CHECK);
        SupportCode(std::array::from_fn(|place| {
            let shift = 5 * (CHARACTERS - 1 - place);
            ALPHABET[((all >> shift) & 31) as usize]
        }))
    }
}

impl SupportCode {
    /// What it says.
    ///
    /// # Errors
    /// [`SupportCodeError`] where a later program made it in another form.
    pub fn report(&self) -> Result<SupportReport, SupportCodeError> {
        let mut left = self.content()?;
        let mut fields = [0_u64; 18];
        for (field, width) in fields.iter_mut().zip(WIDTHS).rev() {
            *field = left & ((1 << width) - 1);
            left >>= width;
        }
        if fields[0] != 1 || left != 0 {
            return Err(SupportCodeError);
        }
        let small = |place: usize| fields[place] as u8;
        let part = |place: usize| match fields[4 + place] {
            0 => PartState::Unknown,
            1 => PartState::Good,
            2 => PartState::Attention,
            _ => PartState::Failed,
        };
        Ok(SupportReport {
            program: [small(1), small(2), small(3)],
            parts: std::array::from_fn(part),
            trouble: SendTrouble::ALL.get(fields[11] as usize).copied().unwrap_or(SendTrouble::Later),
            pending_scale: small(12),
            needs_review_scale: small(13),
            entries_scale: small(14),
            free_mib_scale: small(15),
            set_aside: small(16),
        })
    }

    fn content(&self) -> Result<u64, SupportCodeError> {
        let value = |character: &u8| ALPHABET.iter().position(|known| known == character);
        let all = self.0.iter().try_fold(0_u64, |all, character| Some((all << 5) | value(character)? as u64));
        let all = all.ok_or(SupportCodeError)?;
        let content = all >> 10;
        if content >> CONTENT_BITS == 0 && content % CHECK == all & 1023 {
            Ok(content)
        } else {
            Err(SupportCodeError)
        }
    }
}

/// In three groups of four, as it is read out.
impl fmt::Display for SupportCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.0.iter().enumerate() {
            let gap = if place > 0 && place % 4 == 0 { "-" } else { "" };
            write!(formatter, "{gap}{}", char::from(*character))?;
        }
        Ok(())
    }
}

/// Small letters, spaces and hyphens do not matter; I and L are taken for 1, O for 0, as they are heard and written.
impl FromStr for SupportCode {
    type Err = SupportCodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut code = [0; CHARACTERS];
        let mut places = code.iter_mut();
        for character in text.chars().filter(|character| !matches!(character, ' ' | '-' | '　')) {
            let folded = match character.to_ascii_uppercase() {
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            };
            let place = places.next().ok_or(SupportCodeError)?;
            *place = u8::try_from(folded).map_err(|_| SupportCodeError)?;
        }
        if places.next().is_some() {
            return Err(SupportCodeError);
        }
        let code = Self(code);
        code.content().map(|_| code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn report() -> impl Strategy<Value = SupportReport> {
        let part = prop_oneof![
            Just(PartState::Unknown),
            Just(PartState::Good),
            Just(PartState::Attention),
            Just(PartState::Failed)
        ];
        let scales = (0_usize..14, 0_u8..16, 0_u8..16, 0_u8..16, 0_u8..32, 0_u8..4);
        (proptest::array::uniform3(0_u8..16), proptest::collection::vec(part, 7), scales).prop_map(
            |(program, parts, (trouble, pending, review, entries, free, set_aside))| SupportReport {
                program,
                parts: parts.try_into().unwrap(),
                trouble: SendTrouble::ALL[trouble],
                pending_scale: pending,
                needs_review_scale: review,
                entries_scale: entries,
                free_mib_scale: free,
                set_aside,
            },
        )
    }

    #[test]
    fn a_number_is_told_by_its_size() {
        for (number, scaled) in [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (1000, 10), (u64::MAX, 15)] {
            assert_eq!(scale(number, 15), scaled, "{number}");
            let (least, most) = range(scaled);
            assert!(scaled == 15 || (least..=most).contains(&number), "{number}");
        }
    }

    proptest! {
        #[test]
        fn what_is_said_is_understood_however_it_is_written(report in report()) {
            let code = report.code();
            let written = code.to_string();
            prop_assert_eq!(written.len(), 14);
            prop_assert_eq!(code.report(), Ok(report));
            for heard in [written.to_lowercase().replace('-', " "), written.replace('0', "o").replace('1', "l")] {
                prop_assert_eq!(heard.parse::<SupportCode>(), Ok(code));
            }
        }

        #[test]
        fn one_character_that_was_misheard_is_noticed(report in report(), place in 0_usize..12, other in 0_usize..32) {
            let mut code = report.code().0;
            prop_assume!(code[place] != ALPHABET[other]);
            code[place] = ALPHABET[other];
            let text: String = code.iter().map(|character| char::from(*character)).collect();
            prop_assert!(text.parse::<SupportCode>().is_err());
        }

        #[test]
        fn any_text_is_a_code_or_none(text in ".{0,20}") {
            if let Ok(code) = text.parse::<SupportCode>() {
                let _ = code.report();
            }
        }
    }
}
