//! The page itself: the headers of every reply, the host names that count, and whether the embedded
//! page was built from its current sources.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use http::StatusCode;
use sha2::{Digest, Sha256};
use viva_runtime::listen::ListenLimits;
use viva_web::gateway::GatewaySettings;

use crate::{
    stub::{CHECK, Stub},
    web::{BINARY, Web, grpc_web, request, settings},
};

async fn web() -> Web {
    Web::before(Stub::start().await.channel()).await
}

#[tokio::test]
async fn every_reply_restricts_what_the_browser_may_do() {
    let web = web().await;
    let call = grpc_web("viva.v9.Other/Call", BINARY, &[], &[]);
    let foreign = request("GET", "/", &[("host", "evil.example")], Bytes::new());
    let replies = [
        web.get("/").await,
        web.get("/missing.js").await,
        web.page("/session/login", "{", &[]).await,
        web.send(call).await,
        web.send(foreign).await,
    ];
    for reply in replies {
        let policy = reply.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{part} not in {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin");
        assert!(reply.header("permissions-policy").contains("camera=()"));
        assert!(!reply.headers.contains_key("strict-transport-security"), "this is plain text");
    }
}

#[tokio::test]
async fn only_the_page_may_use_the_microphone_and_only_if_the_operator_allows_speech() {
    for (speech, microphone, way_in) in [
        (false, "microphone=()", serde_json::json!({ "by": "password" })),
        (true, "microphone=(self)", serde_json::json!({ "by": "password", "speech": true })),
    ] {
        let settings = GatewaySettings { speech, ..settings() };
        let channel = Stub::start().await.channel();
        let web = Web::start(channel, settings, ListenLimits::default()).await;
        let page = web.get("/").await;
        let policy = page.header("permissions-policy");
        assert!(policy.contains(microphone) && policy.contains("camera=()"), "{policy}");
        assert_eq!(web.get("/session").await.json(), way_in);
    }
}

#[tokio::test]
async fn an_address_of_the_page_gets_the_page_and_a_missing_file_gets_404() {
    let web = web().await;
    for address in ["/", "/sign-in", "/interviews/5", "/interviews/5/report"] {
        let page = web.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{address}");
        assert_eq!(page.header("cache-control"), "no-cache", "{address}");
        assert!(!page.text().contains("<script>") && !page.text().contains("style="), "{address}");
    }
    for file in ["/missing.js", "/assets/missing-1a2b.css", "/.sources", "/assets/../.sources"] {
        assert_eq!(web.get(file).await.status, StatusCode::NOT_FOUND, "{file}");
    }
    let head = web.send(request("HEAD", "/", &[], Bytes::new())).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    let put = web.send(request("PUT", "/", &[], Bytes::new())).await;
    assert_eq!((put.status, put.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"));
}

#[tokio::test]
async fn on_the_loopback_address_a_foreign_name_that_points_here_is_refused() {
    let web = web().await;
    let with = |path: &'static str, host: &'static str| {
        web.send(request("GET", path, &[("host", host)], Bytes::new()))
    };
    for host in ["localhost:1", "127.0.0.1", "[::1]:9"] {
        assert_eq!(with("/", host).await.status, StatusCode::OK, "{host}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "u@localhost", ""] {
        assert_eq!(with("/", host).await.status, StatusCode::FORBIDDEN, "{host}");
    }
    let call = grpc_web(CHECK, BINARY, &[("host", "evil.example")], &[]);
    assert_eq!(web.send(call).await.status, StatusCode::FORBIDDEN);
    assert_ne!(with("/healthz", "10.0.0.7:8080").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn listed_names_count_as_well() {
    let hosts = vec!["viva.example".to_owned()];
    let settings = GatewaySettings { hosts, ..settings() };
    let channel = Stub::start().await.channel();
    let web = Web::start(channel, settings, ListenLimits::default()).await;
    let listed = request("GET", "/", &[("host", "viva.example")], Bytes::new());
    assert_eq!(web.send(listed).await.status, StatusCode::OK);
}

/// The digest of the page's sources, as `scripts/build-web` writes it: SHA-256 over a line
/// `path\0sha256` for each file, in the order of the paths.
fn digest_of_sources(root: &Path) -> String {
    let mut files = Vec::new();
    let single = ["index.html", "package-lock.json", "vite.config.ts", "tsconfig.json"];
    let single = single.map(|name| root.join("web-gateway/ui").join(name));
    files.extend(single.into_iter().filter(|path| path.is_file()));
    collect(&root.join("web-gateway/ui/src"), &|_| true, &mut files);
    let is_proto = |path: &Path| path.extension().is_some_and(|extension| extension == "proto");
    collect(&root.join("proto"), &is_proto, &mut files);
    let mut lines: Vec<(String, String)> = files
        .iter()
        .map(|path| {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            (name, hex(&Sha256::digest(fs::read(path).unwrap())))
        })
        .collect();
    lines.sort();
    let mut all = Sha256::new();
    for (name, digest) in &lines {
        all.update(format!("{name}\0{digest}\n"));
    }
    hex(&all.finalize())
}

fn collect(folder: &Path, wanted: &dyn Fn(&Path) -> bool, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, wanted, files);
        } else if wanted(&path) {
            files.push(path);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect()
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap()
}

/// The folder of the page, if it has been built. It must exist under `scripts/test`, which builds
/// it. Another test checks that without it the program says how to build it.
pub(crate) fn built() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/dist");
    let is_there = folder.join(".sources").is_file();
    let required = std::env::var("VIVA_PAGE").is_ok_and(|value| value == "required");
    assert!(is_there || !required, "the page is not built: run scripts/build-web");
    is_there.then_some(folder)
}

/// The paths of the files that a first visit loads.
pub(crate) fn files_of(page: &str) -> Vec<String> {
    let starts = ["src=\"/", "href=\"/"];
    let found = starts.iter().flat_map(|start| page.split(start).skip(1));
    found.map(|rest| format!("/{}", rest.split('"').next().unwrap())).collect()
}

#[tokio::test]
async fn the_page_is_compressed_for_browsers_that_accept_it() {
    let Some(folder) = built() else { return };
    let web = web().await;
    let get = |path: &str, codings: &'static str| {
        web.send(request("GET", path, &[("accept-encoding", codings)], Bytes::new()))
    };
    let index = web.get("/").await;
    let scripts_and_styles = files_of(index.text()).into_iter().filter(|path| {
        let kind = Path::new(path).extension().unwrap();
        kind == "js" || kind == "css"
    });
    let mut seen = 0;
    for path in scripts_and_styles.chain(["/".to_owned(), "/index.html".to_owned()]) {
        let plain = web.get(&path).await;
        assert_eq!((plain.status, plain.header("content-encoding")), (StatusCode::OK, ""));
        let gzip = get(&path, "gzip, deflate").await;
        let brotli = get(&path, "gzip, deflate, br, zstd").await;
        let name = if path == "/" { "index.html" } else { &path[1..] };
        if !folder.join(format!("{name}.br")).exists() {
            assert!(plain.body.len() < 512, "{path} is worth compressing");
            assert_eq!((brotli.header("content-encoding"), &brotli.body), ("", &plain.body));
            continue;
        }
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(gzip.body.as_ref()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body, "{path}");
        assert_eq!(brotli.body, fs::read(folder.join(format!("{name}.br"))).unwrap(), "{path}");
        assert!(brotli.body.len() < gzip.body.len() && gzip.body.len() < plain.body.len());
        let coded = [(&plain, ""), (&gzip, "gzip"), (&brotli, "br")];
        for (reply, coding) in coded {
            assert_eq!(reply.header("content-encoding"), coding, "{path}");
            assert_eq!(reply.header("vary"), "accept-encoding", "{path}");
            assert_eq!(reply.header("content-type"), plain.header("content-type"), "{path}");
        }
        let tags = coded.map(|(reply, _)| reply.header("etag"));
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
        let known = [("accept-encoding", "gzip"), ("if-none-match", tags[1])];
        let again = web.send(request("GET", &path, &known, Bytes::new())).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        seen += 1;
    }
    assert!(seen >= 4, "a script, a style and the page");
}

#[tokio::test]
async fn the_worker_and_the_manifest_are_revalidated_each_time() {
    if built().is_none() {
        return;
    }
    let web = web().await;
    for (path, kind) in [
        ("/worker.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icon-192.png", "image/png"),
    ] {
        let reply = web.get(path).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, kind), "{path}");
        assert_eq!(reply.header("cache-control"), "no-cache", "{path}");
        assert!(!reply.header("etag").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn replies_to_sessions_and_calls_are_never_compressed() {
    let web = web().await;
    let codings = [("accept-encoding", "gzip, br")];
    let login = web.page("/session/login", "{}", &codings).await;
    let call = web.send(grpc_web("viva.v9.Other/Call", BINARY, &codings, &[])).await;
    for reply in [login, call] {
        assert!(!reply.headers.contains_key("content-encoding"), "{reply:?}");
    }
}

#[test]
fn the_embedded_page_was_built_from_its_current_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Some(folder) = built() else { return };
    let built = fs::read_to_string(folder.join(".sources")).unwrap();
    let now = digest_of_sources(&root);
    assert_eq!(built.trim(), now, "the page is older than its sources: run scripts/build-web");
}

#[test]
fn a_change_of_any_source_changes_the_digest() {
    let root = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        digest_of_sources(root.path())
    };
    let digests = [
        write("web-gateway/ui/src/main.ts", "one"),
        write("web-gateway/ui/src/main.ts", "two"),
        write("web-gateway/ui/index.html", "one"),
        write("web-gateway/ui/src/lib/api.ts", "one"),
        write("proto/viva/v1/auth.proto", "one"),
    ];
    let different: std::collections::HashSet<_> = digests.iter().collect();
    assert_eq!(different.len(), digests.len());
    assert_eq!(write("proto/build.rs", "no source of the page"), digests[4]);
}
