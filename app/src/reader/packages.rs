//! Vaccines' packages under the camera, while the lots of the day are listed.
//!
//! Must not: choose a lot; the workflow does, and a person begins with it.

use record::CalendarDate;
use scanner::package::{self, PackageLabel};

use crate::camera::Shot;

/// The packages of one task.
#[derive(Default)]
pub(super) struct Packages {
    last: Option<PackageLabel>,
    told: Option<PackageLabel>,
}

impl Packages {
    /// Looks at a frame. A label is told once two frames in a row show it: the readers of packages have no second
    /// witness in one frame.
    pub(super) fn look(&mut self, shot: &Shot, today: CalendarDate) -> Option<PackageLabel> {
        self.news_of(package::find(&shot.frame, today).label())
    }

    fn news_of(&mut self, seen: Option<PackageLabel>) -> Option<PackageLabel> {
        let agreed = seen.clone().filter(|label| self.last.as_ref() == Some(label));
        self.last = seen;
        let news = agreed.filter(|label| self.told.as_ref() != Some(label))?;
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
        let mut packages = Packages::default();
        let (one, other) = (Some(label("SAMPLE01")), Some(label("SAMPLE02")));
        let frames = [&one, &other, &one, &None, &one, &one, &one, &other, &other];
        let told: Vec<_> = frames.iter().map(|seen| packages.news_of((*seen).clone())).collect();
        let nothing = || None;
        assert_eq!(told[..5], [nothing(), nothing(), nothing(), nothing(), nothing()], "no two in a row");
        assert_eq!(told[5..], [one, nothing(), nothing(), other]);
    }
}
