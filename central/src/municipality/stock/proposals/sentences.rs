//! Why something is proposed, and why somebody stays short, in sentences of both languages.
//!
//! Must not: know a page.

use vsys::{
    Storage,
    proposal::{Carriage, Obstacle, Proposal, StaysShort},
};

use super::super::event_words::kind_word;
use crate::{
    console::{
        language::Language,
        phrases::{duration, number},
    },
    stock::proposing::Missing,
};

/// Who is short of how much, who can spare it, and what the rule says.
pub(super) fn why(language: Language, proposal: &Proposal) -> Vec<String> {
    let why = &proposal.why;
    let (short, spare) = (number(why.short), number(why.spare));
    let (from, to) = (kind_word(language, why.between.0), kind_word(language, why.between.1));
    let mut said = match language {
        Language::Japanese => vec![
            format!("受け取る施設は、{}から合わせて{short}回分足りません。", why.short_from),
            format!("渡す施設には、予約のない在庫がこのロットで{spare}回分あります。"),
            format!("製品の規則で、{from}から{to}へ移送できます。"),
        ],
        Language::English => vec![
            format!("The receiver is short of {short} doses in all, from {} on.", why.short_from),
            format!("The giver has {spare} doses of this lot that nobody is booked for."),
            format!("The product's rule lets {from} pass on to {to}."),
        ],
    };
    if why.is_again {
        said.push(match language {
            Language::Japanese => "移送で受け取ったものを含みます(再融通)。".to_owned(),
            Language::English => "A part of it came by a transfer (再融通).".to_owned(),
        });
    }
    said
}

/// How far, how cold, how long, and how many days are left.
pub(super) fn carried(language: Language, proposal: &Proposal) -> Vec<String> {
    let why = &proposal.why;
    let (km, takes, days) = (number(why.km.into()), duration(language, why.way_ms), why.days_left());
    let days = number(days.unsigned_abs());
    let cold = match (language, why.carriage, proposal.storage) {
        (Language::Japanese, Carriage::Frozen, _) => "冷凍(−25〜−15℃)のまま運びます。",
        (Language::Japanese, Carriage::Chilled, Storage::Thawed) => "冷蔵(2〜8℃)で運びます。",
        (Language::Japanese, Carriage::Chilled, Storage::Frozen) => {
            "冷蔵(2〜8℃)で運びます。解凍が始まり、冷凍には戻せません。"
        }
        (Language::English, Carriage::Frozen, _) => "Carried frozen (−25 to −15 °C).",
        (Language::English, Carriage::Chilled, Storage::Thawed) => "Carried chilled (2–8 °C).",
        (Language::English, Carriage::Chilled, Storage::Frozen) => {
            "Carried chilled (2–8 °C): it thaws and cannot be frozen again."
        }
    };
    let way = match language {
        Language::Japanese => format!("{km}km、およそ{takes}。"),
        Language::English => format!("{km} km, about {takes}."),
    };
    let left = match language {
        Language::Japanese => format!("届いたとき、使える日は残り{days}日です。"),
        Language::English => format!("{days} days are left when it arrives."),
    };
    vec![way, cold.to_owned(), left]
}

/// Why nobody can help, and what can be done about it.
pub(super) fn obstacles(language: Language, site: &StaysShort) -> Vec<String> {
    let japanese = language == Language::Japanese;
    if site.has_no_position {
        return vec![pick(
            japanese,
            "施設の位置(緯度と経度)が登録されていないため、近くの施設を探せません。「施設を登録する」で位置を入力してください。",
            "Nobody has said where it stands, so nobody near by can be found. Enter its position with the facility.",
        )];
    }
    let mut said: Vec<String> = site
        .obstacles
        .iter()
        .map(|(obstacle, count)| {
            let (words, count) = (obstacle_words(japanese, *obstacle), number((*count).into()));
            if japanese {
                format!("余りのある{count}施設: {words}")
            } else {
                format!("{count} with something to spare: {words}")
            }
        })
        .collect();
    if let Some(km) = site.nearest_km {
        let km = number(km.into());
        said.push(if japanese {
            format!("余りのある一番近い施設まで{km}kmあり、距離の上限を超えています。上限を変えて計算し直せます。")
        } else {
            format!("The nearest with anything to spare is {km} km away, beyond the longest way. It can be changed above.")
        });
    }
    if said.is_empty() {
        said.push(pick(
            japanese,
            "範囲の中に、余りのある施設がありません。納入を手配するか、範囲の外から受け取れないか都道府県に相談してください。",
            "Nobody within reach has anything to spare. Arrange a delivery, or ask the prefecture for help from further away.",
        ));
    }
    said
}

