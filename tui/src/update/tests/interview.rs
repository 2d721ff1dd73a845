//! Writing and submitting.

use viva_proto::v1::{Answer, EvaluationStatus};

use crate::{
    drafts::{Draft, DraftId, Stage},
    effect::{Effect, StopFor},
    external_editor::Edited,
    keys::Context,
    model::{Screen, ThemeName, preferences::EditingKeys},
    msg::{Event, Reply, WatchNews},
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

const ID: DraftId = DraftId { interview: 7, question: 72 };

fn submitted(script: &mut Script) -> Vec<Draft> {
    let effects = script.effects().into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Submit(draft) => Some(draft),
            _ => None,
        })
        .collect()
}

#[test]
fn an_interview_opens_at_its_first_open_question() {
    let script = Script::in_interview(data::begun());
    assert_eq!(script.model.open.as_ref().unwrap().current, 2);
    assert_eq!(script.model.context(), Context::Writing);
}

#[test]
fn submitting_asks_once_and_moves_on_without_waiting() {
    let mut script = Script::in_interview(data::begun());
    script.paste(data::ANSWER).press("ctrl-d");
    assert_eq!(script.model.context(), Context::Confirm);
    assert_eq!(submitted(&mut script), []);
    script.press("enter");
    let [draft] = submitted(&mut script).try_into().unwrap();
    assert_eq!((draft.id, draft.stage, draft.text.as_str()), (ID, Stage::Submitting, data::ANSWER));
    assert_eq!(script.model.open.as_ref().unwrap().current, 3, "the next question is in front");
    assert_eq!(script.model.context(), Context::Writing);
}

#[test]
fn what_is_typed_or_pasted_at_the_question_whether_to_submit_goes_into_the_answer() {
    let mut script = Script::in_interview(data::begun());
    let text = |script: &Script| script.model.open.as_ref().unwrap().editor().unwrap().text();
    script.types("Measure").press("ctrl-d").types(" first").press("ctrl-d").paste(", then change");
    assert_eq!(text(&script), "Measure first, then change");
    script.press("ctrl-t").types(".");
    assert_eq!(text(&script), "Measure first, then change.");
    assert_eq!(script.model.context(), Context::Writing);
    assert_eq!(submitted(&mut script), []);
}

#[test]
fn with_vims_keys_esc_ends_typing_and_a_second_esc_leaves() {
    let mut script = Script::in_interview(data::begun());
    script.model.preferences.keys = EditingKeys::Vim;
    script.types("measure twice").press("esc").types("bcwonce").press("esc").types("yyp");
    let text = |script: &Script| script.model.open.as_ref().unwrap().editor().unwrap().text();
    assert_eq!(text(&script), "measure once\nmeasure once");
    assert_eq!(script.model.copied.as_deref(), Some("measure once\n"));
    assert!(script.screen(80, 24).contains("your answer · normal"));
    script.press("ctrl-d");
    assert_eq!(script.model.context(), Context::Confirm, "the app's own keys stay");
    script.press("esc").press("esc");
    assert_eq!(script.model.screen, Screen::Dashboard);
    let mut script = Script::in_interview(data::begun());
    script.types("measure").press("esc");
    assert_eq!(script.model.screen, Screen::Dashboard, "without them, Esc leaves at once");
}

#[test]
fn a_chord_that_terminals_confuse_never_submits() {
    let mut script = Script::in_interview(data::begun());
    script.types("a long enough answer").press("enter").press("ctrl-j").paste("pasted\r\nlines\r");
    script.press("ctrl-d").press("esc");
    assert_eq!(submitted(&mut script), []);
    let text = script.model.open.as_ref().unwrap().editor().unwrap().text();
    assert_eq!(text, "a long enough answer\n\npasted\nlines\n");
    script.press("alt-enter").press("enter");
    assert_eq!(submitted(&mut script).len(), 1);
}

#[test]
fn an_answer_too_short_or_too_long_is_refused_beside_the_text() {
    let mut script = Script::in_interview(data::begun());
    script.types("   too few   ").press("ctrl-d");
    let fault = |script: &Script| script.model.open.as_ref().unwrap().fault.clone();
    assert_eq!(fault(&script).unwrap(), "Answer must be at least 10 characters");
    script.types("!");
    assert_eq!(fault(&script), None);
    script.paste(&"x".repeat(20_001)).press("ctrl-d");
    assert!(fault(&script).unwrap().starts_with("Answer must be at most 20,000 characters"));
    assert_eq!(script.model.context(), Context::Writing);
}

