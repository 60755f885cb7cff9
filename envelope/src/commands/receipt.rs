//! `receipt`: checks the receipt that came back for an envelope made here, or writes one of an envelope opened here once more.
//!
//! Must not: take a receipt for another manifest than the one that was made.

use std::fs;

use record::envelope::EnvelopeId;
use seal::envelope;

use super::Desk;
use crate::{
    failure::{Failure, at},
    ledger::{Event, Ledger, Line},
    office, words,
};

/// Where the receipt of an envelope opened here lies.
pub(super) fn file(id: EnvelopeId) -> String {
    format!("receipts/{id}.vrsreceipt")
}

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    match desk.arguments.text("of")? {
        Some(begins) => again(desk, begins),
        None => check(desk),
    }
}

fn again(desk: &Desk<'_>, begins: &str) -> Result<(), Failure> {
    let out = desk.arguments.needed_path("out")?;
    let id = Ledger::read(&desk.folder)?.find(begins)?;
    let bytes = desk.folder.read(&file(id))?.ok_or(Failure::NothingInLedger)?;
    super::write_new(&out, &bytes)?;
    desk.say(
        format!("受領書を {} に書きました。送付元に返してください。", out.display()),
        format!("The receipt was written to {}. Return it to the sender.", out.display()),
    );
    Ok(())
}

fn check(desk: &Desk<'_>) -> Result<(), Failure> {
    let path = desk.arguments.file()?;
    let bytes = fs::read(&path).map_err(at(&path))?;
    let mut ledger = Ledger::read(&desk.folder)?;
    // Of an envelope that was opened here; it is for the sender to check.
    let own = office::card(&desk.folder, desk.now)?;
    if envelope::read_receipt(&bytes, std::slice::from_ref(&own)).is_ok() {
        return Err(Failure::OwnReceipt);
    }
    let receipt = envelope::read_receipt(&bytes, &office::cards(&desk.folder)?)?;
    let mut is_ours = false;
    let mut is_for_them = false;
    for Line { event, .. } in ledger.of(receipt.envelope_id) {
        match event {
            Event::Made { manifest, rows, bytes, .. } => {
                is_ours = *manifest == receipt.manifest && *rows == receipt.rows && *bytes == receipt.bytes;
            }
            Event::Asked { outline, .. } => is_for_them = outline.recipient.office == receipt.recipient,
            _ => {}
        }
    }
    if !is_ours || !is_for_them {
        return Err(Failure::ReceiptOfNothing);
    }
    let checked = Event::ReceiptChecked {
        envelope_id: receipt.envelope_id,
        manifest: receipt.manifest,
        office: receipt.recipient,
        opened_at: receipt.opened_at,
        opened_by: receipt.opened_by.clone(),
    };
    ledger.add(&desk.folder, desk.now, checked)?;
    let office = words::office(receipt.recipient, desk.console.language);
    let (id, when) = (receipt.envelope_id.short(), words::at(receipt.opened_at));
    let (rows, parts, by) = (words::number(receipt.rows), receipt.parts, &receipt.opened_by);
    desk.say(
        format!("届いたことを確かめました。番号 {id} は {office} の {by} さんが {when} に開封し、{parts} ファイル {rows} 行が目録と一致しました。"),
        format!("It arrived. Number {id} was opened by {by} of {office} at {when}; {parts} files with {rows} rows are what the manifest says."),
    );
    Ok(())
}
