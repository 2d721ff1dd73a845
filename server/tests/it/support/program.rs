//! The real `viva-server` in a separate process.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use tokio::sync::watch;
use tonic::transport::Channel;

/// A command of the program with only this environment.
pub(crate) fn command(home: &Path, arguments: &[&str]) -> Command {
    // The gateway's tests share this file and do not build the server's program.
    let program = option_env!("CARGO_BIN_EXE_viva-server").unwrap_or("viva-server");
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("HOME", home);
    command
}

/// A process that serves or works. Dropping it kills it.
pub(crate) struct Program {
    process: Child,
    /// Drains the program's output, so that it never blocks on writing.
    reading: Option<JoinHandle<()>>,
    /// What it has written so far.
    log: watch::Receiver<String>,
    /// The address it listens on; empty for a worker that does not listen.
    pub(crate) address: String,
    /// The address of its metrics; empty without them.
    pub(crate) metrics: String,
}

/// The addresses that a process reports.
#[derive(Default)]
struct Addresses {
    address: String,
    metrics: String,
}

impl Program {
    /// Starts a server on a free port and waits until it serves.
    pub(crate) fn serve(home: &Path, environment: &[(&str, &str)]) -> Self {
        Self::start(home, &["serve", "--listen", "127.0.0.1:0"], environment)
    }

    /// Starts it and waits until it serves or works.
    pub(crate) fn start(home: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut process = command(home, arguments)
            .env("LOG_FORMAT", "json")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (ready, addresses) = mpsc::channel();
        let (writer, log) = watch::channel(String::new());
        let reading = Some(thread::spawn(move || read(output, &ready, &writer)));
        let Addresses { address, metrics } =
            addresses.recv().expect("the program ended before it was ready");
        Self { process, reading, log, address, metrics }
    }

    pub(crate) async fn channel(&self) -> Channel {
        let url = format!("http://{}", self.address);
        Channel::from_shared(url).unwrap().connect().await.unwrap()
    }

    /// Waits until it has written a line with this text.
    pub(crate) async fn says(&self, text: &str) {
        let mut log = self.log.clone();
        let said = log.wait_for(|log| log.contains(text));
        let said = tokio::time::timeout(Duration::from_secs(20), said).await;
        said.unwrap_or_else(|_| panic!("{text}: {}", self.log.borrow().as_str())).unwrap();
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn wait(self) -> ExitStatus {
        self.wait_with_log().0
    }

    /// The same, without blocking other tasks.
    pub(crate) async fn ended(self) -> (ExitStatus, String) {
        tokio::task::spawn_blocking(move || self.wait_with_log()).await.unwrap()
    }

    /// Waits for its end and returns everything it has written.
    pub(crate) fn wait_with_log(mut self) -> (ExitStatus, String) {
        self.reading.take().unwrap().join().unwrap();
        let log = self.log.borrow().clone();
        (self.process.wait().unwrap(), log)
    }
}

/// Reads to the end, and sends the addresses once the program is ready.
fn read(
    output: BufReader<ChildStdout>,
    ready: &mpsc::Sender<Addresses>,
    log: &watch::Sender<String>,
) {
    let mut addresses = Addresses::default();
    for line in output.lines() {
        let line = line.unwrap();
        let (message, address) = message_and_address(&line);
        match message.as_str() {
            "metrics are at /metrics" => addresses.metrics = address,
            "serving" | "working" => {
                addresses.address = address;
                // The receiver waits only once.
                let _ = ready.send(std::mem::take(&mut addresses));
            }
            _ => {}
        }
        log.send_modify(|log| *log += &(line + "\n"));
    }
}

/// The message of a log line in either format, and the address in it.
fn message_and_address(line: &str) -> (String, String) {
    if line.starts_with('{') {
        let read: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| read[name].as_str().unwrap_or_default().to_owned();
        return (text("message"), text("address"));
    }
    let said = line.split_once(": ").map_or("", |(_, said)| said);
    let (message, fields) = said.split_once(" address=").unwrap_or_default();
    let address = fields.split(' ').next().unwrap_or_default();
    (message.to_owned(), address.to_owned())
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
