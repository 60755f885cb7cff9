//! 要望: a municipality orders, by the form or by a file.
//!
//! Must not: take an order for another municipality.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use vsys::allocation::Supply;

use super::{
    file_form,
    orders_page::PAGE,
    own_page::{Typed, answer},
    refused::Refused,
};
use crate::{
    audit::Act,
    console::language::Chosen,
    municipality::{
        officer::Officer,
        stock::{inputs, nav::unavailable},
    },
    state::Central,
    stock::allocating::{figures::OrderLine, files},
    storage::{NewOrders, OrdersPlaced, StorageError},
};

/// Orders for the municipality or one of its facilities.
pub(crate) async fn order(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(cycle): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    let read = if officer.sent(&typed.word) { read(&typed) } else { Err(Refused::StaleForm) };
    let lines = match read {
        Ok(line) => vec![line],
        Err(refused) => return answer(&central, &officer, chosen, &cycle, Some(refused), typed).await,
    };
    came_to(&central, &officer, chosen, &cycle, lines, typed).await
}

/// Orders by a file.
pub(crate) async fn order_by_file(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(cycle): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let own = Some(officer.municipality);
    let read = file_form::gather(&officer.secret, form)
        .await
        .and_then(|(bytes, form)| files::orders(&bytes[..], form, own).map_err(Refused::File));
    let lines = match read.map(BTreeMap::into_values) {
        Ok(mut by_owner) => by_owner.next().unwrap_or_default(),
        Err(refused) => {
            return answer(&central, &officer, chosen, &cycle, Some(refused), Typed::default()).await;
        }
    };
    if lines.is_empty() {
        return answer(&central, &officer, chosen, &cycle, Some(Refused::NoFile), Typed::default()).await;
    }
    came_to(&central, &officer, chosen, &cycle, lines, Typed::default()).await
}

async fn came_to(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    cycle: &str,
    lines: Vec<OrderLine>,
    typed: Typed,
) -> Response {
    match placed(central, officer, cycle, lines).await {
        Ok(Ok(())) => {
            tracing::info!(municipality = %officer.municipality, cycle, "boxes were ordered");
            Redirect::to(&format!("{PAGE}/{cycle}")).into_response()
        }
        Ok(Err(refused)) => answer(central, officer, chosen, cycle, Some(refused), typed).await,
        Err(error) => unavailable(&error),
    }
}

fn read(typed: &Typed) -> Result<OrderLine, Refused> {
    let facility = match typed.facility.trim() {
        "" => None,
        code => Some(code.parse().map_err(|_| Refused::Code)?),
    };
    let boxes = inputs::count(&typed.boxes).map_err(|_| Refused::Boxes)?;
    if boxes > Supply::MOST_BOXES {
        return Err(Refused::Boxes);
    }
    let people = match typed.people.trim() {
        "" => None,
        people => Some(inputs::count(people).map_err(|_| Refused::People)?),
    };
    Ok(OrderLine { facility, boxes, people })
}

async fn placed(
    central: &Central,
    officer: &Officer,
    cycle: &str,
    lines: Vec<OrderLine>,
) -> Result<Result<(), Refused>, StorageError> {
    let Ok(cycle) = cycle.parse() else { return Ok(Err(Refused::Unknown)) };
    let (municipality, at) = (officer.municipality, central.clock.now());
    let act = Act::Ordered { cycle, lines: u32::try_from(lines.len()).unwrap_or(u32::MAX) };
    let noted = act.line(municipality, officer.name.as_str(), at);
    let by = officer.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))?;
    let placed =
        central.storage.place_orders(NewOrders { cycle, municipality, lines, by, at, noted }).await?;
    Ok(match placed {
        OrdersPlaced::Placed => Ok(()),
        OrdersPlaced::Closed => Err(Refused::Closed),
        OrdersPlaced::NoFacility(_) => Err(Refused::NoFacility),
        OrdersPlaced::NoPeople => Err(Refused::NoPeople),
        OrdersPlaced::Unknown => Err(Refused::Unknown),
    })
}
