//! What can be known truly of how a page lies on the screen: what a finger could not press, what reaches out of the
//! window or of what it stands in, what lies over something else.
//!
//! Must not: judge how a page looks; the stored pictures hold that, and people.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementRoot};
use slint::ComponentHandle;
use ui::TabletWindow;

use crate::screen::Place;

/// 12 mm in logical pixels: docs/architecture.md says how a tablet's scale is set so that it is that everywhere.
pub const FINGER_PX: f32 = 72.0;
/// What rounding may take.
const SLACK_PX: f32 = 1.0;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Button,
    Words,
}

/// Something that is pressed or read.
struct Thing {
    kind: Kind,
    name: String,
    place: Place,
    /// What it moves in, where it is part of something that scrolls.
    scrolls_in: Option<Place>,
}

/// What is wrong with how the page lies, in words.
pub fn faults(window: &TabletWindow) -> Vec<String> {
    let root = window.root_element();
    let size = window.window().size().to_logical(window.window().scale_factor());
    let whole = Place { x: 0.0, y: 0.0, width: size.width, height: size.height };
    let things = things(&root);
    let mut faults = Vec::new();
    for thing in &things {
        let Thing { kind, name, place, scrolls_in } = thing;
        if *kind == Kind::Button
            && (place.width + SLACK_PX < FINGER_PX || place.height + SLACK_PX < FINGER_PX)
        {
            faults.push(format!("{} is too small for a finger", describe(thing)));
        }
        if *kind == Kind::Button && name.is_empty() {
            faults.push(format!("{} has no label", describe(thing)));
        }
        let bounds = scrolls_in.map_or(whole, |frame| Place { y: place.y, height: place.height, ..frame });
        if !holds(bounds, *place) {
            faults.push(format!("{} reaches out of {}", describe(thing), place_in_words(bounds)));
        }
    }
    for (index, thing) in things.iter().enumerate() {
        for other in &things[index + 1..] {
            if thing.kind == other.kind
                && thing.scrolls_in == other.scrolls_in
                && overlap(thing.place, other.place)
            {
                faults.push(format!("{} lies over {}", describe(other), describe(thing)));
            }
        }
    }
    faults.extend(words_out_of_buttons(&root));
    faults
}

/// What scrolls, each with what it holds, from the outside in.
pub struct Frames(Vec<(Place, Vec<Place>)>);

impl Frames {
    /// Those of a window.
    pub fn of(root: &ElementHandle) -> Self {
        let frames = ["Scroll", "ListView"].iter().flat_map(|name| of_type(root, name));
        let with_inside = frames.map(|frame| {
            let inside = frame.query_descendants().find_all();
            (place_of(&frame), inside.iter().map(place_of).collect())
        });
        Self(with_inside.collect())
    }

    /// What something that lies there moves in.
    pub fn around(&self, place: Place) -> Option<Place> {
        self.0.iter().rev().find(|(_, inside)| inside.contains(&place)).map(|(frame, _)| *frame)
    }
}

/// Everything that is pressed or read, but for what lies over the page on purpose.
fn things(root: &ElementHandle) -> Vec<Thing> {
    let above: Vec<Place> = ["Watermark", "NoticeOver"]
        .iter()
        .flat_map(|name| of_type(root, name))
        .flat_map(|element| element.query_descendants().find_all())
        .map(|element| place_of(&element))
        .collect();
    let frames = Frames::of(root);
    let all = root.query_descendants().find_all();
    let seen = all.iter().filter_map(|element| {
        let kind = if element.accessible_role() == Some(AccessibleRole::Button) {
            Kind::Button
        } else if is_words(element) {
            Kind::Words
        } else {
            return None;
        };
        let place = place_of(element);
        let shown = place.width > 0.0 && place.height > 0.0 && !above.contains(&place);
        shown.then(|| Thing {
            kind,
            name: element.accessible_label().unwrap_or_default().into(),
            scrolls_in: frames.around(place),
            place,
        })
    });
    seen.collect()
}

fn words_out_of_buttons(root: &ElementHandle) -> Vec<String> {
    let buttons = root.query_descendants().match_accessible_role(AccessibleRole::Button).find_all();
    let mut faults = Vec::new();
    for button in &buttons {
        let place = place_of(button);
        let words = button.query_descendants().match_predicate(is_words).find_all();
        for words in words.iter().map(place_of).filter(|words| words.width > 0.0 && !holds(place, *words)) {
            let label = button.accessible_label().unwrap_or_default();
            faults.push(format!(
                "words at {} reach out of “{label}” at {}",
                place_in_words(words),
                place_in_words(place)
            ));
        }
    }
    faults
}

fn of_type(root: &ElementHandle, name: &str) -> Vec<ElementHandle> {
    root.query_descendants().match_inherits(name).find_all()
}

fn is_words(element: &ElementHandle) -> bool {
    element.type_name().is_some_and(|name| name == "Text")
        || element.bases().is_some_and(|mut bases| bases.any(|base| base == "Text"))
}

/// Where an element is.
pub fn place_of(element: &ElementHandle) -> Place {
    let (at, size) = (element.absolute_position(), element.size());
    Place { x: at.x, y: at.y, width: size.width, height: size.height }
}

/// Whether both lie there, but for rounding.
pub fn is_same(one: Place, other: Place) -> bool {
    holds(one, other) && holds(other, one)
}

fn holds(outer: Place, inner: Place) -> bool {
    inner.x >= outer.x - SLACK_PX
        && inner.y >= outer.y - SLACK_PX
        && inner.x + inner.width <= outer.x + outer.width + SLACK_PX
        && inner.y + inner.height <= outer.y + outer.height + SLACK_PX
}

fn overlap(one: Place, other: Place) -> bool {
    let shared = |a: f32, a_long: f32, b: f32, b_long: f32| (a + a_long).min(b + b_long) - a.max(b);
    shared(one.x, one.width, other.x, other.width) > SLACK_PX
        && shared(one.y, one.height, other.y, other.height) > SLACK_PX
}

fn describe(thing: &Thing) -> String {
    let what = match thing.kind {
        Kind::Button => "the button",
        Kind::Words => "the words",
    };
    format!("{what} “{}” at {}", thing.name, place_in_words(thing.place))
}

fn place_in_words(place: Place) -> String {
    format!("{:.0},{:.0} ({:.0}×{:.0})", place.x, place.y, place.width, place.height)
}
