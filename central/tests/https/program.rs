//! The program itself, `vrs-central`, as an administrator runs it; and what it must never let out.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::JoinHandle,
};

use record::{Outcome, bundle::CentralAddress};
use serde_json::json;

use super::{
    entries::day,
    protocol_tablet::{ProtocolTablet, Route},
    visitor::Visitor,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vrs-central");

/// What belongs to people, and must be found nowhere but in the register. Chosen so that nothing else contains it.
const CANARIES: [&str; 7] = [
    "8642097531", // 券番号
    "金糸雀 医師子",
    "金糸雀会場",
    "金糸雀 職員男",
    "97531086", // 暗証番号
    "KANARIA-LOT",
    "金糸雀が入った壊れた記録",
];

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A serving process; what it wrote is gathered. Killed when dropped.
struct Server {
    child: Child,
    url: String,
    log: Option<JoinHandle<Vec<u8>>>,
}

impl Server {
    fn start(data: &str, listen: &str) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--data", data, "--listen", listen])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut all = Vec::new();
            stderr.read_to_end(&mut all).unwrap();
            all
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("vrs-central ready ").expect(&line).to_owned();
        Self { child, url, log: Some(log) }
    }

    fn signal(&mut self, signal: &str) -> (Option<i32>, Vec<u8>) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        (code, self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spec(port_free_url: &str) -> String {
    json!({
        "municipality": "131130", "tablet_number": 17, "tablet_name": "17号機",
        "central_url": port_free_url, "valid_days": 30,
        "staff": [{"staff_id": "staff-01", "name": "金糸雀 職員男", "role": "staff", "pin": "97531086"}],
        "sites": [{"facility_code": "1311399999", "name": "金糸雀会場"}],
        "physicians": ["金糸雀 医師子"],
        "vaccines": [{"vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
            "lots": [{"lot": "KANARIA-LOT", "expires_on": "2022-02-28"}]}],
        "doses": ["1", "2"], "expected_municipalities": ["131130"]
    })
    .to_string()
}

fn canary_day() -> record::DaySettings {
    let mut today = day();
    today.site.name = "金糸雀会場".parse().unwrap();
    today.physician = "金糸雀 医師子".parse().unwrap();
    today.lot = "KANARIA-LOT".parse().unwrap();
    today
}

fn tablet_of(bundle: &[u8], url: &str) -> (ProtocolTablet, String) {
    let opened = seal::bundle::open(bundle, None).unwrap();
    let number = seal::bundle::check_number(&opened.signer);
    let CentralAddress { authority_pem, receipt_keys, .. } = opened.bundle.central;
    let authority = url.strip_prefix("https://").unwrap().to_owned();
    let route = Route { url: url.to_owned(), authority, authority_pem, receipt_keys };
    let now = central::clock::Clock::system().now();
    (ProtocolTablet::new(route, opened.bundle.tablet_id, opened.bundle.enrolment_token, now), number)
}

#[test]
fn nothing_is_made_twice_and_mistakes_are_named_in_one_line() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central").display().to_string();
    let made = said(&run(&["init", "--data", &data, "--host", "central.example", "--host", "127.0.0.1"], ""));
    assert!(made.contains("確認番号"), "{made}");
    let again = run(&["init", "--data", &data, "--host", "central.example"], "");
    assert_eq!(again.status.code(), Some(1));
    let error = String::from_utf8(again.stderr).unwrap();
    assert!(error.ends_with("is there already and is not overwritten\n"), "{error}");
    assert_eq!(error.lines().count(), 1);

    let account = ["staff", "add", "--data", &data, "--name", "support-1"];
    let added = said(&run(&account, ""));
    assert!(added.contains("initial password: "), "{added}");
    assert_eq!(run(&account, "").status.code(), Some(1), "the name is taken");
    let chosen = ["staff", "add", "--data", &data, "--name", "support-2", "--password-stdin"];
    assert_eq!(run(&chosen, "too short\n").status.code(), Some(1));
    let added = said(&run(&chosen, "a password long enough\n"));
    assert!(!added.contains("long enough"), "{added}");

    let (spec_path, out) = (files.path().join("spec.json"), files.path().join("17.bundle"));
    let make = ["bundle", "make", "--data", &data, "--spec", path(&spec_path), "--out", path(&out)];
    for (wrong, why) in [
        (spec("https://other.example"), "with a host of this central"),
        (spec("https://central.example").replace("\"97531086\"", "\"975\""), "a pin is not 4 to 12 digits"),
        (
            spec("https://central.example").replace("\"tablet_number\":17", "\"tablet_number\":0"),
            "1 to 999999",
        ),
        (spec("https://central.example").replace("[\"1\",\"2\"]", "[]"), "bundle has no dose"),
        (spec("https://central.example").replace("valid_days", "days"), "line 1, column"),
    ] {
        fs::write(&spec_path, wrong).unwrap();
        let refused = run(&make, "");
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(error.contains(why) && error.lines().count() == 1, "{error}");
        assert!(!out.exists());
        for canary in CANARIES {
            assert!(!error.contains(canary), "{error}");
        }
    }
    fs::write(&spec_path, spec("https://central.example:8443")).unwrap();
    let made = said(&run(&make, ""));
    let (_, number) = tablet_of(&fs::read(&out).unwrap(), "https://central.example:8443");
    assert!(made.contains(&number), "{made}");
    assert_eq!(run(&make, "").status.code(), Some(1), "a bundle is not overwritten");
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn killed_between_commit_and_reply_is_a_lost_reply_and_nothing_personal_gets_out() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central").display().to_string();
    let mut let_out: Vec<u8> = Vec::new();
    let mut note = |output: Output| {
        let text = said(&output);
        let_out.extend_from_slice(text.as_bytes());
        let_out.extend_from_slice(&output.stderr);
        text
    };
    note(run(&["init", "--data", &data, "--host", "127.0.0.1"], ""));
    run(
        &["staff", "add", "--data", &data, "--name", "support-1", "--password-stdin"],
        "a password long enough",
    );
    let (spec_path, out) = (files.path().join("spec.json"), files.path().join("17.bundle"));
    fs::write(&spec_path, spec("https://127.0.0.1:8443")).unwrap();
    note(run(&["bundle", "make", "--data", &data, "--spec", path(&spec_path), "--out", path(&out)], ""));

    let mut server = Server::start(&data, "127.0.0.1:0");
    let (mut tablet, _) = tablet_of(&fs::read(&out).unwrap(), &server.url);
    assert_eq!(tablet.enrol().await.status(), 200);
    let token = tablet.token.reveal().to_owned();
    let coupon = "211311308642097531".parse().unwrap();
    let bytes = tablet.maker.vaccination_of(coupon, canary_day()).to_bytes();
    tablet.record(bytes);
    tablet.record(r#"{"version":1,"kind":"vaccination","content":"金糸雀が入った壊れた記録"}"#.into());
    let mut other_lot = canary_day();
    other_lot.lot = "FF3620".parse().unwrap();
    let bytes = tablet.maker.vaccination_of(coupon, other_lot).to_bytes();
    tablet.record(bytes);
    tablet.record_day(100);

    // The reply gets as far as a proxy; then the server is killed.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = listener.local_addr().unwrap();
    let address = server.url.strip_prefix("https://").unwrap().to_owned();
    let (answered, mut answer) = tokio::sync::mpsc::channel(1);
    tokio::spawn(hold_reply(listener, address.clone(), answered));
    let direct = server.url.clone();
    tablet.go_through(format!("https://{proxy}"));
    let body = tablet.pack(&tablet.header(&tablet.entries), &tablet.entries);
    let sending = tablet.post("/v1/batches", "application/vnd.vrs.batch", body);
    let killing = async {
        answer.recv().await.unwrap();
        server.signal("-KILL").1
    };
    let (lost, log) = tokio::join!(sending, killing);
    assert!(lost.is_err());
    let_out.extend(log);

    let mut server = Server::start(&data, &address);
    assert_eq!(server.url, direct);
    tablet.go_through(direct);
    let outcomes = tablet.outcomes(&tablet.entries).await.unwrap();
    assert_eq!(outcomes[0], Outcome::Delivered);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Delivered).count(), 101);
    assert_eq!(tablet.outcomes(&tablet.entries).await.unwrap(), outcomes);

    // Everything a browser can be given, and every kind of refusal.
    let pem = central::directory::DataDirectory::open(Path::new(&data)).unwrap().authority_pem().unwrap();
    let mut visitor = Visitor::new(&pem, server.url.clone());
    let wrong = visitor.sign_in("support-1", "97531086").await;
    let_out.extend_from_slice(wrong.body.as_bytes());
    visitor.sign_in("support-1", "a password long enough").await;
    for page in
        ["/console/fleet", "/console/fleet/rows", "/console/fleet?lang=en", "/healthz", "/console/sign-in"]
    {
        let page = visitor.get(page).await;
        assert!(page.status.is_success());
        let_out.extend_from_slice(format!("{:?}{}", page.headers, page.body).as_bytes());
    }
    assert!(String::from_utf8_lossy(&let_out).contains("<b>103</b>"), "the page was looked at");
    for body in [b"8642097531".to_vec(), zstd::bulk::compress("金糸雀 医師子".as_bytes(), 3).unwrap()] {
        let refused = tablet.post("/v1/batches", "application/vnd.vrs.batch", body).await.unwrap();
        assert_eq!(refused.status(), 400);
        let_out.extend_from_slice(&refused.bytes().await.unwrap());
    }
    visitor.get("/console/fleet?name=8642097531&page=x").await;
    visitor.get("/8642097531").await;
    let session = visitor.cookies["__Host-vrs-session"].clone();

    let (code, log) = server.signal("-TERM");
    assert_eq!(code, Some(0), "it stops in an orderly way");
    assert!(String::from_utf8_lossy(&log).contains("\"batch kept\""), "the log was written");
    let_out.extend(log);
    let let_out = String::from_utf8(let_out).unwrap();
    let secrets = [token.as_str(), "a password long enough", &session];
    for canary in CANARIES.into_iter().chain(secrets) {
        // A cookie is let out once, to its browser, in a header of its own.
        assert!(!let_out.contains(canary), "{canary} was let out");
    }
    let register = fs::read(Path::new(&data).join("register.sqlite")).unwrap();
    let holds = |text: &str| register.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(
        holds("8642097531") && holds("金糸雀会場"),
        "the register does hold them: the canaries are alive"
    );
    assert!(!holds(&token) && !holds("a password long enough") && !holds(&session), "but no secret");
}

/// Carries requests in; once the central answers to a whole batch, tells so and carries nothing more.
async fn hold_reply(
    listener: tokio::net::TcpListener,
    central: String,
    answered: tokio::sync::mpsc::Sender<()>,
) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (client, _) = listener.accept().await.unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let server = tokio::net::TcpStream::connect(central).await.unwrap();
    let (mut from_central, mut to_central) = server.into_split();
    let (mut up, mut down, mut carried) = (vec![0; 16 << 10], vec![0; 16 << 10], 0_usize);
    loop {
        tokio::select! {
            read = from_client.read(&mut up) => {
                let Ok(count @ 1..) = read else { return };
                carried += count;
                to_central.write_all(&up[..count]).await.unwrap();
            }
            read = from_central.read(&mut down) => {
                let Ok(count @ 1..) = read else { return };
                // A handshake is well below 2 KiB, this batch well above.
                if carried > 4 << 10 {
                    answered.send(()).await.unwrap();
                    return;
                }
                to_client.write_all(&down[..count]).await.unwrap();
            }
        }
    }
}
