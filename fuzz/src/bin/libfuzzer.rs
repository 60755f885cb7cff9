//! The program that libFuzzer drives. Which target it fuzzes stands in the environment, so that one program, linked
//! once, serves all of them.
//!
//! Must not: be run by hand; `cargo xtask fuzz` builds it with coverage counters and calls it.

#![no_main]

use std::sync::OnceLock;

use fuzz::Target;

/// The name of the target.
const VARIABLE: &str = "VRS_FUZZ_TARGET";

fn target() -> &'static Target {
    static TARGET: OnceLock<&Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        // libfuzzer-sys ends the process at every panic, also at those that the reader catches. What reaches libFuzzer
        // uncaught still counts as a crash.
        let _ = std::panic::take_hook();
        let name = std::env::var(VARIABLE).unwrap_or_default();
        fuzz::find(&name).unwrap_or_else(|| panic!("{VARIABLE} names no target"))
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    (target().run)(bytes);
});
