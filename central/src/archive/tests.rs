//! Archives of other versions: each is a real one whose lines were rewritten and sealed again.
//!
//! Must not: hold an archive as a file; what an older program wrote is said by how it differs.

use std::io::{Read as _, Write as _};

use record::WallTime;
use seal::{
    random::SystemRandom,
    sealed::Identity,
    sealed_stream::{Opening, Sealing},
};
use serde_json::{Value, json};

use super::{ArchiveError, Restored, lines::Tally, older::first_columns, open, restore, write};
use crate::{
    directory::DataDirectory,
    storage::{Archive as _, Storage as _, contract::archive::eventful, digest_of, sqlite::SqliteStorage},
};

const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_123);

/// The lines of an archive in which something of everything is.
async fn lines() -> Vec<Value> {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("central");
    let hosts = ["central.example".to_owned()];
    let directory = DataDirectory::create(&path, &hosts, NOW, &mut SystemRandom::default()).unwrap();
    let storage = directory.storage().await.unwrap();
    eventful(&*storage).await;
    let (identity, mut sealed) = (Identity::generate(), Vec::new());
    let to = [identity.addressee()];
    write(&directory, &*storage, &to, NOW, &mut sealed, &mut |_, _| {}).await.unwrap();
    let mut text = String::new();
    zstd::Decoder::new(Opening::begin(&identity, &*sealed).unwrap())
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Fills an empty register from these lines; its digest.
async fn filled(lines: &[Value]) -> Result<(Restored, [u8; 32]), ArchiveError> {
    let (identity, mut sealed) = (Identity::generate(), Vec::new());
    let sealing = Sealing::begin(&[identity.addressee()], &mut sealed).unwrap();
    let mut plain = zstd::Encoder::new(sealing, 3).unwrap();
    for line in lines {
        writeln!(plain, "{line}").unwrap();
    }
    plain.finish().unwrap().finish().unwrap();
    let files = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(&files.path().join("register.sqlite")).unwrap();
    let restored = restore(open(&identity, &*sealed)?, &storage, &mut |_, _| {}).await?;
    storage.check().await.unwrap();
    let digest = digest_of(&mut *storage.snapshot().await.unwrap()).await.unwrap();
    Ok((restored, digest.sha256))
}

fn table<'a>(lines: &'a mut [Value], name: &str) -> &'a mut Value {
    lines.iter_mut().find(|line| line["line"] == "table" && line["name"] == name).unwrap()
}

#[tokio::test]
async fn an_archive_of_the_first_version_fills_a_register_all_the_same() {
    let lines = lines().await;
    let (now, register) = filled(&lines).await.unwrap();
    let first = as_first_version(&lines);
    let (then, same) = filled(&first).await.unwrap();
    assert_eq!(register, same);
    for (now, then) in now.rows.iter().zip(&then.rows) {
        let expected = if first_columns(now.0).is_some() { now.1 } else { 0 };
        assert_eq!(then, &(now.0, expected));
    }
    assert!(full_tables(&first) >= 11, "of tables without rows this shows little");
}

/// What the first program would have written: no columns named, and nothing of what came after it.
fn as_first_version(lines: &[Value]) -> Vec<Value> {
    let (mut first, mut places, mut tally) = (Vec::new(), None, Tally::default());
    for line in lines {
        let mut line = line.clone();
        match line["line"].as_str() {
            Some("head") => line["version"] = json!(1),
            Some("table") => {
                let columns = line["columns"].as_array().unwrap().clone();
                let place = |name: String| columns.iter().position(|column| *column == name).unwrap();
                let known = first_columns(line["name"].as_str().unwrap());
                places = known.map(|known| known.into_iter().map(place).collect::<Vec<_>>());
                tally = Tally::default();
            }
            Some("end_of_table") => {
                let (rows, sha256) = std::mem::take(&mut tally).finish();
                (line["rows"], line["sha256"]) = (json!(rows), json!(sha256));
            }
            Some(_) => places = Some(Vec::new()),
            None => {
                let Some(places) = &places else { continue };
                line = places.iter().map(|place| line[*place].clone()).collect();
                tally.take(line.to_string().as_bytes());
            }
        }
        if let Some(named) = line.as_object_mut() {
            named.remove("columns");
            named.remove("derived");
        }
        if places.is_some() || line["line"] == "head" {
            first.push(line);
        }
    }
    first
}

fn full_tables(lines: &[Value]) -> usize {
    lines.iter().filter(|line| line["line"] == "end_of_table" && line["rows"] != 0).count()
}

#[tokio::test]
async fn an_archive_of_a_version_that_is_not_known_is_refused_with_the_next_step() {
    let mut lines = lines().await;
    for version in [0, 3, u32::MAX] {
        lines[0]["version"] = json!(version);
        let said = filled(&lines).await.err().unwrap();
        assert!(matches!(said, ArchiveError::Version(found) if found == version), "{said}");
        let said = said.to_string();
        assert!(
            said.contains("新しい版の vrs-central で戻してください") && said.contains("a newer one"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn what_this_program_does_not_know_or_cannot_do_without_is_refused() {
    let whole = lines().await;
    let columns = |lines: &mut [Value], name| table(lines, name)["columns"].as_array().unwrap().clone();

    let mut newer = whole.clone();
    let mut more = columns(&mut newer, "tablets");
    more.push(json!("colour"));
    table(&mut newer, "tablets")["columns"] = more.into();
    assert!(matches!(filled(&newer).await, Err(ArchiveError::Unknown("tablets"))));

    let mut older = whole.clone();
    let mut less = columns(&mut older, "accounts");
    less.retain(|name| name != "role");
    table(&mut older, "accounts")["columns"] = less.into();
    assert!(matches!(filled(&older).await, Err(ArchiveError::Lacks("accounts", "role"))));

    let mut further = whole.clone();
    let end = further.len() - 1;
    further.insert(end, json!({"line": "table", "name": "colours", "columns": ["name"]}));
    assert!(matches!(filled(&further).await, Err(ArchiveError::Unknown("table"))));

    let mut between = whole.clone();
    table(&mut between, "devices")["name"] = json!("colours");
    assert!(matches!(filled(&between).await, Err(ArchiveError::Unknown("table"))));

    let mut unnamed = whole.clone();
    table(&mut unnamed, "devices")["columns"] = json!([]);
    assert!(matches!(filled(&unnamed).await, Err(ArchiveError::Lacks("devices", "municipality"))));

    let mut unproven = whole.clone();
    unproven.last_mut().unwrap()["derived"] = json!([]);
    assert!(matches!(filled(&unproven).await, Err(ArchiveError::Lacks("epochs", _))));

    let mut shorter = whole;
    let place = shorter.iter().position(|line| line["line"] == "table").unwrap();
    shorter[place + 1].as_array_mut().unwrap().pop();
    assert!(matches!(filled(&shorter).await, Err(ArchiveError::Line(_))));
}
