//! One sealed file: what it is, how far it has come, and what may be done with it by whom.
//!
//! Must not: show a person, or another municipality's file.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use record::envelope::{EnvelopeId, Office};
use seal::envelope::read_receipt;
use serde::Deserialize;

use super::{
    facts::{Around, account, address, is_approver, unavailable},
    ledger_page::{Row, row},
    phrases,
    refused::{Failure, Refused},
    sent, upload,
    words::{MediaWords, media_words},
};
use crate::{
    console::{
        forms,
        language::{Chosen, Language},
        page::{Frame, page},
        phrases::number,
    },
    media::{
        cards, effect,
        event::{About, Content, Event},
        file::{SealedFile, Stage},
        jobs::Work,
        ledger, making,
        refusal::Reason,
        spool::Kind,
        sweeping,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::StorageError,
};

#[derive(Template)]
#[template(path = "media_file.html")]
struct FilePage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
    message: Option<&'static str>,
    address: String,
    title: String,
    mark: &'static str,
    stage: &'static str,
    reason: Option<&'static str>,
    said: Option<String>,
    facts: Vec<(&'static str, String)>,
    progress: Option<Progress>,
    preview: Option<Preview>,
    may: May,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "media_progress.html")]
struct ProgressFragment {
    media: &'static MediaWords,
    address: String,
    progress: Progress,
}

#[derive(Template)]
#[template(path = "media_no_file.html")]
struct NoFilePage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
}

struct Progress {
    sentence: String,
    can_be_stopped: bool,
    done: u64,
    of: u64,
}

