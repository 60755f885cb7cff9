//! Many rows in one statement, in the form each kind of database takes fastest: arrays that it unfolds where all
//! tables lie on one machine, a list of `VALUES` for one municipality where they are distributed.
//!
//! Must not: know a table.

use std::{collections::BTreeMap, fmt::Write as _};

use super::call::{Call, Value};

/// Where the tables lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// On one machine.
    Single,
    /// Citus: distributed by the municipality that owns a row.
    Distributed,
}

/// One column of the rows.
pub(super) enum Column<'a> {
    Text(Vec<String>),
    Bytes(Vec<&'a [u8]>),
    MaybeBytes(Vec<Option<[u8; 16]>>),
    Hashes(Vec<[u8; 32]>),
    Big(Vec<i64>),
    Small(Vec<i16>),
    Flag(Vec<bool>),
}

impl<'a> Column<'a> {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Bytes(_) | Self::MaybeBytes(_) | Self::Hashes(_) => "bytea",
            Self::Big(_) => "bigint",
            Self::Small(_) => "smallint",
            Self::Flag(_) => "boolean",
        }
    }
    fn whole(self) -> Value<'a> {
        match self {
            Self::Text(rows) => Box::new(rows),
            Self::Bytes(rows) => Box::new(rows),
            Self::MaybeBytes(rows) => Box::new(slices(rows)),
            Self::Hashes(rows) => Box::new(rows.into_iter().map(Vec::from).collect::<Vec<Vec<u8>>>()),
            Self::Big(rows) => Box::new(rows),
            Self::Small(rows) => Box::new(rows),
            Self::Flag(rows) => Box::new(rows),
        }
    }
    fn one(&self, row: usize) -> Value<'a> {
        match self {
            Self::Text(rows) => Box::new(rows[row].clone()),
            Self::Bytes(rows) => Box::new(rows[row]),
            Self::MaybeBytes(rows) => Box::new(rows[row].map(Vec::from)),
            Self::Hashes(rows) => Box::new(rows[row].to_vec()),
            Self::Big(rows) => Box::new(rows[row]),
            Self::Small(rows) => Box::new(rows[row]),
            Self::Flag(rows) => Box::new(rows[row]),
        }
    }
}

fn slices(rows: Vec<Option<[u8; 16]>>) -> Vec<Option<Vec<u8>>> {
    rows.into_iter().map(|row| row.map(Vec::from)).collect()
}

/// What a row means that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Something is wrong, and nothing is written.
    Fails,
    /// It stays as it is.
    Stays,
    /// It becomes what this clause makes of both.
    Joins(&'static str),
}

/// Rows, column by column; the first column says which municipality a row belongs to.
pub(super) struct Rows<'a> {
    owned_by: &'static str,
    owners: Vec<String>,
    columns: Vec<(&'static str, Column<'a>)>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        owned_by: &'static str,
        owners: Vec<String>,
        columns: Vec<(&'static str, Column<'a>)>,
    ) -> Self {
        Self { owned_by, owners, columns }
    }

    /// One more column of the same rows.
    pub(super) fn add(&mut self, name: &'static str, column: Column<'a>) {
        self.columns.push((name, column));
    }

    fn by_owner(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut by_owner: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, owner) in self.owners.iter().enumerate() {
            by_owner.entry(owner).or_default().push(row);
        }
        by_owner
    }

    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// `$1::text[], …`, for all of them at once.
    fn arrays(&self) -> String {
        let mut arrays = "$1::text[]".to_owned();
        for (index, (_, column)) in self.columns.iter().enumerate() {
            // Writing to a String never fails.
            let _ = write!(arrays, ", ${}::{}[]", index + 2, column.type_name());
        }
        arrays
    }

    fn whole(self) -> Vec<Value<'a>> {
        let owners: Value<'a> = Box::new(self.owners);
        std::iter::once(owners).chain(self.columns.into_iter().map(|(_, column)| column.whole())).collect()
    }

    /// `(before$2::type, …), …`, for the rows of one municipality, whose code is `$1`.
    fn listed(&self, owner: &str, rows: &[usize], before: &str) -> (String, Vec<Value<'a>>) {
        let mut values: Vec<Value<'a>> = vec![Box::new(owner.to_owned())];
        let mut list = String::new();
        for (index, row) in rows.iter().enumerate() {
            list.push_str(if index == 0 { "(" } else { ", (" });
            list.push_str(before);
            for (place, (_, column)) in self.columns.iter().enumerate() {
                values.push(column.one(*row));
                let comma = if place == 0 && before.is_empty() { "" } else { ", " };
                let _ = write!(list, "{comma}${}::{}", values.len(), column.type_name());
            }
            list.push(')');
        }
        (list, values)
    }
}

