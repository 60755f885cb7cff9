//! 参照データ: what is published for tablets, and what one tablet is told of it.
//!
//! Must not: publish what a tablet could not read, or tell a tablet of municipalities that its site has nothing to do with.

pub(crate) mod compared;
pub(crate) mod noted;
pub(crate) mod pieces;

use std::{collections::BTreeMap, sync::Arc};

use record::{
    MunicipalityCode, TabletId, WallTime,
    reference::{self, document},
    wire::reference::{DoseChain, FORMAT, MOST_DOCUMENT_BYTES, Manifest, ReferenceVersion, Replaced},
};
use seal::coupon::CouponMaster;

use crate::storage::{
    ComparedLists, Publication, PublicationKind, Published, ReplacedBy, Storage, StorageError, Told,
    ToldDoses,
};

/// So many lists of changes are folded into one of all as soon as nothing waits: some two weeks of hourly ones.
pub(crate) const FOLDED_FROM: u64 = 300;
/// So many whatever waits; a tablet takes 512.
pub(crate) const FOLDED_AT: u64 = 500;
/// Entries that are looked at in one transaction: batches that come meanwhile wait for no more.
const ENTRIES_A_STEP: u32 = 2_000;

/// What is asked to be published cannot be.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The file is not the JSON it should be.
    #[error(
        "{0}を読めません。形式を docs/protocol.md で確かめてください。 / The {1} cannot be read: compare their form with docs/protocol.md."
    )]
    Unreadable(&'static str, &'static str),
    /// It is more than a tablet takes.
    #[error(
        "{0}が大きすぎます(上限1 MiB)。不要な行を除いてください。 / The {1} are too large (1 MiB at most): leave out what is not needed."
    )]
    TooLarge(&'static str, &'static str),
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Publishes lots or rules from JSON as a bundle holds them.
///
/// # Errors
/// [`PublishError`]; nothing is published then.
pub async fn publish(
    storage: &dyn Storage,
    kind: PublicationKind,
    municipality: Option<MunicipalityCode>,
    json: &[u8],
    now: WallTime,
) -> Result<ReferenceVersion, PublishError> {
    let (japanese, english) = match kind {
        PublicationKind::Lots => ("ロットのファイル", "lots"),
        PublicationKind::Rules => ("規則のファイル", "rules"),
    };
    let bytes = match kind {
        PublicationKind::Lots => reference::lots(json).map(|lots| document(&lots)),
        PublicationKind::Rules => reference::rules(json).map(|rules| document(&rules)),
    };
    let bytes = bytes.map_err(|_| PublishError::Unreadable(japanese, english))?;
    if bytes.len() as u64 > MOST_DOCUMENT_BYTES {
        return Err(PublishError::TooLarge(japanese, english));
    }
    Ok(storage.publish(Publication { kind, municipality, bytes, at: now }).await?)
}

/// One line for what was published last of each kind and for whom.
#[must_use]
pub fn show(publications: &[Published]) -> Vec<String> {
    let mut last = BTreeMap::new();
    for published in publications {
        last.insert((published.kind.code(), published.municipality), published);
    }
    let line = |published: &Published| {
        let whom = published.municipality.map_or_else(|| "everybody".to_owned(), |code| code.to_string());
        format!(
            "{} for {whom}: version {}, {}, {} bytes, {}",
            published.kind.code(),
            published.part.version.number(),
            published.published_at,
            published.part.size,
            published.part.digest
        )
    };
    if last.is_empty() {
        vec!["nothing is published".to_owned()]
    } else {
        last.into_values().map(line).collect()
    }
}

/// What that tablet is told, with the keys of the hashes.
#[must_use]
pub fn manifest(tablet_id: TabletId, told: Told, master: &CouponMaster) -> Manifest {
    let Told { version, replaced, lots, received, rules, settled, doses } = told;
    let chain = |ToldDoses { municipality, same_as, lists }| DoseChain {
        municipality,
        key: master.key(municipality).secret(),
        same_as,
        lists,
    };
    Manifest {
        format: FORMAT,
        tablet_id,
        // Before anything is published: a manifest that names nothing.
        version: version.unwrap_or_else(|| ReferenceVersion::after(None, WallTime::from_unix_ms(0))),
        replaced: replaced.map(|ReplacedBy { tablet_id, at }| Replaced { by: tablet_id, at }),
        lots,
        received,
        rules,
        settled,
        doses: doses.into_iter().map(chain).collect(),
    }
}

/// Lists the doses of every entry that came since the last time; how many lists that made.
///
/// # Errors
/// [`StorageError`]; what was listed until then stays.
pub async fn refresh(
    storage: &dyn Storage,
    master: &Arc<CouponMaster>,
    now: WallTime,
) -> Result<u32, StorageError> {
    while storage.gather_doses(Arc::clone(master), ENTRIES_A_STEP).await? > 0 {}
    let mut lists = 0;
    while storage.list_doses(now).await?.is_some() {
        lists += 1;
    }
    Ok(lists)
}

/// Whether the lists say what follows from the register; none where nothing was ever listed.
///
/// # Errors
/// [`StorageError`].
pub async fn compare(
    storage: &dyn Storage,
    master: &Arc<CouponMaster>,
) -> Result<Option<ComparedLists>, StorageError> {
    if !storage.is_hashed().await? {
        return Ok(None);
    }
    storage.compare_doses(Arc::clone(master)).await.map(Some)
}

/// Compares, and where some lists do not say what follows from the register makes all anew: tablets fetch them whole then.
/// What was found before; none where nothing was ever listed.
///
/// # Errors
/// [`StorageError`].
pub async fn rebuild(
    storage: &dyn Storage,
    master: &Arc<CouponMaster>,
    now: WallTime,
) -> Result<Option<ComparedLists>, StorageError> {
    let compared = compare(storage, master).await?;
    if compared.as_ref().is_some_and(|compared| !compared.unlike.is_empty()) {
        storage.forget_doses().await?;
        refresh(storage, master, now).await?;
    }
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use record::wire::reference::Part;

    use super::*;

    #[test]
    fn what_is_published_last_is_shown_for_each_kind_and_each_municipality() {
        assert_eq!(show(&[]), ["nothing is published"]);
        let published = |kind, municipality: Option<&str>, version| Published {
            kind,
            municipality: municipality.map(|code| code.parse().unwrap()),
            part: Part {
                version: ReferenceVersion::new(version).unwrap(),
                size: 90,
                digest: record::bytes::PartDigest([0; 32]),
            },
            published_at: WallTime::from_unix_ms(1_637_545_200_123),
        };
        let lines = show(&[
            published(PublicationKind::Lots, None, 1),
            published(PublicationKind::Rules, Some("131130"), 2),
            published(PublicationKind::Lots, None, 3),
        ]);
        assert_eq!(lines.len(), 2);
        assert!(
            lines[0].starts_with("lots for everybody: version 3, 2021-11-22T10:40:00+09:00"),
            "{lines:?}"
        );
        assert!(lines[1].starts_with("rules for 131130: version 2"), "{lines:?}");
    }
}
