//! What people say against evaluations: challenges of points, and self-assessments.

use std::sync::Arc;

use crate::{
    domain::{
        answer::Answer,
        api_key::Bearer,
        challenge::{Challenge, ChallengeDraft, MOST_CHALLENGES, PointReading, SelfAssessment},
        clock::Timestamp,
        evaluation::{Assessment, Completed, FULL, Grader, KeyPointResult, Refusal},
        grading::GradingTask,
        id::AnswerId,
        question::Rubric,
        violation::{InvalidValue, Violations},
    },
    evaluation::challenge::{Marked, marked, upheld},
    hints::Changes,
    services::{Resource, ServiceError, ServiceResult, callers::live, grading::Grading},
    storage::{
        Store,
        challenges::{ChallengeKept, ChallengedAnswer, NewChallenge},
    },
};

/// How often a challenge is decided anew because another one of the same answer came first.
const TRIES: usize = 5;

/// The use cases.
#[derive(Clone)]
pub struct Challenges {
    store: Arc<dyn Store>,
    grading: Grading,
    changes: Changes,
}

/// The outcome of a challenge.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenged {
    /// The answer with its evaluation after it.
    pub answer: Answer,
    /// The challenge as stored, or why the grader declined to judge the words.
    pub outcome: Result<Challenge, Refusal>,
}

impl Challenges {
    /// Creates the use cases.
    pub fn new(store: Arc<dyn Store>, grading: Grading, changes: Changes) -> Self {
        Self { store, grading, changes }
    }

    /// Has the words that the person names read again for one point of their answer, and keeps both
    /// readings. The same words for the same point return what is stored.
    pub async fn challenge(
        &self,
        caller: Bearer,
        draft: ChallengeDraft,
    ) -> ServiceResult<Challenged> {
        let mut reading = None;
        for _ in 0..TRIES {
            let (found, now) = self.owned(caller, draft.answer_id).await?;
            let completed = evaluated(&found)?;
            point(completed, draft.point)?;
            let text = &found.owned.answer.text;
            let marked = marked(text, &draft.words).ok_or_else(not_in_the_answer)?;
            let earlier: Vec<_> = completed.remarks.challenges_of(draft.point).collect();
            if let Some(kept) = earlier.iter().find(|kept| kept.words == marked.words) {
                let outcome = Ok((*kept).clone());
                return Ok(Challenged { outcome, answer: found.owned.answer });
            }
            check(completed, draft.point, earlier.len())?;
            let read = match reading.take() {
                Some(read) => read,
                None => match self.read(caller, &found, draft.point, marked).await? {
                    Ok(read) => read,
                    Err(refusal) => {
                        let answer = found.owned.answer;
                        return Ok(Challenged { answer, outcome: Err(refusal) });
                    }
                },
            };
            let new = new_challenge(caller, &found, completed, &draft, marked.words, &read, now);
            let challenge = new.challenge.clone();
            match self.store.keep_challenge(new).await? {
                ChallengeKept::Kept => {
                    self.changes.announce(found.owned.interview_id);
                    let (after, _) = self.owned(caller, draft.answer_id).await?;
                    return Ok(Challenged { answer: after.owned.answer, outcome: Ok(challenge) });
                }
                ChallengeKept::Outdated => reading = Some(read),
                ChallengeKept::Gone => return Err(ServiceError::NotFound(Resource::Answer)),
            }
        }
        Err(ServiceError::internal("the evaluation changed during every attempt"))
    }

    /// Keeps what the person says about a point of which the grader is not sure; `None` takes it
    /// back.
    pub async fn assess(
        &self,
        caller: Bearer,
        id: AnswerId,
        number: usize,
        said: Option<SelfAssessment>,
    ) -> ServiceResult<Answer> {
        let (found, now) = self.owned(caller, id).await?;
        let completed = evaluated(&found)?;
        if said.is_some() && !point(completed, number)?.is_uncertain() {
            return Err(ServiceError::PointCertain);
        }
        if !self.store.keep_self_assessment(id, number, said, now).await? {
            return Err(ServiceError::NotFound(Resource::Answer));
        }
        self.changes.announce(found.owned.interview_id);
        Ok(self.owned(caller, id).await?.0.owned.answer)
    }

