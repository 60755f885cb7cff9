//! Seeing whether something is on this machine without asking a package manager: a program, a library, a header.
//!
//! Must not: guess; what cannot be seen this way is said to be unknown.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub enum Probe {
    /// A program of that name on the path.
    Program(&'static str),
    /// A library pkg-config knows.
    PkgConfig(&'static str),
    /// A shared library whose file name begins so, where the loader looks.
    Library(&'static str),
    /// A header of the C compiler's own search path.
    Header(&'static str),
    /// A family fontconfig knows.
    Font(&'static str),
    /// A folder where Debian puts programs that are on no path.
    Folder(&'static str),
    /// A module that Python finds.
    PythonModule(&'static str),
}

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It is there.
    There,
    /// It is not.
    Missing,
    /// The means to look are missing themselves.
    Unknown,
}

impl Probe {
    /// Looks.
    pub fn look(self) -> Seen {
        match self {
            Self::Program(name) => said(program_on_path(name)),
            Self::PkgConfig(name) => said(answers(Command::new("pkg-config").args(["--exists", name]))),
            Self::Library(prefix) => loader_knows(prefix),
            Self::Header(name) => compiler_finds(name),
            Self::Folder(path) => said(Path::new(path).is_dir()),
            Self::PythonModule(name) => {
                said(answers(Command::new("python3").args(["-c", &format!("import {name}")])))
            }
            Self::Font(family) => match output(Command::new("fc-list").args([":", "family"])) {
                Some(families) => said(families.contains(family)),
                None => Seen::Unknown,
            },
        }
    }
}

fn said(is_there: bool) -> Seen {
    if is_there { Seen::There } else { Seen::Missing }
}

/// Whether a program of that name can be started by name.
pub fn program_on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

fn answers(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn loader_knows(prefix: &str) -> Seen {
    // `ldconfig` lies outside an ordinary user's path.
    let list = ["ldconfig", "/sbin/ldconfig"].iter().find_map(|name| output(Command::new(name).arg("-p")));
    match list {
        Some(list) => {
            said(list.lines().any(|line| line.trim_start().starts_with(prefix)) || llvm_holds(prefix))
        }
        None => Seen::Unknown,
    }
}

/// Debian keeps LLVM's libraries in folders of their own, one for each version.
fn llvm_holds(prefix: &str) -> bool {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let is_wanted = |name: &str| name.starts_with(prefix) && name.contains(".so");
    entries(Path::new("/usr/lib"))
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("llvm-"))
        .any(|entry| {
            entries(&entry.path().join("lib")).any(|file| is_wanted(&file.file_name().to_string_lossy()))
        })
}

fn compiler_finds(header: &str) -> Seen {
    if !program_on_path("cc") {
        return Seen::Unknown;
    }
    // An empty program that includes it, read as a file of no length.
    said(answers(Command::new("cc").args(["-E", "-x", "c", "-include", header, "/dev/null"])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_seen_and_what_is_not_is_missed() {
        assert_eq!(Probe::Program("sh").look(), Seen::There);
        assert_eq!(Probe::Program("no-such-program-of-anyone").look(), Seen::Missing);
        assert_ne!(Probe::Library("libc.so.6").look(), Seen::Missing);
        assert_ne!(Probe::Library("libnobody.so.1").look(), Seen::There);
        assert_ne!(Probe::Header("stdlib.h").look(), Seen::Missing);
        assert_ne!(Probe::Header("nobody/nothing.h").look(), Seen::There);
        assert_ne!(Probe::Font("A Font Of Nobody").look(), Seen::There);
        assert_ne!(Probe::PythonModule("nobodys_module").look(), Seen::There);
    }
}
