//! 移送の計画: the form, and whether what was typed may be passed on.
//!
//! Must not: plan from another municipality's facility, or allow what the product's rule does not.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::{
    WallTime,
    day::{FacilityCode, Product},
    stock::SlipNumber,
};
use seal::random::{self, SystemRandom};
use serde::Deserialize;
use vsys::{Packaging, ProductRule, TransferId, Unit, transfer::Plan};

use super::{
    inputs,
    nav::{Around, unavailable},
    refused::Refused,
    transfer_words::{TransferWords, transfer_words},
    transfers_page::PAGE,
    words::StockWords,
};
use crate::{
    audit::{Act, TransferAct, TransferNumber},
    console::{
        language::Chosen,
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    stock::{accounts, folded::KeptTransfer, telling},
    storage::{KeptFacility, NewPlan, Place, Planned, StorageError, Which},
};

/// Transfers that are looked through for a slip.
const MOST_LOOKED_THROUGH: u32 = 10_000;

#[derive(Template)]
#[template(path = "transfer_plan.html")]
struct PlanPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    words: &'static TransferWords,
    bar: Bar,
    facilities: Vec<(String, String)>,
    message: Option<&'static str>,
    typed: Typed,
}

/// What the form sends, and what an address may fill in beforehand.
#[derive(Deserialize, Default)]
pub(crate) struct Typed {
    #[serde(default)]
    word: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    lot: String,
    #[serde(default)]
    storage: String,
    #[serde(default)]
    vials: String,
    #[serde(default)]
    doses: String,
    #[serde(default)]
    parent: String,
}

/// The form.
pub(crate) async fn form(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(typed): Query<Typed>,
) -> Response {
    plan_form(&central, &officer, chosen, None, typed).await
}

/// Plans.
pub(crate) async fn plan(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(typed): Form<Typed>,
) -> Response {
    match planned(&central, &officer, &typed).await {
        Ok(Ok(plan)) => {
            tracing::info!(municipality = %officer.municipality, transfer = %plan.id, "a transfer was planned");
            Redirect::to(&format!("{PAGE}/{}/{}", plan.from.1, plan.id)).into_response()
        }
        Ok(Err(refused)) => plan_form(&central, &officer, chosen, Some(refused), typed).await,
        Err(error) => unavailable(&error),
    }
}

async fn plan_form(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    refused: Option<Refused>,
    typed: Typed,
) -> Response {
    let language = chosen.language;
    let facilities = match central.storage.facilities(officer.municipality).await {
        Ok(facilities) => facilities,
        Err(error) => return unavailable(&error),
    };
    let named = |kept: &KeptFacility| {
        (kept.facility.code.to_string(), format!("{} {}", kept.facility.name, kept.facility.code))
    };
    let Around { frame, own, stock, bar } = Around::new(officer, language);
    let template = PlanPage {
        frame,
        own,
        stock,
        words: transfer_words(language),
        bar,
        facilities: facilities.iter().map(named).collect(),
        message: refused.map(|refused| refused.sentence(language)),
        typed,
    };
    page(refused.map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}

async fn planned(
    central: &Central,
    officer: &Officer,
    typed: &Typed,
) -> Result<Result<Plan, Refused>, StorageError> {
    if !officer.sent(&typed.word) {
        return Ok(Err(Refused::StaleForm));
    }
    let now = central.clock.now();
    let rules = central.storage.product_rules().await?;
    let plan = match read(central, officer, typed, &rules).await? {
        Ok(plan) => plan,
        Err(refused) => return Ok(Err(refused)),
    };
    if let Err(refused) = may_pass(central, &plan, &rules, now).await? {
        return Ok(Err(refused));
    }
    let act = Act::TransferActed { transfer: TransferNumber(plan.id), what: TransferAct::Planned };
    let by = officer.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))?;
    let noted = act.line(officer.municipality, officer.name.as_str(), now);
    let new = NewPlan { plan: plan.clone(), by, at: now, noted };
    Ok(match central.storage.plan_transfer(new).await? {
        Planned::Planned => Ok(plan),
        Planned::NoFacility => Err(Refused::NoPartner),
    })
}

