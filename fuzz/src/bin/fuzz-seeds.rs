//! `cargo xtask fuzz --seeds`: writes the valid samples into the corpus. A sample that holds something random is left
//! as it is while its target still accepts it.
//!
//! Must not: touch what a fuzzer found.

use std::{fs, io, path::Path};

use fuzz::{Became, find, seeds};

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for seed in seeds::all() {
        let folder = corpus.join(seed.target);
        fs::create_dir_all(&folder)?;
        let file = folder.join(&seed.name);
        let target = find(seed.target).ok_or_else(|| io::Error::other(seed.target))?;
        let is_good = fs::read(&file).is_ok_and(|bytes| (target.run)(&bytes) == Became::Accepted);
        if !(seed.is_drawn && is_good) {
            fs::write(&file, &seed.bytes)?;
        }
    }
    Ok(())
}
