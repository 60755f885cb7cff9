//! 外部IDでログイン: through a real provider to the end. What comes back otherwise than it should is in `refusals`, a
//! provider that is not there or not set up rightly in `set_up`. What no real provider signs is tried in `seal::id_token`.
//!
//! Must not: stand in for the provider.

mod refusals;
mod set_up;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use central::{
    accounts,
    clock::Clock,
    roles::Role,
    storage::{AccountName, Identity},
};
use reqwest::StatusCode;

use super::{
    central_process::CentralProcess,
    process::{Server, run, said},
    provider_process::{Manner, Person, ProviderProcess, USUAL},
    visitor::{CODE, Page, SET_UP, Visitor},
};

const PROVIDER: &str = "/console/provider";
const SIGN_IN: &str = "/console/sign-in";
const FLEET: &str = "/console/fleet";
const COOKIE: &str = "__Host-vrs-provider";
const SESSION: &str = "__Host-vrs-session";

const UNREACHABLE: &str = "外部IDのサーバーに接続できません";
const NO_ACCOUNT: &str = "この外部IDで使えるアカウントがありません";

/// A central with a provider, on the machine's clock, which a test may move.
struct Office {
    central: CentralProcess,
    provider: ProviderProcess,
    ahead_ms: Arc<AtomicI64>,
}

impl Office {
    fn open(manner: Manner) -> Self {
        let ahead_ms = Arc::new(AtomicI64::new(0));
        let (moved, system) = (Arc::clone(&ahead_ms), Clock::system());
        let clock = Clock::from_fn(move || system.now().plus_ms(moved.load(Ordering::SeqCst)));
        let mut central = CentralProcess::start(clock);
        let provider = ProviderProcess::start(&central.url(), manner);
        provider.set_up(&mut central);
        Self { central, provider, ahead_ms }
    }

    fn visitor(&self) -> Visitor {
        Visitor::new(&self.central.route().authority_pem, self.central.url())
    }

    fn identity(&self, subject: &str) -> Identity {
        Identity { issuer: self.provider.issuer.clone(), subject: subject.parse().unwrap() }
    }

    fn bind_new(&self, name: &str, role: Role, subject: &str) {
        let (storage, now) = (self.central.storage(), self.central.now());
        let (name, identity): (AccountName, _) = (name.parse().unwrap(), self.identity(subject));
        self.central.wait(async move {
            accounts::add_bound(&*storage, name, role, identity, now).await.unwrap();
        });
    }

    /// The path and query of an address of the central.
    fn path<'a>(&self, address: &'a str) -> &'a str {
        address.strip_prefix(self.central.url().as_str()).unwrap()
    }

    /// To the provider and back; what the central answers then.
    async fn come_back(&self, visitor: &mut Visitor, person: &mut Person, who: &str, methods: &str) -> Page {
        let back = person.identify(&lead(visitor).await, who, methods).await;
        visitor.get(self.path(&back)).await
    }
}

/// Where the central leads.
async fn lead(visitor: &mut Visitor) -> String {
    let led = visitor.get(PROVIDER).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.body);
    led.header("location").to_owned()
}

/// Where a page goes on by itself.
fn onwards(page: &Page) -> &str {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body.split_once("content=\"0;url=").unwrap().1.split_once('"').unwrap().0
}

fn is_refused(page: &Page, visitor: &Visitor, status: StatusCode, said: &str) {
    assert_eq!(page.status, status, "{}", page.body);
    assert!(page.body.contains(said), "{said} in {}", page.body);
    assert!(!visitor.cookies.contains_key(SESSION), "nobody is signed in");
    assert!(page.body.contains("name=\"password\""), "the other way in is open");
}

