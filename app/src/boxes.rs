//! Boxes of bundles where they lie: looked at whole, opened one tablet at a time, marked where one was used.
//!
//! Must not: apply anything, or believe a mark: it helps people, and the central alone knows which token was used.

use std::{collections::BTreeSet, fs, io, path::Path};

use record::{TabletId, WallTime, bundle_box::MOST_BYTES, bytes::PublicKey};
use seal::{
    Error,
    bundle::VerifiedBundle,
    bundle_box::{self, BundleBox},
    set_up_code::SetUpCode,
};

use crate::{attempts::Attempts, messages::SetupProblem, workflow::event::OfferedBox};

/// The box in that file, every byte of it as it was signed; and what was used of it.
///
/// # Errors
/// [`SetupProblem`] saying why it is none.
pub fn look_at(file: &Path, held_to: Option<&PublicKey>) -> Result<OfferedBox, SetupProblem> {
    let unreadable = |error: io::Error| SetupProblem::Unreadable(error.kind());
    if fs::metadata(file).map_err(unreadable)?.len() > MOST_BYTES as u64 {
        return Err(SetupProblem::Bundle(Error::NotABundle));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    let bundles = bundle_box::look(&bytes, held_to).map_err(SetupProblem::Bundle)?;
    let (tablets, issued_at) = (bundles.head.slots.iter().map(|slot| slot.tablet_id), bundles.head.issued_at);
    let used: BTreeSet<TabletId> =
        tablets.filter(|tablet_id| mark(file, issued_at, *tablet_id).exists()).collect();
    Ok(OfferedBox { path: file.to_owned(), bundles: bundles.into(), used })
}

/// Names the box by when it was made: another one of the same file name is another box.
fn mark(file: &Path, issued_at: WallTime, tablet_id: TabletId) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}.{tablet_id}.used", issued_at.unix_ms()));
    name.into()
}

/// Leaves a mark beside the box, so that the next tablet does not offer the same settings.
///
/// # Errors
/// Where the medium cannot be written.
pub fn mark_used(file: &Path, issued_at: WallTime, tablet_id: TabletId) -> io::Result<()> {
    fs::File::create(mark(file, issued_at, tablet_id))?.sync_all()
}

/// Wrong codes in a row: each slows the next, as with PINs. They are forgotten when the program ends, because whoever could
/// end it could as well copy the file; what protects the file is the length of the codes.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    wrong: u32,
    refused_until_ms: u64,
}

impl Codes {
    /// Opens a tablet's bundle with its code, `now_ms` on the monotonic clock.
    pub(crate) fn open(
        &mut self,
        bundles: &BundleBox,
        tablet_id: TabletId,
        code: &SetUpCode,
        now_ms: u64,
    ) -> Result<VerifiedBundle, SetupProblem> {
        let wait_ms = self.refused_until_ms.saturating_sub(now_ms);
        if wait_ms > 0 {
            return Err(SetupProblem::CodeTooSoon { wait_ms });
        }
        match bundles.open(tablet_id, code) {
            Err(Error::WrongCode) => {
                self.wrong = self.wrong.saturating_add(1);
                let wait_ms = Attempts::wait_ms(self.wrong);
                self.refused_until_ms = now_ms.saturating_add(wait_ms);
                Err(SetupProblem::WrongCode { wait_ms })
            }
            Err(error) => Err(SetupProblem::Bundle(error)),
            Ok(opened) => {
                self.wrong = 0;
                Ok(opened)
            }
        }
    }
}
