//! The rows of the files to measure on. One bad row stops the measurement: figures over the rest
//! would look valid.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use crate::cli::{
    Failure,
    grade::row::Row,
    values::{self, Found},
};

/// The most bad rows listed.
const MOST_FAULTS: usize = 10;

/// An answer that people scored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scored {
    /// The answer and its rubric.
    pub(super) row: Row,
    /// People's score, 0 to 1.
    pub(super) score: f64,
    /// The data set that it is from.
    pub(super) dataset: String,
    /// File and line, for messages.
    pub(super) place: String,
}

/// Reads all rows of the files.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<Scored>, Failure> {
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let opened = File::open(file)
            .map_err(|error| Failure::file(format!("{name} cannot be read"), &error))?;
        values::read(BufReader::new(opened), &name, |found| {
            match scored(found, file) {
                Ok(row) => rows.push(row),
                Err(fault) => faults.push(fault),
            }
            Ok(())
        })?;
    }
    if faults.is_empty() && rows.is_empty() {
        return Err(Failure::failed("There is no answer in these files."));
    }
    if faults.is_empty() {
        return Ok(rows);
    }
    Err(failure(&faults))
}

fn scored(found: Found, file: &Path) -> Result<Scored, String> {
    let place = format!("{}:{}", file.display(), found.line);
    let row = found.value.and_then(|value| Row::of(&value));
    let row = row.map_err(|fault| format!("{place}: {fault}"))?;
    let score = row
        .score01
        .ok_or_else(|| format!("{place}: score01 is missing; it must be a number from 0 to 1"))?;
    let stem = || {
        let stem = file.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    };
    Ok(Scored { score, dataset: row.dataset.clone().unwrap_or_else(stem), place, row })
}

fn failure(faults: &[String]) -> Failure {
    let mut lines: Vec<_> = faults.iter().take(MOST_FAULTS).cloned().collect();
    if faults.len() > MOST_FAULTS {
        lines.push(format!("and {} more like these", faults.len() - MOST_FAULTS));
    }
    Failure::failed(lines.join("\n"))
}
