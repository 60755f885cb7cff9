//! An answer as a page shows it: sentences, rows, and the map with its table.
//!
//! Must not: work anything out that is not in the answer but how each facility stands by itself.

use record::{Municipality, MunicipalityTable, day::FacilityCode};
use vsys::{
    demand::Outlook,
    proposal::{Proposal, Site},
};

use super::{
    super::{
        event_words::{amount, storage_word},
        nav::facility_address,
        transfers_page,
    },
    bookings_page,
    map::{self, Dot, Map, Standing},
    sentences,
    words::{ProposalWords, proposal_words},
};
use crate::{
    console::{asked::percent_encoded, language::Language, phrases::number},
    stock::{
        accounts,
        proposing::{LeftOut, Missing, Weighed},
    },
};

/// Proposals and facilities of a page.
const MOST_PROPOSED: usize = 300;
const MOST_SITES: usize = 500;

/// Everything of an answer.
pub(super) struct Shown {
    pub(super) is_booked: bool,
    pub(super) mark: &'static str,
    pub(super) summary: Vec<String>,
    pub(super) proposals: Vec<ProposalRow>,
    pub(super) has_more_proposals: bool,
    pub(super) stay_short: Vec<StayRow>,
    pub(super) left_out: Vec<LeftRow>,
    pub(super) map: Option<Map>,
    pub(super) sites: Vec<SiteRow>,
    pub(super) has_more_sites: bool,
}

/// One proposal.
pub(super) struct ProposalRow {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) lot: String,
    pub(super) storage: &'static str,
    pub(super) amount: String,
    pub(super) carried: Vec<String>,
    pub(super) why: Vec<String>,
    /// Where the plan is made; none for who cannot plan.
    pub(super) plan: Option<String>,
}

/// One who stays short.
pub(super) struct StayRow {
    pub(super) facility: String,
    pub(super) doses: String,
    pub(super) from: String,
    pub(super) why: Vec<String>,
}

/// What was left out.
pub(super) struct LeftRow {
    pub(super) facility: String,
    pub(super) said: String,
    /// Where it is mended; none for who cannot.
    pub(super) mend: Option<String>,
}

/// A facility beside the map.
pub(super) struct SiteRow {
    pub(super) number: usize,
    pub(super) facility: String,
    /// Its page; none for who has no such page.
    pub(super) address: Option<String>,
    pub(super) on_hand: String,
    pub(super) booked: String,
    pub(super) arriving: String,
    pub(super) short: String,
    pub(super) spare: String,
    pub(super) mark: &'static str,
    pub(super) state: &'static str,
}

/// For whom it is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// An officer, whose facilities these are.
    Municipality,
    /// Somebody who looks at a prefecture and plans nothing.
    Prefecture,
}

/// As it is shown.
pub(super) fn shown(language: Language, weighed: &Weighed, whom: For) -> Shown {
    let words = proposal_words(language);
    let named = |code: FacilityCode| name(weighed, code, whom);
    let answer = &weighed.answer;
    let proposal = |proposal: &Proposal| ProposalRow {
        from: named(proposal.from.0),
        to: named(proposal.to.0),
        lot: proposal.lot.to_string(),
        storage: storage_word(language, proposal.storage),
        amount: amount(language, proposal.amount),
        carried: sentences::carried(language, proposal),
        why: sentences::why(language, proposal),
        plan: (whom == For::Municipality).then(|| plan_address(weighed, proposal)),
    };
    let (rows, dots) = sites(words, weighed, whom);
    let ways: Vec<_> = answer.proposals.iter().map(|one| (one.from.0, one.to.0)).collect();
    Shown {
        is_booked: weighed.question.sites.iter().any(|site| !site.bookings.is_empty()),
        mark: if answer.short > 0 { "attention" } else { "safe" },
        summary: summary(language, weighed),
        proposals: answer.proposals.iter().take(MOST_PROPOSED).map(proposal).collect(),
        has_more_proposals: answer.proposals.len() > MOST_PROPOSED,
        stay_short: answer
            .stay_short
            .iter()
            .map(|site| StayRow {
                facility: named(site.facility),
                doses: number(site.doses),
                from: site.from.to_string(),
                why: sentences::obstacles(language, site),
            })
            .collect(),
        left_out: weighed.left_out.iter().map(|left| left_row(language, weighed, left, whom)).collect(),
        map: map::draw(&dots, &ways),
        has_more_sites: rows.len() > MOST_SITES,
        sites: rows.into_iter().take(MOST_SITES).collect(),
    }
}

/// `見本診療所 1311300001`, for a prefecture with the municipality.
fn name(weighed: &Weighed, code: FacilityCode, whom: For) -> String {
    let Some(kept) = weighed.facilities.get(&code) else { return code.to_string() };
    let said = format!("{} {code}", kept.facility.name);
    if whom == For::Municipality {
        return said;
    }
    let owner = MunicipalityTable::shipped().find(kept.facility.municipality);
    let owner = owner.map_or_else(|| kept.facility.municipality.to_string(), Municipality::full_name);
    format!("{said}({owner})")
}

