//! Files that the app saves for the user, among other files of theirs: existing files are never
//! overwritten, and a server cannot choose names freely.

use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    drafts::{Draft, DraftId},
    text,
};

/// The most files with the same name, distinguished by a number.
const MOST_ALIKE: usize = 1000;

/// The longest name accepted from a server.
const LONGEST_NAME: usize = 120;

/// Writes a new file into the first of these folders that accepts it, and returns its path. An
/// existing file with the same content is used as it is; otherwise the name gets a number.
pub(crate) fn save(folders: &[PathBuf], name: &str, content: &[u8]) -> io::Result<PathBuf> {
    let mut outcome = Err(io::Error::from(ErrorKind::NotFound));
    for folder in folders {
        outcome = save_in(folder, name, content);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// Saves the text of a draft as a separate file.
pub(crate) fn save_text(folders: &[PathBuf], draft: &Draft) -> io::Result<PathBuf> {
    let name = match draft.id {
        DraftId::ADVERT => "viva-job-advert.md".to_owned(),
        DraftId { interview: 0, question } => format!("viva-review-{question}.md"),
        id => format!("viva-answer-{}-{}.md", id.interview, id.question),
    };
    save(folders, &name, draft.text.as_bytes())
}

/// A text that could not be kept as a draft.
pub(crate) enum Rescued {
    /// It was saved in this file.
    InFile(PathBuf),
    /// It could not be saved; this is the text.
    Nowhere(String),
}

impl fmt::Display for Rescued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InFile(path) => {
                write!(f, "A draft could not be kept; its text is in {}.", path.display())
            }
            Self::Nowhere(text) => write!(
                f,
                "A draft could not be saved anywhere. Copy it from here:\n\n{}\n",
                text::neutral(text)
            ),
        }
    }
}

/// Saves texts that could not be kept as drafts in the first of these folders that accepts them.
pub(crate) fn rescue(folders: &[PathBuf], drafts: Vec<Draft>) -> Vec<Rescued> {
    let written = drafts.into_iter().filter(|draft| !draft.text.trim().is_empty());
    let rescue = |draft: Draft| match save_text(folders, &draft) {
        Ok(path) => Rescued::InFile(path),
        Err(_) => Rescued::Nowhere(draft.text),
    };
    written.map(rescue).collect()
}

/// Returns a server's file name if it consists of letters, digits and dashes with an extension, and
/// `otherwise` if not, because another name could lead to another folder.
pub(crate) fn safe_name<'a>(name: &'a str, otherwise: &'a str) -> &'a str {
    let is_plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b == b'-' || b.is_ascii_alphanumeric())
    };
    match name.split_once('.') {
        Some((stem, extension))
            if name.len() <= LONGEST_NAME && is_plain(stem) && is_plain(extension) =>
        {
            name
        }
        _ => otherwise,
    }
}

fn save_in(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    let (stem, extension) = name.split_once('.').unwrap_or((name, "txt"));
    for number in 1..=MOST_ALIKE {
        let file = match number {
            1 => folder.join(name),
            number => folder.join(format!("{stem}-{number}.{extension}")),
        };
        match OpenOptions::new().write(true).create_new(true).open(&file) {
            Ok(mut open) => {
                if let Err(error) = open.write_all(content).and_then(|()| open.sync_data()) {
                    // A partial file with this name would look complete.
                    let _ = fs::remove_file(&file);
                    return Err(error);
                }
                return Ok(file);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if fs::read(&file).is_ok_and(|there| there == content) {
                    return Ok(file);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(ErrorKind::AlreadyExists))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn existing_files_are_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let folders = [home.path().to_path_buf()];
        let save = |content: &str| save(&folders, "report.md", content.as_bytes()).unwrap();
        assert_eq!(save("one"), home.path().join("report.md"));
        assert_eq!(save("two"), home.path().join("report-2.md"));
        assert_eq!(save("one"), home.path().join("report.md"), "the same content exists already");
        assert_eq!(fs::read(home.path().join("report.md")).unwrap(), b"one");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_folder_that_accepts_no_file_is_skipped() {
        let home = tempfile::tempdir().unwrap();
        let folders = [home.path().join("none"), home.path().to_path_buf()];
        assert_eq!(save(&folders, "a.md", b"x").unwrap(), home.path().join("a.md"));
        assert!(save(&folders[..1], "a.md", b"x").is_err());
    }

    #[test]
    fn a_server_cannot_choose_the_folder() {
        assert_eq!(safe_name("viva-report-7-rust.md", "x.md"), "viva-report-7-rust.md");
        let long = "a".repeat(200) + ".md";
        for name in ["../a.md", "/etc/a.md", ".bashrc", "a", "a.", "a.b.c", "a b.md", "é.md", &long]
        {
            assert_eq!(safe_name(name, "x.md"), "x.md", "{name}");
        }
    }
}
