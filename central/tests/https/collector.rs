//! A receiver of OTLP over HTTP that keeps what it is sent, read by the protocol's own definition.
//!
//! Must not: take anything else, or forget anything.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message as _;

type Kept = Arc<Mutex<Vec<ExportTraceServiceRequest>>>;

/// It runs as long as the test's runtime.
pub(crate) struct Collector {
    pub(crate) url: String,
    kept: Kept,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let kept = Kept::default();
        let router = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&kept));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, kept }
    }

    pub(crate) fn spans(&self) -> Vec<Span> {
        let kept = self.kept.lock().unwrap();
        let scopes = kept.iter().flat_map(|request| &request.resource_spans).flat_map(|one| &one.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }

    /// Everything that was sent, as text.
    pub(crate) fn text(&self) -> String {
        format!("{:?}", self.kept.lock().unwrap())
    }
}

async fn take(State(kept): State<Kept>, headers: HeaderMap, body: Bytes) {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    kept.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
}

/// An attribute as text or number.
pub(crate) fn attribute(span: &Span, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{key} is neither text nor number: {other:?}"),
    }
}
