//! The register in one SQLite file: WAL, full sync, one thread that writes.
//!
//! Must not: hold a transaction open across an answer. Readers have a connection of their own.

mod accounts;
mod archive;
mod audit;
mod batches;
mod boxes;
mod cycles;
mod entries_of;
mod fleet;
mod handouts;
mod heartbeats;
mod import_effect;
mod import_rows;
mod imports;
mod media;
mod migrations;
mod people;
mod people_moment;
mod people_secrets;
mod reference;
mod register;
mod reviews;
mod rows;
mod stock;
mod tablets;
mod writer;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use record::{
    CalendarDate, EntryId, Epoch, MunicipalityCode, Outcome, TabletId, WallTime,
    bytes::PartDigest,
    day::{FacilityCode, LotNumber, Product},
    reference::SettledEntry,
    wire::reference::ReferenceVersion,
};
use rusqlite::{Connection, OpenFlags};
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
use writer::Writer;

/// How long one process waits for another's transaction (`bundle make` beside `serve`).
const BUSY_TIMEOUT_MS: u32 = 10_000;

/// For connections that only read.
const READ_ONLY: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

type Reader = Arc<Mutex<Connection>>;

/// The register in one file.
pub struct SqliteStorage {
    // Readers are closed before the writer, whose connection is then the last one and leaves a single file behind.
    /// For what every request asks.
    requests: Reader,
    /// For pages and lists, which may take long.
    pages: Reader,
    writer: Writer,
    path: PathBuf,
}

impl SqliteStorage {
    /// Opens the register, bringing an older one up to date; a file that is not there is made.
    ///
    /// # Errors
    /// [`StorageError::NewerDatabase`], [`StorageError::NotARegister`] or [`StorageError::Database`].
    pub fn open(path: &Path) -> Result<Self, StorageError> {
        let mut connection = connect(path, OpenFlags::default())?;
        migrations::run(&mut connection)?;
        let reader = || Ok::<_, StorageError>(Arc::new(Mutex::new(connect(path, READ_ONLY)?)));
        let writer = Writer::start(connection)?;
        Ok(Self { requests: reader()?, pages: reader()?, writer, path: path.to_owned() })
    }
}

fn read<T: Send + 'static>(
    reader: &Reader,
    work: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
) -> Answer<'static, T> {
    let reader = Arc::clone(reader);
    Box::pin(async move {
        let done =
            tokio::task::spawn_blocking(move || work(&reader.lock().unwrap_or_else(PoisonError::into_inner)));
        done.await.map_err(|_| StorageError::Stopped)?
    })
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StorageError> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS.into()))?;
    connection.set_prepared_statement_cache_capacity(64);
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -65_536)?; // KiB
    Ok(connection)
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

impl Tablets for SqliteStorage {
    fn invite(&self, invitation: Invitation) -> Answer<'_, ()> {
        self.writer.write(move |transaction| tablets::invite(transaction, &invitation))
    }
    fn enrol(&self, enrolment: Enrolment) -> Answer<'_, EnrolmentVerdict> {
        self.writer.write(move |transaction| tablets::enrol(transaction, &enrolment))
    }
    fn device(&self, tablet_id: TabletId) -> Answer<'_, Option<Device>> {
        read(&self.requests, move |connection| tablets::device(connection, tablet_id))
    }
    fn fleet(&self) -> Answer<'_, Vec<TabletStatus>> {
        read(&self.pages, fleet::fleet)
    }
    fn tablet(&self, tablet_id: TabletId) -> Answer<'_, Option<TabletStatus>> {
        read(&self.pages, move |connection| fleet::tablet(connection, tablet_id))
    }
    fn missing(&self, tablet_id: TabletId, epoch: Epoch, most: u32) -> Answer<'_, Vec<Missing>> {
        read(&self.pages, move |connection| fleet::missing(connection, tablet_id, epoch, most))
    }
}

