//! The program `vrs-scan` as support staff and scripts call it.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

use std::{path::Path, process::Command};

use image::GrayImage;
use serde_json::Value;
use sheets::{DemoDay, Film, FilmStyle, Flaw, Level, SheetSet, lens::FrameSize};

const FRAMES_PER_SHEET: usize = 24;
/// A frame of its sheet in which it lies and the lens has settled.
const SETTLED: usize = 14;

fn film() -> Film {
    let day = DemoDay {
        municipality: "131016".parse().unwrap(),
        dose: 3.try_into().unwrap(),
        kind: "2".parse().unwrap(),
    };
    let sound = SheetSet::demo(71, day, 24)
        .sheets()
        .iter()
        .filter(|sheet| sheet.flaw == Flaw::None)
        .take(2)
        .cloned()
        .collect();
    let size = FrameSize { width: 1280, height: 720 };
    Film::new(sound, FilmStyle { size, level: Level::Good, seed: 71, frames_per_sheet: FRAMES_PER_SHEET })
}

fn save(film: &Film, index: usize, path: &Path) {
    let FrameSize { width, height } = film.size();
    GrayImage::from_raw(width as u32, height as u32, film.frame(index)).unwrap().save(path).unwrap();
}

fn vrs_scan(words: &[&str]) -> Vec<Value> {
    let day = ["--expect-kind", "1,2", "--expect-dose", "3", "--expect-municipality", "131016"];
    let output = Command::new(env!("CARGO_BIN_EXE_vrs-scan")).args(day).args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_picture_has_its_line_and_a_broken_one_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let film = film();
    save(&film, SETTLED, &folder.path().join("1.png"));
    std::fs::write(folder.path().join("2.png"), b"no picture").unwrap();
    save(&film, FRAMES_PER_SHEET + SETTLED, &folder.path().join("3.png"));
    std::fs::write(folder.path().join("labels.csv"), "file,truth").unwrap();
    let missing = folder.path().join("missing.png");
    let lines = vrs_scan(&["--json", folder.path().to_str().unwrap(), missing.to_str().unwrap()]);
    let files: Vec<&str> =
        lines.iter().map(|line| line["file"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(files, ["1.png", "2.png", "3.png", "missing.png"]);
    assert!(lines[1]["error"].is_string() && lines[3]["error"].is_string());
    for (line, sheet) in [(&lines[0], &film.sheets()[0]), (&lines[2], &film.sheets()[1])] {
        assert_eq!(line["verdict"], sheet.digits.as_str());
        assert_eq!(line["ocr"], sheet.digits.as_str());
        assert_eq!(line["qr"].as_str(), sheet.qr_text());
        assert_eq!(line["nw7"].as_str(), sheet.nw7_digits());
        assert!(line["ocr_confidence"].as_f64().unwrap() > 0.8 && line["witnesses"].is_string());
        assert!(line.get("guidance").is_some());
        let took = |part: &str| line["cpu_ms"][part].as_f64().unwrap();
        assert!(took("qr") + took("nw7") + took("ocr") <= took("total") + 0.01);
    }
}

#[test]
fn frames_of_one_camera_give_each_paper_once() {
    let folder = tempfile::tempdir().unwrap();
    let film = film();
    for index in 0..film.frame_count() {
        save(&film, index, &folder.path().join(format!("{index:03}.png")));
    }
    let lines = vrs_scan(&["--sequence", folder.path().to_str().unwrap()]);
    let numbers: Vec<&str> = lines.iter().map(|line| line["line"].as_str().unwrap()).collect();
    let printed: Vec<&str> = film.sheets().iter().map(|sheet| sheet.digits.as_str()).collect();
    assert_eq!(numbers, printed);
    for (place, line) in lines.iter().enumerate() {
        assert_eq!(
            film.sheet_at(line["frame"].as_u64().unwrap() as usize),
            Some(place),
            "a frame of its own sheet"
        );
    }
}
