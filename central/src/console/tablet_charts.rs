//! One tablet's two charts: what came from it, hour by hour, and what it said was pending, quarter by quarter.
//!
//! Must not: draw; `chart` does.

use std::collections::BTreeMap;

use record::WallTime;

use super::{
    chart::{Chart, Drawn, chart},
    page::Frame,
    tablet_phrases::column,
};
use crate::{
    fleet::{
        TabletState, TabletStatus,
        heartbeat::KeptHeartbeat,
        hours::{HOURS_KEPT, Hour},
        timeline::Arrival,
    },
    storage::QUARTERS_KEPT,
};

const QUARTER_MS: i64 = 15 * 60_000;

/// Both; none of a tablet that was never heard.
pub(super) fn charts(
    frame: &Frame,
    status: &TabletStatus,
    heartbeats: &[KeptHeartbeat],
    arrivals: &[Arrival],
    now: WallTime,
) -> Vec<Chart> {
    match status.state {
        TabletState::Invited { .. } => Vec::new(),
        TabletState::Enrolled(_) => vec![received(frame, arrivals, now), pending(frame, heartbeats, now)],
    }
}

fn received(frame: &Frame, arrivals: &[Arrival], now: WallTime) -> Chart {
    let mut counts: BTreeMap<Hour, u64> = BTreeMap::new();
    for arrival in arrivals {
        *counts.entry(Hour::of(arrival.received_at)).or_default() += arrival.last - arrival.first + 1;
    }
    let columns = (0..HOURS_KEPT - 1).rev().map(|back| {
        let of = Hour::of(now).minus(back);
        let count = counts.get(&of).copied().unwrap_or(0);
        (column(of.begins_at()), Some(vec![count]))
    });
    let drawn = Drawn {
        title: frame.fleet.chart_received,
        unit: frame.fleet.chart_received_unit,
        when: frame.fleet.time,
        kinds: vec![frame.fleet.chart_received],
        columns: columns.collect(),
    };
    chart("received", drawn, frame.fleet.not_noted)
}

fn pending(frame: &Frame, heartbeats: &[KeptHeartbeat], now: WallTime) -> Chart {
    let quarter = |time: WallTime| time.unix_ms().div_euclid(QUARTER_MS);
    let told: BTreeMap<i64, u64> =
        heartbeats.iter().map(|beat| (quarter(beat.received_at), u64::from(beat.pending.get()))).collect();
    let columns = (0..QUARTERS_KEPT).rev().map(|back| {
        let of = quarter(now).saturating_sub(back);
        let begins_at = WallTime::from_unix_ms(of.saturating_mul(QUARTER_MS));
        (column(begins_at), told.get(&of).map(|count| vec![*count]))
    });
    let drawn = Drawn {
        title: frame.fleet.chart_pending,
        unit: frame.fleet.on_the_tablet,
        when: frame.fleet.time,
        kinds: vec![frame.fleet.chart_pending],
        columns: columns.collect(),
    };
    chart("pending", drawn, frame.fleet.not_told)
}
