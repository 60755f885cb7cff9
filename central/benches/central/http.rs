//! The least a tablet needs of HTTP/1.1 over TLS, so that the client costs little beside the server it measures.
//!
//! Must not: resume a TLS session: a tablet that comes back has none.

use std::{net::SocketAddr, sync::Arc};

use rustls::{ClientConfig, client::Resumption, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// A connection to the central.
pub(crate) struct Connection(BufReader<TlsStream<TcpStream>>);

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after_s: Option<u64>,
    pub(crate) body: Vec<u8>,
}

/// The TLS of a tablet.
pub(crate) fn tls(authority_pem: &str) -> TlsConnector {
    let mut config: ClientConfig =
        seal::tls::client_config(authority_pem, seal::tls::Dates::Unchecked).unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    TlsConnector::from(Arc::new(config))
}

impl Connection {
    pub(crate) async fn open(tls: &TlsConnector, address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let name = ServerName::try_from("127.0.0.1").unwrap();
        Ok(Self(BufReader::new(tls.connect(name, stream).await?)))
    }

    /// Sends a request whose head is complete but for the body's length; what comes back.
    pub(crate) async fn send(&mut self, head: &str, body: &[u8]) -> std::io::Result<Answer> {
        let mut request = format!("{head}content-length: {}\r\n\r\n", body.len()).into_bytes();
        request.extend_from_slice(body);
        self.0.write_all(&request).await?;
        self.0.flush().await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let header = |name: &str| {
            let line = head.lines().find(|line| line.starts_with(name))?;
            line.split_once(':')?.1.trim().parse::<u64>().ok()
        };
        let mut body = vec![0; header("content-length:").unwrap_or(0) as usize];
        self.0.read_exact(&mut body).await?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Ok(Answer { status, retry_after_s: header("retry-after:"), body })
    }
}
