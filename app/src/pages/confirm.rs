//! The comparison: groups, the question about one digit, and what is wrong with the number as it stands.
//!
//! Must not: offer what `workflow::confirm` does not ask for.

use record::Moment;
use slint::{ComponentHandle, SharedString};
use ui::{ConfirmPage, Digit, DigitMark, Group, TabletWindow};

use super::{model, words};
use crate::{
    display::Language,
    messages,
    shell::Post,
    wedge,
    workflow::{
        Press,
        confirm::{Compared, Confirm, GROUPS, Origin, Purpose, problem},
        open::Open,
        typed::{Again, TypedNumber},
    },
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<ConfirmPage>();
    let to = post.clone();
    page.on_choose(move |index| to.press(Press::Choose(index as usize)));
    let to = post.clone();
    page.on_tick(move |index| to.press(Press::Tick(index as usize)));
    let to = post.clone();
    page.on_keypad(move || to.press(Press::Keypad));
    let to = post.clone();
    page.on_record(move || to.press(Press::Done));
    let to = post.clone();
    page.on_back(move || to.press(Press::Back));
    let to = post.clone();
    page.on_turn(move || to.press(Press::SetAside));
    page.on_scanned(wedge::keys(post));
}

pub(crate) fn show(window: &TabletWindow, open: &Open, confirm: &Confirm, language: Language, now: Moment) {
    let page = window.global::<ConfirmPage>();
    let (sentence, next_step) = match (problem(confirm, open), &confirm.origin) {
        (Some(problem), _) => {
            let said = messages::notice(&problem, language, now.wall);
            (said.sentence, said.next_step)
        }
        (None, Origin::Readings(dispute)) => {
            let said = messages::cause(dispute.cause, language);
            (said.sentence, said.next_step)
        }
        (None, Origin::Typed(number)) => typed(number, confirm, language),
    };
    page.set_cause(sentence.into());
    page.set_next_step(next_step.into());
    let (crop, has_crop) = words::crop(confirm.crop.as_deref());
    page.set_crop(crop);
    page.set_has_crop(has_crop);
    page.set_groups(model::rows(&page.get_groups(), groups(confirm, language)));
    show_question(&page, confirm, language);
    let line = confirm.line().and_then(Result::ok);
    page.set_municipality_name(
        line.map_or_else(String::new, |line| words::municipality(line.municipality())).into(),
    );
    let can_be_kept = problem(confirm, open).is_none();
    page.set_complete(confirm.is_complete() && can_be_kept);
    page.set_keeping(confirm.keeping);
    let found = words::findings(&confirm.checks, language, now.wall);
    page.set_findings(model::rows(&page.get_findings(), found));
    page.set_asks(confirm.checks.asks());
    page.set_set_aside(confirm.checks.set_aside);
    page.set_record_label(label(open, confirm, language).into());
}

/// What a typed number still needs, and what speaks for it.
fn typed(number: &TypedNumber, confirm: &Confirm, language: Language) -> (String, String) {
    let is_left = |wanted: fn(&Compared) -> bool| confirm.digits.iter().any(wanted);
    let (sentence, next) = if is_left(|digit| matches!(digit, Compared::Asked { .. })) {
        language.of(
            (
                "手で入力した番号と、コードの番号が違います。",
                "違うところだけ、紙ではどちらか選んでください。",
            ),
            (
                "The number that was typed and the code are not the same.",
                "Only where they differ: choose what the paper has.",
            ),
        )
    } else if is_left(|digit| matches!(digit, Compared::One(_))) {
        language.of(
            ("手で入力した番号です。", "ひとつずつ紙と比べて、同じなら押してください。"),
            ("This number was typed.", "Compare part by part with the paper and press what is the same."),
        )
    } else if number.again == Again::Twice {
        language.of(
            ("2回とも同じ番号を入力しました。", "番号と市区町村を確かめ、「記録する」を押してください。"),
            (
                "The same number was typed twice.",
                "Check the number and the municipality, then press “Record”.",
            ),
        )
    } else {
        language.of(
            (
                "手で入力した番号と、コードの番号が同じです。",
                "番号と市区町村を確かめ、「記録する」を押してください。",
            ),
            (
                "The number that was typed and the code are the same.",
                "Check the number and the municipality, then press “Record”.",
            ),
        )
    };
    (sentence.to_owned(), next.to_owned())
}

fn label(open: &Open, confirm: &Confirm, language: Language) -> String {
    let dose = confirm.line().and_then(Result::ok).map(|line| line.dose());
    match (&confirm.purpose, dose) {
        (Purpose::Correction(_), _) => language.of("この番号に直す", "Use this number").to_owned(),
        (Purpose::NewRecord, Some(dose)) if open.day.as_ref().is_some_and(|day| day.dose != dose) => {
            let dose = words::dose(dose.number(), language);
            language.of(format!("{dose}として記録する"), format!("Record as {dose}"))
        }
        (Purpose::NewRecord, _) => language.of("記録する", "Record").to_owned(),
    }
}

fn groups(confirm: &Confirm, language: Language) -> Vec<Group> {
    let names = messages::group_names(language);
    let asked = confirm.asked();
    let digit = |place: usize| {
        let compared = &confirm.digits[place];
        let mark = match compared {
            Compared::Settled(_) => DigitMark::Settled,
            Compared::One(_) => DigitMark::Open,
            Compared::Asked { chosen: Some(_), .. } => DigitMark::Chosen,
            Compared::Asked { chosen: None, .. } if asked == Some(place) => DigitMark::Asked,
            Compared::Asked { chosen: None, .. } => DigitMark::Open,
        };
        let text = compared.digit().map_or_else(|| "?".to_owned(), |digit| char::from(digit).to_string());
        Digit { text: text.into(), mark }
    };
    GROUPS
        .into_iter()
        .enumerate()
        .map(|(index, range)| Group {
            name: names[index].into(),
            digits: model::fresh(range.map(digit).collect()),
            needs_check: confirm.needs_tick(index),
            checked: confirm.ticked[index],
        })
        .collect()
}

/// Candidates side by side that are each wide enough for a finger.
const IN_A_ROW: usize = 5;

fn show_question(page: &ConfirmPage<'_>, confirm: &Confirm, language: Language) {
    let Some(place) = confirm.asked() else {
        page.set_question("".into());
        return;
    };
    let candidates = confirm.candidates(place);
    let shown: Vec<SharedString> =
        candidates.iter().map(|digit| char::from(*digit).to_string().into()).collect();
    let (row, more) = shown.split_at(shown.len().min(IN_A_ROW));
    page.set_candidates(model::rows(&page.get_candidates(), row.to_vec()));
    page.set_more_candidates(model::rows(&page.get_more_candidates(), more.to_vec()));
    let (group, in_group) = GROUPS
        .iter()
        .enumerate()
        .find(|(_, range)| range.contains(&place))
        .map_or((0, 0), |(group, range)| (group, place - range.start + 1));
    let name = messages::group_names(language)[group];
    let question = language.of(
        format!("{name}の{in_group}桁目は、紙ではどれですか"),
        format!("{name}: which digit does the paper have in place {in_group}?"),
    );
    page.set_question(question.into());
}
