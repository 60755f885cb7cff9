//! Two people: one asks, another allows, each by a signature of their own over the same outline and the same content.
//!
//! Must not: decide who these people are; the sender's card does.

use record::{
    WallTime,
    bytes::PublicKey,
    envelope::{AccountName, Approval, Approvers, Card, Manifest, Outline, Part, Proof},
};
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::device::{SigningKey, verifies};

/// What somebody asks for: what it is, and exactly which content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What is asked for.
    pub outline: Outline,
    /// The content, each part by its digest.
    pub parts: Vec<Part>,
    /// Who asks.
    pub asked: Approval,
}

#[derive(Clone, Copy)]
enum Role {
    Ask,
    Allow,
}

fn message(role: Role, outline: &Outline, parts: &[Part], account: &AccountName, at: WallTime) -> Vec<u8> {
    let role = match role {
        Role::Ask => "ask",
        Role::Allow => "allow",
    };
    let mut message = format!("vrs envelope {role} 1\n{account}\n{}\n{}\n", at.unix_ms(), outline.to_json());
    for part in parts {
        // Digits, a name without a space, base64url: one spelling.
        message.push_str(&format!("{} {} {} {}\n", part.name, part.rows, part.bytes, part.sha256));
    }
    message.into_bytes()
}

/// Asks.
#[must_use]
pub fn ask(
    outline: Outline,
    parts: Vec<Part>,
    account: AccountName,
    key: &SigningKey,
    at: WallTime,
) -> Request {
    let signature = key.sign(&message(Role::Ask, &outline, &parts, &account, at));
    let asked = Approval { account, at, proof: Proof::Signed { key: key.public(), signature } };
    Request { outline, parts, asked }
}

/// Allows what was asked for, as another person.
///
/// # Errors
/// [`Refusal::SamePerson`]; [`Refusal::ApprovalInvalid`] where the request is not what its asker signed;
/// [`Refusal::Expired`].
pub fn allow(
    request: &Request,
    account: AccountName,
    key: &SigningKey,
    at: WallTime,
) -> Result<Approval, Refusal> {
    let Request { outline, parts, asked } = request;
    let asker = signed(Role::Ask, outline, parts, asked)?;
    if asked.account == account || *asker == key.public() {
        return Err(Refusal::SamePerson);
    }
    if at >= outline.expires_at {
        return Err(Refusal::Expired);
    }
    let signature = key.sign(&message(Role::Allow, outline, parts, &account, at));
    Ok(Approval { account, at, proof: Proof::Signed { key: key.public(), signature } })
}

/// An approval that a central answers for.
#[must_use]
pub fn attested(account: AccountName, at: WallTime) -> Approval {
    Approval { account, at, proof: Proof::Attested }
}

/// The key of an approval whose signature fits.
fn signed<'a>(
    role: Role,
    outline: &Outline,
    parts: &[Part],
    approval: &'a Approval,
) -> Result<&'a PublicKey, Refusal> {
    let Proof::Signed { key, signature } = &approval.proof else { return Err(Refusal::ApprovalInvalid) };
    let message = message(role, outline, parts, &approval.account, approval.at);
    if verifies(key, &message, signature) { Ok(key) } else { Err(Refusal::ApprovalInvalid) }
}

/// Whether two different people of the sender approved what the manifest says.
pub(super) fn judge(manifest: &Manifest, card: &Card) -> Result<(), Refusal> {
    let Manifest { outline, asked, allowed, parts, .. } = manifest;
    if asked.account == allowed.account {
        return Err(Refusal::SamePerson);
    }
    match &card.approvers {
        Approvers::Attested => {
            let are_attested = asked.proof == Proof::Attested && allowed.proof == Proof::Attested;
            if are_attested { Ok(()) } else { Err(Refusal::ApprovalInvalid) }
        }
        Approvers::Signed { .. } => {
            let asker = signed(Role::Ask, outline, parts, asked)?;
            let allower = signed(Role::Allow, outline, parts, allowed)?;
            if asker == allower {
                return Err(Refusal::SamePerson);
            }
            let both_known = card.knows(&asked.account, asker) && card.knows(&allowed.account, allower);
            if both_known { Ok(()) } else { Err(Refusal::UnknownApprover) }
        }
    }
}
