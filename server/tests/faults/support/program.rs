//! The real program in separate processes that share a database.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::sync::watch;

/// Where the programs of an experiment store their data.
pub(crate) struct Deployment {
    pub(crate) folder: TempDir,
    pub(crate) database: Database,
}

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Database {
    /// A file in the folder.
    Sqlite(PathBuf),
    /// The URL of a separate database in the server that `VIVA_TEST_POSTGRES` names.
    Postgres(String),
}

/// Counts the databases of this test run.
static DATABASES: AtomicUsize = AtomicUsize::new(0);

impl Deployment {
    /// Creates a place with its own SQLite file.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("viva.db");
        Self { folder, database: Database::Sqlite(file) }
    }

    /// Creates a place with its own PostgreSQL database.
    pub(crate) async fn postgres() -> Self {
        let server = std::env::var("VIVA_TEST_POSTGRES");
        let server = server.expect("needs PostgreSQL: scripts/with-postgres cargo test ...");
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("viva_faults_{}_{number}", std::process::id());
        let mut admin = PgConnection::connect(&server).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        sqlx::query(AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
        let (address, _) = server.rsplit_once('/').unwrap();
        let database = Database::Postgres(format!("{address}/{name}"));
        Self { folder: tempfile::tempdir().unwrap(), database }
    }

    /// The value for `DATABASE_URL`.
    pub(crate) fn url(&self) -> String {
        match &self.database {
            Database::Sqlite(file) => format!("sqlite:{}", file.display()),
            Database::Postgres(url) => url.clone(),
        }
    }
}

/// A free port; a program may take it, lose it and take it again.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// How a program is started, so that it can be started again.
#[derive(Clone)]
pub(crate) struct Plan {
    home: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    pub(crate) port: u16,
}

impl Plan {
    /// A serving program.
    pub(crate) fn serve(deployment: &Deployment) -> Self {
        let port = free_port();
        let listen = format!("127.0.0.1:{port}");
        Self::new(deployment, &["serve", "--listen", &listen], port)
    }

    /// A program that only evaluates.
    pub(crate) fn worker(deployment: &Deployment) -> Self {
        Self::new(deployment, &["worker"], 0)
    }

    /// The same plan with another database URL.
    pub(crate) fn on(self, url: &str) -> Self {
        self.with("DATABASE_URL", url)
    }

    /// A serving program without a worker.
    pub(crate) fn serve_alone(deployment: &Deployment) -> Self {
        let mut plan = Self::serve(deployment);
        plan.arguments.push("--no-worker".to_owned());
        plan
    }

    fn new(deployment: &Deployment, arguments: &[&str], port: u16) -> Self {
        let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            home: deployment.folder.path().to_owned(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            environment: vec![
                set("DATABASE_URL", &deployment.url()),
                set("SECRET_KEY", "a key for experiments, at least 32 bytes"),
                set("LOG_FORMAT", "json"),
                set("EVALUATION_LEASE_SECONDS", "2"),
                // All the simulated clients share one address.
                set("REGISTRATIONS_PER_MINUTE_ADDRESS", "0"),
                set("REQUESTS_PER_MINUTE_ADDRESS", "0"),
                set("REQUESTS_PER_MINUTE_USER", "0"),
            ],
            port,
        }
    }

    /// The same plan with another setting.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn command(&self) -> Command {
        // Exceeding the file size limit shall be an error to the program, as a full disk is, and
        // not the signal that it is by default.
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_viva-server")])
            .args(&self.arguments)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &self.home)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts it and waits until it serves.
    pub(crate) fn start(&self) -> Program {
        let (program, serving) = self.begin();
        assert!(serving.recv().is_ok(), "the program ended before it served: {}", program.log());
        program
    }

    /// Starts it without waiting.
    pub(crate) fn spawn(&self) -> Program {
        self.begin().0
    }

    fn begin(&self) -> (Program, mpsc::Receiver<()>) {
        let mut process = self.command().stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (ready, serving) = mpsc::channel();
        let (writes, log) = watch::channel(String::new());
        let (ends, ended) = watch::channel(false);
        thread::spawn(move || {
            read(output, &ready, &writes);
            ends.send_replace(true);
        });
        (Program { process, log, ended }, serving)
    }

    /// Starts it where it must refuse to run, and returns its error output.
    pub(crate) fn refused(&self) -> String {
        let done = self.command().output().unwrap();
        assert!(!done.status.success(), "the program did not refuse to start");
        String::from_utf8_lossy(&done.stderr).into_owned()
    }
}

/// Reads a program's output and signals once it serves.
fn read(output: BufReader<ChildStdout>, ready: &mpsc::Sender<()>, log: &watch::Sender<String>) {
    for line in output.lines().map_while(Result::ok) {
        let is_ready = ["serving", "working"].map(|word| format!("\"message\":\"{word}\""));
        if is_ready.iter().any(|message| line.contains(message)) {
            let _ = ready.send(());
        }
        log.send_modify(|log| {
            log.push_str(&line);
            log.push('\n');
        });
    }
}

/// A running program. Dropping it kills it.
pub(crate) struct Program {
    process: Child,
    log: watch::Receiver<String>,
    /// Whether it has closed its output, which happens when it ends.
    ended: watch::Receiver<bool>,
}

impl Program {
    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        // An error means that it has ended already.
        let _ = kill(Pid::from_raw(id), signal);
    }

    /// Stops it with SIGSTOP and waits until it has stopped.
    pub(crate) fn stop(&self) {
        self.signal(Signal::SIGSTOP);
        let stat = format!("/proc/{}/stat", self.process.id());
        // The state follows the name, which is in parentheses.
        while !std::fs::read_to_string(&stat).unwrap().contains(") T") {
            thread::yield_now();
        }
    }

    /// Kills it immediately, as a power cut would, and waits for its end.
    pub(crate) fn kill(mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(&mut self) {
        // An error means that the reader has ended, and so has the program.
        let _ = self.ended.wait_for(|ended| *ended).await;
        self.wait();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    /// The processor time that it has used, in seconds.
    pub(crate) fn processor_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()));
        let stat = stat.unwrap_or_default();
        // The name, in parentheses, may hold spaces; user and system time are the 12th and 13th
        // fields after it, in hundredths of a second.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let field = |at: usize| -> f64 {
            fields.split_whitespace().nth(at).and_then(|field| field.parse().ok()).unwrap_or(0.0)
        };
        (field(11) + field(12)) / 100.0
    }

    /// Everything it has written so far.
    pub(crate) fn log(&self) -> String {
        self.log.borrow().clone()
    }

    /// Waits until it writes this text.
    pub(crate) async fn writes(&self, text: &str) {
        let mut log = self.log.clone();
        let found = log.wait_for(|log| log.contains(text)).await;
        assert!(found.is_ok(), "the program ended without writing {text:?}: {}", self.log());
    }

    /// Limits the size that its files may grow to; `None` lifts the limit.
    pub(crate) fn limit_file_size(&self, bytes: Option<u64>) {
        let limit = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        let id = self.process.id().to_string();
        let done = Command::new("prlimit")
            .args(["--pid", &id, &format!("--fsize={limit}:unlimited")])
            .status()
            .unwrap();
        assert!(done.success(), "prlimit of util-linux is needed");
    }

    /// The memory it uses, in MiB.
    pub(crate) fn memory_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let line = status.unwrap_or_default();
        let line = line.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
        kib.unwrap_or_default() / 1024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
