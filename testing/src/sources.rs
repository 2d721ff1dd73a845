//! Reads Rust sources for what they use, for the tests that forbid some of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The modules that each module uses.
pub type Uses = BTreeMap<String, BTreeSet<String>>;

/// Every Rust file below a path with its code, without comments and test modules. Files and folders
/// named in `left_out` are left out.
pub fn code_below(path: &Path, left_out: &[&str]) -> Vec<(PathBuf, String)> {
    if left_out.iter().any(|name| path.file_name().is_some_and(|of| of == *name)) {
        return Vec::new();
    }
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        return entries.flat_map(|path| code_below(&path, left_out)).collect();
    }
    if path.extension().is_none_or(|extension| extension != "rs") {
        return Vec::new();
    }
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    vec![(path.to_owned(), lines.collect::<Vec<_>>().join("\n"))]
}

/// Whether code contains a word, not only as the end of a longer one.
pub fn uses(code: &str, word: &str) -> bool {
    let begins = |at: usize| !code[..at].ends_with(is_of_name);
    code.match_indices(word).any(|(at, _)| begins(at))
}

/// Whether code uses a crate or (`crate::NAME`) a module, by full path or in a group of imports.
pub fn knows(code: &str, word: &str) -> bool {
    let Some(module) = word.strip_prefix("crate::") else { return uses(code, word) };
    let is_whole = |at: usize| !code[at + word.len()..].starts_with(is_of_name);
    let is_it = |path: &str| path.split([':', ' ']).next() == Some(module);
    code.match_indices(word).any(|(at, _)| is_whole(at))
        || groups(code).any(|group| group.split(',').any(|path| is_it(path.trim())))
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first-level names in each `use crate::{...}`.
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

/// The top-level modules that each top-level module of a crate uses, by name.
pub fn uses_of_modules(source: &Path, left_out: &[&str]) -> Uses {
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let entries = fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path());
    let paths: Vec<_> =
        entries.filter(|path| !["main", "lib"].contains(&name(path).as_str())).collect();
    let modules: BTreeSet<String> = paths.iter().map(|path| name(path)).collect();
    let mut uses = Uses::new();
    for path in &paths {
        let own = name(path);
        for (_, code) in code_below(path, left_out) {
            let others = modules.iter().filter(|other| **other != own);
            let used = others.filter(|other| knows(&code, &format!("crate::{other}")));
            uses.entry(own.clone()).or_default().extend(used.cloned());
        }
    }
    uses
}

/// Fails if modules use each other, directly or through others.
pub fn assert_no_circle(uses: &Uses) {
    for module in uses.keys() {
        let circle = circle(uses, module);
        assert!(circle.is_empty(), "a circle: {}", circle.join(" uses "));
    }
}

/// The modules on a path of uses from one module back to itself; empty if it has no such path.
fn circle(uses: &Uses, from: &str) -> Vec<String> {
    let mut paths = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(path) = paths.pop() {
        for next in path.last().and_then(|last| uses.get(last)).into_iter().flatten() {
            if next == from {
                return path;
            }
            if seen.insert(next.clone()) {
                paths.push(path.iter().chain([next]).cloned().collect());
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_is_found_however_it_is_written() {
        for code in [
            "use crate::storage::Store;",
            "use crate::{domain::id::UserId, storage::{Store, StoreError}};",
            "use crate::{\n    domain::id,\n    storage,\n};",
            "fn f() { crate::storage::open() }",
        ] {
            assert!(knows(code, "crate::storage"), "{code}");
        }
        for code in [
            "use crate::{domain::{a, storage::b}};",
            "use crate::restorage::Store;",
            "use crate::storages::Store;",
        ] {
            assert!(!knows(code, "crate::storage"), "{code}");
        }
        assert!(knows("use tonic::Status;", "tonic") && !knows("use diatonic::Scale;", "tonic"));
    }

    #[test]
    fn a_circle_is_found_however_long_it_is() {
        let line = |from: &str, to: &str| (from.to_owned(), BTreeSet::from([to.to_owned()]));
        let mut uses = BTreeMap::from([line("a", "b"), line("b", "c"), line("c", "d")]);
        assert!(circle(&uses, "a").is_empty());
        uses.extend([line("d", "a")]);
        assert_eq!(circle(&uses, "a"), ["a", "b", "c", "d"]);
    }
}
