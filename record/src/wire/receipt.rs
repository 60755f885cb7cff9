//! 受領証: what the central sends back for a batch, and the list its signature covers.
//!
//! Must not: be believed before `seal::receipt` verified it. Hashes are not sent: both sides have them.

use serde::{Deserialize, Serialize};

use crate::{
    bytes::{EntryHash, Signature},
    identity::{Epoch, Position, TabletId},
    moment::WallTime,
    outcome::Outcome,
};

/// What the central answers to a batch, after its commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptAnswer {
    /// When the batch was committed, by the central's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub received_at: WallTime,
    /// Which of the central's receipt keys signed.
    pub key_id: String,
    /// Outcomes in the order of the batch, in runs of equal ones.
    pub outcomes: Vec<OutcomeRun>,
    /// Over the [`ReceiptList`].
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub signature: Signature,
}

/// `count` entries in a row with the same outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutcomeRun {
    /// How many, from 1.
    pub count: u32,
    /// What the central says of each.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "needs_review:future_date"))]
    pub outcome: Outcome,
}

/// What a receipt's signature covers; rebuilt by both sides, kept by the tablet beside the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptList {
    /// The tablet.
    pub tablet_id: TabletId,
    /// Its epoch.
    pub epoch: Epoch,
    /// When the batch was committed.
    pub received_at: WallTime,
    /// Which key signed.
    pub key_id: String,
    /// Position, hash and outcome of each entry.
    pub items: Vec<ReceiptItem>,
}

/// One entry of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptItem {
    /// Its place in the chain.
    pub position: Position,
    /// Hash of its bytes.
    pub hash: EntryHash,
    /// What the central says of it.
    pub outcome: Outcome,
}

/// Equal outcomes in a row become one run.
#[must_use]
pub fn runs(outcomes: impl IntoIterator<Item = Outcome>) -> Vec<OutcomeRun> {
    let mut runs: Vec<OutcomeRun> = Vec::new();
    for outcome in outcomes {
        match runs.last_mut() {
            Some(run) if run.outcome == outcome => run.count += 1,
            _ => runs.push(OutcomeRun { count: 1, outcome }),
        }
    }
    runs
}

/// One outcome for each of `expected` entries; none where the runs do not add up to that.
#[must_use]
pub fn outcomes(runs: &[OutcomeRun], expected: usize) -> Option<Vec<Outcome>> {
    let total: u64 = runs.iter().map(|run| u64::from(run.count)).sum();
    if total != expected as u64 || runs.iter().any(|run| run.count == 0) {
        return None;
    }
    Some(runs.iter().flat_map(|run| std::iter::repeat_n(run.outcome.clone(), run.count as usize)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bytes::{Nonce, PublicKey},
        outcome::{LaterReason, ReviewReason},
        wire::{
            clock::ClockAnswer,
            enrolment::{EnrolmentAnswer, EnrolmentRequest},
            problem::{Problem, ProblemCode},
        },
    };

    #[test]
    fn runs_and_outcomes_are_each_others_reverse() {
        let all = [
            Outcome::Delivered,
            Outcome::Delivered,
            Outcome::NeedsReview(ReviewReason::FutureDate),
            Outcome::Delivered,
            Outcome::Later(LaterReason::UnknownKind),
        ];
        let short = runs(all.clone());
        assert_eq!(short.len(), 4);
        assert_eq!(outcomes(&short, 5).unwrap(), all);
        assert_eq!(outcomes(&short, 4), None);
        assert_eq!(outcomes(&[OutcomeRun { count: u32::MAX, outcome: Outcome::Delivered }], 7), None);
    }

    #[test]
    fn the_wire_form_of_every_answer_is_kept() {
        let at = WallTime::from_unix_ms(1_637_545_200_123);
        let receipt = ReceiptAnswer {
            received_at: at,
            key_id: "receipt-1".to_owned(),
            outcomes: runs([Outcome::Delivered, Outcome::NeedsReview(ReviewReason::OtherContentForSameDose)]),
            signature: Signature([3; 64]),
        };
        let enrolment = EnrolmentRequest {
            tablet_id: "131130-0017".parse().unwrap(),
            token: "A".repeat(43).parse().unwrap(),
            device_key: PublicKey([4; 32]),
            program: "0.1.0".to_owned(),
        };
        insta::assert_json_snapshot!("receipt", receipt);
        insta::assert_json_snapshot!("enrolment_request", enrolment);
        insta::assert_json_snapshot!("enrolment_answer", EnrolmentAnswer { enrolled_at: at });
        insta::assert_json_snapshot!(
            "clock",
            ClockAnswer { nonce: Nonce([5; 16]), now: at, signature: Signature([6; 64]) }
        );
        insta::assert_json_snapshot!("problem", Problem { code: ProblemCode::ClockOutsideWindow });
    }
}
