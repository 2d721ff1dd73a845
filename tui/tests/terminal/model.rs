//! An interview with a language model: it writes the questions and evaluates the answers, is slow,
//! goes away and comes back.

use std::{net::SocketAddr, path::Path, time::Duration};

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use viva_fake_model::{FakeModel, Request, Script};

use crate::support::{Terminal, answer, begin_interview, key};

/// How long the model thinks.
const DELAY: Duration = Duration::from_millis(200);

/// A home, and an endpoint for the program in it.
struct World {
    home: TempDir,
    model: FakeModel,
    runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let model = runtime.block_on(FakeModel::start(Script::Honest { delay: DELAY })).unwrap();
        Self { home: tempfile::tempdir().unwrap(), model, runtime }
    }

    /// Starts `viva` with the endpoint as its model, and with these settings.
    fn start(&self, settings: &[(&str, &str)]) -> Terminal {
        let url = self.model.url();
        let own = [("LLM_API_URL", url.as_str()), ("LLM_MODEL", "honest-7b")];
        Terminal::start_with(self.home(), &[], &[&own, settings].concat())
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    /// Stops the endpoint as if its process were killed.
    fn stop_model(&self) -> SocketAddr {
        self.runtime.block_on(self.model.stop());
        self.model.address()
    }

    /// Starts the endpoint again at the same address.
    fn start_model_at(&mut self, address: SocketAddr) {
        let script = Script::Honest { delay: DELAY };
        self.model = self.runtime.block_on(FakeModel::start_at(address, script)).unwrap();
    }
}

/// A point of the rubric for the question on the screen, from the requests that the model has
/// received.
fn point_asked_for(requests: &[Request], screen: &str) -> String {
    let material = |request: &Request| -> Option<Value> {
        let messages = &request.json["messages"];
        let is_evaluation = messages[0]["content"].as_str()?.starts_with("Task: evaluation");
        let line = messages[1]["content"].as_str()?.lines().find(|line| line.starts_with('{'));
        serde_json::from_str(line.filter(|_| is_evaluation)?).ok()
    };
    let is_shown = |material: &Value| {
        let question = material["question"].as_str().unwrap();
        screen.contains(&question.chars().take(40).collect::<String>())
    };
    let material = requests.iter().filter_map(material).find(is_shown).unwrap();
    material["key_points"][0]["text"].as_str().unwrap().to_owned()
}

/// How many scores a line of the strip shows.
fn scores(line: &str) -> usize {
    let is_score = |word: &&str| word.contains('.') && word.parse::<f64>().is_ok();
    line.split_whitespace().filter(is_score).count()
}

/// Waits until every answer is evaluated, retrying those that failed.
fn see_all_evaluated(terminal: &mut Terminal, all: &str) {
    terminal.see_one_of(&[all, "✗ failed"]);
    while !terminal.contents().contains(all) {
        terminal.send("R");
        terminal.see_no_more("✗ failed");
        terminal.see_one_of(&[all, "✗ failed"]);
    }
}

#[test]
fn a_model_writes_five_questions_and_evaluates_answers_while_you_continue() {
    let world = World::new();
    let mut terminal = world.start(&[]);
    begin_interview(&mut terminal, 5);
    terminal.see(&["written by a language model"]);
    for next in ["2 of 5", "3 of 5"] {
        answer(&mut terminal);
        terminal.see(&[next]);
    }
    terminal.see_line("a completion in the strip", |line| scores(line) > 0);
    for next in ["4 of 5", "5 of 5"] {
        answer(&mut terminal);
        terminal.see(&[next]);
    }
    answer(&mut terminal);
    terminal.see(&["Report · Rust backend engineer", "5 of 5 evaluated"]);
    assert!(!terminal.contents().contains("offline estimate"), "{}", terminal.contents());

    terminal.send(key::RIGHT);
    terminal.see(&["this answer", "written by a language model"]);
    let point = point_asked_for(&world.model.requests(), &terminal.contents());
    terminal.send("G");
    terminal.see(&["Evaluated by honest-7b (language model, prompt ", " tokens."]);

    terminal.send("t");
    terminal.see(&["Start from"]);
    terminal.send(key::ENTER);
    terminal.see(&["your next answer", "11 words"]);
    terminal.send(" ");
    terminal.send(&point);
    terminal.send(key::CTRL_D);
    terminal.see(&["Submit"]);
    terminal.send(key::ENTER);
    // Back in the report, at the question with the new answer.
    terminal.see(&["5 of 5 evaluated", "this answer", "[1 "]);
    terminal.send(key::TAB);
    terminal.see(&["attempt 2", "[1]"]);
    terminal.see_quotes();
}

