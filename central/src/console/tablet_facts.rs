//! What is known of one tablet, as labels and values, and its timeline as lines.
//!
//! Must not: hold anything of a person.

use record::WallTime;

use super::{
    fleet_rows::contact,
    mark::Mark,
    page::Frame,
    phrases,
    tablet_phrases::{database, entries, free, happening, span},
};
use crate::fleet::{
    EnrolledTablet, TabletState, TabletStatus,
    heartbeat::{HeadCheck, KeptHeartbeat},
    timeline::{Happened, Happening},
};

/// A label and its value.
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
    /// What stands smaller beside it.
    pub(super) sub: Option<String>,
    /// What is not as it should be.
    pub(super) is_wrong: bool,
}

/// One line of the timeline.
pub(super) struct Line {
    pub(super) at: String,
    pub(super) machine: String,
    pub(super) text: String,
    pub(super) mark: Mark,
}

fn fact(label: &'static str, value: String) -> Fact {
    Fact { label, value, sub: None, is_wrong: false }
}

impl Fact {
    fn with(self, sub: Option<String>) -> Self {
        Self { sub, ..self }
    }
    fn wrong_if(self, is_wrong: bool) -> Self {
        Self { is_wrong, ..self }
    }
}

/// Everything, in the order it is asked for on the telephone. `missing` names the runs that are.
pub(super) fn facts(frame: &Frame, status: &TabletStatus, missing: &[String], now: WallTime) -> Vec<Fact> {
    let TabletState::Enrolled(tablet) = &status.state else {
        return vec![fact(frame.words.column_contact, frame.words.not_yet.to_owned())];
    };
    let language = frame.language;
    let heard = contact(language, tablet.last_contact_at, now);
    let on_their_way = tablet.on_their_way();
    let review = tablet.needs_review();
    let none = || frame.words.none.to_owned();
    let mut all = vec![
        fact(frame.words.column_contact, heard.at).with(Some(heard.ago)),
        fact(frame.words.column_stored, entries(language, tablet.stored()))
            .with((on_their_way > 0).then(|| phrases::on_their_way(language, on_their_way))),
        fact(frame.words.column_missing, if missing.is_empty() { none() } else { missing.join(" / ") })
            .wrong_if(!missing.is_empty()),
        fact(frame.words.column_review, if review == 0 { none() } else { entries(language, review) })
            .wrong_if(review > 0),
    ];
    if let Some(replaced) = &tablet.replaced {
        let since = contact(language, replaced.at, now);
        all.push(fact(frame.fleet.replaced, replaced.tablet_id.to_string()).with(Some(since.at)));
    }
    if tablet.lost() > 0 {
        all.push(fact(frame.fleet.lost, entries(language, tablet.lost())));
    }
    all.push(clock(frame, tablet));
    all.push(fact(frame.fleet.program, tablet.program.as_str().to_owned()));
    match &tablet.heartbeat {
        Some(beat) => all.extend(told(frame, beat, now)),
        None => all.push(fact(frame.fleet.heartbeat, frame.words.not_yet.to_owned())),
    }
    all
}

fn clock(frame: &Frame, tablet: &EnrolledTablet) -> Fact {
    match tablet.clock_offset_ms() {
        None => fact(frame.fleet.clock, frame.words.not_yet.to_owned()),
        Some(offset_ms) => match phrases::clock(frame.language, offset_ms) {
            Some(wrong) => fact(frame.fleet.clock, wrong).wrong_if(true),
            None => fact(frame.fleet.clock, frame.words.clock_right.to_owned()),
        },
    }
}

/// What the tablet says of itself.
fn told(frame: &Frame, beat: &KeptHeartbeat, now: WallTime) -> Vec<Fact> {
    let (language, words) = (frame.language, frame.fleet);
    let heard = contact(language, beat.received_at, now);
    let by_the_tablet = || Some(words.on_the_tablet.to_owned());
    let chain = match beat.head {
        HeadCheck::Same => words.chain_same,
        HeadCheck::Other => words.chain_other,
        HeadCheck::NotHeld if beat.position() == 0 => frame.words.not_yet,
        HeadCheck::NotHeld => words.chain_not_held,
    };
    let size = beat.free_mib.map_or_else(|| words.not_told.to_owned(), |size| free(language, size));
    let aside = u64::from(beat.set_aside.get());
    vec![
        fact(words.heartbeat, heard.at).with(Some(heard.ago)),
        fact(words.pending, entries(language, beat.pending.get().into())).with(by_the_tablet()),
        fact(words.delivered, entries(language, beat.delivered.get().into())).with(by_the_tablet()),
        fact(words.chain, chain.to_owned()).wrong_if(beat.head == HeadCheck::Other),
        fact(words.free, size),
        fact(words.database, database(language, beat.epoch)),
        fact(words.set_aside, if aside == 0 { frame.words.none.to_owned() } else { phrases::number(aside) })
            .wrong_if(aside > 0),
    ]
}

/// The timeline's lines.
pub(super) fn lines(frame: &Frame, happened: &[Happened], now: WallTime) -> Vec<Line> {
    let line = |happened: &Happened| {
        let since = match happened.what {
            Happening::Contacts(contacts) => contacts.since,
            _ => happened.at,
        };
        Line {
            at: span(since, happened.at, now),
            machine: happened.at.to_string(),
            text: happening(frame.language, &happened.what),
            mark: mark(&happened.what),
        }
    };
    happened.iter().map(line).collect()
}

fn mark(what: &Happening) -> Mark {
    match what {
        Happening::GapOpened(..) => Mark::Stop,
        Happening::NeedsReview(_) => Mark::Person,
        Happening::Began(need) => Mark::of(*need),
        Happening::GapClosed(..) | Happening::Ended(_) => Mark::Safe,
        Happening::DatabaseBegan(_) => Mark::Attention,
        Happening::Invited | Happening::Enrolled | Happening::Contacts(_) => Mark::Plain,
    }
}
