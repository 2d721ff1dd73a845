//! The parts of an account's document, as JSON.

use serde_json::{Value, json};

use crate::{
    domain::{
        answer::Answer,
        challenge::{Challenge, PointReading, SelfAssessment},
        clock::Timestamp,
        evaluation::{Completed, Evaluation, EvaluationState, Grader, GraderKind, Refusal},
        id::QuestionId,
        mark::MarkedQuestion,
        provenance::Provenance,
        question::{QuestionOrigin, Rubric},
        score::{Dimension, Scores},
        timing::Withheld,
    },
    storage::export::{KeptInterview, KeptQuestion},
};

/// An interview with its questions and answers, as its owner sees it at `now`.
pub(super) fn interview(kept: KeptInterview, now: Timestamp) -> Value {
    let withheld = kept.interview.timing.withheld();
    let interview = kept.interview.seen(now);
    let timing = &interview.timing;
    json!({
        "id": interview.id.get(),
        "role": interview.role,
        "level": interview.level.word(),
        "language": interview.language,
        "job_description": kept.job_description,
        "created_at": interview.created_at.to_rfc3339(),
        "mode": timing.conditions.mode.word(),
        "minutes": timing.conditions.minutes,
        "question_minutes": timing.conditions.question_minutes,
        "ends_at": timing.ends_at.map(Timestamp::to_rfc3339),
        "ended_at": timing.ended_at.map(Timestamp::to_rfc3339),
        "overall_score": interview.progress.overall_score,
        "model_calls": kept.model_calls,
        "questions": kept.questions.into_iter().map(|asked| question(asked, withheld, now)).collect::<Value>(),
    })
}

/// A mark, with its question.
pub(super) fn mark(kept: &MarkedQuestion) -> Value {
    json!({
        "id": kept.mark.id.get(),
        "note": kept.mark.note,
        "starred": kept.mark.starred,
        "wish": kept.mark.wish.word(),
        "changed_at": kept.mark.changed_at.to_rfc3339(),
        "bank_id": kept.bank_id,
        "interview_id": kept.asked_as.map(|(interview, _)| interview.get()),
        "question_id": kept.asked_as.map(|(_, question)| question.get()),
        "text": kept.text,
        "topic": kept.topic,
        "level": kept.level.word(),
        "source": source(kept.origin),
    })
}

fn source(origin: QuestionOrigin) -> &'static str {
    match origin {
        QuestionOrigin::Bank => "bank",
        QuestionOrigin::Model => "model",
        QuestionOrigin::FollowUp => "follow_up",
    }
}

fn question(kept: KeptQuestion, withheld: Withheld, now: Timestamp) -> Value {
    let question = &kept.question;
    let answers = kept.answers.into_iter().map(|given| answer(&given.told_at(withheld, now)));
    json!({
        "id": question.id.get(),
        "order": question.order,
        "text": question.text,
        "topic": question.topic,
        "source": source(question.origin),
        "bank_id": kept.bank_id,
        "parent_id": question.parent_id.map(QuestionId::get),
        "hints_given": question.help.hints,
        "shown_at": question.help.shown.as_ref().map(|shown| shown.at.to_rfc3339()),
        "rubric": (!withheld.at(now)).then(|| rubric(&kept.rubric)),
        "answers": answers.collect::<Value>(),
    })
}

fn rubric(rubric: &Rubric) -> Value {
    json!({
        "reference": rubric.reference,
        "key_points": rubric.key_points.iter().map(|point| json!({
            "point": point.point,
            "weight": point.weight,
            "phrasings": point.phrasings,
        })).collect::<Value>(),
        "mistakes": rubric.mistakes.iter().map(|mistake| json!({
            "claim": mistake.claim,
            "why_wrong": mistake.why_wrong,
        })).collect::<Value>(),
    })
}

fn answer(answer: &Answer) -> Value {
    json!({
        "id": answer.id.get(),
        "attempt": answer.attempt,
        "text": answer.text,
        "submitted_at": answer.submitted_at.to_rfc3339(),
        "duration_ms": answer.duration_ms,
        "evaluation": evaluation(&answer.evaluation),
    })
}

