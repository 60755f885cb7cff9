//! 定期連絡 as the central keeps it: what the tablet said, and whether its chain is the one that arrived here.
//!
//! Must not: hold a link; it was compared when it came.

use std::{fmt, str::FromStr};

use record::{
    Epoch, WallTime,
    wire::heartbeat::{ClockOffset, Count, FreeSpace, Heartbeat, Release},
};

/// A heartbeat that was received, before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// What the tablet said.
    pub heartbeat: Heartbeat,
    /// When it came, by the central's clock.
    pub received_at: WallTime,
}

/// A heartbeat as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptHeartbeat {
    /// When it came, by the central's clock.
    pub received_at: WallTime,
    /// Which of the tablet's databases.
    pub epoch: Epoch,
    /// Its last position; 0 before the first entry.
    pub position: Count,
    /// Whether the chain there is the one kept here.
    pub head: HeadCheck,
    /// 送信待ち.
    pub pending: Count,
    /// 送信済み.
    pub delivered: Count,
    /// 要確認.
    pub needs_review: Count,
    /// Databases before this one that were set aside.
    pub set_aside: Count,
    /// How far the central's clock was ahead of the tablet's.
    pub clock_offset_s: ClockOffset,
    /// The release of its program.
    pub release: Release,
    /// Free space; none where the tablet's system does not say.
    pub free_mib: Option<FreeSpace>,
}

/// 記録の鎖の照合: the tablet's last link beside the one kept at the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadCheck {
    /// The same link is kept here.
    Same,
    /// Another one is: one of the two sides is not what it was.
    Other,
    /// Nothing is kept at that place yet.
    NotHeld,
}

impl HeadCheck {
    const ALL: [Self; 3] = [Self::Same, Self::Other, Self::NotHeld];

    /// From whether any link, and whether this very link, is kept at the place.
    #[must_use]
    pub fn of_kept(kept: impl IntoIterator<Item = bool>) -> Self {
        kept.into_iter().fold(Self::NotHeld, |found, is_this| match (found, is_this) {
            (Self::Same, _) | (_, true) => Self::Same,
            _ => Self::Other,
        })
    }
}

impl fmt::Display for HeadCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Same => "same",
            Self::Other => "other",
            Self::NotHeld => "not_held",
        })
    }
}

/// A text is no outcome of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a head check")]
pub struct HeadCheckError;

impl FromStr for HeadCheck {
    type Err = HeadCheckError;
    fn from_str(text: &str) -> Result<Self, HeadCheckError> {
        Self::ALL.into_iter().find(|check| check.to_string() == text).ok_or(HeadCheckError)
    }
}

impl KeptHeartbeat {
    /// What is kept of a heartbeat.
    #[must_use]
    pub fn of(heard: &Heard, head: HeadCheck) -> Self {
        let said = heard.heartbeat;
        Self {
            received_at: heard.received_at,
            epoch: said.epoch,
            position: said.head.map_or_else(Count::default, |head| head.position),
            head,
            pending: said.pending,
            delivered: said.delivered,
            needs_review: said.needs_review,
            set_aside: said.set_aside,
            clock_offset_s: said.clock_offset_s,
            release: said.release,
            free_mib: said.free_mib,
        }
    }
    /// Its last position as a number.
    #[must_use]
    pub fn position(&self) -> u64 {
        u64::from(self.position.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_entries_at_one_place_one_may_be_the_tablets() {
        assert_eq!(HeadCheck::of_kept([]), HeadCheck::NotHeld);
        assert_eq!(HeadCheck::of_kept([false]), HeadCheck::Other);
        assert_eq!(HeadCheck::of_kept([true, false]), HeadCheck::Same);
        assert_eq!(HeadCheck::of_kept([false, true]), HeadCheck::Same);
        for check in HeadCheck::ALL {
            assert_eq!(check.to_string().parse(), Ok(check));
        }
    }
}
