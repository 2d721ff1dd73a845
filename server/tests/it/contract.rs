//! The contract's files: a comment on every declaration, the kind of every text (plain or
//! Markdown), and a package for each language that code is generated in.

use std::{fs, path::PathBuf};

/// The files of the contract, by name.
fn files() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../proto/viva/v1");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Whether a line declares something that needs a comment: a message, a field, a value, an RPC.
fn declares(line: &str) -> bool {
    let mut words = line.split_whitespace();
    match words.next() {
        Some("message" | "enum" | "service" | "rpc" | "oneof") => true,
        Some("//" | "option" | "syntax" | "package" | "import") | None => false,
        Some(_) => line.contains(" = ") && line.ends_with(';'),
    }
}

/// Each declaration with the comment before it.
fn declarations(file: &str) -> Vec<(String, String)> {
    let mut comment = String::new();
    let mut found = Vec::new();
    for line in file.lines().map(str::trim) {
        if let Some(said) = line.strip_prefix("//") {
            comment.push(' ');
            comment.push_str(said.trim());
            continue;
        }
        if declares(line) {
            found.push((line.to_owned(), comment.clone()));
        }
        comment.clear();
    }
    found
}

#[test]
fn every_declaration_has_a_comment() {
    let mut bare = Vec::new();
    for (name, file) in files() {
        let declared = declarations(&file).into_iter();
        bare.extend(
            declared.filter(|(_, said)| said.is_empty()).map(|(what, _)| format!("{name}: {what}")),
        );
    }
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

#[test]
fn every_text_says_whether_it_is_plain_or_markdown() {
    let mut silent = Vec::new();
    for (name, file) in files() {
        for (what, said) in declarations(&file) {
            let is_text = what.trim_start_matches("optional ").trim_start_matches("repeated ");
            let says =
                ["plain text", "Plain text", "Markdown"].iter().any(|word| said.contains(word));
            if is_text.starts_with("string ") && !says {
                silent.push(format!("{name}: {what}"));
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn every_file_names_a_package_for_each_language() {
    let options = [
        "option csharp_namespace = \"Viva.V1\";",
        "option go_package = \"viva/v1;vivav1\";",
        "option java_multiple_files = true;",
        "option java_package = \"viva.v1\";",
        "option php_namespace = \"Viva\\\\V1\";",
        "option ruby_package = \"Viva::V1\";",
    ];
    for (name, file) in files() {
        for option in options {
            assert!(file.contains(option), "{name}: {option}");
        }
    }
}
