//! `keys`: the office's people and keys, and the cards of other offices.
//!
//! Must not: take in a card that nobody compared.

use std::fs;

use record::envelope::{AccountName, Approvers, Card, Office};
use seal::{bundle::check_number, envelope};

use super::Desk;
use crate::{
    failure::{Failure, at},
    ledger::{Event, Ledger},
    office, words,
};

/// Accounts of a central that the office answers for.
const ATTESTED: &str = "(central)";

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    let [verb, rest @ ..] = desk.arguments.free() else { return Err(Failure::Usage) };
    match (verb.to_str(), rest) {
        (Some("init"), []) => init(desk),
        (Some("add"), []) => add(desk),
        (Some("remove"), []) => remove(desk),
        (Some("passphrase"), []) => passphrase(desk),
        (Some("card"), []) => card(desk),
        (Some("trust"), [file]) => trust(desk, file.as_ref()),
        (Some("forget"), []) => forget(desk),
        (Some("list"), []) => list(desk),
        _ => Err(Failure::Usage),
    }
}

fn init(desk: &Desk<'_>) -> Result<(), Failure> {
    let (office, by): (Office, AccountName) = (desk.arguments.value("office")?, desk.arguments.value("as")?);
    match office::read(&desk.folder) {
        Err(Failure::NoOffice) => {}
        Ok(_) => return Err(Failure::OfficeThere),
        Err(failure) => return Err(failure),
    }
    let mut ledger = Ledger::read(&desk.folder)?;
    let passphrase = desk.console.new_passphrase(by.as_str())?;
    let made = office::make(&desk.folder, office, &by, &passphrase)?;
    ledger.add(&desk.folder, desk.now, Event::OfficeMade { office, by: by.clone() })?;
    let number = check_number(&made.signing_key);
    desk.say(
        format!("鍵を作りました。確認番号: {number}\n次に、もう1人を加えてください(申請と許可は別の人が行います): vrs-envelope keys add --as {by} --person 加える人のアカウント"),
        format!("Keys were made. Check number: {number}\nNext, add a second person (one asks, another allows): vrs-envelope keys add --as {by} --person THEIR-ACCOUNT"),
    );
    Ok(())
}

fn add(desk: &Desk<'_>) -> Result<(), Failure> {
    let (by, person): (AccountName, AccountName) =
        (desk.arguments.value("as")?, desk.arguments.value("person")?);
    if office::has(&desk.folder, &person)? {
        return Err(Failure::PersonThere);
    }
    let with = another(desk, &by)?;
    let mut ledger = Ledger::read(&desk.folder)?;
    let unlocked = office::unlock(&desk.folder, desk.console, &by)?;
    if let Some(with) = &with {
        let other = office::unlock(&desk.folder, desk.console, with)?;
        office::keys(&desk.folder, &other)?;
    }
    let passphrase = desk.console.new_passphrase(person.as_str())?;
    office::add(&desk.folder, &unlocked, &person, &passphrase)?;
    ledger.add(&desk.folder, desk.now, Event::PersonAdded { person: person.clone(), by, with })?;
    desk.say(
        format!("{person} さんを加えました。鍵カードが変わりました。新しいカードを相手に渡してください: vrs-envelope keys card"),
        format!("{person} was added. The key card has changed; give the new one to the other offices: vrs-envelope keys card"),
    );
    Ok(())
}

/// Who has to agree beside whoever adds somebody: from the third person on another of the office, so that nobody makes up a
/// colleague alone. None where the first adds the second.
fn another(desk: &Desk<'_>, by: &AccountName) -> Result<Option<AccountName>, Failure> {
    if office::people(&desk.folder)?.len() < 2 {
        return Ok(None);
    }
    if desk.arguments.text("with")?.is_none() {
        return Err(Failure::NeedsAnother);
    }
    let with: AccountName = desk.arguments.value("with")?;
    if with == *by { Err(Failure::NeedsAnother) } else { Ok(Some(with)) }
}

fn remove(desk: &Desk<'_>) -> Result<(), Failure> {
    let (by, person): (AccountName, AccountName) =
        (desk.arguments.value("as")?, desk.arguments.value("person")?);
    if !office::has(&desk.folder, &person)? {
        return Err(Failure::NoSuchPerson);
    }
    let mut ledger = Ledger::read(&desk.folder)?;
    let unlocked = office::unlock(&desk.folder, desk.console, &by)?;
    office::remove(&desk.folder, &unlocked, &person)?;
    ledger.add(&desk.folder, desk.now, Event::PersonRemoved { person: person.clone(), by })?;
    desk.say(
        format!("{person} さんを外しました。新しい鍵カードを相手に渡してください(渡すまで、相手はこの人の承認も受け付けます)。"),
        format!("{person} was removed. Give the new key card to the other offices; until then they still take this person's approval."),
    );
    Ok(())
}

fn passphrase(desk: &Desk<'_>) -> Result<(), Failure> {
    let person: AccountName = desk.arguments.value("as")?;
    let mut ledger = Ledger::read(&desk.folder)?;
    let unlocked = office::unlock(&desk.folder, desk.console, &person)?;
    let passphrase = desk.console.new_passphrase(person.as_str())?;
    office::lock_again(&desk.folder, &unlocked, &passphrase)?;
    ledger.add(&desk.folder, desk.now, Event::PassphraseChanged { person })?;
    desk.say("パスフレーズを変えました。", "The passphrase was changed.");
    Ok(())
}

