//! What commands read: standard input, files and lines that you type. Reading blocks, so it runs in
//! threads of its own that the program does not wait for: Ctrl+C ends a command that is reading.

use std::{
    fs,
    io::{BufRead as _, Read as _, stdin},
    path::{Path, PathBuf},
    thread,
};

use tokio::sync::oneshot;
use viva_text::decode;

use super::{Context, Failure, Paper, note};
use crate::saved;

/// Does blocking work on a thread that the program does not wait for when it exits.
pub(crate) async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (done, outcome) = oneshot::channel();
    thread::spawn(move || {
        // The command may have been interrupted meanwhile.
        let _ = done.send(work());
    });
    outcome.await.unwrap_or_else(|_| Err(Failure::failed("Viva stopped unexpectedly at this.")))
}

/// Text from standard input, which may be the only copy. Unless the server has stored it, it is
/// saved as a file, however the command ends.
pub(super) struct Piped {
    bytes: Vec<u8>,
    folders: [PathBuf; 2],
    name: &'static str,
    paper: Paper,
}

impl Piped {
    /// Reads standard input to its end; `name` is for the file.
    pub(super) async fn read(name: &'static str, context: &Context) -> Result<Self, Failure> {
        let bytes = on_a_thread(|| {
            let mut bytes = Vec::new();
            let read = stdin().lock().read_to_end(&mut bytes);
            read.map_err(|error| Failure::file("Standard input cannot be read", &error))?;
            Ok(bytes)
        });
        Ok(Self { bytes: bytes.await?, folders: folders(context), name, paper: context.paper })
    }

    /// A line that was typed; `name` is for the file.
    pub(super) fn typed(line: &str, name: &'static str, context: &Context) -> Self {
        Self {
            bytes: line.as_bytes().to_vec(),
            folders: folders(context),
            name,
            paper: context.paper,
        }
    }

    /// The input as text.
    pub(super) fn text(&self) -> Result<String, Failure> {
        decode::text(&self.bytes)
            .map_err(|fault| Failure::failed(format!("Standard input {fault}.")))
    }

    /// Notes that the server has stored it, so no file is needed.
    pub(super) fn stored(mut self) {
        self.bytes.clear();
    }
}

/// Where input is saved: the current folder, or else the data folder.
fn folders(context: &Context) -> [PathBuf; 2] {
    let here = std::path::absolute(".").unwrap_or_else(|_| PathBuf::from("."));
    [here, context.paths.data.clone()]
}

impl Drop for Piped {
    fn drop(&mut self) {
        if self.bytes.trim_ascii().is_empty() {
            return;
        }
        match saved::save(&self.folders, self.name, &self.bytes) {
            Ok(path) => note(&format!("Standard input is saved in {}.", self.paper.file(&path))),
            Err(error) => note(&format!("Standard input cannot be saved: {error}.")),
        }
    }
}

/// Reads the text of a file; `-` is standard input.
pub(crate) async fn text_of(file: &Path) -> Result<String, Failure> {
    let file = file.to_path_buf();
    on_a_thread(move || {
        let bytes = if file.as_os_str() == "-" {
            let mut bytes = Vec::new();
            stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            fs::read(&file)
        };
        let name = if file.as_os_str() == "-" {
            "Standard input".into()
        } else {
            file.display().to_string()
        };
        let bytes =
            bytes.map_err(|error| Failure::file(format!("{name} cannot be read"), &error))?;
        decode::text(&bytes).map_err(|fault| Failure::failed(format!("{name} {fault}.")))
    })
    .await
}

/// Reads a line from standard input and returns it without its line end; `None` at the end.
pub(super) fn line() -> Result<Option<String>, Failure> {
    let mut bytes = Vec::new();
    let read = stdin().lock().read_until(b'\n', &mut bytes);
    if read.map_err(|error| Failure::file("Standard input cannot be read", &error))? == 0 {
        return Ok(None);
    }
    let mut line = decode::typed(&bytes)
        .map_err(|fault| Failure::failed(format!("The line that was typed {fault}.")))?;
    let end = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(end);
    Ok(Some(line))
}
