//! What commands read: standard input, files, and lines that somebody types. Reading blocks, so it
//! goes on in threads of its own, which no exit waits for: Ctrl+C ends a command that reads.

use std::{
    fs,
    io::{BufRead as _, Read as _, stdin},
    path::Path,
    thread,
};

use tokio::sync::oneshot;

use super::{Failure, decode};

/// Does blocking work on a thread that the end of the program does not wait for.
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

/// All that comes on standard input.
pub(super) async fn piped() -> Result<Vec<u8>, Failure> {
    on_a_thread(|| {
        let mut bytes = Vec::new();
        let read = stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::file("Standard input cannot be read", &error))?;
        Ok(bytes)
    })
    .await
}

/// The text of a file; `-` is standard input.
pub(super) async fn text_of(file: &Path) -> Result<String, Failure> {
    let file = file.to_path_buf();
    on_a_thread(move || {
        let bytes = if file.as_os_str() == "-" {
            let mut bytes = Vec::new();
            stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            fs::read(&file)
        };
        let name = file.display();
        let bytes =
            bytes.map_err(|error| Failure::file(format!("{name} cannot be read"), &error))?;
        decode::text(&bytes).map_err(|fault| Failure::failed(format!("{name} {fault}.")))
    })
    .await
}

/// A line from standard input without its end; none at the end of the input.
pub(super) fn line() -> Result<Option<String>, Failure> {
    let mut bytes = Vec::new();
    let read = stdin().lock().read_until(b'\n', &mut bytes);
    if read.map_err(|error| Failure::file("Standard input cannot be read", &error))? == 0 {
        return Ok(None);
    }
    let mut line = decode::text(&bytes)
        .map_err(|fault| Failure::failed(format!("The line that was typed {fault}.")))?;
    let end = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(end);
    Ok(Some(line))
}