impl Handouts for SqliteStorage {
    fn bundles(&self, tablet_id: TabletId) -> Answer<'_, Vec<BundleRow>> {
        read(&self.pages, move |connection| handouts::bundles(connection, tablet_id))
    }
    fn revoke_bundles(&self, tablet_id: TabletId, said: Said) -> Answer<'_, u32> {
        self.writer.write(move |transaction| handouts::revoke_bundles(transaction, tablet_id, &said))
    }
    fn replace(&self, replacement: Replacement) -> Answer<'_, ReplaceVerdict> {
        self.writer.write(move |transaction| handouts::replace(transaction, &replacement))
    }
    fn declare_lost(&self, loss: Loss) -> Answer<'_, ()> {
        self.writer.write(move |transaction| handouts::declare_lost(transaction, &loss))
    }
}

impl Boxes for SqliteStorage {
    fn hand_out(&self, handed: HandedOut) -> Answer<'_, ()> {
        self.writer.write(move |transaction| boxes::hand_out(transaction, &handed))
    }
    fn boxes(&self, municipality: MunicipalityCode, most: u32) -> Answer<'_, Vec<BoxRow>> {
        read(&self.pages, move |connection| boxes::boxes(connection, municipality, most))
    }
    fn has_boxes(&self) -> Answer<'_, bool> {
        read(&self.pages, boxes::any)
    }
    fn box_file(&self, municipality: MunicipalityCode, issued_at: WallTime) -> Answer<'_, Option<Vec<u8>>> {
        read(&self.pages, move |connection| boxes::file(connection, municipality, issued_at))
    }
    fn revoke_box(&self, municipality: MunicipalityCode, issued_at: WallTime, said: Said) -> Answer<'_, u32> {
        self.writer.write(move |transaction| boxes::revoke(transaction, municipality, issued_at, &said))
    }
    fn note_release(&self, release: Release) -> Answer<'_, ()> {
        self.writer.write(move |transaction| boxes::note_release(transaction, &release))
    }
    fn releases(&self, municipality: MunicipalityCode) -> Answer<'_, Vec<Release>> {
        read(&self.pages, move |connection| boxes::releases(connection, municipality))
    }
}

impl Heartbeats for SqliteStorage {
    fn keep_heartbeat(&self, heard: Heard) -> Answer<'_, ()> {
        self.writer.write(move |transaction| heartbeats::keep(transaction, &heard))
    }
    fn heartbeats(&self, tablet_id: TabletId) -> Answer<'_, Vec<KeptHeartbeat>> {
        read(&self.pages, move |connection| heartbeats::heartbeats(connection, tablet_id))
    }
    fn note_hour(&self, now: WallTime) -> Answer<'_, ()> {
        self.writer.write(move |transaction| heartbeats::note_hour(transaction, now))
    }
    fn hours(&self, of: Option<Vec<MunicipalityCode>>, now: WallTime) -> Answer<'_, Vec<HourNoted>> {
        read(&self.pages, move |connection| heartbeats::hours(connection, of.as_deref(), now))
    }
}

impl Register for SqliteStorage {
    fn keep(&self, batch: ReadBatch) -> Answer<'_, Vec<Outcome>> {
        self.writer.write(move |transaction| batches::keep(transaction, &batch))
    }
    fn kept(&self, tablet_id: TabletId, epoch: Epoch) -> Answer<'_, Vec<KeptEntry>> {
        read(&self.pages, move |connection| register::kept(connection, tablet_id, epoch))
    }
    fn arrivals(&self, tablet_id: TabletId) -> Answer<'_, Vec<Arrival>> {
        read(&self.pages, move |connection| register::arrivals(connection, tablet_id))
    }
    fn standing_doses(&self, coupon: CouponKey) -> Answer<'_, Vec<StandingDose>> {
        read(&self.pages, move |connection| register::standing_doses(connection, coupon))
    }
    fn entries_of(&self, coupon: CouponKey) -> Answer<'_, Vec<CouponEntry>> {
        read(&self.pages, move |connection| entries_of::entries_of(connection, coupon))
    }
}

