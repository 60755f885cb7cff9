use record::bundle::ContentError;

use super::*;
use crate::{bundle::sample, random::SystemRandom};

fn key() -> SigningKey {
    SigningKey::from_seed([1; 32]).unwrap()
}

fn tablet(number: u32) -> TabletId {
    TabletId::new("131130".parse().unwrap(), number).unwrap()
}

fn code(number: u8) -> SetUpCode {
    struct Same(u8);
    impl Random for Same {
        fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
            buffer.fill(self.0);
            Ok(())
        }
    }
    SetUpCode::generate(&mut Same(number)).unwrap()
}

fn to_seal(bundle: Bundle, number: u8) -> ToSeal {
    ToSeal { bundle, code: code(number), renews: false }
}

fn boxed(numbers: &[u32]) -> Vec<u8> {
    let bundles: Vec<_> = numbers
        .iter()
        .map(|number| to_seal(Bundle { tablet_id: tablet(*number), ..sample(&key()) }, *number as u8))
        .collect();
    seal(&key(), &bundles, &mut SystemRandom::default()).unwrap()
}

#[test]
fn each_tablet_of_a_box_opens_its_own_bundle_with_its_own_code() {
    let file = boxed(&[17, 18]);
    let looked = look(&file, None).unwrap();
    assert_eq!(looked.signer, key().public());
    for number in [17, 18] {
        let opened = looked.open(tablet(number), &code(number as u8)).unwrap();
        assert_eq!(opened.bundle.tablet_id, tablet(number));
        assert_eq!(opened.signer, key().public());
    }
    assert_eq!(looked.open(tablet(17), &code(18)), Err(Error::WrongCode), "the code of another tablet");
    assert_eq!(looked.open(tablet(19), &code(17)), Err(Error::NoSlot));
    let other = SigningKey::from_seed([2; 32]).unwrap().public();
    assert_eq!(look(&file, Some(&other)), Err(Error::BundleSigner));
}

#[test]
fn a_box_altered_in_any_byte_or_cut_anywhere_is_refused_before_any_code() {
    let file = boxed(&[17]);
    for at in 0..file.len() {
        for bit in [1, 128] {
            let mut altered = file.clone();
            altered[at] ^= bit;
            assert!(look(&altered, None).is_err(), "byte {at}");
        }
        assert!(look(&file[..at], None).is_err(), "length {at}");
    }
    assert!(look(&[&file[..], b"x"].concat(), None).is_err(), "lengthened");
}

#[test]
fn who_finds_the_file_reads_numbers_and_names_of_tablets_only() {
    let file = boxed(&[17]);
    let text = String::from_utf8_lossy(&file);
    assert!(text.contains("131130-0017"));
    for planted in ["見本 職員", "見本 太郎", "見本市民体育館", "FF3620", "central.example", &"A".repeat(43)]
    {
        assert!(!text.contains(planted), "{planted}");
    }
}

#[test]
fn other_files_are_told_apart() {
    assert_eq!(look(&bundle::sign(&key(), &sample(&key())), None), Err(Error::BundleUnsealed));
    let later = String::from_utf8_lossy(&boxed(&[17])).replacen("VRS-BOX-1", "VRS-BOX-2", 1).into_bytes();
    assert_eq!(look(&later, None), Err(Error::BundleContent(ContentError::UnknownVersion(2))));
    for not in [&b""[..], b"hello", b"VRS-BOX-", b"VRS-BOX-1", b"VRS-BOX-x 4\n"] {
        assert!(look(not, None).is_err());
    }
}

#[test]
fn what_does_not_belong_together_is_not_put_into_one_box() {
    let (one, random) = (sample(&key()), &mut SystemRandom::default());
    assert!(seal(&key(), &[], random).is_err());
    let twice = [to_seal(one.clone(), 1), to_seal(one.clone(), 2)];
    assert_eq!(seal(&key(), &twice, random), Err(Error::KeyMaterial), "one tablet twice");
    let later = Bundle { tablet_id: tablet(18), expires_at: one.expires_at.plus_ms(1), ..one.clone() };
    assert_eq!(seal(&key(), &[to_seal(one, 1), to_seal(later, 2)], random), Err(Error::KeyMaterial));
}
