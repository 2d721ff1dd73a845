//! A language model as an evaluator. The model proposes; code decides: it looks every quote up in
//! the answer, bounds the scores by what the quotes support, has the built-in grader grade beside
//! it, and asks for a second reading where the two do not agree.

mod check;
mod explain;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod points;
mod prompt;
mod reply;
#[cfg(test)]
mod tests;
mod trial;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::{
    EvaluationFault, Evaluator, Verdict,
    explain::{Findings, feedback, suggestions},
    offline::{self, OfflineEvaluator},
};
use crate::{
    domain::{
        evaluation::{Assessment, AssessmentParts, Grader, GraderKind},
        provenance::{Fingerprint, Opinion, Provenance, Tokens},
        spending::Payer,
    },
    llm::{Fault, MeteredLlm, only_object},
    storage::{Store, queue::Job},
};
use check::{Checked, check};
pub use prompt::PROMPT_VERSION;
use prompt::Reading;
use reply::Reply;
pub use trial::{Trial, trial};

/// The means of model and built-in grader may be so far apart before the answer is read again.
const FAR_APART: f64 = 4.0;

/// First readings that are kept for another attempt; one takes a few kilobytes.
const MOST_BEGUN: usize = 1000;

/// Grades with a language model.
pub struct ModelEvaluator {
    llm: MeteredLlm,
    /// The endpoint's address: the same name may be another model elsewhere.
    endpoint: String,
    built_in: OfflineEvaluator,
    store: Arc<dyn Store>,
    begun: Mutex<HashMap<Fingerprint, Readings>>,
}

/// What readings of one answer have given so far, and taken.
#[derive(Default)]
struct Readings {
    checked: Vec<Checked>,
    tokens: Tokens,
    duration: Duration,
}

impl From<Fault> for EvaluationFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Retry { after, reason } => Self::Retry { after, reason },
            Fault::Fail { reason } => Self::Fail { reason },
        }
    }
}

#[async_trait]
impl Evaluator for ModelEvaluator {
    async fn evaluate(&self, job: &Job) -> Verdict {
        let fingerprint = fingerprint(job, &self.endpoint, self.llm.model());
        if let Some(known) = self.known(job, fingerprint).await? {
            return Ok(known);
        }
        let built_in = self.built_in.findings(job).await?;
        let mut readings = self.begun(fingerprint).unwrap_or_default();
        if readings.checked.is_empty() {
            self.read(job, Reading::First, &built_in, &mut readings).await?;
        }
        let mut note = String::new();
        if let Some(reason) = doubt(&readings.checked[0], &built_in) {
            tracing::info!(reason, "a second reading is asked for");
            let second = Reading::second(&job.answer);
            if let Err(fault) = self.read(job, second, &built_in, &mut readings).await {
                self.keep_begun(fingerprint, readings);
                return Err(fault);
            }
            note = format!("{reason} It was read a second time; the lower reading stands.");
        }
        let provenance =
            Provenance { note, fingerprint: Some(fingerprint), ..Provenance::default() };
        self.assessment(job, &readings, &built_in, provenance)
    }

    /// As long as two readings.
    fn limit(&self) -> Duration {
        self.llm.timeout() * 2
    }

    fn kind(&self) -> GraderKind {
        GraderKind::Model
    }
}

impl ModelEvaluator {
    /// An evaluator that calls this model, which is at that address, and looks for known evaluations
    /// in the store.
    pub fn new(llm: MeteredLlm, endpoint: String, store: Arc<dyn Store>) -> Self {
        Self { llm, endpoint, built_in: OfflineEvaluator::new(), store, begun: Mutex::default() }
    }

    /// The evaluation of the same answer to the same question, if there is one.
    ///
    /// Another account's is handed out as late, and at the same price, as a new one would be, and
    /// only while the endpoint answers: nobody learns by time, budget or outage that somebody else
    /// has given this answer.
    async fn known(
        &self,
        job: &Job,
        fingerprint: Fingerprint,
    ) -> Result<Option<Assessment>, EvaluationFault> {
        let known = self.store.known_evaluation(fingerprint, job.user_id).await;
        let known = known.map_err(|_| EvaluationFault::retry("The database is unavailable."))?;
        let Some((owner, assessment)) = known else { return Ok(None) };
        if owner == job.user_id {
            return Ok(Some(assessment));
        }
        if !self.llm.is_well() {
            return Ok(None);
        }
        let calls = assessment.provenance.model_calls.max(1);
        for _ in 0..calls {
            self.llm.rehearse(payer(job), assessment.provenance.duration / calls).await?;
        }
        Ok(Some(assessment))
    }

