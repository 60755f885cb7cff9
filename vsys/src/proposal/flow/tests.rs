//! As much arrives, and for as little, as another's solver says; and what goes in comes out.

use ac_library::MinCostFlowGraph;
use proptest::prelude::*;

use super::*;

fn arrived_and_cost(network: &Network, source: Node, sink: Node) -> (i64, i64) {
    let flows = network.solve(source, sink);
    let mut balance = vec![0; network.nodes];
    let mut cost = 0;
    for (index, pipe) in network.pipes.iter().enumerate() {
        let flow = i64::try_from(flows.through(PipeId(index))).unwrap();
        assert!(flow <= pipe.most);
        balance[pipe.from] -= flow;
        balance[pipe.to] += flow;
        cost += flow * pipe.cost;
    }
    let arrived = balance[sink.0];
    assert_eq!(balance[source.0], -arrived);
    for (node, balance) in balance.into_iter().enumerate() {
        assert!(node == source.0 || node == sink.0 || balance == 0, "what goes in comes out");
    }
    (arrived, cost)
}

fn as_another_says(network: &Network, source: Node, sink: Node) -> (i64, i64) {
    let mut graph = MinCostFlowGraph::new(network.nodes);
    for pipe in &network.pipes {
        graph.add_edge(pipe.from, pipe.to, pipe.most, pipe.cost);
    }
    graph.flow(source.0, sink.0, i64::MAX)
}

fn network(nodes: usize, pipes: &[(usize, usize, u64, u64)]) -> (Network, Node, Node) {
    let mut network = Network::default();
    let places: Vec<Node> = (0..nodes).map(|_| network.node()).collect();
    for (from, to, most, cost) in pipes {
        if from % nodes != to % nodes {
            network.pipe(places[from % nodes], places[to % nodes], *most, *cost);
        }
    }
    (network, places[0], places[nodes - 1])
}

#[test]
fn a_dear_way_is_taken_where_more_arrives_by_it() {
    let (network, source, sink) =
        network(4, &[(0, 1, 2, 1), (0, 2, 1, 900), (1, 3, 1, 1), (2, 3, 5, 900), (1, 2, 9, 0)]);
    assert_eq!(arrived_and_cost(&network, source, sink), (3, 2 + 901 + 1_800));
}

#[test]
fn where_nothing_leads_nothing_flows() {
    let (network, source, sink) = network(3, &[(0, 1, 5, 1)]);
    assert_eq!(arrived_and_cost(&network, source, sink), (0, 0));
    let (network, source, sink) = self::network(2, &[]);
    assert_eq!(arrived_and_cost(&network, source, sink), (0, 0));
}

proptest! {
    #[test]
    fn as_much_arrives_and_for_as_little_as_another_solver_says(
        nodes in 2_usize..40,
        pipes in prop::collection::vec((0_usize..40, 0_usize..40, 0_u64..20, 0_u64..30), 0..240),
    ) {
        let (network, source, sink) = network(nodes, &pipes);
        prop_assert_eq!(arrived_and_cost(&network, source, sink), as_another_says(&network, source, sink));
    }

    #[test]
    fn also_between_two_rows_where_much_is_alike(
        lots in prop::collection::vec(0_u64..9, 1..20),
        wants in prop::collection::vec(0_u64..9, 1..20),
        links in prop::collection::vec((0_usize..20, 0_usize..20, 0_u64..4), 0..120),
    ) {
        let mut network = Network::default();
        let (source, sink) = (network.node(), network.node());
        let froms: Vec<Node> = lots.iter().map(|_| network.node()).collect();
        let tos: Vec<Node> = wants.iter().map(|_| network.node()).collect();
        lots.iter().zip(&froms).for_each(|(most, from)| { network.pipe(source, *from, *most, 0); });
        for (from, to, cost) in links {
            network.pipe(froms[from % froms.len()], tos[to % tos.len()], Network::MOST_UNITS, cost);
        }
        wants.iter().zip(&tos).for_each(|(most, to)| { network.pipe(*to, sink, *most, 0); });
        prop_assert_eq!(arrived_and_cost(&network, source, sink), as_another_says(&network, source, sink));
    }
}
