//! The network that is solved: units from lots to what is wanted, as many as possible, and of all such ways the cheapest.
//!
//! Must not: know what a node stands for.

mod simplex;

/// Places and pipes. Amounts and costs are whole numbers; what goes through a pipe is one too.
#[derive(Debug, Default)]
pub(super) struct Network {
    nodes: usize,
    pipes: Vec<Pipe>,
}

/// From one place to another, for at most so many units, each at that cost.
#[derive(Debug, Clone, Copy)]
struct Pipe {
    from: usize,
    to: usize,
    most: i64,
    cost: i64,
}

/// A place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node(usize);

/// Where a pipe stands in the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct PipeId(usize);

/// What goes through each pipe.
#[derive(Debug)]
pub(super) struct Flows(Vec<u64>);

impl Network {
    /// The most that goes through one pipe, and through all from one place.
    pub(super) const MOST_UNITS: u64 = 1_000_000_000_000;

    /// Another place.
    pub(super) fn node(&mut self) -> Node {
        self.nodes += 1;
        Node(self.nodes - 1)
    }

    /// A pipe for at most so many units, each at that cost.
    pub(super) fn pipe(&mut self, from: Node, to: Node, most: u64, cost: u64) -> PipeId {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let most = signed(most.min(Self::MOST_UNITS));
        self.pipes.push(Pipe { from: from.0, to: to.0, most, cost: signed(cost) });
        PipeId(self.pipes.len() - 1)
    }

    /// As much as can go from one place to another, at the least cost of all ways in which so much can go.
    ///
    /// All that arrives goes back through a pipe that pays more for a unit than any way can cost, so that the cheapest
    /// circulation is the one in which the most arrives.
    pub(super) fn solve(&self, source: Node, sink: Node) -> Flows {
        let dearest = self.pipes.iter().map(|pipe| pipe.cost).max().unwrap_or(0);
        let pays = dearest.saturating_add(1).saturating_mul(i64::try_from(self.nodes).unwrap_or(i64::MAX));
        let back = Pipe {
            from: sink.0,
            to: source.0,
            most: i64::try_from(Self::MOST_UNITS).unwrap_or(i64::MAX),
            cost: -pays,
        };
        let pipes: Vec<Pipe> = self.pipes.iter().copied().chain([back]).collect();
        let mut flows = simplex::cheapest_circulation(self.nodes, &pipes);
        flows.truncate(self.pipes.len());
        Flows(flows.into_iter().map(|flow| u64::try_from(flow).unwrap_or(0)).collect())
    }
}

impl Flows {
    /// Units that go through it.
    pub(super) fn through(&self, pipe: PipeId) -> u64 {
        self.0[pipe.0]
    }
}

#[cfg(test)]
mod tests;
