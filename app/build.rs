//! Lists the manual's moving pictures, so that the program carries those that there are.
//!
//! Must not: fail where one is missing; the manual's own check does.

use std::{env, fmt::Write as _, fs, io, path::Path};

fn main() -> io::Result<()> {
    let home = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let folder = Path::new(&home).join("../docs/manual/pictures");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = match fs::read_dir(&folder) {
        Ok(files) => files
            .filter_map(|file| file.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".png") && !name.ends_with("-still.png"))
            .collect(),
        Err(_) => Vec::new(),
    };
    names.sort();
    let mut table = String::from("const PICTURES: &[(&str, &[u8])] = &[\n");
    for name in names {
        let file = folder.join(&name);
        println!("cargo::rerun-if-changed={}", file.display());
        let stem = name.trim_end_matches(".png");
        writeln!(table, "    ({stem:?}, include_bytes!({:?})),", file.display().to_string())
            .map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("manual_pictures.rs"), table)
}
