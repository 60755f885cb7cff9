//! Files of invented people, 見本, into a real register.
//!
//! Must not: name anybody who exists.

use std::{io::Cursor, ops::ControlFlow};

use seal::kept::KeepingKey;

use super::*;
use crate::{
    people::{person::Person, personal_number::check_digit},
    storage::{
        ImportState, People as _, PersonMark, TookEffect, contract::entries::MORNING, sqlite::SqliteStorage,
        unwatched,
    },
};

const HEADER: &str = "宛名番号,個人番号,自治体コード,接種券番号,氏名,氏名カナ,生年月日,性別,住所\r\n";

pub(crate) struct Town {
    pub(crate) storage: SqliteStorage,
    pub(crate) importing: Importing,
    pub(crate) files: tempfile::TempDir,
}

pub(crate) async fn town() -> Town {
    let files = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(&files.path().join("register.sqlite")).unwrap();
    let keeping = KeepingKey::from_bytes(&[7; 32]).unwrap();
    let mut random = SystemRandom::default();
    let keys = MunicipalKeys::of(&storage, &keeping, "131130".parse().unwrap(), MORNING, &mut random);
    let keys = Arc::new(keys.await.unwrap());
    let profile = Arc::new(Profile::shipped().unwrap());
    let importing = Importing { keys, profile, by: "officer-1".to_owned(), now: MORNING };
    Town { storage, importing, files }
}

impl Town {
    async fn preview(&self, file: impl Into<Vec<u8>>) -> Result<(Preview, Vec<u8>), ImportError> {
        let go_on = &mut |_| ControlFlow::Continue(());
        preview(&self.storage, &self.importing, Cursor::new(file.into()), Vec::new(), go_on).await
    }
    /// Takes a file in whose rows are all good.
    pub(crate) async fn take_in(&self, file: impl Into<Vec<u8>>) {
        let (preview, back) = self.preview(file).await.unwrap();
        assert_eq!(preview.counts.faulty, 0, "{}", String::from_utf8_lossy(&back));
        let took = self.storage.take_effect(
            self.code(),
            preview.import,
            "officer-2".to_owned(),
            MORNING,
            unwatched(),
        );
        assert_eq!(took.await.unwrap(), TookEffect::Done);
    }
    pub(crate) fn code(&self) -> record::MunicipalityCode {
        self.importing.keys.municipality()
    }
    async fn found(&self, address_number: &str) -> Option<Person> {
        let number = crate::people::person::AddressNumber::read(address_number).unwrap();
        let mark = PersonMark::AddressNumber(self.importing.keys.address_mark(&number));
        let version = self.storage.person(self.code(), mark).await.unwrap()?;
        Some(self.importing.keys.open(&version).unwrap())
    }
}

pub(crate) fn personal_number(number: u32) -> String {
    let first = format!("123{number:08}");
    format!("{first}{}", char::from(check_digit(first.as_bytes())))
}

/// A row of an invented person.
pub(crate) fn row(number: u32) -> String {
    let personal = personal_number(number);
    format!(
        "A{number:05},{personal},131130,{number:010},見本 {number}郎,ミホン,19500401,1,東京都渋谷区見本町\r\n"
    )
}

pub(crate) fn file(rows: impl IntoIterator<Item = String>) -> String {
    HEADER.to_owned() + &rows.into_iter().collect::<String>()
}

