//! The built-in grader as an evaluator: always available, and the same answer always gets the same
//! scores.

mod bank_topics;
mod cache;
mod judge;
mod standalone;

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
    thread::available_parallelism,
};

use async_trait::async_trait;
use tokio::time::Instant;
use viva_grader::{Assessment as Found, Grader as BuiltIn, Prepared};
use viva_runtime::threads::{Priority, Threads};

use super::{
    EvaluationFault, EvaluationResult, Evaluator,
    explain::{self, Findings, FoundContradiction},
};
use crate::{
    domain::{
        evaluation::{
            Assessment, AssessmentParts, Declined, Grader, GraderKind, KeyPointResult,
            MistakeResult, Refusal, ScoreRange,
        },
        provenance::Provenance,
        question::{Mistake, Rubric},
        score::{Score, Scores},
    },
    storage::queue::{Hold, Job},
};

use cache::Cache;
pub use standalone::{Graded, Standalone};

/// Grades with the built-in grader.
#[derive(Default)]
pub struct OfflineEvaluator {
    prepared: Arc<Cache>,
    /// Started by the first use for which the system gives them.
    threads: OnceLock<Threads>,
}

/// The grader's threads. Grading is pure arithmetic: it has a thread for each processor but one, and
/// at least one thread. Calls that wait for a reply go first.
fn threads() -> Option<Threads> {
    let count = available_parallelism().map_or(1, |all| all.get().saturating_sub(1).max(1));
    Threads::start("grading", count, Priority::Low)
        .inspect_err(|error| tracing::error!(%error, "the grader's threads cannot be started"))
        .ok()
}

impl OfflineEvaluator {
    /// An evaluator that has prepared nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The built-in grader's findings about an answer to a question, and why it declines to judge it,
    /// if it does. `hold` is kept until its work ends, even if this is dropped before.
    pub(super) async fn findings(
        &self,
        (question, rubric): (&str, &Rubric),
        answer: &str,
        hold: &Hold,
    ) -> Result<(Findings, Option<Declined>), EvaluationFault> {
        let cache = Arc::clone(&self.prepared);
        let (question, rubric) = (question.to_owned(), rubric.clone());
        let (answer, hold) = (answer.to_owned(), hold.clone());
        let graded = self.in_turn(move || {
            let _held = hold;
            let prepared = cache.prepared(&question, &rubric);
            let found = BuiltIn::builtin().assess(&prepared, &answer);
            let findings = findings(&prepared, &rubric, &answer, &found)?;
            Some((findings, declined(&question, &found)))
        });
        graded.await?.ok_or_else(no_result)
    }

    fn threads(&self) -> Option<&Threads> {
        if self.threads.get().is_none() {
            // If two calls start them at once, those of one end again.
            let _ = self.threads.set(threads()?);
        }
        self.threads.get()
    }

    /// Runs the grader on its own threads, as soon as one is free. It takes a tenth of a second, or
    /// seconds if question and answer fill a whole message.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, EvaluationFault> {
        let Some(threads) = self.threads() else {
            return Err(EvaluationFault::retry("The grader's threads cannot be started."));
        };
        let stopped = "The grader stopped unexpectedly on this answer.";
        threads.run(work).await.ok_or_else(|| EvaluationFault::fail(stopped))
    }
}

#[async_trait]
impl Evaluator for OfflineEvaluator {
    async fn evaluate(&self, job: &Job) -> EvaluationResult {
        let began = Instant::now();
        let findings = self.findings((&job.question, &job.rubric), &job.answer, &job.hold);
        let (findings, declined) = findings.await?;
        if let Some(declined) = declined {
            return Err(EvaluationFault::Refuse(declined));
        }
        let provenance = Provenance { duration: began.elapsed(), ..Provenance::default() };
        assessment(findings, provenance, &job.answer).ok_or_else(no_result)
    }
}

fn no_result() -> EvaluationFault {
    EvaluationFault::fail("The built-in grader gave no usable result.")
}

/// The built-in grader's name and version.
pub fn grader() -> Grader {
    Grader {
        kind: GraderKind::Offline,
        name: viva_grader::NAME.to_owned(),
        version: viva_grader::VERSION.to_owned(),
    }
}

/// Whether the built-in grader was trained on this point; it judges others less surely.
pub fn knows(point: &str) -> bool {
    BuiltIn::builtin().knows(point)
}

/// The rubric in the grader's terms.
pub fn grader_rubric(question: &str, rubric: &Rubric) -> viva_grader::Rubric {
    let key_points = rubric.key_points.iter().map(|k| viva_grader::KeyPoint {
        point: k.point.clone(),
        weight: k.weight,
        phrasings: k.phrasings.clone(),
    });
    let mistakes = rubric
        .mistakes
        .iter()
        .map(|m| viva_grader::Mistake { claim: m.claim.clone(), why_wrong: m.why_wrong.clone() });
    viva_grader::Rubric {
        question: question.to_owned(),
        reference: rubric.reference.clone(),
        key_points: key_points.collect(),
        mistakes: mistakes.collect(),
    }
}

