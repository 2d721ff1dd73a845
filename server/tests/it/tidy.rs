//! The arrows that must never be, held by reading `use` lines and paths: which module may know
//! which.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A folder or file under `src`, and what must not stand in its code.
const NEVER: [(&str, &[&str]); 11] = [
    (
        "domain",
        &[
            "crate::auth",
            "crate::storage",
            "crate::services",
            "crate::grpc",
            "serde",
            "sqlx",
            "tonic",
            "viva_proto",
            "viva_grader",
            "tokio",
        ],
    ),
    ("services", &["tonic", "sqlx", "reqwest", "viva_proto", "crate::grpc"]),
    ("storage", &["crate::services", "crate::grpc", "viva_proto", "tonic::", "crate::worker"]),
    ("grpc", &["sqlx", "crate::storage"]),
    (
        "export",
        &["crate::grpc", "crate::services", "crate::storage", "viva_proto", "tonic", "sqlx"],
    ),
    ("evaluation", &["crate::grpc", "viva_proto", "tonic"]),
    (
        "llm",
        &[
            "crate::auth",
            "crate::config",
            "crate::evaluation",
            "crate::grpc",
            "crate::questions",
            "crate::services",
            "crate::worker",
            "viva_proto",
            "tonic",
        ],
    ),
    ("worker", &["crate::grpc", "viva_proto", "tonic"]),
    ("questions", &["crate::grpc", "viva_proto", "tonic", "crate::storage", "crate::services"]),
    ("auth", &["crate::grpc", "viva_proto", "tonic", "crate::storage", "crate::services"]),
    ("config", &["crate::grpc", "viva_proto", "tonic", "std::env"]),
];

/// What only one file may use.
const ONLY: [(&str, &[&str]); 9] = [
    ("std::env::", &["main.rs"]),
    ("SystemTime", &["domain/clock.rs"]),
    ("reqwest", &["llm"]),
    ("counter!", &["metrics.rs"]),
    ("gauge!", &["metrics.rs"]),
    ("histogram!", &["metrics.rs"]),
    ("metrics_exporter_prometheus", &["metrics.rs"]),
    ("viva_proto", &["grpc", "app.rs"]),
    ("Status::", &["grpc/status.rs", "grpc/frame.rs"]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file below a path with its code: comments and test modules left out.
fn code_below(path: &Path) -> Vec<(PathBuf, String)> {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        return entries.flat_map(|path| code_below(&path)).collect();
    }
    let is_test = path.components().any(|part| {
        ["tests.rs", "tests", "contract", "sample.rs"].iter().any(|name| part.as_os_str() == *name)
    });
    if is_test || path.extension().is_none_or(|extension| extension != "rs") {
        return Vec::new();
    }
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    vec![(path.to_owned(), lines.collect::<Vec<_>>().join("\n"))]
}

/// Whether code uses a crate or, by `crate::NAME`, a module: named in full, or in a group of imports.
fn knows(code: &str, word: &str) -> bool {
    let Some(module) = word.strip_prefix("crate::") else { return uses(code, word) };
    uses(code, word) || groups(code).any(|group| uses(&group, &format!("{module}::")))
}

/// What stands at the first level of each `use crate::{...}`, a path each.
fn groups(code: &str) -> impl Iterator<Item = String> {
    code.split("use crate::{").skip(1).map(|rest| {
        let mut depth = 0;
        let mut first_level = String::new();
        for c in rest.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                c if depth == 0 => first_level.push(c),
                _ => {}
            }
        }
        first_level
    })
}

#[test]
fn an_import_is_seen_however_it_is_written() {
    for code in [
        "use crate::storage::Store;",
        "use crate::{domain::id::UserId, storage::{Store, StoreError}};",
        "fn f() { crate::storage::open() }",
    ] {
        assert!(knows(code, "crate::storage"), "{code}");
    }
    for code in ["use crate::{domain::{a, storage::b}};", "use crate::restorage::Store;"] {
        assert!(!knows(code, "crate::storage"), "{code}");
    }
    assert!(knows("use tonic::Status;", "tonic") && !knows("use diatonic::Scale;", "tonic"));
}

/// Whether a word stands in the code and not only as the end of a longer one.
fn uses(code: &str, word: &str) -> bool {
    let begins = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| begins(at))
}

#[test]
fn no_module_knows_what_it_must_not() {
    let mut broken = Vec::new();
    for (module, never) in NEVER {
        let files = code_below(&source().join(module));
        assert!(!files.is_empty(), "{module} has moved; so must this test");
        for (path, code) in files {
            for word in never.iter().filter(|word| knows(&code, word)) {
                broken.push(format!("{} uses {word}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn some_things_are_used_in_one_place_only() {
    let mut broken = Vec::new();
    for (word, places) in ONLY {
        for (path, code) in code_below(&source()) {
            let allowed = places.iter().any(|place| path.starts_with(source().join(place)));
            if uses(&code, word) && !allowed {
                broken.push(format!("{} uses {word}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What only one file of the gateway may use. Its `session` alone knows single RPCs.
const ONLY_OF_GATEWAY: [(&str, &[&str]); 5] = [
    ("viva_server", &["local.rs"]),
    ("viva_proto::v1", &["local.rs", "session.rs", "session"]),
    ("std::env::", &["main.rs"]),
    ("SystemTime", &["session.rs"]),
    ("Status::with_", &["status.rs"]),
];

#[test]
fn the_gateway_knows_the_server_and_the_contract_in_one_place_only() {
    let gateway = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web-gateway/src");
    let mut broken = Vec::new();
    for (word, places) in ONLY_OF_GATEWAY {
        let mut seen = false;
        for (path, code) in code_below(&gateway) {
            let allowed = places.iter().any(|place| path.starts_with(gateway.join(place)));
            seen |= uses(&code, word) && allowed;
            if uses(&code, word) && !allowed {
                broken.push(format!("{} uses {word}", path.display()));
            }
        }
        assert!(seen, "nothing uses {word} any more; so must this test");
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
