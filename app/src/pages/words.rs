//! Words that several pages share: kinds, witnesses, states, tones.
//!
//! Must not: hold sentences about problems; `messages` does.

use record::{
    EntryContent, MunicipalityCode, MunicipalityTable, OcrLine, TabletId, WallTime, Witness, Witnessing,
    bundle::TabletName,
    entry::{ChangeReason, Corrected},
    reference::Settlement,
    rules::Finding,
    support::{Part, PartState},
};
use scanner::Crop;
use slint::Image;
use store::UploadState;
use ui::{FoundRow, Shape, Tone};

use crate::{
    display::Language,
    messages,
    shell::picture,
    sound::Signal,
    workflow::{checks::Checks, confirm::GROUPS, day::Field},
};

pub(crate) fn tone(tone: messages::Tone) -> Tone {
    match tone {
        messages::Tone::Safe => Tone::Safe,
        messages::Tone::Person => Tone::Person,
        messages::Tone::Stop => Tone::Stop,
    }
}

pub(crate) fn dose(number: u8, language: Language) -> String {
    language.of(format!("{number}回目"), format!("dose {number}"))
}

pub(crate) fn municipality(code: MunicipalityCode) -> String {
    MunicipalityTable::shipped().find(code).map_or_else(|| code.to_string(), |found| found.full_name())
}

/// `17号機（131130-0017）`; `17号機 (131130-0017)`.
pub(crate) fn tablet(name: &TabletName, tablet_id: TabletId, language: Language) -> String {
    language.of(format!("{name}（{tablet_id}）"), format!("{name} ({tablet_id})"))
}

/// The four groups of a number as texts.
pub(crate) fn groups(line: &OcrLine) -> [String; 4] {
    let digits = line.to_string();
    GROUPS.map(|range| digits.get(range).unwrap_or_default().to_owned())
}

/// How a number was checked: `QRコードとバーコードが一致`, `QRコードを職員が紙と照合`.
pub(crate) fn witnesses(witnessed: &Witnessing, language: Language) -> String {
    let has = |witness: Witness| witnessed.sets().iter().any(|set| set.has(witness));
    let readings: Vec<&str> = [
        (Witness::OcrLine, language.of("OCRライン", "OCR line")),
        (Witness::Qr, language.of("QRコード", "QR code")),
        (Witness::Nw7, language.of("バーコード", "barcode")),
        (Witness::Keyed, language.of("手入力", "keypad")),
    ]
    .into_iter()
    .filter(|(witness, _)| has(*witness))
    .map(|(_, name)| name)
    .collect();
    let all = readings.join(language.of("と", " and "));
    let said = match (&readings[..], has(Witness::Person)) {
        _ if has(Witness::KeyedAgain) => {
            ("2回手入力し、同じ番号".to_owned(), "Typed twice, the same".to_owned())
        }
        (_, false) => (format!("{all}が一致"), format!("{all} agree")),
        ([], true) => ("職員が紙と照合".to_owned(), "Compared with the paper by staff".to_owned()),
        ([_], true) if has(Witness::Keyed) => {
            ("手入力し、職員が紙と照合".to_owned(), "Typed, and compared with the paper by staff".to_owned())
        }
        (_, true) => (format!("{all}を職員が紙と照合"), format!("{all}, compared with the paper by staff")),
    };
    language.of(said.0, said.1)
}

pub(crate) fn field(field: Field, language: Language) -> &'static str {
    match field {
        Field::Date => language.of("接種日", "Date"),
        Field::Site => language.of("会場", "Site"),
        Field::Physician => language.of("医師", "Physician"),
        Field::Vaccine => language.of("ワクチン", "Vaccine"),
        Field::Lot => language.of("ロット番号", "Lot"),
        Field::Dose => language.of("接種回数", "Dose"),
    }
}

pub(crate) fn reason(reason: ChangeReason, language: Language) -> &'static str {
    match reason {
        ChangeReason::WrongNumber => language.of("番号の間違い", "The number was wrong"),
        ChangeReason::WrongDaySettings => {
            language.of("会場・ロットなどの設定の間違い", "The site, lot or another setting was wrong")
        }
        ChangeReason::RecordedTwice => language.of("二重に記録した", "It was recorded twice"),
        ChangeReason::NotVaccinated => language.of("接種しなかった", "The person was not vaccinated"),
        ChangeReason::TakenBackAtOnce => {
            language.of("記録してすぐに取り消した", "Taken back right after it was recorded")
        }
    }
}

/// A part of the tablet that the self-test looks at.
pub(crate) fn part(part: Part, language: Language) -> &'static str {
    match part {
        Part::Camera => language.of("カメラ", "Camera"),
        Part::Light => language.of("明るさ", "Light"),
        Part::Storage => language.of("保存", "Storage"),
        Part::Clock => language.of("時計", "Clock"),
        Part::Network => language.of("通信", "Network"),
        Part::KeyStore => language.of("鍵", "Key"),
        Part::Sound => language.of("音", "Sound"),
    }
}

