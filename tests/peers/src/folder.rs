//! Pictures of others: folders with a labels.csv, either camera frames of coupons or photographs of codes.
//!
//! Must not: tell more of where a folder lies than its last name.

use std::{collections::HashMap, fs, path::Path};

use image::imageops::{self, FilterType};
use scanner::{Symbol, frame::LONGEST_SIDE_PX};

use crate::{
    Failure,
    picture::{Kind, Luma, Picture, Set, Truth},
};

/// Quarters by which photographs of QR codes are turned.
const QUARTERS: u32 = 4;

type Row = HashMap<String, String>;

/// Takes a folder in: what is labelled in it, as grey pixels in `into`.
pub(crate) fn take_in(folder: &Path, into: &Path) -> Result<Set, Failure> {
    let name = folder.file_name().ok_or("a folder without a name")?.to_string_lossy().into_owned();
    let rows = rows(&folder.join("labels.csv"))?;
    let first = rows.first().ok_or("labels.csv labels nothing")?;
    let into = into.join(&name);
    fs::create_dir_all(&into)?;
    if first.contains_key("level") {
        frames(folder, name, &rows, &into)
    } else {
        photographs(folder, name, &rows, &into)
    }
}

fn rows(file: &Path) -> Result<Vec<Row>, Failure> {
    let mut reader = csv::Reader::from_path(file).map_err(|error| format!("labels.csv: {error}"))?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

fn field<'row>(row: &'row Row, name: &str) -> &'row str {
    row.get(name).map_or("", String::as_str)
}

fn frames(folder: &Path, name: String, rows: &[Row], into: &Path) -> Result<Set, Failure> {
    let mut pictures = Vec::new();
    for row in rows {
        let said = |text: &str| {
            if text.is_empty() { Truth::Nothing } else { Truth::Says(text.to_owned()) }
        };
        let nw7 = field(row, "codabar").trim_matches(|it: char| it.is_ascii_alphabetic());
        let mut truths = [const { Truth::Unknown }; Symbol::ALL.len()];
        truths[Symbol::Qr as usize] = said(field(row, "qr"));
        truths[Symbol::Nw7 as usize] = said(nw7);
        truths[Symbol::OcrLine as usize] = said(field(row, "truth"));
        let luma = open(&folder.join(field(row, "file")))?;
        let group = format!("level {}", field(row, "level"));
        let printed = Some(field(row, "digits").to_owned()).filter(|digits| !digits.is_empty());
        pictures.push(keep(&luma, into, field(row, "file"), group, truths, printed)?);
    }
    Ok(Set { name, kind: Kind::Frames, about: format!("{} frames of a camera", rows.len()), pictures })
}

fn photographs(folder: &Path, name: String, rows: &[Row], into: &Path) -> Result<Set, Failure> {
    let mut pictures = Vec::new();
    let mut count = 0;
    for row in rows {
        let truth = field(row, "truth").to_owned();
        let mut truths = [const { Truth::Unknown }; Symbol::ALL.len()];
        let mut quarters = 1;
        match field(row, "symbology") {
            "NONE" => truths.fill(Truth::Nothing),
            // A label without a text says that nobody could read it.
            _ if truth.is_empty() => continue,
            "QR" => {
                truths[Symbol::Qr as usize] = Truth::Says(truth);
                quarters = QUARTERS;
            }
            "CODABAR" => truths[Symbol::Nw7 as usize] = Truth::Says(truth),
            _ => continue,
        }
        count += 1;
        let luma = open(&folder.join(field(row, "file")))?;
        for quarter in 0..quarters {
            let file = format!("{quarter}-{}", field(row, "file"));
            pictures.push(keep(&luma.turned(quarter), into, &file, name.clone(), truths.clone(), None)?);
        }
    }
    Ok(Set { name, kind: Kind::Photographs, about: format!("{count} photographs"), pictures })
}

/// Grey pixels of a picture; one that is larger than a frame may be is made smaller, for everybody.
fn open(file: &Path) -> Result<Luma, Failure> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let bytes = fs::read(file).map_err(|error| format!("{name}: {error}"))?;
    let mut luma = image::load_from_memory(&bytes).map_err(|error| format!("{name}: {error}"))?.into_luma8();
    let longest = luma.width().max(luma.height());
    if longest > LONGEST_SIDE_PX {
        let share = f64::from(LONGEST_SIDE_PX) / f64::from(longest);
        let side = |px: u32| ((f64::from(px) * share) as u32).max(1);
        luma = imageops::resize(&luma, side(luma.width()), side(luma.height()), FilterType::Triangle);
    }
    Ok(Luma { width: luma.width(), height: luma.height(), pixels: luma.into_raw() })
}

/// Writes the grey pixels that every reader starts from.
pub(crate) fn keep(
    luma: &Luma,
    into: &Path,
    name: &str,
    group: String,
    truths: [Truth; Symbol::ALL.len()],
    printed: Option<String>,
) -> Result<Picture, Failure> {
    let file = into.join(format!("{name}.pgm"));
    luma.write(&file)?;
    let (width, height) = (luma.width, luma.height);
    Ok(Picture { file, name: name.to_owned(), width, height, group, truths, printed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(labels: &str, files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("labels.csv"), labels).unwrap();
        for file in files {
            Luma { width: 20, height: 16, pixels: vec![255; 320] }.write(&folder.path().join(file)).unwrap();
        }
        folder
    }

    #[test]
    fn frames_know_what_is_wholly_in_view() {
        let labels = "file,level,w,h,neg,truth,digits,qr,codabar\n\
            1.pgm,2,20,16,,231310160000123456,231310160000123456,,A0000123456A\n";
        let (from, into) = (folder(labels, &["1.pgm"]), tempfile::tempdir().unwrap());
        let set = take_in(from.path(), into.path()).unwrap();
        let picture = &set.pictures[0];
        assert_eq!((set.kind, picture.group.as_str()), (Kind::Frames, "level 2"));
        assert_eq!(picture.truth(Symbol::Qr), &Truth::Nothing);
        assert_eq!(picture.truth(Symbol::Nw7), &Truth::Says("0000123456".to_owned()));
        assert_eq!(picture.open().unwrap().pixels.len(), 320);
    }

    #[test]
    fn photographs_of_qr_codes_are_turned_and_unlabelled_ones_left_out() {
        let labels =
            "file,symbology,truth\n1.pgm,QR,\"one,\ntwo\"\n2.pgm,CODABAR,123\n3.pgm,NONE,\n4.pgm,QR,\n";
        let (from, into) = (folder(labels, &["1.pgm", "2.pgm", "3.pgm"]), tempfile::tempdir().unwrap());
        let set = take_in(from.path(), into.path()).unwrap();
        let sizes: Vec<_> = set.pictures.iter().map(|picture| (picture.width, picture.height)).collect();
        assert_eq!(sizes, [(20, 16), (16, 20), (20, 16), (16, 20), (20, 16), (20, 16)]);
        assert_eq!(set.pictures[0].truth(Symbol::Qr), &Truth::Says("one,\ntwo".to_owned()));
        assert_eq!(set.pictures[0].truth(Symbol::Nw7), &Truth::Unknown);
        assert_eq!(set.pictures[5].truth(Symbol::Nw7), &Truth::Nothing);
        assert_eq!(set.about, "3 photographs");
    }
}
