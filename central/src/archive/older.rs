//! What an archive tells of itself – tables by their columns – fitted to the tables of this program: what an older archive
//! lacks is filled by what is said here, or refused; what this program does not know is refused.
//!
//! Must not: guess. A column or table that came later stands in [`ADDED`] with what stands for it in an older archive, or
//! older archives are refused.

use serde::{Deserialize, Serialize};

use super::ArchiveError;
use crate::storage::{ArchivedRow, DERIVED, Snapshot, Table, Value, digest_of_columns};

/// A table and its columns, as an archive names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// Something that came after the first archives, and what stands for it in an archive that lacks it.
#[derive(Debug, Clone, PartialEq)]
enum Added {
    /// A whole table: it had no rows.
    Table(&'static str),
    /// A column: table, name, and the value of every older row.
    Column(&'static str, &'static str, Value),
}

/// All that came later.
const ADDED: &[Added] = &[
    // Nothing was revoked, replaced or declared lost before that could be done.
    Added::Column("enrolment_tokens", "revoked_at", Value::Nothing),
    Added::Column("enrolment_tokens", "revoked_by", Value::Nothing),
    Added::Column("enrolment_tokens", "revoke_reason", Value::Nothing),
    Added::Table("replaced_tablets"),
    Added::Table("lost_positions"),
    // No box was kept, and nobody's secrets were released.
    Added::Table("bundle_boxes"),
    Added::Table("recovery_releases"),
    // Nobody signed in with a provider.
    Added::Table("identities"),
    // No municipality registered its people here.
    Added::Table("people_secrets"),
    Added::Table("people_imports"),
    Added::Table("person_versions"),
    Added::Table("people"),
    Added::Table("person_marks"),
    // No sealed file was made or opened here.
    Added::Table("media_ledger"),
    // Nobody was found by name, and nothing was recorded of what was done.
    Added::Column("person_versions", "named", Value::Nothing),
    Added::Table("person_names"),
    Added::Table("audit"),
    // Nobody kept stock here.
    Added::Table("facilities"),
    Added::Table("facility_owners"),
    Added::Table("kind_changes"),
    Added::Table("stock_lines"),
    Added::Table("stock_accounts"),
    Added::Table("transfers"),
    Added::Table("transfer_sides"),
    Added::Table("transfer_steps"),
    Added::Table("product_rules"),
    Added::Table("stock_doses"),
    Added::Table("stock_told"),
    // Nobody said what is booked.
    Added::Table("bookings"),
    Added::Table("dated_lots"),
    // Nothing was shared out here.
    Added::Table("allocation_cycles"),
    Added::Table("allocation_orders"),
    Added::Table("allocation_shares"),
    Added::Table("allocation_steps"),
    Added::Table("allocation_populations"),
    // No closing was looked at for stock.
    Added::Table("stock_closings"),
    Added::Table("stock_opened"),
];

/// Where a value of a row comes from.
#[derive(Debug, Clone, PartialEq)]
enum Source {
    /// The archive's row, at that place.
    Archive(usize),
    /// An older archive lacks it.
    StandsFor(Value),
}

/// How the rows of one table of an archive become rows of this program's.
#[derive(Debug, PartialEq)]
pub(super) struct Fitting {
    sources: Vec<Source>,
    width: usize,
}

impl Fitting {
    /// # Errors
    /// [`ArchiveError::Unknown`] where the archive has a column that this program does not know or names one twice,
    /// [`ArchiveError::Lacks`] where it lacks one that nothing stands for.
    pub(super) fn of(table: &'static Table, columns: &[String]) -> Result<Self, ArchiveError> {
        Self::with(table, columns, ADDED)
    }

    fn with(table: &'static Table, columns: &[String], added: &[Added]) -> Result<Self, ArchiveError> {
        let is_known = |column: &String| table.columns.iter().any(|(name, _)| name == column);
        let is_once = |column: &String| columns.iter().filter(|other| *other == column).count() == 1;
        if !columns.iter().all(|column| is_known(column) && is_once(column)) {
            return Err(ArchiveError::Unknown(table.name));
        }
        let source = |name: &'static str| -> Result<Source, ArchiveError> {
            if let Some(at) = columns.iter().position(|column| column == name) {
                return Ok(Source::Archive(at));
            }
            let stands = added.iter().find_map(|added| match added {
                Added::Column(of, column, value) if *of == table.name && *column == name => Some(value),
                _ => None,
            });
            let stands = stands.ok_or(ArchiveError::Lacks(table.name, name))?;
            Ok(Source::StandsFor(stands.clone()))
        };
        let sources = table.columns.iter().map(|(name, _)| source(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { sources, width: columns.len() })
    }

