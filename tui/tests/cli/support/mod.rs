//! The binary with its own home, and servers for it to talk to.

mod server;

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) use server::Server;

/// An answer that makes some points of nearly any question, and is long enough to be stored.
pub(crate) const ANSWER: &str =
    "I would measure first, then change one thing, because guessing costs more than it saves.";

/// An empty home, and the binary.
pub(crate) struct Viva {
    pub(crate) home: TempDir,
    server: Option<String>,
}

/// The result of a run of the binary.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Viva {
    /// On the embedded server.
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), server: None }
    }

    /// On the server at this address.
    pub(crate) fn on(server: &str) -> Self {
        Self { server: Some(server.to_owned()), ..Self::new() }
    }

    /// The binary with these arguments, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_viva"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            // Models that run on this machine do not concern the tests.
            .env("VIVA_LOCAL_MODEL_PORTS", "off")
            .env("LANG", "C.UTF-8")
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(server) = &self.server {
            command.env("VIVA_SERVER", server);
        }
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs it to its end with something on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &(impl AsRef<[u8]> + ?Sized)) -> Ran {
        let mut child = self.command(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that does not read its input may already have ended.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        child.wait_with_output().unwrap().into()
    }

    /// Runs it with `--json` and reads the document.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        let ran = self.run(&arguments);
        assert_eq!(ran.code, 0, "{arguments:?} {ran:?}");
        ran.json()
    }

    /// Creates an interview.
    pub(crate) fn interview(&self, count: usize) -> Value {
        let count = count.to_string();
        self.json(&["interview", "new", "--role", "Backend engineer", "--count", &count])
    }

    /// Creates an account on the server and signs in.
    pub(crate) fn sign_up(&self, username: &str) {
        let email = format!("{username}@corpus.example");
        let arguments = ["register", "--username", username, "--email", &email];
        let ran = self.run_with(&arguments, "correct horse 42\n");
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    /// A file in the home.
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join(".local/share/viva")
    }

    /// Everything that was logged.
    pub(crate) fn log(&self) -> String {
        let files = fs::read_dir(self.home.path().join(".local/state/viva/log")).unwrap();
        files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    }
}

impl Ran {
    /// The document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The documents on standard output, one per line.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The permissions of a file or folder.
pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
