//! A frame becomes a reading, readings become a verdict.
