//! 設定: what of it needs more than a press that is carried out at once: the cameras, of which one is chosen and tried.
//!
//! Must not: open a camera.

use crate::{
    camera::{FoundCamera, choice},
    workflow::{
        Effect, Event, Press,
        open::{Open, Page},
    },
};

/// The settings page.
#[derive(Debug, Default)]
pub struct About {
    /// The cameras there are; none while they are looked for.
    pub cameras: Option<Vec<FoundCamera>>,
    /// The one that was chosen; none for the first that gives pictures.
    pub chosen: Option<FoundCamera>,
    /// Whether its picture is shown, because it was just chosen.
    pub trying: bool,
}

/// Opens the page.
pub(crate) fn enter(open: &mut Open) -> Vec<Effect> {
    open.page = Page::About(About::default());
    let mut effects = vec![Effect::StopWatching];
    // Sample sheets are practised with; the tablet's camera has nothing to do with it.
    if !open.profile.is_training() {
        effects.push(Effect::LookForCameras);
    }
    effects
}

pub(crate) fn step(open: &mut Open, event: Event) -> Vec<Effect> {
    let Page::About(about) = &mut open.page else { return Vec::new() };
    match event {
        Event::CamerasFound { cameras, chosen } => {
            // One that was plugged in elsewhere has another number now.
            about.chosen = chosen.map(|chosen| match choice::pick(&chosen, &cameras) {
                Some(number) => FoundCamera { number, ..chosen },
                None => chosen,
            });
            about.cameras = Some(cameras);
        }
        Event::Press(Press::ChooseCamera(place)) => {
            let Some(cameras) = &about.cameras else { return Vec::new() };
            let chosen = match place.checked_sub(1) {
                None => None,
                Some(place) => match cameras.get(place) {
                    Some(camera) => Some(camera.clone()),
                    None => return Vec::new(),
                },
            };
            about.chosen.clone_from(&chosen);
            about.trying = true;
            return vec![Effect::UseCamera(chosen), Effect::Watch(Default::default())];
        }
        _ => {}
    }
    Vec::new()
}
