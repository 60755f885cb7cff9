//! The register in PostgreSQL: a few lanes that write, a pool of connections that read. Citus is the same with other
//! statements (`Layout::Distributed`).
//!
//! Must not: answer before the commit, trust a server that does not keep what it commits, or put a value into an
//! error's text.

mod accounts;
mod archive;
mod audit;
mod batches;
mod boxes;
mod call;
mod columns;
mod cycles;
mod distributed;
mod entries_of;
mod fleet;
mod following;
mod handouts;
mod heartbeats;
mod held;
mod import_effect;
mod import_rows;
mod imports;
mod lanes;
mod locks;
mod media;
mod migrations;
mod opening;
mod people;
mod people_moment;
mod people_secrets;
mod reference;
mod register;
mod reviews;
mod rows;
mod stock;
mod tablets;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use call::{Call, run_one, values};
pub use columns::Layout;
use deadpool_postgres::Pool;
use held::InTransaction;
use lanes::Lanes;
pub use opening::Connection;
use opening::{READERS, WRITERS, has_room_for_locks, keeps_what_it_commits, pool};
use record::{
    CalendarDate, EntryId, Epoch, MunicipalityCode, Outcome, TabletId, WallTime,
    bytes::PartDigest,
    day::{FacilityCode, LotNumber, Product},
    reference::SettledEntry,
    wire::reference::ReferenceVersion,
};
use seal::{audit::AuditLink, coupon::CouponMaster, totp::Step};
use vsys::{
    Balance, KindHistory, ProductRule, TransferId, allocation::Share, ledger::Account as StockAccount,
};

use super::{
    Account, AccountName, Accounts, Added, Answer, Archive, ArchivedRow, BegunAnew, BundleRow, CaseRow,
    ComparedLists, CouponKey, Credential, Derivation, Derived, Device, Enrolment, EnrolmentVerdict,
    FreshFactor, Handouts, Heartbeats, Identity, Invitation, KeptAccount, KeptEntry, Loss, OpenSession,
    Piece, Publication, Published, Reference, Register, ReplaceVerdict, Replacement, Reviews, Said,
    SecondFactor, Session, Snapshot, StandingDose, Storage, StorageError, Table, Tablets, Told,
};
use crate::storage::{
    AtMost, Audit, Begun, BoxRow, Boxes, CouponEntry, HandedOut, Import, Line, LineQuestion, Mark, Media,
    MediaLine, NamedPerson, NewLine, People, PeopleMoment, PersonMark, Recorded, Release, Standing,
    TookEffect, Undone, Version, VersionRow, Watch,
};
use crate::storage::{Booked, BookedDay, Bookings, DatedLot, StockMoment, Whose};
use crate::storage::{
    ClosingKey, Closings, ClosingsTaken, Days, KeptClosing, LotDoses, PublicationKind, StockViews, UsedAt,
};
use crate::storage::{
    KeptFacility, KeptLine, KindChanged, LineAdded, NewKind, NewPlan, NewStep, NotBooked, Place, Planned,
    Registered, StepTaken, Stock, ToldAct, ToldKey, ToldStock, Transfers, Which,
};
use crate::{
    case::{Case, Decided, NewDecision},
    fleet::{
        Missing, TabletStatus,
        heartbeat::{Heard, KeptHeartbeat},
        hours::HourNoted,
        timeline::Arrival,
    },
    intake::ReadBatch,
    stock::{
        allocating::{cycle::KeptCycle, figures::KeptOrder},
        folded::KeptTransfer,
    },
    storage::{CycleStepped, Cycles, NewCycle, NewCycleStep, NewOrders, NewPopulations, OrdersPlaced},
};

/// The register in PostgreSQL.
pub struct PostgresStorage {
    pool: Pool,
    lanes: Lanes,
    layout: Layout,
}

