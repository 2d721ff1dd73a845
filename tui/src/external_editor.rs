//! Writing in the user's own editor. The caller gives up the terminal and takes it back. The file
//! that passes the text is removed only once the text is safe elsewhere.

mod sheet;

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tokio::process::Command;

use viva_text::decode;

use crate::{private, saved};

/// Faster than anyone could open an editor, look and close it.
const AT_ONCE: Duration = Duration::from_millis(500);

const NONE_SET: &str =
    "No editor is set, and neither nano nor vi is installed. Set $VISUAL or $EDITOR.";

/// The editors to try if none is set. Most people know how to leave the first.
const USUAL: [&str; 3] = ["nano", "vi", "vim"];

/// Returns an editor that is in one of the folders of `path`, in the form of `$PATH`.
pub(crate) fn usual(path: Option<&OsStr>) -> Option<String> {
    let folders: Vec<PathBuf> = std::env::split_paths(path?).collect();
    let is_there = |name: &&str| folders.iter().any(|folder| folder.join(name).is_file());
    USUAL.into_iter().find(is_there).map(str::to_owned)
}

/// The result of editing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edited {
    /// The text that was saved.
    pub(crate) text: Option<String>,
    /// What went wrong, for the user.
    pub(crate) fault: Option<String>,
}

/// A text in a file that only its owner can read, to be edited.
pub(crate) struct Handed {
    path: PathBuf,
    /// The question as written to the file.
    head: String,
    /// Everything that was written to the file.
    text: String,
    /// Held as long as this process waits for the editor.
    _lock: File,
}

/// The names of the file for the editor and of the lock beside it, in a folder for each text.
const NAME: &str = "viva-answer.md";
const LOCK: &str = "lock";

/// Moves texts that an editor saved, but that no running process will read, to the folder above `folder`,
/// and returns their files. The process was killed, or could not read what the editor had saved.
pub(crate) fn left_behind(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let above = [folder.parent().unwrap_or(folder).to_path_buf()];
    let moved = folders.filter_map(|left| {
        let lock = File::open(left.join(LOCK)).ok()?;
        // Another running process still waits for this file.
        lock.try_lock().ok()?;
        let text = fs::read(left.join(NAME)).ok().map(|text| answer_in(&text));
        let text = text.filter(|text| !text.trim_ascii().is_empty());
        let file = text.map(|text| saved::save(&above, NAME, &text)).transpose().ok()?;
        let _ = fs::remove_dir_all(&left);
        file
    });
    moved.collect()
}

/// What to say about such files, which are in one folder; `None` if there are none.
pub(crate) fn remark(files: &[PathBuf]) -> Option<String> {
    let (first, others) = files.split_first()?;
    let others = others.iter().filter_map(|file| file.file_name());
    let names = others.map(|name| name.display().to_string());
    let names: Vec<String> = [first.display().to_string()].into_iter().chain(names).collect();
    let what = "Text that you saved in an editor did not get into an answer.";
    Some(format!("{what} It is in {}.", names.join(", ")))
}

/// The answer in a file whose question is unknown; bytes that are not text are returned unchanged.
fn answer_in(file: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(file) {
        Ok(text) => sheet::answer(text, "").into_bytes(),
        Err(_) => file.to_vec(),
    }
}

impl Handed {
    /// Writes the text to a file below `folder`, with the question above it, or returns why not.
    pub(crate) fn new(text: &str, question: &str, folder: &Path) -> Result<Self, Edited> {
        let head = sheet::head(question);
        let handed = || -> io::Result<Self> {
            private::make_folder(folder)?;
            let own = tempfile::Builder::new().prefix("answer-").tempdir_in(folder)?;
            let lock = File::create(own.path().join(LOCK))?;
            lock.lock()?;
            let path = own.path().join(NAME);
            let text = format!("{head}{text}\n");
            private::replace_file(&path, text.as_bytes())?;
            let _kept = own.keep();
            Ok(Self { path, head: head.clone(), text, _lock: lock })
        };
        match handed() {
            Ok(handed) => Ok(handed),
            Err(error) => Err(failed(format!("The text cannot be opened in an editor: {error}."))),
        }
    }

