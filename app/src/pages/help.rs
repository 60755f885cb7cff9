//! Help over whatever page is shown: title, steps and the moving picture of a task, or the list of all.
//!
//! Must not: show anything of the page below.

use std::cell::Cell;

use slint::{ComponentHandle, Image, SharedString};
use ui::{HelpPage, TabletWindow};

use super::model;
use crate::{
    display::Language,
    manual::{self, Task, moving},
    shell::Post,
    workflow::{Press, help::Help},
};

thread_local! {
    /// Which task the pictures are of: they are unpacked once.
    static SHOWN: Cell<Option<(usize, Language)>> = const { Cell::new(None) };
}

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<HelpPage>();
    let to = post.clone();
    page.on_ask(move || to.press(Press::Help));
    let to = post.clone();
    page.on_close(move || to.press(Press::CloseHelp));
    let to = post.clone();
    page.on_list(move || to.press(Press::ListHelp));
    let to = post.clone();
    page.on_open_task(move |task| to.press(Press::HelpWith(task as usize)));
}

pub(crate) fn show(window: &TabletWindow, help: Option<&Help>, language: Language) {
    let page = window.global::<HelpPage>();
    page.set_open(help.is_some());
    let shown = help.map(|help| (help.task, language));
    if SHOWN.replace(shown) != shown {
        let task = help.and_then(|help| manual::tasks().get(help.task));
        show_task(&page, task, language);
    }
    let Some(help) = help else { return };
    page.set_task(help.task as i32);
    page.set_listing(help.listing);
    let titles = manual::tasks().iter().map(|task| SharedString::from(task.title.of(language)));
    page.set_titles(model::rows(&page.get_titles(), titles.collect()));
}

/// None takes the pictures out of memory.
fn show_task(page: &HelpPage<'_>, task: Option<&Task>, language: Language) {
    let steps = task.iter().flat_map(|task| &task.steps).map(|step| SharedString::from(step.of(language)));
    let pictures = task
        .and_then(|task| manual::picture(&task.id, language))
        .and_then(|file| moving::frames(file).ok())
        .unwrap_or_default();
    page.set_step(0);
    page.set_moves(true);
    page.set_title(task.map_or("", |task| task.title.of(language)).into());
    page.set_steps(model::fresh(steps.collect()));
    page.set_pictures(model::fresh(pictures.into_iter().map(Image::from_rgb8).collect()));
}
