//! 判断待ちの記録: what a municipality's officer sees and decides, and what nobody else sees.
//!
//! Must not: decide through the storage; whoever decides has a page.

use central::roles::Role;
use record::{Entry, Outcome, ReviewReason};
use reqwest::StatusCode;

use super::{
    central,
    central_process::{CentralProcess, StandingClock},
    entries::{day, day_with_lot},
    protocol_tablet::ProtocolTablet,
    visitor::{Page, Visitor},
};

const LIST: &str = "/municipality/reviews";
/// 券番号 and lots, which only the officer may see.
const COUPON: &str = "0000004711";
const LOTS: [&str; 2] = ["FF3620", "FJ7489"];

async fn officer_of(central: &CentralProcess, name: &str, municipality: &str) -> Visitor {
    let role = Role::MunicipalityStaff(municipality.parse().unwrap());
    let password = central.add_account_as(name, role);
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(name, &password).await;
    visitor
}

/// A central with one dose that was told in two ways.
struct Site {
    central: CentralProcess,
    _clock: StandingClock,
    tablet: ProtocolTablet,
    first: Entry,
    other: Entry,
}

impl Site {
    async fn new() -> Self {
        let (central, clock) = central();
        let mut tablet = central.enrolled_tablet("131130-0017").await;
        let coupon = format!("21131130{COUPON}").parse().unwrap();
        let first = tablet.maker.vaccination_of(coupon, day());
        let other = tablet.maker.vaccination_of(coupon, day_with_lot(LOTS[1]));
        tablet.record(first.to_bytes());
        tablet.record(other.to_bytes());
        tablet.send(&tablet.entries).await.unwrap();
        Self { central, _clock: clock, tablet, first, other }
    }

    fn case(&self) -> String {
        format!("{LIST}/{}", self.other.entry_id)
    }

    /// Records another content for the same dose and sends it.
    async fn tell(&mut self, lot: &str) -> Outcome {
        let coupon = self.first.content.coupon().unwrap();
        let entry = self.tablet.maker.vaccination_of(coupon, day_with_lot(lot));
        self.tablet.record(entry.to_bytes());
        let last = self.tablet.entries.len() - 1;
        self.tablet.outcomes(&self.tablet.entries[last..]).await.unwrap().remove(0)
    }
}

/// A value of the form, by its name.
fn field(page: &Page, name: &str) -> String {
    let (_, after) = page.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    after.split_once('"').unwrap().0.to_owned()
}

/// What may be chosen: `(value, words)`.
fn choices(page: &Page) -> Vec<(String, String)> {
    let choice = |part: &str| {
        let (value, after) = part.split_once('"').unwrap();
        let (_, words) = after.split_once("<span>").unwrap();
        (value.to_owned(), words.split_once('<').unwrap().0.to_owned())
    };
    page.body.split("name=\"stands\" value=\"").skip(1).map(choice).collect()
}

async fn decide(visitor: &mut Visitor, path: &str, page: &Page, stands: &str, reason: &str) -> Page {
    let (word, seen) = (page.word(), field(page, "seen"));
    visitor.post(path, &[("word", &word), ("seen", &seen), ("stands", stands), ("reason", reason)]).await
}

