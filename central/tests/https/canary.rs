//! A process that is killed at the worst moment, and everything it ever lets out: nothing personal is among it.
//!
//! Must not: leave a way out unread. A new page or answer is fetched here as well.

use std::{fs, path::Path, process::Output, time::Duration};

use record::Outcome;

use super::{
    entries::day,
    lossy_proxy::LossyProxy,
    people::{self, OF_THE_PERSON},
    process::{CANARIES, Server, path, run, said, spec, tablet_of},
    visitor::{SET_UP, Visitor},
};

fn canary_day() -> record::DaySettings {
    let mut today = day();
    today.site.name = "金糸雀会場".parse().unwrap();
    today.physician = "金糸雀 医師子".parse().unwrap();
    today.lot = "KANARIA-LOT".parse().unwrap();
    today
}

#[tokio::test(flavor = "multi_thread")]
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
    let officer = ["--name", "officer-1", "--role", "municipality_staff", "--municipality", "131130"];
    let added = [&["staff", "add", "--data", &data, "--password-stdin"], &officer[..]].concat();
    note(run(&added, "a password long enough"));
    let (spec_path, out) = (files.path().join("spec.json"), files.path().join("17.bundle"));
    fs::write(&spec_path, spec("https://127.0.0.1:8443")).unwrap();
    let made =
        note(run(&["bundle", "make", "--data", &data, "--spec", path(&spec_path), "--out", path(&out)], ""));

    #[cfg(feature = "opentelemetry")]
    let collector = super::collector::Collector::start().await;
    #[cfg(feature = "opentelemetry")]
    fs::write(
        Path::new(&data).join("central.toml"),
        format!("[opentelemetry]\nendpoint = \"{}\"\n", collector.url),
    )
    .unwrap();

    let mut server = Server::start(&data, "127.0.0.1:0");
    let (mut tablet, _) = tablet_of(&made, &fs::read(&out).unwrap(), &server.url);
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

    // The request is carried in and committed; before the reply is out, the server is killed.
    let address = server.url.strip_prefix("https://").unwrap().to_owned();
    let (direct, proxy) = (server.url.clone(), LossyProxy::before(address.parse().unwrap()).await);
    tablet.go_through(proxy.url.clone());
    let body = tablet.pack(&tablet.header(&tablet.entries), &tablet.entries);
    let sending = tablet.post("/v1/batches", "application/vnd.vrs.batch", body);
    let killing = async {
        while kept(&data) < 103 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server.signal("-KILL").1
    };
    let (lost, log) = tokio::join!(sending, killing);
    assert!(lost.is_err());
    let_out.extend(log);

    // The municipality registers the person whose coupon that is.
    let_out.extend(people::take_in(&data).await.into_bytes());
    let mut server = Server::start(&data, &address);
    assert_eq!(server.url, direct);
    tablet.go_through(direct);
    let outcomes = tablet.outcomes(&tablet.entries).await.unwrap();
    assert_eq!(outcomes[0], Outcome::Delivered);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Delivered).count(), 101);
    assert_eq!(tablet.outcomes(&tablet.entries).await.unwrap(), outcomes);
    assert_eq!(kept(&data), 103, "nothing was kept twice");
    let said = tablet.heartbeat();
    let answer = tablet.beat(&said).await;
    assert_eq!(answer.status(), 200);
    let_out.extend_from_slice(&answer.bytes().await.unwrap());
    let_out.extend(serde_json::to_vec(&said).unwrap());
    // A heartbeat that holds more than it may: refused, or dropped at the door.
    let mut more = serde_json::to_value(said).unwrap();
    more["recipient"] = "金糸雀 医師子".into();
    for stretched in [serde_json::json!(8_642_097_531_u64), "8642097531".into()] {
        let mut altered = more.clone();
        altered["pending"] = stretched;
        let body = serde_json::to_vec(&altered).unwrap();
        let refused = tablet.post("/v1/heartbeats", "application/json", body).await.unwrap();
        assert_eq!(refused.status(), 400);
        let_out.extend_from_slice(&refused.bytes().await.unwrap());
    }
    let body = serde_json::to_vec(&more).unwrap();
    let taken = tablet.post("/v1/heartbeats", "application/json", body).await.unwrap();
    let_out.extend_from_slice(&taken.bytes().await.unwrap());

    // What is sent down names nobody: doses go by keyed hash, and the key itself is in the answer alone.
    let answer = tablet.get("/v1/reference", None).await.unwrap();
    let_out.extend_from_slice(format!("{:?}", answer.headers()).as_bytes());
    let_out.extend_from_slice(answer.text().await.unwrap().as_bytes());
    // The server that began again lists the doses beside its other work.
    let mut manifest = tablet.manifest().await;
    while manifest.doses.is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
        manifest = tablet.manifest().await;
    }
    for part in manifest.parts() {
        let answer = tablet.get(&format!("/v1/reference/{}", part.digest), None).await.unwrap();
        assert!(answer.status().is_success());
        let_out.extend_from_slice(String::from_utf8_lossy(&answer.bytes().await.unwrap()).as_bytes());
    }
    let secret_key = manifest.doses[0].key.to_string();

    // Everything a browser can be given, and every kind of refusal.
    let pem = central::directory::DataDirectory::open(Path::new(&data)).unwrap().authority_pem().unwrap();
    let mut visitor = Visitor::new(&pem, server.url.clone());
    let wrong = visitor.sign_in("support-1", "97531086").await;
    let_out.extend_from_slice(wrong.body.as_bytes());
    let key = visitor.enter_password("support-1", "a password long enough").await;
    assert_eq!(key.header("location"), SET_UP);
    let key = visitor.get(SET_UP).await.shown_key();
    let recovery = visitor.set_up("support-1").await.recovery_codes();
    for page in [
        "/console/fleet",
        "/console/fleet/rows",
        "/console/fleet?lang=en",
        "/console/fleet?need=review&hours=1&municipality=131130&text=0017",
        "/console/tablets/131130-0017",
        "/console/tablets/131130-0017/now?lang=ja",
        "/console/charts",
        "/console/charts?municipality=131130&lang=en",
        "/console/charts/now?municipality=131130&lang=ja",
        "/healthz",
        "/console/sign-in",
    ] {
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
    let unknown = visitor.get("/console/tablets/8642097531").await;
    assert_eq!(unknown.status, 404);
    let_out.extend_from_slice(unknown.body.as_bytes());
    visitor.get("/8642097531").await;
    let session = visitor.cookies["__Host-vrs-session"].clone();
    look_at_the_person(&mut Visitor::new(&pem, server.url.clone())).await;

    let (code, log) = server.signal("-TERM");
    assert!(!String::from_utf8_lossy(&log).contains(&secret_key), "the key of the hashes was logged");
    assert_eq!(code, Some(0), "it stops in an orderly way");
    assert!(String::from_utf8_lossy(&log).contains("\"batch kept\""), "the log was written");
    let_out.extend(log);
    #[cfg(feature = "opentelemetry")]
    {
        let traces = collector.text();
        for route in ["GET /console/tablets/{tablet_id}", "POST /v1/batches", "keep batch"] {
            assert!(traces.contains(route), "{route} was not traced");
        }
        assert!(!traces.contains("support-1") && !traces.contains("131130"), "{traces}");
        let_out.extend(traces.into_bytes());
    }
    let let_out = String::from_utf8(let_out).unwrap();
    let secrets = [token.as_str(), "a password long enough", &session, &key, &recovery[0]];
    for canary in CANARIES.into_iter().chain(secrets).chain(OF_THE_PERSON) {
        // A cookie is let out once, to its browser, in a header of its own.
        assert!(!let_out.contains(canary), "{canary} was let out");
    }
    let register = fs::read(Path::new(&data).join("register.sqlite")).unwrap();
    let holds = |text: &str| register.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(
        holds("8642097531") && holds("金糸雀会場"),
        "the register does hold them: the canaries are alive"
    );
    for secret in secrets.into_iter().chain(OF_THE_PERSON) {
        assert!(!holds(secret), "but no secret");
    }
}

