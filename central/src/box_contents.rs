//! What a bundle holds, in plain words of both languages: before it is made, after, and on a stick somebody found.
//!
//! Must not: say a token, a PIN, a code, a private key or a staff member's wrapped one.

use record::{
    CalendarDate, DoseNumber, LotNumber, MunicipalityCode, Site,
    bundle::{Bundle, StaffRole},
    bundle_box::BoxHead,
    day::PhysicianName,
    rules::RuleTable,
};

use crate::{bundles::BundleSpec, console::language::Language};

/// One line: what it is, what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub name: &'static str,
    /// What it says.
    pub value: String,
}

fn pick<T>(language: Language, japanese: T, english: T) -> T {
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

struct Writer(Language, Vec<Line>);

impl Writer {
    fn say(&mut self, japanese: &'static str, english: &'static str, value: String) {
        self.1.push(Line { name: pick(self.0, japanese, english), value });
    }
    fn list(&mut self, japanese: &'static str, english: &'static str, items: Vec<String>) {
        self.say(japanese, english, items.join(pick(self.0, "、", ", ")));
    }
}

/// What the lines are made of, from a specification or from a bundle.
struct Contents<'a> {
    url: &'a str,
    sites: &'a [Site],
    staff: Vec<(&'a str, StaffRole)>,
    physicians: &'a [PhysicianName],
    lots: Vec<String>,
    doses: &'a [DoseNumber],
    expected: &'a [MunicipalityCode],
    rules: &'a RuleTable,
    keeps_stock: bool,
    recovery: &'a str,
}

impl Contents<'_> {
    fn lines(&self, language: Language) -> Vec<Line> {
        fn texts<T: ToString>(items: &[T]) -> Vec<String> {
            items.iter().map(ToString::to_string).collect()
        }
        let mut writer = Writer(language, Vec::new());
        writer.say("送信先", "Central", self.url.to_owned());
        writer.list("会場", "Sites", self.sites.iter().map(|site| site.name.to_string()).collect());
        let staff = self.staff.iter().map(|(name, role)| {
            pick(
                language,
                format!("{name}（{}）", word(language, *role)),
                format!("{name} ({})", word(language, *role)),
            )
        });
        writer.list("職員", "Staff", staff.collect());
        writer.list("医師", "Physicians", texts(self.physicians));
        writer.list("ロット", "Lots", self.lots.clone());
        writer.list("接種回数", "Doses", texts(self.doses));
        writer.list("接種券の市区町村", "Coupons expected of", texts(self.expected));
        let rules = match *self.rules == RuleTable::default() {
            true => pick(language, "標準の一覧", "the usual table"),
            false => pick(language, "この市区町村の一覧", "a table of the municipality's own"),
        };
        writer.say("接種前の確認", "Checks before the shot", rules.to_owned());
        if self.keeps_stock {
            let kept = pick(language, "この端末で記録します", "recorded on these tablets");
            writer.say("ワクチンの在庫", "Vaccine stock", kept.to_owned());
        }
        let token = pick(
            language,
            "端末ごとに1つ。最初の1台だけが登録できます",
            "one for each tablet: lets one device in, once",
        );
        writer.say("登録用の合言葉", "One-time token", token.to_owned());
        let recovery = pick(
            language,
            format!(
                "{}。だれもロックを解除できなくなった端末の記録を、ここから送れるようにします",
                self.recovery
            ),
            format!(
                "{}: lets the records of a tablet that nobody can unlock be delivered from here",
                self.recovery
            ),
        );
        writer.say("復旧鍵", "Recovery key", recovery);
        writer.1
    }
}

fn word(language: Language, role: StaffRole) -> &'static str {
    match role {
        StaffRole::Staff => pick(language, "職員", "staff"),
        StaffRole::Administrator => pick(language, "責任者", "person in charge"),
    }
}

fn lot(product: &str, number: &LotNumber, until: CalendarDate, is_recalled: bool) -> String {
    let mark = if is_recalled { " ×" } else { "" };
    format!("{product} {number} –{until}{mark}")
}

/// What bundles by that specification will hold.
#[must_use]
pub(crate) fn of_spec(spec: &BundleSpec, recovery_key_id: &str, language: Language) -> Vec<Line> {
    let lots = spec.vaccines.iter().flat_map(|vaccine| {
        vaccine.lots.iter().map(|one| {
            let until = one.extended_to.unwrap_or(one.expires_on);
            lot(vaccine.vaccine.product.as_str(), &one.lot, until, one.recalled_at.is_some())
        })
    });
    let contents = Contents {
        url: &spec.central_url,
        sites: &spec.sites,
        staff: spec.staff.iter().map(|one| (one.name.as_str(), one.role)).collect(),
        physicians: &spec.physicians,
        lots: lots.collect(),
        doses: &spec.doses,
        expected: &spec.expected_municipalities,
        rules: &spec.rules,
        keeps_stock: spec.keeps_stock,
        recovery: recovery_key_id,
    };
    contents.lines(language)
}

/// What an opened bundle holds.
#[must_use]
pub(crate) fn of_bundle(bundle: &Bundle, language: Language) -> Vec<Line> {
    let lots = bundle.vaccines.iter().flat_map(|supply| {
        supply.lots.iter().map(|one| {
            let until = one.extended_to.unwrap_or(one.expires_on);
            lot(supply.vaccine.product.as_str(), &one.lot, until, one.recalled_at.is_some())
        })
    });
    let contents = Contents {
        url: &bundle.central.url,
        sites: &bundle.sites,
        staff: bundle.staff.iter().map(|one| (one.name.as_str(), one.role)).collect(),
        physicians: &bundle.physicians,
        lots: lots.collect(),
        doses: &bundle.doses,
        expected: &bundle.expected_municipalities,
        rules: &bundle.rules,
        keeps_stock: bundle.keeps_stock,
        recovery: &bundle.recovery.key_id,
    };
    contents.lines(language)
}

/// The same for a terminal, both languages on a line.
#[must_use]
pub fn bundle_in_both(bundle: &Bundle) -> Vec<String> {
    in_both(of_bundle(bundle, Language::Japanese), of_bundle(bundle, Language::English))
}

/// [`of_head`] for a terminal, both languages on a line.
#[must_use]
pub fn head_in_both(head: &BoxHead) -> Vec<String> {
    in_both(of_head(head, Language::Japanese), of_head(head, Language::English))
}

fn in_both(japanese: Vec<Line>, english: Vec<Line>) -> Vec<String> {
    let lines = japanese.into_iter().zip(english);
    let line = |(first, second): (Line, Line)| match first.value == second.value {
        true => format!("{} ({}): {}", first.name, second.name, first.value),
        false => format!("{} ({}): {} / {}", first.name, second.name, first.value, second.value),
    };
    lines.map(line).collect()
}

/// What anybody can read of a box without a code.
#[must_use]
pub(crate) fn of_head(head: &BoxHead, language: Language) -> Vec<Line> {
    let mut writer = Writer(language, Vec::new());
    let tablets = head.slots.iter().map(|slot| {
        let named = format!("{}（{}）", slot.tablet_name.as_str(), slot.tablet_id);
        if slot.renews { named + pick(language, "【設定変更】", " [renews]") } else { named }
    });
    writer.list("端末", "Tablets", tablets.collect());
    writer.say("作成日時", "Made", head.issued_at.to_string());
    writer.say("使用期限", "May be loaded until", head.expires_at.to_string());
    writer.1
}
