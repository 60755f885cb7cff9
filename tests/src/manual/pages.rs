//! The manual as pages for a browser: two files beside their pictures, without a script and without a network, for a
//! telephone as for a desk, and for a printer.
//!
//! Must not: need anything but the files in `docs/manual`.

use app::{
    display::Language,
    manual::{Task, picture_name},
};

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1a1a1a;--sub:#4d4d4d;--canvas:#fff;--tint:#e8f1fe;--line:#949494;--action:#0017c1}
@media (prefers-color-scheme:dark){:root{--ink:#fff;--sub:#ccc;--canvas:#1a1a1a;--tint:#1f2a44;--line:#767676;--action:#9db7f9}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--canvas);color:var(--ink);font:1.125rem/1.7 \"Noto Sans JP\",\"Hiragino Sans\",\"Yu Gothic UI\",sans-serif}
a{color:var(--action)}
header p{color:var(--sub)}
nav ol{columns:20rem;padding-left:1.6em}
nav a{display:inline-block;padding:.5em 0}
section{border-top:2px solid var(--line);padding-top:1rem;margin-top:2rem}
h2{margin:.2em 0 .6em}
.task{display:grid;gap:1.5rem;grid-template-columns:minmax(0,3fr) minmax(0,2fr);align-items:start}
img{width:100%;height:auto;border:1px solid var(--line)}
.task ol,.words{margin:0;padding-left:1.6em}
li{margin:.5em 0}
li::marker{font-weight:bold;color:var(--action)}
@media (max-width:48rem){.task{grid-template-columns:1fr}}
@media print{body{max-width:none;font-size:11pt}nav,.top{display:none}section{break-inside:avoid}}
";

/// The name of the page.
pub(super) fn file(language: Language) -> &'static str {
    language.of("index.html", "en.html")
}

/// The name of the PDF.
pub(super) fn pdf(language: Language) -> &'static str {
    language.of("manual-ja.pdf", "manual-en.pdf")
}

/// What the manual is called.
pub(super) fn title(language: Language) -> &'static str {
    language.of("接種記録端末の使い方", "How to use the vaccination record tablet")
}

/// What must be known of the pictures.
pub(super) fn about(language: Language) -> &'static str {
    language.of(
        "だいだい色の丸は、押すところです。画面の人の名前と番号は、すべて見本です。",
        "The orange dot is where to press. All names and numbers on the screens are invented.",
    )
}

/// The whole page.
pub(super) fn page(tasks: &[Task], language: Language) -> String {
    let code = language.code();
    let (title, about) = (title(language), about(language));
    let (other, pdf) = (file(language.other()), pdf(language));
    let other_code = language.other().code();
    let other_name = language.of("English", "日本語");
    let paper = language.of("印刷用（PDF）", "For paper (PDF)");
    let contents = language.of("もくじ", "Contents");
    let links: String = tasks
        .iter()
        .map(|task| format!("<li><a href=\"#{}\">{}</a></li>\n", task.id, words(task.title.of(language))))
        .collect();
    let sections: String = tasks.iter().map(|task| section(task, language)).collect();
    format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header id=\"top\">\n<h1>{title}</h1>\n<p>{about}</p>\n\
         <p><a href=\"{other}\" lang=\"{other_code}\">{other_name}</a> · <a href=\"{pdf}\">{paper}</a></p>\n</header>\n\
         <nav aria-label=\"{contents}\">\n<h2>{contents}</h2>\n<ol>\n{links}</ol>\n</nav>\n<main>\n{sections}</main>\n</body>\n</html>\n"
    )
}

fn section(task: &Task, language: Language) -> String {
    let steps: String =
        task.steps.iter().map(|step| format!("<li>{}</li>\n", words(step.of(language)))).collect();
    let (id, title) = (&task.id, words(task.title.of(language)));
    let top = language.of("もくじへ", "Contents");
    let body = if task.pictures {
        let name = picture_name(id, language);
        format!(
            "<div class=\"task\">\n<picture><source media=\"(prefers-reduced-motion: reduce)\" \
             srcset=\"pictures/{name}-still.png\"><img src=\"pictures/{name}.png\" width=\"800\" height=\"500\" \
             loading=\"lazy\" alt=\"{title}\"></picture>\n<ol>\n{steps}</ol>\n</div>\n"
        )
    } else {
        format!("<ul class=\"words\">\n{steps}</ul>\n")
    };
    format!(
        "<section id=\"{id}\">\n<h2>{title}</h2>\n{body}<p class=\"top\"><a href=\"#top\">{top}</a></p>\n</section>\n"
    )
}

/// Text as HTML has it.
pub(super) fn words(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
