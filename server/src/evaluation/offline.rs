//! The built-in grader as an evaluator: always there, never wrong twice in different ways.

mod cache;
mod standalone;

use std::{ops::Range, sync::Arc, thread::available_parallelism};

use async_trait::async_trait;
use tokio::{sync::Semaphore, time::Instant};
use viva_grader::{Assessment as Found, Grader as BuiltIn, PointState, Prepared};

use super::{
    EvaluationFault, Evaluator, Verdict,
    explain::{self, Findings, FoundContradiction, FoundMistake, Style},
};
use crate::{
    domain::{
        evaluation::{Assessment, AssessmentParts, Grader, GraderKind, KeyPointResult},
        provenance::Provenance,
        question::Rubric,
        score::{Score, Scores},
    },
    storage::queue::Job,
};

use cache::Cache;
pub use standalone::{Graded, Standalone};

/// Below this relevance an answer counts as not about the question.
const ON_TOPIC: f64 = 0.3;

/// Grades with the built-in grader.
pub struct OfflineEvaluator {
    prepared: Arc<Cache>,
    /// Grading is nothing but arithmetic: it takes all processors but one, which is left to those
    /// who wait for a reply.
    processors: Arc<Semaphore>,
}

impl Default for OfflineEvaluator {
    fn default() -> Self {
        let processors =
            available_parallelism().map_or(1, |all| all.get().saturating_sub(1).max(1));
        Self { prepared: Arc::default(), processors: Arc::new(Semaphore::new(processors)) }
    }
}

impl OfflineEvaluator {
    /// An evaluator that has prepared nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the built-in grader finds of the job's answer.
    pub(super) async fn findings(&self, job: &Job) -> Result<Findings, EvaluationFault> {
        let processor = Arc::clone(&self.processors).acquire_owned().await;
        let cache = Arc::clone(&self.prepared);
        let (question, rubric) = (job.question.clone(), job.rubric.clone());
        let answer = job.answer.clone();
        // It takes milliseconds, or seconds where question and answer fill a whole message; other
        // tasks need not wait for that.
        let graded = tokio::task::spawn_blocking(move || {
            let _processor = processor;
            let prepared = cache.prepared(&question, &rubric);
            findings(&prepared, &rubric, &answer, &BuiltIn::builtin().assess(&prepared, &answer))
        });
        match graded.await {
            Ok(findings) => findings.ok_or_else(no_result),
            Err(_) => Err(EvaluationFault::fail("The grader stopped unexpectedly on this answer.")),
        }
    }
}

#[async_trait]
impl Evaluator for OfflineEvaluator {
    async fn evaluate(&self, job: &Job) -> Verdict {
        let began = Instant::now();
        let findings = self.findings(job).await?;
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
        key_points: findings.key_points,
        grader: grader(),
        provenance,
    };
    Assessment::check(parts, answer)
        .inspect_err(|error| tracing::error!(%error, "the built-in grader broke a rule"))
        .ok()
}

fn findings(prepared: &Prepared, rubric: &Rubric, answer: &str, found: &Found) -> Option<Findings> {
    let quote = |range: &Option<Range<usize>>| -> String {
        range.clone().and_then(|range| answer.get(range)).unwrap_or_default().to_owned()
    };
    let shares = shares(prepared);
    let points = found.points.iter().zip(prepared.points()).zip(shares);
    let mut key_points = Vec::new();
    let mut contradictions = Vec::new();
    for ((seen, point), weight) in points {
        let evidence = quote(&seen.evidence);
        if seen.contradicted.is_some() && !evidence.is_empty() {
            contradictions
                .push(FoundContradiction { quote: evidence.clone(), point: point.text.clone() });
        }
        let credited = seen.contradicted.is_none() && !evidence.trim().is_empty();
        let coverage = match seen.state {
            PointState::Covered if credited => 1.0,
            PointState::Partial if credited => 0.5,
            _ => 0.0,
        };
        let evidence = if coverage > 0.0 { evidence } else { String::new() };
        key_points.push(KeyPointResult { point: point.text.clone(), weight, coverage, evidence });
    }
    let mistakes = found.grade.mistakes.iter().zip(&rubric.mistakes);
    let mistakes = mistakes.filter(|(seen, _)| seen.made).filter_map(|(seen, mistake)| {
        let quote = quote(&seen.evidence);
        let why_wrong = mistake.why_wrong.clone();
        (!quote.is_empty()).then_some(FoundMistake { quote, why_wrong })
    });
    Some(Findings {
        scores: scores(found)?,
        key_points,
        mistakes: mistakes.collect(),
        contradictions,
        on_topic: found.grade.guards.relevance * found.checks.product() >= ON_TOPIC,
        style: style(found),
    })
}

/// Each point's share of the rubric.
fn shares(prepared: &Prepared) -> Vec<f64> {
    let sum: f64 = prepared.points().iter().map(|point| point.weight).sum();
    let even = 1.0 / prepared.points().len().max(1) as f64;
    let share = |weight: f64| if sum > 0.0 { weight / sum } else { even };
    prepared.points().iter().map(|point| share(point.weight)).collect()
}

/// The four scores with one decimal, so that the number shown is the number that has the band.
fn scores(found: &Found) -> Option<Scores> {
    let score = |value: f64| Score::new((value * 10.0).round() / 10.0);
    let marks = &found.dimensions;
    Some(Scores {
        correctness: score(marks.correctness.value)?,
        completeness: score(marks.completeness.value)?,
        quality: score(marks.quality.value)?,
        communication: score(marks.communication.value)?,
    })
}

fn style(found: &Found) -> Style {
    let (quality, communication) =
        (found.dimensions.quality.basis, found.dimensions.communication.basis);
    Style {
        sentence_words: communication.sentence_words,
        prose: communication.prose,
        length: communication.length,
        filler: communication.filler,
        reasoning: quality.reasoning,
        specifics: quality.specifics,
    }
}
