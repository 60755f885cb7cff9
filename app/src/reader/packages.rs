//! Vaccines' packages and lots' stickers under the camera, while the lots of the day are listed.
//!
//! Must not: choose a lot; the workflow does, and a person begins with it.

use record::{CalendarDate, LotNumber};
use scanner::package::{self, PackageLabel, sticker};

use crate::{camera::Shot, workflow::Event};

/// The packages of one task.
#[derive(Default)]
pub(super) struct Packages {
    labels: Twice<PackageLabel>,
    stickers: Twice<Vec<LotNumber>>,
}

impl Packages {
    /// Looks at a frame for a package's codes, and where it shows none for a sticker with one of the lots.
    pub(super) fn look(&mut self, shot: &Shot, today: CalendarDate, lots: &[LotNumber]) -> Vec<Event> {
        let label = package::find(&shot.frame, today).label();
        let named = if label.is_none() { sticker::find(&shot.frame, lots) } else { Vec::new() };
        let label = self.labels.news_of(label).map(Event::PackageSeen);
        let named = self.stickers.news_of(Some(named).filter(|lots| !lots.is_empty())).map(Event::LotsSeen);
        label.into_iter().chain(named).collect()
    }
}

/// Tells once what two frames in a row show: the readers of packages have no second witness in one frame.
#[derive(Debug)]
struct Twice<T> {
    last: Option<T>,
    told: Option<T>,
}

impl<T> Default for Twice<T> {
    fn default() -> Self {
        Self { last: None, told: None }
    }
}

impl<T: Clone + PartialEq> Twice<T> {
    fn news_of(&mut self, seen: Option<T>) -> Option<T> {
        let agreed = seen.clone().filter(|seen| self.last.as_ref() == Some(seen));
        self.last = seen;
        let news = agreed.filter(|seen| self.told.as_ref() != Some(seen))?;
        self.told = Some(news.clone());
        Some(news)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_told_once_two_frames_in_a_row_show_it() {
        let label = |lot: &str| {
            let text = format!("(01)04912345678904(10){lot}");
            let today = "2021-11-22".parse().unwrap();
            package::gs1::parse(&text, package::gs1::Separators::Kept, today).unwrap()
        };
        let mut packages = Twice::default();
        let (one, other) = (Some(label("SAMPLE01")), Some(label("SAMPLE02")));
        let frames = [&one, &other, &one, &None, &one, &one, &one, &other, &other];
        let told: Vec<_> = frames.iter().map(|seen| packages.news_of((*seen).clone())).collect();
        let nothing = || None;
        assert_eq!(told[..5], [nothing(), nothing(), nothing(), nothing(), nothing()], "no two in a row");
        assert_eq!(told[5..], [one, nothing(), nothing(), other]);
    }
}