struct Preview {
    counts: Vec<(&'static str, String)>,
    has_faulty: bool,
    is_more: bool,
    shown: Vec<(String, String)>,
}

/// What this officer may do with it now.
#[derive(Default)]
struct May {
    allow: bool,
    wait_for_approver: bool,
    withdraw: bool,
    make: bool,
    download: bool,
    is_gone: bool,
    take_receipt: bool,
    get_receipt: bool,
    take_effect: bool,
    wait_for_other: bool,
    discard: bool,
    undo: bool,
}

/// What a button sends.
#[derive(Deserialize)]
pub(crate) struct Entered {
    word: String,
    #[serde(default)]
    what: String,
}

struct Looked {
    id: EnvelopeId,
    file: SealedFile,
    rows: Vec<Row>,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Response {
    answer(&central, &officer, chosen, &id, None).await
}

/// How far the work on it has come; the page is asked for again when that has ended.
pub(crate) async fn progress(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Response {
    let progress = id.parse().ok().and_then(|id| working(&central, &officer, chosen.language, id));
    match progress {
        Some(progress) => {
            let address = format!("/municipality/media/files/{id}");
            page(
                StatusCode::OK,
                chosen,
                &ProgressFragment { media: media_words(chosen.language), address, progress },
                [],
            )
        }
        None => ([("hx-refresh", HeaderValue::from_static("true"))], "").into_response(),
    }
}

/// What any officer may do: take back, make again, stop, discard.
pub(crate) async fn act(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    let done = acted(&central, &officer, &id, &entered).await;
    after(&central, &officer, chosen, &id, done).await
}

/// What another person decides: allow or not, take effect, undo.
pub(crate) async fn decide(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    let done = decided(&central, &officer, &id, &entered).await;
    after(&central, &officer, chosen, &id, done).await
}

async fn after(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    id: &str,
    done: Result<(), Failure>,
) -> Response {
    match (done, id.parse::<EnvelopeId>()) {
        (Ok(()), Ok(id)) => Redirect::to(&address(id)).into_response(),
        (Err(Failure::Refused(refused)), _) => answer(central, officer, chosen, id, Some(refused)).await,
        (Err(Failure::Storage(error)), _) => unavailable(&error),
        (Ok(()), Err(_)) => answer(central, officer, chosen, id, None).await,
    }
}

fn known(officer: &Officer, id: &str, entered: &Entered) -> Result<EnvelopeId, Failure> {
    if !forms::brings_word(Some(&officer.secret), &entered.word) {
        return Err(Refused::StaleForm.into());
    }
    id.parse().map_err(|_| Refused::Overtaken.into())
}

async fn acted(central: &Central, officer: &Officer, id: &str, entered: &Entered) -> Result<(), Failure> {
    let id = known(officer, id, entered)?;
    let (by, now) = (account(officer)?, central.clock.now());
    let (storage, municipality) = (&*central.storage, officer.municipality);
    match entered.what.as_str() {
        "withdraw" => {
            ledger::add(storage, municipality, About::File(id), (by, now), Event::Withdrawn).await?;
        }
        "make" => {
            making::begin(central, municipality, id, by).await?;
        }
        "stop" => stop(central, officer, id).await?,
        "discard" => effect::discard(central, municipality, id, by).await?,
        _ => return Err(Refused::StaleForm.into()),
    }
    Ok(())
}

/// Stops what goes on here. Where nothing goes on, another process was at it and is gone: that is said.
async fn stop(central: &Central, officer: &Officer, id: EnvelopeId) -> Result<(), Failure> {
    if let Some(job) = central.media.jobs.find(officer.municipality, id) {
        if job.work().can_be_stopped() {
            job.stop();
        }
        return Ok(());
    }
    let lines = ledger::lines_about(&*central.storage, officer.municipality, About::File(id)).await?;
    let event = match SealedFile::of(&lines).map(|file| file.stage) {
        Some(Stage::Making) => Event::MakingStopped,
        Some(Stage::Reading) => {
            sweeping::give_up_import(central, officer.municipality).await?;
            Event::ReadingEnded { reason: Reason::Stopped }
        }
        _ => return Err(Refused::Overtaken.into()),
    };
    let who = (account(officer)?, central.clock.now());
    ledger::add(&*central.storage, officer.municipality, About::File(id), who, event).await?;
    Ok(())
}

async fn decided(central: &Central, officer: &Officer, id: &str, entered: &Entered) -> Result<(), Failure> {
    let id = known(officer, id, entered)?;
    let (by, now) = (account(officer)?, central.clock.now());
    let (storage, municipality) = (&*central.storage, officer.municipality);
    match entered.what.as_str() {
        "allow" => {
            let who = (by.clone(), now);
            ledger::add(storage, municipality, About::File(id), who, Event::Allowed).await?;
            making::begin(central, municipality, id, by).await?;
        }
        "decline" => {
            ledger::add(storage, municipality, About::File(id), (by, now), Event::Declined).await?;
        }
        "take-effect" => effect::begin(central, municipality, id, by, Work::TakingEffect).await?,
        "undo" => effect::begin(central, municipality, id, by, Work::Undoing).await?,
        _ => return Err(Refused::StaleForm.into()),
    }
    Ok(())
}

/// Sends the sealed file.
pub(crate) async fn download(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    match downloaded(&central, &officer, &id, &entered).await {
        Ok(response) => response,
        Err(Failure::Refused(refused)) => answer(&central, &officer, chosen, &id, Some(refused)).await,
        Err(Failure::Storage(error)) => unavailable(&error),
    }
}

async fn downloaded(
    central: &Central,
    officer: &Officer,
    id: &str,
    entered: &Entered,
) -> Result<Response, Failure> {
    let id = known(officer, id, entered)?;
    let now = central.clock.now();
    let lines = ledger::lines_about(&*central.storage, officer.municipality, About::File(id)).await?;
    let file = SealedFile::of(&lines).filter(|file| file.stage == Stage::Made).ok_or(Refused::Overtaken)?;
    if file.outline().is_none_or(|outline| now >= outline.expires_at) {
        return Err(Reason::Expired.into());
    }
    let path = central.media.spool.path(officer.municipality, id, Kind::Made);
    let name = format!("{}-{}.vrsenv", officer.municipality, id.short());
    // What lies there is opened first: a line that it was fetched is never of a file that is gone.
    let response = sent::large(&name, &path).await.map_err(|_| Refused::Gone)?;
    let who = (account(officer)?, now);
    ledger::add(&*central.storage, officer.municipality, About::File(id), who, Event::Downloaded).await?;
    Ok(response)
}

/// Sends the receipt for what was opened here.
pub(crate) async fn receipt(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Response {
    match look(&central, &officer, chosen, &id).await {
        Ok(Some(Looked { id, file: SealedFile { receipt: Some(receipt), .. }, .. })) => {
            sent::small(&format!("central-{}.vrsreceipt", id.short()), receipt.into_bytes())
        }
        Ok(_) => answer(&central, &officer, chosen, &id, Some(Refused::Overtaken)).await,
        Err(error) => unavailable(&error),
    }
}

/// Takes in the recipient's receipt for what was made here.
pub(crate) async fn take_receipt(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let done = checked(&central, &officer, &id, form).await;
    after(&central, &officer, chosen, &id, done).await
}

async fn checked(
    central: &Central,
    officer: &Officer,
    id: &str,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(), Failure> {
    let form = upload::small(officer, form.map_err(|_| Refused::BrokenOff)?).await?;
    let id: EnvelopeId = id.parse().map_err(|_| Refused::Overtaken)?;
    let storage = &*central.storage;
    let lines = ledger::lines_about(storage, officer.municipality, About::File(id)).await?;
    let file = SealedFile::of(&lines).filter(|file| file.goes_out() && file.manifest.is_some());
    let file = file.ok_or(Refused::Overtaken)?;
    let judged = judged(central, officer, &file, &form.file).await?;
    let (event, reason) = match judged {
        Ok(receipt) => (Event::ReceiptTaken { receipt }, None),
        Err(reason) => (Event::ReceiptRefused { reason }, Some(reason)),
    };
    let who = (account(officer)?, central.clock.now());
    ledger::add(storage, officer.municipality, About::File(id), who, event).await?;
    match reason {
        None => Ok(()),
        Some(reason) => Err(reason.into()),
    }
}

/// Whether a receipt is of this file and of the recipient's key; its text.
async fn judged(
    central: &Central,
    officer: &Officer,
    file: &SealedFile,
    bytes: &[u8],
) -> Result<Result<String, Reason>, StorageError> {
    let known = cards::registered(&*central.storage, officer.municipality).await?;
    let cards: Vec<_> = known.map(|known| known.card).into_iter().collect();
    let receipt = match read_receipt(bytes, &cards) {
        Ok(receipt) => receipt,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let Some(manifest) = &file.manifest else { return Ok(Err(Reason::OtherFile)) };
    let fits = receipt.envelope_id == manifest.outline.envelope_id
        && receipt.recipient == manifest.outline.recipient.office
        && receipt.manifest == seal::envelope::manifest_digest(manifest)
        && receipt.parts == manifest.parts.len() as u64
        && Some(receipt.rows) == manifest.rows()
        && Some(receipt.bytes) == manifest.bytes();
    let text = String::from_utf8(bytes.to_vec());
    Ok(text.ok().filter(|_| fits).ok_or(Reason::OtherFile))
}

/// What is known of a file of the officer's municipality; none of any other.
async fn look(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    id: &str,
) -> Result<Option<Looked>, StorageError> {
    let Ok(id) = id.parse::<EnvelopeId>() else { return Ok(None) };
    let around = Around::of(officer, chosen.language);
    let about = About::File(id).to_string();
    let kept = central.storage.media_lines_about(officer.municipality, about).await?;
    let lines: Result<Vec<_>, _> = kept.iter().map(ledger::read).collect();
    let Some(file) = SealedFile::of(&lines?) else { return Ok(None) };
    let rows: Result<Vec<_>, _> = kept.iter().map(|line| row(chosen, &around, line)).collect();
    Ok(Some(Looked { id, file, rows: rows? }))
}

fn working(central: &Central, officer: &Officer, language: Language, id: EnvelopeId) -> Option<Progress> {
    let job = central.media.jobs.find(officer.municipality, id)?;
    let (done, of) = job.progress();
    Some(Progress {
        sentence: phrases::progress(language, job.work(), (done, of)),
        can_be_stopped: job.work().can_be_stopped(),
        done,
        of,
    })
}

async fn answer(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    id: &str,
    refused: Option<Refused>,
) -> Response {
    let language = chosen.language;
    let around = Around::of(officer, language);
    let found = async {
        let looked = look(central, officer, chosen, id).await?;
        Ok::<_, StorageError>((looked, central.storage.count_people(officer.municipality).await?))
    };
    let (looked, people) = match found.await {
        Ok((Some(looked), people)) => (looked, people),
        Ok((None, _)) => {
            return page(
                StatusCode::NOT_FOUND,
                chosen,
                &NoFilePage { frame: around.frame, own: around.own, media: around.media, bar: around.bar },
                [],
            );
        }
        Err(error) => return unavailable(&error),
    };
    let Looked { id, file, rows } = looked;
    let words = around.media;
    let progress = working(central, officer, language, id);
    let is_stuck = progress.is_none() && matches!(file.stage, Stage::Making | Stage::Reading);
    let progress = progress.or_else(|| {
        is_stuck.then(|| Progress {
            sentence: words.is_working.to_owned(),
            can_be_stopped: true,
            done: 0,
            of: 0,
        })
    });
    let (mark, stage) = phrases::stage(words, file.stage);
    let template = FilePage {
        message: refused.map(|refused| refused.sentence(language, words)),
        address: address(id),
        title: format!("{} {}", what(language, &around, &file), id.short()),
        mark,
        stage,
        reason: file.reason.map(|reason| phrases::reason(language, reason)),
        said: file.said.as_ref().map(|said| phrases::sentence(language, said).to_owned()),
        facts: facts(language, &around, &file, people),
        preview: preview(language, &around, &file),
        may: if progress.is_some() { May::default() } else { may(central, officer, id, &file) },
        progress,
        rows,
        frame: around.frame,
        own: around.own,
        media: around.media,
        bar: around.bar,
    };
    page(refused.map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}

/// What it holds, in words.
pub(super) fn what(language: Language, around: &Around, file: &SealedFile) -> String {
    match (&file.asked, &file.manifest) {
        (Some((_, content)), _) => phrases::content(language, around.media, *content),
        (None, Some(manifest)) => phrases::kind(around.media, manifest.outline.kind).to_owned(),
        (None, None) => around.media.media.to_owned(),
    }
}

/// Everything that it says of itself, and who did what.
pub(super) fn facts(
    language: Language,
    around: &Around,
    file: &SealedFile,
    people: u64,
) -> Vec<(&'static str, String)> {
    let words = around.media;
    let mut facts = vec![];
    if let Some(outline) = file.outline() {
        facts.push((words.number, outline.envelope_id.to_string()));
        facts.push((words.sender, phrases::office(language, outline.sender.office)));
        facts.push((words.to_whom, phrases::office(language, outline.recipient.office)));
        facts.push((words.purpose, phrases::purpose(language, outline.purpose).to_owned()));
        facts.push((words.document_number, outline.document_number.to_string()));
        facts.push((words.method, phrases::method(language, outline.method).to_owned()));
        facts.push((words.expires, phrases::at(outline.expires_at)));
    }
    let who = |by: &dyn std::fmt::Display, at| format!("{by} {}", phrases::at(at));
    facts.push((if file.goes_out() { words.asked_by } else { words.brought_by }, who(&file.by, file.at)));
    if let Some((by, at)) = &file.allowed {
        facts.push((words.allowed_by, who(by, *at)));
    }
    match (&file.manifest, file.goes_out()) {
        (Some(manifest), goes_out) => {
            if !goes_out {
                let both = format!("{} / {}", manifest.asked.account, manifest.allowed.account);
                facts.push((words.sender_people, both));
            }
            facts.push((words.rows, phrases::rows(language, manifest.rows().unwrap_or(0))));
            if file.file_bytes > 0 {
                facts.push((words.size, phrases::bytes(language, file.file_bytes)));
            }
        }
        (None, true) if !matches!(file.asked, Some((_, Content::FaultyRows { .. }))) => {
            facts.push((words.now_people, phrases::people(language, people)));
        }
        (None, _) => {}
    }
    facts
}

fn preview(language: Language, around: &Around, file: &SealedFile) -> Option<Preview> {
    let words = around.media;
    let preview = file.preview.as_ref()?;
    let counts = [
        (words.new, preview.new),
        (words.changed, preview.changed),
        (words.unchanged, preview.unchanged),
        (words.faulty, preview.faulty),
    ];
    let sentences = |row: &crate::media::event::FaultyRow| {
        let said: Vec<&str> = row.said.iter().map(|said| phrases::sentence(language, said)).collect();
        (number(row.row), said.join(if language == Language::Japanese { "" } else { " " }))
    };
    Some(Preview {
        counts: counts.map(|(name, count)| (name, number(count))).to_vec(),
        has_faulty: preview.faulty > 0,
        is_more: preview.faulty > preview.shown.len() as u64,
        shown: preview.shown.iter().map(sentences).collect(),
    })
}

fn may(central: &Central, officer: &Officer, id: EnvelopeId, file: &SealedFile) -> May {
    let is_another = file.by.as_str() != officer.name.as_str();
    let may_decide = is_approver(officer) && is_another;
    let lies_there = || central.media.spool.path(officer.municipality, id, Kind::Made).exists();
    let is_here = file.stage == Stage::Made && !file.is_removed && lies_there();
    let is_out = file.outline().is_some_and(|outline| outline.sender.office == Office::Central);
    May {
        allow: file.stage == Stage::Asked && may_decide,
        wait_for_approver: file.stage == Stage::Asked && !may_decide,
        withdraw: matches!(file.stage, Stage::Asked | Stage::Allowed),
        make: file.stage == Stage::Allowed,
        download: is_here,
        is_gone: matches!(file.stage, Stage::Made | Stage::Arrived) && !is_here,
        take_receipt: file.stage == Stage::Made && is_out,
        get_receipt: !file.goes_out() && file.receipt.is_some(),
        take_effect: file.stage == Stage::Waiting && may_decide,
        wait_for_other: file.stage == Stage::Waiting && !may_decide,
        discard: file.stage == Stage::Waiting,
        undo: file.stage == Stage::Effective && is_approver(officer),
    }
}
