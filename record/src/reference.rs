//! 参照データ: what lies in the parts that the central sends down – lots, rules, settled entries, and doses by keyed hash.
//!
//! Must not: know how a part travels; [`crate::wire::reference`] names the parts.

pub mod doses;

use serde::{Deserialize, Serialize};

use crate::{
    bytes::EntryHash,
    identity::{Epoch, Position},
    moment::WallTime,
    rules::RuleTable,
    supply::VaccineSupply,
};

/// A part's bytes are not what it should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("part does not hold together")]
pub struct PartError;

/// What a person at the central decided about an entry that needed review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// 有効: it counts.
    Counts,
    /// 無効: it stays kept, and counts nowhere.
    DoesNotCount,
    /// A settlement of tomorrow.
    #[serde(other)]
    Unknown,
}

impl Settlement {
    /// Its code, as in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::DoesNotCount => "does_not_count",
            Self::Unknown => "unknown",
        }
    }
    /// What a code says.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match code {
            "counts" => Self::Counts,
            "does_not_count" => Self::DoesNotCount,
            _ => Self::Unknown,
        }
    }
}

/// 確認の結果 of one entry of the tablet that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledEntry {
    /// Its epoch.
    pub epoch: Epoch,
    /// Its position there.
    pub position: Position,
    /// The hash of its bytes: another entry that claims the same place is not meant.
    pub hash: EntryHash,
    /// What was decided.
    pub settlement: Settlement,
    /// When, by the central's clock.
    pub settled_at: WallTime,
}

/// Reads a part of lots: JSON, each vaccine once, each with a lot.
///
/// # Errors
/// [`PartError`].
pub fn lots(bytes: &[u8]) -> Result<Vec<VaccineSupply>, PartError> {
    let supplies: Vec<VaccineSupply> = serde_json::from_slice(bytes).map_err(|_| PartError)?;
    for (place, supply) in supplies.iter().enumerate() {
        let is_twice = supplies[..place].iter().any(|before| before.vaccine == supply.vaccine);
        let has_lot_twice = supply
            .lots
            .iter()
            .enumerate()
            .any(|(place, lot)| supply.lots[..place].iter().any(|before| before.lot == lot.lot));
        if supply.lots.is_empty() || is_twice || has_lot_twice {
            return Err(PartError);
        }
    }
    Ok(supplies)
}

/// Reads a part of rules: JSON of a [`RuleTable`]. A check that is not known here makes it unreadable.
///
/// # Errors
/// [`PartError`].
pub fn rules(bytes: &[u8]) -> Result<RuleTable, PartError> {
    serde_json::from_slice(bytes).map_err(|_| PartError)
}

/// Reads a part of settled entries: JSON.
///
/// # Errors
/// [`PartError`].
pub fn settled(bytes: &[u8]) -> Result<Vec<SettledEntry>, PartError> {
    serde_json::from_slice(bytes).map_err(|_| PartError)
}

/// The bytes of any part that is JSON.
///
/// # Panics
/// Never: lots, rules and settled entries serialise.
#[must_use]
pub fn document(content: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(content).expect("map keys of a document are text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_are_read_as_the_bundle_holds_them_and_each_once() {
        let lots_of = |lots: &str| {
            format!(
                r#"{{"vaccine":{{"manufacturer":"ファイザー","product":"コミナティ筋注"}},"lots":[{lots}]}}"#
            )
        };
        let one = r#"{"lot":"FF3620","expires_on":"2022-02-28","recalled_at":1637545200000}"#;
        let sound = format!("[{}]", lots_of(one));
        let read = lots(sound.as_bytes()).unwrap();
        assert!(read[0].lots[0].is_recalled(WallTime::from_unix_ms(1_637_545_200_000)));
        assert_eq!(lots(&document(&read)).unwrap(), read);
        for wrong in [
            format!("[{}]", lots_of("")),
            format!("[{}]", lots_of(&format!("{one},{one}"))),
            format!("[{0},{0}]", lots_of(one)),
            "{}".to_owned(),
        ] {
            assert_eq!(lots(wrong.as_bytes()), Err(PartError), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_check_makes_rules_unreadable_and_a_settlement_of_tomorrow_is_taken() {
        assert_eq!(rules(&document(&RuleTable::default())), Ok(RuleTable::default()));
        assert_eq!(rules(br#"[{"check":"moon_phase","then":"block"}]"#), Err(PartError));
        let told = SettledEntry {
            epoch: Epoch::FIRST,
            position: Position::FIRST,
            hash: EntryHash([1; 32]),
            settlement: Settlement::DoesNotCount,
            settled_at: WallTime::from_unix_ms(1_637_545_200_123),
        };
        let bytes = document(&[told]);
        insta::assert_snapshot!(String::from_utf8(bytes.clone()).unwrap());
        assert_eq!(settled(&bytes), Ok(vec![told]));
        let tomorrow = String::from_utf8(bytes).unwrap().replace("does_not_count", "asked_again");
        assert_eq!(settled(tomorrow.as_bytes()).unwrap()[0].settlement, Settlement::Unknown);
    }
}
