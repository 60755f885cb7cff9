//! 受領書: ours to fetch for what was opened here, the recipient's to take in for what was made here.
//!
//! Must not: take a receipt whose signature, number, manifest or counts are not those of the file.

use axum::{
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    response::Response,
};
use record::envelope::EnvelopeId;
use seal::envelope::read_receipt;

use super::{
    acting::after,
    facts::{account, unavailable},
    file_page::{Looked, answer, look},
    refused::{Failure, Refused},
    sent, upload,
};
use crate::{
    console::language::Chosen,
    media::{
        cards,
        event::{About, Event},
        file::SealedFile,
        ledger,
        refusal::Reason,
    },
    municipality::officer::Officer,
    state::Central,
    storage::StorageError,
};

/// Sends the receipt for what was opened here.
pub(crate) async fn receipt(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Response {
    match look(&central, &officer, chosen, &id).await {
        Ok(Some(Looked { id, file: SealedFile { receipt: Some(receipt), .. }, .. })) => {
            sent::small(&format!("central-{}.vrsreceipt", id.short()), receipt.into_bytes())
        }
        Ok(_) => answer(&central, &officer, chosen, &id, Some(Refused::Overtaken)).await,
        Err(error) => unavailable(&error),
    }
}

/// Takes in the recipient's receipt for what was made here.
pub(crate) async fn take_receipt(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let done = checked(&central, &officer, &id, form).await;
    after(&central, &officer, chosen, &id, done).await
}

async fn checked(
    central: &Central,
    officer: &Officer,
    id: &str,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(), Failure> {
    let form = upload::small(officer, form.map_err(|_| Refused::BrokenOff)?).await?;
    let id: EnvelopeId = id.parse().map_err(|_| Refused::Overtaken)?;
    let storage = &*central.storage;
    let lines = ledger::lines_about(storage, officer.municipality, About::File(id)).await?;
    let file = SealedFile::of(&lines).filter(|file| file.goes_out() && file.manifest.is_some());
    let file = file.ok_or(Refused::Overtaken)?;
    let judged = judged(central, officer, &file, &form.file).await?;
    let (event, reason) = match judged {
        Ok(receipt) => (Event::ReceiptTaken { receipt }, None),
        Err(reason) => (Event::ReceiptRefused { reason }, Some(reason)),
    };
    let who = (account(officer)?, central.clock.now());
    ledger::add(storage, officer.municipality, About::File(id), who, event).await?;
    match reason {
        None => Ok(()),
        Some(reason) => Err(reason.into()),
    }
}

/// Whether a receipt is of this file and of the recipient's key; its text.
async fn judged(
    central: &Central,
    officer: &Officer,
    file: &SealedFile,
    bytes: &[u8],
) -> Result<Result<String, Reason>, StorageError> {
    let known = cards::registered(&*central.storage, officer.municipality).await?;
    let cards: Vec<_> = known.map(|known| known.card).into_iter().collect();
    let receipt = match read_receipt(bytes, &cards) {
        Ok(receipt) => receipt,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let Some(manifest) = &file.manifest else { return Ok(Err(Reason::OtherFile)) };
    let fits = receipt.envelope_id == manifest.outline.envelope_id
        && receipt.recipient == manifest.outline.recipient.office
        && receipt.manifest == seal::envelope::manifest_digest(manifest)
        && receipt.parts == manifest.parts.len() as u64
        && Some(receipt.rows) == manifest.rows()
        && Some(receipt.bytes) == manifest.bytes();
    let text = String::from_utf8(bytes.to_vec());
    Ok(text.ok().filter(|_| fits).ok_or(Reason::OtherFile))
}
