//! First start: files, the tablets of the chosen one, the facts of the opened one, its sender's check number.
//!
//! Must not: show a bundle that was not verified.

use record::{bundle::Bundle, bundle_box::Slot};
use slint::ComponentHandle;
use ui::{BundleFile, Fact, SetupPage, SlotChoice, TabletWindow};

use super::{model, words};
use crate::{
    dates,
    display::Language,
    shell::Post,
    workflow::{Press, event::OfferedBox, setup::Setup},
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<SetupPage>();
    let to = post.clone();
    page.on_choose(move |index| to.press(Press::ChooseBundle(index as usize)));
    let to = post.clone();
    page.on_choose_slot(move |index| to.press(Press::ChooseSlot(index as usize)));
    let to = post.clone();
    page.on_look_again(move || to.press(Press::LookAgain));
    let to = post.clone();
    page.on_apply(move || to.press(Press::ApplyBundle));
    let to = post.clone();
    page.on_back(move || to.press(Press::Back));
    let to = post.clone();
    page.on_leave(move || to.press(Press::Back));
}

pub(crate) fn show(window: &TabletWindow, setup: &Setup, language: Language) {
    let page = window.global::<SetupPage>();
    let files = setup.files.iter().map(|file| {
        let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        BundleFile {
            name: part(file.path.file_name()).into(),
            place: part(file.path.parent().map(std::path::Path::as_os_str)).into(),
        }
    });
    page.set_files(model::rows(&page.get_files(), files.collect()));
    page.set_applying(setup.applying);
    page.set_can_leave(setup.held.is_some() && setup.chosen.is_none());
    let slots = setup.offered.iter().flat_map(|offered| slots(offered, language)).collect();
    page.set_slots(model::rows(&page.get_slots(), slots));
    page.set_has_slots(setup.offered.is_some());
    page.set_signer_known(setup.signer_is_known());
    if let Some(chosen) = &setup.chosen {
        page.set_check_number(seal::bundle::check_number(&chosen.signer).into());
        page.set_facts(model::rows(&page.get_facts(), facts(&chosen.bundle, language)));
    }
    page.set_has_summary(setup.chosen.is_some());
}

fn slots(offered: &OfferedBox, language: Language) -> Vec<SlotChoice> {
    let row = |slot: &Slot| {
        let free = !slot.renews && !offered.used.contains(&slot.tablet_id);
        let name = match (slot.renews, free) {
            (true, _) => language.of("使用中の端末の設定変更", "Renews a tablet at work"),
            (_, false) => language.of("使用済み", "Used"),
            _ => language.of("まだ使われていません", "Not used yet"),
        };
        let tablet = words::tablet(&slot.tablet_name, slot.tablet_id, language);
        SlotChoice { name: name.into(), tablet: tablet.into(), free }
    };
    offered.bundles.head.slots.iter().map(row).collect()
}

fn facts(bundle: &Bundle, language: Language) -> Vec<Fact> {
    let join = |names: Vec<String>| names.join(language.of("、", ", "));
    let until = record::CalendarDate::in_japan(bundle.expires_at)
        .map_or_else(|_| bundle.expires_at.to_string(), |day| dates::day_and_year(day, language));
    let staff = bundle.staff.iter().map(|staff| staff.name.to_string()).collect();
    let sites = bundle.sites.iter().map(|site| site.name.to_string()).collect();
    let vaccines = bundle
        .vaccines
        .iter()
        .map(|supply| {
            let vaccine = &supply.vaccine.manufacturer;
            let lots = join(supply.lots.iter().map(|lot| lot.lot.to_string()).collect());
            language.of(format!("{vaccine}（{lots}）"), format!("{vaccine} ({lots})"))
        })
        .collect();
    let owner = words::municipality(bundle.tablet_id.municipality());
    let rows = [
        (
            language.of("この端末は", "This tablet becomes"),
            words::tablet(&bundle.tablet_name, bundle.tablet_id, language),
        ),
        (language.of("管理する市区町村", "Municipality in charge"), owner),
        (language.of("会場", "Sites"), join(sites)),
        (language.of("職員", "Staff"), join(staff)),
        (language.of("ワクチン", "Vaccines"), join(vaccines)),
        (language.of("送信先", "Central"), bundle.central.url.clone()),
        (
            language.of("復旧鍵", "Recovery"),
            language
                .of(
                    "暗証番号が分からなくなっても、配布元が記録を送れます",
                    "The sender can deliver the records if every PIN is lost",
                )
                .to_owned(),
        ),
        (language.of("ファイルの期限", "The file is good until"), until),
    ];
    rows.into_iter().map(|(name, value)| Fact { name: name.into(), value: value.into() }).collect()
}
