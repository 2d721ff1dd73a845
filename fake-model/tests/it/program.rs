//! The program for developers.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::client::{evaluation, receive, send};

/// A running program. Dropping it kills it.
struct Program {
    process: Child,
    output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_viva-fake-model"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, output }
    }

    fn line(&mut self) -> String {
        self.output.next().unwrap().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn it_prints_the_settings_that_reach_it() {
    let mut program = Program::start(&["--delay-ms", "0"]);
    let url = program.line();
    let address = url
        .strip_prefix("export LLM_API_URL=http://")
        .and_then(|rest| rest.strip_suffix("/v1/chat/completions"))
        .unwrap_or_else(|| panic!("{url}"));
    assert_eq!(program.line(), "export LLM_MODEL=fake");
    let received = receive(send(address.parse().unwrap(), &evaluation("")).await).await;
    assert!(received.content()["scores"].is_object());
}

#[test]
fn a_missing_case_stops_it_and_is_named() {
    let arguments = ["--listen", "127.0.0.1:0", "--case", "no-such-case.json"];
    let program = Command::new(env!("CARGO_BIN_EXE_viva-fake-model")).args(arguments).output();
    let done = program.unwrap();
    assert!(!done.status.success());
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.starts_with("viva-fake-model: no-such-case.json: "), "{said}");
}
