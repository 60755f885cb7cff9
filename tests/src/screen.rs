//! The real screens in this process, without a display: what a person would tap, type and see.
//!
//! Must not: reach past the screen to make something happen. What is looked at, and what a person in front of the
//! tablet could know, may be read from anywhere.

use std::{
    cell::RefCell,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
    rc::Rc,
    sync::{
        Mutex, OnceLock, PoisonError,
        mpsc::{Sender, channel},
    },
    time::{Duration, Instant},
};

use app::{
    camera::SheetsUnderCamera,
    display::Display,
    shell::{Config, Shell, picture},
    workflow::{Event, Phase, State, open::Open},
};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, TestingBackend, TestingBackendOptions};
use image::RgbaImage;
use scanner::Frame;
use slint::{
    ComponentHandle, Image, LogicalSize, PhysicalSize,
    platform::{Key, PointerEventButton, WindowEvent},
};
use ui::TabletWindow;

use crate::layout::place_of;

/// A 10-inch tablet lying on its side.
pub const WIDTH_PX: f32 = 1280.0;
/// Its height.
pub const HEIGHT_PX: f32 = 800.0;
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs work with screens on the one thread of this process that may have any, and gives what came of it. Tests of
/// one process take turns.
///
/// # Panics
/// As the work does.
pub fn on_screen_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    type Work = Box<dyn FnOnce() + Send>;
    static THREAD: OnceLock<Mutex<Sender<Work>>> = OnceLock::new();
    let thread = THREAD.get_or_init(|| {
        let (sender, inbox) = channel::<Work>();
        std::thread::Builder::new()
            .name("screens".to_owned())
            .spawn(move || inbox.into_iter().for_each(|work| work()))
            .unwrap();
        Mutex::new(sender)
    });
    let (done, waiting) = channel();
    let work: Work = Box::new(move || {
        let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
    });
    thread.lock().unwrap_or_else(PoisonError::into_inner).send(work).unwrap();
    waiting.recv().unwrap().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Where something is on the screen, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// The tablet program with its window.
pub struct Screen {
    shell: Rc<RefCell<Shell>>,
    window: TabletWindow,
    last_tick: RefCell<Instant>,
}

impl Screen {
    /// Starts the program. All screens of one process live on one thread.
    pub fn start(config: Config) -> Self {
        let options = TestingBackendOptions {
            mock_time: true,
            threading: false,
            renderer_name: Some("software".into()),
        };
        // A later screen of this thread finds the platform already there.
        let _ = slint::platform::set_platform(Box::new(TestingBackend::new(options)));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let shell = Shell::start(config, || {}).unwrap();
        let window = shell.borrow().window.clone_strong();
        let screen = Self { shell, window, last_tick: RefCell::new(Instant::now()) };
        screen.resize(WIDTH_PX, HEIGHT_PX);
        screen.window.show().unwrap();
        screen.look();
        screen
    }

    /// Another size of window, in logical pixels.
    pub fn resize(&self, width: f32, height: f32) {
        self.window.window().set_size(LogicalSize::new(width, height));
        self.look();
    }

    /// Lets the screen take in what happened.
    pub fn look(&self) {
        let second = Duration::from_secs(1);
        if self.last_tick.borrow().elapsed() >= second {
            *self.last_tick.borrow_mut() = Instant::now();
            self.shell.borrow_mut().tick();
        }
        self.shell.borrow_mut().drain();
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(20));
    }

    /// Tells the program what its camera could have seen.
    pub fn tell(&self, event: Event) {
        self.shell.borrow().tell(event);
        self.look();
    }

    /// The same page in another language, size or colours.
    pub fn show_as(&self, display: Display) {
        self.shell.borrow_mut().show_as(display);
        self.settle();
    }

    /// What is shown, for looking only.
    pub fn state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(self.shell.borrow().state())
    }

    /// What is shown while somebody works.
    pub fn open<T>(&self, look: impl FnOnce(&Open) -> T) -> Option<T> {
        self.state(|state| match &state.phase {
            Phase::Open(open) => Some(look(open)),
            _ => None,
        })
    }

    /// The sheets that are practised with.
    pub fn training_sheets(&self) -> SheetsUnderCamera {
        self.shell.borrow().training_sheets().unwrap().clone()
    }

    /// Waits until the state is as expected; says what it was instead when patience ends.
    pub fn wait_for(&self, what: &str, mut until: impl FnMut(&State) -> bool) {
        let began = Instant::now();
        loop {
            self.look();
            if self.state(&mut until) {
                return;
            }
            if began.elapsed() > PATIENCE {
                let picture = std::env::temp_dir().join("vrs-waited-in-vain.png");
                self.picture(&picture);
                panic!(
                    "waited in vain for {what}; the screen then: {}; {:?}",
                    picture.display(),
                    self.texts()
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn buttons(&self, label: &str) -> Vec<ElementHandle> {
        ElementHandle::find_by_accessible_label(&self.window, label)
            .filter(|element| element.accessible_role() == Some(AccessibleRole::Button))
            .collect()
    }

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

    /// Puts a picture where the camera's is shown, for a tablet that has none.
    pub fn show_on_preview(&self, frame: &Frame) {
        let picture = picture(frame.luma(), frame.width(), frame.height());
        self.window.global::<ui::ScanPage>().set_preview(Image::from_rgb8(picture));
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

    fn all_buttons(&self) -> Vec<ElementHandle> {
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
    fn is_on_top(&self, button: &ElementHandle) -> bool {
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
        all.iter().filter(|element| changes(element)).map(crate::layout::place_of).collect()
    }

    /// Lets what a tap began come to rest.
    fn settle(&self) {
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

    /// The label of the button that the keyboard is at, where its focus ring can be seen.
    pub fn ringed(&self) -> Option<String> {
        let root = i_slint_backend_testing::ElementRoot::root_element(&self.window);
        let ring = root.query_descendants().match_inherits("FocusRing").find_first()?;
        let place = crate::layout::place_of(&ring);
        let is_around =
            |button: &ElementHandle| crate::layout::is_same(crate::layout::place_of(button), place);
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
