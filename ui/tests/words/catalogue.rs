//! The catalogue's format: gettext's .po, as far as `ui.po` uses it. Plural forms are not among it.
//!
//! Must not: undo escapes; both sides of a comparison have theirs.

/// One line of the catalogue.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Message {
    /// What tells two meanings of the same words apart.
    pub context: Option<String>,
    /// The words in the source.
    pub id: String,
    /// The words in the other language.
    pub text: String,
    /// Whether a translator marked it as a guess; such a line is not used.
    pub is_fuzzy: bool,
}

/// All lines but the head.
pub fn read(source: &str) -> Vec<Message> {
    source.split("\n\n").map(message).filter(|message| !message.id.is_empty()).collect()
}

fn message(block: &str) -> Message {
    let mut message = Message::default();
    let mut part = "";
    for line in block.lines() {
        if let Some(flags) = line.strip_prefix("#,") {
            message.is_fuzzy = flags.contains("fuzzy");
        }
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let (word, quoted) =
            line.split_once('"').unwrap_or_else(|| panic!("not a line of a catalogue: {line}"));
        if !word.is_empty() {
            part = word.trim();
        }
        let words = quoted.strip_suffix('"').unwrap_or_else(|| panic!("not closed: {line}"));
        match part {
            "msgctxt" => message.context.get_or_insert_default().push_str(words),
            "msgid" => message.id.push_str(words),
            "msgstr" => message.text.push_str(words),
            other => panic!("{other}: this test does not know it"),
        }
    }
    message
}

#[test]
fn a_message_may_have_a_context_and_several_lines() {
    let read = read(
        "msgid \"\"\nmsgstr \"Language: ja\\n\"\n\n#, fuzzy\nmsgctxt \"button\"\nmsgid \"\"\n\"Send \"\n\"now\"\nmsgstr \"送る\"\n",
    );
    let send = Message {
        context: Some("button".to_owned()),
        id: "Send now".to_owned(),
        text: "送る".to_owned(),
        is_fuzzy: true,
    };
    assert_eq!(read, [send]);
}
