//! Writing in the user's own editor. The terminal is the caller's to give and to take back. The file in
//! which the text is handed over is removed only once its text is somewhere else.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tokio::process::Command;

use crate::cli::decode;

/// Nobody opens an editor, looks and closes it in less.
const AT_ONCE: Duration = Duration::from_millis(500);

const NONE_SET: &str = "No editor is set. Set $VISUAL or $EDITOR to use one.";

/// What came of editing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edited {
    /// The text that was saved.
    pub(crate) text: Option<String>,
    /// What went wrong, for a person.
    pub(crate) fault: Option<String>,
}

/// A text in a file for the owner alone, to be written on in an editor.
pub(crate) struct Handed {
    path: PathBuf,
    text: String,
}

impl Handed {
    /// Puts the text into a file; or says why not.
    pub(crate) fn new(text: &str) -> Result<Self, Edited> {
        let kept = || -> io::Result<PathBuf> {
            let mut file =
                tempfile::Builder::new().prefix("viva-answer-").suffix(".md").tempfile()?;
            writeln!(file, "{text}")?;
            file.flush()?;
            Ok(file.keep()?.1)
        };
        match kept() {
            Ok(path) => Ok(Self { path, text: format!("{text}\n") }),
            Err(error) => Err(failed(format!("The text cannot be handed to an editor: {error}."))),
        }
    }

    /// Opens it in the editor that `command` names, until that ends.
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
        let text = match self.saved() {
            Ok(text) => text,
            Err(why) => return failed(format!("What the editor saved {why}. It is kept: {path}")),
        };
        let fault = if !status.success() && self.has_changed() {
            Some(format!("The editor ended with {status}; what it had saved is taken."))
        } else if !status.success() {
            return failed(format!("The editor ended with {status} and saved nothing."));
        } else if begun.elapsed() < AT_ONCE && !self.has_changed() {
            Some(format!(
                "The editor ended at once and saved nothing. If it opens a window of its own, tell it to \
                 wait, as in `code --wait`. Its file stays: {path}"
            ))
        } else {
            None
        };
        Edited { text: Some(text), fault }
    }

    /// Removes the file, whose text is somewhere else by now. It stays where its text could not be taken,
    /// and where an editor may still have it open.
    pub(crate) fn remove(self, edited: &Edited) {
        let is_taken = edited.text.is_some() && (edited.fault.is_none() || self.has_changed());
        if is_taken || !self.has_changed() && edited.text.is_none() {
            let _ = fs::remove_file(&self.path);
        }
    }

    /// Where the file stays, if anything was saved to it; removes it otherwise.
    pub(crate) fn leave(self) -> Option<PathBuf> {
        if self.has_changed() {
            return Some(self.path);
        }
        let _ = fs::remove_file(&self.path);
        None
    }

    fn saved(&self) -> Result<String, String> {
        let bytes = fs::read(&self.path).map_err(|error| format!("cannot be read ({error})"))?;
        decode::text(&bytes)
    }

    /// Whether the file has another text than was handed out. One that is gone has nothing to lose.
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

    async fn edit(command: Option<&str>) -> (Handed, Edited) {
        let handed = Handed::new("some").unwrap();
        let edited = handed.edit(command).await;
        (handed, edited)
    }

    #[tokio::test]
    async fn what_the_editor_saves_is_the_text_and_the_file_goes() {
        let (handed, edited) = edit(Some("sh -c 'echo more >> \"$0\"'")).await;
        assert_eq!((edited.text.as_deref(), &edited.fault), (Some("some\nmore\n"), &None));
        let path = handed.path.clone();
        handed.remove(&edited);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn what_an_editor_saved_before_it_failed_is_taken() {
        for end in ["exit 1", "kill -9 $$"] {
            let command = format!("sh -c 'echo more >> \"$0\"; {end}'");
            let (handed, edited) = edit(Some(&command)).await;
            assert_eq!(edited.text.as_deref(), Some("some\nmore\n"));
            assert!(edited.fault.as_ref().unwrap().contains("what it had saved is taken"));
            handed.remove(&edited);
        }
    }

    #[tokio::test]
    async fn what_cannot_be_taken_stays_in_its_file() {
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
    fn whoever_is_ended_from_outside_keeps_what_the_editor_saved() {
        let handed = Handed::new("some").unwrap();
        fs::write(&handed.path, "some\nmore\n").unwrap();
        let path = handed.leave().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "some\nmore\n");
        fs::remove_file(path).unwrap();
        let handed = Handed::new("some").unwrap();
        let path = handed.path.clone();
        assert_eq!(handed.leave(), None);
        assert!(!path.exists());
    }
}
