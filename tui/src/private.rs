//! Files that only their owner may read: folders 0700, files 0600, replaced atomically. The content
//! is the caller's business.

use std::{
    fs::{self, DirBuilder},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::Path,
};

/// Makes `folder` and its parents, for its owner only.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // An existing folder may be open to others; it is ours, so its permissions are narrowed.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Writes `content` to `file` so that a reader sees the old content or the new, never a part.
pub(crate) fn replace_file(file: &Path, content: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    // Named temporary files have mode 0600.
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(content)?;
    // Without this, a power cut right after the rename could leave an empty file.
    temporary.as_file().sync_data()?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// Removes `file`, if it exists.
pub(crate) fn remove_file(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_file_and_its_folder_are_readable_only_by_their_owner() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a/b/secret.json");
        replace_file(&file, b"one").unwrap();
        replace_file(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let folder = file.parent().unwrap();
        assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn removing_a_file_twice_is_fine() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("gone");
        replace_file(&file, b"x").unwrap();
        remove_file(&file).unwrap();
        remove_file(&file).unwrap();
    }
}
