//! The literals of a .slint file, each with what it is for. Knows strings, comments, brackets and where a statement
//! begins, no more.
//!
//! Must not: take words in a comment for words on a screen.

/// One literal, without its quotes, escapes as they stand.
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    /// What stands between the quotes.
    pub text: String,
    /// Its line, from 1.
    pub line: usize,
    /// What it is for.
    pub role: Role,
}

/// What a literal is for.
#[derive(Debug, PartialEq, Eq)]
pub enum Role {
    /// Words in `@tr(…)`, with their context where one is given.
    Translated {
        /// `@tr("context" => "words")`.
        context: Option<String>,
    },
    /// Anything else.
    Plain {
        /// The statement up to the literal.
        statement: String,
    },
}

/// Whether a literal in such a statement is on no screen of the program: names of files, the name of the font, strokes
/// of a drawing, and preview data, which the program overwrites.
pub fn is_never_shown(statement: &str) -> bool {
    ["import", "from", "out property <string> family:", "in property", "in-out property"]
        .iter()
        .any(|start| statement.starts_with(start))
        || statement.ends_with("commands:")
}

/// All literals of a file.
pub fn of(source: &str) -> Vec<Literal> {
    let mut reader = Reader { rest: source, line: 1, statement: String::new(), depth: 0, context: None };
    let mut found = Vec::new();
    while let Some(next) = reader.rest.chars().next() {
        if reader.rest.starts_with("//") {
            reader.take_to("\n");
        } else if reader.rest.starts_with("/*") {
            reader.take_to("*/");
        } else if next == '"' {
            found.extend(reader.literal());
        } else {
            reader.character(next);
        }
    }
    found
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    /// What was read of the statement, blanks folded.
    statement: String,
    /// How deep in a value: between the brackets of an array or the braces of an object.
    depth: usize,
    /// The context of the words that follow.
    context: Option<String>,
}

impl Reader<'_> {
    fn take(&mut self, bytes: usize) -> &str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn take_to(&mut self, end: &str) {
        let bytes = self.rest.find(end).map_or(self.rest.len(), |at| at + end.len());
        self.take(bytes);
    }

    fn character(&mut self, next: char) {
        self.take(next.len_utf8());
        let in_value = self.depth > 0 || self.statement.ends_with(':');
        match next {
            '[' => self.depth += 1,
            '{' if in_value => self.depth += 1,
            ']' | '}' if self.depth > 0 => self.depth -= 1,
            '{' | '}' => return self.statement.clear(),
            ';' if self.depth == 0 => return self.statement.clear(),
            _ => {}
        }
        if !next.is_whitespace() {
            self.statement.push(next);
        } else if !self.statement.is_empty() && !self.statement.ends_with(' ') {
            self.statement.push(' ');
        }
        if next == ' ' && self.statement.ends_with(": ") {
            self.statement.pop();
        }
    }

    /// The literal that begins here; nothing where it is the context of the next.
    fn literal(&mut self) -> Option<Literal> {
        let line = self.line;
        let inside = &self.rest[1..];
        let mut is_escaped = false;
        let length = inside
            .find(|character| {
                let is_end = character == '"' && !is_escaped;
                is_escaped = character == '\\' && !is_escaped;
                is_end
            })
            .unwrap_or_else(|| panic!("line {line}: a literal is not closed"));
        let text = self.take(length + 2)[1..=length].to_owned();
        let statement = self.statement.trim_end().to_owned();
        self.statement.push_str("\"\"");
        let in_tr = statement.ends_with("@tr(");
        if in_tr && self.rest.trim_start().starts_with("=>") {
            self.context = Some(text);
            return None;
        }
        let is_translated = in_tr || (statement.ends_with("=>") && self.context.is_some());
        assert!(
            !is_translated || !self.rest.trim_start().starts_with('|'),
            "line {line}: this test does not know plural forms"
        );
        let role = if is_translated {
            Role::Translated { context: self.context.take() }
        } else {
            Role::Plain { statement }
        };
        Some(Literal { text, line, role })
    }
}

#[test]
fn words_have_their_context_and_preview_data_is_told_from_words() {
    let source = r#"
        import { Button } from "widgets/button.slint";
        // text: "in a comment";
        export global P { in property <[R]> rows: [ { name: "番号" }, { name: "回数" } ]; in property <R> row: { name: "会場" }; }
        component C { Path { commands: "M4 13"; } Text { text: @tr("button" => "Send"); } }
        component D { label: P.busy ? @tr("Say \"now\" {}", P.name) : "Later"; }
        component E { clicked => { P.say("Gone"); } }
    "#;
    let found = of(source);
    let texts = |is_wanted: &dyn Fn(&Role) -> bool| {
        found.iter().filter(|one| is_wanted(&one.role)).map(|one| one.text.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&|role| *role == Role::Translated { context: Some("button".to_owned()) }), ["Send"]);
    assert_eq!(texts(&|role| *role == Role::Translated { context: None }), [r#"Say \"now\" {}"#]);
    let hidden = |role: &Role| matches!(role, Role::Plain { statement } if is_never_shown(statement));
    assert_eq!(texts(&hidden), ["widgets/button.slint", "番号", "回数", "会場", "M4 13"]);
    let shown = |role: &Role| matches!(role, Role::Plain { statement } if !is_never_shown(statement));
    assert_eq!(texts(&shown), ["Later", "Gone"]);
    assert_eq!(found.last().map(|one| one.line), Some(7));
}
