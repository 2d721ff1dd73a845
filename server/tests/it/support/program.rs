//! The real `viva-server` in a process of its own.

use std::{
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tonic::transport::Channel;

/// A command of the program with nothing in its environment but what is given.
pub(crate) fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_viva-server"));
    command.args(arguments).env_clear().env("HOME", home);
    command
}

/// A serving process. Dropping it kills it.
pub(crate) struct Program {
    process: Child,
    output: Lines<BufReader<ChildStdout>>,
    pub(crate) address: String,
}

impl Program {
    /// Starts it on a port of its own and waits until it serves.
    pub(crate) fn serve(home: &Path, environment: &[(&str, &str)]) -> Self {
        let mut process = command(home, &["serve", "--listen", "127.0.0.1:0"])
            .envs(environment.iter().copied())
            .env("LOG_FORMAT", "json")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
        let serving = output.find_map(|line| {
            let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
            (line["message"] == "serving").then(|| line["address"].as_str().unwrap().to_owned())
        });
        Self { process, output, address: serving.expect("it ended before it served") }
    }

    pub(crate) async fn channel(&self) -> Channel {
        let url = format!("http://{}", self.address);
        Channel::from_shared(url).unwrap().connect().await.unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
    }

    /// Waits for its end, reading on so that it can write on.
    pub(crate) fn wait(mut self) -> ExitStatus {
        for line in self.output.by_ref() {
            drop(line);
        }
        self.process.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
