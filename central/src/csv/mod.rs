//! CSVの読み書き: rows out of bytes and bytes out of rows, with every trouble of a real file told by its row and column.
//!
//! Must not: do any I/O but `Read` and `Write`, hold more than one row at a time, know what a column means, or put a
//! value into a sentence: what stands in these files belongs to people.

pub mod encoding;
pub mod faults;
pub mod faulty_rows;
pub mod fields;
pub mod header;
pub mod rows;
pub mod table;
pub mod writer;

#[cfg(test)]
mod tests;
