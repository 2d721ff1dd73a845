//! Hints, the shown answer, follow-ups, new answers, points to work on, attempts side by side.

use viva_proto::v1::GetHintResponse;

use crate::{
    drafts::{DraftId, Kept, Ownership, Stage},
    effect::Effect,
    keys::Context,
    model::{Screen, open::Asks},
    msg::{Reply, WatchNews},
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

const ID: DraftId = DraftId { interview: 7, question: 72 };

fn unreachable() -> Problem {
    Problem::new(ProblemKind::Unreachable, "Unable to reach server. Please try again later.")
}

fn hint(script: &mut Script, number: i32, reply: Result<GetHintResponse, Problem>) {
    script.reply(Reply::Hint { question: 72, number, reply });
}

fn told(script: &Script) -> String {
    script.model.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

fn current(script: &Script) -> usize {
    script.model.open.as_ref().unwrap().current
}

#[test]
fn hints_come_one_by_one_and_holding_the_key_requests_one() {
    let mut script = Script::in_interview(data::begun());
    script.press("ctrl-g").press("ctrl-g");
    assert_eq!(script.effects(), [Effect::Hint { question: 72, number: 1 }]);
    hint(&mut script, 1, Ok(data::hint(1)));
    script.press("ctrl-g");
    assert_eq!(script.effects(), [Effect::Hint { question: 72, number: 2 }]);
    hint(&mut script, 2, Ok(data::hint(2)));
    script.press("ctrl-g").quietly();
    hint(&mut script, 3, Ok(data::hint(3)));
    script.press("ctrl-g");
    assert_eq!(script.effects(), []);
    assert_eq!(told(&script), "There are no more hints to this question.");
}

#[test]
fn hints_given_earlier_are_loaded_and_not_counted_again() {
    let mut report = data::begun();
    report.questions[2].question.as_mut().unwrap().hints_given = 2;
    let mut script = Script::at_dashboard(vec![data::listed(&report)]);
    script.press("enter").quietly();
    script.reply(Reply::Report { turn: 1, report: Ok(report) });
    let effects = script.effects();
    for number in [1, 2] {
        assert!(effects.contains(&Effect::Hint { question: 72, number }), "{effects:?}");
    }
    hint(&mut script, 1, Err(unreachable()));
    assert_eq!(script.model.notice, None, "the user did not ask");
    assert_eq!(script.wait(100).effects(), [], "it is requested once");
    hint(&mut script, 2, Ok(data::hint(2)));
    script.press("ctrl-g");
    assert_eq!(script.effects().last(), Some(&Effect::Hint { question: 72, number: 3 }));
}

#[test]
fn a_hint_that_fails_is_reported_and_keeps_the_text() {
    let mut script = Script::in_interview(data::begun());
    script.types("Half an answer").press("ctrl-g");
    hint(&mut script, 1, Err(unreachable()));
    assert!(told(&script).ends_with("What you wrote is kept."), "{}", told(&script));
    let editor = script.model.open.as_ref().unwrap().editor().unwrap().text();
    assert_eq!(editor, "Half an answer");
    script.press("esc").quietly().press("ctrl-g");
    assert_eq!(script.effects(), [Effect::Hint { question: 72, number: 1 }]);
    let none = Problem::new(ProblemKind::Precondition, "The question has no other hint");
    hint(&mut script, 1, Err(none));
    assert_eq!(told(&script), "The question has no other hint.");
}

#[test]
fn showing_the_answer_asks_once_and_ends_the_question() {
    let mut script = Script::in_interview(data::begun());
    script.press("ctrl-t");
    assert_eq!(script.model.context(), Context::ShowMe);
    script.press("esc");
    assert_eq!((script.model.context(), script.effects()), (Context::Writing, Vec::new()));
    script.press("ctrl-t").press("enter");
    assert_eq!(script.effects(), [Effect::ShowAnswer(72)]);
    script.reply(Reply::AnswerShown(72, Ok(Box::new(data::revealed(2)))));
    assert_eq!((script.model.context(), current(&script)), (Context::Reading, 2));
    script.press("enter");
    assert_eq!((script.model.context(), current(&script)), (Context::Writing, 3));
    script.press("ctrl-n").press("enter").press("ctrl-n").press("ctrl-n").press("ctrl-n");
    assert_eq!(script.model.context(), Context::Reading, "a shown question is not open");
}

#[test]
fn text_written_before_the_answer_was_shown_stays_a_draft() {
    let mut script = Script::in_interview(data::begun());
    script.types("My own words").press("ctrl-t").press("y");
    script.reply(Reply::AnswerShown(72, Ok(Box::new(data::revealed(2)))));
    assert_eq!(script.model.context(), Context::Reading);
    assert_eq!(told(&script), "What you wrote is kept as a draft: t continues it.");
    let draft = script.model.drafts.by_id[&ID].clone();
    assert_eq!((draft.text.as_str(), draft.stage), ("My own words", Stage::Writing));
    let removed = |effect: &Effect| matches!(effect, Effect::RemoveDraft(_));
    assert!(!script.effects().iter().any(removed));
    // It is loaded again with the drafts of other windows, and the shown answer stays in front.
    let kept = Kept { draft, name: "7-72.json".into(), ownership: Ownership::Own };
    script.reply(Reply::Drafts(Ok(vec![kept])));
    assert_eq!(script.model.context(), Context::Reading);
    script.press("esc").press("t");
    assert_eq!(script.model.context(), Context::Writing);
    assert_eq!(script.model.open.as_ref().unwrap().editor().unwrap().text(), "My own words");
}

#[test]
fn an_answer_given_elsewhere_is_loaded_instead_of_showing_one() {
    let mut script = Script::in_interview(data::begun());
    script.types("My own words").press("ctrl-t").press("enter").quietly();
    let answered = "The question is answered; the evaluation shows what a good answer says";
    let problem = Problem::new(ProblemKind::Precondition, answered);
    script.reply(Reply::AnswerShown(72, Err(problem)));
    assert_eq!(script.effects(), [Effect::LoadReport { interview: 7, turn: 2 }]);
    assert_eq!(told(&script), format!("{answered}."));
    assert_eq!(script.model.context(), Context::Writing);
    script.press("esc").press("ctrl-t").press("enter");
    script.reply(Reply::AnswerShown(72, Err(unreachable())));
    assert!(told(&script).ends_with("What you wrote is kept."), "{}", told(&script));
}

#[test]
fn a_follow_up_comes_right_after_its_question_and_one_key_answers_it() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("f").press("f");
    assert_eq!(script.effects(), [Effect::FollowUp(72)], "asking twice would add two");
    assert!(script.model.is_lively());
    script.reply(Reply::FollowUp(72, Ok(Box::new(data::follow_up(2)))));
    let open = script.model.open.as_ref().unwrap();
    let ids: Vec<i64> = open.questions().iter().map(|q| q.question.as_ref().unwrap().id).collect();
    assert_eq!((ids, open.selected), (vec![70, 71, 72, 90, 73, 74], 4));
    assert!(script.effects().contains(&Effect::LoadReport { interview: 7, turn: 2 }));
    script.press("enter");
    assert_eq!((script.model.context(), current(&script)), (Context::Writing, 3));
    script.paste(data::ANSWER).press("ctrl-d").press("enter");
    assert_eq!(script.model.screen, Screen::Report, "and back to where it was requested");
}

#[test]
fn a_follow_up_can_be_requested_in_the_interview_too() {
    let mut report = data::begun();
    report.questions[1].answer = Some(data::evaluated(1, 5.9));
    let mut script = Script::in_interview(report);
    script.press("alt-p").press("f");
    assert_eq!(script.effects(), [Effect::FollowUp(71)]);
    script.reply(Reply::FollowUp(71, Ok(Box::new(data::follow_up(1)))));
    assert_eq!((script.model.context(), current(&script)), (Context::Writing, 2));
}

#[test]
fn a_follow_up_that_arrives_while_the_user_writes_moves_nothing() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("f").press("5").press("enter").types("In the middle of");
    script.reply(Reply::FollowUp(72, Ok(Box::new(data::follow_up(2)))));
    assert_eq!(told(&script), "Question 4 is the follow-up to question 3.");
    let open = script.model.open.as_ref().unwrap();
    assert_eq!((open.current, open.editor().unwrap().text().as_str()), (5, "In the middle of"));
}

