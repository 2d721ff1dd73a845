//! `viva-server add-user`: accounts on a server with registration closed.

use std::{io::Write as _, path::Path, process::Stdio};

use viva_proto::v1::{self, auth_service_client::AuthServiceClient};

use crate::support::{
    PASSWORD, SECRET,
    program::{Program, command},
    reason,
    scratch::with_database,
};

/// Runs the command with a password on standard input; returns its exit code and its output.
fn add(home: &Path, environment: &[(&str, &str)], who: [&str; 2], password: &str) -> (i32, String) {
    let mut process = command(home, &["add-user", who[0], who[1]])
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses the name does not wait for the password.
    let _ = process.stdin.take().unwrap().write_all(password.as_bytes());
    let done = process.wait_with_output().unwrap();
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    (done.status.code().unwrap(), said)
}

/// Creates accounts beside a server with registration closed, and signs in.
async fn beside_a_closed_server(environment: &[(&str, &str)]) {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), environment);
    let add = |who, password| add(home.path(), environment, who, password);
    // As PowerShell pipes it.
    let lines = format!("\u{feff}{PASSWORD}\r\nmore\r\n");
    let (code, said) = add(["ada", "ada@corpus.example"], &lines);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("ada can sign in now") && !said.contains(PASSWORD), "{said}");
    for (who, password, rule) in [
        (["ada", "other@corpus.example"], PASSWORD, "the name ada is already taken"),
        (["Ada", "other@corpus.example"], PASSWORD, "the name Ada is already taken"),
        (["ad\u{200b}a", "other@corpus.example"], PASSWORD, "must not contain U+200B"),
        (["ada b", "other@corpus.example"], PASSWORD, "must not contain spaces"),
        (["bob", "bob@corpus.example"], "pass\tword 42", "control characters or invisible ones"),
        (["bob", "ADA@corpus.example"], PASSWORD, "the email address belongs to another account"),
        (["bo", "bob@corpus.example"], PASSWORD, "Username must be 3 to 50 characters"),
        (["bob", "bob"], PASSWORD, "Please enter a valid email address"),
        (["bob", "bob@corpus.example"], "short", "Password must be at least 8 characters"),
    ] {
        let (code, said) = add(who, password);
        assert_eq!(code, 1);
        assert!(said.contains(rule) && !said.contains(PASSWORD), "{said}");
    }
    let mut auth = AuthServiceClient::new(program.channel().await);
    let register = v1::RegisterRequest {
        username: "bob".into(),
        email: "bob@corpus.example".into(),
        password: PASSWORD.into(),
    };
    let refused = auth.register(register).await.unwrap_err();
    assert_eq!(reason(&refused), "REGISTRATION_CLOSED");
    auth.login(v1::LoginRequest { username: "ada".into(), password: PASSWORD.into() })
        .await
        .unwrap();
}

#[tokio::test]
async fn the_operator_of_a_closed_server_creates_its_accounts() {
    beside_a_closed_server(&[("REGISTRATION", "closed")]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn on_postgres_the_operator_of_a_closed_server_creates_its_accounts() {
    with_database(async |url| {
        let settings =
            [("REGISTRATION", "closed"), ("DATABASE_URL", url.as_str()), ("SECRET_KEY", SECRET)];
        beside_a_closed_server(&settings).await;
    })
    .await;
}
