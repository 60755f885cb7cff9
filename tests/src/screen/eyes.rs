//! What is seen: words, places, the ring of the keyboard, pixels.
//!
//! Must not: press or type.

use std::{ops::ControlFlow, path::Path};

use i_slint_backend_testing::{AccessibleRole, ElementHandle};
use image::RgbaImage;
use slint::{ComponentHandle, PhysicalSize};

use super::{Place, Screen};
use crate::layout::place_of;
impl Screen {
    /// Where the first thing is whose label is as wanted.
    pub fn place_where(&self, what: &str, wanted: impl Fn(&str) -> bool) -> Place {
        let root = i_slint_backend_testing::ElementRoot::root_element(&self.window);
        let found = root.visit_descendants(|element| match element.accessible_label() {
            Some(label) if wanted(&label) => ControlFlow::Break(element),
            _ => ControlFlow::Continue(()),
        });
        place_of(&found.unwrap_or_else(|| panic!("nothing is {what}: {:?}", self.texts())))
    }

    /// The first label that is as wanted.
    pub fn label_where(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        self.texts().into_iter().find(|label| wanted(label))
    }

    /// What is wrong with how the page lies, in words: see [`crate::layout`].
    pub fn layout_faults(&self) -> Vec<String> {
        crate::layout::faults(&self.window)
    }

    /// Where something is that differs each time: pictures, and what is labelled with one of these words.
    pub fn changing_places(&self, labelled: &[&str]) -> Vec<Place> {
        let root = i_slint_backend_testing::ElementRoot::root_element(&self.window);
        let changes = |element: &ElementHandle| {
            element.accessible_role() == Some(AccessibleRole::Image)
                || element
                    .accessible_label()
                    .is_some_and(|label| labelled.iter().any(|part| label.contains(part)))
        };
        let all = root.query_descendants().find_all();
        all.iter().filter(|element| changes(element)).map(place_of).collect()
    }

    /// The label of the button that the keyboard is at, where its focus ring can be seen.
    pub fn ringed(&self) -> Option<String> {
        let root = i_slint_backend_testing::ElementRoot::root_element(&self.window);
        let ring = root.query_descendants().match_inherits("FocusRing").find_first()?;
        let place = place_of(&ring);
        let is_around = |button: &ElementHandle| crate::layout::is_same(place_of(button), place);
        let button = self.all_buttons().into_iter().find(is_around)?;
        let size = self.size().to_logical(self.window.window().scale_factor());
        let is_seen = place.x >= -1.0
            && place.x + place.width <= size.width + 1.0
            && place.y >= -1.0
            && place.y + place.height.min(crate::layout::FINGER_PX) <= size.height + 1.0
            && self.is_on_top(&button);
        is_seen.then(|| button.accessible_label().unwrap_or_default().into())
    }

    /// The labels of everything that can be pressed now.
    pub fn pressable(&self) -> Vec<String> {
        let enabled = |button: &ElementHandle| button.accessible_enabled() != Some(false);
        let labels =
            self.all_buttons().into_iter().filter(enabled).filter_map(|button| button.accessible_label());
        labels.map(Into::into).collect()
    }

    /// Every text an assistive program would read, in order.
    pub fn texts(&self) -> Vec<String> {
        let root = i_slint_backend_testing::ElementRoot::root_element(&self.window);
        let mut texts = Vec::new();
        root.visit_descendants(|element| {
            if let Some(label) = element.accessible_label().filter(|label| !label.is_empty()) {
                texts.push(label.to_string());
            }
            ControlFlow::<()>::Continue(())
        });
        texts
    }

    /// Whether such a text is on the screen.
    pub fn shows(&self, part: &str) -> bool {
        self.texts().iter().any(|text| text.contains(part))
    }

    /// Draws the whole screen with the software renderer, and forgets it.
    pub fn draw(&self) {
        drop(self.window.window().take_snapshot().unwrap());
    }

    /// The screen's pixels.
    pub fn pixels(&self) -> RgbaImage {
        let buffer = self.window.window().take_snapshot().unwrap();
        RgbaImage::from_raw(buffer.width(), buffer.height(), buffer.as_bytes().to_vec()).unwrap()
    }

    /// A picture of the screen.
    pub fn picture(&self, file: &Path) {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        self.pixels().save(file).unwrap();
    }

    /// The same without colours, in this program.
    pub fn gray(&self) -> image::GrayImage {
        let buffer = self.window.window().take_snapshot().unwrap();
        let brightness = |pixel: &slint::Rgba8Pixel| {
            ((299 * u32::from(pixel.r) + 587 * u32::from(pixel.g) + 114 * u32::from(pixel.b)) / 1000) as u8
        };
        let pixels = buffer.as_slice().iter().map(brightness).collect();
        image::GrayImage::from_raw(buffer.width(), buffer.height(), pixels).unwrap()
    }

    /// The size of the window in physical pixels.
    pub fn size(&self) -> PhysicalSize {
        self.window.window().size()
    }
}
