//! The scan page: preview, the card of the paper in view, the line about the one before.
//!
//! Must not: show a crop that is not the card's own.

use record::{Moment, WallTime};
use slint::{ComponentHandle, Image};
use ui::{CardKind, ScanPage, TabletWindow, Tone};

use super::{model, words};
use crate::{
    camera::CameraState,
    dates,
    display::Language,
    messages,
    shell::Post,
    wedge,
    workflow::{
        Press,
        checks::Checks,
        open::{Mode, Open},
        scan::{Card, Found},
    },
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<ScanPage>();
    page.on_key(wedge::keys(post));
    let to = post.clone();
    page.on_record(move || to.press(Press::Record));
    let to = post.clone();
    page.on_take_back(move || to.press(Press::TakeBackRecord));
    let to = post.clone();
    page.on_discard(move || to.press(Press::Discard));
    let to = post.clone();
    page.on_settle(move || to.press(Press::Settle));
    let to = post.clone();
    page.on_keypad(move || to.press(Press::Keypad));
    let to = post.clone();
    page.on_change_day(move || to.press(Press::ChangeDay));
    let to = post.clone();
    page.on_open_last(move || to.press(Press::OpenLast));
    let to = post.clone();
    page.on_switch_mode(move || to.press(Press::SwitchMode));
    let to = post.clone();
    page.on_turn(move || to.press(Press::SetAside));
}

/// The newest picture of the camera.
pub(crate) fn show_preview(window: &TabletWindow, picture: Image) {
    window.global::<ScanPage>().set_preview(picture);
}

pub(crate) fn show(window: &TabletWindow, open: &Open, language: Language, now: Moment) {
    let page = window.global::<ScanPage>();
    show_camera(&page, open, language);
    show_day(&page, open, language);
    show_card(&page, open, language, now.wall);
    page.set_continuous(open.mode == Mode::Continuous);
    page.set_has_last(open.last.is_some());
    if let Some(last) = &open.last {
        let at = dates::time(last.at, now.wall, language);
        let line = match &last.last_four {
            Some(digits) => {
                language.of(format!("直前: …{digits}  {at}に記録"), format!("Before: …{digits}  {at}"))
            }
            None => language.of(format!("直前: {at}に取り消し"), format!("Before: cancelled {at}")),
        };
        page.set_last_line(line.into());
    }
}

fn show_camera(page: &ScanPage<'_>, open: &Open, language: Language) {
    let said = messages::camera(&open.camera, language);
    page.set_camera_works(said.is_none());
    if let Some(said) = said {
        page.set_camera_sentence(said.sentence.into());
        page.set_camera_next_step(said.next_step.into());
    }
    let (tone, hint) = match (&open.camera, &open.scan.card) {
        (CameraState::Off | CameraState::Starting, _) => {
            (Tone::Plain, language.of("カメラを準備しています", "The camera is getting ready"))
        }
        (CameraState::Running, Card::Empty | Card::InView { .. }) if open.guidance.is_some() => {
            (Tone::Person, open.guidance.map_or("", |guidance| messages::guidance(guidance, language)))
        }
        (CameraState::Running, Card::Empty) => {
            // A paper that shows nothing like a code is not told from an empty desk.
            let hint = language.of(
                "接種券を枠に合わせてください。\n読めないときは「手入力」",
                "Put the coupon into the frame.\nIf it is not read, press “Type it”",
            );
            (Tone::Plain, hint)
        }
        (CameraState::Running, Card::InView { long: false }) => {
            (Tone::Action, language.of("読み取っています", "Reading"))
        }
        (CameraState::Running, Card::InView { long: true }) => (
            Tone::Action,
            language.of("読めないときは「手入力」を押してください", "If it is not read, press “Type it”"),
        ),
        (CameraState::Running, Card::Done(_)) => (
            Tone::Safe,
            language.of("紙を取り、次の紙を置いてください", "Take the paper away and put down the next"),
        ),
        (CameraState::Running, Card::TakenBack(_)) => {
            (Tone::Plain, language.of("紙を取ってください", "Take the paper away"))
        }
        (CameraState::Running, Card::ForPerson(_) | Card::Stopped(_)) => {
            (Tone::Person, language.of("右の案内を見てください", "Look at the right side"))
        }
        (CameraState::Running, Card::Ready(found)) if !found.checks.lets_through() => (
            Tone::Person,
            language.of(
                "右の注意を読み、\n「確かめました」を押してください",
                "Read the warning on the right\nand press “Checked”",
            ),
        ),
        (CameraState::Running, Card::Ready(_)) => (
            Tone::Safe,
            language
                .of("番号を確かめ、\n「記録する」を押してください", "Check the number and press “Record”"),
        ),
        (CameraState::Running, Card::Checking(_) | Card::Keeping(_) | Card::TakingBack(_)) => {
            (Tone::Safe, language.of("紙はそのままにしてください", "Leave the paper where it is"))
        }
        (_, _) => (Tone::Person, language.of("「手入力」で記録できます", "You can record with “Type it”")),
    };
    page.set_frame_tone(tone);
    page.set_hint(hint.into());
}

