//! The thread that sends, beside the screens. It holds the database only while it reads or keeps, never while it
//! waits for the network.
//!
//! Must not: decide anything; [`Courier`] does.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use record::Moment;
use seal::random::SystemRandom;
use store::Store;

use crate::{
    courier::{Courier, Next, Route, Wake},
    https::Https,
    status::SendStatus,
};

/// The longest sleep in one piece: a wake-up that got lost costs no more than this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Others who wait for the database get it in this time.
const BREATH: Duration = Duration::from_millis(5);

enum Order {
    Wake(Wake),
    Stop,
}

/// The running thread.
#[derive(Debug)]
pub struct Running {
    orders: Sender<Order>,
    handle: Option<JoinHandle<()>>,
}

impl Running {
    /// There is something to do.
    pub fn wake(&self, wake: Wake) {
        // If the thread has ended there is nobody to wake.
        let _ = self.orders.send(Order::Wake(wake));
    }

    /// Asks it to end after the request under way, and waits for that.
    pub fn stop(mut self) {
        let _ = self.orders.send(Order::Stop);
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

/// Starts sending. `clock` reads the tablet's clocks, `free_bytes` how much is free under its folder (none where the
/// system does not say); `tell` hears every change of status and must not block.
///
/// # Errors
/// If the operating system gives no thread.
pub fn start(
    store: Arc<Mutex<Store>>,
    route: Route,
    clock: fn() -> Moment,
    free_bytes: impl Fn() -> Option<u64> + Send + 'static,
    tell: impl Fn(SendStatus) + Send + 'static,
) -> std::io::Result<Running> {
    let (orders, inbox) = channel();
    let handle = std::thread::Builder::new()
        .name("sync".to_owned())
        .spawn(move || run(&store, route, clock, &free_bytes, &tell, &inbox))?;
    Ok(Running { orders, handle: Some(handle) })
}

fn run(
    store: &Mutex<Store>,
    route: Route,
    clock: fn() -> Moment,
    free_bytes: &impl Fn() -> Option<u64>,
    tell: &impl Fn(SendStatus),
    inbox: &Receiver<Order>,
) {
    let mut https = Https::new(route.central.clone());
    let mut courier = Courier::new(route);
    let mut random = SystemRandom::default();
    let open = || store.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        courier.saw_free_bytes(free_bytes());
        let next = courier.next(&mut open(), clock(), &mut random);
        tell(courier.status(clock()));
        let sleep = match next {
            Next::Send(request) => {
                let answer = https.carry(&request);
                courier.answered(answer, &mut open(), clock(), &mut random);
                Duration::ZERO
            }
            Next::Again => BREATH,
            Next::Rest { until_monotonic_ms } => {
                Duration::from_millis(until_monotonic_ms.saturating_sub(clock().monotonic_ms))
                    .min(LONGEST_SLEEP)
            }
        };
        match inbox.recv_timeout(sleep) {
            Ok(Order::Wake(wake)) => courier.wake(wake),
            Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
