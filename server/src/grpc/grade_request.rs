//! Parses requests to grade answers, reporting all violations of each together.

use std::sync::Arc;

use viva_proto::v1;

use super::request::level;
use crate::{
    domain::{
        grading::{
            CallersRubric, GradingTask, MOST_PARTS, MOST_QUESTION_CHARS, parse_answer, parse_id,
            parse_mistake, parse_point, parse_reference, parse_size, parse_text,
        },
        interview::{Level, parse_language},
        question::{KeyPoint, Mistake, Rubric},
        violation::{InvalidValue, Violations},
    },
    services::{
        ServiceError, ServiceResult,
        grading::{Item, MOST_ITEMS},
    },
};

/// What the items of a batch share, as far as the request gives it.
#[derive(Default)]
struct BatchContext {
    question: Option<String>,
    rubric: Option<Arc<CallersRubric>>,
    language: Option<String>,
    level: Option<Level>,
}

/// The parts of a rubric as received.
struct RawRubric<'a> {
    reference: &'a str,
    key_points: &'a [v1::RubricPoint],
    mistakes: &'a [v1::RubricMistake],
}

impl RawRubric<'_> {
    fn is_given(&self) -> bool {
        !(self.reference.is_empty() && self.key_points.is_empty() && self.mistakes.is_empty())
    }
}

/// Parses an answer with its question and rubric.
pub(super) fn task(request: &v1::GradeAnswerRequest) -> Result<GradingTask, Violations> {
    task_of(request, &BatchContext::default())
}

fn task_of(
    request: &v1::GradeAnswerRequest,
    shared: &BatchContext,
) -> Result<GradingTask, Violations> {
    let mut violations = Violations::new();
    let question = match &shared.question {
        Some(shared) if request.question.is_empty() => Some(shared.clone()),
        _ => violations.check("question", question(&request.question)),
    };
    let own = RawRubric {
        reference: &request.reference,
        key_points: &request.key_points,
        mistakes: &request.mistakes,
    };
    let rubric = match &shared.rubric {
        Some(shared) if !own.is_given() => Some(Arc::clone(shared)),
        _ => rubric(&own, &mut violations).map(Arc::new),
    };
    let answer = violations.check("answer", parse_answer(&request.answer));
    let language = match &shared.language {
        Some(shared) if request.language.is_empty() => Some(shared.clone()),
        _ => violations.check("language", parse_language(&request.language)),
    };
    let level = violations.check("level", level(request.level));
    match (question, rubric, answer, language, level) {
        (Some(question), Some(rubric), Some(answer), Some(language), Some(level)) => {
            let level = level.or(shared.level).unwrap_or(Level::Mid);
            Ok(GradingTask { question, rubric, answer, level, language })
        }
        _ => Err(violations),
    }
}

fn question(raw: &str) -> Result<String, InvalidValue> {
    parse_text(raw, "Question", MOST_QUESTION_CHARS)
}

fn rubric(raw: &RawRubric<'_>, violations: &mut Violations) -> Option<CallersRubric> {
    let mut within = Violations::new();
    let most = (MOST_PARTS, "There must be at most 50 key points");
    let points = within.check_each("key_points", raw.key_points, most, key_point);
    // Invalid points still count as given, so a missing reference is not reported as well.
    let reference = match &points {
        None if raw.reference.is_empty() => Ok(String::new()),
        None => parse_reference(raw.reference, &[]),
        Some(points) => parse_reference(raw.reference, points),
    };
    let reference = violations.check("reference", reference);
    let most = (MOST_PARTS, "There must be at most 50 mistakes");
    let mistakes = within.check_each("mistakes", raw.mistakes, most, mistake);
    violations.check_within::<()>("", Err(within));
    let (reference, key_points, mistakes) = (reference?, points?, mistakes?);
    let rubric = parse_size(Rubric { reference, key_points, mistakes });
    match rubric {
        Ok(rubric) => Some(CallersRubric {
            rubric,
            point_ids: raw.key_points.iter().map(|point| point.id.clone()).collect(),
            mistake_ids: raw.mistakes.iter().map(|mistake| mistake.id.clone()).collect(),
        }),
        Err((field, fault)) => violations.check(field, Err(fault)),
    }
}

fn key_point(raw: &v1::RubricPoint) -> Result<KeyPoint, Violations> {
    let mut violations = Violations::new();
    let point = parse_point(&raw.point, raw.weight, &raw.phrasings);
    let point = violations.check_within("", point);
    let id = violations.check("id", parse_id(&raw.id));
    point.zip(id).map(|(point, _)| point).ok_or(violations)
}

fn mistake(raw: &v1::RubricMistake) -> Result<Mistake, Violations> {
    let mut violations = Violations::new();
    let mistake = violations.check_within("", parse_mistake(&raw.claim, &raw.why_wrong));
    let id = violations.check("id", parse_id(&raw.id));
    mistake.zip(id).map(|(mistake, _)| mistake).ok_or(violations)
}

/// Parses the items of a batch. An invalid item gets an error in its own reply; an invalid shared
/// part rejects the whole batch.
pub(super) fn items(request: v1::GradeAnswersRequest) -> ServiceResult<Vec<Item>> {
    let mut violations = Violations::new();
    let number = if (1..=MOST_ITEMS).contains(&request.items.len()) {
        Ok(())
    } else {
        Err("A batch must have 1 to 1000 items".into())
    };
    let number = violations.check("items", number);
    let shared = violations.check_within("shared", shared(&request.shared.unwrap_or_default()));
    let (Some(()), Some(shared)) = (number, shared) else {
        return Err(ServiceError::Validation(violations));
    };
    let numbered = request.items.into_iter().enumerate();
    Ok(numbered.map(|(at, raw)| item(at, raw, &shared)).collect())
}

fn shared(raw: &v1::SharedRubric) -> Result<BatchContext, Violations> {
    let mut violations = Violations::new();
    let given = Some(&raw.question).filter(|given| !given.is_empty());
    let question = violations.check("question", given.map(|raw| question(raw)).transpose());
    let parts = RawRubric {
        reference: &raw.reference,
        key_points: &raw.key_points,
        mistakes: &raw.mistakes,
    };
    let rubric = parts.is_given().then(|| rubric(&parts, &mut violations).map(Arc::new));
    let language = Some(&raw.language).filter(|given| !given.is_empty());
    let language = language.map(|raw| parse_language(raw)).transpose();
    let language = violations.check("language", language);
    let level = violations.check("level", level(raw.level));
    match (question, language, level) {
        (Some(question), Some(language), Some(level)) if violations.is_empty() => {
            Ok(BatchContext { question, rubric: rubric.flatten(), language, level })
        }
        _ => Err(violations),
    }
}

fn item(at: usize, raw: v1::GradeAnswersItem, shared: &BatchContext) -> Item {
    let mut violations = Violations::new();
    let id = violations.check("item_id", parse_id(&raw.item_id));
    let request = raw.request.as_ref().ok_or_else(|| InvalidValue::from("Please give a request"));
    let task = violations
        .check("request", request)
        .and_then(|request| violations.check_within("request", task_of(request, shared)));
    let task = id.and(task).ok_or_else(|| {
        let mut from_the_root = Violations::new();
        from_the_root.check_within::<()>(&format!("items[{at}]"), Err(violations));
        from_the_root
    });
    Item { id: raw.item_id, task }
}

#[cfg(test)]
mod tests;