    /// What an earlier attempt at the same evaluation has brought.
    fn begun(&self, fingerprint: Fingerprint) -> Option<Readings> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).remove(&fingerprint)
    }

    /// Keeps a first reading for the next attempt, so that it is not paid for again.
    fn keep_begun(&self, fingerprint: Fingerprint, readings: Readings) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.len() >= MOST_BEGUN {
            begun.clear();
        }
        begun.insert(fingerprint, readings);
    }

    /// Has the model read the answer once, and checks what it says.
    async fn read(
        &self,
        job: &Job,
        reading: Reading,
        built_in: &Findings,
        readings: &mut Readings,
    ) -> Result<(), EvaluationFault> {
        let completion = self.llm.complete(payer(job), &prompt::ask(job, reading)).await?;
        let reply: Reply = only_object(&completion.content, "scores")?;
        let checked = check(&reply, reading, job, built_in);
        let checked = checked.map_err(|unusable| {
            EvaluationFault::fail(&format!(
                "The language model's evaluation could not be used: {unusable}. Asking again may help."
            ))
        })?;
        readings.checked.push(checked);
        readings.tokens = readings.tokens + completion.tokens.unwrap_or_default();
        readings.duration += completion.duration;
        Ok(())
    }

    /// The lowest reading as an assessment.
    fn assessment(
        &self,
        job: &Job,
        readings: &Readings,
        built_in: &Findings,
        provenance: Provenance,
    ) -> Verdict {
        let all = &readings.checked;
        let lowest = (0..all.len())
            .min_by(|a, b| all[*a].scores.mean().total_cmp(&all[*b].scores.mean()))
            .unwrap_or(0);
        let standing = &all[lowest];
        let findings = explain::findings(standing, built_in);
        let (feedback, suggestions) = texts(standing, &findings);
        let parts = AssessmentParts {
            scores: standing.scores,
            feedback,
            suggestions,
            key_points: standing.key_points.clone(),
            explanations: explain::explanations(standing, &findings),
            grader: self.grader(),
            provenance: Provenance {
                model_calls: u32::try_from(all.len()).unwrap_or(u32::MAX),
                tokens: readings.tokens,
                duration: readings.duration,
                opinions: self.opinions(all, lowest, built_in),
                ..provenance
            },
        };
        Assessment::check(parts, &job.answer).map_err(|error| {
            tracing::error!(%error, "a checked reply broke a rule");
            EvaluationFault::fail("The language model's evaluation could not be used.")
        })
    }

    /// Every opinion, where there was more than one reading.
    fn opinions(&self, all: &[Checked], lowest: usize, built_in: &Findings) -> Vec<Opinion> {
        if all.len() < 2 {
            return Vec::new();
        }
        let readings = all.iter().enumerate().map(|(at, checked)| Opinion {
            grader: self.grader(),
            scores: checked.scores,
            stands: at == lowest,
        });
        let beside = Opinion { grader: offline::grader(), scores: built_in.scores, stands: false };
        readings.chain([beside]).collect()
    }

    fn grader(&self) -> Grader {
        Grader {
            kind: GraderKind::Model,
            name: self.llm.model().to_owned(),
            version: PROMPT_VERSION.to_owned(),
        }
    }
}

/// Why a reading is not taken as it is; none where it is.
fn doubt(checked: &Checked, built_in: &Findings) -> Option<String> {
    if checked.is_unsupported() {
        return Some(
            "Next to nothing that the first reading credits is shown by quotes.".to_owned(),
        );
    }
    let (model, own) = (checked.scores.mean(), built_in.scores.mean());
    ((model - own).abs() > FAR_APART).then(|| {
        format!(
            "The language model ({model:.1}) and the built-in grader ({own:.1}) were far apart."
        )
    })
}

/// Feedback and suggestions: the model's, unless it is not to be believed or recites its orders.
fn texts(standing: &Checked, findings: &Findings) -> (String, Vec<String>) {
    let mistakes = standing.mistakes.iter().map(|mistake| &mistake.why_wrong);
    let mut said = standing.suggestions.iter().chain(mistakes).chain([&standing.feedback]);
    let recites = said.any(|text| prompt::recites(text));
    if recites || standing.is_unsupported() {
        return (feedback(findings), suggestions(findings));
    }
    let suggested = standing.suggestions.clone();
    let suggested = if suggested.is_empty() { suggestions(findings) } else { suggested };
    (standing.feedback.clone(), suggested)
}

fn payer(job: &Job) -> Payer {
    Payer { user_id: job.user_id, interview_id: job.interview_id }
}

/// Of all that decides what the model is asked, who is asked, and what code makes of it.
fn fingerprint(job: &Job, endpoint: &str, model: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    let rubric = format!("{:?}", job.rubric);
    let versions = [PROMPT_VERSION, viva_grader::VERSION, endpoint, model];
    for part in versions.into_iter().chain([&*prompt::material(job), &rubric, &job.answer]) {
        // The length keeps two parts from being taken for one.
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    Fingerprint(hash.finalize().into())
}