impl Reference for SqliteStorage {
    fn publish(&self, publication: Publication) -> Answer<'_, ReferenceVersion> {
        self.writer.write(move |transaction| reference::publish(transaction, &publication))
    }
    fn publications(&self) -> Answer<'_, Vec<Published>> {
        read(&self.pages, reference::publications)
    }
    fn let_know(
        &self,
        tablet_id: TabletId,
        municipalities: BTreeSet<MunicipalityCode>,
        now: WallTime,
    ) -> Answer<'_, ()> {
        self.writer
            .write(move |transaction| reference::let_know(transaction, tablet_id, &municipalities, now))
    }
    fn tell_settled(&self, tablet_id: TabletId, settled: SettledEntry, now: WallTime) -> Answer<'_, ()> {
        self.writer.write(move |transaction| reference::tell_settled(transaction, tablet_id, &settled, now))
    }
    fn told(&self, tablet_id: TabletId) -> Answer<'_, Told> {
        read(&self.requests, move |connection| reference::told(connection, tablet_id))
    }
    fn piece(
        &self,
        tablet_id: TabletId,
        digest: PartDigest,
        first: u64,
        most: u64,
    ) -> Answer<'_, Option<Piece>> {
        read(&self.requests, move |connection| reference::piece(connection, tablet_id, digest, first, most))
    }
    fn gather_doses(&self, master: Arc<CouponMaster>, most: u32) -> Answer<'_, u32> {
        self.writer.write(move |transaction| reference::gather(transaction, &master, most))
    }
    fn compare_doses(&self, master: Arc<CouponMaster>) -> Answer<'_, ComparedLists> {
        self.writer.write(move |transaction| reference::compare(transaction, &master))
    }
    fn forget_doses(&self) -> Answer<'_, ()> {
        self.writer.write(reference::forget)
    }
    fn is_hashed(&self) -> Answer<'_, bool> {
        read(&self.pages, reference::is_hashed)
    }
    fn list_doses(&self, now: WallTime) -> Answer<'_, Option<MunicipalityCode>> {
        self.writer.write(move |transaction| reference::list(transaction, now))
    }
}

impl Accounts for SqliteStorage {
    fn add_account(&self, account: Account) -> Answer<'_, Added> {
        self.writer.write(move |transaction| accounts::add_account(transaction, &account))
    }
    fn account(&self, name: AccountName) -> Answer<'_, Option<KeptAccount>> {
        read(&self.requests, move |connection| accounts::account(connection, &name))
    }
    fn account_of(&self, identity: Identity) -> Answer<'_, Option<KeptAccount>> {
        read(&self.requests, move |connection| accounts::account_of(connection, &identity))
    }
    fn accounts(&self) -> Answer<'_, Vec<KeptAccount>> {
        read(&self.pages, accounts::accounts)
    }
    fn disable_account(&self, name: AccountName, at: WallTime) -> Answer<'_, bool> {
        self.writer.write(move |transaction| accounts::disable_account(transaction, &name, at))
    }
    fn reset_account(&self, name: AccountName, credential: Credential) -> Answer<'_, BegunAnew> {
        self.writer.write(move |transaction| accounts::reset_account(transaction, &name, &credential))
    }
    fn second_factor(&self, name: AccountName) -> Answer<'_, Option<SecondFactor>> {
        read(&self.requests, move |connection| accounts::second_factor(connection, &name))
    }
    fn set_second_factor(&self, name: AccountName, factor: FreshFactor) -> Answer<'_, bool> {
        self.writer.write(move |transaction| accounts::set_second_factor(transaction, &name, &factor))
    }
    fn use_code(&self, name: AccountName, step: Step) -> Answer<'_, bool> {
        self.writer.write(move |transaction| accounts::use_code(transaction, &name, step))
    }
    fn use_recovery_code(&self, name: AccountName, digest: [u8; 32], at: WallTime) -> Answer<'_, bool> {
        self.writer.write(move |transaction| accounts::use_recovery_code(transaction, &name, &digest, at))
    }
    fn open_session(&self, session: Session) -> Answer<'_, ()> {
        self.writer.write(move |transaction| accounts::open_session(transaction, &session))
    }
    fn replace_session(&self, ended: [u8; 32], session: Session) -> Answer<'_, bool> {
        self.writer.write(move |transaction| accounts::replace_session(transaction, &ended, &session))
    }
    fn session(&self, digest: [u8; 32], now: WallTime) -> Answer<'_, Option<OpenSession>> {
        read(&self.requests, move |connection| accounts::session(connection, &digest, now))
    }
    fn close_session(&self, digest: [u8; 32]) -> Answer<'_, ()> {
        self.writer.write(move |transaction| accounts::close_session(transaction, &digest))
    }
    fn spend_state(&self, digest: [u8; 32], expires_at: WallTime, now: WallTime) -> Answer<'_, bool> {
        self.writer.write(move |transaction| accounts::spend_state(transaction, &digest, expires_at, now))
    }
}

