//! The migrations as a checkout on another system has them, for tests.

use std::{fs, path::Path};

use super::schema::Step;

/// The files of this folder of migrations with CRLF at the end of each line, written and read again, under
/// the numbers and names of `steps`; with a byte order mark and without a last line end as well, where
/// that is asked for.
pub(super) fn with_crlf(steps: &[Step], database: &str, edited: bool) -> Vec<Step> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(database);
    let theirs = tempfile::tempdir().unwrap();
    let mut names: Vec<_> =
        fs::read_dir(&ours).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names.len(), steps.len(), "a file for each step");
    let text = |name: &std::ffi::OsString| {
        let text = fs::read_to_string(ours.join(name)).unwrap().replace('\n', "\r\n");
        let text = if edited { format!("\u{feff}{}", text.trim_end()) } else { text };
        let path = theirs.path().join(name);
        fs::write(&path, text).unwrap();
        let text: &'static str = fs::read_to_string(path).unwrap().leak();
        text
    };
    steps.iter().zip(&names).map(|((number, step, _), name)| (*number, *step, text(name))).collect()
}