impl PostgresStorage {
    /// Opens the register, bringing an older one up to date.
    ///
    /// # Errors
    /// [`StorageError`]; [`StorageError::Unsafe`] where the server might forget what it committed, or is reached
    /// over a network without TLS.
    pub async fn open(connection: &Connection) -> Result<Self, StorageError> {
        let readers = pool(connection, connection.readers, READERS)?;
        let held = InTransaction::begin(&readers).await?;
        keeps_what_it_commits(held.client()?).await?;
        has_room_for_locks(held.client()?, connection.lanes.max(1)).await?;
        migrations::run_all(held.client()?, connection.layout).await?;
        held.ended();
        let writers = pool(connection, connection.lanes, WRITERS)?;
        let lanes = Lanes::start(&writers, connection.layout, connection.lanes.max(1));
        Ok(Self { pool: readers, lanes, layout: connection.layout })
    }
}

/// With a connection of the pool as `$client`.
macro_rules! with {
    ($self:ident, $client:ident => $work:expr) => {
        Box::pin(async move {
            let $client = $self.pool.get().await?;
            $work.await
        })
    };
}

/// The same for work that has a transaction: it ends with the work, or the connection is closed.
macro_rules! in_transaction {
    ($self:ident, $client:ident => $work:expr) => {
        Box::pin(async move {
            let held = InTransaction::begin(&$self.pool).await?;
            let $client = held.client()?;
            let done = $work.await?;
            held.ended();
            Ok(done)
        })
    };
}

impl Tablets for PostgresStorage {
    fn invite(&self, invitation: Invitation) -> Answer<'_, ()> {
        in_transaction!(self, client => tablets::invite(client, &invitation))
    }
    fn enrol(&self, enrolment: Enrolment) -> Answer<'_, EnrolmentVerdict> {
        with!(self, client => tablets::enrol(&client, &enrolment))
    }
    fn device(&self, tablet_id: TabletId) -> Answer<'_, Option<Device>> {
        with!(self, client => tablets::device(&client, tablet_id))
    }
    fn fleet(&self) -> Answer<'_, Vec<TabletStatus>> {
        with!(self, client => fleet::fleet(&client))
    }
    fn tablet(&self, tablet_id: TabletId) -> Answer<'_, Option<TabletStatus>> {
        with!(self, client => fleet::tablet(&client, tablet_id))
    }
    fn missing(&self, tablet_id: TabletId, epoch: Epoch, most: u32) -> Answer<'_, Vec<Missing>> {
        with!(self, client => fleet::missing(&client, tablet_id, epoch, most))
    }
}

impl Handouts for PostgresStorage {
    fn bundles(&self, tablet_id: TabletId) -> Answer<'_, Vec<BundleRow>> {
        with!(self, client => handouts::bundles(&client, tablet_id))
    }
    fn revoke_bundles(&self, tablet_id: TabletId, said: Said) -> Answer<'_, u32> {
        in_transaction!(self, client => handouts::revoke_bundles(client, self.layout, tablet_id, &said))
    }
    fn replace(&self, replacement: Replacement) -> Answer<'_, ReplaceVerdict> {
        in_transaction!(self, client => handouts::replace(client, self.layout, &replacement))
    }
    fn declare_lost(&self, loss: Loss) -> Answer<'_, ()> {
        in_transaction!(self, client => handouts::declare_lost(client, self.layout, &loss))
    }
}

impl Boxes for PostgresStorage {
    fn hand_out(&self, handed: HandedOut) -> Answer<'_, ()> {
        in_transaction!(self, client => boxes::hand_out(client, self.layout, &handed))
    }
    fn boxes(&self, municipality: MunicipalityCode, most: u32) -> Answer<'_, Vec<BoxRow>> {
        with!(self, client => boxes::boxes(&client, municipality, most))
    }
    fn has_boxes(&self) -> Answer<'_, bool> {
        with!(self, client => boxes::any(&client))
    }
    fn box_file(&self, municipality: MunicipalityCode, issued_at: WallTime) -> Answer<'_, Option<Vec<u8>>> {
        with!(self, client => boxes::file(&client, municipality, issued_at))
    }
    fn revoke_box(&self, municipality: MunicipalityCode, issued_at: WallTime, said: Said) -> Answer<'_, u32> {
        in_transaction!(self, client => boxes::revoke(client, self.layout, municipality, issued_at, &said))
    }
    fn note_release(&self, release: Release) -> Answer<'_, ()> {
        in_transaction!(self, client => boxes::note_release(client, self.layout, &release))
    }
    fn releases(&self, municipality: MunicipalityCode) -> Answer<'_, Vec<Release>> {
        with!(self, client => boxes::releases(&client, municipality))
    }
}

