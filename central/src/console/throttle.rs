//! Slowing down who guesses passwords and codes: each failure makes the next try wait longer, for that account from
//! that address, and for the address whatever the account. Codes count for the account wherever they come from.
//!
//! Must not: lock an account for everybody because of wrong passwords (a guesser could then shut staff out), or keep
//! what was typed.

use std::{collections::HashMap, net::IpAddr};

use record::WallTime;

use crate::storage::AccountName;

/// Failures that cost nothing, of one account from one address and of one address.
const FREE_OF_ACCOUNT: u32 = 3;
const FREE_OF_ADDRESS: u32 = 20;
const LONGEST_WAIT_MS: i64 = 300_000;
/// After this without a failure all is forgotten.
const FORGOTTEN_AFTER_MS: i64 = 3_600_000;
/// More are not remembered at once; the one that failed longest ago goes.
const MOST_REMEMBERED: usize = 10_000;

/// Who failed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Guesser {
    /// At the password of an account, from one address.
    Password(AccountName, IpAddr),
    /// At the code of an account, from wherever: that guesser knows the password.
    Code(AccountName),
    /// From one address, whatever the account; an account that cannot exist counts here only.
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last_at: WallTime,
}

/// The failures of the last hour.
#[derive(Debug, Default)]
pub struct Throttle(HashMap<Guesser, Failures>);

fn at_password(name: Option<&AccountName>, from: IpAddr) -> Vec<(Guesser, u32)> {
    let account = name.map(|name| (Guesser::Password(name.clone(), from), FREE_OF_ACCOUNT));
    account.into_iter().chain([(Guesser::Address(from), FREE_OF_ADDRESS)]).collect()
}

fn at_code(name: &AccountName, from: IpAddr) -> Vec<(Guesser, u32)> {
    vec![(Guesser::Code(name.clone()), FREE_OF_ACCOUNT), (Guesser::Address(from), FREE_OF_ADDRESS)]
}

impl Throttle {
    /// Milliseconds until this account's password may be tried from this address again.
    #[must_use]
    pub fn wait_ms(&self, name: Option<&AccountName>, from: IpAddr, now: WallTime) -> i64 {
        self.longest_wait_ms(at_password(name, from), now)
    }

    /// Milliseconds until a code of this account may be tried again.
    #[must_use]
    pub fn code_wait_ms(&self, name: &AccountName, from: IpAddr, now: WallTime) -> i64 {
        self.longest_wait_ms(at_code(name, from), now)
    }

    /// A password was wrong.
    pub fn failed(&mut self, name: Option<&AccountName>, from: IpAddr, now: WallTime) {
        self.count(at_password(name, from), now);
    }

    /// A code was wrong.
    pub fn code_failed(&mut self, name: &AccountName, from: IpAddr, now: WallTime) {
        self.count(at_code(name, from), now);
    }

    /// Somebody is in, by password and code; the account's own failures are forgotten, the address's are not.
    pub fn succeeded(&mut self, name: &AccountName, from: IpAddr) {
        self.0.remove(&Guesser::Password(name.clone(), from));
        self.0.remove(&Guesser::Code(name.clone()));
    }

    fn longest_wait_ms(&self, guessers: Vec<(Guesser, u32)>, now: WallTime) -> i64 {
        let wait = |(guesser, free): (Guesser, u32)| {
            let failures = self.0.get(&guesser)?;
            let beyond = failures.count.checked_sub(free)?;
            let pause =
                1_000_i64.checked_shl(beyond.min(20)).map_or(LONGEST_WAIT_MS, |ms| ms.min(LONGEST_WAIT_MS));
            Some(pause - now.ms_since(failures.last_at))
        };
        guessers.into_iter().filter_map(wait).max().unwrap_or(0).clamp(0, LONGEST_WAIT_MS)
    }

    fn count(&mut self, guessers: Vec<(Guesser, u32)>, now: WallTime) {
        self.0.retain(|_, failures| now.ms_since(failures.last_at) < FORGOTTEN_AFTER_MS);
        for (guesser, _) in guessers {
            if self.0.len() >= MOST_REMEMBERED && !self.0.contains_key(&guesser) {
                let oldest = self.0.iter().min_by_key(|(_, failures)| failures.last_at);
                let oldest = oldest.map(|(guesser, _)| guesser.clone());
                oldest.map(|guesser| self.0.remove(&guesser));
            }
            let failures = self.0.entry(guesser).or_insert(Failures { count: 0, last_at: now });
            *failures = Failures { count: failures.count.saturating_add(1), last_at: now };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: WallTime = WallTime::from_unix_ms(1_637_545_200_000);

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn each_failure_makes_the_next_try_wait_longer_but_only_there() {
        let mut throttle = Throttle::default();
        let name: AccountName = "support-1".parse().unwrap();
        let mut waits = Vec::new();
        for _ in 0..6 {
            throttle.failed(Some(&name), address(1), START);
            waits.push(throttle.wait_ms(Some(&name), address(1), START));
        }
        assert_eq!(waits, [0, 0, 1_000, 2_000, 4_000, 8_000]);
        assert_eq!(throttle.wait_ms(Some(&name), address(1), START.plus_ms(7_999)), 1);
        assert_eq!(throttle.wait_ms(Some(&name), address(1), START.plus_ms(8_000)), 0);
        assert_eq!(throttle.wait_ms(Some(&name), address(2), START), 0, "nobody else is shut out");
        throttle.succeeded(&name, address(1));
        assert_eq!(throttle.wait_ms(Some(&name), address(1), START), 0);
    }

    #[test]
    fn trying_many_names_from_one_address_is_slowed_too() {
        let mut throttle = Throttle::default();
        for number in 0..30 {
            throttle.failed(Some(&format!("name-{number}").parse().unwrap()), address(1), START);
        }
        let other: AccountName = "support-1".parse().unwrap();
        assert_eq!(throttle.wait_ms(Some(&other), address(1), START), LONGEST_WAIT_MS);
        assert_eq!(throttle.wait_ms(None, address(1), START.plus_ms(LONGEST_WAIT_MS)), 0);
        assert_eq!(throttle.wait_ms(Some(&other), address(2), START), 0);
    }

    #[test]
    fn a_code_is_not_guessed_from_many_addresses_nor_by_typing_the_password_again() {
        let mut throttle = Throttle::default();
        let name: AccountName = "support-1".parse().unwrap();
        for last in 0..10 {
            throttle.code_failed(&name, address(last), START);
        }
        let waits = |throttle: &Throttle| throttle.code_wait_ms(&name, address(99), START);
        assert_eq!(waits(&throttle), 128_000);
        assert_eq!(throttle.wait_ms(Some(&name), address(99), START), 0, "the password is another matter");
        throttle.failed(Some(&name), address(99), START);
        assert_eq!(waits(&throttle), 128_000);
        throttle.succeeded(&name, address(99));
        assert_eq!(waits(&throttle), 0);
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let mut throttle = Throttle::default();
        for number in 0..=MOST_REMEMBERED as u32 {
            let from = IpAddr::from(number.to_be_bytes());
            throttle.failed(None, from, START.plus_ms(number.into()));
        }
        assert_eq!(throttle.0.len(), MOST_REMEMBERED);
        throttle.failed(None, address(1), START.plus_ms(2 * FORGOTTEN_AFTER_MS));
        assert_eq!(throttle.0.len(), 1);
    }
}