/// An officer finds the person by everything, looks at them, and asks another municipality. Their pages show people to them;
/// the number is on none, and what is logged meanwhile is read with the rest.
async fn look_at_the_person(officer: &mut Visitor) {
    officer.sign_in("officer-1", "a password long enough").await;
    let word = officer.get("/municipality/people").await.word();
    let [name, kana, _, address_number, number] = OF_THE_PERSON;
    let mut place = String::new();
    for fields in [
        [("by", "coupon"), ("coupon", "8642097531")],
        [("by", "address_number"), ("address_number", address_number)],
        [("by", "name"), ("kana", kana)],
    ] {
        let fields = [&[("word", word.as_str()), ("born_on", "1950-04-01")], &fields[..]].concat();
        let found = officer.post("/municipality/people", &fields).await;
        place = found.header("location").to_owned();
        assert!(place.starts_with("/municipality/people/"), "{fields:?} {}", found.body);
    }
    let mut pages = vec![officer.get(&place).await];
    assert!(pages[0].body.contains(name) && pages[0].body.contains("KANARIA-LOT"), "{}", pages[0].body);
    let form = officer.get(&format!("{place}/look-up")).await;
    let (_, ground) = form.body.split_once("name=\"ground\" value=\"").unwrap();
    let fields = [
        ("word", word.as_str()),
        ("of", "131016"),
        ("by", "personal_number"),
        ("purpose", "moved_in"),
        ("ground", ground.split_once('"').unwrap().0),
        ("consent", "obtained"),
    ];
    let answer = officer.post(&format!("{place}/look-up"), &fields).await;
    assert!(answer.body.contains("見つかりませんでした"), "{}", answer.body);
    let fields = [("word", word.as_str()), ("coupon", "8642097531")];
    pages.extend([form, answer, officer.post("/municipality/entries", &fields).await]);
    for path in ["/municipality/look-ups", "/municipality/look-ups/received", "/municipality/audit"] {
        pages.push(officer.get(path).await);
    }
    for page in pages {
        assert!(page.status.is_success(), "{}", page.body);
        assert!(!page.body.contains(number) && !page.body.contains(&number[4..]), "the number is on no page");
    }
}

/// How many entries the register holds, as another process sees it.
fn kept(data: &str) -> i64 {
    let register = rusqlite::Connection::open(Path::new(data).join("register.sqlite")).unwrap();
    register.query_row("SELECT count(*) FROM entries", [], |row| row.get(0)).unwrap()
}