impl Heartbeats for PostgresStorage {
    fn keep_heartbeat(&self, heard: Heard) -> Answer<'_, ()> {
        Box::pin(async move {
            let held = InTransaction::begin(&self.pool).await?;
            heartbeats::keep(held.client()?, &heard).await?;
            held.ended();
            Ok(())
        })
    }
    fn heartbeats(&self, tablet_id: TabletId) -> Answer<'_, Vec<KeptHeartbeat>> {
        with!(self, client => heartbeats::heartbeats(&client, tablet_id))
    }
    fn note_hour(&self, now: WallTime) -> Answer<'_, ()> {
        with!(self, client => heartbeats::note_hour(&client, now))
    }
    fn hours(&self, of: Option<Vec<MunicipalityCode>>, now: WallTime) -> Answer<'_, Vec<HourNoted>> {
        with!(self, client => heartbeats::hours(&client, of.as_deref(), now))
    }
}

impl Register for PostgresStorage {
    fn keep(&self, batch: ReadBatch) -> Answer<'_, Vec<Outcome>> {
        self.lanes.keep(batch)
    }
    fn kept(&self, tablet_id: TabletId, epoch: Epoch) -> Answer<'_, Vec<KeptEntry>> {
        with!(self, client => register::kept(&client, tablet_id, epoch))
    }
    fn arrivals(&self, tablet_id: TabletId) -> Answer<'_, Vec<Arrival>> {
        with!(self, client => register::arrivals(&client, tablet_id))
    }
    fn standing_doses(&self, coupon: CouponKey) -> Answer<'_, Vec<StandingDose>> {
        with!(self, client => register::standing_doses(&client, coupon))
    }
    fn entries_of(&self, coupon: CouponKey) -> Answer<'_, Vec<CouponEntry>> {
        with!(self, client => entries_of::entries_of(&client, coupon))
    }
}

/// The same with a connection whose transaction the work begins and ends.
macro_rules! in_transaction {
    ($self:ident, $client:ident => $work:expr) => {
        Box::pin(async move {
            let held = InTransaction::begin(&$self.pool).await?;
            let $client = held.client()?;
            let done = $work.await?;
            held.ended();
            Ok(done)
        })
    };
}

impl Reference for PostgresStorage {
    fn publish(&self, publication: Publication) -> Answer<'_, ReferenceVersion> {
        in_transaction!(self, client => reference::publish(client, &publication))
    }
    fn publications(&self) -> Answer<'_, Vec<Published>> {
        with!(self, client => reference::publications(&client))
    }
    fn let_know(
        &self,
        tablet_id: TabletId,
        municipalities: BTreeSet<MunicipalityCode>,
        now: WallTime,
    ) -> Answer<'_, ()> {
        in_transaction!(self, client => reference::let_know(client, tablet_id, &municipalities, now))
    }
    fn tell_settled(&self, tablet_id: TabletId, settled: SettledEntry, now: WallTime) -> Answer<'_, ()> {
        in_transaction!(self, client => reference::tell_settled(client, tablet_id, &settled, now))
    }
    fn told(&self, tablet_id: TabletId) -> Answer<'_, Told> {
        in_transaction!(self, client => reference::told(client, tablet_id))
    }
    fn piece(
        &self,
        tablet_id: TabletId,
        digest: PartDigest,
        first: u64,
        most: u64,
    ) -> Answer<'_, Option<Piece>> {
        in_transaction!(self, client => reference::piece(client, tablet_id, digest, first, most))
    }
    fn gather_doses(&self, master: Arc<CouponMaster>, most: u32) -> Answer<'_, u32> {
        in_transaction!(self, client => reference::gather(client, &master, most))
    }
    fn compare_doses(&self, master: Arc<CouponMaster>) -> Answer<'_, ComparedLists> {
        in_transaction!(self, client => reference::compare(client, self.layout, &master))
    }
    fn forget_doses(&self) -> Answer<'_, ()> {
        in_transaction!(self, client => reference::forget(client))
    }
    fn is_hashed(&self) -> Answer<'_, bool> {
        with!(self, client => reference::is_hashed(&client))
    }
    fn list_doses(&self, now: WallTime) -> Answer<'_, Option<MunicipalityCode>> {
        in_transaction!(self, client => reference::list(client, now))
    }
}

