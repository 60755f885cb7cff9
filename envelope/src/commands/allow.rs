//! `allow`: another person sees what was asked for, and allows it.
//!
//! Must not: allow what nobody looked at; the question comes after the description.

use record::envelope::AccountName;
use seal::envelope::{self, Refusal};

use super::Desk;
use crate::{
    failure::{Failure, reason},
    ledger::{Event, Ledger},
    office,
    requests::{self, State},
    words,
};

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    let account: AccountName = desk.arguments.value("as")?;
    let mut kept = requests::find(&desk.folder, desk.arguments.number()?, |state| *state == State::Waiting)?;
    match kept.state {
        State::Waiting => {}
        State::Allowed { .. } => return Err(Failure::AllowedAlready),
        State::Made => return Err(Failure::MadeAlready),
    }
    let mut ledger = Ledger::read(&desk.folder)?;
    let id = kept.id();
    let mut refuse = |refusal: Refusal| -> Result<(), Failure> {
        let by = account.clone();
        let refused = Event::Refused { envelope_id: Some(id), reason: reason(refusal).to_owned(), by };
        ledger.add(&desk.folder, desk.now, refused)?;
        Err(refusal.into())
    };
    if kept.request.asked.account == account {
        return refuse(Refusal::SamePerson);
    }
    desk.describe(&kept.request.outline, &kept.request.parts);
    let (asked_by, at) = (&kept.request.asked.account, words::at(kept.request.asked.at));
    desk.say(format!("  申請: {asked_by} さん {at}"), format!("  Asked for by: {asked_by}, {at}"));
    if !desk.console.confirm("この内容で許可しますか", "Do you allow this?")? {
        return Err(Failure::Declined);
    }
    let person = office::unlock(&desk.folder, desk.console, &account)?;
    match envelope::allow(&kept.request, account.clone(), &person.keys.signing, desk.now) {
        Err(refusal) => refuse(refusal),
        Ok(approval) => {
            kept.state = State::Allowed { approval };
            requests::keep(&desk.folder, &kept)?;
            ledger.add(&desk.folder, desk.now, Event::Allowed { envelope_id: id, by: account })?;
            let id = id.short();
            desk.say(
                format!("許可しました。次に封緘してください: vrs-envelope make --as アカウント --out ファイル {id}"),
                format!("It is allowed. Next, seal it: vrs-envelope make --as ACCOUNT --out FILE {id}"),
            );
            Ok(())
        }
    }
}
