//! Words that several pages share: dates, kinds, witnesses, tones.
//!
//! Must not: hold sentences about problems; `messages` does.

use record::{
    CalendarDate, EntryContent, MunicipalityCode, MunicipalityTable, OcrLine, Witness, Witnessing,
    entry::{ChangeReason, Corrected},
};
use scanner::Crop;
use slint::Image;
use store::UploadState;
use ui::{Shape, Tone};

use crate::{
    display::Language,
    messages,
    shell::picture,
    workflow::{confirm::GROUPS, day::Field},
};

pub(crate) fn tone(tone: messages::Tone) -> Tone {
    match tone {
        messages::Tone::Safe => Tone::Safe,
        messages::Tone::Person => Tone::Person,
        messages::Tone::Stop => Tone::Stop,
    }
}

/// `11月22日(月)`; `Mon 22 Nov`.
pub(crate) fn date(date: CalendarDate, language: Language) -> String {
    const JAPANESE: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
    const ENGLISH: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, month, day) = date.parts();
    let weekday = usize::from(date.weekday_from_monday()) % 7;
    match language {
        Language::Japanese => format!("{month}月{day}日({})", JAPANESE[weekday]),
        Language::English => {
            format!("{} {day} {}", ENGLISH[weekday], MONTHS[usize::from(month.clamp(1, 12)) - 1])
        }
    }
}

pub(crate) fn dose(number: u8, language: Language) -> String {
    language.of(format!("{number}回目"), format!("dose {number}"))
}

pub(crate) fn municipality(code: MunicipalityCode) -> String {
    MunicipalityTable::shipped().find(code).map_or_else(|| code.to_string(), |found| found.full_name())
}

/// The names of the four groups of a number.
pub(crate) fn group_names(language: Language) -> [&'static str; 4] {
    language.of(["券種", "回数", "市町村", "券番号"], ["Kind", "Dose", "Municipality", "Coupon"])
}

/// The four groups of a number as texts.
pub(crate) fn groups(line: &OcrLine) -> [String; 4] {
    let digits = line.to_string();
    GROUPS.map(|range| digits.get(range).unwrap_or_default().to_owned())
}

/// Which readings agreed: `QR とバーコードが一致`.
pub(crate) fn witnesses(witnessed: &Witnessing, language: Language) -> String {
    let names: Vec<&str> = [
        (Witness::OcrLine, language.of("OCRライン", "OCR line")),
        (Witness::Qr, "QR"),
        (Witness::Nw7, language.of("バーコード", "barcode")),
        (Witness::Keyed, language.of("手入力", "keypad")),
        (Witness::Person, language.of("人の確認", "a person")),
    ]
    .into_iter()
    .filter(|(witness, _)| witnessed.sets().iter().any(|set| set.has(*witness)))
    .map(|(_, name)| name)
    .collect();
    match language {
        Language::Japanese => format!("{}が一致", names.join("と")),
        Language::English => format!("{} agree", names.join(" and ")),
    }
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
        ChangeReason::WrongDaySettings => language.of("本日の設定の間違い", "Today's settings were wrong"),
        ChangeReason::RecordedTwice => language.of("二重に記録した", "It was recorded twice"),
        ChangeReason::NotVaccinated => language.of("接種しなかった", "The person was not vaccinated"),
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
                language.of("訂正(予診のみ)", "Correction (screened only)").to_owned()
            }
        },
        EntryContent::Cancellation(_) => language.of("取消", "Cancellation").to_owned(),
    }
}

/// The same from a list's columns.
pub(crate) fn kind_name(name: &str, recorded_dose: Option<u8>, language: Language) -> String {
    let word = match name {
        "vaccination" => language.of("接種", "Vaccination"),
        "screened_only" => language.of("予診のみ", "Screened only"),
        "correction" => language.of("訂正", "Correction"),
        "cancellation" => language.of("取消", "Cancellation"),
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
        UploadState::Pending => (Tone::Plain, Shape::Wait, language.of("送信待ち", "Waiting")),
        UploadState::Delivered => (Tone::Safe, Shape::Tick, language.of("送信済み", "Delivered")),
        UploadState::NeedsReview(_) => (Tone::Person, Shape::Hand, language.of("要確認", "Needs a person")),
    }
}

pub(crate) fn crop(crop: Option<&Crop>) -> (Image, bool) {
    match crop {
        Some(crop) => (Image::from_rgb8(picture(crop.luma(), crop.width(), crop.height())), true),
        None => (Image::default(), false),
    }
}
