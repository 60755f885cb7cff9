//! `erase`: overwrites a file, reads it back, deletes it, and says what that proves and what it does not.
//!
//! Must not: erase anything but an envelope unless it is told that the file is an ordinary one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read as _, Seek as _, Write as _},
    path::Path,
};

use seal::envelope::{self, Refusal};

use super::Desk;
use crate::{
    console::Progress,
    failure::{Failure, at},
    ledger::{Event, Ledger},
    place::{self, Place},
};

const AT_ONCE: usize = 1 << 16;

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    let path = desk.arguments.file()?;
    let found = fs::symlink_metadata(&path).map_err(at(&path))?;
    if !found.is_file() {
        return Err(Failure::NotAnEnvelope);
    }
    let mut ledger = Ledger::read(&desk.folder)?;
    let mut file = BufReader::new(File::open(&path).map_err(at(&path))?);
    let envelope_id = match envelope::read_head(&mut file) {
        Ok(head) => Some(head.manifest().outline.envelope_id),
        Err(Refusal::OtherKind) if !desk.arguments.has("plain") => return Err(Failure::NotAnEnvelope),
        // A damaged envelope is erased as well.
        Err(_) => None,
    };
    drop(file);
    let place = place::of(&path);
    let is_meant = desk.console.confirm(
        &format!("{} を上書きして消します。元に戻せません。よいですか", path.display()),
        &format!("{} is overwritten and deleted, and cannot be brought back. Go on?", path.display()),
    )?;
    if !is_meant {
        return Err(Failure::Declined);
    }
    let bytes = found.len();
    let mut progress = desk.console.progress("消しています", "erasing", bytes.saturating_mul(2));
    overwrite(&path, bytes, &mut progress).map_err(at(&path))?;
    fs::remove_file(&path).map_err(at(&path))?;
    ledger.add(&desk.folder, desk.now, Event::Erased { envelope_id, bytes })?;
    say_what_it_proves(desk, place, envelope_id.is_some());
    Ok(())
}

fn overwrite(path: &Path, bytes: u64, progress: &mut Progress) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let zeros = [0; AT_ONCE];
    let mut left = bytes;
    while left > 0 {
        let next = usize::try_from(left).unwrap_or(AT_ONCE).min(AT_ONCE);
        file.write_all(&zeros[..next])?;
        left -= next as u64;
        progress.add(next as u64);
    }
    file.sync_all()?;
    file.rewind()?;
    let mut buffer = vec![0; AT_ONCE];
    let mut read_back = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        if buffer[..read].iter().any(|byte| *byte != 0) {
            return Err(io::Error::other("what was overwritten reads as before"));
        }
        read_back += read as u64;
        progress.add(read as u64);
    }
    if read_back != bytes {
        return Err(io::Error::other("what was overwritten has another length"));
    }
    file.set_len(0)?;
    file.sync_all()
}

fn say_what_it_proves(desk: &Desk<'_>, place: Place, is_envelope: bool) {
    desk.say(
        "消しました。確かめたこと: 全体を 0 で上書きし、読み返して 0 になっていること、ファイルがなくなったこと。",
        "It is erased. What was proven: all of it was overwritten with zeros and read back as zeros, and the file is gone.",
    );
    match place {
        Place::Removable => desk.say(
            "確かめられないこと: USBメモリーやSDカードは、書き換えの前の内容を別の場所に残すことがあり、ここからは見えません。",
            "What cannot be proven: a stick or card may keep what was there before in places that cannot be seen from here.",
        ),
        Place::Fixed | Place::Unknown => desk.say(
            "確かめられないこと: SSDは書き換えの前の内容を別の場所に残すことがあり、控え(バックアップ)や一時ファイルの写しも残っているかもしれません。",
            "What cannot be proven: an SSD may keep what was there before elsewhere, and copies may be left in backups or temporary files.",
        ),
    }
    if is_envelope {
        desk.say(
            "残っていたとしても封緘されたままで、送付先の鍵がなければ開けません。媒体を手放すときは、物理的に壊すか専門の消去に出してください。",
            "Even what is left is sealed, and useless without the recipient's key. Before the medium is given away, destroy it or have it erased professionally.",
        );
    } else {
        desk.say(
            "封緘されていないデータだったので、媒体やパソコンを手放すときは、物理的に壊すか専門の消去に出してください。",
            "It was not sealed: before the medium or the computer is given away, destroy it or have it erased professionally.",
        );
    }
}
