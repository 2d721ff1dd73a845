//! Security headers: what the browser may do with each reply.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};

/// Everything is loaded from this origin, nothing is inline, and no other page may frame this one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    worker-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// The browser features that the page does not use.
const ABILITIES: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), \
    gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// The same if the operator allows speech: only this page may ask for the microphone.
const WITH_SPEECH: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), \
    gyroscope=(), magnetometer=(), microphone=(self), midi=(), payment=(), usb=()";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

/// A browser that has connected over TLS once uses nothing else for half a year.
const TRANSPORT_SECURITY: &str = "max-age=15768000";

/// Adds them to every reply; `by_tls` if the gateway itself speaks TLS, `speech` if the operator
/// allows it.
pub(crate) async fn secure(by_tls: bool, speech: bool, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let abilities = if speech { WITH_SPEECH } else { ABILITIES };
    headers.insert("permissions-policy", HeaderValue::from_static(abilities));
    if by_tls {
        let value = HeaderValue::from_static(TRANSPORT_SECURITY);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}
