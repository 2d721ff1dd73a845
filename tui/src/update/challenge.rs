//! Challenging a finding: choosing a point, marking the words that make it, and saying whether one
//! of which the grader is not sure was made.

use viva_proto::v1::{
    Answer, AssessPointRequest, ChallengePointRequest, ChallengePointResponse, SelfAssessment,
};

use super::{keyboard, link, opening};
use crate::{
    effect::Effect,
    evaluation::remarks,
    keys::Action,
    model::{
        Model, Overlay,
        challenge::{Challenge, Marking},
    },
    problem::{Problem, ProblemKind},
    text,
};

/// Opens the points of the answer that the report shows.
pub(super) fn open(model: &mut Model) {
    let Some(open) = &model.open else { return };
    let Some(question) = open.selected.checked_sub(1) else {
        model.tell("Choose a question first, by its number or with ← and →.");
        return;
    };
    let challenge = Challenge { question, selected: 0, marking: None };
    if challenge.points(open).is_empty() {
        model.tell("This answer has no findings to challenge.");
    } else {
        model.overlay = Some(Overlay::Challenge(challenge));
    }
}

/// Carries out an action in the list of points, or while words are marked.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Challenge(challenge)) = model.overlay else { return Vec::new() };
    match challenge.marking {
        None => act_in_list(model, challenge, action),
        Some(marking) => mark(model, challenge, marking, action),
    }
}

fn act_in_list(model: &mut Model, challenge: Challenge, action: Action) -> Vec<Effect> {
    let Some(open) = &model.open else { return Vec::new() };
    let points = challenge.points(open);
    match action {
        Action::Back => model.overlay = None,
        Action::Confirm => {
            let can_be =
                challenge.point(open).is_some_and(|(_, it)| remarks::can_be_challenged(it));
            if can_be {
                let marking = Some(Marking { at: 0, from: None });
                model.overlay = Some(Overlay::Challenge(Challenge { marking, ..challenge }));
            } else {
                model.tell("The evaluation counts this point; say whether you made it.");
            }
        }
        Action::Yes => return say(model, challenge, SelfAssessment::Yes),
        Action::Partly => return say(model, challenge, SelfAssessment::Partly),
        Action::No => return say(model, challenge, SelfAssessment::No),
        _ => {
            let last = points.len().saturating_sub(1);
            let selected = keyboard::scrolled(challenge.selected, last, 1, action);
            model.overlay = Some(Overlay::Challenge(Challenge { selected, ..challenge }));
        }
    }
    Vec::new()
}

fn say(model: &mut Model, challenge: Challenge, said: SelfAssessment) -> Vec<Effect> {
    let Some(open) = &model.open else { return Vec::new() };
    let Some((place, point)) = challenge.point(open) else { return Vec::new() };
    if !remarks::is_asked_about(point) {
        model.tell("The grader is sure about this point; mark the words that make it.");
        return Vec::new();
    }
    let request = AssessPointRequest {
        answer_id: challenge.answer(open).map_or(0, |answer| answer.id),
        point_number: number(place),
        self_assessment: said.into(),
    };
    vec![Effect::AssessPoint(request)]
}

fn mark(model: &mut Model, challenge: Challenge, marking: Marking, action: Action) -> Vec<Effect> {
    let Some(open) = &model.open else { return Vec::new() };
    let text = challenge.answer(open).map_or("", |answer| answer.answer_text.as_str());
    let marking = match action {
        Action::Back => None,
        Action::Confirm => return send(model, challenge),
        Action::Toggle => {
            let from = if marking.from.is_some() { None } else { Some(marking.at) };
            Some(Marking { from, ..marking })
        }
        _ => {
            let last = remarks::sentences(text).len().saturating_sub(1);
            Some(Marking { at: keyboard::scrolled(marking.at, last, 5, action), ..marking })
        }
    };
    model.overlay = Some(Overlay::Challenge(Challenge { marking, ..challenge }));
    Vec::new()
}

fn send(model: &mut Model, challenge: Challenge) -> Vec<Effect> {
    let Some(open) = &model.open else { return Vec::new() };
    let (Some(answer), Some((place, _))) = (challenge.answer(open), challenge.point(open)) else {
        return Vec::new();
    };
    let words = challenge.words(&answer.answer_text);
    let Some(words) = words.and_then(|words| answer.answer_text.get(words)) else {
        return Vec::new();
    };
    if words.chars().count() > remarks::MOST_WORDS {
        model.tell("Mark at most 2,000 characters.");
        return Vec::new();
    }
    let request = ChallengePointRequest {
        answer_id: answer.id,
        point_number: number(place),
        words: words.to_owned(),
    };
    model.overlay = None;
    model.tell("These words are being read again…");
    vec![Effect::Challenge(Box::new(request))]
}

/// The number of a point, from 1.
fn number(place: usize) -> i32 {
    i32::try_from(place + 1).unwrap_or(i32::MAX)
}

/// Handles the outcome of a challenge.
pub(super) fn challenged(
    model: &mut Model,
    reply: Result<Box<ChallengePointResponse>, Problem>,
) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    match reply {
        Ok(reply) => {
            effects.extend(put(model, reply.answer));
            let told = match &reply.challenge {
                None => format!("These words were not judged: {}", reply.failure_reason),
                Some(kept) if kept.upheld => {
                    format!("The second reading finds the point. {}", remarks::end(kept))
                }
                Some(_) => {
                    "The second reading does not find the point in these words either.".into()
                }
            };
            model.remark(told);
        }
        Err(problem) => refused(model, &problem),
    }
    effects
}

/// Handles the reply to a self-assessment.
pub(super) fn assessed(model: &mut Model, reply: Result<Box<Answer>, Problem>) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    match reply {
        Ok(answer) => {
            effects.extend(put(model, Some(*answer)));
            model.tell("Kept as what you say; the scores stay as they are.");
        }
        Err(problem) => refused(model, &problem),
    }
    effects
}

/// Shows the answer as it is now, and loads the averages that depend on it.
fn put(model: &mut Model, answer: Option<Answer>) -> Vec<Effect> {
    if let (Some(open), Some(answer)) = (&mut model.open, answer) {
        open.put_answer(answer);
    }
    opening::load(model).into_iter().collect()
}

fn refused(model: &mut Model, problem: &Problem) {
    match problem.kind {
        _ if problem.needs_sign_in() => {}
        ProblemKind::Precondition => model.remark(text::sentence(&problem.message)),
        _ => model.complain(&problem.clone().with_safe("Your answers are safe.")),
    }
}
