//! A tablet's state and what a person and the threads do to it.

use std::sync::Arc;

use app::{
    display::Display,
    profile::Profile,
    workflow::{
        self, Effect, Event, Phase, Press, Start, State,
        day::Field,
        event::{Kept, Seen, Unlocked},
        open::{Open, Page},
        scan::Card,
    },
};
use record::{
    DaySettings, EntryContent, EntryId, Moment, OcrLine, WallTime, Witness, WitnessSet, Witnessing,
    draft::Stamp, rules::EarlierDose,
};
use scanner::{Acceptance, Candidate, CaptureId, Cause, DigitState, Dispute, Frame, Verdict, crop_area};
use store::Counts;

pub(crate) const LINE: &str = "231311300000123456";
pub(crate) const OTHER_LINE: &str = "231311300000654321";

pub(crate) fn profile() -> Profile {
    let receipt_key = seal::device::SigningKey::from_seed([2; 32]).unwrap().public();
    let staff = |id: &str, role: &str| {
        serde_json::json!({"staff_id": id, "name": "見本 花子", "role": role, "recipient": "age1",
            "wrapped_identity": {"memory_kib": 8, "passes": 1, "salt": "AAAAAAAAAAAAAAAAAAAAAA", "ciphertext": ""}})
    };
    serde_json::from_value(serde_json::json!({
        "signer": receipt_key.to_string(), "tablet_id": "131130-0017", "tablet_name": "17号機",
        "central": {"url": "https://central.example", "authority_pem": "",
            "receipt_keys": [{"key_id": "receipt-1", "key": receipt_key.to_string()}]},
        "staff": [staff("staff-01", "staff"), staff("admin-01", "administrator")],
        "sites": [{"facility_code": "1311399999", "name": "見本市民体育館"}],
        "physicians": ["見本 太郎", "例示 一郎"],
        "vaccines": [
            {"vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
                "lots": [{"lot": "FF3620", "expires_on": "2022-02-28"}, {"lot": "FL1839", "expires_on": "2022-03-31"}]},
            {"vaccine": {"manufacturer": "武田/モデルナ", "product": "スパイクバックス筋注"},
                "lots": [{"lot": "3004734", "expires_on": "2022-01-31"}]},
        ],
        "doses": ["2", "3"], "expected_municipalities": ["131130"],
        "coupon_kinds": {"1": "screened_only", "2": "vaccination"},
    }))
    .unwrap()
}

/// Noon on 2021-11-22 in Japan.
pub(crate) const NOON: Moment =
    Moment { wall: WallTime::from_unix_ms(1_637_550_000_000), monotonic_ms: 60_000 };

pub(crate) fn day() -> DaySettings {
    serde_json::from_value(serde_json::json!({
        "vaccinated_on": "2021-11-22", "site": {"facility_code": "1311399999", "name": "見本市民体育館"},
        "physician": "見本 太郎", "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
        "lot": "FF3620", "dose": "3",
    }))
    .unwrap()
}

/// The tablet and what it last asked for.
pub(crate) struct Hands {
    pub(crate) state: State,
    pub(crate) asked: Vec<Effect>,
    pub(crate) now: Moment,
    captures: u64,
    entries: u64,
}

impl Hands {
    pub(crate) fn locked() -> Self {
        let (state, asked) = State::begin(Display::default(), Start::Known(Arc::new(profile())));
        Self { state, asked, now: NOON, captures: 0, entries: 0 }
    }

    pub(crate) fn fresh() -> Self {
        let (state, asked) = State::begin(Display::default(), Start::Fresh);
        Self { state, asked, now: NOON, captures: 0, entries: 0 }
    }

    /// On the scan page with the day set.
    pub(crate) fn scanning() -> Self {
        let mut hands = Self::locked();
        hands.unlock(Some(day()));
        hands
    }

    /// What the bundle says, before anybody unlocks.
    pub(crate) fn change_profile(&mut self, change: impl FnOnce(&mut Profile)) {
        let Phase::Locked(locked) = &mut self.state.phase else { panic!("not locked") };
        change(Arc::make_mut(&mut locked.profile));
    }

    pub(crate) fn tell(&mut self, event: Event) -> &mut Self {
        self.asked = workflow::step(&mut self.state, event, self.now);
        self
    }

    pub(crate) fn press(&mut self, press: Press) -> &mut Self {
        self.tell(Event::Press(press))
    }

    pub(crate) fn unlock(&mut self, day: Option<DaySettings>) -> &mut Self {
        self.press(Press::CloseHelp).press(Press::ChooseStaff(0));
        for digit in "246810".chars() {
            self.press(Press::Digit(digit));
        }
        self.press(Press::Done);
        assert!(matches!(self.asked[..], [Effect::Unlock { .. }]));
        let staff_id = "staff-01".parse().unwrap();
        let unlocked = Unlocked { staff_id, day, counts: Counts::default(), set_aside: None, wrong_pins: 0 };
        self.tell(Event::Unlocked(Ok(Box::new(unlocked))))
    }

    pub(crate) fn open(&self) -> &Open {
        match &self.state.phase {
            Phase::Open(open) => open,
            other => panic!("not open: {other:?}"),
        }
    }

    pub(crate) fn card(&self) -> &Card {
        assert!(matches!(self.open().page, Page::Scan));
        &self.open().scan.card
    }

    /// The next frame's id.
    pub(crate) fn capture(&mut self) -> CaptureId {
        self.captures += 1;
        CaptureId(self.captures)
    }

