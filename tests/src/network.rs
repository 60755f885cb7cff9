//! A network that can be cut: a TCP proxy between tablet and central.
//!
//! Must not: look into what passes; it is encrypted anyway.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    time::Duration,
};

/// What the network does with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Mood {
    /// Nothing gets through; open connections break.
    Cut = 0,
    /// Everything gets through.
    Open = 1,
    /// Requests get through, and what comes back is lost once it is longer than a handshake's.
    LosesReplies = 2,
}

/// The proxy.
pub struct Network {
    address: SocketAddr,
    mood: Arc<AtomicU8>,
    lost: Arc<AtomicU64>,
}

/// What the central says before the first answer: a TLS 1.3 handshake with one small certificate is below this.
const HANDSHAKE_BYTES: usize = 1_500;

impl Network {
    /// A proxy in front of `central`, in that mood.
    pub fn before(central: SocketAddr, mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let network = Self { address, mood: Arc::new(AtomicU8::new(mood as u8)), lost: Arc::default() };
        let (mood, lost) = (Arc::clone(&network.mood), Arc::clone(&network.lost));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(central)) else { continue };
                if mood.load(Ordering::SeqCst) == Mood::Cut as u8 {
                    let _ = client.shutdown(Shutdown::Both);
                    continue;
                }
                pass(client, server, &mood, &lost);
            }
        });
        network
    }

    /// Where tablets connect.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Another mood, from now on.
    pub fn become_(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }

    /// How often a reply was lost.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::SeqCst)
    }
}

fn pass(client: TcpStream, server: TcpStream, mood: &Arc<AtomicU8>, lost: &Arc<AtomicU64>) {
    let pairs = [(client.try_clone().unwrap(), server.try_clone().unwrap(), false), (server, client, true)];
    for (from, to, is_reply) in pairs {
        let (mood, lost) = (Arc::clone(mood), Arc::clone(lost));
        std::thread::spawn(move || carry(from, to, is_reply, &mood, &lost));
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, is_reply: bool, mood: &AtomicU8, lost: &AtomicU64) {
    let _ = from.set_read_timeout(Some(Duration::from_millis(50)));
    let mut buffer = [0; 16 * 1024];
    let mut passed = 0;
    loop {
        let now = mood.load(Ordering::SeqCst);
        if now == Mood::Cut as u8 {
            break;
        }
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                if is_reply && now == Mood::LosesReplies as u8 && passed + count > HANDSHAKE_BYTES {
                    lost.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                passed += count;
                if to.write_all(&buffer[..count]).is_err() {
                    break;
                }
            }
            Err(error)
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
