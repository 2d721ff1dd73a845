//! The data folder, following the XDG specification.

use std::path::PathBuf;

/// `VIVA_DATA_DIR`, or `viva` in the user's data folder. Without a home directory, `viva-data` in
/// the directory where the program was started.
pub fn data_folder(get: impl Fn(&str) -> Option<String>) -> PathBuf {
    let set = |name| get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("VIVA_DATA_DIR") {
        return folder;
    }
    // The XDG specification says to ignore a relative path.
    let xdg = set("XDG_DATA_HOME").filter(|folder| folder.is_absolute());
    let data = xdg.or_else(|| set("HOME").map(|home| home.join(".local/share")));
    data.map_or_else(|| PathBuf::from("viva-data"), |data| data.join("viva"))
}
