//! Samples of what an identity provider says: two tokens that a real one gave, and its descriptions.
//!
//! Must not: hold a token of anybody but the invented `sample-1`.

use serde_json::json;

use super::{Seed, seed};
use crate::keys;

pub(super) fn all() -> Vec<Seed> {
    let [rs256, es256] = keys::providers();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", rs256.token.split('.').nth(1).unwrap_or_default());
    let description = json!({
        "issuer": "https://id.example",
        "authorization_endpoint": "https://id.example/auth?tenant=7",
        "token_endpoint": "https://id.example/token",
        "jwks_uri": "https://keys.example/jwks",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    let plain = description.to_string().replace("https://id.example/token", "http://id.example/token");
    let answer =
        json!({"access_token": "A", "token_type": "Bearer", "expires_in": 60, "id_token": es256.token});
    vec![
        seed("id_token", "rs256", rs256.token),
        seed("id_token", "es256", es256.token),
        seed("id_token", "not-signed", unsigned),
        seed("key_set", "of-rs256", rs256.published),
        seed("key_set", "of-es256", es256.published),
        seed("key_set", "not-public", r#"{"keys":[{"kty":"oct","k":"AAAA","alg":"HS256"}]}"#),
        seed("provider_answers", "description", description.to_string()),
        seed("provider_answers", "not-over-tls", plain),
        seed("provider_answers", "token", answer.to_string()),
        seed("provider_answers", "not-a-token", r#"{"error":"invalid_grant"}"#),
    ]
}
