//! Each picture by itself.

use std::{io, path::PathBuf};

use scanner::{Agreement, CaptureId, Expectation, Frame, Guidance, Reading, Symbol, Verdict};
use serde_json::{Value, json};

use crate::{cpu, pictures};

/// Reads the pictures one by one. A picture that cannot be opened, and a folder that cannot be listed, get their line
/// too.
pub(crate) fn run(
    paths: &[PathBuf],
    expectation: &Expectation,
    say: impl Fn(&Value) -> io::Result<()>,
) -> io::Result<()> {
    for path in paths {
        let files = match pictures::of(path) {
            Ok(files) => files,
            Err(error) => {
                say(&json!({ "file": path.to_string_lossy(), "error": error.to_string() }))?;
                continue;
            }
        };
        for file in files {
            let name = file.to_string_lossy();
            say(&match pictures::open(&file, CaptureId(0)) {
                Ok(frame) => line(&name, &frame, expectation),
                Err(error) => json!({ "file": name, "error": error }),
            })?;
        }
    }
    Ok(())
}

fn line(name: &str, frame: &Frame, expectation: &Expectation) -> Value {
    let began = cpu::thread_ms();
    let mut before = began;
    let mut took = [0.0; Symbol::ALL.len()];
    let reading = scanner::read_watched(frame, |symbol| {
        let now = cpu::thread_ms();
        took[symbol as usize] = now - before;
        before = now;
    });
    let total = cpu::thread_ms() - began;
    let read = |symbol: Symbol| reading.sightings.iter().find(|sighting| sighting.symbol == symbol);
    let text = |symbol: Symbol| read(symbol).map(|sighting| sighting.digits.as_str());
    let accepted = match Agreement::new().observe(&reading, expectation) {
        Verdict::Accepted(acceptance) => Some(acceptance),
        _ => None,
    };
    json!({
        "file": name,
        "qr": text(Symbol::Qr).or(reading.foreign_qr.as_ref().map(scanner::ForeignText::as_str)),
        "nw7": text(Symbol::Nw7),
        "ocr": text(Symbol::OcrLine),
        "ocr_confidence": read(Symbol::OcrLine).map(|sighting| rounded(sighting.confidence.least().into(), 1e4)),
        "verdict": accepted.as_ref().map(|acceptance| acceptance.line.to_string()),
        "witnesses": accepted.as_ref().map(|acceptance| acceptance.witnessed.to_string()),
        "guidance": guidance(&reading),
        "cpu_ms": {
            "qr": rounded(took[Symbol::Qr as usize], 1e3),
            "nw7": rounded(took[Symbol::Nw7 as usize], 1e3),
            "ocr": rounded(took[Symbol::OcrLine as usize], 1e3),
            "total": rounded(total, 1e3),
        },
    })
}

fn guidance(reading: &Reading) -> Option<&'static str> {
    reading.guidance.map(|guidance| match guidance {
        Guidance::TooDark => "too_dark",
        Guidance::Glare => "glare",
        Guidance::Turn => "turn",
        Guidance::Blurred => "blurred",
        Guidance::Nearer => "nearer",
    })
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