#[test]
fn after_the_last_answer_the_report_is_shown() {
    let mut report = data::complete();
    report.questions[4].answer = None;
    let mut script = Script::in_interview(report);
    script.paste(data::ANSWER).press("ctrl-d").press("enter");
    assert_eq!(script.model.screen, Screen::Report);
}

#[test]
fn an_evaluation_arrives_while_the_user_writes() {
    let mut script = Script::in_interview(data::begun());
    assert_eq!(script.model.being_evaluated(), 1);
    let answer = Box::new(data::evaluated(1, 5.9));
    script.reply(Reply::Watch { interview: 7, news: WatchNews::Answer(answer.clone()) });
    assert_eq!(script.model.being_evaluated(), 0);
    let reload = Effect::LoadReport { interview: 7, turn: 2 };
    assert_eq!(script.effects(), [reload], "only the server computes the overall score");
    script.reply(Reply::Watch { interview: 7, news: WatchNews::Answer(answer) });
    assert_eq!(script.effects(), [], "the same again changes nothing");
}

#[test]
fn a_late_reply_does_not_undo_what_the_stream_brought() {
    let mut script = Script::in_interview(data::begun());
    let news = WatchNews::Answer(Box::new(data::evaluated(1, 5.9)));
    script.reply(Reply::Watch { interview: 7, news });
    script.reply(Reply::Report { turn: 1, report: Ok(data::begun()) });
    assert_eq!(script.model.being_evaluated(), 0);
}

#[test]
fn a_late_acknowledgement_does_not_undo_the_evaluation() {
    let mut script = Script::in_interview(data::begun());
    script.paste(data::ANSWER).press("ctrl-d").press("enter");
    let news = WatchNews::Answer(Box::new(data::evaluated(2, 6.4)));
    script.reply(Reply::Watch { interview: 7, news });
    script.reply(Reply::Submitted(ID, Ok(702)));
    let open = script.model.open.as_ref().unwrap();
    let evaluation = open.questions()[2].answer.as_ref().unwrap().evaluation.as_ref().unwrap();
    assert_eq!(evaluation.status(), EvaluationStatus::Completed);
}

#[test]
fn failed_evaluations_are_requested_again() {
    let mut report = data::begun();
    report.questions[1].answer = Some(data::failed(1));
    let mut script = Script::in_interview(report);
    script.press("ctrl-r");
    assert_eq!(script.effects(), [Effect::Retry(701)]);
    script.reply(Reply::Retried(Ok(Box::new(data::pending(1)))));
    assert_eq!(script.model.being_evaluated(), 1);
}

#[test]
fn the_retry_key_requests_the_failed_evaluation_in_front_and_elsewhere_all() {
    let mut report = data::begun();
    report.questions[0].answer = Some(data::failed(0));
    report.questions[1].answer = Some(data::failed(1));
    let both = [Effect::Retry(700), Effect::Retry(701)];
    let mut script = Script::in_interview(report.clone());
    script.press("ctrl-r");
    assert_eq!(script.effects(), both, "the question in front is still open");
    script.press("alt-p").quietly().press("R");
    assert_eq!(script.effects(), [Effect::Retry(701)]);
    let mut script = Script::in_report(report.clone(), 1);
    script.press("R");
    assert_eq!(script.effects(), [Effect::Retry(700)]);
    let mut script = Script::in_report(report, 0);
    script.press("R");
    assert_eq!(script.effects(), both, "the summary is about all of them");
}

#[test]
fn the_waiting_time_restarts_when_an_evaluation_is_requested_again() {
    let mut report = data::begun();
    report.questions[1].answer = Some(data::failed(1));
    let mut script = Script::in_report(report, 2);
    script
        .wait(3_600_000)
        .press("R")
        .reply(Reply::Retried(Ok(Box::new(data::pending(1)))))
        .wait(4_000);
    assert!(script.screen(80, 24).contains("Being evaluated, 4 s."), "{}", script.screen(80, 24));
}

