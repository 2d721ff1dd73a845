//! Waiting for evaluations: what happens when they fail, when they are late, and on Ctrl+C.

use std::process::{Child, Command};

use crate::support::{Ran, Server, Viva};

const ANSWER: [&str; 5] = ["interview", "answer", "latest", "--question", "1"];

/// A person on a new server, with an interview of one question.
fn signed_up() -> (Server, Viva) {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    viva.interview(1);
    (server, viva)
}

#[test]
fn a_failed_evaluation_ends_with_6_and_is_still_printed() {
    let (_server, viva) = signed_up();
    let failing = ["--text", "Please [fail] at this answer.", "--wait", "--json"];
    let ran = viva.run(&[&ANSWER[..], &failing].concat());
    assert_eq!(ran.code, 6, "{ran:?}");
    let answer = &ran.json()["answer"];
    assert_eq!(answer["evaluation"]["status"], "EVALUATION_STATUS_FAILED");
    assert_eq!(answer["evaluation"]["failure_reason"], "The key is not accepted.");
    assert!(ran.err.contains("viva interview retry 1"), "{ran:?}");

    let report = viva.run(&["report", "latest", "--wait"]);
    assert_eq!(report.code, 6);
    assert!(report.out.contains("could not be evaluated: The key is not accepted."));
    assert_eq!(viva.run(&["report", "latest"]).code, 0, "the report does not wait");

    let queued = viva.json(&["interview", "retry", "1"]);
    assert_eq!(queued["answer"]["evaluation"]["status"], "EVALUATION_STATUS_PENDING");
    let report = viva.run(&["report", "latest", "--wait", "--json"]);
    assert_eq!(report.code, 6, "it failed again");
}

#[test]
fn an_evaluation_that_has_not_failed_is_not_repeated() {
    let (_server, viva) = signed_up();
    let good = ["--text", "A sound answer to whatever is asked.", "--wait"];
    assert_eq!(viva.run(&[&ANSWER[..], &good].concat()).code, 0);
    let ran = viva.run(&["interview", "retry", "1"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("has not failed"), "{ran:?}");
    assert!(ran.err.contains("It has a score: "), "{ran:?}");
}

#[test]
fn an_evaluation_that_is_late_ends_with_124_and_the_answer_is_stored() {
    let (_server, viva) = signed_up();
    let hanging = ["--text", "Please [hang] on this answer.", "--json"];
    let patience = ["--wait", "--timeout", "0"];
    let ran = viva.run(&[&ANSWER[..], &hanging, &patience].concat());
    assert_eq!(ran.code, 124, "{ran:?}");
    assert!(ran.err.contains("not ready yet"), "{ran:?}");
    assert_eq!(ran.json()["answer"]["evaluation"]["status"], "EVALUATION_STATUS_PENDING");
    assert_eq!(viva.run(&[&["report", "latest"], &patience[..]].concat()).code, 124);
}

#[test]
fn ctrl_c_ends_the_wait_with_130() {
    let (mut server, viva) = signed_up();
    let hanging = ["--text", "Please [hang] on this answer.", "--wait"];
    let child = viva.command(&[&ANSWER[..], &hanging].concat()).spawn();
    let child = child.unwrap();
    server.wait_for_evaluations(1);
    assert_eq!(interrupt(child).code, 130);
}

#[test]
fn ctrl_c_ends_a_command_that_reads_standard_input() {
    use std::io::{BufRead as _, BufReader, Write as _};

    let viva = Viva::new();
    let mut child = viva.command(&["grade"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    // Once a line has come out, the command is running and waits for the next one.
    writeln!(input, "no row").unwrap();
    output.read_line(&mut String::new()).unwrap();
    assert_eq!(interrupt(child).code, 130);
    drop(input);
}

fn interrupt(child: Child) -> Ran {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status();
    assert!(sent.unwrap().success());
    child.wait_with_output().unwrap().into()
}
