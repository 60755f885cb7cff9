//! The network that is solved: units that come in, places, pipes and what is wanted. As much as can be of what is wanted is
//! served, and of all such ways the cheapest is taken.
//!
//! Must not: know what a place stands for.

mod simplex;

use simplex::{ROOT, Simplex};

/// Places and pipes. Amounts and costs are whole numbers; what goes through a pipe is one too. More can be added after it was
/// solved, and solving it again goes on from there.
#[derive(Debug)]
pub(super) struct Network(Simplex);

/// A place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node(usize);

/// A pipe.
#[derive(Debug, Clone, Copy)]
pub(super) struct PipeId(usize);

/// What a unit that is wanted and served is worth: more than any way costs, which is why as many as can be are served. A way
/// has fewer than 2^25 pipes, each at most [`Network::MOST_COST`].
const SERVED: i64 = 1 << 50;

impl Network {
    /// The most that goes through one pipe.
    pub(super) const MOST_UNITS: u64 = 1_000_000_000_000;
    /// The most that a unit costs in one pipe; what is dearer costs that.
    pub(super) const MOST_COST: u64 = 1 << 24;

    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self(Simplex::new())
    }

    /// Another place.
    pub(super) fn node(&mut self) -> Node {
        Node(self.0.place())
    }

    /// So many units can come in there.
    pub(super) fn comes(&mut self, to: Node, most: u64) {
        self.0.pipe(ROOT, to.0, amount(most), 0);
    }

    /// From one place to another, at most so many units, each at that cost.
    pub(super) fn pipe(&mut self, from: Node, to: Node, most: u64, cost: u64) -> PipeId {
        PipeId(self.0.pipe(from.0, to.0, amount(most), price(cost)))
    }

    /// So many units are wanted there; each costs that much too.
    pub(super) fn wanted(&mut self, from: Node, most: u64, cost: u64) -> PipeId {
        PipeId(self.0.pipe(from.0, ROOT, amount(most), price(cost) - SERVED))
    }

    /// Serves as many as can be served, at the least cost of all ways in which as many can be.
    pub(super) fn solve(&mut self) {
        self.0.solve();
    }

    /// Units that go through it.
    pub(super) fn through(&self, pipe: PipeId) -> u64 {
        // Nothing flows back through a pipe.
        self.0.through(pipe.0).unsigned_abs()
    }
}

fn amount(units: u64) -> i64 {
    i64::try_from(units.min(Network::MOST_UNITS)).unwrap_or(i64::MAX)
}

fn price(cost: u64) -> i64 {
    i64::try_from(cost.min(Network::MOST_COST)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