impl Accounts for PostgresStorage {
    fn add_account(&self, account: Account) -> Answer<'_, Added> {
        in_transaction!(self, client => accounts::add_account(client, &account))
    }
    fn account(&self, name: AccountName) -> Answer<'_, Option<KeptAccount>> {
        with!(self, client => accounts::account(&client, &name))
    }
    fn account_of(&self, identity: Identity) -> Answer<'_, Option<KeptAccount>> {
        with!(self, client => accounts::account_of(&client, &identity))
    }
    fn accounts(&self) -> Answer<'_, Vec<KeptAccount>> {
        with!(self, client => accounts::accounts(&client))
    }
    fn disable_account(&self, name: AccountName, at: WallTime) -> Answer<'_, bool> {
        in_transaction!(self, client => accounts::disable_account(client, &name, at))
    }
    fn reset_account(&self, name: AccountName, credential: Credential) -> Answer<'_, BegunAnew> {
        in_transaction!(self, client => accounts::reset_account(client, &name, &credential))
    }
    fn second_factor(&self, name: AccountName) -> Answer<'_, Option<SecondFactor>> {
        with!(self, client => accounts::second_factor(&client, &name))
    }
    fn set_second_factor(&self, name: AccountName, factor: FreshFactor) -> Answer<'_, bool> {
        in_transaction!(self, client => accounts::set_second_factor(client, &name, &factor))
    }
    fn use_code(&self, name: AccountName, step: Step) -> Answer<'_, bool> {
        with!(self, client => accounts::use_code(&client, &name, step))
    }
    fn use_recovery_code(&self, name: AccountName, digest: [u8; 32], at: WallTime) -> Answer<'_, bool> {
        with!(self, client => accounts::use_recovery_code(&client, &name, &digest, at))
    }
    fn open_session(&self, session: Session) -> Answer<'_, ()> {
        with!(self, client => accounts::open_session(&client, &session))
    }
    fn replace_session(&self, ended: [u8; 32], session: Session) -> Answer<'_, bool> {
        in_transaction!(self, client => accounts::replace_session(client, &ended, &session))
    }
    fn session(&self, digest: [u8; 32], now: WallTime) -> Answer<'_, Option<OpenSession>> {
        with!(self, client => accounts::session(&client, &digest, now))
    }
    fn close_session(&self, digest: [u8; 32]) -> Answer<'_, ()> {
        with!(self, client => accounts::close_session(&client, &digest))
    }
    fn spend_state(&self, digest: [u8; 32], expires_at: WallTime, now: WallTime) -> Answer<'_, bool> {
        with!(self, client => accounts::spend_state(&client, &digest, expires_at, now))
    }
}

impl Reviews for PostgresStorage {
    fn open_cases(&self, municipality: MunicipalityCode, most: usize) -> Answer<'_, Vec<CaseRow>> {
        with!(self, client => reviews::open_cases(&client, municipality, most))
    }
    fn decided_cases(&self, municipality: MunicipalityCode, most: usize) -> Answer<'_, Vec<CaseRow>> {
        with!(self, client => reviews::decided_cases(&client, municipality, most))
    }
    fn cases_of_entry(&self, municipality: MunicipalityCode, entry_id: EntryId) -> Answer<'_, Vec<Case>> {
        with!(self, client => reviews::cases_of_entry(&client, municipality, entry_id))
    }
    fn decide(&self, decision: NewDecision) -> Answer<'_, Decided> {
        in_transaction!(self, client => reviews::decide(client, self.layout, &decision))
    }
}