#[test]
fn the_reason_for_no_follow_up_is_shown() {
    let mut script = Script::in_report(data::finished(), 4);
    script.press("f");
    assert_eq!(script.effects(), []);
    assert_eq!(told(&script), "A follow-up can be asked once the answer is evaluated.");
    script.press("3").press("f");
    let none = Problem::new(ProblemKind::Precondition, "The answer leaves nothing to ask about");
    script.reply(Reply::FollowUp(72, Err(none)));
    assert_eq!(told(&script), "The answer leaves nothing to ask about.");
    script.press("esc").quietly().press("f");
    assert_eq!(script.effects(), [Effect::FollowUp(72)], "it can be requested again");
    script.reply(Reply::FollowUp(72, Err(unreachable())));
    assert!(told(&script).ends_with("Your answers are safe."), "{}", told(&script));
    assert_eq!(script.model.open.as_ref().unwrap().practice.follow_up_since(), None);
}

#[test]
fn a_new_answer_starts_from_the_last_one_or_a_blank_page() {
    let text = |script: &Script| script.model.open.as_ref().unwrap().editor().unwrap().text();
    let mut script = Script::in_report(data::finished(), 3);
    script.press("t").press("esc");
    assert_eq!((script.model.context(), script.model.screen), (Context::Report, Screen::Report));
    script.press("t").press("enter");
    assert_eq!(text(&script), data::ANSWER);
    script.press("esc");
    script.press("t").press("n");
    assert_eq!((text(&script).as_str(), script.model.screen), ("", Screen::Interview));
    script.types("A new answer").press("esc").press("t");
    assert_eq!(script.model.open.as_ref().unwrap().asks, None::<Asks>, "one has been started");
    assert_eq!(text(&script), "A new answer");
}

