//! Files that pages load: vendored scripts, our style sheet, the typeface. Each stands under a name that changes
//! with its content, so a browser may keep it for ever; pages name the hash of each script and style.
//!
//! Must not: be loaded from anywhere else. Where the vendored ones come from: `assets/README.md`.

use std::sync::OnceLock;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use seal::token;

/// A script or a style sheet.
pub(crate) struct Asset {
    /// Its path.
    pub(crate) path: String,
    /// For the `integrity` attribute.
    pub(crate) integrity: String,
    content_type: &'static str,
    text: &'static str,
}

/// All of them.
pub(crate) struct Assets {
    pub(crate) icon: Asset,
    pub(crate) style: Asset,
    pub(crate) htmx: Asset,
    pub(crate) sse: Asset,
    pub(crate) live: Asset,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";
const STYLE: &str = "text/css; charset=utf-8";

/// The style sheet names these itself; a new version of the typeface gets a new name.
const FONTS: [(&str, &[u8]); 2] = [
    ("noto-sans-jp-400-1.ttf", include_bytes!("../../../assets/fonts/NotoSansJP-Regular.ttf")),
    ("noto-sans-jp-700-1.ttf", include_bytes!("../../../assets/fonts/NotoSansJP-Bold.ttf")),
];

fn asset(name: &str, extension: &str, content_type: &'static str, text: &'static str) -> Asset {
    let hash = token::digest(text);
    let short = URL_SAFE_NO_PAD.encode(&hash[..9]);
    Asset {
        path: format!("/assets/{name}-{short}.{extension}"),
        integrity: format!("sha256-{}", STANDARD.encode(hash)),
        content_type,
        text,
    }
}

/// The assets, hashed once.
pub(crate) fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(|| Assets {
        icon: asset("icon", "svg", PICTURE, include_str!("../../assets/icon.svg")),
        style: asset("console", "css", STYLE, include_str!("../../assets/console.css")),
        htmx: asset("htmx", "js", SCRIPT, include_str!("../../assets/vendor/htmx.min.js")),
        sse: asset("sse", "js", SCRIPT, include_str!("../../assets/vendor/sse.min.js")),
        live: asset("live", "js", SCRIPT, include_str!("../../assets/live.js")),
    })
}

/// Sends one of them.
pub(crate) async fn send(Path(name): Path<String>) -> Response {
    let found: Option<(&'static str, &'static [u8])> = {
        let Assets { icon, style, htmx, sse, live } = assets();
        let text = [icon, style, htmx, sse, live]
            .into_iter()
            .find(|asset| asset.path.strip_prefix("/assets/") == Some(&name))
            .map(|asset| (asset.content_type, asset.text.as_bytes()));
        let font = || FONTS.iter().find(|(font, _)| *font == name).map(|(_, bytes)| ("font/ttf", *bytes));
        text.or_else(font)
    };
    let Some((content_type, bytes)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, bytes).into_response()
}
