//! Parsers of the vocabulary: texts, entries, the municipality table, batches, answers.
//!
//! Must not: expect anything of what is refused but that it is refused.

use std::{fmt, str::FromStr};

use record::{
    CalendarDate, CouponKind, CouponNumber, DoseNumber, Entry, EntryContent, EntryId, FacilityCode,
    LotNumber, MunicipalityCode, MunicipalityTable, OcrLine, Outcome, Position, StaffId, TabletId,
    Witnessing,
    bytes::{EntryHash, Link, Nonce, PartDigest, PublicKey, Signature},
    day::{Manufacturer, PhysicianName, Product, SiteName},
    entry::{Corrected, Correction},
    reference::{self, document, doses::DoseChanges},
    wire::{
        batch,
        clock::ClockAnswer,
        enrolment::{EnrolmentAnswer, EnrolmentRequest, EnrolmentToken},
        heartbeat::{Heartbeat, Release},
        problem::Problem,
        receipt::{ReceiptAnswer, outcomes},
        reference::CouponSecret,
    },
};
use serde::{Serialize, de::DeserializeOwned};

use crate::Became;

/// Accepted in exactly the spelling it is shown in.
fn one_spelling<T: FromStr + fmt::Display>(text: &str) -> bool {
    text.parse::<T>().is_ok_and(|value| {
        assert_eq!(value.to_string(), text, "two spellings");
        true
    })
}

/// Accepted in several spellings; the one it is shown in stays as it is.
fn folded<T: FromStr + fmt::Display>(text: &str) -> bool {
    text.parse::<T>().is_ok_and(|value| {
        let shown = value.to_string();
        assert!(shown.parse::<T>().is_ok_and(|again| again.to_string() == shown), "folding does not rest");
        true
    })
}

pub(crate) fn texts(bytes: &[u8]) -> Became {
    let Ok(text) = std::str::from_utf8(bytes) else { return Became::Refused };
    let one = [
        one_spelling::<OcrLine>,
        one_spelling::<CouponKind>,
        one_spelling::<DoseNumber>,
        one_spelling::<CouponNumber>,
        one_spelling::<MunicipalityCode>,
        one_spelling::<FacilityCode>,
        one_spelling::<Witnessing>,
        one_spelling::<CalendarDate>,
        one_spelling::<TabletId>,
        one_spelling::<StaffId>,
        one_spelling::<EntryId>,
        one_spelling::<Outcome>,
        one_spelling::<EnrolmentToken>,
        one_spelling::<Release>,
        one_spelling::<EntryHash>,
        one_spelling::<Link>,
        one_spelling::<Nonce>,
        one_spelling::<PublicKey>,
        one_spelling::<PartDigest>,
        one_spelling::<CouponSecret>,
        one_spelling::<Signature>,
        folded::<LotNumber>,
        folded::<SiteName>,
        folded::<PhysicianName>,
        folded::<Manufacturer>,
        folded::<Product>,
    ];
    let accepted = one.iter().filter(|accepts| accepts(text)).count();
    if let Ok(line) = text.parse::<OcrLine>() {
        assert_eq!(line.to_digits(), text.as_bytes());
        assert_eq!(line.grouped().replace('-', ""), text);
        assert!(!format!("{line:?}").contains(|letter: char| letter.is_ascii_digit()));
    }
    Became::of(accepted > 0)
}

fn witnessed(content: &EntryContent) -> Option<&Witnessing> {
    match content {
        EntryContent::Vaccination(it) => Some(&it.witnessed),
        EntryContent::ScreenedOnly(it) => Some(&it.witnessed),
        EntryContent::Correction(Correction { corrected: Corrected::Vaccination(it), .. }) => {
            Some(&it.witnessed)
        }
        EntryContent::Correction(Correction { corrected: Corrected::ScreenedOnly(it), .. }) => {
            Some(&it.witnessed)
        }
        EntryContent::Cancellation(_) | EntryContent::Closing(_) | EntryContent::Stock(_) => None,
    }
}