    /// A row of this program's table; none where the archive's row has not as many values as it named columns.
    pub(super) fn fit(&self, row: &ArchivedRow) -> Option<ArchivedRow> {
        let value = |source: &Source| match source {
            Source::Archive(at) => row.get(*at).cloned(),
            Source::StandsFor(value) => Some(value.clone()),
        };
        if row.len() == self.width { self.sources.iter().map(value).collect() } else { None }
    }
}

/// Whether an archive may have been written before there was that table.
pub(super) fn may_be_lacking(table: &Table) -> bool {
    ADDED.contains(&Added::Table(table.name))
}

/// The tables of this program, to be named in what it writes.
pub(super) fn shape(table: &Table) -> Shape {
    let columns = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    Shape { name: table.name.to_owned(), columns }
}

/// The derived tables of this program.
pub(super) fn derived() -> Vec<Shape> {
    DERIVED.iter().map(shape).collect()
}

/// The columns of that table in an archive of the first version, which does not name them.
pub(super) fn first_columns(name: &str) -> Option<Vec<String>> {
    let (_, columns) = FIRST.iter().find(|(first, _)| *first == name)?;
    Some(columns.split(' ').map(str::to_owned).collect())
}

/// The derived tables of an archive of the first version.
pub(super) fn first_derived() -> Vec<Shape> {
    let of = |name: &&str| Some(Shape { name: (*name).to_owned(), columns: first_columns(name)? });
    ["epochs", "changes", "doses", "disputes"].iter().filter_map(of).collect()
}

/// SHA-256 of the register in the columns that an archive knew of it: what came later does not count.
///
/// # Errors
/// [`ArchiveError::Unknown`] where it names what this program does not know, [`ArchiveError::Lacks`] where it leaves out
/// what nothing stands for.
pub(super) async fn digest_in(
    snapshot: &mut dyn Snapshot,
    shapes: &[Shape],
) -> Result<[u8; 32], ArchiveError> {
    if shapes.iter().any(|shape| !DERIVED.iter().any(|table| table.name == shape.name)) {
        return Err(ArchiveError::Unknown("the register"));
    }
    let mut wanted = Vec::new();
    for table in DERIVED {
        let Some(Shape { columns, .. }) = shapes.iter().find(|shape| shape.name == table.name) else {
            if may_be_lacking(table) {
                continue;
            }
            return Err(ArchiveError::Lacks(table.name, "*"));
        };
        Fitting::of(table, columns)?;
        let place = |column: &String| table.columns.iter().position(|(name, _)| name == column);
        wanted.push((table, columns.iter().filter_map(place).collect()));
    }
    Ok(digest_of_columns(snapshot, &wanted).await?.sha256)
}

/// Every table and its columns as the first version carried them. Never changed: old archives do not.
const FIRST: &[(&str, &str)] = &[
    ("tablets", "municipality tablet_number name invited_at"),
    ("enrolment_tokens", "municipality tablet_number token_digest issued_at expires_at"),
    ("devices", "municipality tablet_number device_key enrolled_at last_contact_at program"),
    (
        "epochs",
        "municipality tablet_number epoch last_position highest_position stored clock_offset_ms last_batch_at",
    ),
    (
        "entries",
        "municipality tablet_number epoch position hash previous_link link entry_id outcome received_at entry",
    ),
    ("publications", "version kind municipality digest bytes published_at"),
    ("known_municipalities", "municipality tablet_number coupon_municipality version"),
    ("settled_entries", "municipality tablet_number epoch position hash settlement settled_at version"),
    ("accounts", "name role municipality password_hash created_at disabled_at"),
    ("second_factors", "name sealed_secret last_step set_up_at"),
    ("recovery_codes", "name digest used_at"),
    (
        "decisions",
        "coupon_municipality coupon_number dose number replaces standing_municipality standing_entry_id standing_hash reason decided_by decided_at",
    ),
    ("considered_entries", "coupon_municipality coupon_number dose hash number"),
    ("changes", "municipality changed_entry_id entry_id"),
    ("doses", "coupon_municipality coupon_number dose municipality entry_id"),
    ("disputes", "coupon_municipality coupon_number dose municipality entry_id hash"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::KEPT;

    fn names(columns: &[&str]) -> Vec<String> {
        columns.iter().map(|&column| column.to_owned()).collect()
    }

    #[test]
    fn what_came_after_the_first_archives_says_what_stands_for_it_in_one() {
        for table in KEPT {
            let Some(columns) = first_columns(table.name) else {
                assert!(may_be_lacking(table), "{}: say in ADDED that older archives lack it", table.name);
                continue;
            };
            if let Err(error) = Fitting::of(table, &columns) {
                panic!("{error}: say in ADDED what stands for it in older archives");
            }
        }
        let is_kept = |name: &&str| KEPT.iter().any(|table| table.name == *name);
        let first: Vec<_> = FIRST.iter().map(|(name, _)| *name).filter(is_kept).collect();
        let kept: Vec<_> = KEPT.iter().map(|table| table.name).filter(|name| first.contains(name)).collect();
        assert_eq!(kept, first, "an older archive has its tables in this order");
    }

    #[test]
    fn an_older_row_is_filled_with_what_stands_for_what_it_lacks() {
        let table = &KEPT[0];
        let older = names(&["tablet_number", "municipality", "name"]);
        let refused = Fitting::with(table, &older, &[]);
        assert!(matches!(refused, Err(ArchiveError::Lacks("tablets", "invited_at"))), "{refused:?}");
        let added = [Added::Column("tablets", "invited_at", Value::Integer(0))];
        let fitting = Fitting::with(table, &older, &added).unwrap();
        let text = |text: &str| Value::Text(text.to_owned());
        let row = vec![Value::Integer(17), text("131130"), text("17号機")];
        let fitted = vec![text("131130"), Value::Integer(17), text("17号機"), Value::Integer(0)];
        assert_eq!(fitting.fit(&row), Some(fitted));
        assert_eq!(fitting.fit(&row[..2].to_vec()), None);
        assert_ne!(added[0], Added::Table("tablets"));
    }

    #[test]
    fn a_column_that_is_not_known_or_comes_twice_is_refused() {
        let table = &KEPT[0];
        let mut newer = shape(table).columns;
        assert!(Fitting::of(table, &newer).is_ok());
        newer.push("colour".to_owned());
        assert!(matches!(Fitting::of(table, &newer), Err(ArchiveError::Unknown("tablets"))));
        newer.pop();
        newer.push("name".to_owned());
        assert!(matches!(Fitting::of(table, &newer), Err(ArchiveError::Unknown("tablets"))));
    }
}
