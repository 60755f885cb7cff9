//! The central VRS.
