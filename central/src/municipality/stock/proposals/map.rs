//! 地図: facilities where they lie, by their coordinates alone, as shapes of an SVG. Nothing is fetched from anywhere.
//!
//! Must not: be the only place where anything is said: the table beside it says the same.

use std::collections::BTreeMap;

use record::day::FacilityCode;
use vsys::facility::Coordinates;

/// Units of the picture: its width, its greatest and least height without the scale, the edge that stays free.
const WIDTH: f64 = 1_000.0;
const MOST_HEIGHT: f64 = 700.0;
const LEAST_HEIGHT: f64 = 320.0;
const EDGE: f64 = 70.0;
/// Below everything that is drawn: the scale.
const SCALE_HEIGHT: f64 = 40.0;
/// The radius of the greatest circle and of the smallest.
const MOST_RADIUS: f64 = 44.0;
const LEAST_RADIUS: f64 = 9.0;
/// Kilometres of a degree of latitude.
const KM_A_DEGREE: f64 = 111.195;
/// The smallest part of the world that is shown, in kilometres.
const LEAST_KM: f64 = 2.0;
/// Beyond so many facilities numbers would lie over each other.
const MOST_NUMBERED: usize = 60;

/// How a facility stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// A diamond.
    Short,
    /// A full circle.
    Spare,
    /// A ring.
    Even,
}

/// A facility to be drawn.
#[derive(Debug, Clone)]
pub(super) struct Dot {
    pub(super) code: FacilityCode,
    /// Its number in the table.
    pub(super) number: usize,
    pub(super) at: Coordinates,
    /// Doses on hand.
    pub(super) doses: u64,
    pub(super) standing: Standing,
}

/// A shape of the picture; numbers as they stand in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) class: &'static str,
    /// `M … Z` of a diamond; none for a circle.
    pub(super) diamond: Option<String>,
    pub(super) x: String,
    pub(super) y: String,
    pub(super) radius: String,
    /// Where its number stands, up and to the right of it; none where there is no room for numbers.
    pub(super) number: Option<(String, String, usize)>,
}

/// An arrow.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arrow {
    pub(super) from: (String, String),
    pub(super) to: (String, String),
}

/// The picture.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) width: String,
    pub(super) height: String,
    pub(super) shapes: Vec<Shape>,
    pub(super) arrows: Vec<Arrow>,
    /// The scale: where it ends, how high it lies, and for how many kilometres it stands.
    pub(super) scale_end: String,
    pub(super) scale_y: String,
    pub(super) scale_text_y: String,
    pub(super) scale_km: u32,
}

/// Draws them; none where there is nobody to draw.
pub(super) fn draw(dots: &[Dot], ways: &[(FacilityCode, FacilityCode)]) -> Option<Map> {
    let view = View::of(dots)?;
    let most = dots.iter().map(|dot| dot.doses).max().unwrap_or(0).max(1);
    let placed: BTreeMap<FacilityCode, (f64, f64, f64)> = dots
        .iter()
        .map(|dot| {
            let (x, y) = view.place(dot.at);
            (dot.code, (x, y, radius(dot.doses, most)))
        })
        .collect();
    // The greatest lie at the back, so that none is hidden.
    let mut order: Vec<&Dot> = dots.iter().collect();
    order.sort_by_key(|dot| std::cmp::Reverse((dot.doses, dot.number)));
    let has_numbers = dots.len() <= MOST_NUMBERED;
    let shape = |dot: &Dot| {
        let (x, y, radius) = placed[&dot.code];
        let (class, diamond) = match dot.standing {
            Standing::Short => ("map-short", Some(diamond(x, y, radius))),
            Standing::Spare => ("map-spare", None),
            Standing::Even => ("map-even", None),
        };
        let number =
            has_numbers.then(|| (text(x + 0.72 * radius + 3.0), text(y - 0.72 * radius - 3.0), dot.number));
        Shape { class, diamond, x: text(x), y: text(y), radius: text(radius), number }
    };
    let arrow = |(from, to): &(FacilityCode, FacilityCode)| {
        let (start, end) = (placed.get(from)?, placed.get(to)?);
        Some(arrow(*start, *end))
    };
    let scale_km = view.scale_km();
    Some(Map {
        width: text(WIDTH),
        height: text(view.height + SCALE_HEIGHT),
        shapes: order.into_iter().map(shape).collect(),
        arrows: ways.iter().filter_map(arrow).collect(),
        scale_end: text(20.0 + f64::from(scale_km) * view.units_a_km),
        scale_y: text(view.height + SCALE_HEIGHT - 18.0),
        scale_text_y: text(view.height + SCALE_HEIGHT - 28.0),
        scale_km,
    })
}

/// Which part of the world is shown.
struct View {
    /// Degrees of its middle.
    middle: (f64, f64),
    units_a_km: f64,
    height: f64,
}

impl View {
    fn of(dots: &[Dot]) -> Option<Self> {
        let (first, rest) = dots.split_first()?;
        let start = degrees(first.at);
        let (mut least, mut most) = (start, start);
        for dot in rest {
            let (latitude, longitude) = degrees(dot.at);
            least = (least.0.min(latitude), least.1.min(longitude));
            most = (most.0.max(latitude), most.1.max(longitude));
        }
        let middle = (f64::midpoint(least.0, most.0), f64::midpoint(least.1, most.1));
        let tall = ((most.0 - least.0) * KM_A_DEGREE).max(LEAST_KM);
        let wide = ((most.1 - least.1) * KM_A_DEGREE * narrowing(middle.0)).max(LEAST_KM);
        let room = (WIDTH - 2.0 * EDGE, MOST_HEIGHT - 2.0 * EDGE);
        let units_a_km = (room.0 / wide).min(room.1 / tall);
        let height = (tall * units_a_km + 2.0 * EDGE).clamp(LEAST_HEIGHT, MOST_HEIGHT);
        Some(Self { middle, units_a_km, height })
    }

