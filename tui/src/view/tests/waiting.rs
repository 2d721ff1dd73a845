//! One snapshot for each thing you can see while evaluations are pending, are retried and fail, and
//! for evaluations by a language model.

use insta::assert_snapshot;
use viva_proto::v1::{CreateInterviewResponse, Interview, Report};

use crate::{
    model::ThemeName,
    msg::Reply,
    testing::{Script, data},
};

/// The longest kind of reason.
const LONG: &str = "The language model at model.internal.example.org:8443 answered with something \
                    that is no chat completion (an HTML page). Check LLM_API_URL: it must be the \
                    whole address of the chat completions, such as \
                    http://localhost:11434/v1/chat/completions, and not that of a page.";

/// Three answers with the same fault.
fn all_waiting() -> Report {
    let mut report = data::said(data::unreachable());
    report.questions[0].answer = Some(data::waiting(0, data::unreachable()));
    report.questions[3].answer = Some(data::waiting(3, data::unreachable()));
    report
}

fn reading(report: Report) -> Script {
    let mut script = Script::in_interview(report);
    script.press("alt-p");
    script
}

fn creating(seconds: i64) -> Script {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    script.types("Backend engineer").press("enter").wait(seconds * 1_000);
    script
}

#[test]
fn writing_while_an_answer_waits_after_a_fault() {
    let mut script = Script::in_interview(data::said(data::unreachable()));
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn writing_while_an_answer_waits_after_a_fault_on_a_small_screen() {
    let mut script = Script::in_interview(data::said(data::unreachable()));
    assert_snapshot!(script.screen(60, 16));
}

#[test]
fn waiting_after_a_fault_on_a_screen_too_small() {
    let mut script = Script::in_interview(data::said(data::unreachable()));
    assert_snapshot!(script.screen(40, 10));
}

#[test]
fn waiting_after_a_long_fault_on_a_screen_too_small() {
    let mut script = Script::in_interview(data::said(LONG));
    assert_snapshot!(script.screen(40, 10));
}

#[test]
fn looking_at_an_answer_that_waits_after_a_fault() {
    assert_snapshot!(reading(data::said(data::unreachable())).screen(80, 24));
}

#[test]
fn looking_at_an_answer_that_waits_after_a_fault_on_a_small_screen() {
    assert_snapshot!(reading(data::said(data::unreachable())).screen(60, 16));
}

#[test]
fn looking_at_an_answer_that_waits_after_a_long_fault() {
    assert_snapshot!(reading(data::said(LONG)).screen(80, 24));
}

#[test]
fn one_fault_of_many_answers_is_shown_once() {
    assert_snapshot!(Script::in_interview(all_waiting()).screen(80, 24));
}

#[test]
fn the_dashboard_while_answers_wait_after_a_fault() {
    let mut script = Script::in_interview(all_waiting());
    script.press("esc").list(data::history());
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn the_report_while_answers_wait_after_a_fault() {
    assert_snapshot!(Script::in_report(all_waiting(), 0).screen(80, 24));
}

#[test]
fn the_report_of_an_answer_that_waits_after_a_long_fault() {
    let mut script = Script::in_report(data::said(LONG), 2);
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn the_report_of_an_answer_that_waits_after_a_long_fault_scrolled_down_on_a_small_screen() {
    let mut script = Script::in_report(data::said(LONG), 2);
    script.screen(60, 16);
    assert_snapshot!(script.press("G").screen(60, 16));
}

#[test]
fn looking_at_an_answer_that_could_not_be_evaluated() {
    let mut report = data::begun();
    report.questions[1].answer = Some(data::failing(1, LONG));
    assert_snapshot!(reading(report).screen(80, 24));
}

#[test]
fn looking_at_an_answer_that_could_not_be_evaluated_on_a_small_screen() {
    let mut report = data::begun();
    report.questions[1].answer = Some(data::failing(1, LONG));
    assert_snapshot!(reading(report).screen(60, 16));
}

#[test]
fn the_report_with_one_of_two_failed_answers_in_front() {
    let mut report = data::finished();
    report.questions[1].answer = Some(data::failing(1, LONG));
    assert_snapshot!(Script::in_report(report, 2).screen(80, 24));
}

#[test]
fn ten_answers_that_wait_are_all_in_the_strip_of_a_small_screen() {
    let mut report = data::fresh();
    for at in 0..10 {
        let mut slot = report.questions[at % 5].clone();
        if let Some(question) = &mut slot.question {
            question.id = 70 + i64::try_from(at).unwrap();
        }
        slot.answer = Some(data::waiting(at, data::unreachable()));
        report.questions.push(slot);
    }
    report.questions.drain(..5);
    assert_snapshot!(Script::in_report(report, 10).screen(60, 16));
}

#[test]
fn a_long_question_shows_that_it_continues() {
    let mut report = data::begun();
    if let Some(question) = &mut report.questions[2].question {
        question.text = format!("{} {}", question.text, "And then, what next? ".repeat(60));
    }
    assert_snapshot!(Script::in_interview(report).screen(80, 24));
}

#[test]
fn the_report_of_an_evaluation_by_a_model_that_was_disputed() {
    let mut script = Script::in_report(data::mixed(), 3);
    script.screen(80, 24);
    assert_snapshot!(script.press("G").screen(80, 24));
}

#[test]
fn the_report_of_an_evaluation_by_a_model_on_a_wide_screen() {
    assert_snapshot!(Script::in_report(data::mixed(), 1).screen(120, 40));
}

#[test]
fn the_summary_says_whose_evaluations_its_averages_use() {
    assert_snapshot!(Script::in_report(data::mixed(), 0).screen(80, 24));
}

#[test]
fn the_summary_says_whose_evaluations_its_averages_use_on_a_small_screen() {
    assert_snapshot!(Script::in_report(data::mixed(), 0).screen(60, 16));
}

#[test]
fn the_quotes_of_an_answer_in_ascii() {
    let mut script = Script::in_report(data::mixed(), 3);
    script.model.look.ascii = true;
    script.model.look.theme = ThemeName::Mono;
    assert_snapshot!(script.press("tab").screen(80, 24));
}

#[test]
fn writing_an_answer_to_a_question_by_a_model() {
    let mut report = data::mixed();
    report.questions[2].answer = None;
    assert_snapshot!(Script::in_interview(report).screen(80, 24));
}

#[test]
fn creating_an_interview_for_a_moment() {
    assert_snapshot!(creating(0).screen(80, 24));
}

#[test]
fn creating_an_interview_for_a_while() {
    assert_snapshot!(creating(12).screen(80, 24));
}

#[test]
fn creating_an_interview_with_a_model() {
    let mut script = creating(12);
    script.model.questions_are_written = true;
    assert_snapshot!(script.screen(60, 16));
}

#[test]
fn an_interview_whose_creation_you_left() {
    assert_snapshot!(creating(12).press("esc").screen(80, 24));
}

#[test]
fn a_long_notice_from_the_server_can_be_read_in_full() {
    let mut script = creating(1);
    let fresh = data::fresh();
    let interview = Interview {
        id: 7,
        role: fresh.role,
        level: fresh.level,
        questions: fresh.questions.into_iter().filter_map(|slot| slot.question).collect(),
        ..Interview::default()
    };
    let notice = format!("{LONG} The questions come from the bank instead; nothing else changes.");
    script
        .reply(Reply::Created(Ok(CreateInterviewResponse { interview: Some(interview), notice })));
    assert_snapshot!(script.screen(60, 16));
}
