//! なぜその箱数か: a sentence for each part of what one gets.
//!
//! Must not: say of a share what it does not hold.

use vsys::allocation::How;

use super::phrases::boxes;
use crate::{
    console::{language::Language, phrases::number},
    stock::allocating::lines::AllocationLine,
};

/// Why one gets what it gets: a sentence for each part.
pub(super) fn explained(language: Language, line: &AllocationLine<'_>) -> Vec<String> {
    let share = line.share;
    let mut said = vec![by_population(language, line)];
    if share.by_stock_rate > 0 {
        let more = boxes(language, share.by_stock_rate);
        said.push(match language {
            Language::Japanese => format!("在庫率が低い順に1箱ずつ: {more}"),
            Language::English => format!("By stock rate, lowest first, box after box: {more}"),
        });
    } else if share.boxes() < share.order.boxes {
        said.push(match language {
            Language::Japanese => {
                "在庫率による分: なし(要望のある、ほかの配分先の在庫率の方が低いため)".to_owned()
            }
            Language::English => {
                "By stock rate: none, because others who wanted more had a lower one".to_owned()
            }
        });
    }
    for (moved, reason) in &line.moved {
        let moved = signed_boxes(language, *moved);
        said.push(match language {
            Language::Japanese => format!("手での調整: {moved}(理由: {reason})"),
            Language::English => format!("Moved by hand: {moved} (reason: {reason})"),
        });
    }
    said
}

fn by_population(language: Language, line: &AllocationLine<'_>) -> String {
    let (part, order) = (line.share.by_population, line.share.order);
    let got = boxes(language, part.boxes);
    match (part.how, language) {
        (How::AllOrdered, Language::Japanese) => format!("人口による分: {got}(要望のすべて)"),
        (How::AllOrdered, Language::English) => format!("By population: {got}, all that was ordered"),
        (How::Shared { of_boxes, of_people, is_rounded_up }, _) => {
            let exact = hundredths(of_boxes, order.people, of_people);
            let is_exact = u128::from(of_boxes) * u128::from(order.people)
                == u128::from(part.boxes) * u128::from(of_people);
            let (of_boxes, own, all) = (boxes(language, of_boxes), number(order.people), number(of_people));
            match (language, is_rounded_up) {
                (Language::Japanese, _) if is_exact => {
                    format!("人口による分: {of_boxes} × {own}人 ÷ {all}人 = {got}")
                }
                (Language::English, _) if is_exact => {
                    format!("By population: {of_boxes} × {own} ÷ {all} people = {got}")
                }
                (Language::Japanese, true) => {
                    format!(
                        "人口による分: {of_boxes} × {own}人 ÷ {all}人 = {exact} → 端数が大きいため切り上げて {got}"
                    )
                }
                (Language::Japanese, false) => {
                    format!("人口による分: {of_boxes} × {own}人 ÷ {all}人 = {exact} → 端数を切り捨てて {got}")
                }
                (Language::English, true) => {
                    format!(
                        "By population: {of_boxes} × {own} ÷ {all} people = {exact}, rounded up as one of the largest fractions: {got}"
                    )
                }
                (Language::English, false) => {
                    format!("By population: {of_boxes} × {own} ÷ {all} people = {exact}, rounded down: {got}")
                }
            }
        }
        (How::Nothing, Language::Japanese) => "人口による分: なし".to_owned(),
        (How::Nothing, Language::English) => "By population: none".to_owned(),
    }
}

/// `boxes × people ÷ of`, with two digits after the point, cut off.
fn hundredths(boxes: u64, people: u64, of: u64) -> String {
    let hundredths = u128::from(boxes) * u128::from(people) * 100 / u128::from(of.max(1));
    let whole = u64::try_from(hundredths / 100).unwrap_or(u64::MAX);
    format!("{}.{:02}", number(whole), hundredths % 100)
}

/// With its sign: `+2箱`, `−2箱`.
fn signed_boxes(language: Language, moved: i64) -> String {
    let sign = if moved < 0 { '−' } else { '+' };
    format!("{sign}{}", boxes(language, moved.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_said_to_two_digits_and_cut_off() {
        assert_eq!(hundredths(80, 30_000, 90_000), "26.66");
        assert_eq!(hundredths(1, 1, 0), "1.00", "nobody shares by people where there are none");
    }
}