fn show_day(page: &ScanPage<'_>, open: &Open, language: Language) {
    let Some(day) = &open.day else { return };
    let date = dates::day(day.vaccinated_on, language);
    page.set_day_line(format!("{date}  {}", day.site.name).into());
    let dose = words::dose(day.dose.number(), language);
    page.set_vaccine_line(format!("{}  {}  {dose}", day.vaccine.manufacturer, day.lot).into());
    page.set_physician_line(
        format!("{}: {}", words::field(crate::workflow::day::Field::Physician, language), day.physician)
            .into(),
    );
}

fn show_card(page: &ScanPage<'_>, open: &Open, language: Language, now: WallTime) {
    let nothing = |kind: CardKind, word: &str| {
        page.set_card(kind);
        page.set_card_word(word.into());
        page.set_card_sentence("".into());
        page.set_card_next_step("".into());
        show_number(page, None, language);
    };
    page.set_keeping(matches!(open.scan.card, Card::Keeping(_) | Card::TakingBack(_)));
    show_checks(page, &open.scan.card, language, now);
    match &open.scan.card {
        Card::Empty => nothing(CardKind::Empty, language.of("読み取り待ちです", "Waiting to read")),
        Card::InView { .. } => nothing(CardKind::Reading, language.of("読み取っています", "Reading")),
        Card::Checking(found) | Card::Ready(found) | Card::Keeping(found) => {
            show_number(page, Some(found), language);
            let word = if found.checks.lets_through() {
                language.of("読み取りました", "Read")
            } else {
                language.of("注意があります", "Please check")
            };
            page.set_card_word(word.into());
            page.set_card_sentence("".into());
            page.set_card_next_step("".into());
            page.set_record_label(language.of("記録する", "Record").into());
            page.set_card(CardKind::Ready);
        }
        Card::Done(done) | Card::TakingBack(done) => {
            show_number(page, Some(&done.found), language);
            page.set_card_word(language.of("記録しました", "Recorded").into());
            page.set_card_sentence("".into());
            page.set_card_next_step("".into());
            page.set_card(CardKind::Done);
        }
        Card::TakenBack(done) => {
            show_number(page, Some(&done.found), language);
            page.set_card_word(language.of("取り消しました", "Taken back").into());
            let (sentence, next_step) = language.of(
                (
                    "この人の接種は記録されていません。",
                    "記録するときは、紙を一度取り、もう一度置いてください。",
                ),
                (
                    "This person’s vaccination is not recorded.",
                    "To record it, take the paper away and put it down again.",
                ),
            );
            page.set_card_sentence(sentence.into());
            page.set_card_next_step(next_step.into());
            page.set_card(CardKind::TakenBack);
        }
        Card::ForPerson(disputed) => {
            show_number(page, None, language);
            let (crop, has_crop) = words::crop(disputed.crop.as_deref());
            page.set_crop(crop);
            page.set_has_crop(has_crop);
            page.set_card_word(language.of("職員の確認が必要です", "Staff must check this").into());
            let said = messages::cause(disputed.dispute.cause, language);
            page.set_card_sentence(said.sentence.into());
            page.set_card_next_step(said.next_step.into());
            page.set_card(CardKind::Person);
        }
        Card::Stopped(stop) => {
            show_number(page, None, language);
            let said = messages::stop(stop, language, now);
            page.set_card_word(language.of("記録できません", "This cannot be recorded").into());
            page.set_card_sentence(said.sentence.into());
            page.set_card_next_step(said.next_step.into());
            page.set_card(CardKind::Stopped);
        }
    }
}

fn show_checks(page: &ScanPage<'_>, card: &Card, language: Language, now: WallTime) {
    let nothing = Checks::default();
    let checks = match card {
        Card::Ready(found) | Card::Keeping(found) => &found.checks,
        _ => &nothing,
    };
    page.set_findings(model::rows(&page.get_findings(), words::findings(checks, language, now)));
    page.set_asks(checks.asks());
    page.set_set_aside(checks.set_aside);
}

fn show_number(page: &ScanPage<'_>, found: Option<&Found>, language: Language) {
    let Some(found) = found else {
        page.set_coupon("".into());
        page.set_municipality_name("".into());
        page.set_witnesses("".into());
        page.set_has_crop(false);
        page.set_crop(Image::default());
        return;
    };
    let [kind, dose, municipality, coupon] = words::groups(&found.draft.coupon);
    page.set_kind(kind.into());
    page.set_dose(dose.into());
    page.set_municipality(municipality.into());
    page.set_coupon(coupon.into());
    page.set_municipality_name(words::municipality(found.draft.coupon.municipality()).into());
    page.set_witnesses(words::witnesses(&found.draft.witnessed, language).into());
    let (crop, has_crop) = words::crop(found.crop.as_deref());
    page.set_crop(crop);
    page.set_has_crop(has_crop);
}
