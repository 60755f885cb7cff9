//! オープンデータ: counts of doses; the one file that leaves unsealed, because nobody is in it.
//!
//! Must not: send anything but counts.

use std::ops::ControlFlow;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::sent;
use crate::{
    media::room,
    municipality::officer::Officer,
    people::{
        open_data::OpenData,
        walk::{WalkError, walk},
    },
    state::Central,
};

/// The counts of this municipality's coupons, one line of JSON each.
pub(crate) async fn send(State(central): State<Central>, officer: Officer) -> Response {
    let counted = async {
        let keys = room::keys(&central, officer.municipality).await?;
        let mut counts = OpenData::default();
        let take = &mut |walked| {
            counts.take(&walked);
            Ok::<_, std::convert::Infallible>(())
        };
        walk(&*central.storage, &keys, take, &mut |_| ControlFlow::Continue(())).await?;
        Ok::<_, WalkError<std::convert::Infallible>>(counts)
    };
    let mut file = Vec::new();
    match counted.await.map(|counts| counts.write(&mut file)) {
        Ok(Ok(())) => sent::small(&format!("open-data-{}.ndjson", officer.municipality), file),
        Ok(Err(error)) => {
            tracing::error!(%error, "open data cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "open data cannot be counted");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
