//! From the thread that opens a sealed file to the one that reads its rows: a few pieces in memory, nothing on the disk. The
//! reader sees an end only once the whole file was verified.
//!
//! Must not: end well where opening failed: what was read would pass for the whole.

use std::{
    io::{self, Read, Write},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

/// Pieces that may wait.
const MOST_WAITING: usize = 8;
const PIECE: usize = 64 * 1024;

enum Piece {
    Bytes(Vec<u8>),
    Verified,
}

/// Where the opened bytes go.
#[derive(Clone)]
pub struct PipeWriter(SyncSender<Piece>);

/// Where they come out.
pub struct PipeReader {
    pieces: Receiver<Piece>,
    piece: Vec<u8>,
    at: usize,
    is_verified: bool,
}

/// Both ends.
#[must_use]
pub fn pipe() -> (PipeWriter, PipeReader) {
    let (sender, pieces) = sync_channel(MOST_WAITING);
    (PipeWriter(sender), PipeReader { pieces, piece: Vec::new(), at: 0, is_verified: false })
}

impl PipeWriter {
    /// All of it was verified: the reader may come to its end.
    pub fn verified(self) {
        // A reader that has gone has ended for a reason of its own.
        let _ = self.0.send(Piece::Verified);
    }
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = &bytes[..bytes.len().min(PIECE)];
        match self.0.send(Piece::Bytes(piece.to_vec())) {
            Ok(()) => Ok(piece.len()),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for PipeReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && !self.is_verified {
            match self.pieces.recv() {
                Ok(Piece::Bytes(bytes)) => (self.piece, self.at) = (bytes, 0),
                Ok(Piece::Verified) => self.is_verified = true,
                Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let rest = &self.piece[self.at..];
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        self.at += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_comes_only_with_the_word_that_all_was_verified() {
        for is_verified in [true, false] {
            let (mut writer, mut reader) = pipe();
            let writing = std::thread::spawn(move || {
                writer.write_all(&vec![7; 1_000_000]).unwrap();
                if is_verified {
                    writer.verified();
                }
            });
            let mut all = Vec::new();
            let read = reader.read_to_end(&mut all);
            assert_eq!((read.is_ok(), all.len()), (is_verified, 1_000_000));
            writing.join().unwrap();
        }
        let (mut writer, reader) = pipe();
        drop(reader);
        assert_eq!(writer.write(&[1]).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
