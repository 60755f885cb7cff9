//! 平文の持ち出しがないこと: every route for everybody, and every command, beside a person and a dose that would be known again. What
//! is personal is on the few pages of [`SHOWN`], on the screen of the person's own municipality, and nowhere else: in no file,
//! no attachment, no answer of another kind.
//!
//! Must not: name the routes or commands it walks – they name themselves, and a new one fails here until somebody says how it
//! is asked.

use std::{collections::BTreeSet, path::Path, process::Output, time::Duration};

use central::{
    roles::Role,
    routes::{self, Listed, Who},
};
use reqwest::{StatusCode, header};

use super::{
    NOON, central,
    central_process::CentralProcess,
    desk::{Desk, Made},
    entries::{day, day_with_lot},
    media::{bring, central_card, made, officers, press, register_card, settled, signed_in},
    people::{self, OF_THE_PERSON},
    process::{path, run, said},
    protocol_tablet::ProtocolTablet,
    visitor::Visitor,
};

/// The pages that show something of a person, each with the reason why it may.
const SHOWN: [(&str, &str, &str); 9] = [
    ("GET", "/municipality/reviews", "an officer finds the case of a coupon by its number"),
    (
        "GET",
        "/municipality/reviews/{entry_id}",
        "what contradicts is compared with the paper, value by value",
    ),
    ("POST", "/municipality/reviews/{entry_id}", "the same page again, where a decision is refused"),
    ("GET", "/municipality/people/{person}", "one person, searched for, with what was recorded of them"),
    ("GET", "/municipality/people/{person}/look-up", "who is looked up elsewhere is named before it is done"),
    ("POST", "/municipality/people/{person}/look-up", "the same page again, where it is refused"),
    ("POST", "/municipality/entries", "the entries of one coupon, which was typed"),
    ("POST", "/municipality/stock/lot/recipients", "who received a lot, by coupon, for a recall"),
    ("GET", "/municipality/audit", "whose record was looked at, by 宛名番号"),
];

/// Of the dose: its coupon, site, physician and lot.
const OF_THE_DOSE: [&str; 4] = ["8642097531", "金糸雀会場", "金糸雀 医師子", "KANARIA-LOT"];

/// Everything that would be known again, as bytes of the encodings that files have.
fn canaries() -> Vec<(&'static str, Vec<u8>)> {
    let of_all = OF_THE_PERSON.into_iter().chain(OF_THE_DOSE);
    of_all
        .flat_map(|text| {
            let (cp932, _, is_lossy) = encoding_rs::SHIFT_JIS.encode(text);
            assert!(!is_lossy);
            [(text, text.as_bytes().to_vec()), (text, cp932.into_owned())]
        })
        .collect()
}

