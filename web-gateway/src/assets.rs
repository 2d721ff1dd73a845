//! The page: what `scripts/build-web` made of `ui/`, or a few words on how to make it.

use axum::{body::Body, extract::Request, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The files of the page. In a debug build they are read from the folder at every request.
#[derive(RustEmbed)]
#[folder = "ui/dist/"]
#[allow_missing = true]
struct Files;

/// What stands at `/` and at every address that is the page's own.
const INDEX: &str = "index.html";

/// In place of the page where it has not been built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Viva</title><h1>The page is not built yet</h1>\
    <p>The gateway runs, but this program was built without its page. \
    In Viva's folder, run <code>scripts/build-web</code>, then build <code>viva-web</code> again.</p>\
    </html>\n";

/// Names of files in this folder hold a hash of what is in them, so they never change.
const HASHED: &str = "assets/";

/// Serves the page.
pub(crate) async fn page(request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut response =
            plain(StatusCode::METHOD_NOT_ALLOWED, "Nothing takes this method here\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let path = request.uri().path().trim_start_matches('/');
    match file(path) {
        Some((name, file)) => of_file(name, &file, request.headers()),
        None if names_a_file(path) => plain(StatusCode::NOT_FOUND, "There is no such file\n"),
        None => not_built(),
    }
}

/// The file of a path, and its name. Every path that names no file is an address within the page.
fn file(path: &str) -> Option<(&str, EmbeddedFile)> {
    let name = if names_a_file(path) { path } else { INDEX };
    let is_hidden = name.split('/').any(|part| part.starts_with('.'));
    if is_hidden { None } else { Files::get(name).map(|file| (name, file)) }
}

fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

fn of_file(name: &str, file: &EmbeddedFile, asked: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12]));
    let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag.as_str());
    let mut response = if is_known {
        plain(StatusCode::NOT_MODIFIED, "")
    } else {
        Response::new(Body::from(Bytes::copy_from_slice(&file.data)))
    };
    let cache =
        if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn not_built() -> Response {
    let mut response = plain(StatusCode::OK, NOT_BUILT);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

fn plain(status: StatusCode, words: &'static str) -> Response {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_page_is_told_from_a_file() {
        for file in ["favicon.svg", "assets/index-1a2b.js", "a.b/c.d"] {
            assert!(names_a_file(file), "{file}");
        }
        for address in ["", "interviews/5", "a.b/c", "sign-in"] {
            assert!(!names_a_file(address), "{address}");
        }
    }

    #[test]
    fn what_is_hidden_or_outside_is_not_served() {
        for path in [".sources", "assets/../.sources", "../package.json", "assets/../../x.js"] {
            assert!(file(path).is_none(), "{path}");
        }
    }
}
