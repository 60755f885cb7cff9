//! Readings as they come from a desk, one frame after another.

use std::collections::BTreeSet;

use scanner::{
    Agreement, CaptureId, Cause, Confidence, Expectation, ForeignText, InView, Point, Reading, Sighting,
    Symbol, Verdict,
};

pub(crate) const X: &str = "231310160000123456";
pub(crate) const X_TEN: &str = "0000123456";
pub(crate) const Y: &str = "231310169876543210";
pub(crate) const Y_TEN: &str = "9876543210";

pub(crate) fn expectation() -> Expectation {
    Expectation {
        kinds: Some(["1", "2"].map(|kind| kind.parse().unwrap()).into()),
        dose: Some(3.try_into().unwrap()),
        municipalities: Some(BTreeSet::from(["131016".parse().unwrap()])),
    }
}

pub(crate) fn sighting(symbol: Symbol, digits: &str) -> Sighting {
    let corners = [(0.0, 0.0), (90.0, 0.0), (90.0, 20.0), (0.0, 20.0)].map(|(x, y)| Point { x, y });
    Sighting { symbol, digits: digits.parse().unwrap(), corners, confidence: Confidence::CERTAIN }
}

pub(crate) fn poster_text() -> Option<ForeignText> {
    Some(ForeignText::new("https://example.jp/".to_owned()))
}

/// Feeds readings and numbers their captures.
pub(crate) struct Desk {
    pub(crate) agreement: Agreement,
    next: u64,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { agreement: Agreement::new(), next: 0 }
    }
    pub(crate) fn observe(&mut self, reading: Reading) -> Verdict {
        self.next += 1;
        self.agreement.observe(&Reading { capture: CaptureId(self.next), ..reading }, &expectation())
    }
    pub(crate) fn see(&mut self, symbols: &[(Symbol, &str)]) -> Verdict {
        self.observe(reading(symbols))
    }
    pub(crate) fn see_for(&mut self, frames: u32, symbols: &[(Symbol, &str)]) -> Verdict {
        (0..frames).map(|_| self.see(symbols)).last().unwrap()
    }
    pub(crate) fn capture(&self) -> CaptureId {
        CaptureId(self.next)
    }
}

pub(crate) fn reading(symbols: &[(Symbol, &str)]) -> Reading {
    Reading {
        capture: CaptureId(0),
        sightings: symbols.iter().map(|(symbol, digits)| sighting(*symbol, digits)).collect(),
        foreign_qr: None,
        in_view: if symbols.is_empty() { InView::NothingSeen } else { InView::SymbolLike },
        guidance: None,
    }
}

pub(crate) fn witnessed(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted(acceptance) => acceptance.witnessed.to_string(),
        other => panic!("not accepted: {other:?}"),
    }
}

pub(crate) fn cause(verdict: &Verdict) -> Cause {
    match verdict {
        Verdict::ForPerson(dispute) => dispute.cause,
        other => panic!("not for a person: {other:?}"),
    }
}
