//! Files that belong to a person and that Viva adds to: settings, bank files, templates. A reader sees the
//! old text or the new, never a part.

use std::{
    fs::{self, DirBuilder, Permissions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// The text of a file; none where there is no such file.
pub(crate) fn read(file: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces the file in one step. One that is there keeps its permissions, and its place where the
/// name is only a link to it; a new one is for its owner alone. The folder is not ours to narrow.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    let place = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let mode = fs::metadata(&place).map_or(0o600, |found| found.permissions().mode());
    let temporary = written(&place, text, mode)?;
    temporary.persist(&place).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a new file; one that is there already is an error and stays as it is.
pub(crate) fn create(file: &Path, text: &str) -> io::Result<()> {
    let temporary = written(file, text, 0o600)?;
    temporary.persist_noclobber(file).map_err(|error| error.error)?;
    Ok(())
}

/// A file beside the one that is to be written, with all of its text.
fn written(file: &Path, text: &str, mode: u32) -> io::Result<tempfile::NamedTempFile> {
    let folder = folder_of(file);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(&folder)?;
    temporary.write_all(text.as_bytes())?;
    temporary.as_file().set_permissions(Permissions::from_mode(mode))?;
    temporary.as_file().sync_data()?;
    Ok(temporary)
}

fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_never_written_over_by_a_new_one() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("bank/locks.toml");
        create(&file, "mine").unwrap();
        assert_eq!(create(&file, "other").unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(read(&file).unwrap().as_deref(), Some("mine"));
        replace(&file, "mine and more").unwrap();
        assert_eq!(read(&file).unwrap().as_deref(), Some("mine and more"));
        assert_eq!(fs::read_dir(home.path().join("bank")).unwrap().count(), 1);
        assert_eq!(read(&home.path().join("none.toml")).unwrap(), None);
    }
}
