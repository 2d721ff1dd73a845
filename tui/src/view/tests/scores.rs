//! The scores on top of a report: the texts if there are none, or if they are uncertain.

use viva_proto::v1::{FailureCode, InterviewMode, Report, ScoreRange, ShownAnswer};

use crate::testing::{Script, data};

fn unsure() -> Report {
    let mut report = data::complete();
    let answer = report.questions[0].answer.as_mut().unwrap();
    let evaluation = answer.evaluation.as_mut().unwrap();
    evaluation.needs_review = true;
    evaluation.range = Some(ScoreRange { low: Some(5.0), high: Some(10.0) });
    report
}

fn without_scores(mut report: Report) -> Report {
    (report.overall_score, report.average_scores) = (None, None);
    report
}

#[test]
fn an_uncertain_score_has_its_full_warning_on_every_screen() {
    for (columns, rows) in [(60, 16), (80, 24), (120, 40)] {
        let screen = Script::in_report(unsure(), 1).screen(columns, rows);
        let told = "  The grader is unsure of this score: judge it yourself.\n";
        assert!(screen.contains(told), "{screen}");
    }
}

#[test]
fn a_declined_or_shown_answer_has_no_score_and_is_not_awaited() {
    let mut report = without_scores(data::fresh());
    let mut answer = data::failing(0, "The text is about something else.");
    answer.evaluation.as_mut().unwrap().set_failure_code(FailureCode::OffTopic);
    report.questions[0].answer = Some(answer);
    for slot in &mut report.questions[1..] {
        slot.question.as_mut().unwrap().shown = Some(ShownAnswer::default());
    }
    let screen = Script::in_report(report.clone(), 0).screen(80, 24);
    assert!(screen.contains("overall         no score yet\n"), "{screen}");
    let screen = Script::in_report(report.clone(), 1).screen(80, 24);
    assert!(screen.contains("this answer     no score yet\n"), "{screen}");
    report.questions[0].answer = None;
    report.questions[0].question.as_mut().unwrap().shown = Some(ShownAnswer::default());
    let screen = Script::in_report(report, 0).screen(80, 24);
    assert!(screen.contains("overall         no score yet\n"), "{screen}");
}

#[test]
fn before_the_first_answer_the_report_says_so() {
    let screen = Script::in_report(data::fresh(), 0).screen(80, 24);
    assert!(screen.contains("overall         not answered yet\n"), "{screen}");
}

#[test]
fn a_running_interview_in_real_mode_says_when_its_scores_come() {
    let mut report = without_scores(data::begun());
    report.set_mode(InterviewMode::Real);
    report.feedback_withheld = true;
    let screen = Script::in_report(report, 0).screen(80, 24);
    assert!(screen.contains("overall         comes once the interview has ended\n"), "{screen}");
}
