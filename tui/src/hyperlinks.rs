//! Links to files in printed text (OSC 8), if the terminal is known to understand them.

use std::{fmt::Write as _, os::unix::ffi::OsStrExt as _, path::Path};

/// Terminals that understand links, by their names in `TERM_PROGRAM` and in `TERM`.
const PROGRAMS: [&str; 5] = ["ghostty", "iTerm.app", "rio", "vscode", "WezTerm"];
const TERMS: [&str; 6] =
    ["alacritty", "contour", "foot", "foot-extra", "xterm-ghostty", "xterm-kitty"];

/// The first version of VTE, the library of GNOME's terminal and others, that understands links
/// (`VTE_VERSION`).
const FIRST_VTE: u32 = 5000;

/// Whether the terminal is known to understand links to files on this machine. Over SSH a link
/// would lead to the other machine, and tmux and screen hide which terminal they run in.
pub(crate) fn are_known(get: impl Fn(&str) -> Option<String>) -> bool {
    let value = |name| get(name).filter(|value| !value.is_empty());
    let term = value("TERM").unwrap_or_default();
    let is_far =
        ["SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"].iter().any(|name| value(name).is_some());
    if is_far || term.starts_with("tmux") || term.starts_with("screen") {
        return false;
    }
    let vte = value("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    TERMS.contains(&term.as_str())
        || value("TERM_PROGRAM").is_some_and(|program| PROGRAMS.contains(&program.as_str()))
        || vte.is_some_and(|version| version >= FIRST_VTE)
        || value("WT_SESSION").is_some()
        || value("KONSOLE_VERSION").is_some()
}

/// A file's path without a link.
pub(crate) fn to_nothing(path: &Path) -> String {
    path.display().to_string()
}

/// A file's path, linked to the file.
pub(crate) fn to_file(path: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut address = "file://".to_owned();
    for byte in whole.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            address.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    format!("\x1b]8;;{address}\x1b\\{}\x1b]8;;\x1b\\", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(variables: &[(&str, &str)]) -> bool {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        are_known(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn links_are_written_only_if_the_terminal_is_known_to_understand_them() {
        for variables in [
            &[("TERM", "xterm-kitty")][..],
            &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")],
            &[("TERM", "xterm-256color"), ("VTE_VERSION", "7200")],
        ] {
            assert!(known(variables), "{variables:?}");
        }
        for variables in [
            &[][..],
            &[("TERM", "xterm-256color")],
            &[("TERM", "xterm-256color"), ("VTE_VERSION", "4602")],
            &[("TERM", "xterm-kitty"), ("TMUX", "/tmp/tmux")],
            &[("TERM", "screen-256color"), ("TERM_PROGRAM", "iTerm.app")],
            &[("TERM", "xterm-kitty"), ("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")],
        ] {
            assert!(!known(variables), "{variables:?}");
        }
    }

    #[test]
    fn a_path_cannot_end_its_own_link() {
        let link = to_file(Path::new("/tmp/é \x1b;.md"));
        assert!(link.starts_with("\x1b]8;;file:///tmp/%C3%A9%20%1B%3B.md\x1b\\"), "{link:?}");
    }
}
