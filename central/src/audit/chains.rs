//! 操作の記録の点検: whether each municipality's chain is whole, and whether every look-up stands in both chains: a chain whose
//! end was cut off is whole by itself.
//!
//! Must not: mend anything, or say what a line holds: municipality and place are enough to find it.

use std::collections::BTreeMap;

use record::MunicipalityCode;
use seal::audit::{AuditLink, Covered, genesis, link};

use super::Act;
use crate::storage::{ArchivedRow, KEPT, Snapshot, StorageError, Table, Value};

const AT_ONCE: u32 = 1_000;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedChains {
    /// Lines looked at.
    pub lines: u64,
    /// Of each chain that does not hold, the first place at which it does not.
    pub broken: Vec<String>,
    /// Look-ups that stand in one chain and not in the other's, by municipality and place.
    pub one_sided: Vec<String>,
    /// The last place and link of each chain, to be written down elsewhere.
    pub ends: Vec<(String, u64, AuditLink)>,
}

impl CheckedChains {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.broken.is_empty() && self.one_sided.is_empty()
    }
}

/// A chain that is being walked along.
struct Walk {
    owner: String,
    position: u64,
    link: Option<AuditLink>,
    is_broken: bool,
}

/// Looks at every line.
///
/// # Errors
/// [`StorageError`].
pub async fn check_chains(snapshot: &mut dyn Snapshot) -> Result<CheckedChains, StorageError> {
    let mut checked = CheckedChains::default();
    let Some(table) = KEPT.iter().find(|table| table.name == "audit") else { return Ok(checked) };
    let mut walk: Option<Walk> = None;
    // Look-up, and who asked whom: seen in the chain of the one and of the other.
    let mut made: BTreeMap<String, String> = BTreeMap::new();
    let mut received: BTreeMap<String, String> = BTreeMap::new();
    let mut after = Vec::new();
    loop {
        let page = snapshot.page(table, after, AT_ONCE).await?;
        for row in &page {
            checked.lines += 1;
            let row = Row { table, row };
            let owner = row.text("municipality").unwrap_or_default().to_owned();
            if walk.as_ref().is_none_or(|walk| walk.owner != owner) {
                checked.ends.extend(walk.take().and_then(Walk::end));
                let link = owner.parse::<MunicipalityCode>().ok().map(genesis);
                walk = Some(Walk { owner: owner.clone(), position: 0, link, is_broken: false });
            }
            if let Some(walk) = &mut walk {
                step(walk, &row, &mut checked.broken);
                let place = format!("municipality {owner} line {}", walk.position);
                match row.bytes("content").and_then(Act::read) {
                    Some(Act::LookedUp(told)) => {
                        made.insert(format!("{} {owner} {}", told.look_up, told.municipality), place);
                    }
                    Some(Act::WasLookedUp(told)) => {
                        received.insert(format!("{} {} {owner}", told.look_up, told.municipality), place);
                    }
                    _ => {}
                }
            }
        }
        let Some(last) = page.last() else { break };
        after = table.key_of(last);
    }
    checked.ends.extend(walk.and_then(Walk::end));
    let lacks = |of: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<String> {
        of.iter()
            .filter(|(look_up, _)| !other.contains_key(*look_up))
            .map(|(_, place)| place.clone())
            .collect()
    };
    checked.one_sided = [lacks(&made, &received), lacks(&received, &made)].concat();
    Ok(checked)
}

/// The next line of a chain. After the first that does not hold nothing more is said of that chain.
fn step(walk: &mut Walk, row: &Row<'_>, broken: &mut Vec<String>) {
    let expected = walk.position + 1;
    let (position, stands) = row.stands(walk.link);
    walk.position = position.unwrap_or(expected);
    walk.link = stands;
    if (position != Some(expected) || stands.is_none()) && !walk.is_broken {
        walk.is_broken = true;
        broken.push(format!("municipality {} line {expected}", walk.owner));
    }
}

impl Walk {
    fn end(self) -> Option<(String, u64, AuditLink)> {
        if self.is_broken { None } else { self.link.map(|link| (self.owner, self.position, link)) }
    }
}

struct Row<'a> {
    table: &'a Table,
    row: &'a ArchivedRow,
}

impl Row<'_> {
    fn column(&self, wanted: &str) -> Option<&Value> {
        let at = self.table.columns.iter().position(|(name, _)| *name == wanted)?;
        self.row.get(at)
    }
    fn text(&self, wanted: &str) -> Option<&str> {
        match self.column(wanted) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
    fn bytes(&self, wanted: &str) -> Option<&[u8]> {
        match self.column(wanted) {
            Some(Value::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }
    fn integer(&self, wanted: &str) -> Option<i64> {
        match self.column(wanted) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// Its place, and its link where it follows `previous` and covers what it says.
    fn stands(&self, previous: Option<AuditLink>) -> (Option<u64>, Option<AuditLink>) {
        let position = self.integer("position").and_then(|number| u64::try_from(number).ok());
        let link = || {
            let (previous, position) = (previous?, position?);
            let covered = Covered {
                position,
                recorded_at_ms: self.integer("recorded_at")?,
                account: self.text("account")?,
                kind: self.text("kind")?,
                content: self.bytes("content")?,
                person: self.bytes("person"),
                sealed: self.bytes("sealed"),
            };
            let computed = link(&previous, covered);
            let is_kept = self.bytes("previous_link") == Some(previous.as_slice())
                && self.bytes("link") == Some(computed.as_slice());
            is_kept.then_some(computed)
        };
        (position, link())
    }
}
