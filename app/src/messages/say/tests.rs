//! Every problem has its sentence and its next step, in both languages.

use std::io::ErrorKind;

use record::{
    OcrLineError,
    bundle::ContentError,
    rules::{Finding, Found, Severity},
};
use scanner::Cause;
use store::{KnownHead, OpenError, SetAside, StoreError};
use sync::{exchange::NetworkError, status::SendProblem};

use super::{
    super::{
        KeepProblem, Notice, NumberProblem, PackageProblem, Said, SetupProblem, Tone, TypedProblem,
        UnlockProblem,
    },
    camera, cause, finding, notice, review, send_problem,
};
use crate::{camera::CameraState, display::Language, workflow::scan::Stop};

const NOW: record::WallTime = record::WallTime::from_unix_ms(1_637_545_200_000); // 2021-11-22 10:40 in Japan

fn every(language: Language) -> Vec<Said> {
    let stores = [
        StoreError::Full,
        StoreError::OtherMunicipality,
        StoreError::SameIdOtherContent,
        StoreError::UnknownEntry,
        StoreError::AlreadyChanged,
        StoreError::ForeignReceipt,
        StoreError::Database(11),
        StoreError::Row,
    ];
    let opens = [
        OpenError::Newer { found: 2, known: 1 },
        OpenError::OtherOwner,
        OpenError::Folder(ErrorKind::PermissionDenied),
        OpenError::Store(StoreError::Full),
    ];
    let set_aside = SetAside {
        file_name: "records.db.damaged-20211122T1040070900".to_owned(),
        known_head: Some(KnownHead { epoch: record::Epoch::FIRST, last: record::Position::new(2) }),
    };
    let mut notices = vec![
        Notice::Kept,
        Notice::Corrected,
        Notice::Cancelled,
        Notice::WrongPinsBefore(3),
        Notice::Typed(TypedProblem::Package),
        Notice::Package(PackageProblem::NoPackage),
        Notice::Package(PackageProblem::NoLot),
        Notice::Package(PackageProblem::UnknownLot("3004734".parse().unwrap())),
        Notice::LotTaken("FF3620".parse().unwrap()),
        Notice::Typed(TypedProblem::NoCoupon),
        Notice::Typed(TypedProblem::NoCamera),
        Notice::SetAside(set_aside),
        Notice::Unlock(UnlockProblem::WrongPin { wait_ms: 0 }),
        Notice::Unlock(UnlockProblem::WrongPin { wait_ms: 5_000 }),
        Notice::Unlock(UnlockProblem::TooSoon { wait_ms: 5_000 }),
        Notice::Unlock(UnlockProblem::UnknownStaff),
        Notice::Unlock(UnlockProblem::Vault(ErrorKind::NotFound)),
        Notice::Unlock(UnlockProblem::Secrets(seal::Error::Unopenable)),
        Notice::Unlock(UnlockProblem::Secrets(seal::Error::DeviceSecretMissing)),
        Notice::Unlock(UnlockProblem::Secrets(seal::Error::KeyMaterial)),
        Notice::Unlock(UnlockProblem::Thread),
        Notice::Keep(KeepProblem::Randomness),
        Notice::Keep(KeepProblem::Locked),
        Notice::Setup(SetupProblem::Unreadable(ErrorKind::NotFound)),
        Notice::Setup(SetupProblem::Expired),
        Notice::Setup(SetupProblem::OtherSigner),
        Notice::Setup(SetupProblem::OtherTablet),
        Notice::Setup(SetupProblem::MistypedCode),
        Notice::Setup(SetupProblem::WrongCode { wait_ms: 0 }),
        Notice::Setup(SetupProblem::WrongCode { wait_ms: 5_000 }),
        Notice::Setup(SetupProblem::CodeTooSoon { wait_ms: 5_000 }),
        Notice::Setup(SetupProblem::AlreadyUsed("131130-0900".parse().unwrap())),
        Notice::Setup(SetupProblem::OnlyRenews("131130-0017".parse().unwrap())),
        Notice::NotMarked("131130-0900".parse().unwrap()),
        Notice::Setup(SetupProblem::Folder(ErrorKind::StorageFull)),
        Notice::Setup(SetupProblem::Secrets(seal::Error::KeyMaterial)),
        Notice::Number(NumberProblem::UnknownMunicipality),
        Notice::Number(NumberProblem::Line(OcrLineError::DoseZero)),
        Notice::Number(NumberProblem::Line(OcrLineError::Length { found: 17, expected: 18 })),
        Notice::Stopped(Stop::Rule(Found::RecordedBefore {
            at: record::WallTime::from_unix_ms(0),
            dose: None,
        })),
        Notice::Stopped(Stop::UnknownKind),
        Notice::Stopped(Stop::ForeignQr),
        Notice::Stopped(Stop::SeveralPapers),
    ];
    for error in [
        seal::Error::NotABundle,
        seal::Error::BundleUnsealed,
        seal::Error::BundleTruncated,
        seal::Error::BundleSignature,
        seal::Error::BundleSigner,
        seal::Error::BundleContent(ContentError::UnknownVersion(2)),
        seal::Error::BundleContent(ContentError::Malformed),
    ] {
        notices.push(Notice::Setup(SetupProblem::Bundle(error)));
    }
    notices.extend(stores.map(|error| Notice::Keep(KeepProblem::Store(error))));
    notices.extend(opens.map(|error| Notice::Unlock(UnlockProblem::Open(error))));
    let mut all: Vec<Said> = notices.iter().map(|each| notice(each, language, NOW)).collect();
    for each in [
        Cause::Disagreement,
        Cause::DoseZero,
        Cause::MunicipalityCheckDigit,
        Cause::UnknownMunicipality,
        Cause::UnexpectedKind,
        Cause::OneWitness,
        Cause::LeadingUnread,
        Cause::LeadingUnexpected,
        Cause::UnexpectedDose,
    ] {
        all.push(cause(each, language));
    }
    let (dose, day) = ("2".parse().unwrap(), "2021-11-22".parse().unwrap());
    for found in [
        Found::RecordedBefore { at: NOW, dose: Some(dose) },
        Found::RecordedElsewhere { dose, given_on: day },
        Found::LaterDoseRecorded { dose, given_on: day },
        Found::DoseSkipped { last: dose },
        Found::TooSoon { given_on: day, days: 20, least: 21 },
        Found::OtherManufacturer { earlier: "ファイザー".parse().unwrap() },
        Found::Age { years: 11 },
        Found::Ward,
        Found::FutureDate,
        Found::OldDate { days: 4 },
        Found::LotExpired { good_until: day },
        Found::LotRecalled { at: NOW },
        Found::LotNotReceived,
        Found::LotPattern,
        Found::LotUsedUp { received: 6, recorded: 6 },
    ] {
        for severity in [Severity::Note, Severity::Warn, Severity::Block] {
            all.push(finding(&Finding { severity, found: found.clone() }, language, NOW));
        }
    }
    for state in [CameraState::Missing, CameraState::NotAnswering, CameraState::Busy, CameraState::Unusable] {
        all.extend(camera(&state, language));
    }
    for problem in [
        SendProblem::Network(NetworkError::Unreachable),
        SendProblem::Network(NetworkError::Broken),
        SendProblem::Network(NetworkError::Untrusted),
        SendProblem::Network(NetworkError::TooLarge),
        SendProblem::Network(NetworkError::Address),
        SendProblem::Nonsense,
        SendProblem::Receipt,
        SendProblem::NotEnrolled,
        SendProblem::TokenRefused,
        SendProblem::Busy,
        SendProblem::SignatureRefused,
        SendProblem::Refused,
        SendProblem::Store,
    ] {
        all.push(send_problem(problem, language));
    }
    for code in [
        "future_date",
        "unknown_municipality",
        "other_content_for_same_dose",
        "changes_changed_entry",
        "changes_unknown_entry",
        "chain_broken",
        "malformed",
        "some_new_rule",
    ] {
        all.push(review(&code.parse().unwrap(), language));
    }
    all
}

#[test]
fn every_problem_has_a_short_sentence_and_a_next_step_in_both_languages() {
    for language in Language::ALL {
        for said in every(language) {
            assert!(!said.sentence.is_empty());
            assert!(said.tone == Tone::Safe || !said.next_step.is_empty(), "{said:?}");
            let characters = said.sentence.chars().count().max(said.next_step.chars().count());
            assert!(characters <= language.of(80, 140), "{characters}: {said:?}");
            let japanese = said.sentence.chars().any(|character| ('ぁ'..='ん').contains(&character));
            assert_eq!(japanese, language == Language::Japanese, "{said:?}");
        }
    }
}

#[test]
fn both_languages_say_the_same_thing_in_other_words() {
    for (japanese, english) in every(Language::Japanese).iter().zip(every(Language::English)) {
        assert_eq!(japanese.tone, english.tone);
        assert_ne!(japanese.sentence, english.sentence);
        assert_eq!(japanese.next_step.is_empty(), english.next_step.is_empty(), "{english:?}");
        assert!(japanese.next_step.is_empty() || japanese.next_step != english.next_step, "{english:?}");
    }
}
