//! `vrs-central` as a process: run to its end, or serving until it is told to stop.
//!
//! Must not: look into what it did; the tests do.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::JoinHandle,
};

use record::{TabletId, bundle::CentralAddress};
use seal::set_up_code::SetUpCode;
use serde_json::json;

use super::protocol_tablet::{ProtocolTablet, Route};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vrs-central");

/// What belongs to people, and must be found nowhere but in the register. Chosen so that nothing else contains it.
pub(crate) const CANARIES: [&str; 7] = [
    "8642097531", // 券番号
    "金糸雀 医師子",
    "金糸雀会場",
    "金糸雀 職員男",
    "97531086", // 暗証番号
    "KANARIA-LOT",
    "金糸雀が入った壊れた記録",
];

pub(crate) fn run(arguments: &[&str], input: &str) -> Output {
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

pub(crate) fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A serving process; what it wrote is gathered. Killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    log: Option<JoinHandle<Vec<u8>>>,
}

impl Server {
    pub(crate) fn start(data: &str, listen: &str) -> Self {
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

    pub(crate) fn signal(&mut self, signal: &str) -> (Option<i32>, Vec<u8>) {
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

/// A specification full of canaries.
pub(crate) fn spec(port_free_url: &str) -> String {
    json!({
        "municipality": "131130", "kind": "tablet",
        "tablets": [{"tablet_number": 17, "tablet_name": "17号機"}],
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

/// The set-up codes that `bundle make` printed.
pub(crate) fn codes_of(said: &str) -> Vec<(TabletId, SetUpCode)> {
    let lines = said.lines().filter_map(|line| line.strip_prefix("  ")?.split_once("  "));
    lines.map(|(tablet, code)| (tablet.parse().unwrap(), code.parse().unwrap())).collect()
}

/// The only tablet of a box, by what was said when it was made.
pub(crate) fn tablet_of(said: &str, file: &[u8], url: &str) -> (ProtocolTablet, String) {
    let codes = codes_of(said);
    let [(tablet_id, code)] = &codes[..] else { panic!("not one code: {}", codes.len()) };
    let opened = seal::bundle_box::look(file, None).unwrap().open(*tablet_id, code).unwrap();
    let number = seal::bundle::check_number(&opened.signer);
    let CentralAddress { authority_pem, receipt_keys, .. } = opened.bundle.central;
    let authority = url.strip_prefix("https://").unwrap().to_owned();
    let route = Route { url: url.to_owned(), authority, authority_pem, receipt_keys };
    let now = central::clock::Clock::system().now();
    (ProtocolTablet::new(route, opened.bundle.tablet_id, opened.bundle.enrolment_token, now), number)
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
