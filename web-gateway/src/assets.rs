//! The page: what `scripts/build-web` built from `ui/`, or a short note on how to build it.

use axum::{body::Body, extract::Request, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The files of the page. A debug build reads them from the folder on every request.
#[derive(RustEmbed)]
#[folder = "ui/dist/"]
#[allow_missing = true]
struct Files;

/// The file for `/` and for every address within the page.
const INDEX: &str = "index.html";

/// Served in place of the page when it has not been built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Viva</title><h1>The page is not built yet</h1>\
    <p>The gateway runs, but this program was built without its page. \
    In Viva's folder, run <code>scripts/build-web</code>, then build <code>viva-web</code> again.</p>\
    </html>\n";

/// File names in this folder contain a hash of the contents, so the files never change.
const HASHED: &str = "assets/";

/// Content codings, the most compact first, each with the suffix of the files that
/// `scripts/build-web` compressed with it. Only files are compressed: replies to calls contain
/// secrets next to text that others can influence, and the compressed length of both together would
/// leak the secrets.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Serves the page.
pub(crate) async fn page(request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut response =
            plain(StatusCode::METHOD_NOT_ALLOWED, "This method is not allowed here\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let path = request.uri().path().trim_start_matches('/');
    match file(path) {
        Some((name, file)) => of_file(name, file, request.headers()),
        None if names_a_file(path) => plain(StatusCode::NOT_FOUND, "No file has this name\n"),
        None => not_built(),
    }
}

/// The file for a path, and its name. Every path that does not name a file is an address within the
/// page.
fn file(path: &str) -> Option<(&str, EmbeddedFile)> {
    let name = if names_a_file(path) { path } else { INDEX };
    let is_hidden = name.split('/').any(|part| part.starts_with('.'));
    let is_coded = CODINGS.iter().any(|(_, end)| name.ends_with(end));
    if is_hidden || is_coded { None } else { Files::get(name).map(|file| (name, file)) }
}

fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// The file in the most compact coding that exists and that the browser accepts.
fn coded(name: &str, asked: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    CODINGS.into_iter().filter(|(coding, _)| reads(asked, coding)).find_map(|(coding, end)| {
        let file = Files::get(&format!("{name}{end}"))?;
        Some((coding, file))
    })
}

/// Whether the browser accepts this coding, and not with a weight of 0.
fn reads(asked: &HeaderMap, coding: &str) -> bool {
    let lists = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map(str::parse::<f32>);
        is_named && weight.is_none_or(|weight| weight.is_ok_and(|weight| weight > 0.0))
    })
}

fn of_file(name: &str, plain_file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let (coding, file) = match coded(name, asked) {
        Some((coding, file)) => (Some(coding), file),
        None => (None, plain_file),
    };
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
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
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
    fn addresses_within_the_page_and_files_are_told_apart() {
        for file in ["favicon.svg", "assets/index-1a2b.js", "a.b/c.d"] {
            assert!(names_a_file(file), "{file}");
        }
        for address in ["", "interviews/5", "a.b/c", "sign-in"] {
            assert!(!names_a_file(address), "{address}");
        }
    }

    #[test]
    fn a_coding_is_chosen_from_those_that_the_browser_names() {
        for (asked, coding, is_read) in [
            ("gzip, deflate, br, zstd", "br", true),
            ("gzip, deflate", "br", false),
            ("GZIP;q=0.5", "gzip", true),
            ("gzip;q=0, br", "gzip", false),
            ("gzip; q=0.000", "gzip", false),
            ("gzip;q=x", "gzip", false),
            ("x-gzip", "gzip", false),
            ("", "gzip", false),
        ] {
            let value = http::HeaderValue::from_static(asked);
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value)]);
            assert_eq!(reads(&headers, coding), is_read, "{asked}");
        }
        assert!(!reads(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn hidden_files_and_files_outside_the_folder_are_not_served() {
        for path in [
            "index.html.gz",
            ".sources",
            "assets/../.sources",
            "../package.json",
            "assets/../../x.js",
        ] {
            assert!(file(path).is_none(), "{path}");
        }
    }
}