#[test]
fn pressing_the_retry_key_twice_is_not_an_error() {
    let mut script = Script::in_interview(data::begun());
    let problem = Problem::new(ProblemKind::Precondition, "Evaluation has not failed");
    script.reply(Reply::Retried(Err(problem)));
    assert_eq!(script.model.notice, None);
    assert_eq!(script.effects(), [Effect::LoadReport { interview: 7, turn: 2 }]);
}

#[test]
fn the_seconds_until_the_next_attempt_are_counted_down() {
    let mut script = Script::in_interview(data::said(data::unreachable()));
    let says = |script: &mut Script, text: &str| {
        let screen = script.screen(80, 24);
        assert!(screen.contains(text), "{text} in {screen}");
    };
    says(&mut script, "again in 8 s");
    says(&mut script, "attempt 3 in 8 s.");
    script.wait(7_900);
    says(&mut script, "attempt 3 in 1 s.");
    script.wait(100);
    says(&mut script, "attempt 3 now.");
    assert!(script.model.is_lively(), "a countdown is redrawn");
}

#[test]
fn an_answered_question_can_be_answered_again() {
    let mut script = Script::in_interview(data::begun());
    script.press("alt-p").press("alt-p");
    assert_eq!(script.model.context(), Context::Reading);
    script.press("t").press("enter");
    assert_eq!(script.model.context(), Context::Writing);
    script.types(" More.").press("ctrl-d").press("enter");
    let [draft] = submitted(&mut script).try_into().unwrap();
    assert_eq!(draft.id.question, 70);
    assert_eq!(draft.text, format!("{} More.", data::ANSWER));
}

#[test]
fn a_new_answer_without_a_change_leaves_no_draft() {
    let mut script = Script::in_interview(data::begun());
    script
        .press("alt-p")
        .press("alt-p")
        .press("t")
        .press("enter")
        .types("x")
        .press("backspace")
        .quietly();
    script.press("ctrl-n");
    let removed = DraftId { interview: 7, question: 70 };
    assert!(script.effects().contains(&Effect::RemoveDraft(removed)));
    script.press("alt-p");
    assert_eq!(script.model.context(), Context::Reading);
}

#[test]
fn a_refused_answer_is_given_back_to_the_user() {
    let mut script = Script::in_interview(data::begun());
    script.paste(data::ANSWER).press("ctrl-d").press("enter");
    let [sent] = submitted(&mut script).try_into().unwrap();
    let problem = Problem::new(ProblemKind::Conflict, "Idempotency key was used");
    script.quietly().reply(Reply::Submitted(ID, Err(problem)));
    let told = &script.model.notice.as_ref().unwrap().text;
    assert!(told.contains("from another window. Yours is kept here"), "{told}");
    let loads = |effect: &Effect| matches!(effect, Effect::LoadReport { interview: 7, .. });
    assert!(script.effects().iter().any(loads), "the answer that was sent is loaded");
    script.press("esc").press("alt-p");
    assert_eq!(script.model.open.as_ref().unwrap().editor().unwrap().text(), data::ANSWER);
    script.press("ctrl-d").press("enter");
    let [again] = submitted(&mut script).try_into().unwrap();
    assert_ne!(again.key, sent.key, "another request has another key");
}

/// The stream reports another answer to the question in front.
fn answered_elsewhere(script: &mut Script, text: &str) {
    let answer = Answer { question_id: 72, answer_text: text.into(), ..data::pending(2) };
    let news = WatchNews::Answer(Box::new(answer));
    script.reply(Reply::Watch { interview: 7, news });
}

#[test]
fn an_answer_from_another_window_is_announced_and_keeps_the_text_here() {
    let mut script = Script::in_interview(data::begun());
    script.types("mine, another one").wait(600).quietly();
    answered_elsewhere(&mut script, "theirs");
    let told = script.model.notice.as_ref().unwrap().text.clone();
    assert!(told.starts_with("Question 3 was answered in another window."), "{told}");
    assert_eq!(script.model.open.as_ref().unwrap().editor().unwrap().text(), "mine, another one");
    let before = script.model.drafts.by_id[&ID].key.clone();
    script.press("esc").press("ctrl-d");
    let asked = script.screen(80, 24);
    assert!(
        asked.contains("Answered in another window. Submit 3 words as the next answer?"),
        "{asked}"
    );
    script.press("enter");
    let [draft] = submitted(&mut script).try_into().unwrap();
    assert_ne!(draft.key, before, "the other window may have used the draft's key");
}

