//! A drawing as SVG text: lines, boxes, dots and words on white.
//!
//! Must not: know what is plotted.

use std::fmt::Write as _;

/// Where a word ends or begins at its place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// Ink of words and axes.
pub(crate) const INK: &str = "#222222";
/// Ink of what should stay behind.
pub(crate) const FAINT: &str = "#d9d9d9";
const FONT_PX: f64 = 13.0;

pub(crate) struct Drawing {
    body: String,
}

impl Drawing {
    pub(crate) fn new() -> Self {
        Self { body: String::new() }
    }
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: &str, width: f64) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = writeln!(
            self.body,
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{ink}" stroke-width="{width}"/>"#
        );
    }
    pub(crate) fn area(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), ink: &str) {
        let _ = writeln!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{ink}"/>"#
        );
    }
    pub(crate) fn dot(&mut self, (x, y): (f64, f64), radius: f64, ink: &str) {
        let _ = writeln!(self.body, r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="{ink}"/>"#);
    }
    pub(crate) fn words(&mut self, (x, y): (f64, f64), anchor: Anchor, is_bold: bool, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if is_bold { r#" font-weight="bold""# } else { "" };
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(
            self.body,
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}"{weight}>{text}</text>"#
        );
    }
    /// The whole file; `title` is for those who hear it read out.
    pub(crate) fn finish(self, (width, height): (f64, f64), title: &str) -> String {
        let title = title.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" font-family=\"sans-serif\" font-size=\"{FONT_PX}\" fill=\"{INK}\">\n\
             <title>{title}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{}</svg>\n",
            self.body
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_break_out_of_their_element() {
        let mut drawing = Drawing::new();
        drawing.words((1.0, 2.0), Anchor::End, true, "a < b & c");
        let text = drawing.finish((10.0, 20.0), "<");
        assert!(text.contains(">a &lt; b &amp; c</text>") && text.contains("<title>&lt;</title>"));
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
    }
}
