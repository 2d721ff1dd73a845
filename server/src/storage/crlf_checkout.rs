//! The migrations as a checkout on another system has them, for tests.

use std::{fs, path::Path};

use super::schema::MigrationSource;

/// The files of this folder of migrations with CRLF at the end of each line, written and read again, under
/// the numbers and names of `migrations`; if `edited`, also with a byte order mark and without a last line
/// end.
pub(super) fn with_crlf(
    migrations: &[MigrationSource],
    database: &str,
    edited: bool,
) -> Vec<MigrationSource> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(database);
    let theirs = tempfile::tempdir().unwrap();
    let mut names: Vec<_> =
        fs::read_dir(&ours).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names.len(), migrations.len(), "a file for each migration");
    let text = |name: &std::ffi::OsString| {
        let text = fs::read_to_string(ours.join(name)).unwrap().replace('\n', "\r\n");
        let text = if edited { format!("\u{feff}{}", text.trim_end()) } else { text };
        let path = theirs.path().join(name);
        fs::write(&path, text).unwrap();
        let text: &'static str = fs::read_to_string(path).unwrap().leak();
        text
    };
    migrations
        .iter()
        .zip(&names)
        .map(|((number, own_name, _), name)| (*number, *own_name, text(name)))
        .collect()
}
