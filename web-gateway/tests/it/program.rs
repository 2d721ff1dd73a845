//! The real `viva-web`: its embedded server and owner, refusals at the start, and its end.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use http::StatusCode;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use prost::Message;
use tempfile::TempDir;
use tonic::Code;
use viva_proto::v1;
use viva_server::embedded::{Embedded, EmbeddedOptions};
use viva_testing::certificates::ServerFiles;

use crate::{
    stub::CHECK,
    support::{Person, reason},
    web::{BINARY, Reply, frames, grpc_web, open, request},
};

/// How long a stopping process may take at most.
const LONGEST: Duration = Duration::from_secs(10);

/// An empty home.
pub(crate) fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_viva-web"));
    command.args(arguments).env_clear().env("HOME", home);
    command
}

/// A gateway in a separate process. Dropping it kills it.
pub(crate) struct Program {
    process: Child,
    log: Option<JoinHandle<String>>,
    /// The address it listens on.
    pub(crate) address: String,
    /// The link that it prints; empty without an embedded server.
    link: String,
}

impl Program {
    /// Starts it on a free port and waits until it serves.
    pub(crate) fn start(home: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut process = command(home, &["--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(environment.iter().copied())
            .env("LOG_FORMAT", "json")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (ready, places) = mpsc::channel();
        let log = thread::spawn(move || read(output, &ready));
        let (address, link) = places.recv().expect("the program ended before it was ready");
        Self { process, log: Some(log), address, link }
    }

    pub(crate) fn link(&self) -> &str {
        &self.link
    }

    pub(crate) fn code(&self) -> &str {
        self.link.split_once("/#code=").unwrap().1
    }

    pub(crate) fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
    }

    /// Waits for its end and returns everything it has written.
    fn ended(mut self) -> (ExitStatus, String) {
        let log = self.log.take().unwrap().join().unwrap();
        (self.process.wait().unwrap(), log)
    }

    /// Forwards one call, stops the program and returns everything it has written.
    pub(crate) async fn log_of_a_call(self) -> String {
        let address = self.address.parse().unwrap();
        open(address, grpc_web(CHECK, BINARY, &[], &[])).await.read().await;
        self.signal(Signal::SIGTERM);
        tokio::task::spawn_blocking(move || self.ended().1).await.unwrap()
    }

    /// Sends JSON as the page does.
    async fn page(&self, path: &str, json: &str, headers: &[(&str, &str)]) -> Reply {
        let origin = format!("http://{}", self.address);
        let own = [("origin", origin.as_str()), ("content-type", "application/json")];
        let headers: Vec<_> = own.into_iter().chain(headers.iter().copied()).collect();
        let request = request("POST", path, &headers, json.to_owned().into());
        open(self.address.parse().unwrap(), request).await.read().await
    }

    async fn call<M: Message + Default>(
        &self,
        method: &str,
        message: &impl Message,
        token: &str,
    ) -> Result<M, tonic::Status> {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let request = grpc_web(method, BINARY, &headers, &message.encode_to_vec());
        let reply = open(self.address.parse().unwrap(), request).await.read().await;
        Ok(M::decode(reply.messages()?.remove(0)).unwrap())
    }

    /// The owner's access token, obtained with the link.
    async fn owner(&self) -> String {
        let body = format!(r#"{{"code":"{}"}}"#, self.code());
        let reply = self.page("/session/login", &body, &[]).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        assert_eq!(reply.json()["username"], "owner");
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads to the end, and sends the address and the link once the program is ready.
fn read(output: BufReader<ChildStdout>, ready: &mpsc::Sender<(String, String)>) -> String {
    let (mut log, mut link) = (String::new(), String::new());
    for line in output.lines() {
        let line = line.unwrap();
        if let Some(opens) = line.strip_prefix("Open ") {
            opens.clone_into(&mut link);
            // Only the owner sees this line; the following lines are the log.
            continue;
        }
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        if said["message"] == "serving" {
            let _ = ready.send((said["address"].as_str().unwrap().to_owned(), link.clone()));
        }
        log.push_str(&line);
        log.push('\n');
    }
    log
}

#[tokio::test]
async fn the_owner_opens_the_link_and_finds_the_terminals_interviews() {
    let home = home();
    let data_dir = home.path().join(".local/share/viva");
    // As `viva` does in a terminal; it may have the folder open at the same time.
    let terminal =
        Embedded::start(EmbeddedOptions { data_dir, model: None, bank_dir: None }).await.unwrap();
    let access_token = terminal.access_token().await.unwrap();
    let session = v1::Session { access_token, ..Default::default() };
    let me = Person { channel: terminal.channel(), session };
    let begun = me.create("Backend engineer", 2).await;

    let program = Program::start(home.path(), &[], &[]);
    let token = program.owner().await;
    let list = v1::ListInterviewsRequest { page_size: 10, ..Default::default() };
    let method = "viva.v1.InterviewService/ListInterviews";
    let found: v1::ListInterviewsResponse = program.call(method, &list, &token).await.unwrap();
    assert_eq!(found.interviews.iter().map(|one| one.id).collect::<Vec<_>>(), [begun.id]);
    let answer = v1::SubmitAnswerRequest {
        interview_id: begun.id,
        question_id: begun.questions[0].id,
        answer_text: "Sent from the browser, seen in the terminal.".into(),
        ..Default::default()
    };
    let method = "viva.v1.AnswerService/SubmitAnswer";
    program.call::<v1::SubmitAnswerResponse>(method, &answer, &token).await.unwrap();
    assert_eq!(me.settled(begun.id).await.len(), 1);
    terminal.shutdown().await;
}

#[tokio::test]
async fn the_link_signs_the_owner_in_and_a_guess_does_not() {
    let home = home();
    let program = Program::start(home.path(), &[], &[]);
    assert_eq!(program.code().len(), 22, "128 bits");
    for guess in ["", "guess", &program.code()[1..], &format!("{}A", program.code())] {
        let body = serde_json::json!({ "code": guess }).to_string();
        let reply = program.page("/session/login", &body, &[]).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{guess}");
        assert_eq!(reply.json()["reason"], "INVALID_CREDENTIALS");
    }
    let (first, second) = (program.owner().await, program.owner().await);
    let out = program.page("/session/logout", "{}", &[]).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    for token in [&first, &second] {
        let me = program.call("viva.v1.AuthService/GetMe", &v1::GetMeRequest {}, token).await;
        let me: v1::GetMeResponse = me.unwrap();
        assert_eq!(me.user.unwrap().username, "owner");
    }
    let error = program.call::<v1::GetMeResponse>(
        "viva.v1.AuthService/GetMe",
        &v1::GetMeRequest {},
        "not.a.token",
    );
    assert_eq!(reason(&error.await.unwrap_err()), "TOKEN_INVALID");
    let code = program.code().to_owned();
    program.signal(Signal::SIGTERM);
    let (status, log) = program.ended();
    assert!(status.success());
    for secret in [code, first, second] {
        assert!(!log.contains(&secret), "no secret is in the log");
    }
}

#[tokio::test]
async fn with_the_owners_link_no_one_registers_or_signs_in_with_a_password() {
    let home = home();
    let program = Program::start(home.path(), &[], &[]);
    let way_in = request("GET", "/session", &[], Vec::new().into());
    let way_in = open(program.address.parse().unwrap(), way_in).await.read().await;
    assert_eq!(way_in.json(), serde_json::json!({ "by": "link" }));
    let password = r#"{"username": "mallory", "password": "correct horse"}"#;
    let reply = program.page("/session/login", password, &[]).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert!(reply.json()["message"].as_str().unwrap().contains("link that viva-web prints"));
    let register = v1::RegisterRequest {
        username: "mallory".into(),
        email: "mallory@example.org".into(),
        password: "correct horse".into(),
    };
    let method = "viva.v1.AuthService/Register";
    let error = program.call::<v1::RegisterResponse>(method, &register, "").await.unwrap_err();
    assert_eq!((error.code(), reason(&error)), (Code::PermissionDenied, "ACCESS_DENIED".into()));
    let login = v1::LoginRequest { username: "owner".into(), password: "correct horse".into() };
    let method = "viva.v1.AuthService/Login";
    let error = program.call::<v1::LoginResponse>(method, &login, "").await.unwrap_err();
    assert_eq!(error.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_proxy_that_changes_the_host_is_named_once_in_the_log() {
    let home = home();
    let program = Program::start(home.path(), &[], &[]);
    let headers = [
        ("origin", "https://viva.example"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/json"),
    ];
    for _ in 0..3 {
        let login = request("POST", "/session/login", &headers, b"{}".to_vec().into());
        let reply = open(program.address.parse().unwrap(), login).await.read().await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        assert!(reply.json()["message"].as_str().unwrap().contains("proxy"), "{reply:?}");
    }
    // Over plain HTTP a browser does not say that the request is the page's own.
    let plain = [("origin", "http://viva.lan"), ("content-type", "application/json")];
    let login = request("POST", "/session/login", &plain, b"{}".to_vec().into());
    let reply = open(program.address.parse().unwrap(), login).await.read().await;
    assert!(reply.json()["message"].as_str().unwrap().contains("proxy"), "{reply:?}");
    let address = program.address.clone();
    program.signal(Signal::SIGTERM);
    let (_, log) = tokio::task::spawn_blocking(|| program.ended()).await.unwrap();
    assert_eq!(log.matches("proxy_set_header Host $http_host").count(), 1, "{log}");
    assert!(log.contains("https://viva.example") && log.contains(&address), "{log}");
}

#[tokio::test]
async fn sigterm_ends_open_streams_with_a_status_and_the_process_with_exit_code_0() {
    let home = home();
    let program = Program::start(home.path(), &[], &[("RUST_LOG", "trace")]);
    let token = program.owner().await;
    let create = v1::CreateInterviewRequest {
        role: "Backend engineer".into(),
        num_questions: 1,
        ..Default::default()
    };
    let method = "viva.v1.InterviewService/CreateInterview";
    let made: v1::CreateInterviewResponse = program.call(method, &create, &token).await.unwrap();
    let interview_id = made.interview.unwrap().id;
    let watch = v1::WatchInterviewRequest { interview_id, follow: true };
    let bearer = format!("Bearer {token}");
    let watch = grpc_web(
        "viva.v1.AnswerService/WatchInterview",
        BINARY,
        &[("authorization", &bearer)],
        &watch.encode_to_vec(),
    );
    let address = program.address.parse().unwrap();
    let mut watch = open(address, watch).await;
    let began = Instant::now();
    program.signal(Signal::SIGTERM);
    let mut body = Vec::new();
    while let Some(part) = watch.part().await {
        body.extend(part);
    }
    let status = tonic::Status::from_header_map(&frames(&body).1.unwrap()).unwrap();
    assert_eq!((status.code(), reason(&status)), (Code::Unavailable, "SHUTTING_DOWN".to_owned()));
    let (status, log) = tokio::task::spawn_blocking(|| program.ended()).await.unwrap();
    assert!(status.success() && began.elapsed() < LONGEST, "{status} {:?}", began.elapsed());
    assert!(!log.contains(&token), "no token is in the log at any level");
}

#[tokio::test]
async fn the_health_check_says_whether_gateway_and_server_serve() {
    let home = home();
    let check = |listen: &str, environment: &[(String, String)]| {
        let mut command = command(home.path(), &["healthcheck"]);
        command.env("VIVA_WEB_LISTEN", listen).envs(environment.iter().cloned());
        command.status().unwrap().success()
    };
    let program = Program::start(home.path(), &[], &[]);
    assert!(check(&program.address, &[]));
    let files = ServerFiles::new();
    let environment = files.environment();
    let borrowed: Vec<_> = environment.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let by_tls = Program::start(home.path(), &[], &borrowed);
    assert!(check(&by_tls.address, &environment));
    assert!(!check(&by_tls.address, &[]), "plain text gets no reply there");
    let told = |listen: &str, environment: &[(String, String)]| {
        let mut command = command(home.path(), &["healthcheck"]);
        command.env("VIVA_WEB_LISTEN", listen).envs(environment.iter().cloned());
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    let said = told(&by_tls.address, &[]);
    assert!(said.contains("speaks TLS; give this check TLS_CERT_FILE"), "{said}");
    let said = told(&program.address, &environment);
    assert!(said.contains("does not speak TLS, but TLS_CERT_FILE is set"), "{said}");
    let alone = Program::start(home.path(), &["--upstream", "http://127.0.0.1:1"], &[]);
    assert!(!check(&alone.address, &[]), "the server behind it does not run");
    let address = alone.address.clone();
    drop(alone);
    assert!(!check(&address, &[]), "the gateway does not run");
}

/// The error output of a program that does not start.
pub(crate) async fn refused(
    home: &Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> String {
    let mut command = command(home, arguments);
    command.envs(environment.iter().copied());
    let ended = tokio::process::Command::from(command).kill_on_drop(true).output();
    let done = tokio::time::timeout(LONGEST, ended).await.expect("the program serves").unwrap();
    assert!(!done.status.success(), "{arguments:?}");
    String::from_utf8(done.stderr).unwrap()
}

#[tokio::test]
async fn unsafe_settings_are_refused_at_the_start_with_a_solution() {
    let home = home();
    let refused = |arguments, environment| refused(home.path(), arguments, environment);
    let told = refused(&["--listen", "0.0.0.0:0", "--upstream", "http://127.0.0.1:1"], &[]).await;
    assert!(told.contains("TLS_CERT_FILE") && told.contains("PLAINTEXT=allow"), "{told}");
    let told = refused(&["--listen", "0.0.0.0:0", "--plaintext"], &[]).await;
    assert!(told.contains("--upstream"), "the owner's page is only for this machine: {told}");
    let told = refused(&["--upstream", "viva.example"], &[("CORS_ORIGINS", "*")]).await;
    assert!(told.contains("VIVA_SERVER") && told.contains("CORS_ORIGINS"), "{told}");
    let told = refused(&["--listen", "127.0.0.1:0"], &[("VIVA_BANK_DIR", "/nowhere/bank")]).await;
    assert!(told.contains("the question bank in /nowhere/bank cannot be read"), "{told}");
    assert!(!home.path().join(".local").exists(), "nothing was created");
}

#[test]
fn the_settings_file_of_the_terminal_app_is_read() {
    let home = home();
    let folder = home.path().join(".config/viva");
    std::fs::create_dir_all(&folder).unwrap();
    let text = "viva_theme = \"dark\"\nviva_data_dir = \"DATA\"\n";
    let data = home.path().join("elsewhere");
    let text = text.replace("DATA", data.to_str().unwrap());
    std::fs::write(folder.join("config.toml"), text).unwrap();
    let _program = Program::start(home.path(), &[], &[]);
    assert!(data.join("viva.db").exists());
}
