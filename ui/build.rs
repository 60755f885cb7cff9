//! Compiles the screens and bundles their words.

fn main() {
    let config = slint_build::CompilerConfiguration::new()
        .with_bundled_translations("lang")
        .with_debug_info(std::env::var_os("CARGO_FEATURE_ELEMENT_NAMES").is_some())
        .with_default_translation_context(slint_build::DefaultTranslationContext::None);
    if let Err(error) = slint_build::compile_with_config("slint/window.slint", config) {
        panic!("the screens do not compile: {error}");
    }
}
