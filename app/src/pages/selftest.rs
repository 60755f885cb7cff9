//! 自己点検: what was found of each part, and the code for the support desk.
//!
//! Must not: judge a part.

use record::support::Part;
use slint::ComponentHandle;
use ui::{SelfTestPage, TabletWindow, TestedPart};

use super::{model, words};
use crate::{
    display::Language,
    messages,
    shell::Post,
    workflow::{Press, selftest::SelfTest},
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<SelfTestPage>();
    let to = post.clone();
    page.on_again(move || to.press(Press::SelfTest));
    let to = post.clone();
    page.on_back(move || to.press(Press::Back));
}

pub(crate) fn show(window: &TabletWindow, test: &SelfTest, language: Language) {
    let page = window.global::<SelfTestPage>();
    let result = test.result.as_ref();
    page.set_testing(result.is_none());
    page.set_support_code(result.map_or_else(String::new, |result| result.code.to_string()).into());
    let parts = result.into_iter().flat_map(|result| Part::ALL.into_iter().zip(result.parts));
    let rows = parts.map(|(part, state)| {
        let (tone, shape, word) = words::part_state(state, language);
        let said = messages::part(part, state, language);
        TestedPart {
            name: words::part(part, language).into(),
            tone,
            shape,
            word: word.into(),
            sentence: said.sentence.into(),
            next_step: said.next_step.into(),
        }
    });
    page.set_tested(model::rows(&page.get_tested(), rows.collect()));
}
