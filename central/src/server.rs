//! The server: binds, serves over TLS, stops in an orderly way.
//!
//! Must not: serve anything without TLS.

use std::{
    fs::File,
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum_server::{Handle, tls_rustls::RustlsConfig};
use hyper_util::rt::TokioTimer;
use seal::{password, random::SystemRandom};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    clock::Clock,
    directory::{DataDirectory, DirectoryError},
    fleet_hours,
    limits::Limits,
    media::sweeping,
    metrics, reference, routes,
    state::{Central, Parts},
    stock::catching_up::{self, CaughtUp},
};

/// A connection that sends no request, or answers no ping, is closed after this.
const IDLE: Duration = Duration::from_secs(60);
/// Requests being answered get this long when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// How often the certificate is looked at.
const CERTIFICATE_EVERY: Duration = Duration::from_secs(6 * 3_600);

/// How often the doses that came are taken into the books of stock.
const STOCK_EVERY: Duration = Duration::from_secs(5 * 60);
/// How often the doses that came are listed for tablets.
const REFERENCE_EVERY: Duration = Duration::from_secs(3_600);

/// A running server.
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where `/metrics` is served, where it is.
    pub metrics_address: Option<SocketAddr>,
    /// Under which address it is reached, by its first name.
    pub url: String,
    /// What its handlers share.
    pub central: Central,
    handle: Handle<SocketAddr>,
    stopping: watch::Sender<bool>,
    server: JoinHandle<io::Result<()>>,
    _lock: File,
}

/// It cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Its files.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Its certificate.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// Its socket.
    #[error("cannot listen: {0}")]
    Listen(#[from] io::Error),
}

