//! A file of 200 MB on its whole way, in bounded memory.
//!
//! Must not: measure speed.

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    process::{Command, Stdio},
};

use crate::desk::{Computer, Done, SUZUKI, TANAKA, command};

/// A passphrase takes 64 MiB for a moment; the rest is the program and its buffers.
const MOST_KIB: u64 = 96 * 1024;
const ROW: &str = "131130,0000000001,20211122,FF3620,見本市民体育館,見本 太郎,ファイザー,0123456789\r\n";
const ROWS: u64 = 2_500_000;

/// Runs a command; the most memory it held, as the kernel says just before it ended, in KiB.
fn watched(computer: &Computer, words: &[&str], typed: &[&str]) -> u64 {
    let plain = command(&computer.path("data"), words);
    // The kernel refuses more address space than twice that, whatever is seen in between.
    let mut limited = Command::new("sh");
    limited.arg("-c").arg(format!("ulimit -v {} && exec \"$0\" \"$@\"", MOST_KIB * 2));
    limited.arg(plain.get_program()).args(plain.get_args()).env("LANG", "ja_JP.UTF-8");
    let mut child =
        limited.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines: String = typed.iter().map(|line| format!("{line}\n")).collect();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        most = most.max(peak.and_then(|peak| peak.trim().parse().ok()).unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let done = Done::of(&child.wait_with_output().unwrap());
    assert_eq!(done.code, 0, "{words:?}: {}{}", done.out, done.error);
    most
}

#[test]
fn millions_of_rows_pass_through_little_memory() {
    let (sender, recipient) = (Computer::of("131130"), Computer::of("271004"));
    sender.trusts(&recipient);
    recipient.trusts(&sender);
    let plain = sender.word("large.csv");
    let mut file = BufWriter::new(File::create(&plain).unwrap());
    for _ in 0..ROWS {
        file.write_all(ROW.as_bytes()).unwrap();
    }
    file.flush().unwrap();
    let length = fs::metadata(&plain).unwrap().len();
    assert!(length > 200_000_000);

    let (envelope, into) = (sender.word("large.vrsenv"), recipient.word("opened"));
    let ask = [
        "ask",
        "--as",
        "suzuki",
        "--to",
        "271004",
        "--purpose",
        "update-register",
        "--method",
        "carried-by-two",
        "--kind",
        "doses",
        "--document-number",
        "1",
        &plain,
    ];
    let peaks = [
        watched(&sender, &ask, &[SUZUKI]),
        watched(&sender, &["allow", "--as", "tanaka"], &["はい", TANAKA]),
        watched(&sender, &["make", "--as", "suzuki", "--out", &envelope], &[SUZUKI]),
        watched(&recipient, &["look", &envelope], &[]),
        watched(
            &recipient,
            &["open", "--as", "suzuki", "--into", &into, "--place-is-fixed", &envelope],
            &[SUZUKI],
        ),
    ];
    println!("peaks in KiB: {peaks:?}");
    assert!(peaks.iter().all(|peak| (1..MOST_KIB).contains(peak)), "{peaks:?}");
    let [folder] = &recipient.names("opened")[..] else { panic!("one folder") };
    let opened = recipient.path("opened").join(folder).join("doses-1.csv");
    assert_eq!(fs::metadata(opened).unwrap().len(), length);
    assert!(recipient.done(&["ledger"], &[]).contains("suzuki が開封"));
}
