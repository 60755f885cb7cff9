//! 流量の上限: how many requests one address may send before it is told to come back. Sites behind one address share it,
//! so it is meant for machines gone wrong and for strangers; a proxy in front must limit by itself and switch this off.
//!
//! Must not: look at anything but the address of the connection: headers can be invented.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::{settings::LimitSettings, state::Central, tablets::refusal::Refusal};

/// Addresses that were quiet long enough are forgotten after so many requests.
const FORGET_EVERY: u32 = 10_000;

/// The limit, where there is one.
pub struct Limits {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    seen: AtomicU32,
}

impl Limits {
    /// As the settings say; none where they say nought.
    #[must_use]
    pub fn new(settings: &LimitSettings) -> Self {
        let quota = NonZeroU32::new(settings.requests_a_second)
            .map(|rate| Quota::per_second(rate).allow_burst(NonZeroU32::new(settings.burst).unwrap_or(rate)));
        Self { limiter: quota.map(RateLimiter::keyed), seen: AtomicU32::new(0) }
    }

    fn allows(&self, address: IpAddr) -> bool {
        let Some(limiter) = &self.limiter else { return true };
        if self.seen.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(&network(address)).is_ok()
    }
}

/// Whoever has an IPv6 address has the 2⁶⁴ beside it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Answers 429 to an address that sends too much.
pub(crate) async fn hold_to(
    State(central): State<Central>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if central.limits.allows(peer.ip()) { next.run(request).await } else { Refusal::TooMany.into_response() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(requests_a_second: u32, burst: u32) -> Limits {
        Limits::new(&LimitSettings { requests_a_second, burst })
    }

    #[test]
    fn one_address_is_held_and_others_are_not() {
        let limits = limits(1, 3);
        let (one, other): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let allowed = (0..10).filter(|_| limits.allows(one)).count();
        assert!((3..=4).contains(&allowed), "{allowed}"); // a second may pass meanwhile
        assert!(limits.allows(other));
    }

    #[test]
    fn neighbours_in_one_network_share_their_limit() {
        let limits = limits(1, 1);
        assert!(limits.allows("2001:db8::1".parse().unwrap()));
        assert!(!limits.allows("2001:db8::2".parse().unwrap()));
        assert!(limits.allows("2001:db8:0:1::1".parse().unwrap()));
    }

    #[test]
    fn nought_is_no_limit() {
        let limits = limits(0, 0);
        assert!((0..10_000).all(|_| limits.allows("192.0.2.1".parse().unwrap())));
    }
}
