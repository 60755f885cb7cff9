//! 見本: valid samples for the corpus, made by the code that makes the real ones. Invented people and numbers only.
//!
//! Must not: hold a sample that its target refuses without saying so in its name (`not-…`).

mod envelopes;
mod messages;
mod parts;
mod people;
mod pictures;
mod provider;
#[cfg(feature = "tablet")]
mod tablet;

pub use messages::receipt_list;

/// One sample of a target's corpus.
pub struct Seed {
    /// The target.
    pub target: &'static str,
    /// Its file name in that target's folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether making it again gives other bytes, because something in it is drawn at random.
    pub is_drawn: bool,
}

fn seed(target: &'static str, name: &str, bytes: impl Into<Vec<u8>>) -> Seed {
    Seed { target, name: name.to_owned(), bytes: bytes.into(), is_drawn: false }
}

fn drawn(target: &'static str, name: &str, bytes: impl Into<Vec<u8>>) -> Seed {
    Seed { is_drawn: true, ..seed(target, name, bytes) }
}

/// All samples.
#[must_use]
pub fn all() -> Vec<Seed> {
    let mut all = messages::texts();
    all.extend(messages::entries());
    all.extend(messages::batches());
    all.extend(messages::answers());
    all.extend(messages::sealed());
    all.extend(envelopes::all());
    all.extend(parts::all());
    all.extend(people::all());
    all.extend(pictures::readable());
    all.extend(provider::all());
    #[cfg(feature = "tablet")]
    all.extend(tablet::all());
    all
}