    fn place(&self, at: Coordinates) -> (f64, f64) {
        let (latitude, longitude) = degrees(at);
        let east = (longitude - self.middle.1) * KM_A_DEGREE * narrowing(self.middle.0);
        let north = (latitude - self.middle.0) * KM_A_DEGREE;
        (WIDTH / 2.0 + east * self.units_a_km, self.height / 2.0 - north * self.units_a_km)
    }

    /// The longest round number of kilometres that a quarter of the picture is wide.
    fn scale_km(&self) -> u32 {
        let fits = |km: &u32| f64::from(*km) * self.units_a_km <= WIDTH / 4.0;
        [1_000, 500, 200, 100, 50, 20, 10, 5, 2].into_iter().find(fits).unwrap_or(1)
    }
}

fn degrees(at: Coordinates) -> (f64, f64) {
    (f64::from(at.latitude) / 1e6, f64::from(at.longitude) / 1e6)
}

/// How much narrower a degree of longitude is than one of latitude.
fn narrowing(latitude: f64) -> f64 {
    latitude.to_radians().cos().max(0.05)
}

/// The area is the stock.
fn radius(doses: u64, most: u64) -> f64 {
    let share = |doses: u64| f64::from(u32::try_from(doses).unwrap_or(u32::MAX));
    (MOST_RADIUS * (share(doses) / share(most)).sqrt()).max(LEAST_RADIUS)
}

fn diamond(x: f64, y: f64, radius: f64) -> String {
    // As much area as the circle: a diamond with half diagonals d has 2 d².
    let half = radius * (std::f64::consts::PI / 2.0).sqrt();
    format!(
        "M{} {}L{} {}L{} {}L{} {}Z",
        text(x),
        text(y - half),
        text(x + half),
        text(y),
        text(x),
        text(y + half),
        text(x - half),
        text(y)
    )
}

/// From edge to edge, or from middle to middle where they lie over each other.
fn arrow(start: (f64, f64, f64), end: (f64, f64, f64)) -> Arrow {
    let (x, y) = (end.0 - start.0, end.1 - start.1);
    let length = x.hypot(y);
    let (leave, arrive) = (start.2 + 4.0, end.2 * 1.26 + 12.0);
    let at = |along: f64| (text(start.0 + x * along), text(start.1 + y * along));
    if length > leave + arrive {
        Arrow { from: at(leave / length), to: at(1.0 - arrive / length) }
    } else {
        Arrow { from: at(0.0), to: at(1.0) }
    }
}

fn text(number: f64) -> String {
    format!("{number:.1}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dot(number: usize, latitude: i32, longitude: i32, doses: u64, standing: Standing) -> Dot {
        let code = format!("13113{number:05}").parse().unwrap();
        Dot { code, number, at: Coordinates { latitude, longitude }, doses, standing }
    }

    fn number(text: &str) -> f64 {
        text.parse().unwrap()
    }

    #[test]
    fn north_is_up_the_area_is_the_stock_and_who_is_short_has_a_shape_of_its_own() {
        let dots = [
            dot(1, 35_700_000, 139_700_000, 400, Standing::Spare),
            dot(2, 35_600_000, 139_700_000, 100, Standing::Short),
        ];
        let map = draw(&dots, &[(dots[0].code, dots[1].code)]).unwrap();
        let [north, south] = map.shapes.as_slice() else { panic!("{map:?}") };
        assert!(number(&north.y) < number(&south.y));
        assert!((number(&north.radius) / number(&south.radius) - 2.0).abs() < 0.02);
        assert!(north.diamond.is_none() && south.diamond.is_some());
        assert_eq!((north.class, south.class), ("map-spare", "map-short"));
        let [arrow] = map.arrows.as_slice() else { panic!("{map:?}") };
        assert!(number(&arrow.from.1) > number(&north.y) && number(&arrow.to.1) < number(&south.y));
        assert!(draw(&[], &[]).is_none());
    }

    #[test]
    fn the_scale_says_how_far_it_is() {
        let dots = [
            dot(1, 35_000_000, 139_000_000, 1, Standing::Even),
            dot(2, 35_000_000, 140_000_000, 1, Standing::Even),
        ];
        let map = draw(&dots, &[]).unwrap();
        let apart = (number(&map.shapes[0].x) - number(&map.shapes[1].x)).abs();
        let km_a_unit = f64::from(map.scale_km) / (number(&map.scale_end) - 20.0);
        let km = apart * km_a_unit;
        assert!((km - f64::from(dots[0].at.km_to(dots[1].at))).abs() < 2.0, "{km}");
    }

    proptest! {
        #[test]
        fn whatever_is_drawn_lies_within_the_picture(
            places in prop::collection::vec((-60_000_000_i32..60_000_000, -170_000_000_i32..170_000_000, 0_u64..10_000_000_000), 1..80),
        ) {
            let dots: Vec<Dot> = (1..)
                .zip(places)
                .map(|(number, (latitude, longitude, doses))| dot(number, latitude, longitude, doses, Standing::Even))
                .collect();
            let map = draw(&dots, &[]).unwrap();
            prop_assert_eq!(map.shapes.len(), dots.len());
            for shape in &map.shapes {
                let (x, y, radius) = (number(&shape.x), number(&shape.y), number(&shape.radius));
                prop_assert!(x - radius >= 0.0 && x + radius <= WIDTH, "{x} {radius}");
                prop_assert!(y - radius >= 0.0 && y + radius <= number(&map.height), "{y} {radius}");
            }
            prop_assert!(number(&map.scale_end) <= WIDTH / 2.0);
        }
    }
}