fn summary(language: Language, weighed: &Weighed) -> Vec<String> {
    let answer = &weighed.answer;
    let figures = [answer.short, answer.spare, answer.still_short()].map(number);
    let [short, spare, still] = &figures;
    let mut said = match (language, answer.short, answer.spare) {
        (Language::Japanese, 0, 0) => vec!["足りない施設も、余っている在庫もありません。".to_owned()],
        (Language::English, 0, 0) => vec!["Nobody is short, and nothing is left over.".to_owned()],
        (Language::Japanese, 0, _) => {
            vec![format!("足りない施設はありません。予約のない在庫は{spare}回分です。")]
        }
        (Language::English, 0, _) => {
            vec![format!("Nobody is short. {spare} doses are booked for nobody.")]
        }
        (Language::Japanese, ..) => vec![
            format!("全体で{short}回分足りません。予約のない在庫は{spare}回分あります。"),
            format!("提案どおりに移すと、足りないのは{still}回分になります。"),
        ],
        (Language::English, ..) => vec![
            format!("{short} doses are short in all; {spare} doses are booked for nobody."),
            format!("With all that is proposed {still} doses stay short."),
        ],
    };
    let count = number(weighed.under_way as u64);
    match (weighed.under_way, language) {
        (0, _) => {}
        (_, Language::Japanese) => {
            said.push(format!("計画中・移送中の移送{count}件は、もう届いたものとして計算しています。"));
        }
        (_, Language::English) => {
            said.push(format!("{count} transfers that are planned or on their way count as arrived."));
        }
    }
    said
}

fn plan_address(weighed: &Weighed, proposal: &Proposal) -> String {
    let product = percent_encoded(&weighed.question.rule.product.to_string());
    format!(
        "{}/new?from={}&to={}&product={product}&lot={}&storage={}&vials={}&doses={}",
        transfers_page::PAGE,
        proposal.from.0,
        proposal.to.0,
        proposal.lot,
        accounts::storage_word(proposal.storage),
        proposal.amount.vials,
        proposal.amount.doses
    )
}

fn left_row(language: Language, weighed: &Weighed, left: &LeftOut, whom: For) -> LeftRow {
    let mend = match &left.missing {
        Missing::Expiry(lot) => bookings_page::lot_address(&weighed.question.rule.product, lot),
        Missing::Position => format!("{}#register", super::super::nav::PAGE),
        Missing::Kind | Missing::ThawedAt(_) | Missing::Recalled(_) => facility_address(left.facility),
    };
    LeftRow {
        facility: name(weighed, left.facility, whom),
        said: sentences::missing(language, &left.missing),
        mend: (whom == For::Municipality).then_some(mend),
    }
}

/// Who is short stands first, then who can spare; the map bears the same numbers.
fn sites(words: &ProposalWords, weighed: &Weighed, whom: For) -> (Vec<SiteRow>, Vec<Dot>) {
    let mut all: Vec<(&Site, Outlook)> = weighed
        .question
        .sites
        .iter()
        .map(|site| (site, Outlook::of(&site.stock, &site.bookings, &site.arrivals, weighed.today)))
        .collect();
    all.sort_by_key(|(site, outlook)| {
        (std::cmp::Reverse(outlook.short()), std::cmp::Reverse(outlook.spared()), site.code)
    });
    let (mut rows, mut dots) = (Vec::new(), Vec::new());
    for (number_of, (site, outlook)) in (1..).zip(&all) {
        let on_hand = site.stock.iter().map(|stock| stock.amount.doses).fold(0, u64::saturating_add);
        let arriving =
            site.arrivals.iter().map(|arrival| arrival.stock.amount.doses).fold(0, u64::saturating_add);
        let booked = site.bookings.iter().map(|booking| booking.doses).fold(0, u64::saturating_add);
        let (standing, mark, state) = match (outlook.short(), outlook.spared()) {
            (1.., _) => (Standing::Short, "attention", words.is_short),
            (0, 1..) => (Standing::Spare, "safe", words.is_spare),
            (0, 0) => (Standing::Even, "quiet", words.is_even),
        };
        if let Some(at) = site.position {
            dots.push(Dot { code: site.code, number: number_of, at, doses: on_hand, standing });
        }
        rows.push(SiteRow {
            number: number_of,
            facility: name(weighed, site.code, whom),
            address: (whom == For::Municipality).then(|| facility_address(site.code)),
            on_hand: number(on_hand),
            booked: number(booked),
            arriving: number(arriving),
            short: number(outlook.short()),
            spare: number(outlook.spared()),
            mark,
            state,
        });
    }
    (rows, dots)
}
