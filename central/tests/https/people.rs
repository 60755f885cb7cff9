//! A person whom a municipality registered, and everything that is said of them: nothing personal.
//!
//! Must not: name anybody who exists.

use std::{ops::ControlFlow, path::Path, sync::Arc};

use central::{
    directory::DataDirectory,
    people::{
        importing::{Importing, preview},
        personal_number::check_digit,
        profile::Profile,
        sealing::MunicipalKeys,
    },
    storage::TookEffect,
};
use seal::random::SystemRandom;

use super::{
    entries::MORNING,
    process::{run, said},
};

/// What stands of the person; the register holds none of it in the clear.
pub(crate) const OF_THE_PERSON: [&str; 5] =
    ["金糸雀 住民子", "カナリア ジュウミンコ", "金糸雀町一丁目", "KANARIA-ATENA", "864209753108"];

/// Takes the person in beside a faulty row of theirs, and gives back all that was said meanwhile.
pub(crate) async fn take_in(data: &str) -> String {
    let directory = DataDirectory::open(Path::new(data)).unwrap();
    let storage = directory.storage().await.unwrap();
    let (municipality, mut random) = ("131130".parse().unwrap(), SystemRandom::default());
    let keeping = directory.keeping_key().unwrap();
    let keys = MunicipalKeys::of(&*storage, &keeping, municipality, MORNING, &mut random).await.unwrap();
    let profile = Arc::new(Profile::shipped().unwrap());
    let importing = Importing { keys: Arc::new(keys), profile, by: "officer-1".to_owned(), now: MORNING };
    let [name, kana, address, address_number, number] = OF_THE_PERSON;
    assert_eq!(char::from(check_digit(&number.as_bytes()[..11])), number.chars().last().unwrap());
    let row = format!("{address_number},{number},8642097531,{name},{kana},19500401,2,{address}");
    let header = "宛名番号,個人番号,接種券番号,氏名,氏名カナ,生年月日,性別,住所";
    let file = format!("{header}\r\n{row}\r\n{row}\r\n{}\r\n", row.replace("19500401", "20210231"));
    let mut text = String::new();
    let go_on = &mut |_| ControlFlow::Continue(());
    let read =
        preview(&*storage, &importing, std::io::Cursor::new(file.into_bytes()), std::io::sink(), go_on);
    let (preview, _) = read.await.unwrap();
    assert_eq!((preview.counts.new, preview.counts.faulty), (1, 2));
    text.push_str(&format!("{preview:?}"));
    let by = "officer-2".to_owned();
    assert_eq!(
        storage
            .take_effect(municipality, preview.import, by, MORNING, central::storage::unwatched())
            .await
            .unwrap(),
        TookEffect::Done
    );
    // A file without its header: the first person stands where names of columns are looked for.
    let nameless = std::io::Cursor::new(format!("{row}\r\n").into_bytes());
    let refused =
        central::people::importing::preview(&*storage, &importing, nameless, std::io::sink(), go_on);
    let refused = refused.await.map(drop).unwrap_err();
    text.push_str(&format!("{refused} {refused:?}"));
    drop(storage);
    let history = said(&run(&["people", "history", "--data", data, "--municipality", "131130"], ""));
    assert!(history.contains("1 effective new 1 changed 0 unchanged 0 faulty 2 by officer-2"), "{history}");
    assert!(history.contains("2 discarded") || history.contains("people: 1"), "{history}");
    text + &history
}