#[tokio::test]
async fn a_file_is_counted_and_nothing_of_it_holds_before_it_takes_effect() {
    let town = town().await;
    let (preview, back) = town.preview(file((1..=5_000).map(row))).await.unwrap();
    let new = ImportCounts { new: 5_000, ..ImportCounts::default() };
    assert_eq!((preview.import, preview.counts, preview.faulty.len()), (1, new, 0));
    assert_eq!(String::from_utf8(back).unwrap().lines().count(), 1, "the names of the columns alone");
    assert_eq!(town.found("A00007").await, None);
    town.storage.take_effect(town.code(), 1, "officer-2".to_owned(), MORNING, unwatched()).await.unwrap();
    let person = town.found("A00007").await.unwrap();
    assert_eq!((&*person.name, &*person.born_on.compact()), ("見本 7郎", "19500401"));
    assert_eq!(person.personal_number.unwrap().reveal(), personal_number(7));
    assert_eq!(person.address.as_deref(), Some("東京都渋谷区見本町"));
    // The same file again, with one name changed and one more person.
    let changed = (1..=5_001).map(|number| row(number).replace("見本 9郎", "見本 花子"));
    let (preview, _) = town.preview(file(changed)).await.unwrap();
    let counts = preview.counts;
    assert_eq!((counts.new, counts.changed, counts.unchanged, counts.faulty), (1, 1, 4_999, 0));
}

#[tokio::test]
async fn faulty_rows_go_back_with_every_reason_and_the_others_are_taken_in() {
    let town = town().await;
    let rows = [
        row(1),
        row(2).replace("19500401", "19500431").replace(",1,東京", ",x,東京"),
        row(3).replace("0000000003", "3"),
        row(4).replace(&personal_number(4), "123456789010"),
        row(5).replace("131130", "131016"),
        row(6).replace("A00006", "A00001"),
        row(7).replace("見本 7郎", ""),
        row(8).replace("19500401", "20991231"),
        "A00009,,,0000000009,\"見本\r\n九郎\",,18600101,2\r\n".to_owned(),
        row(10).replace("0000000010", "００００００００１０").replace(&personal_number(10), ""),
        ",,,,,,,,\r\n".to_owned(),
    ];
    let (preview, back) = town.preview(file(rows)).await.unwrap();
    assert_eq!((preview.counts.new, preview.counts.faulty), (2, 8));
    let back = String::from_utf8(back).unwrap();
    let said = |row: usize| -> String {
        let found = preview.faulty.iter().find(|(number, _)| *number == row as u64).unwrap();
        found.1.iter().map(ToString::to_string).collect()
    };
    assert!(
        said(3).contains("7列目「生年月日」: 暦にない日付") && said(3).contains("8列目「性別」"),
        "{}",
        said(3)
    );
    assert!(said(4).contains("先頭の0が失われていないか"));
    assert!(said(5).contains("検査数字") && said(6).contains("ほかの市区町村") && said(7).contains("前の行"));
    assert!(said(8).contains("空欄") && said(9).contains("今日より後") && said(10).contains("列の数が8"));
    assert!(back.contains("A00002,") && back.contains("\"見本\r\n九郎\"") && !back.contains("A00010"));
    // Mended and sent again, with the column of reasons still in it.
    town.storage
        .take_effect(town.code(), preview.import, "officer-2".to_owned(), MORNING, unwatched())
        .await
        .unwrap();
    let mended = back.replace("19500431", "19500430").replace(",x,東京", ",2,東京");
    let (again, _) = town.preview(mended).await.unwrap();
    // The row that stood twice is alone now and would change whoever has its number: the preview says so.
    assert_eq!((again.counts.new, again.counts.changed, again.counts.faulty), (1, 1, 6));
}

#[tokio::test]
async fn a_number_that_is_somebody_elses_is_a_fault() {
    let town = town().await;
    town.take_in(file([row(1), row(2)])).await;
    let takes_both =
        row(3).replace("0000000003", "0000000001").replace(&personal_number(3), &personal_number(2));
    let (preview, back) = town.preview(file([takes_both])).await.unwrap();
    assert_eq!((preview.counts.new, preview.counts.faulty), (0, 1));
    let back = String::from_utf8(back).unwrap();
    assert!(back.contains("「接種券番号」: この番号は登録済み") && back.contains("「個人番号」"), "{back}");
}

