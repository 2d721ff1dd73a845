//! Interviews in real mode: chosen in the form, their time on the screen, and their end.

use jiff::SignedDuration;
use viva_proto::v1::{Interview, InterviewClock, InterviewMode, Report};

use crate::{
    effect::Effect,
    keys::Context,
    model::{Screen, new_interview::Field},
    msg::Reply,
    problem::{Problem, ProblemKind, Violation},
    testing::{Script, data},
};

/// The interview with two answers, in real mode, with ten minutes left.
fn running() -> Report {
    let clock =
        InterviewClock { minutes: 30, remaining_ms: Some(600_000), ..InterviewClock::default() };
    let mut report = data::begun();
    report.set_mode(InterviewMode::Real);
    report.clock = Some(clock);
    report.feedback_withheld = true;
    for answer in report.questions.iter_mut().filter_map(|slot| slot.answer.as_mut()) {
        answer.evaluation.as_mut().unwrap().withheld = true;
    }
    report
}

fn told(script: &Script) -> String {
    script.model.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[test]
fn real_mode_and_its_minutes_are_chosen_in_the_form() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    script.types("Backend").press("tab").press("tab").press("tab");
    let asked = |script: &mut Script| {
        let request = script.effects().into_iter().find_map(|effect| match effect {
            Effect::Create(request) => Some((request.mode(), request.minutes)),
            _ => None,
        });
        // A second attempt.
        script.reply(Reply::Created(Err(Problem::timeout())));
        request.unwrap()
    };
    script.press("enter");
    assert_eq!(asked(&mut script), (InterviewMode::Unspecified, 0), "which is study mode");
    script.press("right").press("tab");
    assert_eq!(script.model.form.as_ref().unwrap().field, Field::Minutes);
    script.press("enter");
    assert_eq!(asked(&mut script), (InterviewMode::Real, 0), "the server suggests the minutes");
    script.press("right").press("right").press("enter");
    assert_eq!(asked(&mut script), (InterviewMode::Real, 30));
    script.press("backtab").press("left").press("tab");
    assert_eq!(script.model.form.as_ref().unwrap().field, Field::Topics, "study has no minutes");
    script.press("enter");
    assert_eq!(asked(&mut script), (InterviewMode::Unspecified, 0));
}

#[test]
fn a_fault_of_the_minutes_is_shown_beside_the_minutes() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").types("Backend").press("tab").press("tab").press("tab").press("right");
    script.press("enter");
    let violation = Violation { field: "minutes".into(), message: "Too few minutes".into() };
    let problem = Problem {
        violations: vec![violation],
        ..Problem::new(ProblemKind::Validation, "The request is invalid.")
    };
    script.reply(Reply::Created(Err(problem)));
    assert_eq!(script.model.form.as_ref().unwrap().field, Field::Minutes);
    assert!(script.screen(80, 24).contains("Minutes     [suggested]"));
    assert!(script.screen(80, 24).contains("✗ Too few minutes"));
}

#[test]
fn the_time_left_is_shown_and_counts_down() {
    let mut script = Script::in_interview(running());
    assert!(script.screen(80, 24).contains("· 10:00 left"), "{}", script.screen(80, 24));
    assert!(script.model.is_counting());
    script.wait(61_000);
    assert!(script.screen(60, 16).contains("08:59 left"), "{}", script.screen(60, 16));
    let screen = script.screen(80, 24);
    assert!(screen.contains("Ctrl+Q end") && !screen.contains("hint"), "{screen}");
    script.press("alt-p");
    assert_eq!(script.model.context(), Context::Reading);
    assert!(script.screen(80, 24).contains("08:59 left"), "also beside an answer that was given");
    script.press("r");
    assert!(script.screen(80, 24).contains("08:59 left"), "and in the report");
    script.press("0");
    let screen = script.screen(80, 24);
    assert!(
        screen.contains("Scores and feedback come once the interview has ended. Ctrl+Q ends it")
    );
}