/// Starts serving. Call inside a tokio runtime, after a crypto provider was installed for the process.
///
/// # Errors
/// [`ServeError`].
pub async fn start(
    directory: DataDirectory,
    listen: SocketAddr,
    clock: Clock,
) -> Result<Serving, ServeError> {
    let lock = directory.lock()?;
    let certificate = directory.server_certificate(clock.now())?;
    let tls = RustlsConfig::from_config(Arc::new(seal::tls::server_config(
        &certificate.chain_pem,
        &certificate.key_pem,
    )?));
    let settings = directory.settings()?;
    let (stopping, stopped) = watch::channel(false);
    let storage = directory.storage().await?;
    directory.no_later_key_is_lost(&*storage).await?;
    directory.make_later_keys(&mut SystemRandom::default())?;
    directory.make_office_keys(clock.now(), &mut SystemRandom::default())?;
    let central = Central::new(Parts {
        storage,
        directory: directory.clone(),
        clock: clock.clone(),
        receipt_signer: directory.receipt_signer()?,
        coupon_master: Arc::new(directory.coupon_master()?),
        hosts: certificate.hosts.clone(),
        stopping: stopped.clone(),
        nobody_password: password::hash("nobody", &mut SystemRandom::default())?,
        limits: Limits::new(&settings.limits),
        keeping_key: directory.keeping_key()?,
        provider: directory.provider(&settings, &certificate.hosts)?,
        media: directory.media_room()?,
        look_ups: settings.look_ups,
    });
    sweeping::at_start(&central).await.map_err(DirectoryError::from)?;
    let metrics_address = match settings.metrics_listen {
        Some(listen) => Some(metrics::serve(listen, stopped.clone()).await?),
        None => None,
    };
    let listener = TcpListener::bind(listen)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let handle = Handle::new();
    let mut server = axum_server::from_tcp_rustls(listener, tls.clone())?.handle(handle.clone());
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(IDLE);
    server.http_builder().http2().timer(TokioTimer::new()).keep_alive_interval(IDLE);
    let service = routes::router(central.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(server.serve(service));
    tokio::spawn(fleet_hours::keep(central.clone(), stopped.clone()));
    tokio::spawn(keep_reference_fresh(central.clone(), stopped.clone()));
    tokio::spawn(keep_stock_fresh(central.clone(), stopped.clone()));
    tokio::spawn(sweeping::keep(central.clone(), stopped.clone()));
    tokio::spawn(keep_certificate_fresh(directory, tls, clock, stopped));
    let host = certificate.hosts.first().map_or("localhost", String::as_str);
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let url = format!("https://{host}:{}", address.port());
    tracing::info!(%address, "serving");
    Ok(Serving { address, metrics_address, url, central, handle, stopping, server, _lock: lock })
}

impl Serving {
    /// Takes no more requests, lets those being answered end, and returns when all have.
    ///
    /// # Errors
    /// [`ServeError::Listen`] if the server itself had failed.
    pub async fn stop(self) -> Result<(), ServeError> {
        // Event streams end by this; the rest by the handle.
        self.stopping.send_replace(true);
        let mut server = self.server;
        // Whoever is not waiting at this very moment misses the call, so it is repeated.
        let ending = async {
            loop {
                self.handle.graceful_shutdown(Some(GRACE));
                if let Ok(ended) = tokio::time::timeout(Duration::from_millis(100), &mut server).await {
                    return ended.unwrap_or(Ok(()));
                }
            }
        };
        let ended = tokio::time::timeout(GRACE + Duration::from_secs(2), ending).await;
        if ended.is_err() {
            server.abort();
            tracing::warn!("connections were cut");
        }
        tracing::info!("stopped");
        Ok(ended.unwrap_or(Ok(()))?)
    }

    /// Waits until the server fails by itself.
    ///
    /// # Errors
    /// [`ServeError::Listen`].
    pub async fn failed(&mut self) -> Result<(), ServeError> {
        Ok((&mut self.server).await.unwrap_or(Ok(()))?)
    }
}

/// Tablets are told of doses that came since the last time. Nobody waits for it.
async fn keep_reference_fresh(central: Central, mut stopping: watch::Receiver<bool>) {
    loop {
        let now = central.clock.now();
        match reference::refresh(&*central.storage, &central.coupon_master, now).await {
            Ok(0) => {}
            Ok(lists) => tracing::info!(lists, "doses listed for tablets"),
            Err(error) => tracing::error!(%error, "doses cannot be listed for tablets"),
        }
        tokio::select! {
            () = tokio::time::sleep(REFERENCE_EVERY) => {}
            _ = stopping.changed() => return,
        }
    }
}

/// What tablets told of stock and the doses that came since the last time are taken into the books. Nobody waits for it.
async fn keep_stock_fresh(central: Central, mut stopping: watch::Receiver<bool>) {
    loop {
        let now = central.clock.now();
        match catching_up::catch_up(&*central.storage, &central.coupon_master, now).await {
            Ok(CaughtUp { acts: 0, looked_at: 0, closings: 0 }) => {}
            Ok(CaughtUp { acts, looked_at, closings }) => {
                tracing::info!(
                    acts,
                    looked_at,
                    closings,
                    "acts, doses and closings taken into the books of stock"
                );
            }
            Err(error) => tracing::error!(%error, "the books of stock cannot be brought up to date"),
        }
        tokio::select! {
            () = tokio::time::sleep(STOCK_EVERY) => {}
            _ = stopping.changed() => return,
        }
    }
}

/// A server that runs for a year gets its new certificate without being started again.
async fn keep_certificate_fresh(
    directory: DataDirectory,
    tls: RustlsConfig,
    clock: Clock,
    mut stopping: watch::Receiver<bool>,
) {
    let mut issued_at = None;
    loop {
        tokio::select! {
            () = tokio::time::sleep(CERTIFICATE_EVERY) => {}
            _ = stopping.changed() => return,
        }
        let certificate = match directory.server_certificate(clock.now()) {
            Ok(certificate) => certificate,
            Err(error) => {
                tracing::error!(%error, "certificate cannot be renewed");
                continue;
            }
        };
        if issued_at.replace(certificate.issued_at) == Some(certificate.issued_at) {
            continue;
        }
        match seal::tls::server_config(&certificate.chain_pem, &certificate.key_pem) {
            Ok(config) => tls.reload_from_config(Arc::new(config)),
            Err(error) => tracing::error!(%error, "renewed certificate cannot be used"),
        }
    }
}