fn assessment(findings: Findings, provenance: Provenance, answer: &str) -> Option<Assessment> {
    let parts = AssessmentParts {
        feedback: explain::feedback(&findings),
        suggestions: explain::suggestions(&findings),
        explanations: explain::explanations(&findings),
        scores: findings.scores,
        range: findings.range,
        needs_review: findings.needs_review,
        key_points: findings.key_points,
        mistakes: findings.mistakes,
        grader: grader(),
        provenance,
    };
    Assessment::check(parts, answer)
        .inspect_err(|error| tracing::error!(%error, "the built-in grader broke a rule"))
        .ok()
}

/// A probability rounded to hundredths, and never 0 or 1.
fn confidence(p: f64) -> f64 {
    ((p * 100.0).round() / 100.0).clamp(0.01, 0.99)
}

fn findings(prepared: &Prepared, rubric: &Rubric, answer: &str, found: &Found) -> Option<Findings> {
    let quote = |range: &Option<Range<usize>>| -> Option<String> {
        range.clone().and_then(|range| answer.get(range)).map(str::to_owned)
    };
    let points = || found.points.iter().zip(prepared.points());
    let key_points = points().zip(shares(prepared)).map(|((seen, point), weight)| {
        let evidence = quote(&seen.evidence).unwrap_or_default();
        KeyPointResult {
            point: point.text.clone(),
            weight,
            coverage: seen.state.coverage(),
            confidence: seen.is_counted().then(|| confidence(seen.p)),
            evidence,
        }
    });
    let contradictions = points().filter_map(|(seen, point)| {
        let quote = quote(&seen.contradicted)?;
        Some(FoundContradiction { quote, point: point.text.clone() })
    });
    let listed = found.mistakes.iter().zip(&rubric.mistakes).enumerate();
    let mistakes = listed.filter_map(|(number, (seen, mistake))| {
        let evidence = quote(&seen.evidence)?;
        let Mistake { claim, why_wrong } = mistake.clone();
        Some(MistakeResult { number: Some(number), claim, evidence, why_wrong })
    });
    let scores = scores(found)?;
    Some(Findings {
        scores,
        range: Some(range(found, &scores)),
        needs_review: found.needs_review,
        key_points: key_points.collect(),
        mistakes: mistakes.collect(),
        contradictions: contradictions.collect(),
        on_topic: found.is_about_the_question,
        style: found.style,
    })
}

/// Why the grader declines to judge an answer to this question, if it does.
fn declined(question: &str, found: &Found) -> Option<Declined> {
    found.refusal.map(|refusal| match refusal {
        viva_grader::Refusal::Language => Refusal::LanguageNotSupported.into(),
        viva_grader::Refusal::NotAnAnswer => Refusal::NotAnAnswer.into(),
        viva_grader::Refusal::OffTopic => Refusal::OffTopic.into(),
        viva_grader::Refusal::OtherQuestion(number) => bank_topics::other(question, number)
            .map_or(Refusal::OffTopic.into(), |other| Declined::for_other_question(&other)),
    })
}

/// Each point's share of the rubric.
fn shares(prepared: &Prepared) -> Vec<f64> {
    let sum: f64 = prepared.points().iter().map(|point| point.weight).sum();
    let even = 1.0 / prepared.points().len().max(1) as f64;
    let share = |weight: f64| if sum > 0.0 { weight / sum } else { even };
    prepared.points().iter().map(|point| share(point.weight)).collect()
}

/// The four scores rounded down to one decimal, so that the number shown is the one that its band is
/// for, and never more than was found.
fn scores(found: &Found) -> Option<Scores> {
    let score = |value: f64| Score::new((value * 10.0 + 1e-6).floor() / 10.0);
    let marks = &found.dimensions;
    Some(Scores {
        correctness: score(marks.correctness)?,
        completeness: score(marks.completeness)?,
        quality: score(marks.quality)?,
        communication: score(marks.communication)?,
    })
}

/// The range rounded outwards, and wide enough to include the mean of the rounded scores.
fn range(found: &Found, scores: &Scores) -> ScoreRange {
    let low = (100.0 * found.range.start + 1e-6).floor() / 10.0;
    let high = (100.0 * found.range.end - 1e-6).ceil() / 10.0;
    ScoreRange { low: low.min(scores.mean()), high: high.max(scores.mean()) }
}

#[cfg(test)]
mod tests;
