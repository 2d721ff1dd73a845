//! A language model behind the command line: what it prints while you wait.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use tokio::runtime::Runtime;
use viva_fake_model::{FakeModel, Script};

use crate::support::{ANSWER, Ran, Viva};

/// Submits an answer, to wait for its evaluation.
const ANSWERED: [&str; 7] = ["interview", "answer", "latest", "--question", "1", "--text", ANSWER];

/// A home, and an endpoint that replies immediately.
struct World {
    viva: Viva,
    model: FakeModel,
    runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let model = runtime.block_on(FakeModel::start(Script::honest())).unwrap();
        Self { viva: Viva::new(), model, runtime }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.viva.command(arguments);
        command.env("LLM_API_URL", self.model.url()).env("LLM_MODEL", "honest-7b");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    fn interview(&self) -> Ran {
        let arguments = ["interview", "new", "--role", "Backend engineer", "--count", "2"];
        let ran = self.run(&arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    }

    fn stop_model(&self) {
        self.runtime.block_on(self.model.stop());
    }
}

#[test]
fn a_models_questions_and_evaluations_are_labelled_as_a_models() {
    let world = World::new();
    assert!(world.interview().out.contains(", written by a language model"));
    let ran = world.run(&[&ANSWERED[..], &["--wait"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("Evaluated by honest-7b (language model, prompt "), "{ran:?}");
    let report = world.run(&["report", "latest", "--plain"]);
    assert!(report.out.contains("Question 1, written by a language model: "), "{report:?}");
    assert!(report.out.contains("Evaluated by honest-7b (language model, prompt "), "{report:?}");
}

#[test]
fn faults_are_printed_to_standard_error_while_you_wait_but_not_with_json() {
    let world = World::new();
    world.interview();
    world.stop_model();
    let is_fault = |line: &str| line.starts_with("The language model (LLM_API_URL)");
    let mut waiting = world.command(&[&ANSWERED[..], &["--wait"]].concat());
    let mut waiting = waiting.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(waiting.stderr.take().unwrap()).lines().map(Result::unwrap);
    let fault = lines.find(|line| is_fault(line)).unwrap();
    assert!(fault.contains("Your answer is safe; attempt "), "{fault}");
    waiting.kill().unwrap();
    waiting.wait().unwrap();
    let ran = world.run(&[&ANSWERED[..], &["--wait", "--timeout", "4", "--json"]].concat());
    assert_eq!(ran.code, 124, "{ran:?}");
    assert_eq!(ran.json()["answer"]["evaluation"]["status"], "EVALUATION_STATUS_PENDING");
    assert!(!ran.err.lines().any(is_fault), "{ran:?}");
}

#[test]
fn standard_error_says_when_the_bank_replaces_the_model() {
    let world = World::new();
    world.stop_model();
    let ran = world.interview();
    assert!(ran.err.contains("language model") && ran.err.contains("bank"), "{ran:?}");
    assert!(!ran.out.contains("written by a language model"), "{ran:?}");
}

#[test]
fn the_models_key_is_in_no_log_of_a_program_with_an_embedded_server() {
    const KEY: &str = "sk-a-key-that-nobody-may-see-0002";
    let world = World::new();
    let run = |arguments: &[&str]| {
        let mut command = world.viva.command(arguments);
        command.env("LLM_API_URL", world.model.url()).env("LLM_MODEL", "honest-7b");
        command.env("LLM_API_KEY", KEY).env("RUST_LOG", "trace");
        let ran = Ran::from(command.output().unwrap());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.out.contains(KEY) && !ran.err.contains(KEY), "{ran:?}");
    };
    run(&["interview", "new", "--role", "Backend engineer", "--count", "1"]);
    run(&["interview", "answer", "latest", "--question", "1", "--text", ANSWER, "--wait"]);
    run(&["doctor"]);
    assert_eq!(world.model.requests()[0].key(), Some(KEY), "the key was in use");
    let log = world.viva.log();
    assert!(log.contains("TRACE"), "everything is logged: {log}");
    assert!(!log.contains(KEY), "the key is in the log");
}

#[test]
fn a_models_question_is_saved_as_an_entry_to_edit() {
    let world = World::new();
    world.interview();
    assert_eq!(world.run(&[&ANSWERED[..], &["--wait"]].concat()).code, 0);
    let shown = world.run(&["interview", "show", "latest", "--json"]).json();
    let question = &shown["interview"]["questions"][0];
    let id = question["id"].to_string();
    let keep = ["bank", "keep", &id, "--bank", "bank"];
    let kept = world.run(&[&keep[..], &["--json"]].concat());
    assert_eq!(kept.code, 0, "{kept:?}");
    let file = world.viva.home.path().join(kept.json()["file"].as_str().unwrap());
    let text = std::fs::read_to_string(&file).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let entry = &table["question"][0];
    assert_eq!(entry["question"].as_str(), question["text"].as_str());
    assert_eq!(entry["id"].as_str(), kept.json()["id"].as_str());
    assert!(entry["key_points"].as_array().unwrap().len() >= 3);
    // The check reports what the entry lacks, and nothing else.
    let checked = world.run(&["bank", "check", "bank"]);
    let unfinished = kept.json()["unfinished"].as_array().unwrap().len();
    assert_eq!(checked.code, i32::from(unfinished > 0), "{checked:?}");
    assert!(
        checked.code == 0 || checked.out.lines().all(|l| l.contains("placeholder")),
        "{checked:?}"
    );
    let again = world.run(&keep);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("is in the bank already"), "{again:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    // A second question, which was skipped and then shown, is appended to its file.
    let id = shown["interview"]["questions"][1]["id"].to_string();
    assert_eq!(world.run(&["question", "reveal", &id]).code, 0);
    let kept = world.run(&["bank", "keep", &id, "--bank", "bank", "--json"]);
    assert_eq!(kept.code, 0, "{kept:?}");
    let other = world.viva.home.path().join(kept.json()["file"].as_str().unwrap());
    let other = std::fs::read_to_string(other).unwrap();
    assert!(other.parse::<toml::Table>().is_ok(), "{other}");
    assert_eq!(world.run(&["bank", "list", "--bank", "bank"]).code, 0, "the bank still loads");
}
