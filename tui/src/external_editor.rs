//! Writing in the user's own editor. The terminal is the caller's to give and to take back.

use std::{
    fs,
    io::{self, Write as _},
    process::ExitStatus,
};

use tokio::process::Command;

/// Opens `text` in the editor that `command` names and gives what was saved; otherwise why not,
/// for a person.
pub(crate) async fn edit(command: Option<&str>, text: &str) -> Result<String, String> {
    let command = command.ok_or("No editor is set. Set $VISUAL or $EDITOR to use one.")?;
    let words = shell_words::split(command)
        .map_err(|error| format!("The editor \"{command}\" cannot be understood: {error}."))?;
    let [program, arguments @ ..] = words.as_slice() else {
        return Err("No editor is set. Set $VISUAL or $EDITOR to use one.".to_owned());
    };
    let file = temporary(text).map_err(|error| format!("The text has no place: {error}."))?;
    let status = Command::new(program).args(arguments).arg(file.path()).status().await;
    check(program, status)?;
    fs::read_to_string(file.path()).map_err(|error| format!("The text cannot be read: {error}."))
}

/// A file for the owner alone, which goes with the value.
fn temporary(text: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("viva-answer-").suffix(".md").tempfile()?;
    writeln!(file, "{text}")?;
    file.flush()?;
    Ok(file)
}

fn check(program: &str, status: io::Result<ExitStatus>) -> Result<(), String> {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("The editor ended with {status}; nothing was taken from it.")),
        Err(error) => Err(format!("The editor {program} cannot be started: {error}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_the_editor_saves_is_the_text() {
        let text = edit(Some("sh -c 'echo more >> \"$0\"'"), "some").await.unwrap();
        assert_eq!(text, "some\nmore\n");
    }

    #[tokio::test]
    async fn an_editor_that_fails_or_is_missing_gives_no_text() {
        assert!(edit(Some("false"), "some").await.unwrap_err().contains("exit status: 1"));
        assert!(edit(Some("no-such-editor-here"), "x").await.unwrap_err().contains("started"));
        assert!(edit(Some("'unclosed"), "x").await.unwrap_err().contains("understood"));
        assert!(edit(None, "x").await.is_err());
    }
}
