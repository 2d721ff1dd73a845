//! The real program in processes of its own, on a database that they share.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
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

/// Where the programs of an experiment keep what they keep.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) database: Database,
}

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Database {
    /// A file in the folder.
    Sqlite(PathBuf),
    /// A database of its own in the server that `VIVA_TEST_POSTGRES` names, by its address.
    Postgres(String),
}

/// Counts the databases of this run.
static DATABASES: AtomicUsize = AtomicUsize::new(0);

impl Place {
    /// With a SQLite file of its own.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("viva.db");
        Self { folder, database: Database::Sqlite(file) }
    }

    /// With a PostgreSQL database of its own.
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

    /// What `DATABASE_URL` must be.
    pub(crate) fn url(&self) -> String {
        match &self.database {
            Database::Sqlite(file) => format!("sqlite:{}", file.display()),
            Database::Postgres(url) => url.clone(),
        }
    }
}

/// A port that nobody listens on; a program may take it, lose it and take it again.
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
    pub(crate) fn serve(place: &Place) -> Self {
        let port = free_port();
        let listen = format!("127.0.0.1:{port}");
        Self::new(place, &["serve", "--listen", &listen], port)
    }

    /// A program that only evaluates.
    pub(crate) fn worker(place: &Place) -> Self {
        Self::new(place, &["worker"], 0)
    }

    /// The same on another database, or the same one by another way.
    pub(crate) fn on(self, url: &str) -> Self {
        self.with("DATABASE_URL", url)
    }

    /// A serving program that leaves evaluations to others.
    pub(crate) fn serve_alone(place: &Place) -> Self {
        let mut plan = Self::serve(place);
        plan.arguments.push("--no-worker".to_owned());
        plan
    }

    fn new(place: &Place, arguments: &[&str], port: u16) -> Self {
        let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            home: place.folder.path().to_owned(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            environment: vec![
                set("DATABASE_URL", &place.url()),
                set("SECRET_KEY", "a key for experiments, at least 32 bytes"),
                set("LOG_FORMAT", "json"),
                set("EVALUATION_LEASE_SECONDS", "2"),
                // Crowds come from one address here.
                set("REGISTRATIONS_PER_MINUTE_ADDRESS", "0"),
                set("REQUESTS_PER_MINUTE_ADDRESS", "0"),
                set("REQUESTS_PER_MINUTE_USER", "0"),
            ],
            port,
        }
    }

    /// The same with another setting.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn command(&self) -> Command {
        // A limit of the size of files shall be an error to the program, as a full disk is, and not
        // the signal that it is by default.
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
        assert!(serving.recv().is_ok(), "it ended before it served: {}", program.log());
        program
    }

    /// Starts it and does not wait.
    pub(crate) fn spawn(&self) -> Program {
        self.begin().0
    }

    fn begin(&self) -> (Program, mpsc::Receiver<()>) {
        let mut process = self.command().stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (ready, serving) = mpsc::channel();
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        let (ends, ended) = watch::channel(false);
        thread::spawn(move || {
            read(output, &ready, &kept);
            ends.send_replace(true);
        });
        (Program { process, log, ended }, serving)
    }

    /// Starts it where it must refuse to; what it says about that.
    pub(crate) fn refused(&self) -> String {
        let done = self.command().output().unwrap();
        assert!(!done.status.success(), "it did not refuse");
        String::from_utf8_lossy(&done.stderr).into_owned()
    }
}

/// Reads what a program writes, and tells once it serves.
fn read(output: BufReader<ChildStdout>, ready: &mpsc::Sender<()>, log: &Mutex<String>) {
    for line in output.lines().map_while(Result::ok) {
        let is_ready = ["serving", "working"].map(|word| format!("\"message\":\"{word}\""));
        if is_ready.iter().any(|message| line.contains(message)) {
            let _ = ready.send(());
        }
        let mut log = log.lock().unwrap();
        log.push_str(&line);
        log.push('\n');
    }
}

/// A running program. Dropping it kills it.
pub(crate) struct Program {
    process: Child,
    log: Arc<Mutex<String>>,
    /// Whether it has let go of its output, which it does at its end.
    ended: watch::Receiver<bool>,
}

impl Program {
    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        // An error means that it has ended already.
        let _ = kill(Pid::from_raw(id), signal);
    }

    /// Stops it where it is, until SIGCONT, and waits until it stands still.
    pub(crate) fn stop(&self) {
        self.signal(Signal::SIGSTOP);
        let stat = format!("/proc/{}/stat", self.process.id());
        // The state follows the name, which is in parentheses.
        while !std::fs::read_to_string(&stat).unwrap().contains(") T") {
            thread::yield_now();
        }
    }

    /// Kills it at once, as a power cut would, and waits for its end.
    pub(crate) fn kill(mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(&mut self) {
        // An error means that the reader is gone, and so is the program.
        let _ = self.ended.wait_for(|ended| *ended).await;
        self.wait();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    /// Seconds of processor that it has used.
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

    /// What it has written so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Limits the size that its files may grow to; none takes the limit back.
    pub(crate) fn limit_file_size(&self, bytes: Option<u64>) {
        let limit = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        let id = self.process.id().to_string();
        let done = Command::new("prlimit")
            .args(["--pid", &id, &format!("--fsize={limit}:unlimited")])
            .status()
            .unwrap();
        assert!(done.success(), "prlimit of util-linux is needed");
    }

    /// The memory that it holds, in MiB.
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
