//! This computer's office: its people, each with keys under a passphrase of their own, and the office's keys, which each of
//! them opens.
//!
//! Must not: keep an opened key longer than one command.

use record::{
    WallTime,
    bytes::PublicKey,
    envelope::{AccountName, Approvers, Card, FORMAT, Office, Person, SealedTo},
};
use seal::{
    envelope::{LockedPerson, OfficeKeys, Passphrase, PersonKeys},
    random::SystemRandom,
};
use serde::{Deserialize, Serialize};

use crate::{console::Console, failure::Failure, folder::Folder};

const FILE: &str = "office.json";
const KEYS: &str = "office.age";

/// What is known of the office without a passphrase.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OfficeFile {
    pub(crate) office: Office,
    pub(crate) signing_key: PublicKey,
    pub(crate) sealed_to: SealedTo,
}

/// One person of the office, unlocked.
pub(crate) struct Unlocked {
    pub(crate) account: AccountName,
    pub(crate) keys: PersonKeys,
}

fn crypto(_: seal::Error) -> Failure {
    Failure::Refused(seal::envelope::Refusal::Cryptography)
}

/// Windows keeps some short names for its devices, whatever their end; an account may be called so.
fn person_file(account: &AccountName) -> String {
    format!("people/person-{account}.json")
}

/// The office that was set up here.
pub(crate) fn read(folder: &Folder) -> Result<OfficeFile, Failure> {
    folder.read_json(FILE)?.ok_or(Failure::NoOffice)
}

/// Makes the office with its first person.
pub(crate) fn make(
    folder: &Folder,
    office: Office,
    account: &AccountName,
    passphrase: &Passphrase,
) -> Result<OfficeFile, Failure> {
    let random = &mut SystemRandom::default();
    let person = PersonKeys::generate(random).map_err(crypto)?;
    let locked = person.lock(account, passphrase, random).map_err(crypto)?;
    let keys = OfficeKeys::generate(random).map_err(crypto)?;
    let file = OfficeFile {
        office,
        signing_key: keys.signing.public(),
        sealed_to: keys.sealed_to().map_err(crypto)?,
    };
    folder.write(KEYS, &keys.seal(std::slice::from_ref(&locked.sealed_to)).map_err(crypto)?)?;
    folder.write_json(&person_file(account), &locked)?;
    // Last: without this file nothing of it counts, and making it again begins anew.
    folder.write_json(FILE, &file)?;
    Ok(file)
}

/// All people of the office.
pub(crate) fn people(folder: &Folder) -> Result<Vec<LockedPerson>, Failure> {
    let mut people = Vec::new();
    for name in folder.names("people")? {
        people.extend(folder.read_json::<LockedPerson>(&format!("people/{name}"))?);
    }
    Ok(people)
}

/// Whether there is a person of that account.
pub(crate) fn has(folder: &Folder, account: &AccountName) -> Result<bool, Failure> {
    Ok(folder.read(&person_file(account))?.is_some())
}

/// Asks a person for their passphrase and unlocks their keys.
pub(crate) fn unlock(folder: &Folder, console: Console, account: &AccountName) -> Result<Unlocked, Failure> {
    read(folder)?;
    let locked: LockedPerson = folder.read_json(&person_file(account))?.ok_or(Failure::NoSuchPerson)?;
    if locked.account != *account {
        return Err(Failure::Damaged(folder.path(&person_file(account))));
    }
    let passphrase = console.passphrase(account.as_str())?;
    let keys = locked.unlock(&passphrase).map_err(|error| match error {
        seal::Error::WrongPin => Failure::WrongPassphrase,
        _ => Failure::Damaged(folder.path(&person_file(account))),
    })?;
    Ok(Unlocked { account: account.clone(), keys })
}

/// The office's keys, opened by one of its people.
pub(crate) fn keys(folder: &Folder, person: &Unlocked) -> Result<OfficeKeys, Failure> {
    let file = folder.read(KEYS)?.ok_or(Failure::NoOffice)?;
    OfficeKeys::open(&file, &person.keys).map_err(|_| Failure::Damaged(folder.path(KEYS)))
}

/// Adds a person, who types a passphrase of their own.
pub(crate) fn add(
    folder: &Folder,
    by: &Unlocked,
    account: &AccountName,
    passphrase: &Passphrase,
) -> Result<(), Failure> {
    let keys = keys(folder, by)?;
    let random = &mut SystemRandom::default();
    let locked = PersonKeys::generate(random)
        .and_then(|person| person.lock(account, passphrase, random))
        .map_err(crypto)?;
    let mut all: Vec<SealedTo> = people(folder)?.into_iter().map(|person| person.sealed_to).collect();
    all.push(locked.sealed_to.clone());
    folder.write(KEYS, &keys.seal(&all).map_err(crypto)?)?;
    folder.write_json(&person_file(account), &locked)
}

/// Removes a person; the office's keys are sealed to the others anew.
pub(crate) fn remove(folder: &Folder, by: &Unlocked, account: &AccountName) -> Result<(), Failure> {
    let keys = keys(folder, by)?;
    let left: Vec<SealedTo> = people(folder)?
        .into_iter()
        .filter(|person| person.account != *account)
        .map(|person| person.sealed_to)
        .collect();
    if left.is_empty() {
        return Err(Failure::LastPerson);
    }
    folder.write(KEYS, &keys.seal(&left).map_err(crypto)?)?;
    let path = folder.path(&person_file(account));
    std::fs::remove_file(&path).map_err(crate::failure::at(&path))
}

/// Locks a person's keys under a new passphrase.
pub(crate) fn lock_again(folder: &Folder, person: &Unlocked, passphrase: &Passphrase) -> Result<(), Failure> {
    let locked =
        person.keys.lock(&person.account, passphrase, &mut SystemRandom::default()).map_err(crypto)?;
    folder.write_json(&person_file(&person.account), &locked)
}

/// The office's card as its people are now.
pub(crate) fn card(folder: &Folder, now: WallTime) -> Result<Card, Failure> {
    let file = read(folder)?;
    let people = people(folder)?
        .into_iter()
        .map(|person| Person { account: person.account, key: person.key })
        .collect();
    Ok(Card {
        format: FORMAT,
        office: file.office,
        issued_at: now,
        signing_key: file.signing_key,
        sealed_to: file.sealed_to,
        approvers: Approvers::Signed { people },
    })
}

/// The cards of other offices that were taken in.
pub(crate) fn cards(folder: &Folder) -> Result<Vec<Card>, Failure> {
    let mut cards = Vec::new();
    for name in folder.names("cards")? {
        let name = format!("cards/{name}");
        let bytes = folder.read(&name)?.unwrap_or_default();
        cards.push(seal::envelope::read_card(&bytes).map_err(|_| Failure::Damaged(folder.path(&name)))?);
    }
    Ok(cards)
}

/// Where the card of that office lies.
pub(crate) fn card_file(office: Office) -> String {
    format!("cards/{office}.vrscard")
}
