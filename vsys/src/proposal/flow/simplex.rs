//! The network simplex method for a circulation: a tree of pipes that spans all places, and pivot after pivot one pipe in
//! and one out, until no pipe would make it cheaper. Source of the method: Cunningham (1976), strongly feasible trees, which
//! cannot cycle; Király and Kovács (2012), block search. Places and pipes can be added to what was solved, and solving goes on
//! from there.
//!
//! ```text
//! entering pipe: first ─► second;  round: second ─► … ─► join ─► … ─► first;  the pipe that fills or empties first leaves
//! ```
//!
//! Must not: take a cost or an amount that is not whole; depend on anything but the order of the pipes.

/// From one place to another, for at most so many units, each at that cost.
#[derive(Debug, Clone, Copy)]
struct Pipe {
    from: usize,
    to: usize,
    most: i64,
    cost: i64,
}

/// How a pipe that is not in the tree stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Empty,
    Full,
    InTree,
}

/// No place.
const NONE: usize = usize::MAX;

/// A place in the tree.
#[derive(Debug, Clone, Copy)]
struct Place {
    parent: usize,
    /// The pipe between it and its parent.
    pipe: usize,
    /// Whether that pipe leads up to the parent.
    is_up: bool,
    depth: u32,
    first_child: usize,
    /// Its neighbours among the children of its parent.
    next: usize,
    previous: usize,
}

/// The root of the tree, which is there from the beginning.
pub(super) const ROOT: usize = 0;

/// Places, pipes, and what flows.
#[derive(Debug)]
pub(super) struct Simplex {
    pipes: Vec<Pipe>,
    flows: Vec<i64>,
    standing: Vec<Standing>,
    /// The first is the root.
    places: Vec<Place>,
    /// What a unit is worth at each place: along a pipe of the tree it rises by the pipe's cost. Apart from the places, because
    /// the search for a pipe reads nothing else of them.
    prices: Vec<i64>,
    /// Where the search for a pipe goes on.
    search: usize,
}

/// Where the round of a pivot is cut.
enum Leaves {
    /// At a place on the way to the first end of the entering pipe, or to the second.
    First(usize),
    Second(usize),
    /// The entering pipe itself fills or empties.
    Itself,
}

impl Simplex {
    /// The root alone.
    pub(super) fn new() -> Self {
        let root = Place {
            parent: NONE,
            pipe: NONE,
            is_up: false,
            depth: 0,
            first_child: NONE,
            next: NONE,
            previous: NONE,
        };
        Self {
            pipes: Vec::new(),
            flows: Vec::new(),
            standing: Vec::new(),
            places: vec![root],
            prices: vec![0],
            search: 0,
        }
    }

    /// Another place. A pipe of its own to the root, which costs more than nothing, keeps it in the tree until others do;
    /// nothing goes through it in the end, because not to let that come costs less.
    pub(super) fn place(&mut self) -> usize {
        let place = self.places.len();
        let to_root = self.pipe(place, ROOT, i64::MAX, 1);
        self.standing[to_root] = Standing::InTree;
        let root = self.places[ROOT];
        self.places.push(Place { first_child: NONE, ..root });
        self.prices.push(self.prices[ROOT] - 1);
        self.hang(place, ROOT, to_root, true);
        place
    }

    /// Another pipe, through which nothing goes yet.
    pub(super) fn pipe(&mut self, from: usize, to: usize, most: i64, cost: i64) -> usize {
        self.pipes.push(Pipe { from, to, most, cost });
        self.flows.push(0);
        self.standing.push(Standing::Empty);
        self.pipes.len() - 1
    }

    /// Makes it the cheapest circulation.
    pub(super) fn solve(&mut self) {
        let block = self.pipes.len().isqrt().max(16);
        while let Some(entering) = self.entering(block) {
            self.pivot(entering);
        }
    }

    /// What goes through a pipe.
    pub(super) fn through(&self, pipe: usize) -> i64 {
        self.flows[pipe]
    }

    /// Hangs a place with all below it under another.
    fn hang(&mut self, place: usize, parent: usize, pipe: usize, is_up: bool) {
        let next = self.places[parent].first_child;
        if next != NONE {
            self.places[next].previous = place;
        }
        self.places[parent].first_child = place;
        let depth = self.places[parent].depth + 1;
        let below = &mut self.places[place];
        (below.parent, below.pipe, below.is_up) = (parent, pipe, is_up);
        (below.next, below.previous) = (next, NONE);
        below.depth = depth;
    }

    fn unhang(&mut self, place: usize) {
        let Place { parent, next, previous, .. } = self.places[place];
        if previous == NONE {
            self.places[parent].first_child = next;
        } else {
            self.places[previous].next = next;
        }
        if next != NONE {
            self.places[next].previous = previous;
        }
    }

    /// What a unit more through it costs beside what it is worth at both ends.
    fn reduced_cost(&self, pipe: usize) -> i64 {
        let Pipe { from, to, cost, .. } = self.pipes[pipe];
        cost + self.prices[from] - self.prices[to]
    }

