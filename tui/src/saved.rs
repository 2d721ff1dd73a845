//! Files that the app saves for its user: beside other things of his, so that nothing that is there
//! is ever written over, and by names that no server can choose freely.

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

/// How many files of one name, told apart by a number, there may be.
const MOST_ALIKE: usize = 1000;

/// The longest name that is taken from a server.
const LONGEST_NAME: usize = 120;

/// Writes a new file into the first of these folders that takes one, and says where it is. One that
/// is there already with the same content is as good; else the name gets a number.
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

/// Saves the text of a draft as a file of its own.
pub(crate) fn save_text(folders: &[PathBuf], draft: &Draft) -> io::Result<PathBuf> {
    let name = match draft.id {
        DraftId::ADVERT => "viva-job-advert.md".to_owned(),
        id => format!("viva-answer-{}-{}.md", id.interview, id.question),
    };
    save(folders, &name, draft.text.as_bytes())
}

/// A text that could not be kept as a draft.
pub(crate) enum Rescued {
    /// It is in this file.
    InFile(PathBuf),
    /// It cannot be written anywhere; here it is.
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
                "A draft could not be kept, nor saved anywhere else. Copy it from here:\n\n{}\n",
                text::neutral(text)
            ),
        }
    }
}

/// Saves texts that could not be kept as drafts in the first of these folders that takes them.
pub(crate) fn rescue(folders: &[PathBuf], drafts: Vec<Draft>) -> Vec<Rescued> {
    let written = drafts.into_iter().filter(|draft| !draft.text.trim().is_empty());
    let rescue = |draft: Draft| match save_text(folders, &draft) {
        Ok(path) => Rescued::InFile(path),
        Err(_) => Rescued::Nowhere(draft.text),
    };
    written.map(rescue).collect()
}

/// The name that a server gives to a file if it is one of letters, digits and dashes with an
/// extension, and `otherwise` if it is anything else, such as a way into another folder.
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
                    // Half of it under that name would pass for the whole.
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
    fn nothing_that_is_there_is_written_over() {
        let home = tempfile::tempdir().unwrap();
        let folders = [home.path().to_path_buf()];
        let save = |content: &str| save(&folders, "report.md", content.as_bytes()).unwrap();
        assert_eq!(save("one"), home.path().join("report.md"));
        assert_eq!(save("two"), home.path().join("report-2.md"));
        assert_eq!(save("one"), home.path().join("report.md"), "the same is there already");
        assert_eq!(fs::read(home.path().join("report.md")).unwrap(), b"one");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_folder_that_takes_no_file_is_passed_over() {
        let home = tempfile::tempdir().unwrap();
        let folders = [home.path().join("none"), home.path().to_path_buf()];
        assert_eq!(save(&folders, "a.md", b"x").unwrap(), home.path().join("a.md"));
        assert!(save(&folders[..1], "a.md", b"x").is_err());
    }

    #[test]
    fn no_server_chooses_the_folder() {
        assert_eq!(safe_name("viva-report-7-rust.md", "x.md"), "viva-report-7-rust.md");
        let long = "a".repeat(200) + ".md";
        for name in ["../a.md", "/etc/a.md", ".bashrc", "a", "a.", "a.b.c", "a b.md", "é.md", &long]
        {
            assert_eq!(safe_name(name, "x.md"), "x.md", "{name}");
        }
    }
}
