//! 予約と提案の画面: what is booked and expected, who is short, who can help, and where they lie on a map. They show no person.
//!
//! Must not: show a municipality another's facility; work an answer out (`stock::proposing` does).

pub(crate) mod bookings_page;
mod map;
pub(crate) mod page;
pub(crate) mod prefecture;
mod sentences;
mod shown;
mod words;