fn card(desk: &Desk<'_>) -> Result<(), Failure> {
    let (by, out): (AccountName, _) = (desk.arguments.value("as")?, desk.arguments.needed_path("out")?);
    let mut ledger = Ledger::read(&desk.folder)?;
    let unlocked = office::unlock(&desk.folder, desk.console, &by)?;
    let keys = office::keys(&desk.folder, &unlocked)?;
    let file = envelope::sign_card(&keys.signing, &office::card(&desk.folder, desk.now)?)?;
    super::write_new(&out, &file)?;
    ledger.add(&desk.folder, desk.now, Event::CardGiven { by })?;
    let number = check_number(&keys.signing.public());
    desk.say(
        format!("鍵カードを {} に書きました。確認番号: {number}\n確認番号は、カードとは別に(紙か電話で)相手に伝えてください。", out.display()),
        format!("The key card was written to {}. Check number: {number}\nTell the other office this number apart from the card, on paper or by telephone.", out.display()),
    );
    Ok(())
}

fn trust(desk: &Desk<'_>, path: &std::path::Path) -> Result<(), Failure> {
    let file = fs::read(path).map_err(at(path))?;
    let card = envelope::read_card(&file)?;
    let known = office::cards(&desk.folder)?.into_iter().find(|known| known.office == card.office);
    let mut ledger = Ledger::read(&desk.folder)?;
    describe(desk, &card);
    match known {
        Some(known) if known.signing_key != card.signing_key => return Err(Failure::OtherKey),
        Some(known) if known.issued_at > card.issued_at => return Err(Failure::OlderCard),
        // Signed by the key that a person compared before, and nobody joined.
        Some(known) if joined(&known, &card).is_empty() => {}
        // One person of that office could make up a colleague; the others there would know.
        Some(known) => {
            let who = joined(&known, &card).join(", ");
            let is_right = desk.console.confirm(
                &format!("承認できる人に {who} が加わりました。相手の代表番号に電話して、確かめましたか"),
                &format!(
                    "{who} may approve now. Did you call the office by its public number and make sure?"
                ),
            )?;
            if !is_right {
                return Err(Failure::Declined);
            }
        }
        None => {
            let is_same = desk.console.confirm(
                "相手から紙か電話で聞いた確認番号と同じですか",
                "Is it the check number that the office told you on paper or by telephone?",
            )?;
            if !is_same {
                return Err(Failure::Declined);
            }
        }
    }
    desk.folder.write(&office::card_file(card.office), &file)?;
    let trusted = Event::CardTrusted { office: card.office, key: card.signing_key };
    ledger.add(&desk.folder, desk.now, trusted)?;
    desk.say("鍵カードを登録しました。", "The key card was taken in.");
    Ok(())
}

/// Who approves by the later card and did not by the known one, with that key.
fn joined(known: &Card, card: &Card) -> Vec<String> {
    match &card.approvers {
        Approvers::Attested if known.approvers == Approvers::Attested => Vec::new(),
        Approvers::Attested => vec![ATTESTED.to_owned()],
        Approvers::Signed { people } => people
            .iter()
            .filter(|person| !known.knows(&person.account, &person.key))
            .map(|person| person.account.to_string())
            .collect(),
    }
}

fn forget(desk: &Desk<'_>) -> Result<(), Failure> {
    let office: Office = desk.arguments.value("office")?;
    let path = desk.folder.path(&office::card_file(office));
    if !path.exists() {
        return Err(Failure::NoCard);
    }
    let mut ledger = Ledger::read(&desk.folder)?;
    let name = words::office(office, desk.console.language);
    let is_meant = desk.console.confirm(
        &format!("{name} の鍵カードを外しますか。次に登録するとき、確認番号をもう一度比べます"),
        &format!(
            "Remove the key card of {name}? Its check number has to be compared again for the next one."
        ),
    )?;
    if !is_meant {
        return Err(Failure::Declined);
    }
    fs::remove_file(&path).map_err(at(&path))?;
    ledger.add(&desk.folder, desk.now, Event::CardForgotten { office })?;
    desk.say("鍵カードを外しました。", "The key card was removed.");
    Ok(())
}

fn describe(desk: &Desk<'_>, card: &Card) {
    let name = words::office(card.office, desk.console.language);
    let (at, number) = (words::at(card.issued_at), check_number(&card.signing_key));
    let people = match &card.approvers {
        Approvers::Signed { people } => {
            people.iter().map(|person| person.account.as_str()).collect::<Vec<_>>().join(", ")
        }
        Approvers::Attested => {
            desk.console.language.pick("(サーバーのアカウント)", "(accounts of the server)").to_owned()
        }
    };
    desk.say(
        format!("  機関: {name}\n  作成: {at}\n  承認できる人: {people}\n  確認番号: {number}"),
        format!("  Office: {name}\n  Made: {at}\n  Who may approve: {people}\n  Check number: {number}"),
    );
}

fn list(desk: &Desk<'_>) -> Result<(), Failure> {
    desk.say("この機関:", "This office:");
    describe(desk, &office::card(&desk.folder, desk.now)?);
    for card in office::cards(&desk.folder)? {
        desk.say("登録した鍵カード:", "A card that was taken in:");
        describe(desk, &card);
    }
    Ok(())
}
