//! 見本: a town of invented people, and doses of some of them.
//!
//! Must not: name anybody who exists.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use central::{
    intake::{ChainedEntry, ReadBatch, read},
    people::personal_number::check_digit,
    storage::{Enrolment, EnrolmentVerdict, Invitation, Storage},
};
use record::{Epoch, MunicipalityCode, Outcome, Position, TabletId};
use seal::{chain, device::SigningKey};

use crate::entries::{EntryMaker, MORNING, day};

/// Entries of one batch.
const BATCH: u32 = 200;

/// Whose people they are.
pub(crate) fn town() -> MunicipalityCode {
    "131130".parse().unwrap()
}

/// Numbers that are all different and in no order.
fn scattered(number: u32) -> u32 {
    number.wrapping_mul(2_654_435_761)
}

/// A file of that many people, as a municipality would send it.
pub(crate) fn write(path: &Path, people: u32) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    let header = "宛名番号,個人番号,自治体コード,接種券番号,氏名,氏名カナ,生年月日,性別,住所";
    write!(out, "{header}\r\n").unwrap();
    for number in 1..=people {
        let first = format!("{:011}", 12_000_000_000_u64 + u64::from(scattered(number)));
        let check = char::from(check_digit(first.as_bytes()));
        let (year, month, day) = (1920 + number % 85, 1 + number % 12, 1 + number % 28);
        let sex = 1 + number % 2;
        write!(
            out,
            "{:010},{first}{check},131130,{number:010},見本 {number}郎,ミホン {number}ロウ,{year}{month:02}{day:02},{sex},\
             東京都渋谷区見本町{}丁目{}番{}号\r\n",
            scattered(number),
            number % 9 + 1,
            number % 40 + 1,
            number % 30 + 1
        )
        .unwrap();
    }
    out.flush().unwrap();
}

/// A dose for each of the first people, sent by a tablet as tablets send; how many.
pub(crate) async fn doses(storage: &dyn Storage, people: u32) -> u32 {
    let tablet_id: TabletId = "131130-0017".parse().unwrap();
    let device_key = SigningKey::from_seed([17; 32]).unwrap().public();
    let (token_digest, program) = ([1; 32], "0.1.0".parse().unwrap());
    let (issued_at, expires_at) = (MORNING.plus_ms(-1), MORNING.plus_ms(1));
    let name = "見本端末".parse().unwrap();
    storage.invite(Invitation { tablet_id, name, token_digest, issued_at, expires_at }).await.unwrap();
    let enrolment = Enrolment { tablet_id, token_digest, device_key, program, at: MORNING };
    let enrolled = storage.enrol(enrolment).await.unwrap();
    assert_eq!(enrolled, EnrolmentVerdict::Enrolled { enrolled_at: MORNING });
    let mut previous = chain::genesis(tablet_id, Epoch::FIRST, &device_key);
    let mut position = Position::FIRST;
    for first in (1..=people).step_by(BATCH as usize) {
        let mut maker = EntryMaker::new(town(), u64::from(first));
        let mut batch = Vec::new();
        for number in first..=people.min(first + BATCH - 1) {
            let coupon = format!("21131130{number:010}").parse().unwrap();
            let bytes = maker.vaccination_of(coupon, day()).to_bytes();
            let hash = chain::entry_hash(&bytes);
            let link = chain::link(&previous, position, &hash);
            batch.push(read(ChainedEntry { position, hash, previous, link, bytes }));
            (previous, position) = (link, position.plus(1));
        }
        let outcomes = storage.keep(ReadBatch {
            tablet_id,
            device_key,
            epoch: Epoch::FIRST,
            last_position: batch.last().unwrap().position,
            set_aside: Vec::new(),
            replaced_at: None,
            clock_offset_ms: 0,
            program: "0.1.0".parse().unwrap(),
            received_at: MORNING.plus_ms(3 * 3_600_000),
            entries: batch,
        });
        assert!(outcomes.await.unwrap().iter().all(|outcome| *outcome == Outcome::Delivered));
    }
    people
}
