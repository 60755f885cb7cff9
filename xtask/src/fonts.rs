//! `cargo xtask fonts`: derives `assets/fonts/NotoSansJP-{Regular,Bold}.ttf` from the npm package
//! `@expo-google-fonts/noto-sans-jp` (OFL) by `pyftsubset`: every character of code page 932, the six signs that
//! Shift_JIS proper maps elsewhere (− and 〜 among them), and 髙 (U+9AD9) and 﨑 (U+FA11), which names need.
//!
//! Must not: be needed to build; the fonts are committed. `assets/fonts/OCRB.otf` is Debian's `fonts-ocr-b`,
//! unchanged (see `OCRB-LICENSE.txt`), and nothing here touches it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Failure,
    cargo::{target, workspace},
    run,
};

const PACKAGE: &str = "@expo-google-fonts/noto-sans-jp@0.4.3";
const TOOL: &str = "fonttools==4.68.0";
/// The package's file, and ours.
const WEIGHTS: [(&str, &str); 2] = [
    ("400Regular/NotoSansJP_400Regular.ttf", "NotoSansJP-Regular.ttf"),
    ("700Bold/NotoSansJP_700Bold.ttf", "NotoSansJP-Bold.ttf"),
];
/// Prints the characters, one `U+` each on a line; Python has the code page, Rust's standard library has not.
const CHARACTERS: &str = r#"
one = [bytes([a]) for a in range(256)]
two = [bytes([a, b]) for a in range(0x81, 0xFD) for b in range(0x40, 0xFD)]
found = {0x9AD9, 0xFA11}
for raw, code in [(raw, code) for raw in one + two for code in ("cp932", "shift_jis")]:
    try:
        text = raw.decode(code)
    except UnicodeDecodeError:
        continue
    if len(text) == 1 and not 0xE000 <= ord(text) <= 0xF8FF:
        found.add(ord(text))
print("\n".join("U+%04X" % c for c in sorted(found)))
"#;

/// Derives both weights and says whether they are what is committed.
///
/// # Errors
/// Where npm, Python or the package index is missing.
pub fn derive() -> Result<(), Failure> {
    let work = target()?.join("fonts");
    fs::create_dir_all(&work)?;
    run(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(&work))?;
    run(Command::new("sh").args(["-c", "tar xzf expo-google-fonts-noto-sans-jp-*.tgz"]).current_dir(&work))?;
    let python = environment(&work)?;
    let characters = work.join("characters.txt");
    let output = Command::new(&python).args(["-c", CHARACTERS]).output()?;
    if !output.status.success() {
        return Err("python could not list the characters".into());
    }
    fs::write(&characters, output.stdout)?;
    for (source, name) in WEIGHTS {
        let file = workspace().join("assets/fonts").join(name);
        let before = fs::read(&file).ok();
        subset(&python, &work.join("package").join(source), &characters, &file)?;
        let is_same = before.is_some_and(|before| fs::read(&file).is_ok_and(|after| before == after));
        println!("{}: {}", file.display(), if is_same { "as it was" } else { "written anew" });
    }
    Ok(())
}

/// A Python with the tool, in a folder of its own.
fn environment(work: &Path) -> Result<PathBuf, Failure> {
    let folder = work.join("python");
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let python = folder.join("bin/python");
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", TOOL]))?;
    Ok(python)
}

fn subset(python: &Path, source: &Path, characters: &Path, file: &Path) -> Result<(), Failure> {
    run(Command::new(python)
        .args(["-m", "fontTools.subset"])
        .arg(source)
        .arg(format!("--unicodes-file={}", characters.display()))
        .args(["--no-hinting", "--layout-features=kern,palt,tnum,locl"])
        .arg(format!("--output-file={}", file.display())))
}