#[test]
fn a_new_interview_in_real_mode_shows_its_time_immediately() {
    let report = running();
    let made = Interview {
        id: 7,
        role: report.role,
        mode: report.mode,
        clock: report.clock,
        feedback_withheld: true,
        questions: report.questions.into_iter().filter_map(|slot| slot.question).collect(),
        ..Interview::default()
    };
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").types("Backend").press("enter");
    let reply =
        viva_proto::v1::CreateInterviewResponse { interview: Some(made), ..Default::default() };
    script.reply(Reply::Created(Ok(reply)));
    let screen = script.screen(80, 24);
    assert!(screen.contains("10:00 left") && !screen.contains("hint"), "{screen}");
}

#[test]
fn ending_asks_once_and_leads_to_the_report() {
    let mut script = Script::in_interview(running());
    script.types("Half an answer").press("ctrl-q");
    assert_eq!(script.model.context(), Context::Ending);
    assert!(script.screen(60, 16).contains("End with 3 questions open?   Enter end"));
    script.press("esc").quietly();
    assert_eq!(script.model.context(), Context::Writing);
    script.press("ctrl-q").press("enter");
    assert_eq!(script.effects(), [Effect::End(7)]);
    let ended_at = Some(data::on(23, "14:10:00"));
    let clock = Some(InterviewClock { ended_at, ..InterviewClock::default() });
    let interview = Interview { id: 7, clock, ..Interview::default() };
    script.reply(Reply::Ended(Ok(Box::new(interview))));
    assert_eq!(script.model.screen, Screen::Report);
    let effects = script.effects();
    assert!(effects.contains(&Effect::Watch(7)), "{effects:?}");
    assert!(effects.contains(&Effect::LoadReport { interview: 7, turn: 2 }), "{effects:?}");
    assert!(!script.screen(80, 24).contains(" left"), "no time runs any more");
    script.press("ctrl-q");
    assert_eq!(script.effects(), []);
    assert_eq!(told(&script), "Only an interview in real mode that has not ended can be ended.");
}

#[test]
fn an_interview_that_could_not_be_ended_continues() {
    let mut script = Script::in_interview(running());
    script.press("ctrl-q").press("enter").quietly();
    script.reply(Reply::Ended(Err(Problem::timeout())));
    assert_eq!(script.model.context(), Context::Writing);
    assert!(told(&script).ends_with("Your answers are safe."), "{}", told(&script));
    assert!(script.screen(80, 24).contains("10:00 left"));
}

#[test]
fn an_interview_whose_time_is_up_is_reloaded_and_keeps_the_text() {
    let mut script = Script::in_interview(running());
    script.types("Half an answer").quietly().wait(599_000);
    let loads = |effects: &[Effect]| {
        effects.iter().filter(|it| matches!(it, Effect::LoadReport { .. })).count()
    };
    assert_eq!(loads(&script.effects()), 0);
    script.wait(1_000).wait(1_000);
    assert_eq!(loads(&script.effects()), 1, "the server is asked once");
    let mut over = data::begun();
    over.set_mode(InterviewMode::Real);
    let turn = script.model.open.as_ref().unwrap().turn;
    script.reply(Reply::Report { turn, report: Ok(over) });
    assert!(told(&script).starts_with("The interview has ended:"), "{}", told(&script));
    assert!(script.effects().contains(&Effect::Watch(7)), "the stream says more from now on");
    assert_eq!(script.model.context(), Context::Writing);
    let text = script.model.open.as_ref().unwrap().editor().unwrap().text();
    assert_eq!(text, "Half an answer");
}

#[test]
fn a_server_whose_clock_is_behind_decides_the_time_left() {
    let mut script = Script::in_interview(running());
    script.wait(600_000);
    let mut report = running();
    report.clock.as_mut().unwrap().remaining_ms = Some(2_000);
    let turn = script.model.open.as_ref().unwrap().turn;
    script.reply(Reply::Report { turn, report: Ok(report) });
    assert!(script.screen(80, 24).contains("00:02 left"));
    assert_eq!(told(&script), "");
    let closes_at = script.model.open.as_ref().unwrap().closes_at.unwrap();
    assert_eq!(closes_at.duration_since(script.model.now), SignedDuration::from_secs(2));
}
