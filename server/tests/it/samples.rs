//! The programs in docs/samples, run against the real server as their readers would run them. Each
//! runs twice: the first time it registers and holds one interview, the second time it signs in and
//! pages through two.
//!
//! They need Python, Node and grpcurl with the samples' dependencies, so they are ignored here;
//! `scripts/samples` prepares all that and runs them.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use viva_proto::v1::CreateApiKeyRequest;

use crate::support::{PASSWORD, Person, program::Program};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Where `scripts/samples` has put the Python environment.
fn tools() -> PathBuf {
    env::var_os("VIVA_SAMPLE_TOOLS").expect("scripts/samples sets VIVA_SAMPLE_TOOLS").into()
}

/// What a sample prints when it runs against this server.
fn run(server: &Program, username: &str, command: &[&str]) -> Vec<String> {
    let path = env::var("PATH").unwrap();
    let output = Command::new(command[0])
        .args(&command[1..])
        .current_dir(repository().join("docs/samples"))
        .env("PATH", format!("{}:{path}", tools().join("bin").display()))
        .env("VIVA_URL", format!("http://{}", server.address))
        .env("VIVA_USERNAME", username)
        .env("VIVA_PASSWORD", PASSWORD)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed\n{said}\n{complained}");
    said.lines().map(ToOwned::to_owned).collect()
}

/// Whether any line begins like this.
fn says(lines: &[String], beginning: &str) -> bool {
    lines.iter().any(|line| line.starts_with(beginning))
}

/// The number of lines that state all four scores.
fn scores(lines: &[String]) -> usize {
    let words = ["correctness ", "completeness ", "quality ", "communication "];
    lines.iter().filter(|line| words.iter().all(|word| line.contains(word))).count()
}

fn shows_everything(command: &[&str]) {
    let home = tempfile::tempdir().unwrap();
    let server = Program::serve(home.path(), &[]);
    let first = run(&server, "ada", command);
    assert!(says(&first, "registered ada"), "{first:#?}");
    assert!(says(&first, "1 interviews on 1 pages"), "{first:#?}");
    let second = run(&server, "ada", command);
    assert!(!says(&second, "registered"), "{second:#?}");
    assert!(says(&second, "2 interviews on 2 pages"), "{second:#?}");
    for said in [first, second] {
        let finished = |line: &String| line.starts_with("answer ") && line.ends_with("COMPLETED");
        assert!(said.iter().any(finished), "{said:#?}");
        assert_eq!(scores(&said), 2, "once for the interview, once for GradeService: {said:#?}");
        for beginning in ["asked: ", "refused: answer_text: ", "stored answer ", "missed: "] {
            assert!(says(&said, beginning), "{beginning} {said:#?}");
        }
        assert!(says(&said, "graded with viva_"), "{said:#?}");
    }
}

#[test]
#[ignore = "needs what scripts/samples prepares"]
fn sample_rust_shows_everything() {
    // Cargo puts the programs of a workspace in one folder.
    let program = Path::new(env!("CARGO_BIN_EXE_viva-server")).with_file_name("viva-sample");
    shows_everything(&[program.to_str().unwrap()]);
}

#[test]
#[ignore = "needs what scripts/samples prepares"]
fn sample_python_shows_everything() {
    shows_everything(&["python3", "python/practise.py"]);
}

#[test]
#[ignore = "needs what scripts/samples prepares"]
fn sample_typescript_shows_everything() {
    shows_everything(&["npm", "--prefix", "typescript", "start", "--silent"]);
}

#[test]
#[ignore = "needs what scripts/samples prepares"]
fn sample_grpcurl_shows_everything() {
    shows_everything(&["grpcurl/practise.sh"]);
}

#[tokio::test]
#[ignore = "needs what scripts/samples prepares"]
async fn sample_curl_in_the_document_grades_an_answer() {
    let home = tempfile::tempdir().unwrap();
    let server = Program::serve(home.path(), &[]);
    let ada = Person::register(server.channel().await, "ada").await;
    let asked = CreateApiKeyRequest { name: "nightly run".into(), ..<_>::default() };
    let key = ada.auth().create_api_key(ada.ask(asked)).await.unwrap().into_inner().secret;
    let document = fs::read_to_string(repository().join("docs/api.md")).unwrap();
    let command = document.split("\n    curl ").nth(1).unwrap().split("\n\n").next().unwrap();
    let command = format!("curl --fail --silent {command}");
    assert!(command.contains("127.0.0.1:50051"), "{command}");
    let command = command.replace("127.0.0.1:50051", &server.address);
    let output = Command::new("bash").args(["-c", &command]).env("key", key).output().unwrap();
    assert!(output.status.success(), "{command} failed: {output:?}");
    let reply: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let evaluation = &reply["evaluation"];
    assert_eq!(evaluation["overall"], 7.975, "{evaluation}");
    assert_eq!(evaluation["keyPoints"][2]["coverage"], 0.0, "a 0 is printed: {evaluation}");
    assert_eq!(evaluation["needsReview"], false, "and false, too");
}

#[test]
fn every_sample_has_a_test() {
    let code =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/samples.rs"));
    for entry in fs::read_dir(repository().join("docs/samples")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let test = format!("fn sample_{name}_shows_everything");
        assert!(code.as_ref().unwrap().contains(&test), "{name} has no test");
    }
}
