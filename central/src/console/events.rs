//! Server-sent events: one word, `fleet`, whenever a tablet's row may have changed; for a page of one tablet, `tablet`
//! whenever that one may have. The page then asks for what it shows.
//!
//! Must not: carry data, or outlive the session or the server.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Query, State},
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use record::{TabletId, WallTime};
use serde::Deserialize;
use tokio::sync::{broadcast, watch};

use super::session::SignedIn;
use crate::state::Central;

/// A storm of batches refreshes a page no more often than this.
const PAUSE: Duration = Duration::from_millis(500);
/// Without any change the page is refreshed all the same: "3 minutes ago" grows old by itself.
const TICK: Duration = Duration::from_secs(30);

struct Watcher {
    central: Central,
    changed: broadcast::Receiver<TabletId>,
    stopping: watch::Receiver<bool>,
    expires_at: WallTime,
    /// Whom alone it watches.
    only: Option<TabletId>,
    begun: bool,
    ended: bool,
}

/// Which tablet's changes.
#[derive(Deserialize)]
pub(crate) struct Watched {
    tablet: Option<String>,
}

/// Opens the stream.
pub(crate) async fn open(
    State(central): State<Central>,
    signed_in: SignedIn,
    Query(watched): Query<Watched>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watcher = Watcher {
        changed: central.changed.subscribe(),
        stopping: central.stopping.clone(),
        expires_at: signed_in.expires_at,
        only: watched.tablet.and_then(|tablet| tablet.parse().ok()),
        begun: false,
        ended: false,
        central,
    };
    Sse::new(stream::unfold(watcher, next)).keep_alive(KeepAlive::default())
}

/// The next event. The first comes at once, because something may have changed between page and stream; the last
/// comes when the session has ended, so that the page asks and is sent to sign in.
async fn next(mut watcher: Watcher) -> Option<(Result<Event, Infallible>, Watcher)> {
    if watcher.ended || *watcher.stopping.borrow() {
        return None;
    }
    if watcher.begun {
        tokio::select! {
            () = changed(&mut watcher.changed, watcher.only) => tokio::time::sleep(PAUSE).await,
            () = tokio::time::sleep(TICK) => {}
            _ = watcher.stopping.changed() => return None,
        }
        watcher.changed = watcher.changed.resubscribe();
    }
    watcher.begun = true;
    watcher.ended = watcher.central.clock.now() >= watcher.expires_at;
    let event = if watcher.only.is_some() { "tablet" } else { "fleet" };
    Some((Ok(Event::default().event(event).data("changed")), watcher))
}

/// Waits for a change. A lag is one as well; the sender lives as long as the state a watcher holds.
async fn changed(changes: &mut broadcast::Receiver<TabletId>, only: Option<TabletId>) {
    while let Ok(tablet_id) = changes.recv().await {
        if only.is_none_or(|only| only == tablet_id) {
            return;
        }
    }
}
