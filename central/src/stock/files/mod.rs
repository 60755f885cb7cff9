//! 施設・納入・予約・在庫のファイル: facilities, deliveries and bookings read from CSV and JSON, facilities, deliveries and stock written as
//! either. Columns go by their names, as in files of people; nothing in these files belongs to a person.
//!
//! Must not: keep anything, or take half a file.

pub mod bookings;
pub mod deliveries;
pub mod facilities;
pub mod rows;
pub mod shown;
