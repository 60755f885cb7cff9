//! NW-7 (Codabar) barcodes of a frame.
//!
//! Striped patches are found first, then lines are laid across each; a number counts only when several lines
//! that share no pixel read it and hardly any reads another. Where blur has run the bars together, all lines are taken
//! as one and a drawn symbol is laid over them.
//!
//! Must not: weigh what it read against anything else.

mod blurred;
mod darkness;
mod elastic;
mod ends;
mod fit;
mod profile;
mod refine;
mod sequence;
mod shape;
#[cfg(test)]
mod simulated;
mod stack;
mod stripes;
mod symbol;

use crate::{
    frame::Pixels,
    reading::{Confidence, Digits, Point, Sighting, Symbol},
};
use profile::Sharpening;
use stripes::Patch;

/// Lines are this far apart along the stripes; each averages five pixels.
const LINE_STEP_PX: f32 = 5.0;
/// Lines that are laid across one patch at most.
const MOST_LINES: usize = 24;
/// A patch longer than a 1080p frame is wide gets half as many lines, and is not read as a blurred one: time is bounded for
/// any frame.
const LONGEST_PX: f32 = 2200.0;
/// Lines that must agree.
const LEAST_VOTES: usize = 3;
/// For one line that reads another number, this many must agree.
const VOTES_PER_DISSENT: usize = 4;
/// A line with this many edges looks like a barcode's; a symbol of ten digits has 96.
const BARRED_EDGES: usize = 60;
/// Every how many lines one is looked at first; and how many without as many edges tell that the patch bears none.
const SPREAD: usize = 4;
const ENOUGH_TO_SEE_BARS: usize = 6;
/// What is read of the patch's surroundings for its quiet zones: in pixels, and as a share of its length.
const MARGIN_PX: f32 = 40.0;
const MARGIN_SHARE: f32 = 0.08;
/// Sharpening and least swing, tried in turn until a line reads.
const ATTEMPTS: [(Sharpening, f32); 4] =
    [(Sharpening(0.0), 0.15), (Sharpening(0.0), 0.07), (Sharpening(1.0), 0.15), (Sharpening(2.2), 0.15)];

/// Patches that are read all lines together, at most; and the shortest.
const MOST_BLURRED: usize = 2;
const SHORTEST_BLURRED_PX: f32 = 170.0;

/// What the barcodes of a frame gave.
#[derive(Debug, Default)]
pub(crate) struct Nw7Findings {
    /// Those that hold 10 or 18 digits.
    pub(crate) sightings: Vec<Sighting>,
    /// Whether a patch is striped like a barcode, read or not.
    pub(crate) looks_like_one: bool,
}

/// One line's reading: its digits, and where the symbol begins and ends on it, left to right as printed.
struct Vote {
    digits: Vec<u8>,
    offset_px: f32,
    from: Point,
    to: Point,
}

/// Looks for NW-7 symbols that lie upright or on their heads, turned by up to about 25 degrees.
pub(crate) fn find(pixels: Pixels<'_>) -> Nw7Findings {
    let mut findings = Nw7Findings::default();
    let mut unread = None;
    for patch in stripes::find(pixels, stripes::FINE) {
        let (votes, is_barred) = read(pixels, &patch);
        findings.looks_like_one |= is_barred;
        let Some(sighting) = elect(&votes) else {
            unread = unread.or(is_barred.then_some(patch));
            continue;
        };
        // Two patches of one torn symbol read the same; it is one symbol.
        if !findings.sightings.iter().any(|known| known.digits == sighting.digits) {
            findings.sightings.push(sighting);
        }
    }
    if findings.sightings.is_empty() {
        let whole = unread.and_then(|patch| read_blurred(pixels, &patch));
        findings.sightings.extend(whole.or_else(|| find_blurred(pixels, unread.as_ref())));
    }
    findings
}

/// Looks for a symbol whose bars run together, but where that was `tried`.
fn find_blurred(pixels: Pixels<'_>, tried: Option<&Patch>) -> Option<Sighting> {
    let (width, height) = (pixels.width / stripes::REDUCTION, pixels.height / stripes::REDUCTION);
    if width < 16 || height < 16 {
        return None;
    }
    let luma = stripes::reduced(pixels);
    let patches = stripes::find(Pixels { width, height, luma: &luma }, stripes::COARSE);
    patches
        .into_iter()
        .map(stripes::Patch::enlarged)
        .filter(|patch| patch.half_length_px >= SHORTEST_BLURRED_PX / 2.0)
        .take(MOST_BLURRED)
        .filter(|patch| !tried.is_some_and(|tried| patch.covers_as_much_as(tried)))
        .find_map(|patch| read_blurred(pixels, &patch))
}

