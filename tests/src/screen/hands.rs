//! What fingers and keys do: tapping, turning the wheel, typing.
//!
//! Must not: press what is covered or out of view; a finger could not.

use std::time::Duration;

use i_slint_backend_testing::{AccessibleRole, ElementHandle};
use slint::{
    ComponentHandle,
    platform::{Key, PointerEventButton, WindowEvent},
};

use super::{Place, Screen};
use crate::layout::place_of;
impl Screen {
    pub(super) fn buttons(&self, label: &str) -> Vec<ElementHandle> {
        ElementHandle::find_by_accessible_label(&self.window, label)
            .filter(|element| element.accessible_role() == Some(AccessibleRole::Button))
            .collect()
    }

    /// Whether a button of that label can be seen and pressed.
    pub fn can_tap(&self, label: &str) -> bool {
        self.buttons(label).iter().any(|button| button.accessible_enabled() != Some(false))
    }

    /// Taps the button if it can be tapped at this very moment; whether it was.
    pub fn tap_at_once(&self, label: &str) -> bool {
        let usable =
            |button: &ElementHandle| button.accessible_enabled() != Some(false) && self.is_on_top(button);
        let Some(button) = self.buttons(label).into_iter().find(usable) else { return false };
        button.mock_single_click(PointerEventButton::Left);
        self.settle();
        true
    }

    /// Taps the button with that label in its middle, as a finger would; scrolls to it first where it must.
    pub fn tap(&self, label: &str) {
        self.tap_nth(label, 0);
    }

    /// Taps the first button whose label is as wanted; looks for it further down the page where it must.
    pub fn tap_where(&self, what: &str, wanted: impl Fn(&str) -> bool) {
        let label = self.find(&wanted).unwrap_or_else(|| panic!("no button for {what}: {:?}", self.texts()));
        self.tap(&label);
    }

    /// The label of the first button as wanted, scrolling down to it where it must.
    pub fn find(&self, wanted: &impl Fn(&str) -> bool) -> Option<String> {
        for _ in 0..40 {
            let labels = self.all_buttons().into_iter().filter_map(|button| button.accessible_label());
            if let Some(label) = labels.map(|label| label.to_string()).find(|label| wanted(label)) {
                return Some(label);
            }
            self.scroll(0.6, -160.0);
        }
        None
    }

    pub(super) fn all_buttons(&self) -> Vec<ElementHandle> {
        i_slint_backend_testing::ElementRoot::root_element(&self.window)
            .query_descendants()
            .match_accessible_role(AccessibleRole::Button)
            .find_all()
    }

    /// Turns the wheel over a place in the middle of the height, `across` of the width from the left, and lets what
    /// that began come to rest.
    fn scroll(&self, across: f32, by: f32) {
        self.turn_wheel(across, by);
        self.settle();
    }

    /// Turns the wheel, and no more.
    pub fn turn_wheel(&self, across: f32, by: f32) {
        let size = self.size().to_logical(self.window.window().scale_factor());
        let position = slint::LogicalPosition::new(size.width * across, size.height / 2.0);
        self.window.window().dispatch_event(WindowEvent::PointerScrolled {
            position,
            delta_x: 0.0,
            delta_y: by,
        });
    }

    /// Taps one of several buttons with the same label.
    pub fn tap_nth(&self, label: &str, which: usize) {
        let usable = || {
            self.buttons(label).get(which).is_some_and(|button| button.accessible_enabled() != Some(false))
        };
        if which == 0 && !usable() && self.buttons(label).is_empty() {
            // It may come with the next event, or lie further down.
            for _ in 0..20 {
                self.look();
                std::thread::sleep(Duration::from_millis(5));
            }
            if self.buttons(label).is_empty() {
                let _ = self.find(&|other: &str| other == label);
            }
        }
        self.wait_for(&format!("a button “{label}”"), |_| usable());
        self.reached(label, which).mock_single_click(PointerEventButton::Left);
        self.settle();
    }

    /// Where a button lies, once it was scrolled to.
    pub fn reach(&self, label: &str) -> Place {
        if self.buttons(label).is_empty() {
            let _ = self.find(&|other: &str| other == label);
        }
        place_of(&self.reached(label, 0))
    }

    /// The button, scrolled to where a finger can press it.
    fn reached(&self, label: &str, which: usize) -> ElementHandle {
        for _ in 0..40 {
            let button = self.buttons(label).into_iter().nth(which);
            let button = button.unwrap_or_else(|| panic!("no button “{label}”: {:?}", self.texts()));
            let (position, size) = (button.absolute_position(), button.size());
            let middle = position.y + size.height / 2.0;
            let height = self.size().to_logical(self.window.window().scale_factor()).height;
            if (20.0..height - 4.0).contains(&middle) && self.is_on_top(&button) {
                return button;
            }
            let across = (position.x + size.width / 2.0) / self.size().to_logical(1.0).width.max(1.0);
            self.scroll(across, if middle > height / 2.0 { -120.0 } else { 120.0 });
        }
        panic!("the button “{label}” cannot be reached by scrolling");
    }

    /// Whether the button's middle is in view and nothing else that can be pressed lies over it: what is scrolled out of a
    /// list lies under the buttons at the page's foot, and a page lies under help. What is drawn later lies above.
    pub(super) fn is_on_top(&self, button: &ElementHandle) -> bool {
        let place = place_of(button);
        let (x, y) = (place.x + place.width / 2.0, place.y + place.height / 2.0);
        let root = i_slint_backend_testing::ElementRoot::root_element(&self.window);
        let frames = crate::layout::Frames::of(&root);
        // What is scrolled out of its frame is neither seen nor in the way.
        let is_cut_off = |place: Place| {
            let frame = frames.around(place);
            frame.is_some_and(|frame| !(frame.y..frame.y + frame.height).contains(&y))
        };
        if is_cut_off(place) {
            return false;
        }
        let own = |other: &ElementHandle| {
            place_of(other) == place && other.accessible_label() == button.accessible_label()
        };
        let buttons = self.all_buttons();
        let index = buttons.iter().position(own);
        !buttons.iter().skip(index.map_or(0, |index| index + 1)).map(place_of).any(|other| {
            let covers = (other.x..other.x + other.width).contains(&x)
                && (other.y..other.y + other.height).contains(&y);
            other != place && covers && !is_cut_off(other)
        })
    }

    /// Lets what a tap began come to rest.
    pub(super) fn settle(&self) {
        for _ in 0..8 {
            i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(50));
            self.look();
        }
    }

    /// Types on a keyboard.
    pub fn type_keys(&self, text: &str) {
        for character in text.chars() {
            let text: slint::SharedString = character.into();
            self.window.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
            self.window.window().dispatch_event(WindowEvent::KeyReleased { text });
            self.look();
        }
    }

    /// Presses one key that writes nothing.
    pub fn press_key(&self, key: Key) {
        let text: slint::SharedString = key.into();
        self.window.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        self.window.window().dispatch_event(WindowEvent::KeyReleased { text });
        self.settle();
    }

    /// Presses the return key.
    pub fn press_return(&self) {
        self.press_key(Key::Return);
    }
}
