//! The central as a process: made, asked for a bundle, started and stopped by its command line.
//!
//! Must not: end a process it did not start.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use super::Failure;
use crate::site::{bundle_spec, paper_of};

/// The program of that name beside this one; a test's own program lies one folder deeper.
///
/// # Errors
/// Where it was not built.
pub fn program(name: &str) -> Result<PathBuf, Failure> {
    let own = std::env::current_exe()?;
    let beside = own.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|file| file.is_file());
    beside.ok_or_else(|| format!("{name} was not built: cargo build --workspace --bins").into())
}

/// A central that was made, serving or not.
pub struct Central {
    data: PathBuf,
    port: u16,
    serving: Option<(Child, BufReader<ChildStdout>)>,
}

/// What came with the bundle.
pub struct Bundle {
    /// The file.
    pub file: PathBuf,
    /// What the paper that comes with it says.
    pub said: String,
}

impl Central {
    /// Makes a central's files in `folder` and picks a free port for it.
    ///
    /// # Errors
    /// Where the program or the folder fails.
    pub fn make(folder: &Path) -> Result<Self, Failure> {
        let data = folder.join("central");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let central = Self { data, port, serving: None };
        central.run(&["init"], &["--host", "127.0.0.1", "--host", "localhost"])?;
        Ok(central)
    }

    /// `https://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Where its files lie.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    fn run(&self, words: &[&str], more: &[&str]) -> Result<String, Failure> {
        let output = Command::new(program("vrs-central")?)
            .args(words)
            .arg("--data")
            .arg(&self.data)
            .args(more)
            .output()?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?);
        }
        Err(format!("vrs-central {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim())
            .into())
    }

    /// Makes the bundle of a tablet.
    ///
    /// # Errors
    /// Where the program fails.
    pub fn bundle(&self, folder: &Path, tablet_number: u32) -> Result<Bundle, Failure> {
        let spec = folder.join("bundle-spec.json");
        fs::write(&spec, serde_json::to_vec_pretty(&bundle_spec(&self.url(), tablet_number))?)?;
        let file = folder.join(format!("{tablet_number}号機.vrsbundle"));
        let text = |path: &Path| path.display().to_string();
        let said = self.run(&["bundle", "make"], &["--spec", &text(&spec), "--out", &text(&file)])?;
        // What is printed beside the file: a person would hold it in their hand.
        let codes = said.lines().filter_map(|line| line.strip_prefix("  ")?.split_once("  "));
        let paper = codes.map(|(tablet, code)| format!("{tablet} {code}\n"));
        fs::write(paper_of(&file), paper.collect::<String>())?;
        Ok(Bundle { file, said: said.trim().to_owned() })
    }

    /// Adds a console account; its password.
    ///
    /// # Errors
    /// Where the program fails.
    pub fn add_account(&self, name: &str) -> Result<String, Failure> {
        let said = self.run(&["staff", "add"], &["--name", name])?;
        said.split_whitespace().last().map(str::to_owned).ok_or_else(|| "no password was printed".into())
    }

    /// Serves, and waits until it does.
    ///
    /// # Errors
    /// Where the program fails to.
    pub fn serve(&mut self) -> Result<(), Failure> {
        let log = fs::File::create(self.data.with_file_name("central.log"))?;
        let mut child = Command::new(program("vrs-central")?)
            .arg("serve")
            .arg("--data")
            .arg(&self.data)
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let mut said = BufReader::new(child.stdout.take().ok_or("no output of the central")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let ready = line.contains("ready");
        self.serving = Some((child, said));
        if ready { Ok(()) } else { Err("the central did not become ready; see central.log".into()) }
    }

    /// Ends it as kill -9 does.
    pub fn kill(&mut self) {
        if let Some((mut child, _)) = self.serving.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Stops serving.
    pub fn stop(&mut self) {
        if let Some((mut child, _)) = self.serving.take() {
            // SIGTERM through kill(1): the orderly way out, which std has no call for.
            let asked = Command::new("kill").arg(child.id().to_string()).status();
            if !asked.is_ok_and(|status| status.success()) {
                let _ = child.kill();
            }
            let _ = child.wait();
        }
    }
}

impl Drop for Central {
    fn drop(&mut self) {
        self.stop();
    }
}
