//! With the feature: spans wait in memory, at most some thousands, and are sent by a thread of their own.
//!
//! Must not: hold a request up: what cannot be sent is dropped.

use std::{fs, future::Future, path::Path, time::Duration};

use opentelemetry::{
    Context, KeyValue, global,
    trace::{FutureExt as _, SpanKind, Status, TraceContextExt as _, Tracer as _},
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};

use super::TracesError;
use crate::settings::{Settings, SettingsError, TraceSettings};

/// Where OTLP over HTTP takes spans.
const PATH: &str = "/v1/traces";
const TRACER: &str = "vrs-central";
/// Whoever takes spans gets this long for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is sent until it is stopped.
#[derive(Debug)]
pub struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// Begins to send, where the settings say so. Call outside a runtime, after a crypto provider was installed.
    ///
    /// # Errors
    /// [`TracesError`].
    pub fn start(settings: &Settings, directory: &Path) -> Result<Self, TracesError> {
        let Some(settings) = &settings.opentelemetry else { return Ok(Self(None)) };
        let set_up = |error: &dyn std::error::Error| TracesError::SetUp(error.to_string());
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client(settings, directory)?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}{PATH}", settings.endpoint.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| set_up(&error))?;
        // Nothing of the machine or its environment is told.
        let resource = Resource::builder_empty().with_attributes([
            KeyValue::new("service.name", "vrs-central"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        ]);
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.build())
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
                1.0 / f64::from(settings.one_in),
            ))))
            .with_batch_exporter(exporter)
            .build();
        global::set_tracer_provider(provider.clone());
        Ok(Self(Some(provider)))
    }

    /// Sends what still waits. Call outside a runtime.
    pub fn stop(self) {
        if let Some(provider) = self.0
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

fn client(settings: &TraceSettings, directory: &Path) -> Result<reqwest::blocking::Client, TracesError> {
    let mut builder = reqwest::blocking::Client::builder().no_proxy().timeout(PATIENCE);
    if let Some(file) = &settings.authority {
        let path = directory.join(file);
        let pem = fs::read(&path).map_err(|error| SettingsError::File { path, error })?;
        let authority =
            reqwest::Certificate::from_pem(&pem).map_err(|error| TracesError::SetUp(error.to_string()))?;
        builder = builder.tls_certs_only([authority]);
    }
    builder.build().map_err(|error| TracesError::SetUp(error.to_string()))
}

/// Answers a request inside a span of its own.
pub(crate) async fn request<T>(
    method: &str,
    route: &str,
    answering: impl Future<Output = T>,
    status: impl FnOnce(&T) -> u16,
) -> T {
    let tracer = global::tracer(TRACER);
    // Anybody may send any method; only those there are get a name of their own.
    let method = match method {
        "GET" => "GET",
        "POST" => "POST",
        _ => "_OTHER",
    };
    let span = tracer
        .span_builder(format!("{method} {route}"))
        .with_kind(SpanKind::Server)
        .with_attributes([
            KeyValue::new("http.request.method", method),
            KeyValue::new("http.route", route.to_owned()),
        ])
        .start_with_context(&tracer, &Context::new());
    let context = Context::new().with_span(span);
    let answer = answering.with_context(context.clone()).await;
    let status = status(&answer);
    context.span().set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
    if status >= 500 {
        context.span().set_status(Status::error(""));
    }
    context.span().end();
    answer
}

/// Keeps a batch inside a span of its own: what a request waits for most.
pub(crate) async fn keeping<T, E>(entries: usize, kept: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let tracer = global::tracer(TRACER);
    let count = i64::try_from(entries).unwrap_or(i64::MAX);
    let span = tracer
        .span_builder("keep batch")
        .with_attributes([KeyValue::new("vrs.entries", count)])
        .start(&tracer);
    let context = Context::current_with_span(span);
    let done = kept.with_context(context.clone()).await;
    if done.is_err() {
        // Not why: an error's text is the log's business.
        context.span().set_status(Status::error(""));
    }
    context.span().end();
    done
}
