//! Reads the sources for what must never be: `update` that waits or touches the world, `view` that
//! changes the model, anybody but `local` who knows the server.

#![cfg(test)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The sources below a module, its own file included, tests left out.
fn sources(module: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let own = root.join(format!("{module}.rs"));
    let below = root.join(module);
    files.retain(|file| module.is_empty() || *file == own || file.starts_with(&below));
    files.retain(|file| !file.components().any(|part| part.as_os_str() == "tests"));
    assert!(!files.is_empty(), "there is no module {module}");
    files.into_iter().map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Fails for every line of code below `module` that holds one of `never`.
fn forbid(module: &str, never: &[&str], but_for: &[&str]) {
    let mut found = Vec::new();
    for (file, text) in sources(module) {
        if but_for.iter().any(|name| file.ends_with(name)) {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let hits = never.iter().filter(|word| code.contains(**word));
            found.extend(hits.map(|word| format!("{}:{} {word}", file.display(), at + 1)));
        }
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
fn update_waits_for_nothing_and_touches_nothing() {
    forbid("update", &WORLD, &[]);
    forbid("update", &["crate::api", "crate::runner", "crate::term", "crate::session"], &[]);
}

#[test]
fn the_model_is_plain_data() {
    forbid("model", &WORLD, &[]);
    forbid("model", &["crate::view", "crate::update", "crate::api", "crate::runner"], &[]);
}

#[test]
fn view_changes_nothing_and_touches_nothing() {
    forbid("view", &WORLD, &[]);
    forbid("view", &["&mut Model", "crate::api", "crate::runner", "crate::term"], &[]);
}

#[test]
fn only_local_knows_the_server() {
    let local =
        ["local.rs", "local/bank.rs", "local/grading.rs", "local/model.rs", "local/templates.rs"];
    forbid("", &["viva_server::"], &local);
}

#[test]
fn nothing_is_asked_beside_the_server_but_this_machine_for_its_models() {
    forbid("", &["TcpStream"], &["discovery/probe.rs"]);
    let (_, probe) =
        sources("discovery").into_iter().find(|(f, _)| f.ends_with("probe.rs")).unwrap();
    assert!(probe.contains("TcpStream::connect((Ipv4Addr::LOCALHOST, port))"), "{probe}");
}

#[test]
fn only_main_reads_the_environment() {
    // A test of `term` speaks to itself through it.
    forbid("", &["env::var"], &["main.rs", "term.rs"]);
}
