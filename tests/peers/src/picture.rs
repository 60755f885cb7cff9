//! 判定用の絵: grey pixels with what a reader should find in them. Every reader starts from the same file of grey pixels.
//!
//! Must not: read what they show.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use scanner::Symbol;

/// Pixels, row after row.
pub(crate) struct Luma {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<u8>,
}

/// What a picture shows of one kind of symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Truth {
    /// A symbol that says this.
    Says(String),
    /// None: whatever is read is a phantom.
    Nothing,
    /// Nobody knows; nothing is judged.
    Unknown,
}

/// One picture on disk.
pub(crate) struct Picture {
    /// Its grey pixels.
    pub(crate) file: PathBuf,
    /// What it is called in the set it comes from.
    pub(crate) name: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Under which its reads are added up: a level, or the photographs' folder.
    pub(crate) group: String,
    /// By [`Symbol`].
    pub(crate) truths: [Truth; Symbol::ALL.len()],
    /// Digits that are printed there. Whoever reads their end from a symbol that is partly out of view has seen no
    /// phantom.
    pub(crate) printed: Option<String>,
}

/// What kind of pictures a set holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whole frames of a camera over a coupon, by level.
    Frames,
    /// Photographs of codes, by folder.
    Photographs,
}

/// Pictures that are reported together.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Where they come from, for the report.
    pub(crate) about: String,
    pub(crate) pictures: Vec<Picture>,
}

impl Picture {
    pub(crate) fn truth(&self, symbol: Symbol) -> &Truth {
        &self.truths[symbol as usize]
    }
    /// Reads its pixels back.
    pub(crate) fn open(&self) -> io::Result<Luma> {
        let bytes = fs::read(&self.file)?;
        let count = self.width as usize * self.height as usize;
        let from = bytes.len().checked_sub(count).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(Luma { width: self.width, height: self.height, pixels: bytes[from..].to_vec() })
    }
    /// In which column of the times it belongs.
    pub(crate) fn size_class(&self, kind: Kind, symbol: Option<Symbol>) -> String {
        match kind {
            Kind::Frames => format!("{}p", self.height),
            Kind::Photographs => match symbol.map(|symbol| self.truth(symbol)) {
                Some(Truth::Says(_)) => "photographs".to_owned(),
                Some(_) => "pictures without".to_owned(),
                None => "all".to_owned(),
            },
        }
    }
}

impl Set {
    /// The same under a name for many such sets.
    pub(crate) fn among(self, name: &str) -> Self {
        Self { about: format!("{} {}", self.name, self.about), name: name.to_owned(), ..self }
    }
    /// Takes another set in.
    pub(crate) fn join(&mut self, other: Self) {
        self.about = format!("{}; {} {}", self.about, other.name, other.about);
        self.pictures.extend(other.pictures);
    }
}

impl Luma {
    /// Writes a binary PGM.
    pub(crate) fn write(&self, file: &Path) -> io::Result<()> {
        let mut out = io::BufWriter::new(fs::File::create(file)?);
        write!(out, "P5\n{} {}\n255\n", self.width, self.height)?;
        out.write_all(&self.pixels)?;
        out.flush()
    }
    /// Turned by so many quarters to the right.
    pub(crate) fn turned(&self, quarters: u32) -> Self {
        let (width, height) =
            if quarters.is_multiple_of(2) { (self.width, self.height) } else { (self.height, self.width) };
        let at = |x: u32, y: u32| {
            let (x, y) = match quarters % 4 {
                0 => (x, y),
                1 => (y, self.height - 1 - x),
                2 => (self.width - 1 - x, self.height - 1 - y),
                _ => (self.width - 1 - y, x),
            };
            self.pixels[(y * self.width + x) as usize]
        };
        let pixels = (0..width * height).map(|place| at(place % width, place / width)).collect();
        Self { width, height, pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarters_are_a_whole_turn_and_one_brings_the_left_up() {
        let luma = Luma { width: 3, height: 2, pixels: vec![1, 2, 3, 4, 5, 6] };
        let right = luma.turned(1);
        assert_eq!(
            (right.width, right.height, right.pixels.as_slice()),
            (2, 3, [4, 1, 5, 2, 6, 3].as_slice())
        );
        assert_eq!(luma.turned(2).pixels, [6, 5, 4, 3, 2, 1]);
        assert_eq!(right.turned(3).pixels, luma.pixels);
        assert_eq!(luma.turned(4).pixels, luma.pixels);
    }
}
