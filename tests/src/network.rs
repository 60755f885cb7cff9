//! A network that can be cut: a TCP proxy between tablet and central.
//!
//! Must not: look into what passes; it is encrypted anyway.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
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
    /// Requests get through, and nothing comes back.
    LosesReplies = 2,
}

/// The proxy.
pub struct Network {
    address: SocketAddr,
    cable: Arc<Cable>,
}

struct Cable {
    mood: AtomicU8,
    /// How often it was cut: connections of before such a moment are gone, however short it was.
    cuts: AtomicU64,
    lost: AtomicU64,
    connections: AtomicU64,
    leads_to: Mutex<SocketAddr>,
}

impl Network {
    /// A proxy in front of `central`, in that mood.
    pub fn before(central: SocketAddr, mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let cable = Arc::new(Cable {
            mood: AtomicU8::new(mood as u8),
            cuts: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            leads_to: Mutex::new(central),
        });
        let network = Self { address, cable: Arc::clone(&cable) };
        std::thread::spawn(move || {
            for client in listener.incoming() {
                cable.connections.fetch_add(1, Ordering::SeqCst);
                let server = *cable.leads_to.lock().unwrap();
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(server)) else { continue };
                pass(client, server, &cable);
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
        self.cable.mood.store(mood as u8, Ordering::SeqCst);
        if mood == Mood::Cut {
            self.cable.cuts.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// New connections end at another server, from now on.
    pub fn lead_to(&self, server: SocketAddr) {
        *self.cable.leads_to.lock().unwrap() = server;
    }

    /// How often somebody connected, or tried to.
    pub fn connections(&self) -> u64 {
        self.cable.connections.load(Ordering::SeqCst)
    }

    /// How many pieces of replies were lost.
    pub fn lost(&self) -> u64 {
        self.cable.lost.load(Ordering::SeqCst)
    }
}

fn pass(client: TcpStream, server: TcpStream, cable: &Arc<Cable>) {
    let cuts = cable.cuts.load(Ordering::SeqCst);
    let pairs = [(client.try_clone().unwrap(), server.try_clone().unwrap(), false), (server, client, true)];
    for (from, to, is_reply) in pairs {
        let cable = Arc::clone(cable);
        std::thread::spawn(move || cable.carry(from, to, is_reply, cuts));
    }
}

impl Cable {
    fn is_cut(&self, cuts: u64) -> bool {
        self.mood.load(Ordering::SeqCst) == Mood::Cut as u8 || self.cuts.load(Ordering::SeqCst) != cuts
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream, is_reply: bool, cuts: u64) {
        let _ = from.set_read_timeout(Some(Duration::from_millis(50)));
        let mut buffer = [0; 16 * 1024];
        while !self.is_cut(cuts) {
            match from.read(&mut buffer) {
                Ok(0) => break,
                // Cut while it waited.
                Ok(_) if self.is_cut(cuts) => break,
                Ok(_) if is_reply && self.mood.load(Ordering::SeqCst) == Mood::LosesReplies as u8 => {
                    self.lost.fetch_add(1, Ordering::SeqCst);
                }
                Ok(count) => {
                    if to.write_all(&buffer[..count]).is_err() {
                        break;
                    }
                }
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => break,
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }
}
