//! A language model as an evaluator. The model proposes; code decides: it looks every quote up in
//! the answer, bounds the scores by what the quotes support, has the built-in grader grade beside
//! it, and asks for a second reading where the two do not agree.

mod check;
mod explain;
mod points;
mod prompt;
mod reply;
#[cfg(test)]
mod tests;
mod trial;

use std::sync::Arc;

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

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

/// Grades with a language model.
pub struct ModelEvaluator {
    llm: MeteredLlm,
    built_in: OfflineEvaluator,
    store: Arc<dyn Store>,
}

/// What readings of one answer have given so far, and taken.
#[derive(Default)]
struct Readings {
    checked: Vec<Checked>,
    tokens: Tokens,
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
        let began = Instant::now();
        let fingerprint = fingerprint(job, self.llm.model());
        if let Some(known) = self.known(job, fingerprint).await? {
            return Ok(known);
        }
        let built_in = self.built_in.findings(job).await?;
        let mut readings = Readings::default();
        self.read(job, Reading::First, &built_in, &mut readings).await?;
        let mut note = String::new();
        if let Some(reason) = doubt(&readings.checked[0], &built_in, job) {
            tracing::info!(answer.id = %job.claim.answer_id, reason, "a second reading is asked for");
            self.read(job, Reading::second(&job.answer), &built_in, &mut readings).await?;
            note = format!("{reason} It was read a second time; the lower reading stands.");
        }
        let provenance = Provenance {
            duration: began.elapsed(),
            note,
            fingerprint: Some(fingerprint),
            ..Provenance::default()
        };
        self.assessment(job, &readings, &built_in, provenance)
    }
}

impl ModelEvaluator {
    /// An evaluator that calls this model and looks for known evaluations in the store.
    pub fn new(llm: MeteredLlm, store: Arc<dyn Store>) -> Self {
        Self { llm, built_in: OfflineEvaluator::new(), store }
    }

    /// The evaluation of the same answer to the same question, if there is one.
    ///
    /// Another account's is handed out as late, and at the same price, as a new one would be:
    /// nobody learns by time or budget that somebody else has given this answer.
    async fn known(
        &self,
        job: &Job,
        fingerprint: Fingerprint,
    ) -> Result<Option<Assessment>, EvaluationFault> {
        let known = self.store.known_evaluation(fingerprint).await;
        let known = known.map_err(|_| EvaluationFault::retry("The database is unavailable."))?;
        let Some((owner, assessment)) = known else { return Ok(None) };
        if owner != job.user_id {
            for _ in 0..assessment.provenance.model_calls {
                self.llm.charge(payer(job)).await?;
            }
            tokio::time::sleep(assessment.provenance.duration).await;
        }
        Ok(Some(assessment))
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
        let checked = check(&reply, reading, &job.rubric, &job.answer, built_in);
        let checked = checked.map_err(|unusable| {
            EvaluationFault::fail(&format!(
                "The language model's evaluation could not be used: {unusable}. Asking again may help."
            ))
        })?;
        readings.checked.push(checked);
        readings.tokens = readings.tokens + completion.tokens.unwrap_or_default();
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
fn doubt(checked: &Checked, built_in: &Findings, job: &Job) -> Option<String> {
    if checked.is_unsupported() {
        return Some("No quote of the first reading stands in the answer.".to_owned());
    }
    let (model, own) = (checked.scores.mean(), built_in.scores.mean());
    // The built-in grader reads English; in other languages it finds too little to be compared.
    let compares = crate::domain::interview::is_english(&job.language);
    (compares && (model - own).abs() > FAR_APART).then(|| {
        format!(
            "The language model ({model:.1}) and the built-in grader ({own:.1}) were far apart."
        )
    })
}

/// Feedback and suggestions: the model's, unless it is not to be believed or recites its orders.
fn texts(standing: &Checked, findings: &Findings) -> (String, Vec<String>) {
    let recites = standing.suggestions.iter().any(|text| prompt::recites(text))
        || prompt::recites(&standing.feedback);
    if recites || standing.is_unsupported() {
        return (feedback(findings), suggestions(findings));
    }
    let suggested = standing.suggestions.clone();
    let suggested = if suggested.is_empty() { suggestions(findings) } else { suggested };
    (standing.feedback.clone(), suggested)
}

fn payer(job: &Job) -> Payer {
    Payer { user_id: job.user_id, interview_id: Some(job.interview_id) }
}

/// Of all that decides what the model is asked, and who is asked.
fn fingerprint(job: &Job, model: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    for part in [PROMPT_VERSION, model, &prompt::material(job), &job.answer] {
        // The length keeps two parts from being taken for one.
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    Fingerprint(hash.finalize().into())
}
