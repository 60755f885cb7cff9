//! `look`: what a sealed file holds and whether it is whole, without opening it.
//!
//! Must not: ask for a passphrase, or need a key.

use std::{fs::File, io::BufReader};

use seal::envelope;

use super::Desk;
use crate::{
    failure::{Failure, at},
    ledger::Ledger,
    office, words,
};

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    let path = desk.arguments.file()?;
    let mut file = BufReader::new(File::open(&path).map_err(at(&path))?);
    let head = envelope::read_head(&mut file)?;
    let manifest = head.manifest();
    desk.describe(&manifest.outline, &manifest.parts);
    let (asked, allowed) = (&manifest.asked, &manifest.allowed);
    let (asked_at, allowed_at) = (words::at(asked.at), words::at(allowed.at));
    desk.say(
        format!("  申請: {} さん {asked_at}\n  許可: {} さん {allowed_at}", asked.account, allowed.account),
        format!(
            "  Asked for by: {}, {asked_at}\n  Allowed by: {}, {allowed_at}",
            asked.account, allowed.account
        ),
    );
    let mut progress = desk.console.progress("確かめています", "checking", manifest.sealed_bytes);
    head.check_sealed(file, |bytes| progress.add(bytes))?;
    desk.say("  ファイル全体: 欠けや書き換えはありません。", "  The file is whole and was not altered.");
    let own = office::read(&desk.folder).ok();
    if own.is_some_and(|own| own.signing_key == manifest.outline.sender.key) {
        desk.say(
            "  このパソコンの機関が封緘したものです。送付先に渡してください。",
            "  It was sealed by this computer's own office. Hand it to the recipient.",
        );
        return Ok(());
    }
    match head.is_from(&office::cards(&desk.folder)?) {
        Ok(()) => desk.say(
            "  署名: 登録した鍵カードの機関と、その2人のものです。",
            "  Signatures: of an office whose card is known, and of two of its people.",
        ),
        // Looking tells what opening would say, and is no failure.
        Err(refusal) => {
            let sentence = Failure::from(refusal).sentence(desk.console.language);
            desk.say(format!("  署名: {sentence}"), format!("  Signatures: {sentence}"));
        }
    }
    if desk.now >= manifest.outline.expires_at {
        desk.say("  期限が切れています。開けません。", "  It has expired and cannot be opened.");
    }
    if let Some(when) = Ledger::read(&desk.folder)?.opened_at(manifest.outline.envelope_id) {
        let when = words::at(when);
        desk.say(format!("  {when} にここで開封済みです。"), format!("  It was opened here at {when}."));
    }
    Ok(())
}
