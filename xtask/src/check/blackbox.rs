//! 外からの試験: requests made up from the OpenAPI document (schemathesis), against a central of its own.
//!
//! Must not: take a machine without PyPI for a fault of the central, or leave the server running.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::Ended;
use crate::{
    Failure,
    cargo::{programs, target, workspace},
    run,
};

/// What is installed once into `target/tools`, at these versions.
const WANTED: [&str; 3] = ["schemathesis==4.32.5", "cryptography==50.0.2", "zstandard==0.25.0"];
/// Requests made up for each operation beside those that the document's own limits suggest.
const EXAMPLES: &str = "150";

/// Runs it.
///
/// # Errors
/// Names what the central answered otherwise than its document says.
pub fn check() -> Result<Ended, Failure> {
    let program = match environment()? {
        Some(program) => program,
        None => return Ok(Ended::NotRunHere("schemathesis could not be installed from PyPI".to_owned())),
    };
    let folder = target()?.join("tmp").join(format!("blackbox-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let done = in_folder(&program, &folder);
    fs::remove_dir_all(&folder)?;
    done.map(|()| Ended::Passed)
}

fn in_folder(program: &Path, folder: &Path) -> Result<(), Failure> {
    let central = programs()?.join("vrs-central");
    let data = folder.join("central");
    run(Command::new(&central).args(["init", "--host", "127.0.0.1", "--data"]).arg(&data))?;
    // All requests come from one address.
    fs::write(data.join("central.toml"), "limits.requests_a_second = 0\n")?;
    let spec = fs::read_to_string(workspace().join("central/bundle-spec.example.json"))?;
    let spec = spec.replace("central.example:8443", "127.0.0.1:8443");
    fs::write(folder.join("spec.json"), spec)?;
    let (file, paper) = (folder.join("tablet.vrsbundle"), folder.join("tablet.paper"));
    let mut make = Command::new(&central);
    make.args(["bundle", "make", "--data"]).arg(&data).arg("--spec").arg(folder.join("spec.json"));
    let made = make.arg("--out").arg(&file).output()?;
    let said = String::from_utf8(made.stdout)?;
    let code = said.lines().find_map(|line| line.strip_prefix("  ")?.split_once("  "));
    let (tablet, code) = code.ok_or("vrs-central bundle make said no code")?;
    fs::write(&paper, format!("{tablet} {code}\n"))?;
    let opened = Command::new(programs()?.join("open-bundle")).arg(&file).output()?;
    let bundle = folder.join("bundle.json");
    fs::write(&bundle, opened.stdout)?;
    let authority = folder.join("authority.pem");
    fs::write(&authority, authority_of(&data)?)?;

    let serving = Serving::start(&central, &data)?;
    let mut outside = Command::new(program);
    outside.arg("run").arg(format!("{}/openapi.json", serving.url)).arg("--tls-verify").arg(&authority);
    outside.args(["--checks", "all", "--max-examples", EXAMPLES, "--seed", "1", "--no-color"]);
    // Check digits, and that a tablet speaks of itself alone, are beyond what a schema can say: not all that fits is taken.
    outside.args(["--exclude-checks", "positive_data_acceptance"]);
    outside
        .env("SCHEMATHESIS_HOOKS", workspace().join("central/tests/blackbox/hooks.py"))
        .env("VRS_BLACKBOX_URL", &serving.url)
        .env("VRS_BLACKBOX_BUNDLE", &bundle)
        .env("VRS_BLACKBOX_AUTHORITY", &authority)
        .current_dir(folder);
    run(&mut outside)
}

/// The program, installed first where it is missing; none where that fails.
fn environment() -> Result<Option<PathBuf>, Failure> {
    let root = target()?.join("tools").join(WANTED[0].replace("==", "-"));
    let program = root.join("bin").join("schemathesis");
    if program.is_file() {
        return Ok(Some(program));
    }
    println!("installing {} once, into {}", WANTED.join(", "), root.display());
    run(Command::new("python3").args(["-m", "venv"]).arg(&root))?;
    let pip =
        Command::new(root.join("bin").join("pip")).args(["install", "--quiet"]).args(WANTED).status()?;
    Ok(pip.success().then_some(program))
}

/// The certificate that the central's files hold.
fn authority_of(data: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(data.join("authority.json"))?;
    let after = text.split_once("\"certificate_pem\"").and_then(|(_, rest)| rest.split_once(": \""));
    let pem = after.and_then(|(_, rest)| rest.split_once('"')).map(|(pem, _)| pem.replace("\\n", "\n"));
    pem.ok_or_else(|| "the central's authority has no certificate".into())
}

/// A serving central; it ends with this.
struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn start(central: &Path, data: &Path) -> Result<Self, Failure> {
        let mut serve = Command::new(central);
        serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).env("VRS_LOG", "error");
        let mut child = serve.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let url = line.trim().strip_prefix("vrs-central ready ").unwrap_or_default().to_owned();
        let serving = Self { child, url };
        if serving.url.is_empty() { Err("the central did not begin to serve".into()) } else { Ok(serving) }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nobody to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
