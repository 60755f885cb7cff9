//! Words in both languages, side by side. One that is missing in either does not compile.
//!
//! Must not: hold a word itself.

/// A struct of words, and the function that gives it in a language.
macro_rules! both {
    ($(#[$meta:meta])* $name:ident by $get:ident { $($field:ident: $japanese:literal, $english:literal;)* }) => {
        $(#[$meta])*
        pub(super) struct $name {
            $(pub(super) $field: &'static str,)*
        }
        /// The words of that language.
        pub(super) fn $get(language: $crate::console::language::Language) -> &'static $name {
            const JAPANESE: $name = $name { $($field: $japanese,)* };
            const ENGLISH: $name = $name { $($field: $english,)* };
            match language {
                $crate::console::language::Language::Japanese => &JAPANESE,
                $crate::console::language::Language::English => &ENGLISH,
            }
        }
    };
}
