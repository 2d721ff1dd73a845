//! Reads the sources for what must never happen: `update` waits or has side effects, `view` changes
//! the model, a module other than `local` uses the server, or modules use each other.

#![cfg(test)]

use std::path::{Path, PathBuf};

use viva_testing::sources::{self, knows};

/// Tests, and what is compiled only for them.
const LEFT_OUT: [&str; 4] = ["tests.rs", "tests", "testing.rs", "testing"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The code of a module, including its own file; of all modules for an empty name.
fn code_of(module: &str) -> Vec<(PathBuf, String)> {
    if module.is_empty() {
        return sources::code_below(&source(), &LEFT_OUT);
    }
    let own = sources::code_below(&source().join(format!("{module}.rs")), &LEFT_OUT);
    let folder = source().join(module);
    let below = folder.is_dir().then(|| sources::code_below(&folder, &LEFT_OUT));
    own.into_iter().chain(below.into_iter().flatten()).collect()
}

/// Fails for every file of a module that contains one of `never`.
fn forbid(module: &str, never: &[&str], but_for: &[&str]) {
    let mut found = Vec::new();
    for (file, code) in code_of(module) {
        if but_for.iter().any(|name| file.ends_with(name)) {
            continue;
        }
        let hits = never.iter().filter(|word| code.contains(**word) || knows(&code, word));
        found.extend(hits.map(|word| format!("{} uses {word}", file.display())));
    }
    assert!(found.is_empty(), "{found:#?}");
}

const WORLD: [&str; 9] = [
    "tokio",
    ".await",
    "async ",
    "std::fs",
    "std::env",
    "std::time",
    "std::process",
    "Timestamp::now",
    "rand::",
];

#[test]
fn update_neither_waits_nor_has_side_effects() {
    forbid("update", &WORLD, &[]);
    let never = ["crate::view", "crate::api", "crate::runner", "crate::term", "crate::session"];
    forbid("update", &never, &[]);
}

#[test]
fn the_model_is_plain_data() {
    forbid("model", &WORLD, &[]);
    forbid("model", &["crate::view", "crate::update", "crate::api", "crate::runner"], &[]);
}

#[test]
fn view_neither_changes_the_model_nor_has_side_effects() {
    forbid("view", &WORLD, &[]);
    let never = ["&mut Model", "crate::update", "crate::api", "crate::runner", "crate::term"];
    forbid("view", &never, &[]);
}

#[test]
fn only_local_uses_the_server() {
    let local =
        ["bank", "grading", "llm", "sample", "templates"].map(|it| format!("local/{it}.rs"));
    let local: Vec<&str> = local.iter().map(String::as_str).chain(["local.rs"]).collect();
    forbid("", &["viva_server::", "viva_runtime::"], &local);
}

#[test]
fn the_app_calls_only_the_server_and_this_machines_models() {
    forbid("", &["TcpStream"], &["discovery/probe.rs"]);
    let (_, probe) =
        code_of("discovery").into_iter().find(|(f, _)| f.ends_with("probe.rs")).unwrap();
    assert!(probe.contains("TcpStream::connect((Ipv4Addr::LOCALHOST, port))"), "{probe}");
}

#[test]
fn only_main_reads_the_environment() {
    // A test in `term` passes data to itself in the environment.
    forbid("", &["env::var"], &["main.rs", "term.rs"]);
}

#[test]
fn no_two_modules_use_each_other() {
    let uses = sources::uses_of_modules(&source(), &LEFT_OUT);
    assert!(uses["view"].contains("model") && uses.len() > 30, "nothing was read: {uses:?}");
    sources::assert_no_circle(&uses);
}
