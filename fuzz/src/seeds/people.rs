//! Samples of the municipality's files: people in both encodings, and everything that real files have wrong.
//!
//! Must not: name anybody who exists.

#![expect(clippy::unwrap_used, reason = "samples that do not hold fail the test that makes them")]

use central::{
    csv::encoding::Encoding,
    people::{outgoing_profile, profile},
};

use super::{Seed, seed};

const HEADER: &str = "宛名番号,個人番号,自治体コード,接種券番号,氏名,氏名カナ,生年月日,性別,住所";
const FACILITIES: &str = "施設コード,施設名,市区町村コード,冷凍庫バイアル数,1日接種回数,緯度,経度,元帳開始日";
const FACILITY: &str = "1311300001,見本診療所,131130,1000,300,35.681236,-139.5,2021-11-22";
const BOOKINGS: &str = "施設コード,製品名,日付,予約回数,入荷予定回数";
const BOOKING: &str = "1311300001,見本一号,2021-11-25,1000,975";
const DELIVERIES: &str = "施設コード,製品名,ロット番号,保管,バイアル数,回数,納入日時";
const DELIVERY: &str = "1311300001,見本一号,FF3620,冷凍,195,1170,2021-11-22T09:00";
const PERSON: &str =
    "A00001,123456789018,131130,0000000001,見本 太郎,ミホン タロウ,19500401,1,東京都渋谷区見本町";

const ORDERS: &str = "市区町村コード,施設コード,箱数,12歳以上人口";

pub(super) fn all() -> Vec<Seed> {
    let good = format!("{HEADER}\r\n{PERSON}\r\n");
    let mut cp932 = Vec::new();
    Encoding::Cp932.encode_onto(&good, &mut cp932).unwrap();
    let faulty =
        PERSON.replace("19500401", "20210231").replace("0000000001", "１").replace("見本町", "\"見本\"町");
    let utf16: Vec<u8> = "\u{feff}宛名番号,氏名".encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        seed("csv", "people", good.clone()),
        seed("csv", "people-cp932", cp932),
        seed("csv", "people-mark-lf", format!("\u{feff}{}", good.replace("\r\n", "\n"))),
        seed("csv", "people-cr", good.replace("\r\n", "\r")),
        seed(
            "csv",
            "people-quoted-line-break",
            good.replace("東京都渋谷区見本町", "\"東京都\r\n\"\"見本\"\"町\""),
        ),
        seed("csv", "people-faulty", format!("{HEADER}\n{faulty}\n\"a\"b,c\n,,,,,,,,\n{PERSON}\n")),
        seed("csv", "people-sent-again", format!("{HEADER},エラー内容\n{PERSON},\"2行目\"\n")),
        seed(
            "csv",
            "not-whole",
            good[..good.len() - "見本町\r\n".len() - "東京都渋谷区".len() - 3].to_owned(),
        ),
        seed("csv", "not-closed", format!("{HEADER}\n\"{PERSON}\n")),
        seed("csv", "not-doubled", format!("{HEADER},氏名\n{PERSON},\n")),
        seed("csv", "not-narrow", format!("{HEADER}\n{}\n", ",".repeat(10_000))),
        seed("csv", "not-utf16", utf16),
        seed("audit", "person-shown", r#"{"kind":"person_shown"}"#),
        seed("audit", "searched", r#"{"kind":"searched","content":{"found":true}}"#),
        seed(
            "audit",
            "looked-up",
            r#"{"kind":"looked_up","content":{"look_up":"0123456789abcdef0123456789abcdef","municipality":"131016","by":"personal_number","purpose":"moved_in","ground":{"ja":"番号法第19条第15号","en":"article 19, item 15","as_of":"2021-04-12"},"consent":{"hard_to_obtain":"urgent"},"document":"3健第123号","answer":{"doses":["1","2"]}}}"#,
        ),
        seed("audit", "not-an-act", r#"{"kind":"of_tomorrow","content":{}}"#),
        seed("audit", "not-a-line-but-a-name", r#"ｶﾞｯﾂ ﾊﾟﾋﾟｰ・みほん　はなこ"#),
        seed(
            "allocation_files",
            "orders",
            format!("{ORDERS}\r\n131130,,12,\r\n131130,1311300001,2,3000\r\n"),
        ),
        seed(
            "allocation_files",
            "orders-json",
            r#"[{"municipality":"131130","facility_code":"","boxes":12,"people":null}]"#,
        ),
        seed(
            "allocation_files",
            "populations",
            "市区町村コード,12歳以上人口\r\n131130,30000\r\n131016,10000\r\n",
        ),
        seed(
            "allocation_files",
            "not-once",
            "市区町村コード,12歳以上人口\r\n131130,30000\r\n131130,10000\r\n",
        ),
        seed("allocation_files", "not-without-people", format!("{ORDERS}\r\n131130,1311300001,2,\r\n")),
        seed("stock_files", "facilities", format!("{FACILITIES}\r\n{FACILITY}\r\n")),
        seed(
            "stock_files",
            "facilities-json",
            r#"[{"facility_code":"1311300001","name":"見本診療所","municipality":"131130","freezer_vials":0,"doses_per_day":"9","books_begin_on":"2021-11-22"}]"#,
        ),
        seed("stock_files", "deliveries", format!("{DELIVERIES}\r\n{DELIVERY}\r\n")),
        seed("stock_files", "bookings", format!("{BOOKINGS}\r\n{BOOKING}\r\n")),
        seed(
            "stock_files",
            "not-bookings-past",
            format!("{BOOKINGS}\r\n{}\r\n", BOOKING.replace("25", "21")),
        ),
        seed("stock_files", "not-a-code", format!("{FACILITIES}\r\n{}\r\n", &FACILITY[1..])),
        seed("stock_files", "not-an-array", r#"{"facility_code":1}"#),
        seed(
            "stock_files",
            "not-in-a-day",
            format!("{DELIVERIES}\r\n{}\r\n", DELIVERY.replace("09:00", "24:00")),
        ),
        seed("profiles", "people", profile::DEFAULT),
        seed("profiles", "outgoing", outgoing_profile::DEFAULT),
        seed("profiles", "not-required", profile::DEFAULT.replace("required = true", "required = false")),
        seed(
            "profiles",
            "not-ten-doses",
            outgoing_profile::DEFAULT.replace("dose_groups = 9", "dose_groups = 10"),
        ),
    ]
}
