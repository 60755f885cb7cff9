//! Widths that another program printed, and what becomes of lines that are none.

use proptest::prelude::*;

use super::*;

/// 0491234567890 as zint 2.11.1 writes it, from the first bar to the last, one character a module.
const PRINTED: &str = "1011011001101000011000110110110101010110001010100001101101001011111011101";

/// 0491234567890 linked to a composite component.
const LINKED_PRINTED: &str = "1001101100000100100011010110101011010010011010100001101101001011111011101";

fn edges_of(modules: &str) -> Vec<f32> {
    let bits: Vec<u8> = modules.bytes().chain([b'0']).collect();
    let mut edges = vec![0.0];
    edges.extend((1..bits.len()).filter(|at| bits[*at] != bits[at - 1]).map(|at| at as f32));
    edges
}

fn read(edges: &[f32]) -> Option<Number> {
    decode(edges.try_into().unwrap())
}

#[test]
fn a_printed_symbol_is_read() {
    assert_eq!(read(&edges_of(PRINTED)), Some(Number { gtin: 491_234_567_890, is_linked: false }));
    assert_eq!(read(&edges_of(LINKED_PRINTED)), Some(Number { gtin: 491_234_567_890, is_linked: true }));
}

#[test]
fn ink_that_runs_changes_nothing() {
    for spread in [-0.35_f32, -0.2, 0.2, 0.35] {
        let mut edges = edges_of(PRINTED);
        for (at, edge) in edges.iter_mut().enumerate() {
            *edge += if at % 2 == 0 { -spread / 2.0 } else { spread / 2.0 };
        }
        assert_eq!(read(&edges).map(|number| number.gtin), Some(491_234_567_890), "{spread}");
    }
}

#[test]
fn one_edge_moved_by_a_module_is_no_symbol() {
    for moved in 2..44 {
        for by in [-1.0, 1.0] {
            let mut edges = edges_of(PRINTED);
            edges[moved] += by;
            assert_ne!(read(&edges).map(|number| number.gtin), Some(491_234_567_890), "{moved} by {by}");
        }
    }
}

/// The modules of any number: the other way round, for tests.
fn written(number: u64) -> Vec<f32> {
    let widths = [(number / CHARACTER_VALUES) as u32, (number % CHARACTER_VALUES) as u32].map(|value| {
        let group = GROUPS.iter().rev().find(|group| group.0 <= value).unwrap();
        let (first, odd_sum, widest_odd, widest_even, even_values) = *group;
        let odd: [u32; 7] = Allowed { widest: widest_odd, some_narrow: false }
            .at(odd_sum, (value - first) / even_values)
            .unwrap();
        let even: [u32; 7] = Allowed { widest: widest_even, some_narrow: true }
            .at(26 - odd_sum, (value - first) % even_values)
            .unwrap();
        let widths: [u32; ELEMENTS] =
            std::array::from_fn(|at| if at % 2 == 0 { odd[at / 2] } else { even[at / 2] });
        widths
    });
    let check = check_widths(check_sum(widths[0].iter().chain(&widths[1]))).unwrap();
    let guard = [1];
    let all = guard.iter().chain(&widths[0]).chain(&check).chain(&widths[1]).chain(&[1, 1]);
    let mut edges = vec![0.0];
    edges.extend(all.scan(0, |at, width| {
        *at += width;
        Some(*at as f32)
    }));
    edges
}

proptest! {
    #[test]
    fn every_number_is_read_back(gtin in 0..NUMBERS, is_linked: bool, pixels in 1.0_f32..9.0) {
        let edges: Vec<f32> =
            written(gtin + if is_linked { LINKED } else { 0 }).iter().map(|edge| edge * pixels + 17.0).collect();
        prop_assert_eq!(read(&edges), Some(Number { gtin, is_linked }));
    }

    #[test]
    fn any_edges_are_a_number_or_none(edges: [f32; 46], widths in proptest::collection::vec(0.5_f32..4.5, 46)) {
        let _ = decode(&edges);
        let mut at = 0.0;
        let sum: Vec<f32> = widths.iter().map(|width| { at += width; at }).collect();
        let _ = read(&sum);
    }
}
