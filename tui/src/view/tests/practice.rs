//! Hints, the shown answer, follow-ups, points to work on, attempts side by side.

use insta::assert_snapshot;

use crate::{
    msg::Reply,
    testing::{Script, data},
};

fn hinted() -> Script {
    let mut script = Script::in_interview(data::begun());
    for number in [1, 2] {
        script.reply(Reply::Hint { question: 72, number, reply: Ok(data::hint(number)) });
    }
    script.types("They wait.");
    script
}

fn shown() -> Script {
    let mut script = Script::in_interview(data::begun());
    script.reply(Reply::AnswerShown(72, Ok(Box::new(data::revealed(2)))));
    script
}

fn compared() -> Script {
    let mut report = data::finished();
    let question = report.questions[2].question.as_mut().unwrap();
    question.hints_given = 2;
    report.questions[2].answer = Some(data::second(2, 7.4));
    let mut script = Script::in_report(report, 3);
    script.reply(Reply::Compared(72, Ok(Box::new(data::compared(2)))));
    script
}

fn asked_more() -> Script {
    let mut script = Script::in_report(data::complete(), 3);
    script.reply(Reply::FollowUp(72, Ok(Box::new(data::follow_up(2)))));
    script
}

#[test]
fn hints_under_the_question() {
    assert_snapshot!(hinted().screen(80, 24));
}

#[test]
fn hints_under_the_question_on_a_small_screen() {
    let mut script = hinted();
    script.screen(60, 16);
    script.reply(Reply::Hint { question: 72, number: 3, reply: Ok(data::hint(3)) });
    assert_snapshot!(script.screen(60, 16));
}

#[test]
fn hints_under_the_question_on_a_wide_screen() {
    assert_snapshot!(hinted().screen(120, 40));
}

#[test]
fn asking_before_the_answer_is_shown() {
    assert_snapshot!(hinted().press("ctrl-t").screen(60, 16));
}

#[test]
fn an_answer_that_was_shown() {
    assert_snapshot!(shown().screen(80, 24));
}

#[test]
fn an_answer_that_was_shown_on_a_small_screen() {
    assert_snapshot!(shown().screen(60, 16));
}

#[test]
fn an_answer_that_was_shown_in_the_report() {
    let mut report = data::finished();
    report.questions[4].question = data::revealed(4).question;
    assert_snapshot!(Script::in_report(report, 5).screen(80, 24));
}

#[test]
fn a_report_with_an_answer_that_was_shown() {
    let mut report = data::finished();
    report.questions[4].question = data::revealed(4).question;
    assert_snapshot!(Script::in_report(report, 0).screen(80, 24));
}

#[test]
fn a_follow_up_in_the_report() {
    assert_snapshot!(asked_more().screen(80, 24));
}

#[test]
fn waiting_for_a_follow_up() {
    let mut script = Script::in_report(data::complete(), 3);
    assert_snapshot!(script.press("f").wait(3_000).screen(80, 24));
}

#[test]
fn choosing_what_a_new_answer_starts_from() {
    assert_snapshot!(Script::in_report(data::complete(), 3).press("t").screen(60, 16));
}

#[test]
fn points_to_work_on() {
    assert_snapshot!(
        Script::in_report(data::complete(), 0).press("p").press("down").screen(80, 24)
    );
}

#[test]
fn points_of_one_question_to_work_on() {
    assert_snapshot!(Script::in_report(data::complete(), 3).press("p").screen(80, 24));
}

#[test]
fn points_to_work_on_on_a_small_screen() {
    let mut script = Script::in_report(data::complete(), 0);
    assert_snapshot!(script.press("p").press("G").press("down").press("down").screen(60, 16));
}

#[test]
fn two_attempts_side_by_side() {
    assert_snapshot!(compared().screen(80, 24));
}

#[test]
fn two_attempts_on_a_small_screen() {
    assert_snapshot!(compared().press("pgdn").screen(60, 16));
}

#[test]
fn two_attempts_on_a_wide_screen() {
    assert_snapshot!(compared().screen(120, 40));
}

#[test]
fn two_attempts_in_ascii() {
    let mut script = compared();
    script.model.look.ascii = true;
    assert_snapshot!(script.screen(80, 24));
}