impl Media for PostgresStorage {
    fn add_media_line(
        &self,
        municipality: MunicipalityCode,
        line: MediaLine,
        audited: Option<NewLine>,
    ) -> Answer<'_, bool> {
        in_transaction!(self, client => media::add(client, self.layout, municipality, line, audited))
    }
    fn media_lines(
        &self,
        municipality: MunicipalityCode,
        after: u64,
        most: u32,
    ) -> Answer<'_, Vec<MediaLine>> {
        with!(self, client => media::after(&client, municipality, after, most))
    }
    fn latest_media_lines(
        &self,
        municipality: MunicipalityCode,
        before: Option<u64>,
        most: u32,
    ) -> Answer<'_, Vec<MediaLine>> {
        with!(self, client => media::latest(&client, municipality, before, most))
    }
    fn media_lines_about(&self, municipality: MunicipalityCode, about: String) -> Answer<'_, Vec<MediaLine>> {
        with!(self, client => media::about(&client, municipality, about))
    }
    fn media_municipalities(&self) -> Answer<'_, Vec<MunicipalityCode>> {
        with!(self, client => media::municipalities(&client))
    }
}

impl People for PostgresStorage {
    fn people_secret(&self, municipality: MunicipalityCode) -> Answer<'_, Option<Vec<u8>>> {
        with!(self, client => people_secrets::secret(&client, municipality))
    }
    fn has_people_secrets(&self) -> Answer<'_, bool> {
        with!(self, client => people_secrets::has_secrets(&client))
    }
    fn keep_people_secret(
        &self,
        municipality: MunicipalityCode,
        sealed: Vec<u8>,
        at: WallTime,
    ) -> Answer<'_, Vec<u8>> {
        with!(self, client => people_secrets::keep_secret(&client, municipality, sealed, at))
    }
    fn begin_import(&self, municipality: MunicipalityCode, by: String, at: WallTime) -> Answer<'_, Begun> {
        in_transaction!(self, client => imports::begin(client, municipality, by, at))
    }
    fn stage(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        rows: Vec<VersionRow>,
    ) -> Answer<'_, Option<Vec<Standing>>> {
        in_transaction!(self, client => import_rows::stage(client, self.layout, municipality, import, rows))
    }
    fn end_staging(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        faulty: u64,
        at: WallTime,
    ) -> Answer<'_, bool> {
        with!(self, client => imports::end_staging(&client, municipality, import, faulty, at))
    }
    fn take_effect(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        by: String,
        at: WallTime,
        watch: Watch,
    ) -> Answer<'_, TookEffect> {
        in_transaction!(self, client => {
            import_effect::take_effect(client, self.layout, municipality, import, (by, at), watch)
        })
    }
    fn discard_import(&self, municipality: MunicipalityCode, import: u32, at: WallTime) -> Answer<'_, bool> {
        in_transaction!(self, client => imports::discard(client, municipality, import, at))
    }
    fn undo_import(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        by: String,
        at: WallTime,
        watch: Watch,
    ) -> Answer<'_, Undone> {
        in_transaction!(self, client => {
            import_effect::undo(client, self.layout, municipality, import, (by, at), watch)
        })
    }
    fn imports(&self, municipality: MunicipalityCode, most: u32) -> Answer<'_, Vec<Import>> {
        with!(self, client => imports::imports(&client, municipality, most))
    }
    fn person(&self, municipality: MunicipalityCode, by: PersonMark) -> Answer<'_, Option<Version>> {
        with!(self, client => people::person(&client, municipality, by))
    }
    fn people_named(
        &self,
        municipality: MunicipalityCode,
        named: Mark,
        most: u32,
    ) -> Answer<'_, Vec<Version>> {
        with!(self, client => people::named(&client, municipality, named, most))
    }
    fn add_names(&self, municipality: MunicipalityCode, names: Vec<NamedPerson>) -> Answer<'_, u64> {
        with!(self, client => people::add_names(&client, municipality, names))
    }
    fn count_missing_names(
        &self,
        municipality: MunicipalityCode,
        names: Vec<NamedPerson>,
    ) -> Answer<'_, u64> {
        with!(self, client => people::count_missing_names(&client, municipality, names))
    }
    fn count_people(&self, municipality: MunicipalityCode) -> Answer<'_, u64> {
        with!(self, client => people::count(&client, municipality))
    }
    fn people_moment(&self, municipality: MunicipalityCode) -> Answer<'_, Box<dyn PeopleMoment>> {
        Box::pin(async move {
            let held = InTransaction::begin(&self.pool).await?;
            let moment = people_moment::Moment::begin(held, municipality).await?;
            Ok(Box::new(moment) as Box<dyn PeopleMoment>)
        })
    }
}

