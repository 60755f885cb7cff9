//! Ledgers of sealed files: a line is added once, in its place, and stays.
//!
//! Must not: know what a line says; `media` does.

use record::bytes::Link;

use super::people::{chiyoda, shibuya};
use crate::storage::{MediaLine, Storage};

fn line(number: u64, about: &str) -> MediaLine {
    MediaLine {
        number,
        about: about.to_owned(),
        line: format!("{{\"n\":{number}}}"),
        link: Link([number as u8; 32]),
    }
}

pub(crate) async fn three_lines(storage: &dyn Storage) {
    for (number, about) in [(1, "cards"), (2, "file-1"), (3, "cards")] {
        assert!(storage.add_media_line(shibuya(), line(number, about), None).await.unwrap());
    }
}

pub(crate) async fn a_line_is_added_once_and_stays(storage: &dyn Storage) {
    three_lines(storage).await;
    let mut other = line(3, "file-2");
    other.line = "{}".to_owned();
    assert!(!storage.add_media_line(shibuya(), other, None).await.unwrap(), "its number is taken");
    let all = [line(1, "cards"), line(2, "file-1"), line(3, "cards")];
    assert_eq!(storage.media_lines(shibuya(), 0, 9).await.unwrap(), all);
    assert_eq!(storage.media_lines(shibuya(), 1, 1).await.unwrap(), all[1..2]);
    let newest = |before, most| storage.latest_media_lines(shibuya(), before, most);
    assert_eq!(newest(None, 1).await.unwrap(), all[2..]);
    assert_eq!(newest(Some(3), 9).await.unwrap(), [all[1].clone(), all[0].clone()]);
    let about = storage.media_lines_about(shibuya(), "cards".to_owned()).await.unwrap();
    assert_eq!(about, [all[0].clone(), all[2].clone()]);
    // Of two who add at once, one is told.
    let add = |about| storage.add_media_line(shibuya(), line(4, about), None);
    let (one, two) = tokio::join!(add("file-1"), add("file-2"));
    assert!(one.unwrap() != two.unwrap());
}

pub(crate) async fn another_municipality_has_a_ledger_of_its_own(storage: &dyn Storage) {
    three_lines(storage).await;
    assert!(storage.media_lines(chiyoda(), 0, 9).await.unwrap().is_empty());
    assert!(storage.latest_media_lines(chiyoda(), None, 9).await.unwrap().is_empty());
    assert!(storage.media_lines_about(chiyoda(), "cards".to_owned()).await.unwrap().is_empty());
    assert_eq!(storage.media_municipalities().await.unwrap(), [shibuya()]);
    assert!(storage.add_media_line(chiyoda(), line(1, "cards"), None).await.unwrap());
    assert_eq!(storage.media_municipalities().await.unwrap(), [chiyoda(), shibuya()]);
}
