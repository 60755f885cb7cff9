//! 絞り込みの条件 as they stand in an address, and addresses that hold them.
//!
//! Must not: refuse a page for what is no condition; it counts as not asked.

use serde::Deserialize;

use crate::fleet::{
    needs::Need,
    question::{MOST_TEXT, Question, SILENT_HOURS, USUAL_SILENT_HOURS},
};

/// What stands in the address.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    need: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    municipality: String,
    #[serde(default)]
    text: String,
}

impl Asked {
    /// Which page, from 0.
    pub(crate) fn page(&self) -> usize {
        self.page.parse().unwrap_or(0)
    }
    /// The question.
    pub(crate) fn question(&self) -> Question {
        let hours = self.hours.parse().ok().filter(|hours| SILENT_HOURS.contains(hours));
        Question {
            need: Need::of_code(&self.need),
            silent_hours: hours.unwrap_or(USUAL_SILENT_HOURS),
            municipality: cut(&self.municipality),
            text: cut(&self.text),
        }
    }
}

fn cut(text: &str) -> String {
    text.trim().chars().filter(|letter| !letter.is_control()).take(MOST_TEXT).collect()
}

/// The question as it stands in an address, without `?`; empty where nothing is asked.
pub(super) fn query(question: &Question) -> String {
    let mut parts = Vec::new();
    if let Some(need) = question.need {
        parts.push(format!("need={}", need.code()));
    }
    if question.silent_hours != USUAL_SILENT_HOURS {
        parts.push(format!("hours={}", question.silent_hours));
    }
    for (name, text) in [("municipality", &question.municipality), ("text", &question.text)] {
        if !text.is_empty() {
            parts.push(format!("{name}={}", percent_encoded(text)));
        }
    }
    parts.join("&")
}

/// A query with one more part, or ready for one.
pub(super) fn with(query: &str, part: &str) -> String {
    if query.is_empty() { part.to_owned() } else { format!("{query}&{part}") }
}

/// Everything but letters and digits of ASCII as bytes.
pub(crate) fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_comes_back_from_its_own_address() {
        let asked = Asked {
            need: "silent".to_owned(),
            hours: "72".to_owned(),
            municipality: " 渋谷区 ".to_owned(),
            text: "A&b=1#?".to_owned(),
            ..Asked::default()
        };
        let question = asked.question();
        let query = query(&question);
        assert_eq!(
            query,
            "need=silent&hours=72&municipality=%E6%B8%8B%E8%B0%B7%E5%8C%BA&text=A%26b%3D1%23%3F"
        );
        let uri: axum::http::Uri = format!("/console/fleet?{query}").parse().unwrap();
        let axum::extract::Query(again) = axum::extract::Query::<Asked>::try_from_uri(&uri).unwrap();
        assert_eq!(again.question(), question);
    }

    #[test]
    fn what_is_no_condition_counts_as_not_asked() {
        let asked = Asked {
            page: "x".to_owned(),
            need: "nobody".to_owned(),
            hours: "25".to_owned(),
            text: format!("\u{7}{}", "a".repeat(MOST_TEXT + 9)),
            ..Asked::default()
        };
        let question = asked.question();
        assert_eq!((asked.page(), question.need, question.silent_hours), (0, None, USUAL_SILENT_HOURS));
        assert_eq!(question.text, "a".repeat(MOST_TEXT));
        assert_eq!(query(&Question::default()), "");
    }
}
