//! `vrs-central tablet release` at the keyboard: two people who each type their own password and code.
//!
//! Must not: release through the library what the command releases.

use std::{fs, path::Path};

use central::{
    clock::Clock,
    directory::DataDirectory,
    storage::{Accounts as _, Audit as _, FreshFactor, LineQuestion, sqlite::SqliteStorage},
};
use record::TabletId;
use seal::{
    random::SystemRandom,
    recovery,
    totp::{Secret, Step},
    vault::TabletSecrets,
};

use super::process::{run, said};

const PASSWORD: &str = "a password long enough";

/// A central with what a tablet keeps for it.
struct Place {
    files: tempfile::TempDir,
    tablet: TabletId,
}

impl Place {
    fn new() -> Self {
        let place = Self { files: tempfile::tempdir().unwrap(), tablet: "131130-0017".parse().unwrap() };
        said(&run(&["init", "--data", &place.at("central"), "--host", "127.0.0.1"], ""));
        let mut random = SystemRandom::default();
        let (key_id, identity) = place.directory().recovery_identity().unwrap();
        let secrets = TabletSecrets::generate(&mut random).unwrap();
        let kept =
            recovery::keep(&secrets, place.tablet, &key_id, &identity.addressee(), &mut random).unwrap();
        fs::write(place.at("recovery.json"), kept).unwrap();
        place
    }

    fn at(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }

    fn directory(&self) -> DataDirectory {
        DataDirectory::open(Path::new(&self.at("central"))).unwrap()
    }

    fn storage(&self) -> SqliteStorage {
        SqliteStorage::open(&self.files.path().join("central/register.sqlite")).unwrap()
    }

    /// An account, with an authenticator that has proven one code long ago.
    async fn account(&self, name: &str, role: &str) -> Secret {
        let data = self.at("central");
        let mut words =
            vec!["staff", "add", "--data", &data, "--name", name, "--role", role, "--password-stdin"];
        if role.starts_with("municipality") {
            words.extend(["--municipality", "131130"]);
        }
        said(&run(&words, PASSWORD));
        let mut random = SystemRandom::default();
        let secret = Secret::generate(&mut random).unwrap();
        let keeping = self.directory().keeping_key().unwrap();
        let factor = FreshFactor {
            sealed_secret: keeping.seal(name, secret.as_bytes(), &mut random).unwrap(),
            step: Step::from_number(0),
            recovery: Vec::new(),
            at: Clock::system().now(),
        };
        assert!(self.storage().set_second_factor(name.parse().unwrap(), factor).await.unwrap());
        secret
    }

    /// Runs it as those two and types these lines; what was said, or why not.
    fn release(&self, out: &str, asked_by: &str, allowed_by: &str, typed: &[&str]) -> Result<String, String> {
        let (data, kept, out) = (self.at("central"), self.at("recovery.json"), self.at(out));
        let words = ["tablet", "release", "--data", &data, "--kept", &kept, "--out", &out];
        let who = ["--asked-by", asked_by, "--allowed-by", allowed_by, "--reason", "全員が暗証番号を忘れた"];
        let output = run(&[&words[..], &who].concat(), &typed.join("\n"));
        let error = String::from_utf8(output.stderr.clone()).unwrap();
        assert!(!error.contains(PASSWORD), "what is typed is not shown: {error}");
        if output.status.success() { Ok(said(&output)) } else { Err(error) }
    }

    async fn released(&self) -> usize {
        let asked = LineQuestion {
            municipality: self.tablet.municipality(),
            kinds: vec!["recovery_released"],
            account: None,
            person: None,
            before: None,
            most: 9,
        };
        self.storage().lines(asked).await.unwrap().len()
    }
}

fn code(secret: &Secret) -> String {
    secret.code(Step::at(Clock::system().now())).to_string()
}

#[tokio::test]
async fn a_tablet_is_released_by_two_people_who_each_prove_who_they_are() {
    let place = Place::new();
    let asker = place.account("staff-1", "municipality_staff").await;
    let allower = place.account("approver-1", "municipality_approver").await;
    said(&run(
        &[
            "staff",
            "add",
            "--data",
            &place.at("central"),
            "--name",
            "new-1",
            "--role",
            "national_administrator",
        ],
        "",
    ));

    // Whoever keeps the server can name two accounts, and cannot be them.
    let refused = |asked_by, allowed_by, typed: &[&str]| {
        let error = place.release("17.vrsrelease", asked_by, allowed_by, typed).unwrap_err();
        assert!(!Path::new(&place.at("17.vrsrelease")).exists());
        error
    };
    assert!(refused("staff-1", "staff-1", &[]).contains("one person alone"));
    assert!(refused("staff-1", "approver-1", &[]).contains("nobody answered"));
    let (asks, allows) = (code(&asker), code(&allower));
    for typed in [
        [PASSWORD, &asks, "not the password", &allows],
        [PASSWORD, &asks, PASSWORD, "000000"],
        [PASSWORD, "000000", PASSWORD, &allows],
        // The one types twice, for both.
        [PASSWORD, &asks, PASSWORD, &asks],
    ] {
        let error = refused("staff-1", "approver-1", &typed);
        assert!(error.contains("are wrong") && error.contains("もう一度行ってください"), "{error}");
    }
    let typed = [PASSWORD, allows.as_str(), PASSWORD, asks.as_str()];
    assert!(refused("approver-1", "staff-1", &typed).contains("may not allow this"));
    let typed = [PASSWORD, asks.as_str(), PASSWORD, "000000"];
    assert!(refused("staff-1", "new-1", &typed).contains("no authenticator"));
    assert_eq!(place.released().await, 0);

    // Nothing was spent by what was refused.
    let (asks, allows) = (code(&asker), code(&allower));
    let told = place
        .release("17.vrsrelease", "staff-1", "approver-1", &[PASSWORD, &asks, PASSWORD, &allows])
        .unwrap();
    let set_up_code = told.rsplit_once(": ").unwrap().1.trim().parse().unwrap();
    let file = fs::read(place.at("17.vrsrelease")).unwrap();
    assert!(recovery::open(&file, place.tablet, &set_up_code).is_ok());
    assert_eq!(place.released().await, 1);
    let again =
        place.release("again.vrsrelease", "staff-1", "approver-1", &[PASSWORD, &asks, PASSWORD, &allows]);
    assert!(again.unwrap_err().contains("was used before"), "a code counts once");
    assert_eq!(place.released().await, 1);
}
