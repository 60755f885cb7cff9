//! What the command line asks for beside serving: the register looked at, made again, carried and
//! moved; what is sent down to tablets; what is handed out; imports of people; accounts.
//!
//! Must not: do the work; the library does. Only this speaks to the terminal.

mod allocation;
pub(crate) mod asking;
pub(crate) mod carry;
pub(crate) mod handouts;
pub(crate) mod media;
pub(crate) mod people;
pub(crate) mod register;
pub(crate) mod sent_down;
pub(crate) mod staff;
pub(crate) mod stock;
mod stock_bookings;

use std::{
    error::Error,
    io::{self, Write as _},
};

/// Why a command ended without having done its work.
pub(crate) type Failure = Box<dyn Error>;

/// A line on standard output.
pub(crate) fn say(line: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Says on standard error how far long work has come, now and then.
#[derive(Default)]
pub(crate) struct Meter {
    last: (String, u64),
}

impl Meter {
    /// Rows between two lines.
    const EVERY: u64 = 100_000;

    /// That many rows of that table.
    pub(crate) fn tell(&mut self, table: &str, rows: u64) {
        if self.last.0 == table && rows < self.last.1.saturating_add(Self::EVERY) {
            return;
        }
        self.last = (table.to_owned(), rows);
        // Standard error may be closed; the work goes on.
        let _ = writeln!(io::stderr(), "{table}: {rows}");
    }
}
