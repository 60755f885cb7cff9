//! A central without a provider, with one that is not there, and with settings that would be unsafe.
//!
//! Must not: need a provider.

use reqwest::StatusCode;

use super::{FLEET, PROVIDER, SIGN_IN, UNREACHABLE, is_refused};
use crate::{
    central,
    process::{run, said},
    provider_process::write_settings,
    visitor::Visitor,
};

#[tokio::test]
async fn without_a_provider_nobody_is_led_anywhere() {
    let (central, _) = central();
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    assert!(!visitor.get(SIGN_IN).await.body.contains(PROVIDER));
    for path in [PROVIDER, "/console/provider/return?code=A&state=B", "/console/provider/return"] {
        for (language, said) in [("ja", "外部IDでのログインは使えません"), ("en", "is not available")]
        {
            let separator = if path.contains('?') { '&' } else { '?' };
            let page = visitor.get(&format!("{path}{separator}lang={language}")).await;
            is_refused(&page, &visitor, StatusCode::NOT_FOUND, said);
        }
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_keeps_nobody_out_who_has_a_password() {
    let (mut central, _) = central();
    // Nobody listens there: the port belongs to a listener that is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let pem = central.route().authority_pem;
    write_settings(&central.data(), &format!("https://localhost:{port}"), &central.url(), &pem);
    central.start_again();
    let (password, mut visitor) = (central.add_account("support-1"), Visitor::new(&pem, central.url()));
    for (language, label, said) in [
        ("en", "Sign in with the office ID", "cannot be reached"),
        ("ja", "庁内の共通IDでログイン", UNREACHABLE),
    ] {
        let page = visitor.get(&format!("{SIGN_IN}?lang={language}")).await;
        assert!(page.body.contains(label), "{}", page.body);
        let page = visitor.get(PROVIDER).await;
        is_refused(&page, &visitor, StatusCode::BAD_GATEWAY, said);
    }
    visitor.sign_in("support-1", &password).await;
    assert_eq!(visitor.get(FLEET).await.status, StatusCode::OK);
}

#[test]
fn settings_that_would_be_unsafe_are_refused_with_their_name() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central");
    let text = data.display().to_string();
    said(&run(&["init", "--data", &text, "--host", "127.0.0.1"], ""));
    let pem = central::directory::DataDirectory::open(&data).unwrap().authority_pem().unwrap();
    let refused = |named: &str| {
        let output = run(&["serve", "--data", &text, "--listen", "127.0.0.1:0"], "");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(named), "{named} in {said}");
        assert!(!said.contains("a secret: of"), "{said}");
    };
    write_settings(&data, "https://id.example", "https://central.example", &pem);
    refused("identity_provider.public_url");
    write_settings(&data, "https://id.example", "https://127.0.0.1", "no certificate");
    refused("identity_provider.authority");
    write_settings(&data, "https://id.example", "https://127.0.0.1", &pem);
    let secret = data.join("provider-secret");
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    refused("identity_provider.client_secret_file");
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::write(&secret, "\n").unwrap();
    refused("identity_provider.client_secret_file");
    std::fs::remove_file(&secret).unwrap();
    refused("provider-secret");
    let output =
        run(&["staff", "add", "--data", &text, "--name", "a", "--subject", "b", "--password-stdin"], "");
    assert!(!output.status.success(), "one or the other");
}
