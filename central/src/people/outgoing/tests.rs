//! What goes out, to the byte, from a register with people, doses, a coupon that was issued again and one that is nobody's.
//!
//! Must not: name anybody who exists.

use std::{fs, ops::ControlFlow, path::Path, process::Command};

use super::*;
use crate::{
    people::{
        importing::tests::{Town, file, row, town},
        open_data::OpenData,
        walk::{WalkError, walk},
    },
    storage::contract::{
        entries::{day, day_on, day_with_lot},
        sample::enrolled,
    },
};

/// Three people; one of them has had two coupons. Doses of both, and of a coupon that is nobody's.
async fn eventful() -> Town {
    let town = town().await;
    town.take_in(file([row(1), row(2), row(3)])).await;
    town.take_in(file([row(2).replace("0000000002", "0000000012")])).await;
    let tablet = enrolled(&town.storage).await;
    let mut maker = tablet.maker();
    let mut second = day_with_lot("FK0108");
    (second.dose, second.vaccinated_on) = ("2".parse().unwrap(), "2021-12-20".parse().unwrap());
    second.site.name = "=HYPERLINK(\"見本\"),会場".parse().unwrap();
    let entries = [
        maker.vaccination_of("211311300000000002".parse().unwrap(), day_on("2021-11-21".parse().unwrap())),
        maker.vaccination_of("221311300000000012".parse().unwrap(), second),
        maker.vaccination_of("211311300000000003".parse().unwrap(), day()),
        maker.vaccination_of("211311300000000099".parse().unwrap(), day()),
    ];
    let noon = crate::storage::contract::sample::NOON.plus_ms(60 * 86_400_000);
    let mut batch = tablet.batch(&tablet.chain_of(&entries));
    batch.received_at = noon;
    let outcomes = crate::storage::Register::keep(&town.storage, batch).await.unwrap();
    assert_eq!(outcomes, vec![record::Outcome::Delivered; 4]);
    town
}

struct Written {
    ledger: Vec<u8>,
    waiting: Vec<u8>,
    open_data: Vec<u8>,
}

async fn written(town: &Town, profile: &OutgoingProfile, reader: Reader) -> Result<Written, String> {
    let mut ledger = Ledger::begin(Vec::new(), profile, reader).unwrap();
    let mut waiting = WaitingList::begin(Vec::new(), profile, reader).unwrap();
    let mut open_data = OpenData::default();
    let take = &mut |walked: Walked| -> Result<(), OutgoingError> {
        ledger.take(&walked)?;
        waiting.take(&walked)?;
        open_data.take(&walked);
        Ok(())
    };
    let go_on = &mut |_| ControlFlow::Continue(());
    let walked = walk(&town.storage, &town.importing.keys, take, go_on).await;
    walked.map_err(|error: WalkError<OutgoingError>| error.to_string())?;
    let mut lines = Vec::new();
    open_data.write(&mut lines).unwrap();
    Ok(Written { ledger: ledger.finish().unwrap(), waiting: waiting.finish().unwrap(), open_data: lines })
}

fn golden(name: &str, bytes: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/people/outgoing/golden").join(name);
    if std::env::var_os("VRS_WRITE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    let kept = fs::read(&path).unwrap_or_default();
    assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&kept), "{name}");
    assert_eq!(bytes, kept, "{name}");
}

#[tokio::test]
async fn what_goes_out_is_as_the_profile_says_to_the_byte() {
    let town = eventful().await;
    let mut profile = OutgoingProfile::shipped().unwrap();
    profile.dose_groups = 2;
    let plain = written(&town, &profile, Reader::Program).await.unwrap();
    golden("ledger.csv", &plain.ledger);
    golden("waiting_list.csv", &plain.waiting);
    golden("open_data.ndjson", &plain.open_data);
    let sheet = written(&town, &profile, Reader::Spreadsheet).await.unwrap();
    golden("ledger_for_spreadsheets.csv", &sheet.ledger);
    let mut widest = OutgoingProfile::shipped().unwrap();
    let wide = written(&town, &widest, Reader::Program).await.unwrap();
    let header = String::from_utf8(wide.ledger).unwrap();
    assert_eq!(header.lines().next().unwrap().split(',').count(), 1 + 9 * 8);
    widest.ledger.encoding = crate::csv::encoding::Encoding::Cp932;
    let cp932 = written(&town, &widest, Reader::Program).await.unwrap();
    let decoded = crate::csv::encoding::Encoding::Cp932.decode(&cp932.ledger).unwrap();
    assert_eq!(decoded, header);
}

#[tokio::test]
async fn a_dose_without_a_column_stops_the_file_and_a_person_may_stop_it() {
    let town = eventful().await;
    let mut narrow = OutgoingProfile::shipped().unwrap();
    narrow.dose_groups = 1;
    let refused = written(&town, &narrow, Reader::Program).await.err().unwrap();
    assert!(refused.contains("2回目の接種があり") && refused.contains("set it to 2"), "{refused}");
    let take = &mut |_: Walked| -> Result<(), OutgoingError> { Ok(()) };
    let stopped =
        walk(&town.storage, &town.importing.keys, take, &mut |_| ControlFlow::Break(())).await.unwrap_err();
    assert!(matches!(stopped, WalkError::Stopped));
}

/// LibreOffice, where it is installed: what a spreadsheet keeps of the files, and that it runs none of their formulas.
#[tokio::test]
#[ignore = "starts LibreOffice: part of the slow tests"]
async fn a_real_spreadsheet_program_leaves_the_files_unharmed() {
    let town = eventful().await;
    let profile = OutgoingProfile { dose_groups: 2, ..OutgoingProfile::shipped().unwrap() };
    let sheet = written(&town, &profile, Reader::Spreadsheet).await.unwrap();
    let files = tempfile::tempdir().unwrap();
    let (from, to) = (files.path().join("ledger.csv"), files.path().join("back"));
    fs::write(&from, &sheet.ledger).unwrap();
    // Comma, double quote, UTF-8, from the first line on; every column is text (2), as the guide says to choose.
    let as_text: String = (1..=17).map(|column| format!("{column}/2/")).collect();
    let filter = format!("44,34,76,1,{}", as_text.trim_end_matches('/'));
    let mut office = Command::new("soffice");
    office.arg(format!("-env:UserInstallation=file://{}", files.path().join("profile").display()));
    office.args(["--headless", &format!("--infilter=Text - txt - csv (StarCalc):{filter}")]);
    // The same out again, every text as it stands and unquoted where it may be.
    office.args(["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"]);
    let done = office.arg("--outdir").arg(&to).arg(&from).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |bytes: &[u8]| {
        let mut reader = crate::csv::rows::RowReader::new(bytes);
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            rows.push(
                row.fields().map(|field| String::from_utf8(field.to_vec()).unwrap()).collect::<Vec<_>>(),
            );
        }
        rows
    };
    let back = fs::read(to.join("ledger.csv")).unwrap();
    assert_eq!(read(&back), read(&sheet.ledger));
    assert!(String::from_utf8(back).unwrap().contains("'=HYPERLINK("), "the formula is text");
}
