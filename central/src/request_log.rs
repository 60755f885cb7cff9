//! One line a request, its count and its trace: method, route, status, time. The route's pattern, never the address: that may carry more.
//!
//! Must not: log a body, a header or a query.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};

use crate::{metrics, traces};

/// Logs a request when its answer begins.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge: how long an answer took is measured here and only logged"
)]
pub(crate) async fn note(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let status = |response: &Response| response.status().as_u16();
    let pattern = route.as_deref().unwrap_or("none");
    let response = traces::request(method.as_str(), pattern, next.run(request), status).await;
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
