//! One line a request, and its count: method, route, status, time. The route's pattern, never the address: that may carry more.
//!
//! Must not: log a body, a header or a query.

use std::time::Instant;

use crate::metrics;
use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};

/// Logs a request when its answer begins.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge: how long an answer took is measured here and only logged"
)]
pub(crate) async fn note(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let (route, elapsed) = (route.as_deref().unwrap_or("none"), began.elapsed());
    metrics::request(route, method.as_str(), response.status().as_u16(), elapsed.as_secs_f64());
    tracing::info!(
        %method,
        route,
        status = response.status().as_u16(),
        elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}