async fn read(
    central: &Central,
    officer: &Officer,
    typed: &Typed,
    rules: &[ProductRule],
) -> Result<Result<Plan, Refused>, StorageError> {
    let parsed = || {
        let product: Product = inputs::text(&typed.product, Refused::Product)?;
        let parent = typed.parent.trim();
        let parent = if parent.is_empty() { None } else { Some(inputs::slip(parent)?) };
        let amount = inputs::amount(&typed.vials, &typed.doses, &product, rules)?;
        Ok((
            inputs::text::<FacilityCode>(&typed.from, Refused::NothingChosen)?,
            inputs::text::<FacilityCode>(&typed.to, Refused::Code)?,
            product,
            inputs::text(&typed.lot, Refused::Lot)?,
            accounts::storage(&typed.storage).ok_or(Refused::NothingChosen)?,
            amount,
            parent,
        ))
    };
    let (from, to, product, lot, storage, amount, parent) = match parsed() {
        Ok(parsed) => parsed,
        Err(refused) => return Ok(Err(refused)),
    };
    let own = central.storage.facility(from).await?;
    if own.is_none_or(|kept| kept.facility.municipality != officer.municipality) {
        return Ok(Err(Refused::Unknown));
    }
    let parent = match parent {
        None => None,
        Some(slip) => match parent_of(central, officer, from, slip).await? {
            None => return Ok(Err(Refused::NoParent)),
            some => some,
        },
    };
    let Some(partner) = central.storage.facility(to).await? else { return Ok(Err(Refused::NoPartner)) };
    if from == to {
        return Ok(Err(Refused::Pass(vsys::product::PassError::ToItself)));
    }
    let id =
        random::bytes(&mut SystemRandom::default()).map_err(|_| StorageError::Inconsistent("randomness"))?;
    Ok(Ok(Plan {
        id: TransferId::from_bytes(id),
        from: (from, officer.municipality),
        to: (to, partner.facility.municipality),
        product,
        lot,
        storage,
        amount,
        parent,
    }))
}

/// The transfer of that slip by which the facility received something.
async fn parent_of(
    central: &Central,
    officer: &Officer,
    facility: FacilityCode,
    slip: SlipNumber,
) -> Result<Option<TransferId>, StorageError> {
    for which in [Which::Ended, Which::Open] {
        let known = central.storage.transfers(officer.municipality, which, None, MOST_LOOKED_THROUGH).await?;
        let is_it =
            |kept: &&KeptTransfer| kept.transfer.plan.to.0 == facility && telling::slip_of(kept) == slip;
        if let Some(kept) = known.iter().find(is_it) {
            return Ok(Some(kept.transfer.plan.id));
        }
    }
    Ok(None)
}

/// Whether the product's rule allows it between the kinds that both facilities are of now. Where no rule was published
/// anything may be passed on between any kinds.
async fn may_pass(
    central: &Central,
    plan: &Plan,
    rules: &[ProductRule],
    now: WallTime,
) -> Result<Result<(), Refused>, StorageError> {
    if plan.amount.is_none() {
        return Ok(Err(Refused::Amount));
    }
    let kind = async |(facility, municipality)| {
        let kinds = central.storage.kinds(Place { municipality, facility }).await?;
        Ok::<_, StorageError>(kinds.kind_at(&plan.product, now))
    };
    let (Some(from), Some(to)) = (kind(plan.from).await?, kind(plan.to).await?) else {
        return Ok(Err(Refused::NoKind));
    };
    let published = rules.iter().find(|rule| rule.product == plan.product);
    let rule = published.cloned().unwrap_or_else(|| unpublished(plan.product.clone()));
    Ok(rule.may_pass_on(from, to, plan.amount, plan.parent.is_some()).map_err(Refused::Pass))
}

fn unpublished(product: Product) -> ProductRule {
    let packaging = Packaging { doses_per_vial: 1, vials_per_tray: 1, vials_per_box: 1 };
    ProductRule { least: Unit::Dose, ..ProductRule::open(product, packaging) }
}

#[cfg(test)]
mod tests {
    use vsys::Amount;

    use super::*;

    #[test]
    fn without_a_published_rule_any_amount_goes_from_any_kind_to_any_kind() {
        use vsys::FacilityKind::{Core, Satellite};
        let rule = unpublished("見本一号".parse().unwrap());
        assert_eq!(rule.may_pass_on(Satellite, Core, Amount { vials: 1, doses: 5 }, true), Ok(()));
    }
}
