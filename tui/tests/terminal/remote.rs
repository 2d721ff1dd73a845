//! A remote server: an account on it, tokens that expire, and a server that goes away and comes
//! back.

use std::{
    fs, net::SocketAddr, os::unix::fs::PermissionsExt as _, sync::Arc, thread, time::Duration,
};

use tokio::{net::TcpListener, runtime::Runtime};
use tokio_util::sync::CancellationToken;
use tonic::transport::server::TcpIncoming;
use viva_server::{
    auth::signing_key::SigningKey,
    evaluation::offline::OfflineEvaluator,
    examiner::Examiner,
    startup::app::App,
    startup::defaults,
    storage::sqlite::{SqliteOptions, SqliteStore},
};

use crate::support::{ANSWER, Terminal, answer, begin_interview, key};

/// Times on the stopwatch after an access token has expired; a busy machine may skip some.
const LATER: [&str; 7] = ["00:03", "00:04", "00:05", "00:06", "00:07", "00:08", "00:09"];

/// A server on a port of this machine. Dropping it stops it.
struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    serving: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// Serves the database in `folder`; access tokens last only two seconds, so that they expire
    /// during a test.
    fn start(folder: &std::path::Path, address: &str) -> Self {
        let runtime = Runtime::new().unwrap();
        let path = folder.join("viva.db");
        let (app, listener) = runtime.block_on(async {
            let options = SqliteOptions { path, query_timeout: defaults::QUERY_TIMEOUT };
            let store = SqliteStore::open(options).await.unwrap();
            let key = SigningKey::parse("a key for tests, at least 32 bytes").unwrap();
            let mut settings = defaults::app_settings(None);
            settings.access_lifetime = Duration::from_secs(2);
            settings.drain = Duration::from_secs(1);
            let examiner = Examiner { evaluator: Arc::new(OfflineEvaluator::new()), writer: None };
            let app = App::new(Arc::new(store), examiner, &key, settings).unwrap();
            (app, TcpListener::bind(address).await.unwrap())
        });
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let serving = thread::spawn(move || {
            let serve = app.serve(TcpIncoming::from(listener), stopped);
            runtime.block_on(serve).unwrap();
        });
        Self { address, stop, serving: Some(serving) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
        // A panic in the server's thread reports itself.
        let _ = self.serving.take().map(thread::JoinHandle::join);
    }
}

fn register(terminal: &mut Terminal) {
    terminal.see(&["Sign in", "Username"]);
    terminal.send(key::CTRL_N);
    terminal.see(&["New account", "Email"]);
    terminal.send("ana\tana@nowhere\tshort");
    terminal.send(key::ENTER);
    terminal.see(&["Please enter a valid email address", "Password must be at least 8 characters"]);
    // The first invalid field has the focus.
    terminal.send(key::CTRL_U);
    terminal.send("ana@example.org\t");
    terminal.send(key::CTRL_U);
    terminal.send("correct horse");
    terminal.send(key::ENTER);
}

#[test]
fn an_account_is_created_and_remembered_and_its_tokens_are_renewed() {
    let home = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "127.0.0.1:0");
    let url = format!("http://{}", server.address);
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    register(&mut terminal);
    // Each answer takes longer than an access token lasts.
    begin_interview(&mut terminal, 2);
    terminal.see_one_of(&LATER);
    answer(&mut terminal);
    terminal.see(&["2 of 2"]);
    terminal.see_one_of(&LATER);
    answer(&mut terminal);
    terminal.see(&["2 of 2 evaluated"]);
    terminal.send("q");
    terminal.see(&[&format!("ana @ {}", server.address)]);
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    let again = Terminal::start(home.path(), &["--server", &url]);
    again.see(&["> Rust backend engineer", "2 of 2"]);
}