fn evaluation(evaluation: &Evaluation) -> Value {
    let mut value = match &evaluation.state {
        EvaluationState::Pending { next_attempt_at, last_fault } => json!({
            "status": "pending",
            "next_attempt_at": next_attempt_at.map(Timestamp::to_rfc3339),
            "last_fault": last_fault,
        }),
        EvaluationState::Failed { reason, refusal } => json!({
            "status": "failed",
            "reason": reason,
            "refusal": refusal.map(Refusal::word),
        }),
        EvaluationState::Completed(completed) => assessment(completed),
        EvaluationState::Withheld => json!({ "status": "withheld" }),
    };
    value["attempts"] = evaluation.attempts.into();
    value
}

fn assessment(completed: &Completed) -> Value {
    let assessment = &completed.assessment;
    json!({
        "status": "completed",
        "evaluated_at": completed.evaluated_at.to_rfc3339(),
        "scores": scores(&assessment.scores),
        "range": assessment.range.map(|range| json!({"low": range.low, "high": range.high})),
        "needs_review": assessment.needs_review,
        "feedback": assessment.feedback,
        "suggestions": assessment.suggestions,
        "key_points": assessment.key_points.iter().enumerate().map(|(index, found)| json!({
            "point": found.point,
            "weight": found.weight,
            "coverage": found.coverage,
            "evidence": found.evidence,
            "confidence": found.confidence,
            "self_assessment": completed.remarks.said_of(index).map(SelfAssessment::word),
            "challenges": completed.remarks.challenges_of(index).map(challenge).collect::<Value>(),
        })).collect::<Value>(),
        "mistakes": assessment.mistakes.iter().map(|made| json!({
            "claim": made.claim,
            "evidence": made.evidence,
            "why_wrong": made.why_wrong,
        })).collect::<Value>(),
        "explanations": assessment.explanations.iter().map(|explanation| json!({
            "dimension": explanation.dimension.word(),
            "band": explanation.band.word(),
            "reason": explanation.reason,
            "evidence": explanation.evidence,
            "next_step": explanation.next_step,
        })).collect::<Value>(),
        "grader": grader(&assessment.grader),
        "provenance": provenance(&assessment.provenance),
    })
}

fn challenge(kept: &Challenge) -> Value {
    let reading = |reading: &PointReading| {
        json!({
            "coverage": reading.coverage,
            "evidence": reading.evidence,
            "grader": grader(&reading.grader),
        })
    };
    json!({
        "words": kept.words,
        "challenged_at": kept.challenged_at.to_rfc3339(),
        "first": reading(&kept.first),
        "second": reading(&kept.second),
        "upheld": kept.is_upheld(),
        "completeness_before": kept.completeness.0,
        "completeness_after": kept.completeness.1,
    })
}

fn scores(scores: &Scores) -> Value {
    let score = |dimension: Dimension| {
        (dimension.word().to_owned(), Value::from(scores.of(dimension).get()))
    };
    Value::Object(Dimension::ALL.into_iter().map(score).collect())
}

fn grader(grader: &Grader) -> Value {
    let kind = match grader.kind {
        GraderKind::Offline => "offline",
        GraderKind::Model => "model",
    };
    json!({"kind": kind, "name": grader.name, "version": grader.version})
}

fn provenance(provenance: &Provenance) -> Value {
    let millis = u64::try_from(provenance.duration.as_millis()).unwrap_or(u64::MAX);
    json!({
        "duration_ms": millis,
        "model_calls": provenance.model_calls,
        "prompt_tokens": provenance.tokens.prompt,
        "completion_tokens": provenance.tokens.completion,
        "note": provenance.note,
        "opinions": provenance.opinions.iter().map(|opinion| json!({
            "grader": grader(&opinion.grader),
            "scores": scores(&opinion.scores),
            "stands": opinion.stands,
        })).collect::<Value>(),
    })
}
