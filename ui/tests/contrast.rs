//! The contrast of every pair of the theme's colours that stands on a screen, in both colourings, after WCAG 2.2: 4.5:1 for words,
//! 3:1 for the edges and signs of what can be pressed. Reads the theme's source.
//!
//! Must not: know a colour; it knows which stands on which.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// WCAG 2.2, 1.4.3: words.
const WORDS: f64 = 4.5;
/// WCAG 2.2, 1.4.11: what tells that something can be pressed, and in what state it is.
const EDGES: f64 = 3.0;

/// What is written or drawn, and on what.
const WORDS_ON: [(&str, &[&str]); 8] = [
    ("ink", &["canvas", "surface", "action-tint", "safe-tint", "person-tint", "stop-tint"]),
    // Names beside a value, also in rows that are chosen, pressed or compared.
    ("sub-ink", &["canvas", "surface", "action-tint", "safe-tint", "person-tint"]),
    ("action", &["canvas", "surface", "action-tint"]),
    ("safe", &["canvas", "surface", "safe-tint"]),
    ("person", &["canvas", "surface", "person-tint"]),
    ("stop", &["canvas", "surface", "stop-tint"]),
    // On the one primary button of a page, whatever its tone.
    ("action-ink", &["action", "action-pressed", "stop"]),
    // The bar above the page while somebody practises.
    ("canvas", &["person"]),
];
const EDGES_ON: [(&str, &[&str]); 5] = [
    ("line", &["canvas", "surface"]),
    ("action", &["canvas", "surface"]),
    ("safe", &["canvas", "surface", "safe-tint"]),
    ("person", &["canvas", "surface", "person-tint"]),
    ("stop", &["canvas", "surface", "stop-tint"]),
];
/// The focus ring is two rings: one of them is seen on each of these.
const RINGS: [&str; 2] = ["focus", "focus-edge"];
const UNDER_RINGS: [&str; 7] =
    ["canvas", "surface", "action", "action-tint", "safe-tint", "person-tint", "stop-tint"];

type Colours = BTreeMap<String, [f64; 3]>;

/// The theme's colours, dark and light.
fn theme() -> [Colours; 2] {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("slint/theme.slint");
    let source = fs::read_to_string(file).unwrap();
    let mut colours = [Colours::new(), Colours::new()];
    for line in source.lines() {
        let Some(declared) = line.trim().strip_prefix("out property <color> ") else { continue };
        let (name, value) = declared.trim_end_matches(';').split_once(": ").unwrap();
        let (dark, light) =
            value.strip_prefix("dark ? ").map_or((value, value), |both| both.split_once(" : ").unwrap());
        for (colours, value) in colours.iter_mut().zip([dark, light]) {
            colours.insert(name.to_owned(), channels(value));
        }
    }
    colours
}

fn channels(hexadecimal: &str) -> [f64; 3] {
    let digits = hexadecimal.strip_prefix('#').unwrap();
    assert_eq!(digits.len(), 6, "{hexadecimal}: without transparency");
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0)
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |channel: f64| {
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn words_and_edges_stand_out_from_what_they_are_on() {
    let mut faults = Vec::new();
    for (colouring, colours) in ["dark", "light"].iter().zip(theme()) {
        for (least, table) in [(WORDS, &WORDS_ON[..]), (EDGES, &EDGES_ON[..])] {
            for (over, unders) in table {
                for under in *unders {
                    let ratio = contrast(colours[*over], colours[*under]);
                    if ratio < least {
                        faults.push(format!("{colouring}: {over} on {under} is {ratio:.2}:1, not {least}:1"));
                    }
                }
            }
        }
        for under in UNDER_RINGS {
            let best =
                RINGS.map(|ring| contrast(colours[ring], colours[under])).into_iter().fold(0.0, f64::max);
            if best < EDGES {
                faults.push(format!("{colouring}: the focus ring on {under} is {best:.2}:1"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_colour_of_the_theme_is_judged() {
    let judged: BTreeSet<&str> = WORDS_ON
        .iter()
        .chain(&EDGES_ON)
        .flat_map(|(over, unders)| std::iter::once(*over).chain(unders.iter().copied()))
        .chain(RINGS)
        .collect();
    let [dark, _] = theme();
    assert!(dark.len() > 15, "{dark:?}");
    let left_out: Vec<&String> = dark.keys().filter(|name| !judged.contains(name.as_str())).collect();
    assert!(left_out.is_empty(), "in no pair: {left_out:?}");
}

#[test]
fn black_on_white_is_the_most_there_is() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast(channels("#767676"), [1.0; 3]) - 4.54).abs() < 0.01);
}