pub(crate) fn entry(bytes: &[u8]) -> Became {
    let Ok(entry) = Entry::from_bytes(bytes) else { return Became::Refused };
    let written = entry.to_bytes();
    assert!(!written.contains(&b'\n'), "an entry is one line");
    assert_eq!(Entry::from_bytes(&written).as_ref(), Ok(&entry), "what is written reads as it was");
    assert_eq!(witnessed(&entry.content).is_some(), entry.content.coupon().is_some());
    if let Some(witnessed) = witnessed(&entry.content) {
        assert!(witnessed.sets().iter().all(|set| set.is_settled()), "a digit nobody witnessed");
    }
    Became::Accepted
}

pub(crate) fn municipality_table(bytes: &[u8]) -> Became {
    let Ok(text) = std::str::from_utf8(bytes) else { return Became::Refused };
    let Ok(table) = MunicipalityTable::parse(text) else { return Became::Refused };
    assert_eq!(table.iter().count(), table.len());
    assert!(table.iter().is_sorted_by(|one, next| one.code < next.code));
    assert!(table.iter().all(|row| table.find(row.code) == Some(row)));
    Became::of(!table.is_empty())
}

pub(crate) fn batch(bytes: &[u8]) -> Became {
    let Ok(opened) = batch::decode(bytes) else { return Became::Refused };
    let positions: Vec<Position> = opened.header.positions().collect();
    assert_eq!(positions.len(), opened.entries.len());
    assert!(positions.is_sorted_by(|one, next| one < next), "two entries at one place");
    assert!(positions.last().is_some_and(|last| *last <= opened.header.last_position));
    let again = batch::encode(&opened.header, opened.entries.iter().copied());
    assert_eq!(batch::decode(&again).as_ref(), Ok(&opened));
    Became::Accepted
}

pub(crate) fn parts(bytes: &[u8]) -> Became {
    if let Ok(changes) = DoseChanges::read(bytes) {
        let written = changes.to_bytes();
        assert_eq!(DoseChanges::read(&written), Ok(changes), "what is written reads as it was");
        return Became::Accepted;
    }
    let lots = reference::lots(bytes);
    if let Ok(lots) = &lots {
        assert_eq!(reference::lots(&document(lots)).as_ref(), Ok(lots));
        assert!(lots.iter().all(|supply| !supply.lots.is_empty()));
    }
    let rules = reference::rules(bytes);
    if let Ok(rules) = &rules {
        assert_eq!(reference::rules(&document(rules)).as_ref(), Ok(rules));
    }
    let settled = reference::settled(bytes);
    if let Ok(settled) = &settled {
        assert_eq!(reference::settled(&document(settled)).as_ref(), Ok(settled));
    }
    Became::of(lots.is_ok() || rules.is_ok() || settled.is_ok())
}

fn json<T: DeserializeOwned + Serialize + PartialEq + fmt::Debug>(bytes: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(bytes).ok()?;
    let written = serde_json::to_vec(&value).unwrap_or_default();
    assert_eq!(serde_json::from_slice::<T>(&written).ok().as_ref(), Some(&value));
    Some(value)
}

pub(crate) fn answers(bytes: &[u8]) -> Became {
    let receipt = json::<ReceiptAnswer>(bytes);
    if let Some(receipt) = &receipt {
        for expected in [0, 1, 2, 200] {
            let said = outcomes(&receipt.outcomes, expected);
            assert!(said.is_none_or(|said| said.len() == expected));
        }
    }
    let heartbeat = json::<Heartbeat>(bytes);
    if let Some(heartbeat) = &heartbeat {
        let told = serde_json::to_string(heartbeat).unwrap_or_default();
        let longest = told.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max();
        // The link is base64url, in which digits may stand in a row.
        assert!(heartbeat.head.is_some() || longest < Some(10), "a number of ten digits");
    }
    let others = [
        heartbeat.is_some(),
        json::<ClockAnswer>(bytes).is_some(),
        json::<EnrolmentRequest>(bytes).is_some(),
        json::<EnrolmentAnswer>(bytes).is_some(),
        json::<Problem>(bytes).is_some(),
    ];
    Became::of(receipt.is_some() || others.contains(&true))
}
