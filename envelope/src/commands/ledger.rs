//! `ledger`: shows the ledger, makes the work record of one envelope, and notes that a medium was lost.
//!
//! Must not: show a ledger whose links do not hold.

use super::Desk;
use crate::{
    failure::Failure,
    ledger::{Event, Ledger, Line},
    sheet, words,
};

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    let ledger = Ledger::read(&desk.folder)?;
    match (desk.arguments.text("sheet")?, desk.arguments.text("lost")?) {
        (Some(begins), None) => print(desk, &ledger, begins),
        (None, Some(begins)) => lost(desk, ledger, begins),
        (None, None) => {
            show(desk, &ledger);
            Ok(())
        }
        (Some(_), Some(_)) => Err(Failure::Usage),
    }
}

fn show(desk: &Desk<'_>, ledger: &Ledger) {
    let language = desk.console.language;
    for Line { at, event } in ledger.lines() {
        let number = event.envelope_id().map_or("--------".to_owned(), |id| id.short());
        let line = format!("{}  {number}  {}", words::at(*at), sheet::sentence(event, language));
        desk.say(&line, &line);
    }
    let lines = ledger.lines().len();
    desk.say(
        format!("{lines} 件。欠けや書き換えは見つかりません。"),
        format!("{lines} lines. Nothing is missing or altered, as far as the links show."),
    );
}

fn print(desk: &Desk<'_>, ledger: &Ledger, begins: &str) -> Result<(), Failure> {
    let out = desk.arguments.needed_path("out")?;
    let id = ledger.find(begins)?;
    let lines: Vec<&Line> = ledger.of(id).collect();
    super::write_new(&out, sheet::html(id, &lines, desk.now, desk.console.language).as_bytes())?;
    desk.say(
        format!("作業記録票を {} に書きました。ブラウザーで開いて印刷してください。", out.display()),
        format!("The work record was written to {}. Open it in a browser and print it.", out.display()),
    );
    Ok(())
}

fn lost(desk: &Desk<'_>, mut ledger: Ledger, begins: &str) -> Result<(), Failure> {
    let envelope_id = ledger.find(begins)?;
    ledger.add(&desk.folder, desk.now, Event::Lost { envelope_id })?;
    desk.say(
        "媒体を失ったことを記録しました。情報セキュリティ担当と送付先に連絡し、作業記録票を印刷してください。中身は送付先の鍵がなければ開けません。",
        "The loss was noted. Tell whoever answers for information security and the recipient, and print the work record. Without the recipient's key the content cannot be opened.",
    );
    Ok(())
}