#[tokio::test]
async fn an_officer_compares_decides_and_the_dose_is_locked() {
    let mut site = Site::new().await;
    let mut officer = officer_of(&site.central, "staff-1", "131130").await;
    assert_eq!(officer.get("/").await.header("location"), LIST);
    let list = officer.get(LIST).await;
    assert!(list.body.contains(COUPON) && list.body.contains("1件が判断を待っています"), "{}", list.body);
    assert!(list.body.contains(&format!("href=\"{}\"", site.case())));
    assert!(list.body.contains("個人の情報が表示されます"));

    let page = officer.get(&site.case()).await;
    for text in
        [LOTS[0], LOTS[1], "ロット番号 <span class=\"difference\">", "131130-0017", "現在有効", "判断待ち"]
    {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    assert_eq!(page.body.matches("class=\"differs\"").count(), 1, "nothing but the lot differs");
    let offered = choices(&page);
    assert_eq!(offered.len(), 3);
    let (other, _) = offered.iter().find(|(_, words)| words == "記録2を正しい記録とする").unwrap();

    let kept = decide(&mut officer, &site.case(), &page, other, "紙の予診票は FJ7489 だった").await;
    assert_eq!((kept.status, kept.header("location")), (StatusCode::SEE_OTHER, site.case().as_str()));
    let page = officer.get(&site.case()).await;
    for text in ["判断済みです", "判断1: 記録2を正しい記録とする", "staff-1", "紙の予診票は FJ7489 だった"]
    {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    assert!(officer.get(LIST).await.body.contains("判断待ちの記録はありません"));

    let checked = Outcome::NeedsReview(ReviewReason::CheckedRecord);
    assert_eq!(site.tell("FK0108").await, checked);
    let page = officer.get(&site.case()).await;
    assert!(page.body.contains("FK0108") && page.body.contains("判断待ちです"));
    let kept = decide(&mut officer, &site.case(), &page, "none", "どれも別人だった").await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    let page = officer.get(&site.case()).await;
    assert!(page.body.contains("判断2: どの記録も正しくない") && page.body.contains("判断1に代わる"));
}

#[tokio::test]
async fn another_municipality_and_the_support_desk_see_nothing() {
    let site = Site::new().await;
    let mut stranger = officer_of(&site.central, "staff-2", "131016").await;
    let mut support = Visitor::new(&site.central.route().authority_pem, site.central.url());
    let password = site.central.add_account("support-1");
    support.sign_in("support-1", &password).await;
    let mut pages = vec![stranger.get(LIST).await, stranger.get(&site.case()).await];
    assert_eq!((pages[0].status, pages[1].status), (StatusCode::OK, StatusCode::NOT_FOUND));
    for path in [LIST, &site.case(), &format!("{}?lang=en", site.case())] {
        let page = support.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        pages.push(page);
    }
    pages.push(support.get("/console/fleet").await);
    for page in pages {
        for personal in [COUPON, LOTS[0], LOTS[1], "見本"] {
            assert!(!page.body.contains(personal), "{personal} in {}", page.body);
        }
    }
    // Nor does either decide.
    let mut officer = officer_of(&site.central, "staff-1", "131130").await;
    let page = officer.get(&site.case()).await;
    let word = stranger.get(LIST).await.word();
    let seen = field(&page, "seen");
    let fields = [("word", word.as_str()), ("seen", &seen), ("stands", "none"), ("reason", "理由")];
    assert_eq!(stranger.post(&site.case(), &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(support.post(&site.case(), &fields).await.status, StatusCode::FORBIDDEN);
    assert!(officer.get(&site.case()).await.body.contains("判断待ちです"));
}

#[tokio::test]
async fn who_comes_second_is_told_and_sees_what_stands_now() {
    let mut site = Site::new().await;
    let mut one = officer_of(&site.central, "staff-1", "131130").await;
    let mut two = officer_of(&site.central, "staff-2", "131130").await;
    let (first, second) = (one.get(&site.case()).await, two.get(&site.case()).await);
    assert_eq!(decide(&mut one, &site.case(), &first, "none", "理由一").await.status, StatusCode::SEE_OTHER);
    let told = decide(&mut two, &site.case(), &second, "none", "理由二").await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("ほかの人の判断か新しい記録が先に届いた"));
    assert!(told.body.contains("理由一") && told.body.contains("value=\"理由二\""), "nothing is typed twice");
    assert!(!told.body.contains("判断2"));
    // So is who decides while a further entry arrives.
    let before = two.get(&site.case()).await;
    site.tell("FK0108").await;
    assert_eq!(decide(&mut two, &site.case(), &before, "none", "理由").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_is_missing_or_forged_in_the_form_is_said_plainly() {
    let site = Site::new().await;
    let mut officer = officer_of(&site.central, "staff-1", "131130").await;
    let page = officer.get(&site.case()).await;
    let long = "長".repeat(201);
    for (stands, reason, said) in [
        ("", "理由", "どの記録が正しいかが選ばれていません"),
        ("記録1", "理由", "どの記録が正しいかが選ばれていません"),
        ("none", "  ", "判断の理由が必要です"),
        ("none", &long, "判断の理由が必要です"),
        ("none", "二\n行", "判断の理由が必要です"),
        (&"A".repeat(43), "理由", "この回の記録として有効にできません"),
    ] {
        let refused = decide(&mut officer, &site.case(), &page, stands, reason).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{stands} {reason}");
        assert!(refused.body.contains(said), "{said} in {}", refused.body);
    }
    let seen = field(&page, "seen");
    let forged = [("word", "A"), ("seen", seen.as_str()), ("stands", "none"), ("reason", "理由")];
    assert_eq!(officer.post(&site.case(), &forged).await.status, StatusCode::FORBIDDEN);
    let word = page.word();
    let fields = [("word", word.as_str()), ("seen", &seen), ("stands", "none"), ("reason", "理由")];
    let other_site = officer.post_from(Some("https://evil.example"), &site.case(), &fields).await;
    assert_eq!(other_site.status, StatusCode::FORBIDDEN);
    assert!(officer.get(&site.case()).await.body.contains("判断待ちです"), "nothing was decided");
    for unknown in ["a".repeat(32), "x".to_owned(), site.first.entry_id.to_string()] {
        assert_eq!(officer.get(&format!("{LIST}/{unknown}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_reason_is_shown_as_text_and_never_as_markup() {
    let site = Site::new().await;
    let mut officer = officer_of(&site.central, "staff-1", "131130").await;
    let page = officer.get(&site.case()).await;
    decide(&mut officer, &site.case(), &page, "none", "<script>alert(1)</script>").await;
    let page = officer.get(&site.case()).await;
    assert!(page.body.contains("alert(1)") && !page.body.contains("<script>"), "{}", page.body);
}