/// Reads all lines of a patch together.
fn read_blurred(pixels: Pixels<'_>, patch: &Patch) -> Option<Sighting> {
    if patch.half_length_px > LONGEST_PX / 2.0 {
        return None;
    }
    let margin_px = MARGIN_PX + MARGIN_SHARE * patch.half_length_px;
    let found = blurred::read(pixels, patch, margin_px)?;
    let half_px = patch.half_length_px + margin_px;
    let (right, down) = (patch.across, (-patch.across.y, patch.across.x));
    let place = |end: f32, offset_px: f32| {
        let from_middle = end - half_px;
        let along = from_middle + offset_px * (found.lean.0 + found.lean.1 * from_middle / half_px);
        Point {
            x: patch.center.x + along * right.x + offset_px * down.0,
            y: patch.center.y + along * right.y + offset_px * down.1,
        }
    };
    let ((left, right), (top, bottom)) = (found.ends, found.lines);
    let corners = [place(left, top), place(right, top), place(right, bottom), place(left, bottom)];
    let [a, b, c, d] = corners;
    let corners = if found.is_reversed { [c, d, a, b] } else { corners };
    let digits: Digits = std::str::from_utf8(&found.digits).ok()?.parse().ok()?;
    Some(Sighting { symbol: Symbol::Nw7, digits, corners, confidence: Confidence::CERTAIN })
}

/// The readings of the lines across a patch, and whether most lines show as many bars as a symbol has.
fn read(pixels: Pixels<'_>, patch: &Patch) -> (Vec<Vote>, bool) {
    let margin_px = MARGIN_PX + MARGIN_SHARE * patch.half_length_px;
    let reach = patch.half_height_px + LINE_STEP_PX;
    let most_lines = if patch.half_length_px > LONGEST_PX / 2.0 { MOST_LINES / 2 } else { MOST_LINES };
    let lines = ((2.0 * reach / LINE_STEP_PX) as usize + 1).clamp(1, most_lines);
    let step = if lines > 1 { 2.0 * reach / (lines - 1) as f32 } else { 0.0 };
    let mut votes = Vec::new();
    let mut barred = 0;
    let mut profile = Vec::new();
    for (looked_at, line) in spread(lines).enumerate() {
        // Nothing that is not striped is worth its last line.
        if looked_at == ENOUGH_TO_SEE_BARS && barred == 0 && votes.is_empty() {
            break;
        }
        let offset_px = line as f32 * step - reach;
        profile::sample(pixels, patch, offset_px, margin_px, &mut profile);
        for (attempt, (sharpening, least_swing)) in ATTEMPTS.into_iter().enumerate() {
            let edges =
                profile::edges(&profile::sharpened(&profile, sharpening), margin_px as usize, least_swing);
            if attempt == 0 && edges.len() >= BARRED_EDGES {
                barred += 1;
            }
            if attempt == 1 && edges.len() < BARRED_EDGES {
                break;
            }
            let Some(vote) = vote(patch, offset_px, &edges, margin_px, profile.len() as f32) else {
                continue;
            };
            votes.push(vote);
            break;
        }
    }
    (votes, barred >= LEAST_VOTES)
}

/// Lines in an order in which the first few lie all over the patch.
fn spread(lines: usize) -> impl Iterator<Item = usize> {
    (0..SPREAD).flat_map(move |first| (first..lines).step_by(SPREAD))
}

fn vote(patch: &Patch, offset_px: f32, edges: &[profile::Edge], margin_px: f32, length: f32) -> Option<Vote> {
    let widths: Vec<f32> = edges.windows(2).map(|pair| pair[1].at_px - pair[0].at_px).collect();
    let (first, last) = (edges.first()?, edges.last()?);
    let found = symbol::find(&widths, first.at_px, length - last.at_px)?;
    let place = |edge: usize| {
        let along = edges[edge].at_px - patch.half_length_px - margin_px;
        let (right, down) = (patch.across, (-patch.across.y, patch.across.x));
        Point {
            x: patch.center.x + along * right.x + offset_px * down.0,
            y: patch.center.y + along * right.y + offset_px * down.1,
        }
    };
    let (from, to) = (place(found.first), place(found.end));
    let (from, to) = if found.is_reversed { (to, from) } else { (from, to) };
    Some(Vote { digits: found.digits, offset_px, from, to })
}

/// The number that enough lines agree on.
fn elect(votes: &[Vote]) -> Option<Sighting> {
    let count = |digits: &[u8]| votes.iter().filter(|vote| vote.digits == digits).count();
    let best = votes.iter().max_by_key(|vote| count(&vote.digits))?;
    let agreeing = count(&best.digits);
    let dissenting = votes.len() - agreeing;
    if agreeing < LEAST_VOTES || agreeing < VOTES_PER_DISSENT * dissenting {
        return None;
    }
    let own = || votes.iter().filter(|vote| vote.digits == best.digits);
    let top = own().min_by(|a, b| a.offset_px.total_cmp(&b.offset_px))?;
    let bottom = own().max_by(|a, b| a.offset_px.total_cmp(&b.offset_px))?;
    let is_upright = top.to.x >= top.from.x;
    let (top, bottom) = if is_upright { (top, bottom) } else { (bottom, top) };
    let digits: Digits = std::str::from_utf8(&best.digits).ok()?.parse().ok()?;
    let corners = [top.from, top.to, bottom.to, bottom.from];
    Some(Sighting { symbol: Symbol::Nw7, digits, corners, confidence: Confidence::CERTAIN })
}
