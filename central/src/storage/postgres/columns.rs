//! Many rows in one statement, in the form each kind of database takes fastest: arrays that it unfolds where all
//! tables lie on one machine, a list of `VALUES` for one municipality where they are distributed.
//!
//! Must not: know a table.

use std::fmt::Write as _;

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
    Big(Vec<i64>),
    Small(Vec<i16>),
    Flag(Vec<bool>),
}

impl<'a> Column<'a> {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Bytes(_) | Self::MaybeBytes(_) => "bytea",
            Self::Big(_) => "bigint",
            Self::Small(_) => "smallint",
            Self::Flag(_) => "boolean",
        }
    }
    fn len(&self) -> usize {
        match self {
            Self::Text(rows) => rows.len(),
            Self::Bytes(rows) => rows.len(),
            Self::MaybeBytes(rows) => rows.len(),
            Self::Big(rows) => rows.len(),
            Self::Small(rows) => rows.len(),
            Self::Flag(rows) => rows.len(),
        }
    }
    fn whole(self) -> Value<'a> {
        match self {
            Self::Text(rows) => Box::new(rows),
            Self::Bytes(rows) => Box::new(rows),
            Self::MaybeBytes(rows) => Box::new(slices(rows)),
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
            Self::Big(rows) => Box::new(rows[row]),
            Self::Small(rows) => Box::new(rows[row]),
            Self::Flag(rows) => Box::new(rows[row]),
        }
    }
}

fn slices(rows: Vec<Option<[u8; 16]>>) -> Vec<Option<Vec<u8>>> {
    rows.into_iter().map(|row| row.map(Vec::from)).collect()
}

/// Writes rows that all belong to `owner` (the column `owned_by`); what is there already stays as it is.
pub(super) fn insert<'a>(
    layout: Layout,
    table: &str,
    owned_by: &str,
    owner: impl Into<String>,
    columns: Vec<(&str, Column<'a>)>,
) -> Call<'a> {
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let count = columns.first().map_or(0, |(_, column)| column.len());
    let mut values: Vec<Value<'a>> = vec![Box::new(owner.into())];
    let mut sql = format!("INSERT INTO {table} ({owned_by}, {names}) ");
    match layout {
        Layout::Single => {
            let mut arrays = String::new();
            for (index, (_, column)) in columns.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                // Writing to a String never fails.
                let _ = write!(arrays, "{comma}${}::{}[]", index + 2, column.type_name());
            }
            let _ = write!(sql, "SELECT $1::text, given.* FROM unnest({arrays}) AS given ({names})");
            values.extend(columns.into_iter().map(|(_, column)| column.whole()));
        }
        Layout::Distributed => {
            sql.push_str("VALUES ");
            for row in 0..count {
                sql.push_str(if row == 0 { "($1::text" } else { ", ($1::text" });
                for (_, column) in &columns {
                    values.push(column.one(row));
                    let _ = write!(sql, ", ${}::{}", values.len(), column.type_name());
                }
                sql.push(')');
            }
        }
    }
    sql.push_str(" ON CONFLICT DO NOTHING");
    Call::made(sql, values)
}

/// Selects what belongs to `owner` and whose `columns` are among the given rows.
pub(super) fn select_in<'a>(
    layout: Layout,
    select: &str,
    owned_by: &str,
    owner: impl Into<String>,
    columns: Vec<(&str, Column<'a>)>,
) -> Call<'a> {
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let count = columns.first().map_or(0, |(_, column)| column.len());
    let mut values: Vec<Value<'a>> = vec![Box::new(owner.into())];
    let mut sql = format!("{select} WHERE {owned_by} = $1::text AND ({names}) IN (");
    match layout {
        Layout::Single => {
            sql.push_str("SELECT * FROM unnest(");
            for (index, (_, column)) in columns.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                let _ = write!(sql, "{comma}${}::{}[]", index + 2, column.type_name());
            }
            sql.push_str("))");
            values.extend(columns.into_iter().map(|(_, column)| column.whole()));
        }
        Layout::Distributed => {
            for row in 0..count {
                sql.push_str(if row == 0 { "(" } else { ", (" });
                for (index, (_, column)) in columns.iter().enumerate() {
                    values.push(column.one(row));
                    let comma = if index == 0 { "" } else { ", " };
                    let _ = write!(sql, "{comma}${}::{}", values.len(), column.type_name());
                }
                sql.push(')');
            }
            sql.push(')');
        }
    }
    Call::made(sql, values)
}
