//! What may follow what, for any order in which people press buttons; and a ledger that was tampered with.
//!
//! Must not: open or seal anything; the tests over HTTPS do.

use proptest::prelude::*;
use record::{
    WallTime,
    bytes::{ContentDigest, PublicKey},
    envelope::{
        AccountName, Approval, EnvelopeId, FORMAT, Kind, Manifest, Method, Office, Outline, Part, Proof,
        Purpose, Recipient, Sender,
    },
};

use super::{
    checking,
    event::{About, Content, Event, Line, Preview},
    file::{Conflict, SealedFile, Stage},
    ledger::{self, LedgerError},
    refusal::Reason,
};
use crate::storage::{Storage, sqlite::SqliteStorage};

const AT: WallTime = WallTime::from_unix_ms(1_637_545_200_000);

fn outline() -> Outline {
    Outline {
        format: FORMAT,
        envelope_id: EnvelopeId::from_bytes([7; 16]),
        sender: Sender { office: Office::Central, key: PublicKey([1; 32]) },
        recipient: Recipient { office: "131130".parse().unwrap(), key: "age1xyz".parse().unwrap() },
        purpose: Purpose::UpdateRegister,
        document_number: "3健第123号".parse().unwrap(),
        method: Method::CarriedByTwo,
        kind: Kind::RegisterOutput,
        expires_at: AT.plus_ms(86_400_000),
    }
}

fn manifest() -> Box<Manifest> {
    let approval =
        |account: &str| Approval { account: account.parse().unwrap(), at: AT, proof: Proof::Attested };
    Box::new(Manifest {
        outline: outline(),
        asked: approval("a"),
        allowed: approval("b"),
        made_at: AT,
        parts: vec![Part {
            name: "people-1.csv".parse().unwrap(),
            rows: 2,
            bytes: 10,
            sha256: ContentDigest([5; 32]),
        }],
        sealed_bytes: 300,
        sealed_sha256: ContentDigest([6; 32]),
    })
}

/// Every event that can be about a file.
fn events() -> Vec<Event> {
    let preview = Preview { new: 1, changed: 0, unchanged: 0, faulty: 0, shown: Vec::new() };
    let reason = Reason::Stopped;
    vec![
        Event::Asked { outline: outline(), content: Content::RegisterOutput { spreadsheet: false } },
        Event::Withdrawn,
        Event::Declined,
        Event::Allowed,
        Event::MakingBegun,
        Event::Made { manifest: manifest(), file_bytes: 400 },
        Event::MakingStopped,
        Event::MakingFailed { reason },
        Event::Downloaded,
        Event::ReceiptTaken { receipt: "receipt".to_owned() },
        Event::ReceiptRefused { reason },
        Event::Removed,
        Event::ReadingBegun { manifest: manifest() },
        Event::ReadingEnded { reason },
        Event::Opened { import: 1, preview: Box::new(preview), receipt: "receipt".to_owned() },
        Event::Refused { reason, said: None },
        Event::TookEffect,
        Event::Discarded,
        Event::Undone,
        Event::NothingChanged { reason },
    ]
}

fn line(number: u64, by: &AccountName, event: Event) -> Line {
    Line { number, at: AT, by: by.clone(), about: About::File(EnvelopeId::from_bytes([7; 16])), event }
}