    /// The pipe of the next block with anything to gain that gains the most; none where no pipe does.
    fn entering(&mut self, block: usize) -> Option<usize> {
        let (mut best, mut gain) = (None, 0);
        for looked in 1..=self.pipes.len() {
            let pipe = self.search;
            self.search = if pipe + 1 == self.pipes.len() { 0 } else { pipe + 1 };
            let gains = match self.standing[pipe] {
                Standing::Empty => -self.reduced_cost(pipe),
                Standing::Full => self.reduced_cost(pipe),
                Standing::InTree => 0,
            };
            if gains > gain {
                (best, gain) = (Some(pipe), gains);
            }
            if best.is_some() && looked % block == 0 {
                break;
            }
        }
        best
    }

    fn pivot(&mut self, entering: usize) {
        let Pipe { from, to, most, .. } = self.pipes[entering];
        let is_filling = self.standing[entering] == Standing::Empty;
        let (first, second) = if is_filling { (from, to) } else { (to, from) };
        let join = self.join(first, second);
        let (amount, leaves) = self.leaves(first, second, join, most);
        self.flows[entering] += if is_filling { amount } else { -amount };
        self.push_down(first, join, amount);
        self.push_up(second, join, amount);
        let (inner, outer, cut) = match leaves {
            Leaves::First(cut) => (first, second, cut),
            Leaves::Second(cut) => (second, first, cut),
            Leaves::Itself => {
                self.standing[entering] = if is_filling { Standing::Full } else { Standing::Empty };
                return;
            }
        };
        let leaving = self.places[cut].pipe;
        self.standing[leaving] = if self.flows[leaving] == 0 { Standing::Empty } else { Standing::Full };
        self.standing[entering] = Standing::InTree;
        self.turn(inner, outer, cut, entering);
    }

    /// The lowest place above both.
    fn join(&self, mut one: usize, mut other: usize) -> usize {
        while one != other {
            if self.places[one].depth >= self.places[other].depth {
                one = self.places[one].parent;
            } else {
                other = self.places[other].parent;
            }
        }
        one
    }

    /// How much can go round, and where it is stopped. Of several the last on the way round from the join is taken, which
    /// keeps every empty pipe of the tree one that leads up.
    fn leaves(&self, first: usize, second: usize, join: usize, most: i64) -> (i64, Leaves) {
        let (mut amount, mut leaves) = (most, Leaves::Itself);
        let mut place = first;
        while place != join {
            let Place { parent, pipe, is_up, .. } = self.places[place];
            let room = if is_up { self.flows[pipe] } else { self.pipes[pipe].most - self.flows[pipe] };
            if room < amount {
                (amount, leaves) = (room, Leaves::First(place));
            }
            place = parent;
        }
        let mut place = second;
        while place != join {
            let Place { parent, pipe, is_up, .. } = self.places[place];
            let room = if is_up { self.pipes[pipe].most - self.flows[pipe] } else { self.flows[pipe] };
            if room <= amount {
                (amount, leaves) = (room, Leaves::Second(place));
            }
            place = parent;
        }
        (amount, leaves)
    }

    fn push_down(&mut self, mut to: usize, join: usize, amount: i64) {
        while to != join {
            let Place { parent, pipe, is_up, .. } = self.places[to];
            self.flows[pipe] += if is_up { -amount } else { amount };
            to = parent;
        }
    }

    fn push_up(&mut self, mut from: usize, join: usize, amount: i64) {
        while from != join {
            let Place { parent, pipe, is_up, .. } = self.places[from];
            self.flows[pipe] += if is_up { amount } else { -amount };
            from = parent;
        }
    }

    /// What hung at `cut` hangs by `inner` under `outer` now: every parent between the two becomes a child.
    fn turn(&mut self, inner: usize, outer: usize, cut: usize, entering: usize) {
        let (mut place, mut parent, mut pipe) = (inner, outer, entering);
        let mut is_up = self.pipes[entering].from == inner;
        loop {
            let old = self.places[place];
            self.unhang(place);
            self.hang(place, parent, pipe, is_up);
            if place == cut {
                break;
            }
            (parent, place, pipe, is_up) = (place, old.parent, old.pipe, !old.is_up);
        }
        let cost = self.pipes[entering].cost;
        let leads_up = self.places[inner].is_up;
        let price = self.prices[outer] + if leads_up { -cost } else { cost };
        self.reprice(inner, price - self.prices[inner]);
    }

    /// Everything below, and the place itself, is worth so much more, and stands where it stands now.
    fn reprice(&mut self, top: usize, more: i64) {
        let mut place = top;
        loop {
            self.prices[place] += more;
            self.places[place].depth = self.places[self.places[place].parent].depth + 1;
            if self.places[place].first_child != NONE {
                place = self.places[place].first_child;
                continue;
            }
            while place != top && self.places[place].next == NONE {
                place = self.places[place].parent;
            }
            if place == top {
                return;
            }
            place = self.places[place].next;
        }
    }
}
