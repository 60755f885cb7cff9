//! `POST /v1/batches`: entries in, a signed receipt out – after the commit, never before.
//!
//! Must not: log what an entry says. Tablets, counts and codes only.

use axum::{Json, extract::State, http::HeaderMap};
use record::{
    Outcome, TabletId, WallTime,
    wire::{
        content_type,
        receipt::{ReceiptAnswer, ReceiptItem, ReceiptList},
    },
};

use super::{
    described::SignatureHeaders,
    refusal::Refusal,
    signed::{SignedRequest, expect_content_type},
};
use crate::{
    intake::{ReadBatch, open_body, read},
    metrics,
    state::Central,
    storage::{Device, ProgramVersion},
    traces,
};

/// The most bytes of a compressed batch. zstd makes nothing larger that could not be sent plain.
pub(crate) const MOST_BODY_BYTES: usize = record::wire::batch::MOST_BYTES + 4096;

/// Receives a batch.
///
/// # Errors
/// [`Refusal`]; single entries are never refused.
#[utoipa::path(
    post,
    path = "/v1/batches",
    tag = "tablets",
    summary = "Entries in, a signed receipt out – after the commit, never before",
    params(SignatureHeaders),
    request_body(content = Vec<u8>, content_type = "application/vnd.vrs.batch", description = "zstd of a line of header and a line for each entry, at most 200"),
    responses(
        (status = 200, description = "the receipt", body = ReceiptAnswer),
        Refusal
    )
)]
pub(crate) async fn receive(
    State(central): State<Central>,
    headers: HeaderMap,
    request: SignedRequest,
) -> Result<Json<ReceiptAnswer>, Refusal> {
    expect_content_type(&headers, content_type::BATCH)?;
    let tablet_id = request.tablet_id();
    let device = request.device(&central).await?;
    let now = central.clock.now();
    // Verifying, decompressing and hashing take a few milliseconds a batch.
    let opened = tokio::task::spawn_blocking(move || open(&request, device, now)).await;
    let batch = opened.map_err(|_| Refusal::Internal)??;
    let mut list = ReceiptList {
        tablet_id,
        epoch: batch.epoch,
        received_at: now,
        key_id: central.receipt_signer.key_id.clone(),
        items: Vec::with_capacity(batch.entries.len()),
    };
    let places: Vec<_> = batch.entries.iter().map(|entry| (entry.position, entry.hash)).collect();
    let outcomes = traces::keeping(places.len(), central.storage.keep(batch)).await?;
    log(tablet_id, &outcomes);
    metrics::batch(&outcomes);
    // Nobody may be watching the console; then there is nobody to tell.
    let _ = central.changed.send(tablet_id);
    list.items.extend(places.into_iter().zip(outcomes).map(|((position, hash), outcome)| ReceiptItem {
        position,
        hash,
        outcome,
    }));
    Ok(Json(seal::receipt::sign(&central.receipt_signer.key, &list)))
}

fn open(request: &SignedRequest, device: Device, now: WallTime) -> Result<ReadBatch, Refusal> {
    request.verify(&device.key, now)?;
    let opened = open_body(&request.body)?;
    let header = opened.header;
    if header.tablet_id != request.tablet_id() {
        return Err(Refusal::Malformed);
    }
    let program: ProgramVersion = header.program.parse().map_err(|_| Refusal::Malformed)?;
    Ok(ReadBatch {
        tablet_id: header.tablet_id,
        device_key: device.key,
        epoch: header.epoch,
        last_position: header.last_position,
        set_aside: header.set_aside,
        clock_offset_ms: header.clock_offset_ms,
        program,
        received_at: now,
        replaced_at: device.replaced_at,
        entries: opened.entries.into_iter().map(read).collect(),
    })
}

fn log(tablet_id: TabletId, outcomes: &[Outcome]) {
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
    tracing::info!(
        %tablet_id,
        entries = outcomes.len(),
        needs_review = count(|outcome| matches!(outcome, Outcome::NeedsReview(_))),
        later = count(|outcome| matches!(outcome, Outcome::Later(_))),
        "batch kept"
    );
}
