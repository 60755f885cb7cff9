//! The pictures of a folder as frames of one camera.

use std::{collections::BTreeMap, io, path::Path};

use scanner::{Agreement, CaptureId, DigitState, Dispute, Expectation, Verdict};
use serde_json::{Value, json};

use crate::pictures;

/// Says each paper once: accepted, or left to a person. A frame that cannot be opened is told and shows nothing, as a
/// frame that the camera dropped.
pub(crate) fn run(
    folder: &Path,
    expectation: &Expectation,
    say: impl Fn(&Value) -> io::Result<()>,
) -> io::Result<()> {
    let mut agreement = Agreement::new();
    for (index, file) in pictures::of(folder)?.iter().enumerate() {
        let frame = match pictures::open(file, CaptureId(index as u64)) {
            Ok(frame) => frame,
            Err(error) => {
                say(&json!({ "file": file.to_string_lossy(), "error": error }))?;
                continue;
            }
        };
        match agreement.observe(&scanner::read(&frame), expectation) {
            Verdict::Accepted(acceptance) => say(&json!({
                "frame": acceptance.capture.0,
                "line": acceptance.line.to_string(),
                "witnesses": acceptance.witnessed.to_string(),
            }))?,
            Verdict::ForPerson(dispute) => say(&left_to_a_person(&dispute))?,
            _ => {}
        }
    }
    Ok(())
}

/// The places in dispute, and for each the digits that were claimed with the letters of who claims them.
fn left_to_a_person(dispute: &Dispute) -> Value {
    let open = dispute.digits.iter().enumerate().filter_map(|(place, state)| match state {
        DigitState::Open(candidates) => Some((place, candidates)),
        DigitState::Settled(_) => None,
    });
    let candidates: BTreeMap<String, Value> = open
        .clone()
        .map(|(place, candidates)| {
            let claims: BTreeMap<String, String> = candidates
                .iter()
                .map(|candidate| (char::from(candidate.digit).to_string(), candidate.witnesses.to_string()))
                .collect();
            (place.to_string(), json!(claims))
        })
        .collect();
    json!({
        "frame": dispute.capture.0,
        "disputed": open.map(|(place, _)| place).collect::<Vec<_>>(),
        "candidates": candidates,
    })
}
