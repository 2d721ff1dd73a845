//! Practising: hints, showing the answer, follow-ups, answering again, comparing attempts. The points to work
//! on are in `points`.

use viva_proto::v1::{
    AddFollowUpResponse, CompareAttemptsResponse, GetHintResponse, RevealQuestionResponse,
};

use super::{draft_rules, ending, interview, link, opening};
use crate::{
    drafts::DraftId,
    effect::Effect,
    keys::{self, Action, Context},
    model::{
        Model, Screen,
        open::{Asks, practice::Help},
    },
    problem::{Problem, ProblemKind},
    text,
};

/// Requests without a key: for hints given earlier, and for the comparison of attempts.
pub(super) fn due(model: &mut Model) -> Vec<Effect> {
    let at = model.chosen();
    let (Some(open), Some(at)) = (&mut model.open, at) else { return Vec::new() };
    match model.screen {
        Screen::Report => {
            let wanted = open.to_compare(at).map(|(id, answer)| (id, answer.id, answer.attempt));
            let wanted = wanted.filter(|(id, answer, _)| open.practice.compare(*id, *answer));
            let effect = |(question, _, attempt)| Effect::Compare { question, attempt };
            wanted.map(effect).into_iter().collect()
        }
        Screen::Interview if open.is_writing() => {
            let question = open.question().map(|question| (question.id, question.hints_given));
            let Some((question, given)) = question else { return Vec::new() };
            let missing = open.practice.missing_hints(question, given).into_iter();
            missing.map(|number| Effect::Hint { question, number }).collect()
        }
        _ => Vec::new(),
    }
}

/// Requests the next hint to the question in front.
pub(super) fn hint(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(open) = &mut model.open else { return Vec::new() };
    let Some((question, given)) = open.question().map(|known| (known.id, known.hints_given)) else {
        return Vec::new();
    };
    if open.practice.has_all_hints(question) {
        model.tell("There are no more hints to this question.");
        return Vec::new();
    }
    // Holding the key down sends one request.
    if !open.practice.ask(question, Help::Hint, now) {
        return Vec::new();
    }
    vec![Effect::Hint { question, number: given + 1 }]
}

/// Handles a hint.
pub(super) fn hinted(
    model: &mut Model,
    question: i64,
    number: i32,
    reply: Result<GetHintResponse, Problem>,
) -> Vec<Effect> {
    let effects = link::heard(model, &reply);
    let Some(open) = &mut model.open else { return effects };
    open.practice.heard(question, Help::Hint);
    let given = open.question_of(question).map_or(0, |known| known.hints_given);
    match reply {
        Ok(hint) => {
            open.put_hint(question, hint);
            let is_new = number > given;
            if is_new && open.is_writing() && open.question().is_some_and(|it| it.id == question) {
                // The new hint is at the end.
                let last = (model.measures.interview_end)(model);
                model.open.iter_mut().for_each(|open| open.scroll = last);
            }
        }
        Err(problem) if problem.needs_sign_in() => {}
        // A hint given earlier can be loaded again later.
        Err(_) if number <= given => {}
        Err(problem) if problem.kind == ProblemKind::Precondition => {
            model.remark(text::sentence(&problem.message));
        }
        Err(problem) => complain(model, problem, "What you wrote is kept."),
    }
    effects
}

/// Asks whether to show the answer.
pub(super) fn ask_to_show(model: &mut Model) -> Vec<Effect> {
    interview::ask_for(model, Some(Asks::ShowMe));
    draft_rules::flush(model)
}

/// Carries out the user's answer to a confirmation.
pub(super) fn answered(model: &mut Model, action: Action) -> Vec<Effect> {
    let asked = model.open.as_mut().and_then(|open| open.asks.take());
    match (asked, action) {
        (Some(Asks::ShowMe), Action::Yes) => return show(model),
        (Some(Asks::End), Action::Yes) => return ending::end(model),
        (Some(Asks::Again), Action::Yes) => begin_again(model, true),
        (Some(Asks::Again), Action::No) => begin_again(model, false),
        (Some(Asks::Again), _) => {
            if let Some(open) = model.open.as_mut().filter(|_| model.screen == Screen::Report) {
                open.is_report_behind = false;
            }
        }
        _ => {}
    }
    Vec::new()
}

fn show(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(open) = &mut model.open else { return Vec::new() };
    let Some(question) = open.question().map(|question| question.id) else { return Vec::new() };
    if open.practice.ask(question, Help::Answer, now) {
        return vec![Effect::ShowAnswer(question)];
    }
    Vec::new()
}

/// Handles the shown answer. What the user wrote before stays a draft.
pub(super) fn shown(
    model: &mut Model,
    question: i64,
    reply: Result<Box<RevealQuestionResponse>, Problem>,
) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    let Some(open) = &mut model.open else { return effects };
    open.practice.heard(question, Help::Answer);
    match reply {
        Ok(shown) => {
            effects.extend(draft_rules::flush(model));
            let Some(open) = &mut model.open else { return effects };
            open.put_shown(*shown);
            open.scroll = 0;
            let id = DraftId { interview: open.id, question };
            effects.extend(keep_text(model, id));
        }
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) if problem.kind == ProblemKind::Precondition => {
            // It was answered elsewhere, so show that answer.
            model.remark(text::sentence(&problem.message));
            effects.extend(opening::load(model));
        }
        Err(problem) => complain(model, problem, "What you wrote is kept."),
    }
    effects
}