impl Media for SqliteStorage {
    fn add_media_line(
        &self,
        municipality: MunicipalityCode,
        line: MediaLine,
        audited: Option<NewLine>,
    ) -> Answer<'_, bool> {
        self.writer.write(move |transaction| media::add(transaction, municipality, &line, audited.as_ref()))
    }
    fn media_lines(
        &self,
        municipality: MunicipalityCode,
        after: u64,
        most: u32,
    ) -> Answer<'_, Vec<MediaLine>> {
        read(&self.pages, move |connection| media::after(connection, municipality, after, most))
    }
    fn latest_media_lines(
        &self,
        municipality: MunicipalityCode,
        before: Option<u64>,
        most: u32,
    ) -> Answer<'_, Vec<MediaLine>> {
        read(&self.pages, move |connection| media::latest(connection, municipality, before, most))
    }
    fn media_lines_about(&self, municipality: MunicipalityCode, about: String) -> Answer<'_, Vec<MediaLine>> {
        read(&self.pages, move |connection| media::about(connection, municipality, &about))
    }
    fn media_municipalities(&self) -> Answer<'_, Vec<MunicipalityCode>> {
        read(&self.pages, media::municipalities)
    }
}

impl People for SqliteStorage {
    fn people_secret(&self, municipality: MunicipalityCode) -> Answer<'_, Option<Vec<u8>>> {
        read(&self.requests, move |connection| people_secrets::secret(connection, municipality))
    }
    fn has_people_secrets(&self) -> Answer<'_, bool> {
        read(&self.requests, people_secrets::has_secrets)
    }
    fn keep_people_secret(
        &self,
        municipality: MunicipalityCode,
        sealed: Vec<u8>,
        at: WallTime,
    ) -> Answer<'_, Vec<u8>> {
        self.writer
            .write(move |transaction| people_secrets::keep_secret(transaction, municipality, &sealed, at))
    }
    fn begin_import(&self, municipality: MunicipalityCode, by: String, at: WallTime) -> Answer<'_, Begun> {
        self.writer.write(move |transaction| imports::begin(transaction, municipality, &by, at))
    }
    fn stage(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        rows: Vec<VersionRow>,
    ) -> Answer<'_, Option<Vec<Standing>>> {
        self.writer.write(move |transaction| import_rows::stage(transaction, municipality, import, &rows))
    }
    fn end_staging(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        faulty: u64,
        at: WallTime,
    ) -> Answer<'_, bool> {
        self.writer
            .write(move |transaction| imports::end_staging(transaction, municipality, import, faulty, at))
    }
    fn take_effect(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        by: String,
        at: WallTime,
        watch: Watch,
    ) -> Answer<'_, TookEffect> {
        self.writer.write(move |transaction| {
            import_effect::take_effect(transaction, municipality, import, (&by, at), &watch)
        })
    }
    fn discard_import(&self, municipality: MunicipalityCode, import: u32, at: WallTime) -> Answer<'_, bool> {
        self.writer.write(move |transaction| imports::discard(transaction, municipality, import, at))
    }
    fn undo_import(
        &self,
        municipality: MunicipalityCode,
        import: u32,
        by: String,
        at: WallTime,
        watch: Watch,
    ) -> Answer<'_, Undone> {
        self.writer.write(move |transaction| {
            import_effect::undo(transaction, municipality, import, (&by, at), &watch)
        })
    }
    fn imports(&self, municipality: MunicipalityCode, most: u32) -> Answer<'_, Vec<Import>> {
        read(&self.pages, move |connection| imports::imports(connection, municipality, most))
    }
    fn person(&self, municipality: MunicipalityCode, by: PersonMark) -> Answer<'_, Option<Version>> {
        read(&self.requests, move |connection| people::person(connection, municipality, by))
    }
    fn people_named(
        &self,
        municipality: MunicipalityCode,
        named: Mark,
        most: u32,
    ) -> Answer<'_, Vec<Version>> {
        read(&self.requests, move |connection| people::named(connection, municipality, named, most))
    }
    fn add_names(&self, municipality: MunicipalityCode, names: Vec<NamedPerson>) -> Answer<'_, u64> {
        self.writer.write(move |transaction| people::add_names(transaction, municipality, &names))
    }
    fn count_missing_names(
        &self,
        municipality: MunicipalityCode,
        names: Vec<NamedPerson>,
    ) -> Answer<'_, u64> {
        read(&self.pages, move |connection| people::count_missing_names(connection, municipality, &names))
    }
    fn count_people(&self, municipality: MunicipalityCode) -> Answer<'_, u64> {
        read(&self.pages, move |connection| people::count(connection, municipality))
    }
    fn people_moment(&self, municipality: MunicipalityCode) -> Answer<'_, Box<dyn PeopleMoment>> {
        let path = self.path.clone();
        Box::pin(async move {
            let begin = move || people_moment::Moment::begin(&path, municipality);
            let begun = tokio::task::spawn_blocking(begin).await;
            Ok(Box::new(begun.map_err(|_| StorageError::Stopped)??) as Box<dyn PeopleMoment>)
        })
    }
}

