//! Installing what is missing: as root or through sudo on Debian and its relatives; elsewhere saying what is needed.
//!
//! Must not: install what the command at hand does not need, or anything before it is named.

use std::{
    io::IsTerminal as _,
    process::{Command, Stdio},
};

use super::{
    Package, Purpose, of,
    probe::{Seen, program_on_path},
};
use crate::{Failure, run};

/// Sees to it that the packages of these purposes are there.
///
/// # Errors
/// Names what is missing and how to get it where it cannot be installed from here.
pub fn need(purposes: &[Purpose]) -> Result<(), Failure> {
    let packages: Vec<&Package> = of(purposes).collect();
    if program_on_path("dpkg-query") && program_on_path("apt-get") {
        on_debian(&packages)
    } else {
        elsewhere(&packages)
    }
}

fn on_debian(packages: &[&Package]) -> Result<(), Failure> {
    // A browser or compiler from another source is as good as Debian's.
    let is_missing = |package: &&&Package| {
        !package.names.iter().any(|name| is_installed(name)) && package.probe.look() != Seen::There
    };
    let missing: Vec<&Package> = packages.iter().filter(is_missing).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("these Debian packages are missing:");
    list(&missing);
    let apt = Apt::of_this_user()?;
    // A fresh machine has no lists, or old ones that name packages that are gone.
    apt.get(&["update"])?;
    let names = missing.iter().map(|package| known_name(package)).collect::<Result<Vec<_>, _>>()?;
    let install = [&["install", "--yes", "--no-install-recommends"], names.as_slice()].concat();
    apt.get(&install)
}

fn is_installed(name: &str) -> bool {
    let output =
        Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", name]).output();
    output.is_ok_and(|output| output.stdout == b"installed")
}

/// The name under which this distribution has the package.
fn known_name(package: &Package) -> Result<&'static str, Failure> {
    let has_candidate = |name: &str| {
        let output = Command::new("apt-cache").args(["policy", name]).env("LC_ALL", "C").output();
        output.is_ok_and(|output| {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            said.contains("Candidate:") && !said.contains("Candidate: (none)")
        })
    };
    let known = package.names.iter().find(|name| has_candidate(name));
    known.copied().ok_or_else(|| format!("apt knows no package named {}", package.names.join(" or ")).into())
}

/// How this user may run apt-get.
enum Apt {
    Root,
    Sudo { ask: bool },
}

impl Apt {
    fn of_this_user() -> Result<Self, Failure> {
        let id = Command::new("id").arg("--user").output()?;
        if id.stdout.trim_ascii() == b"0" {
            return Ok(Self::Root);
        }
        if program_on_path("sudo") {
            return Ok(Self::Sudo { ask: std::io::stdin().is_terminal() });
        }
        Err("neither root nor sudo is at hand: have somebody install the packages above, then run this again"
            .into())
    }

    fn get(&self, words: &[&str]) -> Result<(), Failure> {
        let mut line: Vec<&str> = match self {
            Self::Root => vec!["env"],
            Self::Sudo { ask: true } => vec!["sudo", "env"],
            Self::Sudo { ask: false } => vec!["sudo", "--non-interactive", "env"],
        };
        line.extend(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        line.extend(words);
        println!("running: {}", line.join(" "));
        run(Command::new(line[0]).args(&line[1..]).stdin(Stdio::inherit()))
    }
}

fn elsewhere(packages: &[&Package]) -> Result<(), Failure> {
    let seen: Vec<(Seen, &Package)> =
        packages.iter().map(|package| (package.probe.look(), *package)).collect();
    let with = |wanted: Seen| {
        seen.iter().filter(|(seen, _)| *seen == wanted).map(|(_, package)| *package).collect::<Vec<_>>()
    };
    let (missing, unknown) = (with(Seen::Missing), with(Seen::Unknown));
    if missing.is_empty() && unknown.is_empty() {
        return Ok(());
    }
    println!("this is not Debian or Ubuntu; what is needed is listed by the names it has there.");
    if !unknown.is_empty() {
        println!("could not be looked for:");
        list(&unknown);
    }
    if missing.is_empty() {
        return Ok(());
    }
    println!("missing:");
    list(&missing);
    Err("install what is missing with this system's own means, then run this again".into())
}

fn list(packages: &[&Package]) {
    for package in packages {
        println!("  {:<22} {}", package.names[0], package.why);
    }
}
