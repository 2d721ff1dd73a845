//! Reviewing the points that are due.

use viva_proto::v1::{
    GetMemoryResponse, ListReviewsResponse, ReviewMode, SubmitReviewRequest, SubmitReviewResponse,
};

use super::{draft_rules, link};
use crate::{
    effect::Effect,
    keys::Action,
    model::{
        Model, Screen,
        editor::Editor,
        review::{ANSWER_CHARS, Stage},
    },
    problem::Problem,
    words,
};

/// Opens the screen with today's due points or, without any, with ten minutes of weak ones.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.screen = Screen::Review;
    // Continue with a point that was left half answered.
    if matches!(model.reviews.stage, Stage::Asking) && !model.reviews.answer.is_blank() {
        return Vec::new();
    }
    load(model)
}

fn load(model: &mut Model) -> Vec<Effect> {
    let reviews = &mut model.reviews;
    reviews.stage = Stage::Loading;
    let is_due = reviews.counts.as_ref().is_some_and(|counts| counts.left_today > 0);
    let mode = if is_due { ReviewMode::Due } else { ReviewMode::Drill };
    vec![Effect::LoadReviews(mode)]
}

/// Carries out an action in the review.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => submit(model, false),
        Action::ShowMe => submit(model, true),
        Action::OtherText => draft_rules::exchange(model),
        Action::UndoEdit => typed(model, Editor::undo),
        Action::RedoEdit => typed(model, Editor::redo),
        Action::Confirm => go_on(model),
        Action::Back => {
            model.screen = Screen::Dashboard;
            link::refresh(model)
        }
        _ => Vec::new(),
    }
}

/// Changes the answer.
pub(super) fn typed(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    if matches!(model.reviews.stage, Stage::Asking) && with(&mut model.reviews.answer) {
        draft_rules::review_changed(model);
    }
    Vec::new()
}

/// Asks for the current point with its draft, or ends the review if none is left.
fn ask(model: &mut Model) {
    let reviews = &mut model.reviews;
    reviews.stage = if reviews.queue.is_empty() { Stage::Done } else { Stage::Asking };
    let kept = reviews.draft_id().and_then(|id| model.drafts.writing(id));
    reviews.answer = Editor::lines(kept.map_or("", |draft| draft.text.as_str()));
}

fn submit(model: &mut Model, is_unknown: bool) -> Vec<Effect> {
    let text = model.reviews.answer.text().trim().to_owned();
    if !matches!(model.reviews.stage, Stage::Asking) {
        return Vec::new();
    }
    if text.is_empty() && !is_unknown {
        model.tell("Write what you know, or have the point shown.");
        return Vec::new();
    }
    if words::too_long(&text, ANSWER_CHARS).is_some() {
        return Vec::new();
    }
    let Some(point) = model.reviews.queue.front() else { return Vec::new() };
    let mut request = SubmitReviewRequest {
        point_id: point.point_id,
        prompt_number: point.prompt_number,
        answer_text: if is_unknown { String::new() } else { text },
        idempotency_key: String::new(),
        // The client fills in the time zone.
        time_zone: String::new(),
    };
    let without_key = |sent: &SubmitReviewRequest| SubmitReviewRequest {
        idempotency_key: String::new(),
        ..sent.clone()
    };
    let known = model.reviews.sent.as_ref().filter(|sent| without_key(sent) == request);
    request.idempotency_key =
        known.map_or_else(|| model.keys.make(), |sent| sent.idempotency_key.clone());
    model.reviews.sent = Some(request.clone());
    model.reviews.stage = Stage::Sending(model.now);
    vec![Effect::SubmitReview(Box::new(request))]
}

/// Goes to the next point; after the last one, loads what is left.
fn go_on(model: &mut Model) -> Vec<Effect> {
    match &model.reviews.stage {
        Stage::Failed(_) => load(model),
        Stage::Graded(reply) if reply.failure_code != 0 => {
            model.reviews.stage = Stage::Asking;
            Vec::new()
        }
        Stage::Graded(_) => {
            let reviews = &mut model.reviews;
            reviews.queue.pop_front();
            reviews.done += 1;
            ask(model);
            Vec::new()
        }
        Stage::Done => act(model, Action::Back),
        Stage::Loading | Stage::Asking | Stage::Sending(_) => Vec::new(),
    }
}

/// Handles the number of due points. The list works without it.
pub(super) fn counted(model: &mut Model, reply: Result<GetMemoryResponse, Problem>) {
    if let Ok(GetMemoryResponse { counts: Some(counts), .. }) = reply {
        model.reviews.counts = Some(counts);
    }
}

/// Handles the points to review.
pub(super) fn loaded(
    model: &mut Model,
    reply: Result<ListReviewsResponse, Problem>,
) -> Vec<Effect> {
    let effects = link::heard(model, &reply);
    let reviews = &mut model.reviews;
    match reply {
        Ok(reply) => {
            reviews.counts = reply.counts.or(reviews.counts.take());
            reviews.queue = reply.reviews.into();
            reviews.done = 0;
            ask(model);
        }
        Err(problem) => reviews.stage = Stage::Failed(problem),
    }
    effects
}

/// Handles the grader's result.
pub(super) fn graded(
    model: &mut Model,
    reply: Result<Box<SubmitReviewResponse>, Problem>,
) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    match reply {
        Ok(reply) => {
            let id = model.reviews.draft_id().filter(|_| reply.failure_code == 0);
            let draft = id.filter(|id| model.drafts.forget(*id).is_some());
            effects.extend(draft.map(Effect::RemoveDraft));
            model.reviews.counts = reply.counts.clone().or(model.reviews.counts.take());
            model.reviews.stage = Stage::Graded(reply);
        }
        Err(problem) => {
            model.reviews.stage = Stage::Asking;
            if !problem.needs_sign_in() {
                model.complain(&problem.with_safe("What you wrote is kept."));
            }
        }
    }
    effects
}
