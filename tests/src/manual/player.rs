//! One person who shows how it is done: taps what a scene says, and takes a picture before each step.
//!
//! Must not: take a picture while anything is under way.

use app::{
    camera::CameraState,
    display::{Display, Language},
    manual::{Task, tasks},
    workflow::{Event, Phase, State, event::Seen},
};
use scanner::Verdict;
use sync::status::{Activity, SendStatus};

use super::{Played, papers::Paper, papers::Papers, ring, stage::Stage};
use crate::{
    screen::{Place, Screen},
    site::PIN,
};

/// The person, at the tablet.
pub(super) struct Player {
    pub(super) screen: Screen,
    pub(super) stage: Stage,
    pub(super) papers: Papers,
    pub(super) language: Language,
    /// How sending stands in the pictures, where what really happens differs from run to run.
    pub(super) sending: Option<SendStatus>,
    task: Option<&'static Task>,
    played: Vec<Played>,
}

impl Player {
    /// In front of a tablet that is not set up, with that many papers.
    pub(super) fn new(language: Language, papers: usize) -> Self {
        let stage = Stage::new();
        let screen = Screen::start(stage.config());
        screen.show_as(Display { language, ..Display::default() });
        let papers = Papers::new(papers);
        Self { screen, stage, papers, language, sending: None, task: None, played: Vec::new() }
    }

    /// Begins with a task.
    pub(super) fn begin(&mut self, id: &str) {
        self.end();
        let task = tasks().iter().find(|task| task.id == id);
        let task = task.unwrap_or_else(|| panic!("assets/manual/tasks.json has no task {id}"));
        self.task = Some(task);
        self.played.push(Played { task, language: self.language, frames: Vec::new() });
    }

    /// Everything that was played, in the order of the manual.
    pub(super) fn finish(mut self) -> Vec<Played> {
        self.end();
        let place = |played: &Played| tasks().iter().position(|task| task.id == played.task.id);
        self.played.sort_by_key(place);
        for task in tasks() {
            let count = self.played.iter().filter(|played| played.task.id == task.id).count();
            assert_eq!(count, usize::from(task.pictures), "how often {} is played", task.id);
        }
        self.played
    }

    fn end(&mut self) {
        if let (Some(task), Some(played)) = (self.task.take(), self.played.last()) {
            assert_eq!(played.frames.len(), task.steps.len(), "pictures and sentences of {}", task.id);
        }
    }

    /// The words of the screen's language.
    pub(super) fn say(&self, japanese: &'static str, english: &'static str) -> &'static str {
        self.language.of(japanese, english)
    }

    /// A step: this button is pressed.
    pub(super) fn step_tap(&mut self, japanese: &'static str, english: &'static str) {
        let label = self.say(japanese, english);
        self.step_tap_label(label);
    }

    /// A step: the button with exactly that label is pressed.
    pub(super) fn step_tap_label(&mut self, label: &str) {
        let place = self.screen.reach(label);
        self.take(Some((place, true)));
        self.screen.tap(label);
    }

    /// A step: the first button whose label begins like that is pressed.
    pub(super) fn step_tap_row(&mut self, japanese: &'static str, english: &'static str) {
        let label = self.label(self.say(japanese, english));
        self.step_tap_label(&label);
    }

    /// A step: something is looked at.
    pub(super) fn step_look(&mut self, what: &str, wanted: impl Fn(&str) -> bool) {
        let place = self.screen.place_where(what, wanted);
        self.take(Some((place, false)));
    }

    /// A step: this button is pointed at, among others like it.
    pub(super) fn step_point(&mut self, label: &str) {
        let place = self.screen.reach(label);
        self.take(Some((place, true)));
    }

    /// The button whose label begins like that.
    fn label(&self, begins: &str) -> String {
        let label = self.screen.find(&|label: &str| label.starts_with(begins));
        label.unwrap_or_else(|| panic!("nothing begins with {begins}: {:?}", self.screen.texts()))
    }

    /// Pressed without a picture.
    pub(super) fn tap(&self, japanese: &'static str, english: &'static str) {
        self.screen.tap(self.say(japanese, english));
    }

    /// Pressed without a picture, by the beginning of its label.
    pub(super) fn tap_row(&self, japanese: &'static str, english: &'static str) {
        let begins = self.say(japanese, english);
        self.screen.tap_where(begins, |label| label.starts_with(begins));
    }

    /// A picture, once the screen has come to rest.
    fn take(&mut self, mark: Option<(Place, bool)>) {
        self.screen.tell(Event::Played(Ok(())));
        self.screen.tell(Event::Camera(CameraState::Running));
        while let Some(sending) = self.sending.filter(|sending| self.status() != Some(*sending)) {
            self.screen.tell(Event::Sending(sending));
        }
        let mut picture = self.screen.pixels();
        if let Some((place, tapped)) = mark {
            ring::draw(&mut picture, place, tapped);
        }
        self.played.last_mut().unwrap().frames.push(picture);
    }

    fn status(&self) -> Option<SendStatus> {
        self.screen.open(|open| open.sending).flatten()
    }

    /// Waits until everything that was recorded has its receipt and nobody sends.
    pub(super) fn wait_until_sent(&self) {
        self.screen.wait_for("every receipt", |state| match &state.phase {
            Phase::Open(open) => {
                open.counts.pending == 0
                    && open.sending.is_some_and(|status| {
                        status.activity == Activity::Resting && status.last_contact_at.is_some()
                    })
            }
            _ => false,
        });
    }

    /// Waits until somebody works there and it is as said.
    pub(super) fn wait_open(&self, what: &str, is: impl Fn(&app::workflow::open::Open) -> bool) {
        self.screen.wait_for(what, |state: &State| matches!(&state.phase, Phase::Open(open) if is(open)));
    }

    /// A paper is put under the camera, and the reader says that of it.
    pub(super) fn lay(&self, paper: &Paper, seen: Seen) {
        self.screen.show_on_preview(&paper.frame);
        self.screen.tell(Event::Camera(CameraState::Running));
        self.screen.tell(Event::Seen(seen));
    }

    /// The paper is taken away.
    pub(super) fn clear(&self) {
        self.screen.show_on_preview(&self.papers.desk);
        self.screen.tell(Event::Seen(Seen { verdict: Verdict::Nothing, crop: None }));
    }

    /// Unlocks, without a picture.
    pub(super) fn unlock(&self) {
        self.screen.tap("見本 花子");
        self.screen.type_keys(PIN);
        self.tap("ロックを解除", "Unlock");
        self.screen.wait_for("the tablet to open", |state| matches!(state.phase, Phase::Open(_)));
        self.wait_until_sent();
    }
}
