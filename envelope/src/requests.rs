//! 申請: what somebody asked to seal, until it is sealed.
//!
//! Must not: hold the content; only where it lies and its digests.

use std::path::PathBuf;

use record::envelope::{Approval, EnvelopeId};
use seal::envelope::Request;
use serde::{Deserialize, Serialize};

use crate::{failure::Failure, folder::Folder};

/// A request with where its files lie.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptRequest {
    pub(crate) request: Request,
    /// One for each part, in order.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) state: State,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum State {
    Waiting,
    Allowed { approval: Approval },
    Made,
}

fn file(id: EnvelopeId) -> String {
    format!("requests/{id}.json")
}

impl KeptRequest {
    pub(crate) fn id(&self) -> EnvelopeId {
        self.request.outline.envelope_id
    }
}

/// Keeps it, in the place of what was kept of it before.
pub(crate) fn keep(folder: &Folder, request: &KeptRequest) -> Result<(), Failure> {
    folder.write_json(&file(request.id()), request)
}

/// The request whose number begins so; without a number, the only one that `may` be meant.
pub(crate) fn find(
    folder: &Folder,
    begins: Option<&str>,
    may: impl Fn(&State) -> bool,
) -> Result<KeptRequest, Failure> {
    let mut found = Vec::new();
    for name in folder.names("requests")? {
        if begins.is_some_and(|begins| begins.len() < 4 || !name.starts_with(begins)) {
            continue;
        }
        let request: Option<KeptRequest> = folder.read_json(&format!("requests/{name}"))?;
        found.extend(request.filter(|request| begins.is_some() || may(&request.state)));
    }
    match found.len() {
        0 => Err(Failure::NoSuchRequest),
        1 => found.pop().ok_or(Failure::NoSuchRequest),
        _ => Err(Failure::WhichRequest(found.iter().map(|request| request.id().to_string()).collect())),
    }
}