    pub(crate) fn crop(capture: CaptureId) -> app::workflow::scan::CropOf {
        let frame = Frame::new(capture, 16, 16, vec![0; 256].into()).unwrap();
        Arc::new(frame.crop(crop_area(&[], 16, 16)))
    }

    /// A paper with two witnesses comes into view.
    pub(crate) fn accepted(&mut self, line: &str) -> &mut Self {
        let capture = self.capture();
        let acceptance = Acceptance {
            capture,
            line: line.parse().unwrap(),
            witnessed: "8EQ,10NQ".parse().unwrap(),
            sightings: Vec::new(),
        };
        self.tell(Event::Seen(Seen {
            verdict: Verdict::Accepted(acceptance),
            crop: Some(Self::crop(capture)),
        }))
    }

    /// A paper with the QR code alone, or with two readings that differ in the last digit.
    pub(crate) fn disputed(&mut self, line: &str, cause: Cause) -> &mut Self {
        let capture = self.capture();
        let one = |digit: u8| vec![Candidate { digit, witnesses: WitnessSet::of(&[Witness::Qr]) }];
        let digits: [u8; 18] = line.as_bytes().try_into().unwrap();
        let mut digits = digits.map(|digit| DigitState::Open(one(digit)));
        if cause == Cause::Disagreement {
            let both = WitnessSet::of(&[Witness::Qr, Witness::Nw7]);
            digits = digits.map(|state| match state {
                DigitState::Open(candidates) => {
                    DigitState::Settled(Candidate { witnesses: both, ..candidates[0] })
                }
                settled => settled,
            });
            digits[17] = DigitState::Open(vec![
                Candidate { digit: line.as_bytes()[17], witnesses: WitnessSet::of(&[Witness::Qr]) },
                Candidate { digit: b'0', witnesses: WitnessSet::of(&[Witness::Nw7]) },
            ]);
        }
        let dispute = Dispute { capture, cause, digits, sightings: Vec::new() };
        let crop = Some(Self::crop(capture));
        self.tell(Event::Seen(Seen { verdict: Verdict::ForPerson(Box::new(dispute)), crop }))
    }

    pub(crate) fn gone(&mut self) -> &mut Self {
        self.tell(Event::Seen(Seen { verdict: Verdict::Nothing, crop: None }))
    }

    /// The database holds nothing of the coupon that was asked about.
    pub(crate) fn nothing_earlier(&mut self) -> &mut Self {
        let line = self.looked_up();
        self.tell(Event::LookedUp { line, earlier: Vec::new() })
    }

    /// The coupon that the database is asked about.
    fn looked_up(&self) -> OcrLine {
        match self.asked[..] {
            [Effect::LookUp(line)] | [Effect::LookUp(line), Effect::Sound(_)] => line,
            _ => panic!("nothing is asked about one coupon: {:?}", self.asked),
        }
    }

    pub(crate) fn earlier(&mut self, dose: Option<&str>) -> &mut Self {
        self.earlier_on(dose, "2021-06-01", "ファイザー")
    }

    /// The database holds that dose of the coupon (none: a screening), given on that day.
    pub(crate) fn earlier_on(&mut self, dose: Option<&str>, given_on: &str, maker: &str) -> &mut Self {
        let line = self.looked_up();
        let earlier = vec![EarlierDose {
            dose: dose.map(|dose| dose.parse().unwrap()),
            given_on: given_on.parse().unwrap(),
            manufacturer: dose.map(|_| maker.parse().unwrap()),
            recorded_at: Some(NOON.wall),
        }];
        self.tell(Event::LookedUp { line, earlier })
    }

    /// What was asked to be kept, if anything.
    pub(crate) fn to_keep(&self) -> Option<EntryContent> {
        self.asked.iter().find_map(|effect| match effect {
            Effect::Keep { content, .. } => Some((**content).clone()),
            _ => None,
        })
    }

    /// It is on disk.
    pub(crate) fn kept(&mut self) -> EntryContent {
        let content = self.to_keep().expect("nothing was asked to be kept");
        self.on_disk(content)
    }

    /// Something is pressed before it is on disk.
    pub(crate) fn kept_under(&mut self, press: Press) -> EntryContent {
        let content = self.to_keep().expect("nothing was asked to be kept");
        self.press(press).on_disk(content)
    }

    fn on_disk(&mut self, content: EntryContent) -> EntryContent {
        self.entries += 1;
        let stamp = Stamp {
            entry_id: EntryId::from_bytes(u128::from(self.entries).to_be_bytes()),
            municipality: "131130".parse().unwrap(),
            staff_id: "staff-01".parse().unwrap(),
            moment: self.now,
        };
        let counts = Counts {
            entries: self.entries,
            on_day: self.entries,
            pending: self.entries,
            ..Counts::default()
        };
        let kept = Kept { entry: stamp.entry(content.clone()), counts };
        self.tell(Event::Kept(Ok(Box::new(kept))));
        content
    }

    pub(crate) fn type_number(&mut self, digits: &str) -> &mut Self {
        for digit in digits.chars() {
            self.press(Press::Digit(digit));
        }
        self
    }

    pub(crate) fn choose(&mut self, field: Field, index: usize) -> &mut Self {
        self.press(Press::OpenField(field)).press(Press::Choose(index))
    }
}

pub(crate) fn line(digits: &str) -> OcrLine {
    digits.parse().unwrap()
}

/// The coupon and witnesses of a vaccination.
pub(crate) fn vaccination(content: &EntryContent) -> (String, Witnessing) {
    match content {
        EntryContent::Vaccination(vaccination) => (vaccination.coupon.to_string(), vaccination.witnessed),
        other => panic!("not a vaccination: {other:?}"),
    }
}