impl Audit for SqliteStorage {
    fn record(&self, lines: Vec<NewLine>, at_most: Option<AtMost>) -> Answer<'_, Recorded> {
        self.writer.write(move |transaction| audit::record(transaction, &lines, at_most.as_ref()))
    }
    fn lines(&self, asked: LineQuestion) -> Answer<'_, Vec<Line>> {
        read(&self.pages, move |connection| audit::lines(connection, &asked))
    }
    fn last_link(&self, municipality: MunicipalityCode) -> Answer<'_, Option<(u64, AuditLink)>> {
        read(&self.pages, move |connection| audit::last_link(connection, municipality))
    }
}

impl Archive for SqliteStorage {
    fn snapshot(&self) -> Answer<'_, Box<dyn Snapshot>> {
        let path = self.path.clone();
        Box::pin(async move {
            let begun = tokio::task::spawn_blocking(move || archive::Moment::begin(&path)).await;
            Ok(Box::new(begun.map_err(|_| StorageError::Stopped)??) as Box<dyn Snapshot>)
        })
    }
    fn put(&self, table: &'static Table, rows: Vec<ArchivedRow>) -> Answer<'_, ()> {
        self.writer.write(move |transaction| archive::put(transaction, table, &rows))
    }
    fn derive(&self, derivation: Derivation) -> Answer<'_, Derived> {
        self.writer.write(move |transaction| archive::derive(transaction, derivation))
    }
}

