//! Files that the app saves for its user: beside other things of his, so that nothing that is there
//! is ever written over, and by names that no server can choose freely.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
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
                open.write_all(content)?;
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
