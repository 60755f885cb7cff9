//! A USB barcode scanner types like a keyboard: its characters become lines of text.
//!
//! Must not: know what a line says; take a key that a page needs.

use slint::SharedString;

use crate::{platform::monotonic_ms, shell::Post, workflow::Event};

/// Characters that are further apart belong to another code.
const LONGEST_GAP_MS: f64 = 500.0;
/// Milliseconds a character, over a whole line, that no finger keeps up with: what is slower was typed by a person, and a
/// person's typing is another kind of witness.
const SLOWEST_SCANNER_MS: f64 = 50.0;
/// No code on paper or packages is longer.
const MOST_CHARACTERS: usize = 120;
/// What separates the elements of a GS1 code, as scanners type it.
const GROUP_SEPARATOR: char = '\u{1d}';

/// What a page does with a key: whether it was taken. A line is told as an event.
pub(crate) fn keys(post: &Post) -> impl FnMut(SharedString) -> bool + 'static {
    let (mut keys, to) = (Keys::default(), post.clone());
    move |text| match keys.press(&text, monotonic_ms()) {
        Taken::No => false,
        Taken::Kept => true,
        Taken::Line(line) => {
            to.event(Event::Typed(line));
            true
        }
    }
}

/// What a page does with a key where single keys are its own: only the end of a scanner's line is taken, and the page
/// takes back what it made of the characters before.
pub(crate) fn lines(post: &Post) -> impl FnMut(SharedString) -> bool + 'static {
    let (mut keys, to) = (Keys::default(), post.clone());
    move |text| match keys.press(&text, monotonic_ms()) {
        Taken::No | Taken::Kept => false,
        Taken::Line(line) => {
            to.event(Event::Typed(line));
            true
        }
    }
}

/// The characters since the last line.
#[derive(Debug, Default)]
struct Keys {
    text: String,
    first_ms: f64,
    last_ms: f64,
}

/// What became of a key.
#[derive(Debug, PartialEq, Eq)]
enum Taken {
    /// It is the page's.
    No,
    /// It belongs to a line.
    Kept,
    /// It ended this line.
    Line(String),
}

impl Keys {
    /// Takes one key in: its text as the toolkit gives it, and the monotonic clock.
    fn press(&mut self, text: &str, now_ms: f64) -> Taken {
        if now_ms - self.last_ms > LONGEST_GAP_MS {
            self.text.clear();
        }
        self.last_ms = now_ms;
        let mut characters = text.chars();
        let (Some(character), None) = (characters.next(), characters.next()) else { return Taken::No };
        match character {
            '\n' | '\r' if !self.text.is_empty() => {
                let line = std::mem::take(&mut self.text);
                let is_scanner = now_ms - self.first_ms <= SLOWEST_SCANNER_MS * line.chars().count() as f64;
                if is_scanner { Taken::Line(line) } else { Taken::No }
            }
            // A space presses the button that has the focus.
            '!'..='~' | GROUP_SEPARATOR => {
                if self.text.is_empty() {
                    self.first_ms = now_ms;
                }
                if self.text.len() < MOST_CHARACTERS {
                    self.text.push(character);
                }
                Taken::Kept
            }
            _ => Taken::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &mut Keys, text: &str, step_ms: f64) -> Vec<Taken> {
        let mut now_ms = 10_000.0;
        let mut press = |character: char| {
            now_ms += step_ms;
            keys.press(&character.to_string(), now_ms)
        };
        text.chars().map(&mut press).filter(|taken| *taken != Taken::Kept).collect()
    }

    #[test]
    fn quick_characters_make_a_line() {
        let mut keys = Keys::default();
        assert_eq!(typed(&mut keys, "A0000123456B\n", 8.0), [Taken::Line("A0000123456B".to_owned())]);
        assert_eq!(typed(&mut keys, "\n", 8.0), [Taken::No], "Return alone presses a button");
    }

    #[test]
    fn slow_characters_and_other_keys_make_none() {
        assert_eq!(typed(&mut Keys::default(), "123\n", 900.0), [Taken::No]);
        assert_eq!(typed(&mut Keys::default(), "0000123456\n", 150.0), [Taken::No], "a quick finger");
        assert_eq!(typed(&mut Keys::default(), "\t \u{f700}", 8.0), [Taken::No, Taken::No, Taken::No]);
        assert_eq!(Keys::default().press("", 1.0), Taken::No);
    }

    #[test]
    fn a_jammed_key_takes_no_more_than_a_line() {
        let line = typed(&mut Keys::default(), &format!("{}\n", "7".repeat(5000)), 1.0);
        assert_eq!(line, [Taken::Line("7".repeat(MOST_CHARACTERS))]);
    }
}