    /// Opens the file in the editor that `command` names, until the editor ends.
    pub(crate) async fn edit(&self, command: Option<&str>) -> Edited {
        let words = match command.map(shell_words::split) {
            None => return failed(NONE_SET),
            Some(Err(error)) => {
                let command = command.unwrap_or_default();
                return failed(format!("The editor \"{command}\" cannot be understood: {error}."));
            }
            Some(Ok(words)) => words,
        };
        let [program, arguments @ ..] = words.as_slice() else { return failed(NONE_SET) };
        let begun = Instant::now();
        let status = match Command::new(program).args(arguments).arg(&self.path).status().await {
            Ok(status) => status,
            Err(error) => {
                return failed(format!("The editor {program} cannot be started: {error}."));
            }
        };
        let path = self.path.display();
        if fs::symlink_metadata(&self.path).is_err() {
            return failed("The editor removed its file, so your text stays as it was before.");
        }
        let text = match self.saved() {
            Ok(text) => sheet::answer(&text, &self.head),
            Err(why) => return failed(format!("What the editor saved {why}. It is kept: {path}")),
        };
        if text.trim().is_empty() && !self.text[self.head.len()..].trim().is_empty() {
            return failed(
                "The editor left nothing in its file, so your text stays as it was before. To clear it, delete it here.",
            );
        }
        let fault = if !status.success() && self.has_changed() {
            Some(format!("The editor ended with {status}; what it saved is kept."))
        } else if !status.success() {
            return failed(format!("The editor ended with {status} and saved nothing."));
        } else if begun.elapsed() < AT_ONCE && !self.has_changed() {
            Some(format!(
                "The editor closed immediately and saved nothing. If it opens a window of its own, tell it to \
                 wait, as in `code --wait`. Its file is still there: {path}"
            ))
        } else {
            None
        };
        Edited { text: Some(text), fault }
    }

    /// Removes the file once its text is safe elsewhere. It is kept if its text could not be read,
    /// or if an editor may still have it open.
    pub(crate) fn remove(&self, edited: &Edited) {
        let is_taken = edited.text.is_some() && (edited.fault.is_none() || self.has_changed());
        if is_taken || edited.text.is_none() && !self.has_text_to_lose() {
            self.clear();
        }
    }

    /// Returns the file's path if anything was saved to it; otherwise removes the file.
    pub(crate) fn leave(&self) -> Option<PathBuf> {
        if self.has_text_to_lose() {
            return Some(self.path.clone());
        }
        self.clear();
        None
    }

    /// Removes the file with its folder.
    fn clear(&self) {
        if let Some(folder) = self.path.parent() {
            let _ = fs::remove_dir_all(folder);
        }
    }

    fn saved(&self) -> Result<String, String> {
        // The target of a link does not belong to this text.
        if !fs::symlink_metadata(&self.path).is_ok_and(|file| file.is_file()) {
            return Err("is no longer a file".to_owned());
        }
        let bytes = fs::read(&self.path).map_err(|error| format!("cannot be read ({error})"))?;
        decode::typed(&bytes)
    }

    /// Whether the file contains text other than what was written to it. An empty one does not.
    fn has_text_to_lose(&self) -> bool {
        let has_text = |file: String| !sheet::answer(&file, &self.head).trim().is_empty();
        self.has_changed() && self.saved().map_or(true, has_text)
    }

    /// Whether the text in the file has changed. A missing file has nothing to lose.
    fn has_changed(&self) -> bool {
        Path::new(&self.path).exists() && self.saved().as_ref() != Ok(&self.text)
    }
}