#[tokio::test]
#[ignore = "needs a real provider: `cargo xtask test` installs one"]
async fn whoever_the_provider_names_signs_in_and_sees_the_fleet() {
    for manner in [USUAL, Manner { algorithm: "ES256", authentication: "client_secret_post" }] {
        let office = Office::open(manner);
        office.bind_new("support-1", Role::Support, "sub-1");
        let (mut visitor, mut person) = (office.visitor(), office.provider.person());
        let page = visitor.get(SIGN_IN).await;
        assert!(page.body.contains("href=\"/console/provider\">庁内の共通IDでログイン</a>"));
        let led = visitor.get(PROVIDER).await;
        let cookie = led.header("set-cookie");
        for flag in ["__Host-vrs-provider=", "; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"] {
            assert!(cookie.contains(flag), "{flag} in {cookie}");
        }
        let address = led.header("location").to_owned();
        assert!(address.starts_with(&format!("{}/auth?", office.provider.issuer)), "{address}");
        let returns = format!(
            "redirect_uri={}",
            percent_encoded(&format!("{}/console/provider/return", office.central.url()))
        );
        for part in ["response_type=code&", "code_challenge_method=S256", "scope=openid&", returns.as_str()] {
            assert!(address.contains(part), "{part} in {address}");
        }
        let back = person.identify(&address, "sub-1", "pwd mfa").await;
        let page = visitor.get(office.path(&back)).await;
        assert_eq!(onwards(&page), "/");
        assert!(!visitor.cookies.contains_key(COOKIE), "the way is gone to its end");
        let session = page.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        assert!(
            session
                .into_iter()
                .any(|cookie| cookie.starts_with(SESSION) && cookie.contains("SameSite=Strict"))
        );
        assert_eq!(visitor.get("/").await.header("location"), FLEET);
        let fleet = visitor.get(FLEET).await;
        assert!(fleet.status == StatusCode::OK && fleet.body.contains("support-1"));
    }
}

#[tokio::test]
#[ignore = "needs a real provider: `cargo xtask test` installs one"]
async fn where_the_provider_proves_no_second_factor_ours_is_asked_for() {
    let office = Office::open(USUAL);
    office.bind_new("support-1", Role::Support, "sub-1");
    let (mut visitor, mut person) = (office.visitor(), office.provider.person());
    let page = office.come_back(&mut visitor, &mut person, "sub-1", "pwd otp").await;
    assert_eq!(onwards(&page), SET_UP);
    assert_eq!(visitor.get(FLEET).await.header("location"), SET_UP, "nothing is open yet");
    visitor.set_up("support-1").await;
    assert_eq!(visitor.get(FLEET).await.status, StatusCode::OK);

    visitor.cookies.clear();
    let page = office.come_back(&mut visitor, &mut office.provider.person(), "sub-1", "").await;
    assert_eq!(onwards(&page), CODE);
    assert_eq!(visitor.get(FLEET).await.header("location"), CODE);
    let now = visitor.central_now().await;
    let code = visitor.authenticators.get_mut("support-1").unwrap().code(now);
    assert_eq!(visitor.enter_code(CODE, &code).await.header("location"), "/");
    assert_eq!(visitor.get(FLEET).await.status, StatusCode::OK);
}

#[tokio::test]
#[ignore = "needs a real provider: `cargo xtask test` installs one"]
async fn who_has_no_account_here_is_told_what_to_say_and_gets_in_once_bound() {
    let office = Office::open(USUAL);
    office.central.add_account("sub-1"); // a name is no identity
    office.bind_new("elsewhere", Role::Support, "sub-2");
    let (mut visitor, mut person) = (office.visitor(), office.provider.person());
    let page = office.come_back(&mut visitor, &mut person, "sub-1", "mfa").await;
    is_refused(&page, &visitor, StatusCode::FORBIDDEN, NO_ACCOUNT);
    assert!(page.body.contains("<code id=\"identity\">sub-1</code>"));

    // The administrator binds what was read out; the role is the one given here.
    let password = office.central.add_account_as("nation-1", Role::NationalAdministrator);
    let mut nation = office.visitor();
    nation.sign_in("nation-1", &password).await;
    let add = async |nation: &mut Visitor, name: &str, subject: &str| {
        let word = nation.get("/console/accounts").await.word();
        let fields = [
            ("name", name),
            ("role", "municipality_staff"),
            ("municipality", "131130"),
            ("subject", subject),
            ("word", &word),
        ];
        nation.post("/console/accounts", &fields).await
    };
    for (subject, said) in
        [("sub-2", "別のアカウントに結び付いています"), ("金糸雀", "識別子に使えない文字があります")]
    {
        let refused = add(&mut nation, "shibuya-1", subject).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(said) && refused.body.contains(&format!("value=\"{subject}\"")));
    }
    assert_eq!(add(&mut nation, "shibuya-1", "sub-1").await.header("location"), "/console/accounts");
    let listed = nation.get("/console/accounts?search=SUB-1").await.body;
    assert!(listed.contains("外部ID sub-1") && listed.contains("id=\"account-shibuya-1\""));

    let page = office.come_back(&mut visitor, &mut person, "sub-1", "mfa").await;
    assert_eq!(onwards(&page), "/");
    assert_eq!(visitor.get("/").await.header("location"), "/municipality/reviews");
    assert_eq!(visitor.get(FLEET).await.status, StatusCode::FORBIDDEN);
    let page = office.visitor().enter_password("shibuya-1", "nobody").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "it has no password");

    // Begun anew it is bound as before, and has no password to show; disabled it lets nobody in.
    for (path, then) in [("reset", StatusCode::OK), ("disable", StatusCode::FORBIDDEN)] {
        let word = nation.get("/console/accounts").await.word();
        let done = nation
            .post(&format!("/console/accounts/{path}"), &[("name", "shibuya-1"), ("word", &word)])
            .await;
        assert_eq!(done.header("location"), "/console/accounts");
        assert_eq!(visitor.get("/municipality/reviews").await.header("location"), SIGN_IN, "signed out");
        visitor.cookies.clear();
        assert_eq!(office.come_back(&mut visitor, &mut person, "sub-1", "mfa").await.status, then);
    }
}

