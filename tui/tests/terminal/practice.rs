//! Practising: hints, the answer shown, follow-ups, answering again, points to work on.

use crate::support::{Terminal, answer, begin_interview, key};

const CTRL_Q: &str = "\x11";
const CTRL_G: &str = "\x07";
const CTRL_T: &str = "\x14";

#[test]
fn hints_are_counted_and_a_shown_answer_has_no_score() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 2);
    terminal.send("Half an idea");
    terminal.see(&["3 words"]);
    terminal.send(CTRL_G);
    terminal.see(&["hint 1 of "]);
    terminal.send(CTRL_T);
    terminal.see(&["Show it, without a score?", "Enter show"]);
    terminal.send(key::ENTER);
    terminal.see(&["a good answer", "shown, no score", "What you wrote is kept as a draft"]);
    terminal.send(key::ESC);
    terminal.see_no_more("What you wrote is kept");
    terminal.send(key::ENTER);
    answer(&mut terminal);
    terminal.see(&["Report · ", "1 answer was shown, so it has no score."]);
    terminal.send("1");
    terminal.see(&["Help: 1 hint", "No score: you asked for the answer.", "A good answer"]);

    // The text written before the answer was shown is still there in another run.
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["Rust backend engineer"]);
    terminal.send("r");
    terminal.see(&["Report · "]);
    terminal.send("1");
    terminal.see(&["No score: you asked for the answer."]);
    terminal.send(key::ENTER);
    terminal.see(&["│ Half an idea", "3 words", "hint 1 of "]);
}

#[test]
fn a_follow_up_comes_after_its_question_and_is_answered_like_any_other() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 2);
    answer(&mut terminal);
    terminal.see(&["2 of 2"]);
    answer(&mut terminal);
    terminal.see(&["2 of 2 evaluated"]);
    terminal.send("1");
    terminal.see(&["this answer", "f ask me more"]);
    terminal.send("f");
    terminal.see(&["a follow-up", "Enter answer", "2 of 3 evaluated"]);
    terminal.send(key::ENTER);
    terminal.see(&["2 of 3", "a follow-up", "your answer"]);
    answer(&mut terminal);
    terminal.see(&["Report · ", "3 of 3 evaluated", "a follow-up", "this answer"]);
}

#[test]
fn another_attempt_is_shown_beside_the_previous_one() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    answer(&mut terminal);
    terminal.see(&["1 of 1 evaluated"]);
    terminal.send("1");
    terminal.see(&["this answer"]);
    terminal.send("t");
    terminal.see(&["Start from", "Enter your answer", "n a blank page"]);
    terminal.send(key::ENTER);
    terminal.see(&["your next answer", "11 words"]);
    terminal.send(key::ESC);
    terminal.see(&["this answer"]);
    terminal.send("tn");
    answer(&mut terminal);
    terminal.see(&["Attempt 1", "Attempt 2", "No point was gained or lost."]);
}

#[test]
fn a_point_to_work_on_is_practised_by_its_number() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 2);
    answer(&mut terminal);
    terminal.see(&["2 of 2"]);
    answer(&mut terminal);
    terminal.see(&["2 of 2 evaluated", "To work on", "p chooses one to practise"]);
    terminal.send("p");
    terminal.see(&["To work on · Rust backend engineer", "> 1 ", "  2 "]);
    terminal.send("2");
    terminal.see(&["your next answer", "11 words"]);
    terminal.see_one_of(&["Say this time: ", "Say this in full: ", "Put this right: "]);
}

#[test]
fn an_interview_in_real_mode_shows_its_time_and_is_ended_by_a_key() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
    terminal.send("Rust backend engineer");
    terminal.send(&key::TAB.repeat(3));
    terminal.see(&["[study]", "feedback after each answer"]);
    terminal.send(key::RIGHT);
    terminal.see(&["[real]", "timed; feedback at the end", "[suggested]"]);
    terminal.send(key::TAB);
    terminal.send(&key::RIGHT.repeat(2));
    terminal.see(&["[30]"]);
    terminal.send(key::ENTER);
    terminal.see(&["1 of 5", "29:", " left", "Ctrl+Q end"]);
    answer(&mut terminal);
    terminal.see(&["2 of 5", "✓ answered"]);
    terminal.send(CTRL_Q);
    terminal.see(&["End with 4 questions open?"]);
    terminal.send(key::ENTER);
    terminal.see(&["Report · ", "1 of 5 evaluated", "overall"]);
    terminal.see_no_more(" left");
}
