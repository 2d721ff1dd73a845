//! The real `viva-server` in a process of its own.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
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
    /// Reads on while it runs, so that it can write on.
    log: Option<JoinHandle<String>>,
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
        let output = BufReader::new(process.stdout.take().unwrap());
        let (serving, address) = mpsc::channel();
        let log = thread::spawn(move || read(output, &serving));
        let address = address.recv().expect("it ended before it served");
        Self { process, log: Some(log), address }
    }

    pub(crate) async fn channel(&self) -> Channel {
        let url = format!("http://{}", self.address);
        Channel::from_shared(url).unwrap().connect().await.unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn wait(self) -> ExitStatus {
        self.wait_with_log().0
    }

    /// Waits for its end, and gives all that it has written.
    pub(crate) fn wait_with_log(mut self) -> (ExitStatus, String) {
        let log = self.log.take().unwrap().join().unwrap();
        (self.process.wait().unwrap(), log)
    }
}

/// Reads to the end, and tells the address once it is there.
fn read(output: BufReader<ChildStdout>, serving: &mpsc::Sender<String>) -> String {
    let mut log = String::new();
    for line in output.lines() {
        let line = line.unwrap();
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        if read["message"] == "serving" {
            // Only an address is waited for, and only one.
            let _ = serving.send(read["address"].as_str().unwrap().to_owned());
        }
        log.push_str(&line);
        log.push('\n');
    }
    log
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