impl Reviews for SqliteStorage {
    fn open_cases(&self, municipality: MunicipalityCode, most: usize) -> Answer<'_, Vec<CaseRow>> {
        read(&self.pages, move |connection| reviews::open_cases(connection, municipality, most))
    }
    fn decided_cases(&self, municipality: MunicipalityCode, most: usize) -> Answer<'_, Vec<CaseRow>> {
        read(&self.pages, move |connection| reviews::decided_cases(connection, municipality, most))
    }
    fn cases_of_entry(&self, municipality: MunicipalityCode, entry_id: EntryId) -> Answer<'_, Vec<Case>> {
        read(&self.pages, move |connection| reviews::cases_of_entry(connection, municipality, entry_id))
    }
    fn decide(&self, decision: NewDecision) -> Answer<'_, Decided> {
        self.writer.write(move |transaction| reviews::decide(transaction, &decision))
    }
}

impl Stock for SqliteStorage {
    fn register_facility(&self, facility: KeptFacility, noted: NewLine) -> Answer<'_, Registered> {
        self.writer.write(move |transaction| stock::register(transaction, &facility, &noted))
    }
    fn facilities(&self, municipality: MunicipalityCode) -> Answer<'_, Vec<KeptFacility>> {
        read(&self.pages, move |connection| stock::facilities(connection, municipality))
    }
    fn facility(&self, code: FacilityCode) -> Answer<'_, Option<KeptFacility>> {
        read(&self.pages, move |connection| stock::facility(connection, code))
    }
    fn change_kind(&self, at: Place, change: NewKind, noted: NewLine) -> Answer<'_, KindChanged> {
        self.writer.write(move |transaction| stock::change_kind(transaction, at, change, &noted))
    }
    fn kinds(&self, at: Place) -> Answer<'_, KindHistory> {
        read(&self.pages, move |connection| stock::kinds(connection, at))
    }
    fn add_stock_line(
        &self,
        municipality: MunicipalityCode,
        line: vsys::Line,
        recorded_at: WallTime,
        noted: NewLine,
    ) -> Answer<'_, LineAdded> {
        self.writer
            .write(move |transaction| stock::add_line(transaction, municipality, line, recorded_at, &noted))
    }
    fn stock_lines(&self, at: Place, before: Option<u64>, most: u32) -> Answer<'_, Vec<KeptLine>> {
        read(&self.pages, move |connection| stock::lines(connection, at, before, most))
    }
    fn balances(
        &self,
        municipality: MunicipalityCode,
        facility: Option<FacilityCode>,
    ) -> Answer<'_, Vec<(StockAccount, Balance)>> {
        read(&self.pages, move |connection| stock::balances(connection, municipality, facility))
    }
    fn lot_balances(
        &self,
        municipality: MunicipalityCode,
        product: Product,
        lot: LotNumber,
    ) -> Answer<'_, Vec<(StockAccount, Balance)>> {
        read(&self.pages, move |connection| stock::lot_balances(connection, municipality, &product, &lot))
    }
    fn publish_product_rule(&self, rule: ProductRule, at: WallTime) -> Answer<'_, ()> {
        self.writer.write(move |transaction| stock::publish_rule(transaction, &rule, at))
    }
    fn product_rules(&self) -> Answer<'_, Vec<ProductRule>> {
        read(&self.pages, stock::rules)
    }
    fn take_in_doses(&self, most: u32, now: WallTime) -> Answer<'_, u32> {
        self.writer.write(move |transaction| stock::take_in(transaction, most, now))
    }
    fn doses_without_books(&self, most: u32) -> Answer<'_, Vec<(FacilityCode, u64)>> {
        read(&self.pages, move |connection| stock::without_books(connection, most))
    }
    fn look_at_all_doses(&self) -> Answer<'_, ()> {
        self.writer.write(stock::look_at_all)
    }
    fn replace_balances(
        &self,
        balances: Vec<(MunicipalityCode, StockAccount, Balance)>,
        lines: u64,
    ) -> Answer<'_, bool> {
        self.writer.write(move |transaction| stock::replace_balances(transaction, &balances, lines))
    }
}

