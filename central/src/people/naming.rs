//! People who were taken in before they could be found by name (the tenth script of the schema) are given their mark of 氏名カナ
//! and 生年月日: walked page by page, any number of times.
//!
//! Must not: change what is kept of anybody, or hold more than a page of people.

use record::MunicipalityCode;
use seal::kept::KeepingKey;

use super::sealing::{MunicipalKeys, SealingError};
use crate::storage::{KEPT, NamedPerson, Storage, StorageError, Value, Version};

/// People of one page.
const AT_ONCE: u32 = 2_000;

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Named {
    /// People that were looked at.
    pub people: u64,
    /// Those who have 氏名カナ.
    pub with_kana: u64,
    /// Of those, whose mark was missing.
    pub missing: u64,
}

/// What is done with marks that are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They are counted.
    Counted,
    /// They are added, each page by itself: stopped and begun again, it goes on.
    Added,
}

/// Looks at everybody who is registered; `progress` hears how many.
///
/// # Errors
/// [`SealingError`]; what was added stays.
pub async fn name(
    storage: &dyn Storage,
    keys: &MunicipalKeys,
    missing: Missing,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Named, SealingError> {
    let municipality = keys.municipality();
    let mut moment = storage.people_moment(municipality).await?;
    let (mut named, mut after) = (Named::default(), (0, 0));
    loop {
        let page = moment.people(after, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(named) };
        after = (last.import, last.row.row);
        let marks = page.iter().filter_map(|version| mark(keys, version).transpose());
        let marks: Vec<NamedPerson> = marks.collect::<Result<_, _>>()?;
        named.people += page.len() as u64;
        named.with_kana += marks.len() as u64;
        named.missing += match missing {
            Missing::Counted => storage.count_missing_names(municipality, marks).await?,
            Missing::Added => storage.add_names(municipality, marks).await?,
        };
        progress(named.people);
    }
}

/// The municipalities that have keys for people, in order.
///
/// # Errors
/// [`StorageError`].
pub async fn municipalities(storage: &dyn Storage) -> Result<Vec<MunicipalityCode>, StorageError> {
    const MOST: u32 = 2_000;
    let table = KEPT.iter().find(|table| table.name == "people_secrets");
    let table = table.ok_or(StorageError::Inconsistent("people_secrets"))?;
    // Fewer than a page: there are 1,741 municipalities.
    let rows = storage.snapshot().await?.page(table, Vec::new(), MOST).await?;
    let code = |row: &Vec<Value>| match row.first() {
        Some(Value::Text(code)) => code.parse().map_err(|_| StorageError::Inconsistent("municipality")),
        _ => Err(StorageError::Inconsistent("municipality")),
    };
    rows.iter().map(code).collect()
}

/// How many people of all municipalities lack their mark.
///
/// # Errors
/// [`SealingError`].
pub async fn count_missing(
    storage: &dyn Storage,
    keeping: &KeepingKey,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<u64, SealingError> {
    let mut missing = 0;
    for municipality in municipalities(storage).await? {
        if let Some(keys) = MunicipalKeys::existing(storage, keeping, municipality).await? {
            missing += name(storage, &keys, Missing::Counted, progress).await?.missing;
        }
    }
    Ok(missing)
}

fn mark(keys: &MunicipalKeys, version: &Version) -> Result<Option<NamedPerson>, SealingError> {
    let person = keys.open(version)?;
    let named = person.kana.as_deref().and_then(|kana| keys.named_mark(kana, person.born_on));
    Ok(named.map(|named| NamedPerson { named, person: version.row.person, import: version.import }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        people::{
            finding,
            importing::tests::{Town, row, town},
            person::BirthDate,
        },
        storage::People as _,
    };

    const HEADER: &str = "宛名番号,個人番号,自治体コード,接種券番号,氏名,氏名カナ,生年月日,性別,住所\r\n";

    /// As a program left them that knew no marks of names.
    fn forget_names(town: &Town) {
        let register = rusqlite::Connection::open(town.files.path().join("register.sqlite")).unwrap();
        register.execute_batch("DELETE FROM person_names; UPDATE person_versions SET named = NULL").unwrap();
    }

    #[tokio::test]
    async fn people_of_before_are_found_by_name_afterwards_and_once_more_changes_nothing() {
        let town = town().await;
        let rows: String = (1..=3).map(row).collect();
        let without_kana = row(4).split(',').enumerate().fold(String::new(), |line, (at, field)| {
            let field = if at == 5 { "" } else { field };
            if at == 0 { field.to_owned() } else { format!("{line},{field}") }
        });
        town.take_in(format!("{HEADER}{rows}{without_kana}")).await;
        let keys = &town.importing.keys;
        let person = keys.open(
            &town.storage.people_moment(town.code()).await.unwrap().people((0, 0), 1).await.unwrap()[0],
        );
        let person = person.unwrap();
        let (kana, born_on): (String, BirthDate) = (person.kana.unwrap(), person.born_on);
        let found = async || finding::named(&town.storage, keys, &kana, born_on).await.unwrap().len();
        let before = found().await;
        assert!(before >= 1);
        forget_names(&town);
        assert_eq!(found().await, 0);

        let mut told = Vec::new();
        let counted =
            name(&town.storage, keys, Missing::Counted, &mut |people| told.push(people)).await.unwrap();
        assert_eq!((counted, told), (Named { people: 4, with_kana: 3, missing: 3 }, vec![4]));
        assert_eq!(found().await, 0, "counting changes nothing");
        let keeping = KeepingKey::from_bytes(&[7; 32]).unwrap();
        assert_eq!(count_missing(&town.storage, &keeping, &mut |_| {}).await.unwrap(), 3);
        let added = name(&town.storage, keys, Missing::Added, &mut |_| {}).await.unwrap();
        assert_eq!(added, counted);
        assert_eq!(found().await, before);
        let again = name(&town.storage, keys, Missing::Added, &mut |_| {}).await.unwrap();
        assert_eq!(again, Named { missing: 0, ..counted });
        assert_eq!(count_missing(&town.storage, &keeping, &mut |_| {}).await.unwrap(), 0);
    }
}
