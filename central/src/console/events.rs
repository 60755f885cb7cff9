//! Server-sent events: one word, `fleet`, whenever a tablet's row may have changed; for a page of one tablet, `tablet`
//! whenever that one may have; for charts, `hours` whenever an hour was noted. The page then asks for what it shows.
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
    change: Change,
    stopping: watch::Receiver<bool>,
    expires_at: WallTime,
    begun: bool,
    ended: bool,
}

/// What a page watches.
enum Change {
    /// Every tablet, or one alone.
    Tablets(broadcast::Receiver<TabletId>, Option<TabletId>),
    /// The hours.
    Hours(watch::Receiver<()>),
}

/// As it stands in the address.
#[derive(Deserialize)]
pub(crate) struct Watched {
    tablet: Option<String>,
    of: Option<String>,
}

/// Opens the stream.
pub(crate) async fn open(
    State(central): State<Central>,
    signed_in: SignedIn,
    Query(watched): Query<Watched>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let change = match (watched.of.as_deref(), watched.tablet) {
        (Some("hours"), _) => Change::Hours(central.hour_noted.subscribe()),
        (_, tablet) => {
            let only = tablet.and_then(|tablet| tablet.parse().ok());
            Change::Tablets(central.changed.subscribe(), only)
        }
    };
    let watcher = Watcher {
        change,
        stopping: central.stopping.clone(),
        expires_at: signed_in.expires_at,
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
    while watcher.begun {
        let is_changed = tokio::select! {
            () = watcher.change.comes() => true,
            () = tokio::time::sleep(TICK) => false,
            _ = watcher.stopping.changed() => return None,
        };
        if is_changed {
            tokio::time::sleep(PAUSE).await;
            watcher.change.is_told();
        }
        if is_changed || watcher.change.grows_old() || watcher.is_over() {
            break;
        }
    }
    watcher.begun = true;
    watcher.ended = watcher.is_over();
    Some((Ok(Event::default().event(watcher.change.event()).data("changed")), watcher))
}

impl Watcher {
    fn is_over(&self) -> bool {
        self.central.clock.now() >= self.expires_at
    }
}

impl Change {
    fn event(&self) -> &'static str {
        match self {
            Self::Tablets(_, None) => "fleet",
            Self::Tablets(_, Some(_)) => "tablet",
            Self::Hours(_) => "hours",
        }
    }

    /// Whether what the page says is soon wrong though nothing came. A chart says when it was drawn.
    fn grows_old(&self) -> bool {
        matches!(self, Self::Tablets(..))
    }

    /// Waits for a change. A lag is one as well; the sender lives as long as the state a watcher holds.
    async fn comes(&mut self) {
        match self {
            Self::Tablets(changes, only) => {
                while let Ok(tablet_id) = changes.recv().await {
                    if only.is_none_or(|only| only == tablet_id) {
                        return;
                    }
                }
            }
            // Without a sender the server is ending.
            Self::Hours(noted) => noted.changed().await.unwrap_or_default(),
        }
    }

    /// What came until now is in what the page asks for next.
    fn is_told(&mut self) {
        match self {
            Self::Tablets(changes, _) => *changes = changes.resubscribe(),
            Self::Hours(noted) => noted.mark_unchanged(),
        }
    }
}