#[test]
fn the_next_attempt_is_timed_from_its_own_start() {
    let mut script = Script::in_interview(data::begun());
    script.paste(data::ANSWER).wait(1_500).press("ctrl-d").press("enter");
    script.reply(Reply::Submitted(ID, Ok(702)));
    script.press("alt-p").press("t").press("n").paste(data::ANSWER).wait(500).quietly();
    script.press("ctrl-d").press("enter");
    let submitted = script.effects().into_iter().find_map(|effect| match effect {
        Effect::Submit(draft) => Some((draft.id, draft.elapsed_ms)),
        _ => None,
    });
    assert_eq!(submitted, Some((ID, 500)));
}

#[test]
fn each_point_to_work_on_has_a_key_that_practises_it() {
    let mut script = Script::in_report(data::finished(), 0);
    script.press("p");
    assert_eq!(script.model.context(), Context::Practise);
    script.press("2");
    assert_eq!((script.model.context(), current(&script)), (Context::Writing, 1));
    assert_eq!(told(&script), "Say this time: Splits the lock or lets readers through");
    script.press("esc").press("esc");
    assert_eq!(script.model.screen, Screen::Report);
    script.press("p").press("down").press("down").press("up").press("enter");
    assert_eq!(current(&script), 1);
}

#[test]
fn a_point_can_be_asked_about_from_the_list() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("p");
    assert_eq!(script.model.context(), Context::Practise);
    script.press("f");
    assert_eq!(script.effects(), [Effect::FollowUp(72)]);
    assert_eq!(script.model.context(), Context::Report);
    script.press("p").press("9").press("esc");
    assert_eq!(script.model.context(), Context::Report);
}

#[test]
fn two_attempts_are_compared_once_when_the_second_is_evaluated() {
    let mut report = data::finished();
    report.questions[2].answer = Some(data::second(2, 7.4));
    let mut script = Script::in_report(report, 0);
    script.press("3");
    assert_eq!(script.effects(), [Effect::Compare { question: 72, attempt: 2 }]);
    assert_eq!(script.wait(100).effects(), [], "while it is loading");
    script.reply(Reply::Compared(72, Err(unreachable()))).quietly();
    assert_eq!(script.wait(100).effects(), [], "it is not requested endlessly");
    script.reply(Reply::Compared(72, Ok(Box::new(data::compared(2)))));
    let open = script.model.open.as_ref().unwrap();
    assert!(open.practice.compared(72, 802).is_some());
    // A third attempt is compared again.
    let mut third = data::second(2, 8.0);
    (third.id, third.attempt) = (902, 3);
    let news = WatchNews::Answer(Box::new(third));
    script.quietly().reply(Reply::Watch { interview: 7, news });
    assert!(script.effects().contains(&Effect::Compare { question: 72, attempt: 3 }));
}

#[test]
fn a_follow_up_that_comes_with_a_report_keeps_the_current_question() {
    let mut script = Script::in_report(data::finished(), 5);
    let mut report = data::finished();
    let follow_up = data::follow_up(1).question;
    report
        .questions
        .insert(2, viva_proto::v1::QuestionReport { question: follow_up, answer: None });
    let turn = script.model.open.as_ref().unwrap().turn;
    script.reply(Reply::Report { turn, report: Ok(report) });
    let open = script.model.open.as_ref().unwrap();
    assert_eq!((open.selected, open.shown().unwrap().question.as_ref().unwrap().id), (6, 74));
}