#[tokio::test]
#[ignore = "needs a real provider: `cargo xtask test` installs one"]
async fn the_whole_program_signs_in_and_logs_nobody() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central").display().to_string();
    said(&run(&["init", "--data", &data, "--host", "127.0.0.1"], ""));
    // Its port is chosen once, because the provider leads back to it.
    let url = Server::start(&data, "127.0.0.1:0").url.clone();
    let provider = ProviderProcess::start(&url, USUAL);
    provider.write_settings(data.as_ref(), &url);
    let staff =
        |arguments: &[&str]| run(&[&["staff", arguments[0], "--data", &data], &arguments[1..]].concat(), "");
    said(&staff(&["add", "--name", "support-1", "--subject", "kanaria-8642097531"]));
    let taken = staff(&["add", "--name", "support-2", "--subject", "kanaria-8642097531"]);
    let taken = String::from_utf8(taken.stderr).unwrap();
    assert!(
        taken.contains("another account is bound to that identity") && !taken.contains("kanaria"),
        "{taken}"
    );
    said(&staff(&["add", "--name", "support-3"]));
    said(&staff(&["bind", "--name", "support-3", "--subject", "kanaria-3"]));
    assert_eq!(
        said(&staff(&["list"])),
        "support-1\tsupport\t-\tsigned in by the identity provider\n\
         support-3\tsupport\t-\tsigned in by the identity provider\n"
    );
    assert!(said(&staff(&["reset", "--name", "support-3"])).contains("initial password: "));

    let mut server = Server::start(&data, url.strip_prefix("https://").unwrap());
    let pem = central::directory::DataDirectory::open(data.as_ref()).unwrap().authority_pem().unwrap();
    let mut let_out = Vec::new();
    for (who, status) in [("kanaria-8642097531", StatusCode::OK), ("kanaria-nobody", StatusCode::FORBIDDEN)] {
        let mut visitor = Visitor::new(&pem, url.clone());
        let back = provider.person().identify(&lead(&mut visitor).await, who, "mfa").await;
        let cookie = visitor.cookies[COOKIE].clone();
        assert_eq!(visitor.get(back.strip_prefix(&url).unwrap()).await.status, status);
        let query = back.split_once('?').unwrap().1;
        let values = query
            .split('&')
            .filter(|pair| !pair.starts_with("iss="))
            .map(|pair| pair.split_once('=').unwrap().1);
        let_out.extend(values.map(str::to_owned).chain([cookie]));
    }
    let (_, log) = server.signal("-TERM");
    let log = String::from_utf8(log).unwrap();
    assert!(log.contains("signed in by the identity provider") && log.contains("has no account"), "{log}");
    for secret in let_out.iter().map(String::as_str).chain(["kanaria", "a secret: of"]) {
        assert!(!log.contains(secret), "{secret} was logged");
    }
}

fn percent_encoded(text: &str) -> String {
    text.replace('%', "%25").replace(':', "%3A").replace('/', "%2F")
}