impl Audit for PostgresStorage {
    fn record(&self, lines: Vec<NewLine>, at_most: Option<AtMost>) -> Answer<'_, Recorded> {
        in_transaction!(self, client => audit::record(client, self.layout, lines, at_most))
    }
    fn lines(&self, asked: LineQuestion) -> Answer<'_, Vec<Line>> {
        with!(self, client => audit::lines(&client, asked))
    }
    fn last_link(&self, municipality: MunicipalityCode) -> Answer<'_, Option<(u64, AuditLink)>> {
        with!(self, client => audit::last_link(&client, municipality))
    }
}

impl Archive for PostgresStorage {
    fn snapshot(&self) -> Answer<'_, Box<dyn Snapshot>> {
        Box::pin(async move {
            let moment = archive::Moment::begin(InTransaction::begin(&self.pool).await?).await?;
            Ok(Box::new(moment) as Box<dyn Snapshot>)
        })
    }
    fn put(&self, table: &'static Table, rows: Vec<ArchivedRow>) -> Answer<'_, ()> {
        Box::pin(async move {
            let held = InTransaction::begin(&self.pool).await?;
            archive::put(held.client()?, table, rows).await?;
            held.ended();
            Ok(())
        })
    }
    fn derive(&self, derivation: Derivation) -> Answer<'_, Derived> {
        Box::pin(async move {
            let held = InTransaction::begin(&self.pool).await?;
            let derived = archive::derive(held.client()?, self.layout, derivation).await?;
            held.ended();
            Ok(derived)
        })
    }
}

impl Stock for PostgresStorage {
    fn register_facility(&self, facility: KeptFacility, noted: NewLine) -> Answer<'_, Registered> {
        in_transaction!(self, client => stock::register(client, self.layout, facility, noted))
    }
    fn facilities(&self, municipality: MunicipalityCode) -> Answer<'_, Vec<KeptFacility>> {
        with!(self, client => stock::facilities(&client, municipality))
    }
    fn facility(&self, code: FacilityCode) -> Answer<'_, Option<KeptFacility>> {
        with!(self, client => stock::facility(&client, code))
    }
    fn change_kind(&self, at: Place, change: NewKind, noted: NewLine) -> Answer<'_, KindChanged> {
        in_transaction!(self, client => stock::change_kind(client, self.layout, at, change, noted))
    }
    fn kinds(&self, at: Place) -> Answer<'_, KindHistory> {
        with!(self, client => stock::kinds(&client, at))
    }
    fn add_stock_line(
        &self,
        municipality: MunicipalityCode,
        line: vsys::Line,
        recorded_at: WallTime,
        noted: NewLine,
    ) -> Answer<'_, LineAdded> {
        in_transaction!(self, client => stock::add_line(client, self.layout, municipality, line, recorded_at, noted))
    }
    fn stock_lines(&self, at: Place, before: Option<u64>, most: u32) -> Answer<'_, Vec<KeptLine>> {
        with!(self, client => stock::lines(&client, at, before, most))
    }
    fn balances(
        &self,
        municipality: MunicipalityCode,
        facility: Option<FacilityCode>,
    ) -> Answer<'_, Vec<(StockAccount, Balance)>> {
        with!(self, client => stock::balances(&client, municipality, facility))
    }
    fn lot_balances(
        &self,
        municipality: MunicipalityCode,
        product: Product,
        lot: LotNumber,
    ) -> Answer<'_, Vec<(StockAccount, Balance)>> {
        with!(self, client => stock::lot_balances(&client, municipality, product, lot))
    }
    fn publish_product_rule(&self, rule: ProductRule, at: WallTime) -> Answer<'_, ()> {
        with!(self, client => stock::publish_rule(&client, rule, at))
    }
    fn product_rules(&self) -> Answer<'_, Vec<ProductRule>> {
        with!(self, client => stock::rules(&client))
    }
    fn take_in_doses(&self, most: u32, now: WallTime) -> Answer<'_, u32> {
        in_transaction!(self, client => stock::take_in(client, most, now))
    }
    fn doses_without_books(&self, most: u32) -> Answer<'_, Vec<(FacilityCode, u64)>> {
        with!(self, client => stock::without_books(&client, most))
    }
    fn look_at_all_doses(&self) -> Answer<'_, ()> {
        with!(self, client => stock::look_at_all(&client))
    }
    fn replace_balances(
        &self,
        balances: Vec<(MunicipalityCode, StockAccount, Balance)>,
        lines: u64,
    ) -> Answer<'_, bool> {
        in_transaction!(self, client => stock::replace_balances(client, balances, lines))
    }
}

