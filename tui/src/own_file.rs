//! Files that belong to the user and that Viva adds to: settings, bank files, templates. A reader
//! sees the old text or the new one, never a part.

use std::{
    fs::{self, DirBuilder, Permissions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use viva_text::decode;

/// Reads the text of a file; `None` if the file does not exist.
pub(crate) fn read(file: &Path) -> io::Result<Option<String>> {
    match decode::file(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces the file atomically. An existing file keeps its permissions, and a link still points to
/// it; a new file is readable only by its owner. The folder's permissions are left alone.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    let place = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let mode = fs::metadata(&place).map_or(0o600, |found| found.permissions().mode());
    let temporary = written(&place, text, mode)?;
    temporary.persist(&place).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a new file; an existing one is an error and is not changed.
pub(crate) fn create(file: &Path, text: &str) -> io::Result<()> {
    let temporary = written(file, text, 0o600)?;
    temporary.persist_noclobber(file).map_err(|error| error.error)?;
    Ok(())
}

/// Writes the text to a temporary file beside the target.
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
    fn creating_a_file_never_overwrites_an_existing_one() {
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
