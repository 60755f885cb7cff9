//! 必要なパッケージ: which Debian packages each purpose needs and why, and how to see whether one is there.
//!
//! Must not: install anything; `debian` does, after saying what and why.

mod debian;
mod probe;

pub use debian::need;
use probe::Probe;
pub use probe::program_on_path;

/// What a package is needed for. A command asks for its own purposes only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Compiling the workspace.
    Build,
    /// The tablet's window on a desktop: libraries that are opened while it runs, so that no tool lists them.
    Window,
    /// The console in a real browser, and its pictures.
    Console,
    /// A window without a desktop, as tests and measurements use it.
    HiddenWindow,
    /// The central's register in PostgreSQL.
    Database,
    /// Fuzzing.
    Fuzz,
    /// Programs from PyPI, kept inside the target folder.
    Python,
    /// A spreadsheet program, through which the municipality's files go and come back.
    Spreadsheet,
    /// Other readers, beside which ours is measured.
    Peers,
}

/// One package.
#[derive(Debug)]
pub struct Package {
    /// Its names, Debian's first, then Ubuntu's where that differs.
    pub names: &'static [&'static str],
    /// What needs it.
    pub purpose: Purpose,
    /// Why, as the person who is asked to install it reads it.
    pub why: &'static str,
    /// How to see without dpkg that it is there.
    pub probe: Probe,
}

const fn package(
    names: &'static [&'static str],
    purpose: Purpose,
    why: &'static str,
    probe: Probe,
) -> Package {
    Package { names, purpose, why, probe }
}

/// Every package this project asks for.
pub const PACKAGES: [Package; 27] = [
    package(
        &["gcc"],
        Purpose::Build,
        "links Rust programs, compiles SQLCipher, zstd and ring",
        Probe::Program("cc"),
    ),
    package(&["libc6-dev"], Purpose::Build, "headers of the C library", Probe::Header("stdlib.h")),
    package(&["pkg-config"], Purpose::Build, "finds the libraries below", Probe::Program("pkg-config")),
    package(
        &["libfontconfig-dev"],
        Purpose::Build,
        "Slint looks up the system's fonts",
        Probe::PkgConfig("fontconfig"),
    ),
    package(
        &["libssl-dev"],
        Purpose::Build,
        "SQLCipher's cipher while developing",
        Probe::PkgConfig("openssl"),
    ),
    package(
        &["libclang-dev"],
        Purpose::Build,
        "the camera crate reads the kernel's V4L2 headers with it",
        Probe::Library("libclang"),
    ),
    package(&["libasound2-dev"], Purpose::Build, "the tablet's sounds", Probe::PkgConfig("alsa")),
    package(
        &["libasound2", "libasound2t64"],
        Purpose::Window,
        "the tablet's sounds",
        Probe::Library("libasound.so.2"),
    ),
    package(
        &["libfontconfig1"],
        Purpose::Window,
        "fonts of the window",
        Probe::Library("libfontconfig.so.1"),
    ),
    package(&["libx11-6"], Purpose::Window, "the window", Probe::Library("libX11.so.6")),
    package(&["libx11-xcb1"], Purpose::Window, "the window", Probe::Library("libX11-xcb.so.1")),
    package(&["libxcursor1"], Purpose::Window, "its pointer", Probe::Library("libXcursor.so.1")),
    package(&["libxi6"], Purpose::Window, "touch and pointer", Probe::Library("libXi.so.6")),
    package(&["libxkbcommon0"], Purpose::Window, "the keyboard", Probe::Library("libxkbcommon.so.0")),
    package(
        &["libxkbcommon-x11-0"],
        Purpose::Window,
        "the keyboard; without it the window panics",
        Probe::Library("libxkbcommon-x11.so.0"),
    ),
    package(
        &["chromium", "chromium-browser"],
        Purpose::Console,
        "shows the central's console",
        Probe::Program("chromium"),
    ),
    package(
        &["chromium-driver", "chromium-chromedriver"],
        Purpose::Console,
        "lets tests use that browser",
        Probe::Program("chromedriver"),
    ),
    package(
        &["fonts-noto-cjk"],
        Purpose::Console,
        "Japanese letters in the console's pictures",
        Probe::Font("Noto Sans CJK JP"),
    ),
    package(&["xvfb"], Purpose::HiddenWindow, "a display without a screen", Probe::Program("Xvfb")),
    package(&["xdotool"], Purpose::HiddenWindow, "types and clicks on it", Probe::Program("xdotool")),
    package(
        &["postgresql"],
        Purpose::Database,
        "the register of a nation: its server, started by the tests in folders of their own",
        Probe::Folder("/usr/lib/postgresql"),
    ),
    package(&["g++"], Purpose::Fuzz, "compiles libFuzzer", Probe::Program("c++")),
    package(
        &["python3"],
        Purpose::Python,
        "runs what is written in it: other readers, requests made up",
        Probe::Program("python3"),
    ),
    package(
        &["python3-venv"],
        Purpose::Python,
        "keeps what those need inside the target folder",
        Probe::PythonModule("ensurepip"),
    ),
    package(
        &["libreoffice-calc"],
        Purpose::Spreadsheet,
        "opens the municipality's files as staff do",
        Probe::Program("soffice"),
    ),
    package(&["libzbar0"], Purpose::Peers, "zbar, one of them", Probe::Library("libzbar.so.0")),
    package(&["tesseract-ocr"], Purpose::Peers, "Tesseract, one of them", Probe::Program("tesseract")),
];

/// The packages of these purposes, in the table's order.
pub fn of(purposes: &[Purpose]) -> impl Iterator<Item = &'static Package> {
    PACKAGES.iter().filter(|package| purposes.contains(&package.purpose))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_asks_for_no_browser_and_a_build_for_no_window() {
        let names = |purposes: &[Purpose]| of(purposes).map(|package| package.names[0]).collect::<Vec<_>>();
        assert!(!names(&[Purpose::Build, Purpose::Window]).contains(&"chromium"));
        assert!(!names(&[Purpose::Build]).iter().any(|name| name.contains("xkb")));
        assert!(names(&[Purpose::Fuzz]).contains(&"g++"));
    }

    #[test]
    fn every_package_says_why_and_stands_once() {
        let mut names: Vec<_> = PACKAGES.iter().flat_map(|package| package.names).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(PACKAGES.iter().all(|package| package.why.len() > 7 && !package.names.is_empty()));
    }
}