fn found(canaries: &[(&'static str, Vec<u8>)], bytes: &[u8]) -> Option<&'static str> {
    let holds = |canary: &[u8]| bytes.windows(canary.len()).any(|window| window == canary);
    canaries.iter().find(|(_, canary)| holds(canary)).map(|(text, _)| *text)
}

/// What stands for the parts of paths.
struct Ids {
    entry: String,
    person: String,
    files: Vec<String>,
}

/// The paths of a pattern; more than one where there are files of several kinds.
fn paths(pattern: &str, ids: &Ids) -> Vec<String> {
    let path = pattern
        .replace("{name}", "unknown.js")
        .replace("{entry_id}", &ids.entry)
        .replace("{person}", &ids.person)
        .replace("{issued_at}", "1637539200000")
        .replace("{tablet_id}", "131130-0017")
        .replace("{code}", "1311300001")
        .replace("{from}", "131130")
        .replace("{cycle}", "1")
        .replace("{id}", &"0".repeat(32))
        .replace("{digest}", &"A".repeat(43));
    let paths = if path.contains("{envelope_id}") {
        ids.files.iter().map(|file| path.replace("{envelope_id}", file)).collect()
    } else {
        vec![path]
    };
    assert!(paths.iter().all(|path| !path.contains('{')), "say what stands for the part of {pattern}");
    paths
}

/// What is sent to a route that takes a form: as a page of ours would send it, so that it does its work.
fn bodies(pattern: &str) -> &'static [&'static str] {
    match pattern {
        "/v1/batches" | "/v1/enrolment" | "/v1/heartbeats" => &["{}"],
        "/console/sign-in" => &["name=nobody&password=nothing"],
        "/console/second-factor" | "/console/code" => &["code=000000"],
        "/console/sign-out" => &[""],
        "/console/accounts" => &["name=new-1&role=support&municipality="],
        "/console/accounts/disable" | "/console/accounts/reset" => &["name=new-1"],
        "/municipality/reviews/{entry_id}" => &["seen=&stands=&reason="],
        "/municipality/tablets/{tablet_id}" => &["what=revoke&reason=%20", "what=lost&reason=x"],
        "/municipality/people" => &["by=coupon&address_number=&coupon=0000000001&kana=&born_on="],
        "/municipality/people/{person}/look-up" => &["municipality=131016"],
        "/municipality/entries" => &["coupon=8642097531"],
        "/municipality/boxes" => &["kind=spares"],
        "/municipality/boxes/{issued_at}" => &["what=revoke&reason=x"],
        "/municipality/media/open-data" => &["what=count", "what=stop"],
        "/municipality/media/ask" => &[
            "content=register&purpose=update_register&method=carried_by_two&document_number=3-1&days=3",
            "content=waiting&purpose=check_records&method=registered_mail&document_number=3-2&days=31",
        ],
        "/municipality/media/bring" | "/municipality/media/cards" => &["multipart"],
        "/municipality/media/cards/withdraw" => &["once=no"],
        "/municipality/media/files/{envelope_id}" => {
            &["what=make", "what=stop", "what=discard", "what=withdraw"]
        }
        "/municipality/media/files/{envelope_id}/decide" => {
            &["what=allow", "what=take-effect", "what=undo", "what=decline"]
        }
        "/municipality/media/files/{envelope_id}/file" => &[""],
        "/municipality/media/files/{envelope_id}/receipt" => &["multipart"],
        "/municipality/stock" => &["code=1311300001&name=x&freezer=0&per_day=9&begins=2021-11-22"],
        "/municipality/stock/facilities/{code}" => &[
            "what=kind&product=x&kind=core&reason=x",
            "what=delivered&product=x&lot=L1&storage=frozen&vials=9&doses=54",
            "what=discarded&product=x&lot=L1&storage=frozen&vials=99&doses=1&discarded=broken",
        ],
        "/municipality/stock/bookings" => {
            &["facility=1311300001&product=x&on=2030-01-01&doses=9", "facility=1&product=x&on=x&doses=x"]
        }
        "/municipality/stock/bookings/lot" => &["product=x&lot=L1&good_until=2030-01-01"],
        "/municipality/stock/lot/recipients" => &["product=x&lot=KANARIA-LOT"],
        "/municipality/stock/transfers" => {
            &["from=1311300001&to=1311300001&product=x&lot=L1&storage=frozen&vials=1&doses=6"]
        }
        "/municipality/stock/transfers/{from}/{id}" => &["what=send&seen=0&vials=1&doses=6"],
        "/municipality/stock/transfers/{from}/{id}/approve" => &["seen=0"],
        "/console/transfers" => &["from=131130&id=00000000000000000000000000000000&seen=0"],
        "/console/allocation" => &["product=x&boxes=9&doses=1170&percent=80&until=2021-11-29T12:00"],
        "/console/allocation/{cycle}" => {
            &["what=compute&seen=0", "what=move&seen=0&from=131130&boxes=1&reason=x"]
        }
        "/municipality/stock/allocation/{cycle}" => &["facility=&boxes=3&people=9000"],
        "/console/allocation/populations" | "/municipality/stock/allocation/{cycle}/file" => &["multipart"],
        other => panic!("say what is sent to {other}"),
    }
}

/// A central with a person, two doses that contradict, and sealed files in both directions.
struct Scene {
    central: CentralProcess,
    tablet: ProtocolTablet,
    ids: Ids,
}

impl Scene {
    async fn new() -> Self {
        let (central, _) = central();
        people::take_in(path(&central.data())).await;
        let mut tablet = central.enrolled_tablet("131130-0017").await;
        let coupon = "211311308642097531".parse().unwrap();
        let mut canary_day = day();
        canary_day.site.name = "金糸雀会場".parse().unwrap();
        canary_day.physician = "金糸雀 医師子".parse().unwrap();
        canary_day.lot = "KANARIA-LOT".parse().unwrap();
        let dose = tablet.maker.vaccination_of(coupon, canary_day);
        let other = tablet.maker.vaccination_of(coupon, day_with_lot("FJ7489"));
        tablet.record(dose.to_bytes());
        tablet.record(other.to_bytes());
        tablet.send(&tablet.entries).await.unwrap();
        let derived = run(&["stock", "derive", "--data", path(&central.data())], "");
        assert!(derived.status.success(), "{}", said(&derived));

        let (mut officer, mut approver) = officers(&central, "131130").await;
        let desk = Desk::of("131130", NOON);
        let card = central_card(&mut officer).await;
        register_card(&mut officer, &desk).await;
        let [name, kana, address, number, personal] = OF_THE_PERSON;
        let person =
            |day: &str| format!("{number},{personal},8642097531,{name},{kana},{day},2,{address}\r\n");
        let header = "宛名番号,個人番号,接種券番号,氏名,氏名カナ,生年月日,性別,住所\r\n";
        let rows = format!("{header}{}{}", person("19500402"), person("20210231"));
        let mut files = Vec::new();
        for rows in [rows.clone(), person("19500402"), format!("{header}\"{name}")] {
            let brought = bring(&mut officer, desk.sealed(&card, rows.as_bytes(), NOON, Made::Well)).await;
            assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
            let page = brought.header("location").to_owned();
            settled(&mut officer, &page).await;
            files.push(page.rsplit('/').next().unwrap().to_owned());
            if files.len() == 1 {
                press(&mut approver, &page, "/decide", "take-effect").await;
                assert!(settled(&mut officer, &page).await.body.contains("反映済み"));
            }
        }
        let faulty = format!("faulty-{}", files[0]);
        for (content, alive) in
            [("register", "金糸雀会場"), ("register-spreadsheet", "KANARIA-ATENA"), (&faulty, name)]
        {
            let (page, file) = made(&mut officer, &mut approver, content).await;
            let (text, _) = desk.opened(&card, &file, NOON);
            assert!(text.contains(alive), "the canary is alive in {content}: {text}");
            files.push(page.rsplit('/').next().unwrap().to_owned());
        }
        let word = officer.get("/municipality/people").await.word();
        let by_coupon = [("word", word.as_str()), ("by", "coupon"), ("coupon", "8642097531")];
        let found = officer.post("/municipality/people", &by_coupon).await;
        let person = found.header("location").rsplit('/').next().unwrap().to_owned();
        let ids = Ids { entry: other.entry_id.to_string(), person, files };
        Self { central, tablet, ids }
    }
}

/// One who asks: a role, or nobody.
struct Asker {
    visitor: Visitor,
    name: &'static str,
    is_own: bool,
}

/// Asks, and gathers what came: status, headers and body. An event stream is read for a moment.
async fn ask(
    asker: &mut Asker,
    origin: &str,
    route: &Listed,
    path: &str,
    body: Option<&str>,
) -> (StatusCode, bool, Vec<u8>) {
    let word = asker.visitor.get("/municipality/media/bring").await;
    let word = if word.body.contains("name=\"word\"") { word.word() } else { String::new() };
    let request = match body {
        Some("multipart") => asker.visitor.uploading(path, &[("word", &word)], "a.bin", b"no sealed file"),
        Some(body) => asker
            .visitor
            .request(route.method.parse().unwrap(), path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, origin)
            .body(format!("word={word}&{body}")),
        None => asker.visitor.request(route.method.parse().unwrap(), path),
    };
    let mut answer = request.send().await.unwrap();
    let headers = answer.headers().clone();
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/html; charset=utf-8")
        && !headers.contains_key(header::CONTENT_DISPOSITION);
    let mut came = format!("{headers:?}").into_bytes();
    while let Ok(Ok(Some(piece))) = tokio::time::timeout(Duration::from_secs(2), answer.chunk()).await {
        came.extend_from_slice(&piece);
        if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
            break;
        }
    }
    (answer.status(), is_page, came)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_gives_a_person_away_but_the_few_pages_that_may_show_one() {
    let Scene { central, tablet, ids } = Scene::new().await;
    let canaries = canaries();
    let (own, other) = ("131130".parse().unwrap(), "131016".parse().unwrap());
    let roles = [
        ("support", Role::Support, false),
        ("national administrator", Role::NationalAdministrator, false),
        ("staff of another municipality", Role::MunicipalityStaff(other), false),
        ("approver of another municipality", Role::MunicipalityApprover(other), false),
        ("staff", Role::MunicipalityStaff(own), true),
        ("approver", Role::MunicipalityApprover(own), true),
    ];
    let mut askers = vec![Asker {
        visitor: Visitor::new(&central.route().authority_pem, central.url()),
        name: "nobody",
        is_own: false,
    }];
    for (at, (name, role, is_own)) in roles.into_iter().enumerate() {
        askers.push(Asker {
            visitor: signed_in(&central, &format!("walker-{at}"), role).await,
            name,
            is_own,
        });
    }
    let (origin, mut seen) = (central.url(), BTreeSet::new());
    // What is read, what is done, and what is read after that; signing out comes last of all.
    let mut reading: Vec<Listed> = routes::all().into_iter().filter(|route| route.method == "GET").collect();
    let mut doing: Vec<Listed> = routes::all().into_iter().filter(|route| route.method == "POST").collect();
    doing.sort_by_key(|route| (route.path == "/console/sign-out", route.path.ends_with("withdraw")));
    let again = reading.clone();
    reading.extend(doing.iter().filter(|route| route.path != "/console/sign-out"));
    reading.extend(again);
    reading.extend(doing.iter().filter(|route| route.path == "/console/sign-out"));
    for route in &reading {
        for asker in &mut askers {
            for path in paths(route.path, &ids) {
                let sent = if route.method == "POST" { bodies(route.path) } else { &[""][..] };
                for body in sent {
                    // What somebody typed may be said back to them: only their own officers know the coupon.
                    let typed = if asker.is_own {
                        (*body).to_owned()
                    } else {
                        body.replace("8642097531", "1").replace("KANARIA-LOT", "FJ7489")
                    };
                    let body = (route.method == "POST").then_some(typed.as_str());
                    let (status, is_page, came) = ask(asker, &origin, route, &path, body).await;
                    assert!(
                        !status.is_server_error(),
                        "{} {path} for {}: {status}",
                        route.method,
                        asker.name
                    );
                    let Some(canary) = found(&canaries, &came) else { continue };
                    let what = format!("{} {path} gives {canary} to {}", route.method, asker.name);
                    let may =
                        SHOWN.iter().any(|(method, path, _)| (*method, *path) == (route.method, route.path));
                    assert!(may && is_page && asker.is_own, "{what}");
                    seen.insert((route.method, route.path));
                }
            }
        }
    }
    let listed: BTreeSet<_> = SHOWN.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(seen, listed, "a page that shows nobody does not stand among those that may");

    // A tablet, by its own signature.
    for route in routes::all().iter().filter(|route| route.method == "GET" && route.who == Who::Tablet) {
        for path in paths(route.path, &ids) {
            let came = tablet.get(&path, None).await.unwrap().bytes().await.unwrap();
            assert_eq!(found(&canaries, &came), None, "{path}");
        }
    }
    // The folder of sealed files holds nothing that is not sealed.
    for entry in std::fs::read_dir(central.data().join("media")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(found(&canaries, &std::fs::read(&path).unwrap()), None, "{}", path.display());
    }
}

/// The commands that `help` names, whole: `people history`.
fn commands(prefix: &[&str]) -> Vec<String> {
    let help = run(&[prefix, &["--help"]].concat(), "");
    let text = String::from_utf8(help.stdout).unwrap();
    let Some((_, listed)) = text.split_once("Commands:\n") else { return vec![prefix.join(" ")] };
    let names = listed.lines().take_while(|line| line.starts_with("  ")).filter_map(|line| {
        // Continued lines are indented further.
        line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next()
    });
    names.filter(|name| *name != "help").flat_map(|name| commands(&[prefix, &[name]].concat())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_gives_a_person_away() {
    let Scene { central, ids, .. } = Scene::new().await;
    let (canaries, files) = (canaries(), tempfile::tempdir().unwrap());
    let (data, out) = (central.data(), |name: &str| path(&files.path().join(name)).to_owned());
    let data = path(&data).to_owned();
    let key = said(&run(&["backup-key", "--out", &out("backup.key")], ""));
    let addressee = key.split_whitespace().find(|word| word.starts_with("age1")).unwrap().to_owned();
    let spec =
        super::process::spec("https://127.0.0.1:8443").replace("金糸雀", "見本").replace("KANARIA", "MIHON");
    std::fs::write(files.path().join("spec.json"), spec).unwrap();
    central.add_account("support-1");
    let mut tried = BTreeSet::from(["backup-key".to_owned()]);
    let mut try_out = |words: &str, is_done: bool| -> Output {
        let arguments: Vec<String> = words
            .split(' ')
            .map(|word| word.replace("DATA", &data).replace("AGE", &addressee))
            .map(|word| word.strip_prefix("OUT:").map_or(word.clone(), out))
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = run(&arguments, "");
        assert_eq!(output.status.success(), is_done, "{words}: {}", String::from_utf8_lossy(&output.stderr));
        let came = [output.stdout.clone(), output.stderr.clone()].concat();
        assert_eq!(found(&canaries, &came), None, "{words}");
        tried.insert(
            words
                .split(" --")
                .next()
                .unwrap()
                .split(' ')
                .take_while(|word| !word.contains(':'))
                .take(2)
                .collect::<Vec<_>>()
                .join(" "),
        );
        output
    };
    let who = "--account support-1 --reason x";
    for (words, is_done) in [
        ("init --data OUT:new --host 127.0.0.1".to_owned(), true),
        ("migrate --data DATA".to_owned(), true),
        ("check --data DATA".to_owned(), true),
        ("rebuild --data DATA".to_owned(), true),
        ("backup --data DATA --to AGE --out OUT:backup".to_owned(), true),
        ("restore --from OUT:backup --identity OUT:backup.key --data OUT:restored".to_owned(), true),
        // The running server holds the directory.
        ("serve --data DATA --listen 127.0.0.1:0".to_owned(), false),
        ("move --data DATA --settings OUT:none.toml".to_owned(), false),
        ("change-coupon-key --data DATA".to_owned(), false),
        ("staff add --data DATA --name walker-9".to_owned(), true),
        ("staff list --data DATA".to_owned(), true),
        ("staff reset --data DATA --name walker-9".to_owned(), true),
        ("staff bind --data DATA --name walker-9 --subject x".to_owned(), false),
        ("staff disable --data DATA --name walker-9".to_owned(), true),
        ("bundle make --data DATA --spec OUT:spec.json --out OUT:bundle".to_owned(), true),
        ("bundle inspect --data DATA --bundle OUT:bundle".to_owned(), true),
        (format!("bundle revoke --data DATA --tablet 131130-0017 {who}"), true),
        (format!("tablet replace --data DATA --tablet 131130-0017 --by 131130-0900 {who}"), false),
        (
            "tablet release --data DATA --kept OUT:none --out OUT:release --asked-by a --allowed-by b --reason x"
                .to_owned(),
            false,
        ),
        (format!("tablet lost --data DATA --tablet 131130-0017 {who}"), false),
        ("reference publish --data DATA --lots OUT:spec.json".to_owned(), false),
        ("reference show --data DATA".to_owned(), true),
        ("people history --data DATA --municipality 131130".to_owned(), true),
        ("people discard --data DATA --municipality 131130 --import 99".to_owned(), false),
        ("people undo --data DATA --municipality 131130 --import 3 --by support-1".to_owned(), true),
        ("people marks --data DATA".to_owned(), true),
        ("people profile people".to_owned(), true),
        ("people profile outgoing".to_owned(), true),
        ("media card --data DATA --out OUT:card".to_owned(), true),
        ("media new-keys --data DATA".to_owned(), false),
        ("stock facilities --data DATA --municipality 131130".to_owned(), true),
        ("stock deliveries --data DATA --municipality 131130 --form json".to_owned(), true),
        ("stock bookings --data DATA --municipality 131130".to_owned(), true),
        ("stock show --data DATA --municipality 131130".to_owned(), true),
        ("stock rules --data DATA".to_owned(), true),
        ("stock orders --data DATA --cycle 1".to_owned(), true),
        ("stock allocation --data DATA --cycle 1".to_owned(), false),
        ("stock derive --data DATA --all".to_owned(), true),
        ("explain 000000000000".to_owned(), false),
    ] {
        try_out(&words, is_done);
    }
    let known: BTreeSet<String> = commands(&[]).into_iter().collect();
    let tried: BTreeSet<String> = tried
        .into_iter()
        .map(|words| if known.contains(&words) { words } else { words.split(' ').next().unwrap().to_owned() })
        .collect();
    assert_eq!(tried, known, "say how a new command is tried");
    for name in ["backup", "bundle", "card"] {
        assert_eq!(found(&canaries, &std::fs::read(files.path().join(name)).unwrap()), None, "{name}");
    }
    assert!(!ids.files.is_empty() && Path::new(&data).exists());
}
