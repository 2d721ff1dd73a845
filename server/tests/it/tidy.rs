//! The dependencies that must not exist between modules, checked by reading `use` lines and paths.

use std::path::{Path, PathBuf};

use viva_testing::sources::{self, knows, uses};

/// A folder or file under `src`, and what its code must not contain.
const NEVER: [(&str, &[&str]); 12] = [
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
    (
        "memory",
        &["crate::grpc", "crate::services", "crate::storage", "viva_proto", "tonic", "sqlx"],
    ),
    ("questions", &["crate::grpc", "viva_proto", "tonic", "crate::storage", "crate::services"]),
    ("auth", &["crate::grpc", "viva_proto", "tonic", "crate::storage", "crate::services"]),
    ("config", &["crate::grpc", "viva_proto", "tonic", "std::env"]),
];

/// What only the named files may use.
const ONLY: [(&str, &[&str]); 12] = [
    ("std::env::", &["main.rs"]),
    ("SystemTime", &["domain/clock.rs"]),
    ("reqwest", &["llm"]),
    ("fsrs::", &["memory/scheduler.rs"]),
    ("jiff::", &["domain/clock.rs", "domain/day.rs", "memory/calendar.rs"]),
    ("counter!", &["metrics.rs"]),
    ("gauge!", &["metrics.rs"]),
    ("histogram!", &["metrics.rs"]),
    ("ipnet::", &["domain/origin.rs"]),
    ("metrics_exporter_prometheus", &["metrics.rs"]),
    ("viva_proto", &["grpc", "startup/app.rs"]),
    ("Status::", &["grpc/status.rs", "grpc/frame.rs"]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Tests, and what is compiled only for them.
const LEFT_OUT: [&str; 4] = ["tests.rs", "tests", "contract", "sample.rs"];

fn code_below(path: &Path) -> Vec<(PathBuf, String)> {
    sources::code_below(path, &LEFT_OUT)
}

#[test]
fn no_two_modules_use_each_other() {
    let uses = sources::uses_of_modules(&source(), &LEFT_OUT);
    assert!(uses["grpc"].contains("services") && uses.len() > 15, "nothing was read: {uses:?}");
    sources::assert_no_circle(&uses);
}

#[test]
fn no_module_uses_what_it_must_not() {
    let mut broken = Vec::new();
    for (module, never) in NEVER {
        let files = code_below(&source().join(module));
        assert!(!files.is_empty(), "{module} has moved: change this test");
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

/// What only some files of the gateway may use. Only its `session` knows single RPCs.
const ONLY_OF_GATEWAY: [(&str, &[&str]); 5] = [
    ("viva_server", &["local.rs"]),
    ("viva_proto::v1", &["local.rs", "session.rs", "session"]),
    ("std::env::", &["main.rs"]),
    ("SystemTime", &["session.rs"]),
    ("viva_connect::refusal", &["status.rs"]),
];

#[test]
fn the_gateway_uses_the_server_and_the_contract_in_one_place_only() {
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
        assert!(seen, "nothing uses {word} any more: change this test");
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
