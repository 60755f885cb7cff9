//! A way to the central on which requests arrive and replies do not.
//!
//! Must not: look inside the TLS it carries.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A client's half of a handshake is well below this, a batch of some hundred entries well above.
const HANDSHAKE_BYTES: usize = 2 << 10;

/// The proxy. Its connections break when it is dropped.
pub(crate) struct LossyProxy {
    pub(crate) url: String,
    task: JoinHandle<()>,
}

impl LossyProxy {
    /// Before that central.
    pub(crate) async fn before(central: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                carry(client, TcpStream::connect(central).await.unwrap()).await;
            }
        });
        Self { url, task }
    }
}

impl Drop for LossyProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Carries everything in, and nothing out once a request follows the handshake; until one side hangs up.
async fn carry(mut client: TcpStream, mut central: TcpStream) {
    let (mut inward, mut outward, mut carried) = (vec![0; 16 << 10], vec![0; 16 << 10], 0_usize);
    loop {
        tokio::select! {
            read = client.read(&mut inward) => {
                let Ok(count @ 1..) = read else { return };
                carried += count;
                central.write_all(&inward[..count]).await.unwrap();
            }
            read = central.read(&mut outward) => {
                let Ok(count @ 1..) = read else { return };
                if carried <= HANDSHAKE_BYTES {
                    client.write_all(&outward[..count]).await.unwrap();
                }
            }
        }
    }
}
