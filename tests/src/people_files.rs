//! 見本の接種対象者: invented people, taken into a central as a municipality's file of them is.
//!
//! Must not: name anybody who exists.

use std::{io::Cursor, ops::ControlFlow, path::Path, sync::Arc};

use central::{
    directory::DataDirectory,
    people::{
        importing::{Importing, preview},
        personal_number::check_digit,
        profile::Profile,
        sealing::MunicipalKeys,
    },
    storage::{Storage, TookEffect, unwatched},
};
use record::WallTime;
use seal::random::SystemRandom;

const HEADER: &str = "宛名番号,個人番号,接種券番号,氏名,氏名カナ,生年月日,性別,住所\r\n";

/// An invented person. `number` is the first eleven digits of the 個人番号, or nothing.
#[derive(Clone, Copy)]
pub struct Sample<'a> {
    /// 宛名番号.
    pub address_number: &'a str,
    /// The first eleven digits of the 個人番号; nothing where there is none.
    pub number: &'a str,
    /// 接種券番号.
    pub coupon: &'a str,
    /// 氏名.
    pub name: &'a str,
    /// 氏名カナ.
    pub kana: &'a str,
    /// 生年月日.
    pub born_on: &'a str,
    /// 住所.
    pub address: &'a str,
}

impl Sample<'_> {
    /// The whole 個人番号.
    pub fn personal_number(&self) -> String {
        match self.number {
            "" => String::new(),
            first => format!("{first}{}", char::from(check_digit(first.as_bytes()))),
        }
    }

    fn row(&self) -> String {
        let Self { address_number, coupon, name, kana, born_on, address, .. } = self;
        let number = self.personal_number();
        format!("{address_number},{number},{coupon},{name},{kana},{born_on},2,{address}\r\n")
    }
}

/// Takes these people in for a municipality; all of them hold afterwards.
///
/// # Panics
/// Where one of them is faulty.
pub async fn register(
    data: &Path,
    storage: Arc<dyn Storage>,
    municipality: &str,
    people: &[Sample<'_>],
    now: WallTime,
) {
    let file = HEADER.to_owned() + &people.iter().map(Sample::row).collect::<String>();
    let (municipality, mut random) = (municipality.parse().unwrap(), SystemRandom::default());
    let keeping = DataDirectory::open(data).unwrap().keeping_key().unwrap();
    let keys = MunicipalKeys::of(&*storage, &keeping, municipality, now, &mut random).await.unwrap();
    let profile = Arc::new(Profile::shipped().unwrap());
    let importing = Importing { keys: Arc::new(keys), profile, by: "importer-1".to_owned(), now };
    let go_on = &mut |_| ControlFlow::Continue(());
    let input = Cursor::new(file.into_bytes());
    let (preview, back) = preview(&*storage, &importing, input, Vec::new(), go_on).await.unwrap();
    assert_eq!(preview.counts.faulty, 0, "{}", String::from_utf8_lossy(&back));
    let took =
        storage.take_effect(municipality, preview.import, "importer-2".to_owned(), now, unwatched()).await;
    assert_eq!(took.unwrap(), TookEffect::Done);
}
