//! Every parser of bytes that come from outside, each with what must hold whatever the bytes are: it ends, it does not
//! panic, and what it accepts it gives back as it was. libFuzzer and an ordinary test call the same functions.
//!
//! Must not: repeat a parser; each target calls the one that really runs.

pub mod keys;
pub mod seeds;
mod targets;

use targets::{central, envelope, packages, record, scanner, seal, symbols};

/// What became of one input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It is what the parser is for.
    Accepted,
    /// It is not, and the parser said so.
    Refused,
}

impl Became {
    pub(crate) fn of(is_accepted: bool) -> Self {
        if is_accepted { Self::Accepted } else { Self::Refused }
    }
}

/// One parser, or a few that see the same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: of the folder of its corpus too.
    pub name: &'static str,
    /// What is parsed, and what must hold of what is accepted.
    pub tells: &'static str,
    /// Parses; panics where something does not hold.
    pub run: fn(&[u8]) -> Became,
}

const fn target(name: &'static str, tells: &'static str, run: fn(&[u8]) -> Became) -> Target {
    Target { name, tells, run }
}

/// All targets.
pub const TARGETS: &[Target] = &[
    target("ocr_line", "numbers, codes, dates and names as text: one spelling each", record::texts),
    target("entry", "an entry's bytes: written and read again it is the same, and witnessed", record::entry),
    target("municipality_table", "the table's CSV: sorted, each code found", record::municipality_table),
    target("batch", "a batch before compression: rising positions, entries to the byte", record::batch),
    target("answers", "what central and tablet say to each other in JSON", record::answers),
    target("parts", "what is sent down: lots, rules, decisions, doses by hash", record::parts),
    target("manifest", "what names the parts: only the central's, for this tablet alone", seal::manifest),
    target("bundle", "a configuration file: only its own signer's, and signed again it opens", seal::bundle),
    target("bundle_box", "sealed bundles: only what our key signed, to the last byte", seal::bundle_box),
    target("recovery", "what a tablet keeps for its central, and what that released", seal::recovery),
    target("signature_headers", "a signed request's headers: no other spelling passes", seal::request),
    target("receipt", "a receipt, kept and just come: speaks of what was sent only", seal::receipt),
    target("id_token", "an identity provider's token: only what it signed, for this sign-in", seal::id_token),
    target("key_set", "an identity provider's keys: none opens what is not its own", seal::key_set),
    target("sealed", "an age file, and a file of any content", seal::sealed),
    target(
        "envelope",
        "a sealed file for a medium, a key card, a receipt: nobody else's",
        envelope::envelope,
    ),
    target("vault", "the tablet's vault file, and a vault of any content", seal::vault),
    target("wrapped_identity", "a private key under a PIN", seal::wrapped_identity),
    target("central_body", "a batch's body as the central opens it, compressed or not", central::body),
    target(
        "provider_answers",
        "an identity provider's description and token answer: its own, over TLS",
        central::provider_answers,
    ),
    target("bundle_spec", "what a municipality writes to have a bundle made", central::bundle_spec),
    target("csv", "a file of people: rows in any pieces, each a person or told what is wrong", central::csv),
    target("profiles", "how files are named and formed, as a municipality writes it", central::profiles),
    target(
        "stock_files",
        "facilities, bookings and deliveries in files: written again the same",
        central::stock_files,
    ),
    target(
        "allocation_files",
        "populations and orders in files: no order is lost",
        central::allocation_files,
    ),
    target(
        "audit",
        "a line of the audit, and a name as it is typed: read again it is the same",
        central::audit,
    ),
    target("reader", "a picture: whatever is read is whole and lies in this picture", scanner::reader),
    target(
        "qr_modules",
        "modules between true corner squares: what is decoded is whole",
        symbols::qr_modules,
    ),
    target("nw7_bars", "bars and spaces of any width and blur: no number out of nothing", symbols::nw7_bars),
    target(
        "ocr_characters",
        "characters in a row under strokes of a pen: 18 digits or none",
        symbols::ocr_characters,
    ),
    target(
        "element_string",
        "a package's code as text, or typed by a scanner: whole or refused",
        packages::element_string,
    ),
    target("package", "a picture of a package's code: each GTIN holds", packages::picture_of_package),
    #[cfg(feature = "tablet")]
    target("frame", "a camera's bytes in each form: luma of the right size or none", targets::tablet::frame),
    #[cfg(feature = "tablet")]
    target("tablet_files", "the small files a tablet keeps", targets::tablet::files),
];

/// The target of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