impl ToldStock for PostgresStorage {
    fn told_waiting(&self, after: Option<ToldKey>, most: u32) -> Answer<'_, Vec<ToldAct>> {
        with!(self, client => stock::told_waiting(&client, after, most))
    }
    fn book_told(&self, told: ToldKey, line: vsys::Line, recorded_at: WallTime) -> Answer<'_, LineAdded> {
        in_transaction!(self, client => stock::book_told(client, told, line, recorded_at))
    }
    fn step_told(&self, told: ToldKey, step: NewStep) -> Answer<'_, StepTaken> {
        in_transaction!(self, client => stock::step_told(client, self.layout, told, step))
    }
    fn leave_told(&self, told: ToldKey, why: NotBooked) -> Answer<'_, ()> {
        with!(self, client => stock::leave_told(&client, told, why))
    }
    fn told_open(&self, at: Place, most: u32) -> Answer<'_, Vec<ToldAct>> {
        with!(self, client => stock::told_open(&client, at, most))
    }
    fn settle_told(&self, told: ToldKey, facility: FacilityCode, noted: NewLine) -> Answer<'_, bool> {
        in_transaction!(self, client => stock::settle_told(client, self.layout, told, facility, noted))
    }
}

impl Closings for PostgresStorage {
    fn take_in_closings(
        &self,
        after: Option<ClosingKey>,
        most: u32,
        now: WallTime,
    ) -> Answer<'_, ClosingsTaken> {
        in_transaction!(self, client => stock::take_in_closings(client, after, most, now))
    }
    fn closings(
        &self,
        municipality: MunicipalityCode,
        facility: Option<FacilityCode>,
        days: Days,
    ) -> Answer<'_, Vec<KeptClosing>> {
        with!(self, client => stock::closings(&client, municipality, facility, days))
    }
}

impl StockViews for PostgresStorage {
    fn lot_lines(
        &self,
        municipality: MunicipalityCode,
        product: Product,
        lot: LotNumber,
    ) -> Answer<'_, Vec<KeptLine>> {
        with!(self, client => stock::lot_lines(&client, municipality, product, lot))
    }
    fn lines_of_days(&self, at: Place, days: Days) -> Answer<'_, Vec<KeptLine>> {
        with!(self, client => stock::lines_of_days(&client, at, days))
    }
    fn lines_after(&self, at: Place, after: u64, most: u32) -> Answer<'_, Vec<KeptLine>> {
        with!(self, client => stock::lines_after(&client, at, after, most))
    }
    fn used_on(&self, municipality: MunicipalityCode, days: Days) -> Answer<'_, Vec<UsedAt>> {
        with!(self, client => stock::used_on(&client, municipality, days))
    }
    fn doses_of_lot(
        &self,
        municipality: MunicipalityCode,
        lot: LotNumber,
        skipped: u32,
        most: u32,
    ) -> Answer<'_, LotDoses> {
        with!(self, client => stock::doses_of_lot(&client, municipality, lot, skipped, most))
    }
    fn published_last(
        &self,
        kind: PublicationKind,
        municipality: Option<MunicipalityCode>,
    ) -> Answer<'_, Option<Vec<u8>>> {
        with!(self, client => stock::published_last(&client, kind, municipality))
    }
}

