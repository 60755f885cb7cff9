//! Frames of our own synthesiser, by seed: coupons lying under a stand's camera, by level, and one set by what went wrong.
//!
//! Must not: draw the paper; `sheets` does.

use std::{fs, path::Path};

use rand::{RngExt, SeedableRng, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use record::MunicipalityTable;
use scanner::Symbol;
use sheets::{
    FrameSize, Level, LineDigits,
    stand::{Disturbance, Slip, Take},
};

use crate::{
    Failure, folder,
    picture::{Kind, Luma, Set, Truth},
};

const LEVELS: [(Level, &str); 3] =
    [(Level::Good, "level 1"), (Level::Usual, "level 2"), (Level::Bad, "level 3")];
/// In turn.
const SIZES: [FrameSize; 2] =
    [FrameSize { width: 1280, height: 720 }, FrameSize { width: 1920, height: 1080 }];

/// `count` frames, a third a level, and as many in which something went wrong.
pub(crate) fn take(seed: u64, count: u64, into: &Path) -> Result<Vec<Set>, Failure> {
    let level =
        |place: u64| (LEVELS[(place % 3) as usize].0, Disturbance::None, LEVELS[(place % 3) as usize].1);
    let wrong = |place: u64| {
        let what = Disturbance::ALL[1..][(place % (Disturbance::ALL.len() as u64 - 1)) as usize];
        (Level::Usual, what, what.name())
    };
    let about = format!("{count} frames of our own synthesiser, seed {seed}");
    Ok(vec![
        set("own frames", about.clone(), (seed, count), into, level)?,
        set(
            "own frames, disturbed",
            format!("{about}, level 2, each with one disturbance"),
            (seed, count),
            into,
            wrong,
        )?,
    ])
}

fn set(
    name: &str,
    about: String,
    (seed, count): (u64, u64),
    into: &Path,
    what: impl Fn(u64) -> (Level, Disturbance, &'static str),
) -> Result<Set, Failure> {
    let into = into.join(name);
    fs::create_dir_all(&into)?;
    let mut pictures = Vec::new();
    for place in 0..count {
        let (level, disturbance, group) = what(place);
        let size = SIZES[(place / 7 % 2) as usize];
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(place);
        let slip = Slip::by_lot(line(&mut rng), disturbance, &mut rng);
        let take = Take::set_up(slip, level, size, rng.random());
        let slip = take.slip();
        let says = |is_shown: bool, text: Option<&str>| match text {
            Some(text) if is_shown => Truth::Says(text.to_owned()),
            _ => Truth::Nothing,
        };
        let mut truths = [const { Truth::Unknown }; Symbol::ALL.len()];
        truths[Symbol::Qr as usize] = says(take.shows_qr(), Some(slip.digits.as_str()));
        truths[Symbol::Nw7 as usize] = says(take.shows_nw7(), slip.nw7_digits());
        truths[Symbol::OcrLine as usize] = says(take.shows_line(), Some(slip.digits.as_str()));
        let luma =
            Luma { width: size.width as u32, height: size.height as u32, pixels: take.settled_frame() };
        let printed = Some(slip.digits.as_str().to_owned());
        pictures.push(folder::keep(&luma, &into, &place.to_string(), group.to_owned(), truths, printed)?);
    }
    Ok(Set { name: name.to_owned(), kind: Kind::Frames, about, pictures })
}

/// A line with a municipality that exists and a number by lot, every second one with many noughts as small towns have.
fn line(rng: &mut ChaCha8Rng) -> LineDigits {
    let cities: Vec<_> = MunicipalityTable::shipped().iter().filter(|row| row.city.is_none()).collect();
    let code = cities.choose(rng).map_or_else(|| "131016".to_owned(), |city| city.code.to_string());
    let kind = if rng.random_bool(0.9) { 2 } else { 1 };
    let dose = rng.random_range(1..=7);
    let most: u64 = if rng.random_bool(0.5) { 1_000_000 } else { 10_000_000_000 };
    let number = rng.random_range(0..most);
    format!("{kind}{dose}{code}{number:010}").parse().unwrap_or(LineDigits::ZEROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_frames_and_every_level_and_disturbance_occurs() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = take(7, 8, one.path()).unwrap();
        let second = take(7, 8, two.path()).unwrap();
        for (first, second) in first.iter().zip(&second) {
            for (first, second) in first.pictures.iter().zip(&second.pictures) {
                assert_eq!(first.truths, second.truths);
                assert!(first.open().unwrap().pixels == second.open().unwrap().pixels);
            }
        }
        let groups = |set: &Set| {
            set.pictures.iter().map(|it| it.group.clone()).collect::<std::collections::BTreeSet<_>>().len()
        };
        assert_eq!((groups(&first[0]), groups(&first[1])), (3, 7));
        assert!(first[0].pictures.iter().any(|picture| picture.height == 1080));
    }
}
