//! `make`: seals what was asked for and allowed, writes it once, and reads back what the medium then holds.
//!
//! Must not: seal content that is not the one that was allowed.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
};

use record::envelope::{AccountName, Manifest};
use seal::envelope::{self, Content, Refusal, Sealer};

use super::Desk;
use crate::{
    console::Progress,
    failure::{Failure, at},
    folder,
    ledger::{Event, Ledger},
    office,
    requests::{self, KeptRequest, State},
    words,
};

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    let account: AccountName = desk.arguments.value("as")?;
    let out = desk.arguments.needed_path("out")?;
    let is_ready = |state: &State| matches!(state, State::Allowed { .. });
    let mut kept = requests::find(&desk.folder, desk.arguments.number()?, is_ready)?;
    let allowed = match &kept.state {
        State::Allowed { approval } => approval.clone(),
        State::Waiting => return Err(Failure::NotAllowedYet),
        State::Made => return Err(Failure::MadeAlready),
    };
    if desk.now >= kept.request.outline.expires_at {
        return Err(Refusal::Expired.into());
    }
    if out.exists() {
        return Err(Failure::FileThere(out));
    }
    let mut ledger = Ledger::read(&desk.folder)?;
    let person = office::unlock(&desk.folder, desk.console, &account)?;
    let keys = office::keys(&desk.folder, &person)?;

    let work = Temporary(desk.folder.path(&format!("sealing-{}", kept.id())));
    let content = seal(desk, &kept, &work.0)?;
    if content.parts != kept.request.parts {
        return Err(Failure::ContentChanged);
    }
    let approvals = (kept.request.asked.clone(), allowed);
    let (head, manifest) =
        envelope::head(&keys.signing, kept.request.outline.clone(), approvals, content, desk.now)?;
    let beside = Temporary(with_end(&out, ".writing"));
    write(desk, &manifest, &head, &work.0, &beside.0)?;
    check(desk, &beside.0)?;
    fs::rename(&beside.0, &out).map_err(at(&out))?;
    let above = out.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    folder::sync_folder(above).map_err(at(above))?;

    let made = Event::Made {
        envelope_id: kept.id(),
        manifest: envelope::read_head(&mut &head[..])?.digest(),
        rows: manifest.rows().unwrap_or_default(),
        bytes: manifest.bytes().unwrap_or_default(),
        by: account,
    };
    ledger.add(&desk.folder, desk.now, made)?;
    kept.state = State::Made;
    requests::keep(&desk.folder, &kept)?;
    let (id, expires) = (kept.id().short(), words::at(kept.request.outline.expires_at));
    desk.say(
        format!(
            "封緘ファイルを {} に書き、読み返して確かめました。番号: {id}  期限: {expires}\n送付先が開けた後、受領書を受け取って確かめてください: vrs-envelope receipt ファイル",
            out.display()
        ),
        format!(
            "The envelope was written to {} and read back. Number: {id}  Expires: {expires}\nOnce the recipient has opened it, get their receipt and check it: vrs-envelope receipt FILE",
            out.display()
        ),
    );
    Ok(())
}

/// A file that is gone when the command ends, whichever way; where it was renamed, nothing is there to remove.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// A new file in the place of what an interrupted command left.
fn create(path: &Path) -> Result<File, Failure> {
    let _ = fs::remove_file(path);
    folder::create_private(path).map_err(at(path))
}

/// Seals the files into the data folder: what lies there is sealed already.
fn seal(desk: &Desk<'_>, kept: &KeptRequest, to: &Path) -> Result<Content, Failure> {
    let total = kept.request.parts.iter().map(|part| part.bytes).sum();
    let mut progress = desk.console.progress("封緘しています", "sealing", total);
    let mut sealer = Sealer::begin(&kept.request.outline, BufWriter::new(create(to)?))?;
    for (part, path) in kept.request.parts.iter().zip(&kept.files) {
        let mut file = File::open(path).map_err(at(path))?;
        sealer.part(part.name.clone())?;
        copy(&mut file, &mut sealer, &mut progress).map_err(at(path))?;
    }
    Ok(sealer.finish()?.0)
}

fn copy(from: &mut impl io::Read, to: &mut impl io::Write, progress: &mut Progress) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..read])?;
        progress.add(read as u64);
    }
}

fn write(desk: &Desk<'_>, manifest: &Manifest, head: &[u8], sealed: &Path, to: &Path) -> Result<(), Failure> {
    let mut progress = desk.console.progress("書いています", "writing", manifest.sealed_bytes);
    let mut out = create(to)?;
    let mut sealed = File::open(sealed).map_err(at(sealed))?;
    out.write_all(head)
        .and_then(|()| copy(&mut sealed, &mut out, &mut progress))
        .and_then(|()| out.sync_all())
        .map_err(at(to))
}

/// Reads back what was written.
fn check(desk: &Desk<'_>, path: &Path) -> Result<(), Failure> {
    let mut file = BufReader::new(File::open(path).map_err(at(path))?);
    let head = envelope::read_head(&mut file)?;
    let mut progress =
        desk.console.progress("読み返しています", "reading back", head.manifest().sealed_bytes);
    Ok(head.check_sealed(file.by_ref(), |bytes| progress.add(bytes))?)
}
