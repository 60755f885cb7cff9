//! What sending looks like from outside: for the screens, and in a word for support.
//!
//! Must not: hold anything of an entry.

use record::{WallTime, wire::reference::ReferenceVersion};

use crate::exchange::NetworkError;

/// What the courier is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Everything has its receipt, or waits for its time.
    Resting,
    /// A request is under way.
    Sending,
    /// The last try failed; the next one comes after this time on the monotonic clock.
    WaitingUntil {
        /// Monotonic milliseconds.
        monotonic_ms: u64,
    },
}

/// Why the last try brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendProblem {
    /// The way to the central.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The central answered something that is no answer.
    #[error("central answered nonsense")]
    Nonsense,
    /// The receipt's signature or list does not fit what was sent.
    #[error("receipt does not fit")]
    Receipt,
    /// The central does not know this tablet's key.
    #[error("central does not know this tablet")]
    NotEnrolled,
    /// The one-time token was refused.
    #[error("enrolment token was refused")]
    TokenRefused,
    /// The central cannot take anything now.
    #[error("central is busy")]
    Busy,
    /// The central does not accept this tablet's signature.
    #[error("signature was refused")]
    SignatureRefused,
    /// The central does not take a request of this form: the programs do not fit each other.
    #[error("request was refused")]
    Refused,
    /// This tablet's own database failed while sending.
    #[error("database failed while sending")]
    Store,
}

/// Why reference data cannot be taken in. Entries are sent all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceProblem {
    /// The way to the central.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// What came is not what the central signed or named.
    #[error("central answered nonsense")]
    Nonsense,
    /// The central cannot answer now.
    #[error("central is busy")]
    Busy,
    /// The central does not give it.
    #[error("reference data was refused")]
    Refused,
    /// It would go back to an older version.
    #[error("reference data is older than what holds")]
    Older,
    /// It is rightly signed, and this program cannot read it.
    #[error("reference data cannot be read")]
    Unreadable,
    /// Too little of the disk is free.
    #[error("too little room for reference data")]
    NoRoom,
    /// This tablet's own database failed.
    #[error("database failed while taking in reference data")]
    Store,
}

/// How reference data stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReferenceStatus {
    /// The version that holds; none before anything came.
    pub version: Option<ReferenceVersion>,
    /// Why nothing newer could be taken in; none once it could.
    pub problem: Option<ReferenceProblem>,
}

/// A picture of sending at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendStatus {
    /// What is going on.
    pub activity: Activity,
    /// Why the last try brought nothing; none after a success.
    pub problem: Option<SendProblem>,
    /// When the central last answered rightly, by the tablet's clock.
    pub last_contact_at: Option<WallTime>,
    /// How far the central's clock is ahead of this tablet's, in milliseconds, once known.
    pub clock_offset_ms: Option<i64>,
    /// Entries the central asked for again later in this round.
    pub later: u64,
    /// What the central sends down.
    pub reference: ReferenceStatus,
}