impl ToldStock for SqliteStorage {
    fn told_waiting(&self, after: Option<ToldKey>, most: u32) -> Answer<'_, Vec<ToldAct>> {
        read(&self.pages, move |connection| stock::told_waiting(connection, after, most))
    }
    fn book_told(&self, told: ToldKey, line: vsys::Line, recorded_at: WallTime) -> Answer<'_, LineAdded> {
        self.writer.write(move |transaction| stock::book_told(transaction, told, line, recorded_at))
    }
    fn step_told(&self, told: ToldKey, step: NewStep) -> Answer<'_, StepTaken> {
        self.writer.write(move |transaction| stock::step_told(transaction, told, &step))
    }
    fn leave_told(&self, told: ToldKey, why: NotBooked) -> Answer<'_, ()> {
        self.writer.write(move |transaction| stock::leave_told(transaction, told, why))
    }
    fn told_open(&self, at: Place, most: u32) -> Answer<'_, Vec<ToldAct>> {
        read(&self.pages, move |connection| stock::told_open(connection, at, most))
    }
    fn settle_told(&self, told: ToldKey, facility: FacilityCode, noted: NewLine) -> Answer<'_, bool> {
        self.writer.write(move |transaction| stock::settle_told(transaction, told, facility, &noted))
    }
}

impl Closings for SqliteStorage {
    fn take_in_closings(
        &self,
        after: Option<ClosingKey>,
        most: u32,
        now: WallTime,
    ) -> Answer<'_, ClosingsTaken> {
        self.writer.write(move |transaction| stock::take_in_closings(transaction, after, most, now))
    }
    fn closings(
        &self,
        municipality: MunicipalityCode,
        facility: Option<FacilityCode>,
        days: Days,
    ) -> Answer<'_, Vec<KeptClosing>> {
        read(&self.pages, move |connection| stock::closings(connection, municipality, facility, days))
    }
}

impl StockViews for SqliteStorage {
    fn lot_lines(
        &self,
        municipality: MunicipalityCode,
        product: Product,
        lot: LotNumber,
    ) -> Answer<'_, Vec<KeptLine>> {
        read(&self.pages, move |connection| stock::lot_lines(connection, municipality, &product, &lot))
    }
    fn lines_of_days(&self, at: Place, days: Days) -> Answer<'_, Vec<KeptLine>> {
        read(&self.pages, move |connection| stock::lines_of_days(connection, at, days))
    }
    fn lines_after(&self, at: Place, after: u64, most: u32) -> Answer<'_, Vec<KeptLine>> {
        read(&self.pages, move |connection| stock::lines_after(connection, at, after, most))
    }
    fn used_on(&self, municipality: MunicipalityCode, days: Days) -> Answer<'_, Vec<UsedAt>> {
        read(&self.pages, move |connection| stock::used_on(connection, municipality, days))
    }
    fn doses_of_lot(
        &self,
        municipality: MunicipalityCode,
        lot: LotNumber,
        skipped: u32,
        most: u32,
    ) -> Answer<'_, LotDoses> {
        read(&self.pages, move |connection| {
            stock::doses_of_lot(connection, municipality, &lot, skipped, most)
        })
    }
    fn published_last(
        &self,
        kind: PublicationKind,
        municipality: Option<MunicipalityCode>,
    ) -> Answer<'_, Option<Vec<u8>>> {
        read(&self.pages, move |connection| stock::published_last(connection, kind, municipality))
    }
}