#[test]
fn a_line_reads_as_it_was_written() {
    let by: AccountName = "a".parse().unwrap();
    for event in events() {
        let line = line(1, &by, event);
        let json = serde_json::to_string(&line).unwrap();
        assert_eq!(serde_json::from_str::<Line>(&json).unwrap(), line, "{json}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    /// Whatever two people press, in any order.
    #[test]
    fn nothing_leaves_without_two_people_and_nothing_is_opened_twice(
        pressed in proptest::collection::vec((any::<bool>(), 0..20_usize), 0..60),
    ) {
        let people: [AccountName; 2] = ["a".parse().unwrap(), "b".parse().unwrap()];
        let (all, mut lines) = (events(), Vec::new());
        for (who, which) in pressed {
            let (by, event) = (&people[usize::from(who)], &all[which]);
            if SealedFile::follows(&lines, by, event).is_ok() {
                lines.push(line(lines.len() as u64 + 1, by, event.clone()));
            }
        }
        let who = |wanted: fn(&Event) -> bool| {
            lines.iter().filter(|line| wanted(&line.event)).map(|line| line.by.clone()).collect::<Vec<_>>()
        };
        let (asked, allowed) = (
            who(|event| matches!(event, Event::Asked { .. })),
            who(|event| matches!(event, Event::Allowed)),
        );
        let made = who(|event| matches!(event, Event::Made { .. }));
        prop_assert!(made.len() <= 1 && allowed.len() <= 1);
        if !made.is_empty() || !who(|event| matches!(event, Event::Downloaded)).is_empty() {
            prop_assert!(allowed[0] != asked[0]);
        }
        let opened = who(|event| matches!(event, Event::Opened { .. }));
        prop_assert!(opened.len() <= 1, "opened once");
        let effective = who(|event| matches!(event, Event::TookEffect));
        prop_assert!(effective.len() <= 1);
        if let Some(by) = effective.first() {
            let brought = who(|event| matches!(event, Event::ReadingBegun { .. }));
            prop_assert!(brought.last() != Some(by));
        }
        let stage = SealedFile::of(&lines).map(|file| file.stage);
        prop_assert!(stage != Some(Stage::Undone) || !effective.is_empty());
    }
}

async fn with_lines() -> (tempfile::TempDir, SqliteStorage) {
    let files = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(&files.path().join("register.sqlite")).unwrap();
    let (shibuya, about) = ("131130".parse().unwrap(), About::File(EnvelopeId::from_bytes([7; 16])));
    let mut events = events().into_iter();
    let asked = events.next().unwrap();
    let add =
        async |by: &str, event| ledger::add(&storage, shibuya, about, (by.parse().unwrap(), AT), event).await;
    add("a", asked).await.unwrap();
    let same = add("a", Event::Allowed).await.unwrap_err();
    assert_eq!(same, LedgerError::Conflict(Conflict::SamePerson));
    add("b", Event::Allowed).await.unwrap();
    add("b", Event::MakingBegun).await.unwrap();
    (files, storage)
}

#[tokio::test]
async fn a_ledger_that_lacks_a_line_or_was_altered_is_named_by_its_place() {
    let (files, storage) = with_lines().await;
    let checked = checking::check(&storage).await.unwrap();
    assert_eq!((checked.lines, checked.places.len()), (3, 0));
    let register = rusqlite::Connection::open(files.path().join("register.sqlite")).unwrap();
    for kept in ["UPDATE media_ledger SET line = line", "DELETE FROM media_ledger"] {
        assert!(register.execute(kept, []).is_err(), "the register itself refuses {kept}");
    }
    register.execute_batch("DROP TRIGGER media_ledger_stays; DROP TRIGGER media_ledger_is_kept").unwrap();
    let damaged = async |sql: &str| {
        register.execute_batch(&format!("SAVEPOINT before; {sql}; RELEASE before")).unwrap();
        checking::check(&storage).await.unwrap().places
    };
    let altered =
        "UPDATE media_ledger SET line = replace(line, '\"by\":\"b\"', '\"by\":\"c\"') WHERE number = 2";
    assert_eq!(damaged(altered).await, ["media ledger of 131130 line 2"]);
    assert_eq!(damaged("DELETE FROM media_ledger WHERE number = 2").await, ["media ledger of 131130 line 2"]);
}

#[tokio::test]
async fn of_many_who_add_at_once_each_line_has_its_own_place() {
    let (_files, storage) = with_lines().await;
    let storage: std::sync::Arc<dyn Storage> = std::sync::Arc::new(storage);
    let adding = (0..20_u8).map(|number| {
        let storage = std::sync::Arc::clone(&storage);
        tokio::spawn(async move {
            let (about, who) =
                (About::File(EnvelopeId::from_bytes([number; 16])), ("a".parse().unwrap(), AT));
            let event = Event::Refused { reason: Reason::Expired, said: None };
            ledger::add(&*storage, "131130".parse().unwrap(), about, who, event).await.unwrap();
        })
    });
    for one in adding.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let checked = checking::check(&*storage).await.unwrap();
    assert_eq!((checked.lines, checked.places), (23, Vec::new()));
}