fn failed(fault: impl Into<String>) -> Edited {
    Edited { text: None, fault: Some(fault.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: &str = "What is a lock?";

    /// A text in a file of its own folder.
    struct World {
        handed: Handed,
        _folder: tempfile::TempDir,
    }

    impl std::ops::Deref for World {
        type Target = Handed;

        fn deref(&self) -> &Handed {
            &self.handed
        }
    }

    fn world() -> World {
        let folder = tempfile::tempdir().unwrap();
        World { handed: Handed::new("some", QUESTION, folder.path()).unwrap(), _folder: folder }
    }

    async fn edit(command: Option<&str>) -> (World, Edited) {
        let world = world();
        let edited = world.edit(command).await;
        (world, edited)
    }

    #[tokio::test]
    async fn what_the_editor_saves_becomes_the_text_and_the_file_is_removed() {
        let (handed, edited) = edit(Some("sh -c 'echo more >> \"$0\"'")).await;
        assert_eq!((edited.text.as_deref(), &edited.fault), (Some("some\nmore\n"), &None));
        let path = handed.path.clone();
        handed.remove(&edited);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn what_an_editor_saved_before_it_failed_is_used() {
        for end in ["exit 1", "kill -9 $$"] {
            let command = format!("sh -c 'echo more >> \"$0\"; {end}'");
            let (handed, edited) = edit(Some(&command)).await;
            assert_eq!(edited.text.as_deref(), Some("some\nmore\n"));
            assert!(edited.fault.as_ref().unwrap().contains("what it saved is kept"));
            handed.remove(&edited);
        }
    }

    #[tokio::test]
    async fn a_text_that_cannot_be_read_stays_in_its_file() {
        let (handed, edited) = edit(Some("sh -c 'printf \"caf\\351\" > \"$0\"'")).await;
        let path = handed.path.clone();
        let fault = edited.fault.clone().unwrap();
        assert!(fault.contains("not UTF-8") && fault.contains(path.to_str().unwrap()), "{fault}");
        assert_eq!(edited.text, None);
        handed.remove(&edited);
        assert!(path.exists());
        fs::remove_file(path).unwrap();
    }

    #[tokio::test]
    async fn a_missing_empty_or_replaced_file_leaves_the_text_unchanged() {
        for (command, part) in [
            ("sh -c 'rm \"$0\"'", "removed its file"),
            ("sh -c ': > \"$0\"'", "left nothing in its file"),
            ("sh -c 'ln -sf /etc/hostname \"$0\"'", "is no longer a file"),
            ("sh -c 'rm \"$0\"; mkdir \"$0\"'", "is no longer a file"),
        ] {
            let (handed, edited) = edit(Some(command)).await;
            assert_eq!(edited.text, None, "{command}");
            assert!(edited.fault.as_ref().unwrap().contains(part), "{edited:?}");
            let path = handed.path.clone();
            handed.remove(&edited);
            let _ = fs::remove_file(&path);
            let _ = fs::remove_dir(&path);
        }
    }

    #[tokio::test]
    async fn an_editor_that_does_not_wait_is_recognised_and_keeps_its_file() {
        let (handed, edited) = edit(Some("true")).await;
        let path = handed.path.clone();
        assert!(edited.fault.as_ref().unwrap().contains("code --wait"));
        handed.remove(&edited);
        assert!(path.exists());
        fs::remove_file(path).unwrap();
    }

    #[tokio::test]
    async fn an_editor_that_fails_or_is_missing_gives_no_text_and_leaves_no_file() {
        for (command, part) in [
            (Some("false"), "exit status: 1"),
            (Some("no-such-editor-here"), "started"),
            (Some("'unclosed"), "understood"),
            (None, "No editor is set"),
        ] {
            let (handed, edited) = edit(command).await;
            assert!(edited.fault.as_ref().unwrap().contains(part), "{edited:?}");
            assert_eq!(edited.text, None);
            let path = handed.path.clone();
            handed.remove(&edited);
            assert!(!path.exists(), "{command:?}");
        }
    }

    #[test]
    fn a_signal_that_ends_the_app_keeps_what_the_editor_saved() {
        let handed = world();
        fs::write(&handed.path, "some\nmore\n").unwrap();
        let path = handed.leave().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "some\nmore\n");
        fs::remove_file(path).unwrap();
        let handed = world();
        let path = handed.path.clone();
        assert_eq!(handed.leave(), None);
        assert!(!path.exists());
    }

    #[test]
    fn what_an_editor_saved_for_a_process_that_was_killed_is_found_once() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("editor");
        assert!(left_behind(&folder).is_empty());
        let waiting = Handed::new("still open elsewhere", QUESTION, &folder).unwrap();
        let killed = Handed::new("some", QUESTION, &folder).unwrap();
        fs::write(&killed.path, "saved before it was killed\n").unwrap();
        // The end of a process releases its lock and does nothing else.
        drop(killed);
        let found = left_behind(&folder);
        assert_eq!(found, [home.path().join("viva-answer.md")]);
        assert_eq!(fs::read_to_string(&found[0]).unwrap(), "saved before it was killed\n");
        assert!(left_behind(&folder).is_empty());
        assert!(waiting.path.exists());
    }

    #[test]
    fn every_text_that_was_left_behind_is_named() {
        assert_eq!(remark(&[]), None);
        let said = remark(&["/home/ada/viva/one.md".into(), "/home/ada/viva/two.md".into()]);
        let what = "Text that you saved in an editor did not get into an answer.";
        assert_eq!(said, Some(format!("{what} It is in /home/ada/viva/one.md, two.md.")));
    }
}
