//! `frames.tsv`: for each task, language and step, what the screen looked like (a hash of its pixels) and the sentence.
//! Whether the manual is stale is a comparison of this file with one made anew.
//!
//! Must not: depend on how a picture is packed.

use std::{fs, path::Path};

use image::RgbaImage;

use super::{Failure, Played};

/// Its name.
pub(super) const FILE: &str = "frames.tsv";

/// The whole file.
pub(super) fn of(played: &[Played]) -> String {
    let mut text = String::from("task\tlanguage\tstep\tpixels\tsentence\n");
    for (key, line, _) in lines(played) {
        text.push_str(&format!("{key}\t{line}\n"));
    }
    text
}

/// Everything that is not the same, in plain words. Screens that look different are put into `seen`.
pub(super) fn differences(committed: &str, played: &[Played], seen: &Path) -> Result<Vec<String>, Failure> {
    let known: Vec<(&str, &str)> = committed.lines().skip(1).filter_map(split).collect();
    let mut found = Vec::new();
    let now = lines(played);
    for (key, line, frame) in &now {
        let what = match known.iter().find(|(known, _)| known == key) {
            None => "is new",
            Some((_, then)) if then == line => continue,
            Some((_, then)) if then.split('\t').next() == line.split('\t').next() => "says something else",
            Some(_) => {
                fs::create_dir_all(seen)?;
                frame.save(seen.join(format!("{}.png", key.replace('\t', "-"))))?;
                "looks different"
            }
        };
        found.push(format!("{} {what}", named(key)));
    }
    let gone = known.iter().filter(|(key, _)| now.iter().all(|(present, ..)| present != key));
    found.extend(gone.map(|(key, _)| format!("{} is no more", named(key))));
    Ok(found)
}

/// Key (task, language, step), the rest of the line, and the picture.
fn lines(played: &[Played]) -> Vec<(String, String, &RgbaImage)> {
    played.iter().flat_map(lines_of).collect()
}

fn lines_of(one: &Played) -> Vec<(String, String, &RgbaImage)> {
    let mut lines = Vec::new();
    for (index, (frame, step)) in one.frames.iter().zip(&one.task.steps).enumerate() {
        let key = format!("{}\t{}\t{}", one.task.id, one.language.code(), index + 1);
        lines.push((key, format!("{:016x}\t{}", hash(frame.as_raw()), step.of(one.language)), frame));
    }
    lines
}

fn split(line: &str) -> Option<(&str, &str)> {
    let end = line.match_indices('\t').nth(2)?.0;
    Some((&line[..end], &line[end + 1..]))
}

fn named(key: &str) -> String {
    let mut parts = key.split('\t');
    let mut part = || parts.next().unwrap_or_default();
    let (task, language, step) = (part(), part(), part());
    format!("task {task} ({language}), step {step}")
}

/// FNV-1a, 64 bits: tells pictures apart, guards against nobody.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use app::{display::Language, manual::tasks};

    use super::*;

    fn played(grey: u8) -> Vec<Played> {
        let task = &tasks()[0];
        let frames = vec![RgbaImage::from_pixel(4, 4, image::Rgba([grey; 4])); task.steps.len()];
        vec![Played { task, language: Language::Japanese, frames }]
    }

    #[test]
    fn a_changed_screen_a_changed_sentence_and_a_step_more_or_less_are_named() {
        let seen = tempfile::tempdir().unwrap();
        let now = |committed: &str, grey| differences(committed, &played(grey), seen.path()).unwrap();
        let committed = of(&played(1));
        assert!(now(&committed, 1).is_empty());
        assert_eq!(now(&committed, 2)[0], "task unlock (ja), step 1 looks different");
        assert!(seen.path().join("unlock-ja-1.png").is_file());
        let other_words = committed.replacen("押します", "さわります", 1);
        assert_eq!(now(&other_words, 1), ["task unlock (ja), step 1 says something else"]);
        let (rest, _) = committed.trim_end().rsplit_once('\n').unwrap();
        assert_eq!(now(rest, 1), ["task unlock (ja), step 5 is new"]);
        let more = format!("{committed}unlock\tja\t6\t0\tもう一つ\n");
        assert_eq!(now(&more, 1), ["task unlock (ja), step 6 is no more"]);
    }
}