impl Cycles for SqliteStorage {
    fn open_cycle(&self, new: NewCycle) -> Answer<'_, u32> {
        self.writer.write(move |transaction| cycles::open(transaction, &new))
    }
    fn cycles(&self, before: Option<u32>, most: u32) -> Answer<'_, Vec<KeptCycle>> {
        read(&self.pages, move |connection| cycles::cycles(connection, before, most))
    }
    fn cycle(&self, number: u32) -> Answer<'_, Option<KeptCycle>> {
        read(&self.pages, move |connection| cycles::cycle(connection, number))
    }
    fn step_cycle(&self, step: NewCycleStep) -> Answer<'_, CycleStepped> {
        self.writer.write(move |transaction| cycles::step(transaction, &step))
    }
    fn shares(&self, cycle: u32, computation: u32, of: Option<MunicipalityCode>) -> Answer<'_, Vec<Share>> {
        read(&self.pages, move |connection| cycles::shares(connection, cycle, computation, of))
    }
    fn place_orders(&self, orders: NewOrders) -> Answer<'_, OrdersPlaced> {
        self.writer.write(move |transaction| cycles::place(transaction, &orders))
    }
    fn orders(&self, cycle: u32, of: Option<MunicipalityCode>) -> Answer<'_, Vec<KeptOrder>> {
        read(&self.pages, move |connection| cycles::orders(connection, cycle, of))
    }
    fn tell_populations(&self, told: NewPopulations) -> Answer<'_, ()> {
        self.writer.write(move |transaction| cycles::tell_populations(transaction, &told))
    }
    fn populations(&self, of: Option<MunicipalityCode>) -> Answer<'_, BTreeMap<MunicipalityCode, u64>> {
        read(&self.pages, move |connection| cycles::populations(connection, of))
    }
}

impl Transfers for SqliteStorage {
    fn plan_transfer(&self, plan: NewPlan) -> Answer<'_, Planned> {
        self.writer.write(move |transaction| stock::plan(transaction, &plan))
    }
    fn step_transfer(&self, step: NewStep) -> Answer<'_, StepTaken> {
        self.writer.write(move |transaction| stock::step(transaction, &step))
    }
    fn transfer(&self, from: MunicipalityCode, id: TransferId) -> Answer<'_, Option<KeptTransfer>> {
        read(&self.pages, move |connection| stock::transfer(connection, from, id))
    }
    fn transfers(
        &self,
        municipality: MunicipalityCode,
        which: Which,
        before: Option<WallTime>,
        most: u32,
    ) -> Answer<'_, Vec<KeptTransfer>> {
        read(&self.pages, move |connection| stock::transfers(connection, municipality, which, before, most))
    }
    fn transfers_to_approve(&self, most: u32) -> Answer<'_, Vec<KeptTransfer>> {
        read(&self.pages, move |connection| stock::to_approve(connection, most))
    }
}

impl Bookings for SqliteStorage {
    fn book(
        &self,
        municipality: MunicipalityCode,
        days: Vec<BookedDay>,
        noted: Vec<NewLine>,
    ) -> Answer<'_, Booked> {
        self.writer.write(move |transaction| stock::book(transaction, municipality, &days, &noted))
    }
    fn booked(&self, whose: Whose, from: CalendarDate) -> Answer<'_, Vec<BookedDay>> {
        read(&self.pages, move |connection| stock::booked(connection, whose, from))
    }
    fn date_lot(&self, municipality: MunicipalityCode, dated: DatedLot, noted: NewLine) -> Answer<'_, ()> {
        self.writer.write(move |transaction| stock::date_lot(transaction, municipality, &dated, &noted))
    }
    fn stock_moment(&self, whose: Whose, product: Product, from: CalendarDate) -> Answer<'_, StockMoment> {
        read(&self.pages, move |connection| stock::moment(connection, whose, &product, from))
    }
}

impl Storage for SqliteStorage {
    fn check(&self) -> Answer<'_, ()> {
        let writes = self.writer.write(|transaction| Ok(transaction.execute_batch("SELECT 1")?));
        let reads = read(&self.requests, |connection| Ok(connection.execute_batch("SELECT 1")?));
        Box::pin(async move { writes.await.and(reads.await) })
    }
}

#[cfg(test)]
mod tests;
