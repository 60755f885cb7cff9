//! The manual on paper: each step's picture beside its sentence, printed by Chromium without a window.
//!
//! Must not: look anything up in a network, or need a font of the machine.

use std::{fmt::Write as _, fs, path::Path};

use app::{display::Language, manual::tasks};
use image::codecs::jpeg::JpegEncoder;

use super::{Failure, Played, moving, pages};
use crate::browser;

const STYLE: &str = "\
@page{size:A4;margin:14mm 12mm}
body{margin:0;font:10.5pt/1.55 Manual,sans-serif;color:#1a1a1a}
h1{font-size:20pt;margin:0 0 2mm}
h2{font-size:14pt;margin:0 0 3mm;border-bottom:.6mm solid #0017c1;break-after:avoid}
section{break-before:page}
section.words{break-before:auto;break-inside:avoid;margin-top:8mm}
.contents{columns:2;margin:4mm 0}
.steps{display:grid;grid-template-columns:1fr 1fr;gap:5mm 6mm}
figure{margin:0;break-inside:avoid}
img{width:100%;border:.2mm solid #949494}
figcaption{display:flex;gap:2mm}
b{color:#0017c1;font-size:13pt;line-height:1.2}
li{margin:1.5mm 0}
";
const QUALITY: u8 = 72;

/// Prints it.
pub(super) fn make(file: &Path, played: &[Played], language: Language) -> Result<(), Failure> {
    let work = tempfile::tempdir()?;
    let page = work.path().join("manual.html");
    fs::write(&page, html(work.path(), played, language)?)?;
    browser::print(&page, &work.path().join("manual.pdf"))?;
    fs::copy(work.path().join("manual.pdf"), file)?;
    Ok(())
}

fn html(work: &Path, played: &[Played], language: Language) -> Result<String, Failure> {
    let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/fonts").canonicalize()?;
    let mut text =
        format!("<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><style>", language.code());
    for (weight, name) in [(400, "Regular"), (700, "Bold")] {
        let font = fonts.join(format!("NotoSansJP-{name}.ttf"));
        fs::copy(font, work.join(format!("{name}.ttf")))?;
        write!(text, "@font-face{{font-family:Manual;font-weight:{weight};src:url({name}.ttf)}}")?;
    }
    let title = pages::title(language);
    write!(text, "{STYLE}</style><title>{title}</title><h1>{title}</h1><p>{}</p>", pages::about(language))?;
    text.push_str("<ol class=\"contents\">");
    for task in tasks() {
        write!(text, "<li>{}", pages::words(task.title.of(language)))?;
    }
    text.push_str("</ol>");
    for task in tasks() {
        let class = if task.pictures { "" } else { " class=\"words\"" };
        write!(text, "<section{class}><h2>{}</h2>", pages::words(task.title.of(language)))?;
        match played.iter().find(|one| one.task.id == task.id && one.language == language) {
            Some(one) => steps(&mut text, work, one)?,
            None => {
                text.push_str("<ul>");
                for step in &task.steps {
                    write!(text, "<li>{}", pages::words(step.of(language)))?;
                }
                text.push_str("</ul>");
            }
        }
        text.push_str("</section>");
    }
    Ok(text)
}

fn steps(text: &mut String, work: &Path, one: &Played) -> Result<(), Failure> {
    text.push_str("<div class=\"steps\">");
    for (index, (frame, step)) in one.frames.iter().zip(&one.task.steps).enumerate() {
        let name = format!("{}-{index}.jpg", one.name());
        let mut packed = Vec::new();
        JpegEncoder::new_with_quality(&mut packed, QUALITY).encode_image(&moving::small(frame))?;
        fs::write(work.join(&name), packed)?;
        let (number, sentence) = (index + 1, pages::words(step.of(one.language)));
        write!(
            text,
            "<figure><img src=\"{name}\"><figcaption><b>{number}</b><span>{sentence}</span></figcaption></figure>"
        )?;
    }
    text.push_str("</div>");
    Ok(())
}
