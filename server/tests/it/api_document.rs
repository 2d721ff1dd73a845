//! docs/api.md is true: its excerpts are in the samples, and its tables list every RPC of the
//! contract and every error reason of the server.

use std::{collections::BTreeSet, fs, path::PathBuf};

use crate::authorisation::table::{Access, TABLE};

/// The sample that each language's excerpts are from.
const SAMPLES: [(&str, &str); 4] = [
    ("bash", "grpcurl/practise.sh"),
    ("python", "python/practise.py"),
    ("rust", "rust/src/main.rs"),
    ("typescript", "typescript/src/practise.ts"),
];

fn read(path: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// Each excerpt with its language.
fn excerpts(document: &str) -> Vec<(&str, &str)> {
    let fenced = document.split("```").skip(1).step_by(2);
    fenced.map(|fenced| fenced.split_once('\n').unwrap()).collect()
}

/// Whether a word has the form of an error reason.
fn is_reason(word: &str) -> bool {
    word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

#[test]
fn the_documents_excerpts_are_in_the_samples() {
    let document = read("docs/api.md");
    let excerpts = excerpts(&document);
    for (language, path) in SAMPLES {
        let sample = read(&format!("docs/samples/{path}"));
        let quoted: Vec<_> = excerpts.iter().filter(|excerpt| excerpt.0 == language).collect();
        assert!(!quoted.is_empty(), "the document quotes nothing from {path}");
        for (_, text) in quoted {
            assert!(sample.contains(text), "{path} no longer contains this:\n{text}");
        }
    }
    let known = |language: &str| SAMPLES.iter().any(|sample| sample.0 == language);
    assert!(
        excerpts.iter().all(|excerpt| known(excerpt.0)),
        "an excerpt is in a language without a sample"
    );
}

#[test]
fn the_document_lists_exactly_the_reasons() {
    let source = read("server/src/grpc/status.rs") + &read("connect/src/refusal.rs");
    let quoted = source.split('"').skip(1).step_by(2);
    let given: BTreeSet<_> = quoted.filter(|text| is_reason(text)).collect();
    let document = read("docs/api.md");
    let table = document.split("| code | reason | what to do |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let reasons = rows.map(|row| row.split('|').nth(2).unwrap());
    let told: BTreeSet<_> =
        reasons.flat_map(|cell| cell.split([',', ' '])).filter(|word| is_reason(word)).collect();
    assert_eq!(told, given);
}

/// How the document names the credential that an RPC needs.
fn credential(access: Access) -> &'static str {
    match access {
        Access::Open => "none",
        Access::Any => "any",
        Access::SignedIn => "session",
        Access::Scope(scope) => scope,
    }
}

#[test]
fn the_document_lists_exactly_the_rpcs_with_their_credentials() {
    let document = read("docs/api.md");
    let table = document.split("| RPC | credential |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let told: BTreeSet<_> = rows
        .map(|row| {
            let cells: Vec<_> = row.split('|').map(str::trim).collect();
            (cells[1], cells[2].trim_matches('`'))
        })
        .collect();
    let given: BTreeSet<_> = TABLE.iter().map(|row| (row.rpc, credential(row.access))).collect();
    assert_eq!(told, given);
}