    /// Returns one of the caller's answers, unless its real interview is still running.
    async fn owned(
        &self,
        caller: Bearer,
        id: AnswerId,
    ) -> ServiceResult<(ChallengedAnswer, Timestamp)> {
        let found = live(self.store.challenged_answer(caller, id).await?)?;
        let found = found.ok_or(ServiceError::NotFound(Resource::Answer))?;
        if found.owned.owner != caller.user_id() {
            return Err(ServiceError::AccessDenied);
        }
        let now = self.store.now().await?;
        if found.owned.withheld.at(now) {
            return Err(ServiceError::FeedbackWithheld);
        }
        Ok((found, now))
    }

    /// Has the marked words graded for the point alone.
    async fn read(
        &self,
        caller: Bearer,
        found: &ChallengedAnswer,
        point: usize,
        marked: Marked<'_>,
    ) -> ServiceResult<Result<Read, Refusal>> {
        let rubric = Rubric {
            reference: found.rubric.reference.clone(),
            key_points: found.rubric.key_points.get(point).cloned().into_iter().collect(),
            mistakes: Vec::new(),
        };
        let task = GradingTask {
            question: found.question.clone(),
            rubric: Arc::new(rubric.into()),
            answer: marked.passage.to_owned(),
            level: found.level,
            language: found.language.clone(),
        };
        let graded = self.grading.grade(caller.user_id(), task).await?;
        let read = graded.assessment.map(|assessment| Read::of(&assessment));
        Ok(read.map_err(|declined| declined.refusal))
    }
}

/// What a reading of the words found.
struct Read {
    point: KeyPointResult,
    reading: PointReading,
}

impl Read {
    fn of(assessment: &Assessment) -> Self {
        let nothing = KeyPointResult {
            point: String::new(),
            weight: 1.0,
            coverage: 0.0,
            evidence: String::new(),
            confidence: None,
        };
        let point = assessment.key_points.first().cloned().unwrap_or(nothing);
        let reading = PointReading {
            coverage: point.coverage,
            evidence: point.evidence.clone(),
            grader: assessment.grader.clone(),
        };
        Self { point, reading }
    }
}

fn new_challenge(
    caller: Bearer,
    found: &ChallengedAnswer,
    completed: &Completed,
    draft: &ChallengeDraft,
    words: &str,
    read: &Read,
    now: Timestamp,
) -> NewChallenge {
    let before = &completed.assessment;
    let upheld = upheld(before, draft.point, &read.point, &found.owned.answer.text);
    let kept = before.key_points.get(draft.point);
    let after = upheld.as_ref().unwrap_or(before);
    NewChallenge {
        answer_id: draft.answer_id,
        user_id: caller.user_id(),
        known: completed.remarks.challenges.len(),
        challenge: Challenge {
            point: draft.point,
            words: words.to_owned(),
            challenged_at: now,
            first: PointReading {
                coverage: kept.map_or(0.0, |kept| kept.coverage),
                evidence: kept.map(|kept| kept.evidence.clone()).unwrap_or_default(),
                grader: standing_grader(completed, draft.point),
            },
            second: read.reading.clone(),
            completeness: (before.scores.completeness.get(), after.scores.completeness.get()),
        },
        upheld,
    }
}

/// Whose reading of the point stands: that of the last challenge that was upheld, if there is one.
fn standing_grader(completed: &Completed, point: usize) -> Grader {
    let upheld = completed.remarks.challenges_of(point).filter(|kept| kept.is_upheld());
    let last = upheld.last().map(|kept| kept.second.grader.clone());
    last.unwrap_or_else(|| completed.assessment.grader.clone())
}

fn evaluated(found: &ChallengedAnswer) -> ServiceResult<&Completed> {
    found.owned.answer.evaluation.completed().ok_or(ServiceError::NoEvaluation)
}

fn point(completed: &Completed, number: usize) -> ServiceResult<&KeyPointResult> {
    let points = &completed.assessment.key_points;
    points.get(number).ok_or_else(|| {
        let fault = format!("Point number must be from 1 to {}", points.len());
        violation("point_number", InvalidValue(fault))
    })
}

/// Refuses a challenge that cannot change anything, or that is one too many.
fn check(completed: &Completed, number: usize, before: usize) -> ServiceResult<()> {
    if point(completed, number)?.coverage >= FULL {
        return Err(ServiceError::PointMade);
    }
    if before >= MOST_CHALLENGES {
        return Err(ServiceError::ChallengesSpent);
    }
    Ok(())
}

fn not_in_the_answer() -> ServiceError {
    violation("words", "Words must be in the answer".into())
}

fn violation(field: &'static str, fault: InvalidValue) -> ServiceError {
    let mut violations = Violations::new();
    violations.check::<()>(field, Err(fault));
    ServiceError::Validation(violations)
}
