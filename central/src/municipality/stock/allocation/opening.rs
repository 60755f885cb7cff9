//! A cycle is opened, and a file of populations is brought, by a national administrator.
//!
//! Must not: show anything but what was refused.

use axum::{
    Form,
    extract::{Multipart, State, multipart::MultipartRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use record::WallTime;
use vsys::{Amount, allocation::Supply};

use super::{
    cycles_page::{PAGE, Typed, list},
    file_form,
    refused::Refused,
};
use crate::{
    console::{forms, language::Chosen, session::SignedIn},
    municipality::stock::{inputs, nav::unavailable},
    state::Central,
    stock::{
        allocating::{cycle::Opened, files},
        moments,
    },
    storage::{NewCycle, NewPopulations, StorageError},
};

/// Opens a cycle.
pub(crate) async fn open(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Form(typed): Form<Typed>,
) -> Response {
    let now = central.clock.now();
    if !forms::brings_word(Some(&signed_in.secret), &typed.word) {
        return list(&central, &signed_in, chosen, None, Some(Refused::StaleForm), typed).await;
    }
    let opened = match read(&typed, now) {
        Ok(opened) => opened,
        Err(refused) => return list(&central, &signed_in, chosen, None, Some(refused), typed).await,
    };
    let done = async {
        let by = signed_in.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))?;
        central.storage.open_cycle(NewCycle { opened, by, at: now }).await
    };
    match done.await {
        Ok(cycle) => {
            tracing::info!(cycle, "a cycle of allocation was opened");
            Redirect::to(&format!("{PAGE}/{cycle}")).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

fn read(typed: &Typed, now: WallTime) -> Result<Opened, Refused> {
    let boxes = inputs::count(&typed.boxes).map_err(|_| Refused::Boxes)?;
    if boxes == 0 || boxes > Supply::MOST_BOXES {
        return Err(Refused::Boxes);
    }
    let doses_per_box = inputs::count(&typed.doses).map_err(|_| Refused::DosesPerBox)?;
    if doses_per_box == 0 || doses_per_box > Amount::MOST {
        return Err(Refused::DosesPerBox);
    }
    let percent = inputs::count(&typed.percent).ok().and_then(|percent| u8::try_from(percent).ok());
    let by_population_percent = percent.filter(|percent| *percent <= 100).ok_or(Refused::Percent)?;
    let until = moments::read(typed.until.trim()).filter(|until| *until > now);
    Ok(Opened {
        product: typed.product.trim().parse().map_err(|_| Refused::Product)?,
        supply: Supply { boxes, doses_per_box, by_population_percent },
        orders_until: until.ok_or(Refused::Deadline)?,
    })
}

/// Takes a file of populations in.
pub(crate) async fn bring_populations(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let read = file_form::gather(&signed_in.secret, form)
        .await
        .and_then(|(bytes, form)| files::populations(&bytes[..], form).map_err(Refused::File));
    let people = match read {
        Ok(people) => people,
        Err(refused) => {
            return list(&central, &signed_in, chosen, None, Some(refused), Typed::default()).await;
        }
    };
    let (municipalities, at) = (people.len(), central.clock.now());
    let done = async {
        let by = signed_in.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))?;
        central.storage.tell_populations(NewPopulations { people, by, at }).await
    };
    match done.await {
        Ok(()) => {
            tracing::info!(municipalities, "populations were taken in");
            Redirect::to(&format!("{PAGE}#populations")).into_response()
        }
        Err(error) => unavailable(&error),
    }
}