/// How a part is: colour, shape and word.
pub(crate) fn part_state(state: PartState, language: Language) -> (Tone, Shape, &'static str) {
    match state {
        PartState::Good => (Tone::Safe, Shape::Tick, language.of("良好", "Good")),
        PartState::Attention => (Tone::Person, Shape::Warning, language.of("注意", "Attention")),
        PartState::Failed => (Tone::Stop, Shape::Bar, language.of("使えません", "Does not work")),
        PartState::Unknown => (Tone::Plain, Shape::Wait, language.of("不明", "Not known")),
    }
}

/// What a sound says.
pub(crate) fn signal(signal: Signal, language: Language) -> &'static str {
    match signal {
        Signal::Read => language.of("読み取りました", "Read"),
        Signal::PersonNeeded => language.of("確認が必要です", "A person is needed"),
        Signal::Refused => language.of("記録できません", "Cannot be recorded"),
    }
}

/// What an entry is: `接種 3回目`, `訂正`, `取消`.
pub(crate) fn kind(content: &EntryContent, language: Language) -> String {
    match content {
        EntryContent::Vaccination(vaccination) => {
            format!(
                "{} {}",
                language.of("接種", "Vaccination"),
                dose(vaccination.day.dose.number(), language)
            )
        }
        EntryContent::ScreenedOnly(_) => language.of("予診のみ", "Screened only").to_owned(),
        EntryContent::Correction(correction) => match &correction.corrected {
            Corrected::Vaccination(_) => language.of("訂正", "Correction").to_owned(),
            Corrected::ScreenedOnly(_) => {
                language.of("訂正（予診のみ）", "Correction (screened only)").to_owned()
            }
        },
        EntryContent::Cancellation(_) => language.of("取消", "Cancellation").to_owned(),
        EntryContent::Closing(_) => language.of("本日の締め", "Closing of the day").to_owned(),
        EntryContent::Stock(act) => {
            let word = super::stock::deed(act.deed.into(), language);
            format!("{} {word}", language.of("在庫", "Stock"))
        }
    }
}

/// The same from a list's columns.
pub(crate) fn kind_name(name: &str, recorded_dose: Option<u8>, language: Language) -> String {
    let word = match name {
        "vaccination" => language.of("接種", "Vaccination"),
        "screened_only" => language.of("予診のみ", "Screened only"),
        "correction" => language.of("訂正", "Correction"),
        "cancellation" => language.of("取消", "Cancellation"),
        "closing" => language.of("本日の締め", "Closing of the day"),
        "stock" => language.of("在庫", "Stock"),
        _ => language.of("記録", "Record"),
    };
    match recorded_dose {
        Some(number) => format!("{word} {}", dose(number, language)),
        None => word.to_owned(),
    }
}

/// Colour, shape and word of a state.
pub(crate) fn state(state: &UploadState, language: Language) -> (Tone, Shape, &'static str) {
    match state {
        UploadState::Pending => (Tone::Plain, Shape::Wait, language.of("送信待ち", "Unsent")),
        UploadState::Delivered => (Tone::Safe, Shape::Tick, language.of("送信済み", "Delivered")),
        UploadState::Settled(Settlement::DoesNotCount) => {
            (Tone::Plain, Shape::Tick, language.of("確認済み(無効)", "Checked: does not count"))
        }
        UploadState::Settled(Settlement::Counts) => {
            (Tone::Safe, Shape::Tick, language.of("確認済み(有効)", "Checked: counts"))
        }
        UploadState::Settled(Settlement::Unknown) => {
            (Tone::Plain, Shape::Tick, language.of("確認済み", "Checked"))
        }
        UploadState::NeedsReview(_) => (Tone::Person, Shape::Hand, language.of("要確認", "Needs a person")),
    }
}

pub(crate) fn crop(crop: Option<&Crop>) -> (Image, bool) {
    match crop {
        Some(crop) => (Image::from_rgb8(picture(crop.luma(), crop.width(), crop.height())), true),
        None => (Image::default(), false),
    }
}

/// What the rules found, as rows of the widget.
pub(crate) fn findings(checks: &Checks, language: Language, now: WallTime) -> Vec<FoundRow> {
    let row = |finding: &Finding| {
        let said = messages::finding(finding, language, now);
        FoundRow { tone: tone(said.tone), sentence: said.sentence.into(), next_step: said.next_step.into() }
    };
    checks.findings.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_number_was_checked_is_said_in_plain_words() {
        for (text, japanese, english) in [
            ("8EQ,10NQ", "QRコードとバーコードが一致", "QR code and barcode agree"),
            ("18PQ", "QRコードを職員が紙と照合", "QR code, compared with the paper by staff"),
            ("18KP", "手入力し、職員が紙と照合", "Typed, and compared with the paper by staff"),
            (
                "8PQ,10NQ",
                "QRコードとバーコードを職員が紙と照合",
                "QR code and barcode, compared with the paper by staff",
            ),
            ("18P", "職員が紙と照合", "Compared with the paper by staff"),
        ] {
            let witnessed = text.parse().unwrap();
            assert_eq!(Language::ALL.map(|each| witnesses(&witnessed, each)), [japanese, english], "{text}");
        }
    }
}