fn keep_text(model: &mut Model, id: DraftId) -> Option<Effect> {
    let draft = model.drafts.writing(id)?;
    if draft.text.trim().is_empty() {
        return model.drafts.forget(id).map(|_| Effect::RemoveDraft(id));
    }
    let key = keys::label(Context::Reading, Action::AnswerAgain);
    model.remark(format!("What you wrote is kept as a draft: {key} continues it."));
    None
}

/// Goes to the next open question, or to the report if none is left or the question was opened from the
/// report.
pub(super) fn go_on(model: &mut Model) {
    let Some(open) = &mut model.open else { return };
    if std::mem::take(&mut open.is_report_behind) {
        return opening::show_question(model);
    }
    match open.next_open(&model.drafts) {
        Some(next) => {
            open.current = next;
            open.scroll = 0;
        }
        None => opening::show_report(model),
    }
}

/// Requests a follow-up to the question in front.
pub(super) fn follow_up(model: &mut Model) -> Vec<Effect> {
    let Some(at) = model.chosen() else {
        model.tell("Choose a question first, by its number or with ← and →.");
        return Vec::new();
    };
    follow_up_to(model, at)
}

/// Requests a follow-up to the question at a position.
pub(super) fn follow_up_to(model: &mut Model, at: usize) -> Vec<Effect> {
    let now = model.now;
    let Some(open) = &mut model.open else { return Vec::new() };
    if !open.can_be_followed_up(at) {
        model.tell("A follow-up can be asked once the answer is evaluated.");
        return Vec::new();
    }
    let question = open.questions()[at].question.as_ref().map_or(0, |question| question.id);
    // A second request would add a second follow-up.
    if !open.practice.ask(question, Help::FollowUp, now) {
        return Vec::new();
    }
    vec![Effect::FollowUp(question)]
}

/// Handles a follow-up, and shows it if the user is waiting for it.
pub(super) fn followed_up(
    model: &mut Model,
    question: i64,
    reply: Result<Box<AddFollowUpResponse>, Problem>,
) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    let Some(open) = &mut model.open else { return effects };
    open.practice.heard(question, Help::FollowUp);
    match reply {
        Ok(added) => {
            let about = open.number_of(question);
            if let Some(at) = open.put_follow_up(question, *added) {
                open.open_editors(&model.drafts);
                present(model, at, about);
            }
            effects.extend(opening::load(model));
        }
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) if problem.kind == ProblemKind::Precondition => {
            model.remark(text::sentence(&problem.message));
        }
        Err(problem) => complain(model, problem, "Your answers are safe."),
    }
    effects
}

fn present(model: &mut Model, at: usize, about: usize) {
    let context = model.context();
    let Some(open) = &mut model.open else { return };
    match context {
        Context::Report => {
            open.show(at + 1);
            let key = keys::label(Context::Report, Action::Answer);
            model.tell(format!("A follow-up to question {about}. {key} answers it."));
        }
        Context::Reading => {
            open.current = at;
            open.scroll = 0;
        }
        _ => model.tell(format!("Question {} is the follow-up to question {about}.", at + 1)),
    }
}

/// Answers the question that the report shows, or asks what a new answer starts from.
pub(super) fn answer_from_report(model: &mut Model) {
    let Some(open) = &mut model.open else { return };
    let Some(question) = open.selected.checked_sub(1) else {
        model.tell("Choose a question first, by its number or with ← and →.");
        return;
    };
    open.current = question;
    open.is_report_behind = true;
    ask_again(model);
}

/// Asks what a new answer to the current question starts from, unless one was already started.
pub(super) fn ask_again(model: &mut Model) {
    let Some(open) = &mut model.open else { return };
    let Some(id) = open.draft_id() else { return };
    if model.drafts.is_submitting(id) {
        open.is_report_behind &= model.screen == Screen::Interview;
        model.tell("This answer is still being sent.");
    } else if open.answer().is_some() && !open.editors.contains_key(&id.question) {
        open.asks = Some(Asks::Again);
    } else {
        begin_again(model, true);
    }
}

/// Opens the current question for a new answer, which starts from its draft, or else from the last answer or
/// a blank page.
pub(super) fn begin_again(model: &mut Model, with_last: bool) {
    let Some(open) = &mut model.open else { return };
    let Some(id) = open.draft_id() else { return };
    let text = match model.drafts.writing(id) {
        Some(draft) => draft.text.clone(),
        None if with_last => open.answer().map(|it| it.answer_text.clone()).unwrap_or_default(),
        None => String::new(),
    };
    open.begin(id.question, &text);
    open.scroll = 0;
    model.screen = Screen::Interview;
}

/// Handles a comparison of attempts. Without one, the report still shows everything else.
pub(super) fn compared(
    model: &mut Model,
    question: i64,
    reply: Result<Box<CompareAttemptsResponse>, Problem>,
) -> Vec<Effect> {
    let effects = link::heard(model, &reply);
    if let (Some(open), Ok(found)) = (&mut model.open, reply) {
        open.practice.put_compared(question, found);
    }
    effects
}

fn complain(model: &mut Model, problem: Problem, safe: &'static str) {
    let problem = match problem.kind {
        ProblemKind::NotFound => Problem {
            message: "This interview was deleted in another window.".to_owned(),
            ..problem
        },
        _ => problem,
    };
    model.complain(&problem.with_safe(safe));
}