#[test]
fn a_new_evaluation_shows_in_the_list_without_a_key() {
    let mut world = World::new();
    let mut terminal = world.start(&[]);
    begin_interview(&mut terminal, 1);
    let address = world.stop_model();
    answer(&mut terminal);
    terminal.see(&["0 of 1 evaluated"]);
    terminal.send(key::ESC);
    terminal.see(&["Interviews", "no score yet"]);
    // With another interview open, the list itself has to watch the first one.
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
    terminal.send("Data engineer\r");
    terminal.see(&["1 of 5", "Esc close"]);
    terminal.send(key::ESC);
    terminal.see_no_more("Esc close");
    terminal.send(key::ESC);
    terminal.see(&["Interviews", "Data engineer", "no score yet"]);
    world.start_model_at(address);
    terminal.see_line("a score in the list", |line| line.contains("1 of 1") && scores(line) > 0);
}

#[test]
fn an_endpoint_that_goes_away_half_way_loses_nothing() {
    let mut world = World::new();
    let mut terminal = world.start(&[]);
    begin_interview(&mut terminal, 5);
    for next in ["2 of 5", "3 of 5"] {
        answer(&mut terminal);
        terminal.see(&[next]);
    }
    terminal.see_line("both evaluations", |line| scores(line) == 2);
    let address = world.stop_model();
    answer(&mut terminal);
    terminal.see(&["4 of 5", "Question 3: The language model (LLM_API_URL)", "safe; "]);
    // The queued answer is on disk, whatever ends the program.
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = world.start(&[]);
    terminal.see(&["question 4 of 5"]);
    terminal.send(key::ENTER);
    terminal.see(&["4 of 5", "your answer"]);
    answer(&mut terminal);
    terminal.see(&["5 of 5"]);
    answer(&mut terminal);
    terminal.see(&["Report · Rust backend engineer"]);
    // Scroll below the two evaluations.
    terminal.send("G");
    terminal.see(&["The language model (LLM_API_URL)"]);
    world.start_model_at(address);
    see_all_evaluated(&mut terminal, "5 of 5 evaluated");
    terminal.see_no_more("The language model (LLM_API_URL)");
}

#[test]
fn a_failed_evaluation_is_retried_with_a_key() {
    let mut world = World::new();
    let mut terminal = world.start(&[("LLM_MAX_ATTEMPTS", "1")]);
    begin_interview(&mut terminal, 1);
    let address = world.stop_model();
    answer(&mut terminal);
    terminal.see(&["Report", "1 failed · R to try again"]);
    terminal.send(key::RIGHT);
    terminal.see(&[
        "This answer could not be evaluated:",
        "Your answer is safe. R evaluates it again.",
    ]);
    world.start_model_at(address);
    terminal.send("R");
    terminal.see(&["1 of 1 evaluated", "this answer"]);
}

#[test]
fn waiting_for_questions_counts_seconds_can_be_stopped_and_creates_one_interview() {
    let world = World::new();
    world.model.hold();
    let mut terminal = world.start(&[]);
    terminal.see(&["starts your first interview"]);
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
    terminal.send("Rust backend engineer");
    terminal.send(key::ENTER);
    terminal.see_line("seconds that count", |line| {
        line.contains("The language model is writing 5 questions… ") && line.contains(" s ")
    });
    terminal.send(key::ESC);
    terminal.see(&["Stopped waiting. What you chose is kept"]);
    world.model.release();
    terminal.send(key::ENTER);
    terminal.see(&["1 of 5", "your answer", "written by a language model"]);
    terminal.send(key::ESC);
    terminal.see(&["0 of 5"]);
    let rows = terminal.contents().matches("0 of 5").count();
    assert_eq!(rows, 1, "{}", terminal.contents());
}
