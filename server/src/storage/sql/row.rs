//! Reads rows as values of the domain.

use sqlx::{Row as _, types::Json};

use super::dialect::{Database, Moment, Row, from_sqlx, timestamp};
use crate::{
    domain::{
        account::User,
        answer::Answer,
        clock::Timestamp,
        evaluation::{Completed, Evaluation, EvaluationState, Grader, ScoreRange},
        help::{Help, Shown},
        history::GradedAnswer,
        id::{AnswerId, InterviewId, MarkId, QuestionId, UserId},
        interview::{Interview, Level},
        mark::{Mark, Wish},
        question::{Question, QuestionOrigin},
        timing::{Conditions, Mode, Timing, Withheld},
        trends::Totals,
    },
    storage::{
        StoreError, StoreResult,
        answers::OwnedAnswer,
        progress::ProgressRecord,
        record::{
            AssessmentColumns, ScoresRecord, assessment_from_columns, grader_kind, refusal,
            scores_from_record,
        },
        remark_record::{JoinedChallenge, JoinedSelfAssessment, remarks},
    },
};

/// One column of a row.
pub(super) fn get<'r, T>(row: &'r Row, column: &str) -> StoreResult<T>
where
    T: sqlx::Decode<'r, Database> + sqlx::Type<Database>,
{
    row.try_get(column).map_err(from_sqlx)
}

/// A column that contains a moment or NULL.
pub(super) fn optional_time(row: &Row, column: &str) -> StoreResult<Option<Timestamp>> {
    Ok(get::<Option<Moment>>(row, column)?.map(timestamp))
}

/// A column that contains a moment.
pub(super) fn time(row: &Row, column: &str) -> StoreResult<Timestamp> {
    get(row, column).map(timestamp)
}

fn unknown(what: &str, word: &str) -> StoreError {
    StoreError::Internal(format!("unknown {what} in the database: {word}"))
}

/// An account.
pub(super) fn user(row: &Row) -> StoreResult<User> {
    Ok(User {
        id: UserId::new(get(row, "id")?),
        username: get(row, "username")?,
        email: get(row, "email")?,
        created_at: time(row, "created_at")?,
        time_zone: get(row, "time_zone")?,
    })
}

/// A level's column.
pub(super) fn level(row: &Row) -> StoreResult<Level> {
    let word: &str = get(row, "level")?;
    Level::from_word(word).ok_or_else(|| unknown("level", word))
}

/// An interview without its questions.
pub(super) fn interview(row: &Row) -> StoreResult<Interview> {
    let progress: Json<ProgressRecord> = get(row, "progress")?;
    let shown: Json<Vec<i32>> = get(row, "shown")?;
    Ok(Interview {
        id: InterviewId::new(get(row, "interview_id")?),
        user_id: UserId::new(get(row, "user_id")?),
        role: get(row, "role")?,
        level: level(row)?,
        language: get(row, "language")?,
        created_at: time(row, "created_at")?,
        questions: Vec::new(),
        progress: progress.of(get(row, "question_count")?, &shown)?,
        timing: timing(row)?,
    })
}

/// An interview's mode, limits and end.
fn timing(row: &Row) -> StoreResult<Timing> {
    let word: &str = get(row, "mode")?;
    let conditions = Conditions {
        mode: Mode::from_word(word).ok_or_else(|| unknown("mode", word))?,
        minutes: get(row, "minutes")?,
        question_minutes: get(row, "question_minutes")?,
    };
    let asked_at = match optional_time(row, "answered_at")? {
        Some(answered_at) => answered_at,
        None => time(row, "created_at")?,
    };
    Ok(Timing {
        conditions,
        ends_at: optional_time(row, "ends_at")?,
        ended_at: optional_time(row, "ended_at")?,
        asked_at,
        left: None,
    })
}

/// Until when the evaluations in an interview are withheld.
pub(super) fn withheld(row: &Row) -> StoreResult<Withheld> {
    optional_time(row, "withheld_until").map(Withheld::until)
}

/// The word that a question's origin is stored as.
pub(super) const fn origin_word(origin: QuestionOrigin) -> &'static str {
    match origin {
        QuestionOrigin::Bank => "bank",
        QuestionOrigin::Model => "model",
        QuestionOrigin::FollowUp => "follow_up",
    }
}

/// A question's origin.
pub(super) fn origin(row: &Row) -> StoreResult<QuestionOrigin> {
    let word: &str = get(row, "source")?;
    let origins = [QuestionOrigin::Bank, QuestionOrigin::Model, QuestionOrigin::FollowUp];
    let origin = origins.into_iter().find(|origin| origin_word(*origin) == word);
    origin.ok_or_else(|| unknown("source", word))
}

/// The wish of a mark.
pub(super) fn wish(row: &Row) -> StoreResult<Wish> {
    let word: &str = get(row, "wish")?;
    Wish::from_word(word).ok_or_else(|| unknown("wish", word))
}

/// The owner's mark on a question.
pub(super) fn mark(row: &Row) -> StoreResult<Mark> {
    Ok(Mark {
        id: MarkId::new(get(row, "mark_id")?),
        note: get(row, "note")?,
        starred: get(row, "starred")?,
        wish: wish(row)?,
        changed_at: time(row, "changed_at")?,
    })
}

/// A question with its owner's mark, unless that is empty.
pub(super) fn marked_question(row: &Row) -> StoreResult<Question> {
    let is_marked = get::<Option<i64>>(row, "mark_id")?.is_some();
    let mark = if is_marked { Some(mark(row)?).filter(Mark::is_telling) } else { None };
    Ok(Question { mark, ..question(row)? })
}

