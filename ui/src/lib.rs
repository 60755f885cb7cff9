//! The screens: everything in `slint/`, compiled. `app` connects each page's callbacks and sets its properties.
//!
//! Must not: hold behaviour; a page says what was pressed and shows what it is told.

slint::include_modules!();
