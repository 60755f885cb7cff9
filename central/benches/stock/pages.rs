//! A facility's page, asked for as a browser does by staff of its municipality.
//!
//! Must not: count a page that was not there.

use std::{sync::Arc, time::Instant};

use central::{
    accounts::{self, InitialPassword},
    clock::Clock,
    roles::Role,
    storage::Storage,
};
use seal::random::SystemRandom;

use crate::{
    fill::{Size, connect, facility, owner},
    report::{Report, quantile},
    served::Central,
    visitor::Visitor,
};

/// Staff who look, each of a municipality of their own.
const OFFICERS: u32 = 20;
/// Looks of each.
const LOOKS: u32 = 100;

const LINES: &str = "SELECT number, recorded_at, line FROM stock_lines
    WHERE municipality = $1 AND facility_code = $2 ORDER BY number DESC LIMIT 51";
const ACCOUNTS: &str = "SELECT * FROM stock_accounts WHERE municipality = $1 AND facility_code = $2";
const KINDS: &str = "SELECT change FROM kind_changes WHERE municipality = $1 AND facility_code = $2";

pub(crate) async fn rows(
    central: &mut Central,
    storage: &Arc<dyn Storage>,
    url: &str,
    size: Size,
    report: &mut Report,
) {
    central.serve();
    let mut seen = Vec::new();
    let mut times = Vec::new();
    for officer in 0..OFFICERS {
        let first = officer * (size.municipalities as u32 / OFFICERS) * 2;
        let municipality = owner(first, size);
        let name = format!("staff-{officer}");
        let (now, mut random) = (Clock::system().now(), SystemRandom::default());
        let role = Role::MunicipalityStaff(municipality);
        let initial = InitialPassword::Generated;
        let password =
            accounts::add(&**storage, name.parse().unwrap(), role, initial, now, &mut random).await.unwrap();
        let mut visitor = Visitor::new(&central.authority_pem, format!("https://{}", central.address));
        visitor.sign_in(&name, &password).await;
        let step = size.municipalities as u32 * 2;
        let own: Vec<u32> = (0..size.facilities / step)
            .flat_map(|round| [first + round * step, first + round * step + 1])
            .collect();
        for look in 0..LOOKS as usize {
            let code = facility(own[look % own.len()]);
            let began = Instant::now();
            let page = visitor.get(&format!("/municipality/stock/facilities/{code}")).await;
            times.push(began.elapsed().as_secs_f64() * 1e3);
            assert_eq!(page.status, 200, "{code}");
            assert!(page.body.contains("SAMPLE-"), "{code}: its lots are on the page");
            seen.push((municipality.to_string(), code.to_string()));
        }
    }
    let client = connect(url).await;
    let mut statements = Vec::new();
    for sql in [LINES, ACCOUNTS, KINDS] {
        statements.push(client.prepare(sql).await.unwrap());
    }
    let mut alone = Vec::new();
    for (municipality, code) in &seen {
        let began = Instant::now();
        for statement in &statements {
            client.query(statement, &[municipality, code]).await.unwrap();
        }
        alone.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let both = |times: &mut [f64]| (quantile(times, 0.5), quantile(times, 0.99));
    let ((median, p99), (sql_median, sql_p99)) = (both(&mut times), both(&mut alone));
    report.row(
        "a facility's page over HTTPS, median and p99, ms",
        format!("{median:.1}, {p99:.1}"),
        "p99 at most 50",
        format!("{sql_median:.1}, {sql_p99:.1}"),
        p99 <= 50.0,
    );
}