/// Writes the rows.
pub(super) fn insert<'a>(layout: Layout, again: Again, table: &str, rows: Rows<'a>) -> Vec<Call<'a>> {
    let (owned_by, names) = (rows.owned_by, rows.names());
    let end = match again {
        Again::Fails => String::new(),
        Again::Stays => " ON CONFLICT DO NOTHING".to_owned(),
        Again::Joins(clause) => format!(" {clause}"),
    };
    match layout {
        _ if rows.owners.is_empty() => Vec::new(),
        Layout::Single => {
            let arrays = rows.arrays();
            let sql =
                format!("INSERT INTO {table} ({owned_by}, {names}) SELECT * FROM unnest({arrays}){end}");
            vec![Call::made(sql, rows.whole())]
        }
        Layout::Distributed => {
            let of = |(owner, some): (&str, Vec<usize>)| {
                let (list, values) = rows.listed(owner, &some, "$1::text");
                Call::made(format!("INSERT INTO {table} ({owned_by}, {names}) VALUES {list}{end}"), values)
            };
            rows.by_owner().into_iter().map(of).collect()
        }
    }
}

/// Looks up the rows of a table that have the given values, a few each by its key; `columns` are read. On one machine
/// each is looked up by itself behind `OFFSET 0`, which the planner does not look through: whatever it believes of the
/// table's size, it has nothing but the key to go by.
pub(super) fn select_each<'a>(layout: Layout, columns: &str, table: &str, rows: Rows<'a>) -> Vec<Call<'a>> {
    let (owned_by, names) = (rows.owned_by, rows.names());
    match layout {
        _ if rows.owners.is_empty() => Vec::new(),
        Layout::Single => {
            let arrays = rows.arrays();
            let all = std::iter::once(owned_by).chain(rows.columns.iter().map(|(name, _)| *name));
            let keys =
                all.map(|name| format!("{table}.{name} = given.{name}")).collect::<Vec<_>>().join(" AND ");
            let sql = format!(
                "SELECT found.* FROM unnest({arrays}) AS given ({owned_by}, {names}) \
                 CROSS JOIN LATERAL (SELECT {columns} FROM {table} WHERE {keys} OFFSET 0) AS found"
            );
            vec![Call::made(sql, rows.whole())]
        }
        Layout::Distributed => {
            let of = |(owner, some): (&str, Vec<usize>)| {
                let (list, values) = rows.listed(owner, &some, "");
                let sql = format!(
                    "SELECT {columns} FROM {table} WHERE {owned_by} = $1::text AND ({names}) IN ({list})"
                );
                Call::made(sql, values)
            };
            rows.by_owner().into_iter().map(of).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(make: impl Fn(Layout) -> Vec<Call<'static>>) -> String {
        let calls = [Layout::Single, Layout::Distributed].map(make);
        calls.iter().flatten().map(|call| format!("{}: {} values\n", call.sql, call.values.len())).collect()
    }
    fn rows() -> Rows<'static> {
        Rows::new(
            "coupon_municipality",
            ["131130", "131016", "131130"].map(str::to_owned).to_vec(),
            vec![
                ("coupon_number", Column::Text(["1", "2", "3"].map(str::to_owned).to_vec())),
                ("dose", Column::Small(vec![1, 1, 2])),
            ],
        )
    }

    #[test]
    fn what_one_machine_and_what_many_are_told() {
        insta::assert_snapshot!(both(|layout| insert(layout, Again::Stays, "doses", rows())));
        insta::assert_snapshot!(both(|layout| select_each(
            layout,
            "municipality, entry_id",
            "doses",
            rows()
        )));
    }

    #[test]
    fn nothing_to_ask_is_no_statement() {
        let none = || Rows::new("coupon_municipality", Vec::new(), vec![("dose", Column::Small(Vec::new()))]);
        for layout in [Layout::Single, Layout::Distributed] {
            assert!(insert(layout, Again::Fails, "doses", none()).is_empty());
            assert!(select_each(layout, "dose", "doses", none()).is_empty());
        }
    }
}
