//! As much is served, and for as little, as another's solver says; and what goes in comes out. Also where more is added later.

use ac_library::MinCostFlowGraph;
use proptest::prelude::*;

use super::*;

/// From place to place, at most so much, at that cost.
type Drawn = (usize, usize, u64, u64);

/// Units come in at the first place and are wanted at the last. Solved after a part of the pipes, and again after all.
fn served_and_cost(nodes: usize, pipes: &[Drawn], first_part: usize) -> (i64, i64) {
    let mut network = Network::new();
    let mut places: Vec<Node> = (0..nodes).map(|_| network.node()).collect();
    network.comes(places[0], Network::MOST_UNITS);
    let wanted = network.wanted(places[nodes - 1], Network::MOST_UNITS, 0);
    let mut ids = Vec::new();
    for (index, (from, to, most, cost)) in pipes.iter().enumerate() {
        if index == first_part {
            network.solve();
            places.push(network.node());
        }
        ids.push(network.pipe(places[*from], places[*to], *most, *cost));
    }
    network.solve();
    let mut balance = vec![0; nodes];
    let mut cost = 0;
    for ((from, to, most, each), id) in pipes.iter().zip(ids) {
        let flow = network.through(id);
        assert!(flow <= *most);
        let flow = i64::try_from(flow).unwrap();
        balance[*from] -= flow;
        balance[*to] += flow;
        cost += flow * i64::try_from(*each).unwrap();
    }
    let served = i64::try_from(network.through(wanted)).unwrap();
    assert_eq!((balance[0], balance[nodes - 1]), (-served, served));
    assert!(balance[1..nodes - 1].iter().all(|balance| *balance == 0), "what goes in comes out");
    (served, cost)
}

fn as_another_says(nodes: usize, pipes: &[Drawn]) -> (i64, i64) {
    let mut graph = MinCostFlowGraph::new(nodes);
    for (from, to, most, cost) in pipes {
        graph.add_edge(*from, *to, i64::try_from(*most).unwrap(), i64::try_from(*cost).unwrap());
    }
    graph.flow(0, nodes - 1, i64::MAX)
}

#[test]
fn a_dear_way_is_taken_where_more_arrives_by_it() {
    let pipes = [(0, 1, 2, 1), (0, 2, 1, 900), (1, 3, 1, 1), (2, 3, 5, 900), (1, 2, 9, 0)];
    for first_part in 0..5 {
        assert_eq!(served_and_cost(4, &pipes, first_part), (3, 2 + 901 + 1_800));
    }
}

#[test]
fn where_nothing_leads_nothing_flows() {
    assert_eq!(served_and_cost(3, &[(0, 1, 5, 1)], 0), (0, 0));
    assert_eq!(served_and_cost(2, &[], 0), (0, 0));
}

proptest! {
    #[test]
    fn as_much_is_served_and_for_as_little_as_another_solver_says(
        nodes in 2_usize..40,
        pipes in prop::collection::vec((0_usize..40, 0_usize..40, 0_u64..20, 0_u64..30), 0..240),
        first_part in 0_usize..240,
    ) {
        let pipes: Vec<Drawn> = pipes
            .into_iter()
            .map(|(from, to, most, cost)| (from % nodes, to % nodes, most, cost))
            .filter(|(from, to, ..)| from != to)
            .collect();
        prop_assert_eq!(served_and_cost(nodes, &pipes, first_part), as_another_says(nodes, &pipes));
    }

    #[test]
    fn also_between_two_rows_where_much_is_alike(
        lots in prop::collection::vec(0_u64..9, 1..20),
        wants in prop::collection::vec(0_u64..9, 1..20),
        links in prop::collection::vec((0_usize..20, 0_usize..20, 0_u64..4), 0..120),
        first_part in 0_usize..160,
    ) {
        let nodes = lots.len() + wants.len() + 2;
        let ins = lots.iter().zip(1..).map(|(most, lot)| (0, lot, *most, 0));
        let outs = wants.iter().zip(lots.len() + 1..).map(|(most, want)| (want, nodes - 1, *most, 0));
        let between = links.iter().map(|(lot, want, cost)| {
            (1 + lot % lots.len(), 1 + lots.len() + want % wants.len(), Network::MOST_UNITS, *cost)
        });
        let pipes: Vec<Drawn> = ins.chain(outs).chain(between).collect();
        prop_assert_eq!(served_and_cost(nodes, &pipes, first_part), as_another_says(nodes, &pipes));
    }
}
