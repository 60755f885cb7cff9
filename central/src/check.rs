//! 点検: whether every kept entry is still what came, the register still what follows from the entries, the lists for
//! tablets still what follows from the register, the ledgers of sealed files without a gap, the audit still what was recorded,
//! the balances of stock what its ledger makes, and every allocation what its figures make.
//!
//! Must not: mend anything, or say what an entry holds: a tablet's number and a place are enough to find it.

use std::sync::Arc;

use record::{
    Position,
    bytes::{EntryHash, Link},
};
use seal::{chain, coupon::CouponMaster};

use crate::{
    audit::{CheckedChains, check_chains},
    media::checking::{self, CheckedLedgers},
    reference,
    stock::{
        self,
        allocating::checking::{self as allocation, CheckedAllocation},
        checking::CheckedStock,
    },
    storage::{ArchivedRow, ComparedLists, Derivation, Derived, KEPT, Storage, StorageError, Table, Value},
};

const AT_ONCE: u32 = 1_000;
/// Places named at most; more of the same kind say nothing new.
const MOST_NAMED: usize = 50;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Entries looked at.
    pub entries: u64,
    /// How many of them are not what came.
    pub damaged: u64,
    /// The first of those: tablet, epoch and position.
    pub places: Vec<String>,
    /// The register as it is, and as it follows from the entries.
    pub register: Derived,
    /// The lists for tablets; none where nothing was ever listed.
    pub lists: Option<ComparedLists>,
    /// The ledgers of sealed files.
    pub ledgers: CheckedLedgers,
    /// 操作の記録.
    pub chains: CheckedChains,
    /// 在庫元帳 and its balances.
    pub stock: CheckedStock,
    /// 配分.
    pub allocation: CheckedAllocation,
}

impl Checked {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.damaged == 0
            && self.register.before == self.register.after
            && self.are_lists_good()
            && self.ledgers.places.is_empty()
            && self.chains.is_good()
            && self.stock.is_good()
            && self.allocation.wrong.is_empty()
    }

    /// Whether the lists for tablets say what stands.
    #[must_use]
    pub fn are_lists_good(&self) -> bool {
        self.lists.as_ref().is_none_or(|lists| lists.unlike.is_empty())
    }
}

/// Looks at every entry, derives the register and gathers the lists under `master` for comparison; nothing is changed.
///
/// # Errors
/// [`StorageError`].
pub async fn check(
    storage: &dyn Storage,
    master: Option<&Arc<CouponMaster>>,
    progress: &mut dyn FnMut(u64),
) -> Result<Checked, StorageError> {
    let lists = match master {
        Some(master) => reference::compare(storage, master).await?,
        None => None,
    };
    let mut snapshot = storage.snapshot().await?;
    let mut checked = Checked {
        entries: 0,
        damaged: 0,
        places: Vec::new(),
        register: storage.derive(Derivation::Compare).await?,
        lists,
        ledgers: checking::check(storage).await?,
        chains: check_chains(&mut *snapshot).await?,
        stock: stock::checking::check(&mut *snapshot).await?,
        allocation: allocation::check(storage).await?,
    };
    let Some(table) = KEPT.iter().find(|table| table.name == "entries") else { return Ok(checked) };
    let mut after = Vec::new();
    loop {
        let page = snapshot.page(table, after, AT_ONCE).await?;
        for row in &page {
            checked.entries += 1;
            if !is_whole(table, row) {
                checked.damaged += 1;
                if checked.places.len() < MOST_NAMED {
                    checked.places.push(place(row));
                }
            }
        }
        progress(checked.entries);
        let Some(last) = page.last() else { return Ok(checked) };
        after = table.key_of(last);
    }
}

/// Whether hash and link are those of the bytes at that place.
fn is_whole(table: &Table, row: &ArchivedRow) -> bool {
    let column = |wanted: &str| table.columns.iter().position(|(name, _)| *name == wanted).map(|at| &row[at]);
    let bytes = |wanted: &str| match column(wanted) {
        Some(Value::Bytes(bytes)) => Some(bytes.as_slice()),
        _ => None,
    };
    let digest = |wanted: &str| bytes(wanted).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let position = match column("position") {
        Some(Value::Integer(number)) => u64::try_from(*number).ok().and_then(Position::new),
        _ => None,
    };
    let (Some(entry), Some(hash), Some(previous), Some(link), Some(position)) =
        (bytes("entry"), digest("hash"), digest("previous_link"), digest("link"), position)
    else {
        return false;
    };
    let computed = chain::entry_hash(entry);
    computed == EntryHash(hash) && chain::link(&Link(previous), position, &computed) == Link(link)
}

fn place(row: &ArchivedRow) -> String {
    let part = |at: usize| match row.get(at) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Integer(number)) => number.to_string(),
        _ => "?".to_owned(),
    };
    format!("tablet {}-{:0>4} epoch {} position {}", part(0), part(1), part(2), part(3))
}
