//! Settings: how the screen speaks, and what this tablet is.
//!
//! Must not: keep a setting; `workflow` has them.

use slint::{ComponentHandle, Image, SharedString};
use std::{cell::Cell, rc::Rc};
use ui::{AboutPage, Choice, Fact, TabletWindow};

use super::{model, words};
use crate::{
    camera::CameraState,
    display::{Brightness, Display, Language, Sounds, TextSize},
    messages,
    shell::Post,
    sound::Signal,
    workflow::{Press, State, about::About, open::Open},
};

thread_local! {
    /// How the screen speaks now, for the press that changes one part of it.
    static SHOWN: Rc<Cell<Display>> = Rc::new(Cell::new(Display::default()));
}

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<AboutPage>();
    let change = |post: &Post, change: fn(&mut Display, usize)| {
        let post = post.clone();
        move |index: i32| {
            let mut display = SHOWN.with(|shown| shown.get());
            change(&mut display, index as usize);
            post.press(Press::SetDisplay(display));
        }
    };
    page.on_choose_language(change(post, |display, index| {
        display.language = Language::ALL.get(index).copied().unwrap_or_default();
    }));
    page.on_choose_size(change(post, |display, index| {
        display.text_size = TextSize::ALL.get(index).copied().unwrap_or_default();
    }));
    page.on_choose_theme(change(post, |display, index| {
        display.brightness = Brightness::ALL.get(index).copied().unwrap_or_default();
    }));
    page.on_choose_sounds(change(post, |display, index| {
        display.sounds = Sounds::ALL.get(index).copied().unwrap_or_default();
    }));
    let to = post.clone();
    page.on_choose_camera(move |place| to.press(Press::ChooseCamera(place as usize)));
    let to = post.clone();
    page.on_try_sound(move |index| {
        if let Some(signal) = Signal::ALL.get(index as usize) {
            to.press(Press::TrySound(*signal));
        }
    });
    let to = post.clone();
    page.on_self_test(move || to.press(Press::SelfTest));
    let to = post.clone();
    page.on_train(move || to.press(Press::Train));
    let to = post.clone();
    page.on_configure(move || to.press(Press::Configure));
}

/// The newest picture, while a camera is tried.
pub(crate) fn show_preview(window: &TabletWindow, picture: Image) {
    window.global::<AboutPage>().set_preview(picture);
}

/// The first that gives pictures, then each by its name, with its number where two have the same.
fn cameras(about: &About, language: Language) -> Vec<Choice> {
    let choice = |text: String, chosen| Choice { text: text.into(), note: "".into(), chosen, seen: false };
    let automatic = language.of("自動", "Automatic").to_owned();
    let there = about.cameras.iter().flatten();
    let named = there.clone().map(|camera| {
        let alone = there.clone().filter(|other| other.name == camera.name).count() == 1;
        let text = if alone { camera.name.clone() } else { format!("{} ({})", camera.name, camera.number) };
        choice(text, about.chosen.as_ref() == Some(camera))
    });
    std::iter::once(choice(automatic, about.chosen.is_none())).chain(named).collect()
}

fn show_cameras(page: &AboutPage<'_>, open: &Open, about: &About, language: Language) {
    let found = about.cameras.is_some();
    page.set_cameras(model::rows(
        &page.get_cameras(),
        if found { cameras(about, language) } else { Vec::new() },
    ));
    page.set_trying(about.trying && open.camera == CameraState::Running);
    let wrong = about.trying.then(|| messages::camera(&open.camera, language)).flatten();
    let gone = about
        .chosen
        .as_ref()
        .filter(|chosen| about.cameras.iter().flatten().all(|camera| camera.name != chosen.name) && found);
    let said = match (&wrong, gone) {
        (Some(said), _) => said.sentence.clone(),
        (None, Some(chosen)) => language.of(
            format!("選んだカメラ「{}」が見つかりません。", chosen.name),
            format!("The chosen camera “{}” was not found.", chosen.name),
        ),
        (None, None) => String::new(),
    };
    page.set_camera_said(said.into());
}

pub(crate) fn show(window: &TabletWindow, state: &State, open: &Open, about: &About) {
    let page = window.global::<AboutPage>();
    let display = state.display;
    SHOWN.with(|shown| shown.set(display));
    let language = display.language;
    let choice =
        |text: String, chosen: bool| Choice { text: text.into(), note: "".into(), chosen, seen: false };
    let languages = Language::ALL
        .into_iter()
        .map(|each| choice(each.of("日本語", "English").to_owned(), each == language));
    page.set_languages(model::rows(&page.get_languages(), languages.collect()));
    let sizes = TextSize::ALL
        .into_iter()
        .map(|each| choice(format!("{:.0} %", each.scale() * 100.0), each == display.text_size));
    page.set_sizes(model::rows(&page.get_sizes(), sizes.collect()));
    let themes = Brightness::ALL.into_iter().map(|each| {
        let word = match each {
            Brightness::Light => language.of("明るい", "Light"),
            Brightness::Dark => language.of("暗い", "Dark"),
        };
        choice(word.to_owned(), each == display.brightness)
    });
    page.set_themes(model::rows(&page.get_themes(), themes.collect()));
    let sounds = Sounds::ALL.into_iter().map(|each| {
        let word = match each {
            Sounds::On => language.of("出す", "On"),
            Sounds::Off => language.of("出さない", "Off"),
        };
        choice(word.to_owned(), each == display.sounds)
    });
    page.set_sounds(model::rows(&page.get_sounds(), sounds.collect()));
    let signals = Signal::ALL.into_iter().filter(|_| display.sounds == Sounds::On);
    let signals = signals.map(|signal| SharedString::from(words::signal(signal, language)));
    page.set_signals(model::rows(&page.get_signals(), signals.collect()));
    page.set_no_speaker(display.sounds == Sounds::On && open.speaker.is_err());
    show_cameras(&page, open, about, language);
    page.set_training(open.profile.is_training());
    page.set_may_configure(open.profile.has_administrator() && !open.profile.is_training());
    let sender = (
        language.of("設定の配布元", "Sender of the configuration"),
        seal::bundle::check_number(&open.profile.signer),
    );
    let program = (language.of("プログラム", "Program"), env!("CARGO_PKG_VERSION").to_owned());
    let rows = [
        (
            language.of("端末", "Tablet"),
            words::tablet(&open.profile.tablet_name, open.profile.tablet_id, language),
        ),
        (
            language.of("管理する市区町村", "Municipality in charge"),
            words::municipality(open.profile.tablet_id.municipality()),
        ),
        (
            language.of("送信先", "Central"),
            match &open.profile.central {
                Some(central) => central.url.clone(),
                None => language.of("なし（練習）", "none (training)").to_owned(),
            },
        ),
    ];
    // Training's configuration comes with the program; nobody sent it.
    let sender = (!open.profile.is_training()).then_some(sender);
    let facts = rows
        .into_iter()
        .chain(sender)
        .chain([program])
        .map(|(name, value)| Fact { name: name.into(), value: value.into() });
    page.set_facts(model::rows(&page.get_facts(), facts.collect()));
}