/// A question, without its mark.
pub(super) fn question(row: &Row) -> StoreResult<Question> {
    Ok(Question {
        id: QuestionId::new(get(row, "question_id")?),
        interview_id: InterviewId::new(get(row, "interview_id")?),
        text: get(row, "question_text")?,
        order: get(row, "question_order")?,
        topic: get(row, "topic")?,
        origin: origin(row)?,
        parent_id: get::<Option<i64>>(row, "parent_question_id")?.map(QuestionId::new),
        mark: None,
        help: help(row)?,
    })
}

fn help(row: &Row) -> StoreResult<Help> {
    let shown = optional_time(row, "shown_at")?.map(|at| -> StoreResult<Shown> {
        Ok(Shown { at, reference: get(row, "shown_reference")? })
    });
    Ok(Help { hints: get(row, "hints_given")?, shown: shown.transpose()? })
}

/// Who gave a completed evaluation.
pub(super) fn grader(row: &Row) -> StoreResult<Grader> {
    let kind = grader_kind(get(row, "grader_kind")?)?;
    Ok(Grader { kind, name: get(row, "grader_name")?, version: get(row, "grader_version")? })
}

/// An evaluated answer as a part of its candidate's history.
pub(super) fn graded_answer(row: &Row) -> StoreResult<GradedAnswer> {
    let scores: Json<ScoresRecord> = get(row, "scores")?;
    Ok(GradedAnswer {
        interview_id: InterviewId::new(get(row, "interview_id")?),
        role: get(row, "role")?,
        created_at: time(row, "created_at")?,
        topic: get(row, "topic")?,
        grader: grader(row)?,
        scores: scores_from_record(&scores)?,
        withheld: withheld(row)?,
        range: get::<Option<f64>>(row, "range_low")?
            .zip(get(row, "range_high")?)
            .map(|(low, high)| ScoreRange { low, high }),
    })
}

/// The totals over all answers of an account.
pub(super) fn totals(row: &Row) -> StoreResult<Totals> {
    Ok(Totals {
        answers: get(row, "answers")?,
        duration_ms: get(row, "duration_ms")?,
        active_days: get(row, "active_days")?,
        week_answers: get(row, "week_answers")?,
        week_duration_ms: get(row, "week_duration_ms")?,
    })
}

/// An answer, from a row that joins it with its evaluation.
pub(super) fn answer(row: &Row) -> StoreResult<Answer> {
    let text: String = get(row, "answer_text")?;
    Ok(Answer {
        id: AnswerId::new(get(row, "answer_id")?),
        question_id: QuestionId::new(get(row, "answered_id")?),
        submitted_at: time(row, "submitted_at")?,
        attempt: get(row, "attempt")?,
        evaluation: evaluation(row, &text)?,
        reference: get(row, "reference_answer")?,
        duration_ms: get(row, "duration_ms")?,
        is_late: get(row, "is_late")?,
        text,
    })
}

/// An answer with its interview and owner.
pub(super) fn owned_answer(row: &Row) -> StoreResult<OwnedAnswer> {
    Ok(OwnedAnswer {
        answer: answer(row)?,
        interview_id: InterviewId::new(get(row, "interview_id")?),
        owner: UserId::new(get(row, "owner_id")?),
        withheld: withheld(row)?,
    })
}

fn evaluation(row: &Row, answer: &str) -> StoreResult<Evaluation> {
    let attempts: i32 = get(row, "attempts")?;
    let word: &str = get(row, "status")?;
    let state = match word {
        "pending" => {
            let leased = optional_time(row, "lease_until")?.is_some();
            let waits = attempts > 0 && !leased;
            let next_attempt_at = if waits { Some(time(row, "due_at")?) } else { None };
            EvaluationState::Pending { next_attempt_at, last_fault: get(row, "last_fault")? }
        }
        "completed" => match completed(row, answer) {
            Ok(completed) => EvaluationState::Completed(Box::new(completed)),
            // An evaluation that breaks a rule must not make its whole interview unreadable.
            Err(error) => {
                tracing::error!(%error, "a stored evaluation cannot be read");
                EvaluationState::Failed {
                    reason: "This evaluation cannot be read any more; please answer again.".into(),
                    refusal: None,
                }
            }
        },
        "failed" => EvaluationState::Failed {
            reason: get(row, "failure_reason")?,
            refusal: get::<Option<&str>>(row, "refusal")?.map(refusal).transpose()?,
        },
        other => return Err(unknown("status", other)),
    };
    Ok(Evaluation { state, attempts })
}

fn completed(row: &Row, answer: &str) -> StoreResult<Completed> {
    let columns = AssessmentColumns {
        scores: get::<Json<_>>(row, "scores")?.0,
        feedback: get(row, "feedback")?,
        suggestions: get::<Json<_>>(row, "suggestions")?.0,
        details: get::<Json<_>>(row, "details")?.0,
        provenance: get::<Option<Json<_>>>(row, "provenance")?.map(|json| json.0),
        fingerprint: get(row, "fingerprint")?,
    };
    Ok(Completed {
        assessment: assessment_from_columns(columns, grader(row)?, answer)?,
        evaluated_at: time(row, "evaluated_at")?,
        remarks: remarks(
            get::<Json<Vec<JoinedChallenge>>>(row, "challenges")?.0,
            get::<Json<Vec<JoinedSelfAssessment>>>(row, "self_assessments")?.0,
        )?,
    })
}
