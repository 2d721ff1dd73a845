//! Marks on questions, wherever they appear.

use insta::assert_snapshot;
use viva_proto::v1::{ListQuestionMarksResponse, Report};

use crate::{
    msg::Reply,
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

/// An interview whose third question has every kind of mark.
fn marked(mut report: Report) -> Report {
    report.questions[2].question.as_mut().unwrap().mark = data::marked().questions.remove(0).mark;
    report
}

fn list(page: ListQuestionMarksResponse) -> Script {
    let mut script = Script::at_dashboard(data::history());
    script.press("s").reply(Reply::Marks { first: true, page: Ok(page) });
    script
}

#[test]
fn an_interview_with_a_marked_question() {
    assert_snapshot!(Script::in_interview(marked(data::begun())).screen(80, 24));
}

#[test]
fn an_interview_with_a_marked_question_on_a_small_screen() {
    assert_snapshot!(Script::in_interview(marked(data::begun())).screen(60, 16));
}

#[test]
fn the_report_of_a_marked_question() {
    assert_snapshot!(Script::in_report(marked(data::finished()), 3).screen(80, 24));
}

#[test]
fn a_note_being_written() {
    let mut script = Script::in_report(marked(data::finished()), 3);
    assert_snapshot!(script.press("w").types("\nMore.").screen(80, 24));
}

#[test]
fn a_note_being_written_on_a_small_screen() {
    let mut script = Script::in_report(marked(data::finished()), 3);
    assert_snapshot!(script.press("w").screen(60, 16));
}

#[test]
fn the_list_of_marked_questions() {
    assert_snapshot!(list(data::marked()).screen(80, 24));
}

#[test]
fn the_list_of_marked_questions_in_ascii() {
    let mut script = list(data::marked());
    script.model.look.ascii = true;
    assert_snapshot!(script.press("G").screen(80, 24));
}

#[test]
fn the_list_of_marked_questions_on_a_small_screen() {
    assert_snapshot!(list(data::marked()).screen(60, 16));
}

#[test]
fn the_list_when_nothing_is_marked() {
    assert_snapshot!(list(ListQuestionMarksResponse::default()).screen(80, 24));
}

#[test]
fn the_list_that_could_not_be_loaded() {
    let mut script = Script::at_dashboard(data::history());
    let problem = Problem::new(ProblemKind::Server, "Something went wrong.");
    script.press("s").reply(Reply::Marks { first: true, page: Err(problem) });
    assert_snapshot!(script.screen(80, 24));
}
