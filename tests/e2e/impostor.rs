//! A server that answers every request with something that is no answer.
//!
//! Must not: know the protocol.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Serves with that certificate; where.
pub(crate) fn answers_nonsense(mut tls: ServerConfig) -> SocketAddr {
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    let (tls, listener) = (Arc::new(tls), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let (Ok(connection), Ok(tls)) = (connection, ServerConnection::new(Arc::clone(&tls))) else {
                continue;
            };
            let mut stream = StreamOwned::new(tls, connection);
            let mut request = [0; 16 * 1024];
            // Whoever does not trust the certificate hangs up before asking.
            while stream.read(&mut request).is_ok_and(|count| count > 0) {
                let page = "<html><body>無料Wi-Fiへようこそ</body></html>";
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", page.len());
                if stream.write_all(format!("{head}{page}").as_bytes()).is_err() {
                    break;
                }
            }
        }
    });
    address
}