fn pick(is_japanese: bool, japanese: &str, english: &str) -> String {
    if is_japanese { japanese } else { english }.to_owned()
}

fn obstacle_words(is_japanese: bool, obstacle: Obstacle) -> &'static str {
    let (japanese, english) = match obstacle {
        Obstacle::LessThanAUnit => {
            ("余りが、移せる最小の単位より少ない", "less than the smallest unit that is moved")
        }
        Obstacle::NotAgain => (
            "移送で受け取ったもので、規則で再び移せない",
            "it came by a transfer, and the rule does not let it be passed on again",
        ),
        Obstacle::NotBetweenKinds => {
            ("規則で、その型からこの型へ移せない", "the rule does not let its kind pass on to the receiver's")
        }
        Obstacle::ColdChain => {
            ("運ぶ時間が、冷蔵・冷凍で運べる時間を超える", "the way is longer than the cold chain allows")
        }
        Obstacle::TooLate => ("足りない日に間に合わない", "it would arrive too late"),
        Obstacle::NotGoodLongEnough => {
            ("使う日まで期限がもたない", "it would not be good until the day on which it is needed")
        }
        Obstacle::AllProposed => {
            ("余りはすべて、ほかの提案で使われている", "all that it has is proposed already")
        }
    };
    if is_japanese { japanese } else { english }
}

/// What was left out, and what that means.
pub(super) fn missing(language: Language, missing: &Missing) -> String {
    let japanese = language == Language::Japanese;
    match missing {
        Missing::Kind => pick(
            japanese,
            "この製品について型が決まっていないため、施設ごと計算に入れていません。施設の画面で型を決めてください。",
            "It is of no kind for this product and is left out whole. Set its kind on its page.",
        ),
        Missing::Position => pick(
            japanese,
            "位置(緯度と経度)が登録されていないため、渡すことも受け取ることもできません。「施設を登録する」で位置を入力してください。",
            "Nobody has said where it stands: it can neither help nor be helped. Enter its position.",
        ),
        Missing::Expiry(lot) if japanese => {
            format!(
                "ロット{lot}の有効期限がわからないため、このロットの在庫を計算に入れていません。有効期限を入力してください。"
            )
        }
        Missing::Expiry(lot) => {
            format!("Nobody has said until when lot {lot} is good; it is left out. Enter its day.")
        }
        Missing::ThawedAt(lot) if japanese => {
            format!(
                "ロット{lot}をいつ解凍したかがわからないため、解凍後の在庫を計算に入れていません。施設の元帳を確かめてください。"
            )
        }
        Missing::ThawedAt(lot) => {
            format!(
                "Nobody has said when lot {lot} was thawed; what lies thawed is left out. Look at the ledger."
            )
        }
        Missing::Recalled(lot) if japanese => {
            format!(
                "ロット{lot}は回収中です。計算に入れていません。使わずに、施設の画面で廃棄を入力してください。"
            )
        }
        Missing::Recalled(lot) => {
            format!("Lot {lot} is recalled and is left out. Do not use it; enter it as discarded.")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn stays(obstacles: BTreeMap<Obstacle, u32>, nearest_km: Option<u32>) -> StaysShort {
        StaysShort {
            facility: "1311300001".parse().unwrap(),
            municipality: "131130".parse().unwrap(),
            doses: 5,
            from: "2021-11-25".parse().unwrap(),
            has_no_position: false,
            obstacles,
            nearest_km,
        }
    }

    #[test]
    fn whoever_stays_short_is_told_why_and_what_can_be_done() {
        let known = BTreeMap::from([(Obstacle::NotBetweenKinds, 2), (Obstacle::TooLate, 1)]);
        for (site, parts) in [
            (stays(known, None), vec!["余りのある2施設: 規則で", "余りのある1施設: 足りない日に"]),
            (stays(BTreeMap::new(), Some(300)), vec!["300km"]),
            (stays(BTreeMap::new(), None), vec!["納入を手配するか"]),
            (StaysShort { has_no_position: true, ..stays(BTreeMap::new(), None) }, vec!["位置"]),
        ] {
            let said = obstacles(Language::Japanese, &site);
            assert_eq!(said.len(), parts.len(), "{said:?}");
            for (sentence, part) in said.iter().zip(parts) {
                assert!(sentence.contains(part), "{sentence}");
            }
            assert!(obstacles(Language::English, &site).iter().all(|sentence| sentence.is_ascii()));
        }
    }
}