#[test]
fn loaded_data_can_be_read_while_the_server_is_away_until_you_sign_out() {
    let home = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "127.0.0.1:0");
    let address = server.address.to_string();
    let url = format!("http://{address}");
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    register(&mut terminal);
    begin_interview(&mut terminal, 1);
    answer(&mut terminal);
    terminal.see(&["1 of 1 evaluated", "overall"]);
    terminal.send("q");
    terminal.see(&["> Rust backend engineer", "Lately"]);
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    drop(server);
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    terminal.see(&["> Rust backend engineer", "1 of 1", "reconnecting"]);
    terminal.send(key::ENTER);
    terminal.see(&["Report · Rust backend engineer", "1 of 1 evaluated", "overall"]);
    terminal.send("q");
    terminal.see(&["> Rust backend engineer"]);
    terminal.send("q");
    terminal.end();
    let kept = home.path().join(".local/share/viva/loaded");
    let files = || {
        fs::read_dir(&kept)
            .unwrap()
            .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
    };
    assert!(files().count() >= 2, "the list and the report");
    for file in files() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let _server = Server::start(data.path(), &address);
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_viva"))
        .env_clear()
        .env("HOME", home.path())
        .args(["logout", "--server", &url])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(files().count(), 0, "the cached data go with the session");
}

#[test]
fn an_answer_waits_for_the_server_and_is_stored_once() {
    let home = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "127.0.0.1:0");
    let address = server.address.to_string();
    let url = format!("http://{address}");
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    register(&mut terminal);
    begin_interview(&mut terminal, 2);
    drop(server);
    terminal.see(&["reconnecting"]);
    answer(&mut terminal);
    terminal.see(&["offline: 1 queued", "queued", "2 of 2"]);
    // A queued answer outlives the program, too.
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    terminal.see(&["offline: 1 queued"]);
    let _server = Server::start(data.path(), &address);
    terminal.see(&["your answer was sent"]);
    terminal.see(&["1 of 2"]);
    terminal.send(key::ENTER);
    terminal.see(&["2 of 2", "your answer"]);
    terminal.send("\x1bp");
    terminal.see(&[&ANSWER[..30], "1 of 2"]);
    assert!(!terminal.contents().contains("queued"));
}

#[test]
fn a_missing_server_is_reported_in_the_words_of_the_original_design() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &["--server", "http://127.0.0.1:9"]);
    terminal.see(&["Sign in", "Username"]);
    terminal.send("ana\tcorrect horse");
    terminal.send(key::ENTER);
    terminal.see(&["Unable to reach server. Please try again later."]);
}

#[test]
fn an_invalid_name_is_reported_beside_its_field_and_any_spelling_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), "127.0.0.1:0");
    let home = tempfile::tempdir().unwrap();
    let url = format!("http://{}", server.address);
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    terminal.see(&["Sign in", "Username"]);
    terminal.send(key::CTRL_N);
    terminal.see(&["New account", "Email"]);
    terminal.send("ana maria\tana@example.org\tcorrect horse 42");
    terminal.send(key::ENTER);
    terminal.see(&["Username must not contain spaces"]);
    terminal.send(key::CTRL_U);
    terminal.send("ÉLODIE\t\tcorrect horse 42");
    terminal.send(key::ENTER);
    terminal.see(&["ÉLODIE @ "]);

    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    terminal.see(&["Sign in", "Username"]);
    terminal.send("e\u{301}lodie\tcorrect horse 42");
    terminal.send(key::ENTER);
    terminal.see(&["ÉLODIE @ "]);
}

#[test]
fn accounts_that_share_a_name_see_a_notice_when_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let kept =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/tests/kept/viva.db");
    std::fs::copy(kept, folder.path().join("viva.db")).unwrap();
    let server = Server::start(folder.path(), "127.0.0.1:0");
    let home = tempfile::tempdir().unwrap();
    let url = format!("http://{}", server.address);
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    terminal.see(&["Sign in", "Username"]);
    terminal.send("Ada\tcorrect horse 42");
    terminal.send(key::ENTER);
    terminal.see(&["Ada @ ", "Another account has your name in another spelling"]);
}

#[test]
fn a_hint_requested_while_the_server_is_away_costs_no_text() {
    let home = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "127.0.0.1:0");
    let address = server.address.to_string();
    let url = format!("http://{address}");
    let mut terminal = Terminal::start(home.path(), &["--server", &url]);
    register(&mut terminal);
    begin_interview(&mut terminal, 1);
    terminal.send("Half an idea");
    terminal.see(&["3 words"]);
    drop(server);
    terminal.see(&["reconnecting"]);
    terminal.send("\x07");
    terminal.see(&["What you wrote is kept."]);
    terminal.send(key::ESC);
    let _server = Server::start(data.path(), &address);
    terminal.see_no_more("reconnecting");
    terminal.send("\x07");
    terminal.see(&["hint 1 of ", "│ Half an idea"]);
}
