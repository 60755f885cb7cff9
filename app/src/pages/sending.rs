//! Sending: one sentence of what is happening and what to do, and the three counts.
//!
//! Must not: call anything sent that the store does not.

use record::Moment;
use slint::ComponentHandle;
use store::{Counts, ListFilter};
use sync::status::{Activity, ReferenceProblem, SendStatus};
use ui::{Count, Fact, SendingPage, Shape, TabletWindow, Tone};

use super::{model, words};
use crate::{
    dates,
    display::Language,
    messages::{self, Said},
    shell::Post,
    workflow::{Press, event::Place, open::Open},
};

/// A clock that is off by less than this is nobody's concern.
const NOTABLE_OFFSET_MS: i64 = 5 * 60 * 1000;

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<SendingPage>();
    let to = post.clone();
    page.on_send_now(move || to.press(Press::SendNow));
    let to = post.clone();
    page.on_open_review(move || {
        to.press(Press::Go(Place::Records));
        to.press(Press::Filter(ListFilter::NeedsReview));
    });
}

pub(crate) fn show(window: &TabletWindow, open: &Open, language: Language, now: Moment) {
    let page = window.global::<SendingPage>();
    let (said, shape) = match open.profile.is_training() {
        true => (practised(language), Shape::Warning),
        false => sentence(open.sending.as_ref(), open.counts, language),
    };
    page.set_can_send(!open.profile.is_training());
    page.set_tone(words::tone(said.tone));
    page.set_shape(shape);
    page.set_sentence(said.sentence.into());
    page.set_next_step(said.next_step.into());
    page.set_busy(open.sending.is_some_and(|status| status.activity == Activity::Sending));
    let all = open.counts.entries.max(1) as f32;
    let count = |word: &str, number: u64, tone, shape| Count {
        word: word.into(),
        number: number.to_string().into(),
        tone,
        shape,
        share: number as f32 / all,
    };
    let counts = vec![
        count(language.of("送信待ち", "Unsent"), open.counts.pending, Tone::Plain, Shape::Wait),
        count(language.of("送信済み", "Delivered"), open.counts.delivered, Tone::Safe, Shape::Tick),
        count(language.of("要確認", "Needs a person"), open.counts.needs_review, Tone::Person, Shape::Hand),
    ];
    page.set_counts(model::rows(&page.get_counts(), counts));
    page.set_facts(model::rows(&page.get_facts(), facts(open.sending.as_ref(), language, now)));
}

fn practised(language: Language) -> Said {
    Said {
        tone: messages::Tone::Person,
        sentence: language
            .of(
                "これは練習です。ここの記録は、どこにも送りません。",
                "This is training. Nothing here is sent anywhere.",
            )
            .to_owned(),
        next_step: String::new(),
    }
}

fn sentence(status: Option<&SendStatus>, counts: Counts, language: Language) -> (Said, Shape) {
    let all_well = |tone, japanese: String, english: String| Said {
        tone,
        sentence: language.of(japanese, english),
        next_step: String::new(),
    };
    let waiting = counts.pending;
    match status {
        Some(SendStatus { problem: Some(problem), .. }) => {
            (messages::send_problem(*problem, language), Shape::Warning)
        }
        Some(SendStatus { activity: Activity::Sending, .. }) if waiting > 0 => (
            all_well(
                messages::Tone::Safe,
                format!("{waiting}件を送っています。"),
                format!("{waiting} records are being sent."),
            ),
            Shape::Send,
        ),
        _ if waiting > 0 => (
            all_well(
                messages::Tone::Person,
                format!("送信待ちの記録が{waiting}件あります。自動で送ります。"),
                format!("{waiting} records are unsent. They are sent by themselves."),
            ),
            Shape::Wait,
        ),
        _ if counts.needs_review > 0 => (
            Said {
                tone: messages::Tone::Person,
                sentence: language
                    .of(
                        "すべて届いています。職員の確認が必要な記録があります。",
                        "Everything has arrived. Staff must check some records.",
                    )
                    .to_owned(),
                next_step: language
                    .of("下の「要確認の記録を見る」を押してください。", "Press “See what needs a person”.")
                    .to_owned(),
            },
            Shape::Hand,
        ),
        _ => (
            all_well(
                messages::Tone::Safe,
                "すべて送信済みです。受領証を確認しました。".to_owned(),
                "Everything is delivered, with verified receipts.".to_owned(),
            ),
            Shape::Tick,
        ),
    }
}

fn facts(status: Option<&SendStatus>, language: Language, now: Moment) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| facts.push(Fact { name: name.into(), value: value.into() });
    let last = status.and_then(|status| status.last_contact_at);
    fact(
        language.of("最後につながった時刻", "Last contact"),
        last.map_or_else(
            || language.of("まだありません", "none yet").to_owned(),
            |at| dates::time(at, now.wall, language),
        ),
    );
    if let Some(SendStatus { activity: Activity::WaitingUntil { monotonic_ms }, .. }) = status {
        let seconds = monotonic_ms.saturating_sub(now.monotonic_ms).div_ceil(1000);
        fact(
            language.of("次に試すまで", "Next try in"),
            language.of(format!("約{seconds}秒"), format!("about {seconds} s")),
        );
    }
    if let Some(offset) =
        status.and_then(|status| status.clock_offset_ms).filter(|ms| ms.abs() > NOTABLE_OFFSET_MS)
    {
        fact(
            language.of("端末の時計のずれ", "This tablet's clock is off by"),
            format!(
                "{}  {}",
                duration(offset.unsigned_abs(), language),
                language.of(
                    "送信はできます。記録の時刻は端末の時計のまま残ります。",
                    "Sending works. Records keep the tablet's own time."
                )
            ),
        );
    }
    if let Some((japanese, english)) =
        status.and_then(|status| status.reference.problem).and_then(not_taken_in)
    {
        fact(
            language.of("回収・規則などの情報", "Recalls and rules"),
            language.of(japanese, english).to_owned(),
        );
    }
    facts
}

/// Why what the central sends down cannot be taken in, where that does not pass by itself.
fn not_taken_in(problem: ReferenceProblem) -> Option<(&'static str, &'static str)> {
    match problem {
        ReferenceProblem::NoRoom => Some((
            "空き容量が足りず、新しい情報を受け取れません。支援窓口に知らせてください。記録はできます。",
            "Too little space to take in anything new. Tell the support desk. Recording works.",
        )),
        ReferenceProblem::Unreadable => Some((
            "新しい情報を、このプログラムでは読めません。支援窓口へ更新を頼んでください。記録はできます。",
            "This program cannot read what is new. Ask the support desk for an update. Recording works.",
        )),
        ReferenceProblem::Older => Some((
            "送信先の情報が、この端末より古いため使いません。支援窓口に知らせてください。記録はできます。",
            "What the central has is older than what holds here, and is not used. Tell the support desk. Recording works.",
        )),
        ReferenceProblem::Network(_)
        | ReferenceProblem::Nonsense
        | ReferenceProblem::Busy
        | ReferenceProblem::Refused
        | ReferenceProblem::Store => None,
    }
}

fn duration(ms: u64, language: Language) -> String {
    let minutes = ms / 60_000;
    match minutes {
        0..120 => language.of(format!("{minutes}分"), format!("{minutes} minutes")),
        120..2_880 => language.of(format!("{}時間", minutes / 60), format!("{} hours", minutes / 60)),
        _ => language.of(format!("{}日", minutes / 1440), format!("{} days", minutes / 1440)),
    }
}
