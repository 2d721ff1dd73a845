//! Folders that only their owner can access.

use std::{fs::DirBuilder, io, os::unix::fs::DirBuilderExt, path::Path};

/// Creates a folder that only its owner can access; those above it get the usual permissions.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        // Another process was first.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}
