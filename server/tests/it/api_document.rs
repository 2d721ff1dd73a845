//! docs/api.md says what is so: its excerpts stand in the samples, and its table has every reason that
//! the server gives.

use std::{collections::BTreeSet, fs, path::PathBuf};

/// The sample that an excerpt in a language is from.
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

/// Whether a word is written as reasons are.
fn is_reason(word: &str) -> bool {
    word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

#[test]
fn what_the_document_quotes_is_what_the_samples_do() {
    let document = read("docs/api.md");
    let excerpts = excerpts(&document);
    for (language, path) in SAMPLES {
        let sample = read(&format!("docs/samples/{path}"));
        let quoted: Vec<_> = excerpts.iter().filter(|excerpt| excerpt.0 == language).collect();
        assert!(!quoted.is_empty(), "nothing is quoted from {path}");
        for (_, text) in quoted {
            assert!(sample.contains(text), "{path} does not hold this any more:\n{text}");
        }
    }
    let known = |language: &str| SAMPLES.iter().any(|sample| sample.0 == language);
    assert!(excerpts.iter().all(|excerpt| known(excerpt.0)), "an excerpt is from no sample");
}

#[test]
fn every_reason_is_in_the_document_and_no_other() {
    let source = read("server/src/grpc/status.rs");
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
