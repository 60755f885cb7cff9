//! What the self-test says of each part.
//!
//! Must not: blame a person.

use record::support::{Part, PartState};

use super::{super::Said, Pair, pair};
use crate::{display::Language, messages::Tone};

/// The verdict about a part, and what to do where it is not good.
#[must_use]
pub fn part(part: Part, state: PartState, language: Language) -> Said {
    verdict(part, state).in_language(language)
}

fn verdict(part: Part, state: PartState) -> Pair {
    let tone = match state {
        PartState::Good => Tone::Safe,
        PartState::Unknown | PartState::Attention => Tone::Person,
        PartState::Failed => Tone::Stop,
    };
    let (japanese, english) = match (part, state) {
        (Part::Camera, PartState::Good) => (("カメラは動いています。", ""), ("The camera works.", "")),
        (Part::Camera, PartState::Failed) => (
            (
                "カメラが使えません。",
                "カメラのつなぎ方を確かめ、この端末を起動し直してください。「手入力」は使えます。",
            ),
            (
                "The camera cannot be used.",
                "Check how it is connected and restart this tablet. “Type it” still works.",
            ),
        ),
        (Part::Camera, PartState::Unknown | PartState::Attention) => (
            ("カメラの返事がまだありません。", "少し待って、もう一度点検してください。"),
            ("The camera has not answered yet.", "Wait a little and test again."),
        ),
        (Part::Light, PartState::Good) => (("明るさは足りています。", ""), ("There is enough light.", "")),
        (Part::Light, PartState::Attention | PartState::Failed) => (
            ("暗すぎるか、光が反射しています。", "照明の位置か、端末の向きを変えてください。"),
            ("It is too dark, or light is reflected.", "Move the lamp, or turn the tablet."),
        ),
        (Part::Light, PartState::Unknown) => (
            ("カメラが動いていないため、明るさは分かりません。", ""),
            ("Without the camera the light cannot be judged.", ""),
        ),
        (Part::Storage, PartState::Good) => (("記録を保存できます。", ""), ("Records can be kept.", "")),
        (Part::Storage, PartState::Attention) => (
            ("空き容量が少なくなっています。", "支援窓口に知らせてください。記録はまだできます。"),
            ("There is little space left.", "Tell the support desk. Records can still be kept."),
        ),
        (Part::Storage, PartState::Failed) => (
            (
                "記録を保存できません。",
                "この端末を使わず、予備の端末を使ってください。初期化はしないでください。",
            ),
            ("Records cannot be kept.", "Use a spare tablet instead of this one. Do not wipe it."),
        ),
        (Part::Storage, PartState::Unknown) => (
            ("空き容量が分かりません。記録はできます。", ""),
            ("The free space is not known. Records can be kept.", ""),
        ),
        (Part::Clock, PartState::Good) => (("時計は合っています。", ""), ("The clock is right.", "")),
        (Part::Clock, PartState::Attention | PartState::Failed) => (
            ("時計が合っていません。", "端末の日付と時刻を直してください。"),
            ("The clock is wrong.", "Set the date and time of the tablet."),
        ),
        (Part::Clock, PartState::Unknown) => (
            (
                "送信先とまだ連絡していないため、時計は確かめられません。",
                "日付と時刻を見て確かめてください。",
            ),
            (
                "The clock cannot be checked before the central has answered.",
                "Look whether date and time are right.",
            ),
        ),
        (Part::Network, PartState::Good) => {
            (("送信先と連絡できます。", ""), ("The central can be reached.", ""))
        }
        (Part::Network, PartState::Attention) => (
            ("今は送信先と連絡できません。", "記録は続けられます。つながると自動で送信されます。"),
            ("The central cannot be reached now.", "Go on recording: everything is sent once it can be."),
        ),
        (Part::Network, PartState::Failed) => (
            ("送信先がこの端末を受け付けません。", "支援窓口に知らせてください。記録は続けられます。"),
            ("The central does not accept this tablet.", "Tell the support desk. Go on recording."),
        ),
        (Part::Network, PartState::Unknown) => {
            (("送信先とまだ連絡していません。", ""), ("The central has not been asked yet.", ""))
        }
        (Part::KeyStore, PartState::Good) => (
            ("記録の鍵は、この端末に守られています。", ""),
            ("This device protects the key of the records.", ""),
        ),
        (Part::KeyStore, _) => (
            ("記録の鍵は、暗証番号だけで守られています。", "端末を置いたままにしないでください。"),
            ("Only the PINs protect the key of the records.", "Do not leave the tablet lying about."),
        ),
        (Part::Sound, PartState::Good) => (("音が出ます。", ""), ("Sounds can be heard.", "")),
        (Part::Sound, PartState::Unknown) => {
            (("音は出さない設定です。", ""), ("Sounds are switched off.", ""))
        }
        (Part::Sound, PartState::Attention | PartState::Failed) => (
            ("スピーカーが見つかりません。", "画面の色と言葉で分かるので、音がなくても使えます。"),
            ("No speaker was found.", "The screen says the same by colours and words."),
        ),
    };
    pair(tone, japanese, english)
}