#[tokio::test]
async fn files_of_both_encodings_and_any_line_end_say_the_same() {
    let town = town().await;
    town.take_in(file([row(1), row(2)])).await;
    let text = file([row(1), row(2)]);
    let mut cp932 = Vec::new();
    Encoding::Cp932.encode_onto(&text, &mut cp932).unwrap();
    let files = [
        format!("\u{feff}{text}").into_bytes(),
        cp932,
        text.replace("\r\n", "\n").into_bytes(),
        text.replace("\r\n", "\r").into_bytes(),
        text.trim_end().as_bytes().to_vec(),
    ];
    for file in files {
        let (preview, _) = town.preview(file).await.unwrap();
        assert_eq!((preview.counts.unchanged, preview.counts.faulty), (2, 0));
        assert!(town.storage.discard_import(town.code(), preview.import, MORNING).await.unwrap());
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_in_leaves_nothing_and_the_next_one_can_come() {
    let town = town().await;
    let whole = file((1..=4_500).map(row));
    let cut = whole.len() - 60;
    let cut = (cut..).find(|at| whole.is_char_boundary(*at)).unwrap();
    let refused = town.preview(&whole[..cut]).await.unwrap_err();
    assert!(matches!(refused, ImportError::File(FileFault::EndsInRow { row: 4_501 })), "{refused}");
    let refused = town.preview(whole.replace("接種券番号", "券")).await.unwrap_err();
    assert!(matches!(refused, ImportError::File(FileFault::Header(_))), "{refused}");
    let stop = &mut |rows| if rows >= 4_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let bytes = Cursor::new(whole.clone().into_bytes());
    let stopped = preview(&town.storage, &town.importing, bytes, Vec::new(), stop).await.unwrap_err();
    assert!(matches!(stopped, ImportError::Stopped), "{stopped}");
    let history = town.storage.imports(town.code(), 9).await.unwrap();
    assert!(history.iter().all(|import| import.state == ImportState::Discarded) && history.len() == 3);
    let (whole, _) = town.preview(whole).await.unwrap();
    assert_eq!(whole.counts.new, 4_500);
    let open = town.preview(file([row(1)])).await.unwrap_err();
    assert!(matches!(open, ImportError::Open(import) if import == whole.import));
}

#[tokio::test]
async fn the_register_alone_shows_nobody_and_another_municipality_opens_nothing() {
    let town = town().await;
    town.take_in(file([row(1), row(2)])).await;
    let Town { storage, importing, files } = town;
    let number = crate::people::person::AddressNumber::read("A00001").unwrap();
    let mark = PersonMark::AddressNumber(importing.keys.address_mark(&number));
    let version = storage.person("131130".parse().unwrap(), mark).await.unwrap().unwrap();
    let keeping = KeepingKey::from_bytes(&[7; 32]).unwrap();
    let mut random = SystemRandom::default();
    let other = MunicipalKeys::of(&storage, &keeping, "131016".parse().unwrap(), MORNING, &mut random);
    assert!(other.await.unwrap().open(&version).is_err());
    let mut moved = version.clone();
    moved.row.row += 1;
    assert!(importing.keys.open(&moved).is_err(), "a row moved to another place does not open");
    let person = importing.keys.open(&version).unwrap();
    assert_eq!(
        format!("{person:?} {:?} {:?}", person.address_number, person.born_on),
        "Person(..) AddressNumber(..) BirthDate(..)"
    );
    // Under another keeping key, nothing is of use.
    let other = KeepingKey::from_bytes(&[8; 32]).unwrap();
    let none = MunicipalKeys::of(&storage, &other, "131130".parse().unwrap(), MORNING, &mut random).await;
    assert!(matches!(none.err(), Some(SealingError::Seal(_))));
    drop(storage);
    for name in std::fs::read_dir(files.path()).unwrap() {
        let bytes = std::fs::read(name.unwrap().path()).unwrap();
        for secret in ["見本 1郎", "A00001", "0000000001", &personal_number(1), "19500401", "見本町"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }
    }
}
