//! The words on the screens: each is in the catalogue of Japanese, and none is shown past it. Reads the sources, so that
//! a sentence cannot be forgotten on a page that no other test opens.
//!
//! Must not: judge a translation; it says only that there is one.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

mod catalogue;
mod literals;

use std::{collections::BTreeSet, fs, path::Path};

use catalogue::Message;
use literals::{Literal, Role};

/// Every literal of every screen, with the file it stands in.
fn screens() -> Vec<(String, Literal)> {
    let mut all = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("slint")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "slint") {
                let found = literals::of(&fs::read_to_string(&path).unwrap());
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                all.extend(found.into_iter().map(|literal| (name.clone(), literal)));
            }
        }
    }
    all
}

fn japanese() -> Vec<Message> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("lang/ja/LC_MESSAGES/ui.po");
    catalogue::read(&fs::read_to_string(file).unwrap())
}

#[test]
fn every_word_of_the_screens_is_in_the_catalogue_and_no_line_of_it_is_left_over() {
    let mut shown = BTreeSet::new();
    for (_, literal) in screens() {
        if let Role::Translated { context } = literal.role {
            shown.insert((context, literal.text));
        }
    }
    assert!(shown.len() > 50, "only {} were found on the screens", shown.len());
    let lines: Vec<_> = japanese().into_iter().map(|message| (message.context, message.id)).collect();
    let known: BTreeSet<_> = lines.iter().cloned().collect();
    assert_eq!(known.len(), lines.len(), "a line stands twice");
    assert_eq!(shown.difference(&known).collect::<Vec<_>>(), Vec::<&_>::new(), "not in the catalogue");
    assert_eq!(known.difference(&shown).collect::<Vec<_>>(), Vec::<&_>::new(), "on no screen");
}

#[test]
fn every_line_says_something_and_keeps_the_places_of_what_is_put_in() {
    for message in japanese() {
        assert!(!message.text.trim().is_empty(), "{}: no words", message.id);
        assert_ne!(message.text, message.id, "not translated");
        let places = |text: &str| text.matches("{}").count();
        assert_eq!(places(&message.text), places(&message.id), "{}", message.id);
        assert!(!message.is_fuzzy, "{}: marked as a guess", message.id);
    }
}

#[test]
fn no_words_are_shown_past_the_catalogue() {
    for (file, literal) in screens() {
        let Role::Plain { statement } = &literal.role else { continue };
        let says_something = literal.text.chars().any(char::is_alphabetic);
        assert!(
            !says_something || literals::is_never_shown(statement),
            "{file}:{}: \"{}\" stands outside @tr",
            literal.line,
            literal.text
        );
    }
}