impl Cycles for PostgresStorage {
    fn open_cycle(&self, new: NewCycle) -> Answer<'_, u32> {
        with!(self, client => cycles::open(&client, new))
    }
    fn cycles(&self, before: Option<u32>, most: u32) -> Answer<'_, Vec<KeptCycle>> {
        with!(self, client => cycles::cycles(&client, before, most))
    }
    fn cycle(&self, number: u32) -> Answer<'_, Option<KeptCycle>> {
        with!(self, client => cycles::cycle(&client, number))
    }
    fn step_cycle(&self, step: NewCycleStep) -> Answer<'_, CycleStepped> {
        in_transaction!(self, client => cycles::step(client, step))
    }
    fn shares(&self, cycle: u32, computation: u32, of: Option<MunicipalityCode>) -> Answer<'_, Vec<Share>> {
        with!(self, client => cycles::shares(&client, cycle, computation, of))
    }
    fn place_orders(&self, orders: NewOrders) -> Answer<'_, OrdersPlaced> {
        in_transaction!(self, client => cycles::place(client, self.layout, orders))
    }
    fn orders(&self, cycle: u32, of: Option<MunicipalityCode>) -> Answer<'_, Vec<KeptOrder>> {
        with!(self, client => cycles::orders(&client, cycle, of))
    }
    fn tell_populations(&self, told: NewPopulations) -> Answer<'_, ()> {
        with!(self, client => cycles::tell_populations(&client, told))
    }
    fn populations(&self, of: Option<MunicipalityCode>) -> Answer<'_, BTreeMap<MunicipalityCode, u64>> {
        with!(self, client => cycles::populations(&client, of))
    }
}

impl Transfers for PostgresStorage {
    fn plan_transfer(&self, plan: NewPlan) -> Answer<'_, Planned> {
        in_transaction!(self, client => stock::plan(client, self.layout, plan))
    }
    fn step_transfer(&self, step: NewStep) -> Answer<'_, StepTaken> {
        in_transaction!(self, client => stock::step(client, self.layout, step))
    }
    fn transfer(&self, from: MunicipalityCode, id: TransferId) -> Answer<'_, Option<KeptTransfer>> {
        with!(self, client => stock::transfer(&client, from, id))
    }
    fn transfers(
        &self,
        municipality: MunicipalityCode,
        which: Which,
        before: Option<WallTime>,
        most: u32,
    ) -> Answer<'_, Vec<KeptTransfer>> {
        with!(self, client => stock::transfers(&client, municipality, which, before, most))
    }
    fn transfers_to_approve(&self, most: u32) -> Answer<'_, Vec<KeptTransfer>> {
        with!(self, client => stock::to_approve(&client, most))
    }
}

impl Bookings for PostgresStorage {
    fn book(
        &self,
        municipality: MunicipalityCode,
        days: Vec<BookedDay>,
        noted: Vec<NewLine>,
    ) -> Answer<'_, Booked> {
        in_transaction!(self, client => stock::book(client, self.layout, municipality, days, noted))
    }
    fn booked(&self, whose: Whose, from: CalendarDate) -> Answer<'_, Vec<BookedDay>> {
        with!(self, client => stock::booked(&client, whose, from))
    }
    fn date_lot(&self, municipality: MunicipalityCode, dated: DatedLot, noted: NewLine) -> Answer<'_, ()> {
        in_transaction!(self, client => stock::date_lot(client, self.layout, municipality, dated, noted))
    }
    fn stock_moment(&self, whose: Whose, product: Product, from: CalendarDate) -> Answer<'_, StockMoment> {
        in_transaction!(self, client => stock::moment(client, whose, product, from))
    }
}

impl Storage for PostgresStorage {
    fn check(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            let client = self.pool.get().await?;
            let asked = "SELECT pg_is_in_recovery() AS read_only";
            let answer = run_one(&client, Call::new(asked, values![])).await?;
            match answer.first().map(|row| rows::raw::<bool>(row, "read_only")).transpose()? {
                Some(false) => Ok(()),
                _ => Err(StorageError::Unsafe("the database can only be read")),
            }
        })
    }
}

#[cfg(test)]
mod tests;
