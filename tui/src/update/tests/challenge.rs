//! Challenging a finding, and saying whether a point was made.

use viva_proto::v1::{
    Answer, AssessPointRequest, ChallengePointRequest, ChallengePointResponse, PointChallenge,
    SelfAssessment,
};

use crate::{
    effect::Effect,
    keys::Context,
    msg::Reply,
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

fn told(script: &Script) -> String {
    script.model.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

/// The report at its third question, whose third point the grader is not sure of.
fn unsure() -> (Script, Answer) {
    let mut report = data::finished();
    let answer = report.questions[2].answer.as_mut().unwrap();
    answer.evaluation.as_mut().unwrap().key_points[2].confidence = Some(0.6);
    let answer = answer.clone();
    (Script::in_report(report, 3), answer)
}

fn words(effects: &[Effect]) -> Vec<(i32, String)> {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Challenge(request) => Some((request.point_number, request.words.clone())),
        _ => None,
    });
    sent.collect()
}

#[test]
fn marked_sentences_are_sent_for_the_chosen_point_and_the_outcome_is_told() {
    let (mut script, before) = unsure();
    script.press("c");
    assert_eq!(script.model.context(), Context::Challenge);
    // The worst comes first: the point that was missed, which is the fourth of the rubric.
    script.press("enter");
    assert_eq!(script.model.context(), Context::Marking);
    script.press("down").press("enter");
    let effects = script.effects();
    let [Effect::Challenge(sent)] = &effects[..] else { panic!("{effects:?}") };
    let second = data::ANSWER.split_once(". ").unwrap().1;
    let wanted =
        ChallengePointRequest { answer_id: 702, point_number: 4, words: second.to_owned() };
    assert_eq!((**sent).clone(), wanted);
    assert_eq!(script.model.context(), Context::Report);

    let mut after = before;
    after.evaluation.as_mut().unwrap().key_points[3].coverage = Some(1.0);
    let challenge = PointChallenge {
        upheld: true,
        completeness_before: Some(5.2),
        completeness_after: Some(7.7),
        ..PointChallenge::default()
    };
    let reply = ChallengePointResponse {
        answer: Some(after.clone()),
        challenge: Some(challenge),
        ..ChallengePointResponse::default()
    };
    script.reply(Reply::Challenged(Ok(Box::new(reply))));
    assert_eq!(
        told(&script),
        "The second reading finds the point. Completeness rose from 5.2 to 7.7."
    );
    assert_eq!(script.model.open.as_ref().unwrap().answer_to(72), Some(&after));
    let reloads = |effect: &Effect| matches!(effect, Effect::LoadReport { interview: 7, .. });
    assert!(script.effects().iter().any(reloads), "the averages may have changed");
}

#[test]
fn several_sentences_can_be_marked_and_esc_goes_back_step_by_step() {
    let (mut script, _) = unsure();
    script.press("c").press("enter").press("space").press("down").press("enter");
    assert_eq!(words(&script.effects()), [(4, data::ANSWER.to_owned())]);
    script.press("c").press("enter").press("space").press("space").press("esc");
    assert_eq!(script.model.context(), Context::Challenge);
    script.press("esc");
    assert_eq!((script.model.context(), script.effects()), (Context::Report, vec![]));
}

#[test]
fn only_a_point_that_the_grader_is_unsure_of_is_asked_about() {
    let (mut script, _) = unsure();
    script.press("c").press("y");
    assert_eq!(script.effects(), []);
    assert!(told(&script).starts_with("The grader is sure about this point"));
    script.press("down").press("p");
    let said = AssessPointRequest {
        answer_id: 702,
        point_number: 3,
        self_assessment: SelfAssessment::Partly.into(),
    };
    assert_eq!(script.effects(), [Effect::AssessPoint(said)]);
    assert_eq!(script.model.context(), Context::Challenge, "there may be more to say");
}

#[test]
fn without_a_point_to_challenge_it_is_said() {
    let mut script = Script::in_report(data::finished(), 0);
    script.press("c");
    assert!(told(&script).starts_with("Choose a question first"));
    let mut script = Script::in_report(data::finished(), 5);
    script.press("c");
    assert_eq!(told(&script), "This answer has no findings to challenge.");
}

#[test]
fn a_refused_challenge_says_why_and_changes_nothing() {
    let (mut script, before) = unsure();
    let refused = Problem::new(ProblemKind::Precondition, "A point can be challenged 5 times");
    script.reply(Reply::Challenged(Err(refused)));
    assert_eq!(told(&script), "A point can be challenged 5 times.");
    let declined = ChallengePointResponse {
        answer: Some(before.clone()),
        failure_reason: "It is about something else.".into(),
        ..ChallengePointResponse::default()
    };
    script.reply(Reply::Challenged(Ok(Box::new(declined))));
    assert_eq!(told(&script), "These words were not judged: It is about something else.");
    assert_eq!(script.model.open.as_ref().unwrap().answer_to(72), Some(&before));
}