#[test]
fn the_same_answer_from_another_window_ends_the_draft() {
    let mut script = Script::in_interview(data::begun());
    script.types("the same answer").wait(600).quietly();
    answered_elsewhere(&mut script, "the same answer");
    assert!(script.effects().contains(&Effect::RemoveDraft(ID)));
    assert_eq!(script.model.context(), Context::Reading);
    assert!(script.model.notice.is_none());
}

#[test]
fn an_answer_whose_interview_was_deleted_is_saved_in_a_file() {
    let mut script = Script::in_interview(data::begun());
    script.paste(data::ANSWER).press("ctrl-d").press("enter").quietly();
    let problem = Problem::new(ProblemKind::NotFound, "Resource not found.");
    script.reply(Reply::Submitted(ID, Err(problem)));
    let aside = script.effects().into_iter().find_map(|effect| match effect {
        Effect::SetAside(draft) => Some(draft.text),
        _ => None,
    });
    assert_eq!(aside.as_deref(), Some(data::ANSWER));
    script.reply(Reply::SetAside(ID, Ok("/home/ana/viva-answer-7-72.md".into())));
    let told = script.model.notice.as_ref().unwrap().text.clone();
    assert!(told.contains("deleted") && told.ends_with("/home/ana/viva-answer-7-72.md"), "{told}");
    assert!(script.model.drafts.by_id.is_empty());
}

#[test]
fn the_external_editor_gets_the_text_and_gives_it_back() {
    let mut script = Script::in_interview(data::begun());
    script.types("first").quietly().press("ctrl-e");
    let question = data::begun().questions[2].question.clone().unwrap().text;
    let edit = Effect::Edit { text: "first".into(), question };
    assert_eq!(script.effects().pop(), Some(edit));
    let taken = Edited { text: Some("first\nsecond\n".into()), fault: None };
    script.event(Event::Edited(taken));
    let text = |script: &Script| script.model.open.as_ref().unwrap().editor().unwrap().text();
    assert_eq!(text(&script), "first\nsecond");
    let failed = Edited { text: Some("third\n".into()), fault: Some("The editor failed.".into()) };
    script.event(Event::Edited(failed));
    assert_eq!(text(&script), "third");
    script.press("ctrl-z");
    assert_eq!(text(&script), "first\nsecond", "each use of the editor is one step");
    assert!(script.model.notice.as_ref().unwrap().is_problem);
}

#[test]
fn ctrl_z_undoes_in_a_text_and_suspends_elsewhere() {
    let mut script = Script::in_interview(data::begun());
    script.types("ab cd").quietly().press("ctrl-z");
    let text = |script: &Script| script.model.open.as_ref().unwrap().editor().unwrap().text();
    assert_eq!(text(&script), "ab ");
    script.press("ctrl-y");
    assert_eq!(text(&script), "ab cd");
    script.wait(1_000).types("ef").press("ctrl-z");
    assert_eq!(text(&script), "ab cd", "text after a pause is a separate step");
    assert!(!script.effects().contains(&Effect::Suspend(StopFor::Shell)));
    script.press("esc").quietly().press("ctrl-z");
    assert_eq!(script.effects(), [Effect::Suspend(StopFor::Shell)]);
}

#[test]
fn the_stopwatch_runs_only_while_the_user_writes() {
    let mut script = Script::in_interview(data::begun());
    script.wait(1_000).press("f1").wait(1_000).press("esc").wait(500);
    assert_eq!(script.model.open.as_ref().unwrap().elapsed_ms(), 1_500);
    script.wait(3_600_000);
    let elapsed = script.model.open.as_ref().unwrap().elapsed_ms();
    assert_eq!(elapsed, 1_500, "time asleep does not count");
}

#[test]
fn ctrl_l_redraws_and_a_late_background_reply_changes_only_the_colours() {
    let mut script = Script::in_interview(data::begun());
    script.types("ab").quietly().press("ctrl-l");
    assert_eq!(script.effects(), [Effect::Repaint]);
    script.quietly().event(Event::Background(ThemeName::Light));
    assert_eq!((script.effects().len(), script.model.look.theme), (0, ThemeName::Light));
    assert_eq!(script.model.open.as_ref().unwrap().editor().unwrap().text(), "ab");
}
