//! A language model as an evaluator. The model proposes; code decides. It looks every quote up in the
//! answer, asks the built-in judge whether it shows its point, bounds the scores by what the quotes
//! support, compares them with the built-in grader's, and asks for a second reading if the two
//! disagree.

mod baseline;
mod check;
mod credit;
mod dictation;
mod doubt;
mod explain;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod grading_talk;
mod prompt;
mod quotes;
mod reply;
mod story;
mod terms;
#[cfg(test)]
mod tests;
mod thresholds;
mod translation;
mod trial;
mod verification;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::{
    EvaluationFault, EvaluationResult, Evaluator,
    explain::{Findings, feedback, suggestions},
    offline::{self, OfflineEvaluator},
};
use crate::{
    domain::{
        evaluation::{Assessment, AssessmentParts, Grader, GraderKind},
        provenance::{Fingerprint, Opinion, Provenance, Tokens},
        spending::{Payer, SpendingCaps},
    },
    llm::{LlmError, LlmRequest, MeteredLlm, only_object},
    storage::{Store, queue::Job},
};
use baseline::Baseline;
use check::{Checked, ReplyClaims};
use doubt::{Doubt, doubt, is_disputed};
use explain::UNVERIFIED;
pub use prompt::PROMPT_VERSION;
use prompt::Reading;
use reply::Reply;
use translation::English;
pub use trial::{Trial, trial};
use verification::Verification;

/// The most first readings kept for another attempt; one takes a few kilobytes.
const MOST_BEGUN: usize = 1000;

/// Grades with a language model.
pub struct ModelEvaluator {
    llm: MeteredLlm,
    /// The endpoint's address: at another one, the same name may be another model.
    endpoint: String,
    built_in: OfflineEvaluator,
    store: Arc<dyn Store>,
    begun: Mutex<HashMap<Fingerprint, Readings>>,
}

/// The results and costs of reading one answer so far.
#[derive(Default)]
struct Readings {
    claims: Vec<ReplyClaims>,
    english: English,
    calls: u32,
    tokens: Tokens,
    duration: Duration,
}

/// The result of reading an answer once or twice.
struct Outcome {
    checked: Vec<Checked>,
    doubt: Option<Doubt>,
}

impl From<LlmError> for EvaluationFault {
    fn from(fault: LlmError) -> Self {
        match fault {
            LlmError::Retry { after, reason } => Self::Retry { after, reason },
            LlmError::Fail { reason } => Self::Fail { reason },
            LlmError::Spent { reason, renews_at, wait } => Self::Spent { reason, renews_at, wait },
        }
    }
}

#[async_trait]
impl Evaluator for ModelEvaluator {
    async fn evaluate(&self, job: &Job) -> EvaluationResult {
        let fingerprint = fingerprint(job, &self.endpoint, self.llm.model());
        if let Some(known) = self.known(job, fingerprint).await? {
            return Ok(known);
        }
        let baseline = Baseline::of(job, &self.built_in).await?;
        let mut readings = self.begun(fingerprint).unwrap_or_default();
        match self.outcome(job, &baseline, &mut readings).await {
            Ok(outcome) => self.assessment(job, &readings, &outcome, &baseline, fingerprint),
            Err(fault) => {
                self.keep_begun(fingerprint, readings);
                Err(fault)
            }
        }
    }

    /// The time of two readings, a translation for each, and one of the rubric.
    fn limit(&self) -> Duration {
        self.llm.timeout() * 5
    }

    fn kind(&self) -> GraderKind {
        GraderKind::Model
    }

    fn grader(&self) -> Grader {
        Grader {
            kind: GraderKind::Model,
            name: self.llm.model().to_owned(),
            version: PROMPT_VERSION.to_owned(),
        }
    }

    fn caps(&self) -> Option<SpendingCaps> {
        Some(self.llm.caps())
    }
}

impl ModelEvaluator {
    /// An evaluator that calls this model at this address, and looks for known evaluations in the
    /// store.
    pub fn new(llm: MeteredLlm, endpoint: String, store: Arc<dyn Store>) -> Self {
        Self { llm, endpoint, built_in: OfflineEvaluator::new(), store, begun: Mutex::default() }
    }

    /// The evaluation of the same answer to the same question, if there is one.
    ///
    /// Another account's evaluation is returned as late and at the same price as a new one, and only
    /// while the endpoint replies. So nobody can tell by time, budget or an outage that another
    /// account gave the same answer.
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
        if !self.llm.is_healthy() {
            return Ok(None);
        }
        let calls = assessment.provenance.model_calls.max(1);
        for _ in 0..calls {
            self.llm.simulate(payer(job), assessment.provenance.duration / calls).await?;
        }
        Ok(Some(assessment))
    }

    /// The readings of an earlier attempt at the same evaluation.
    fn begun(&self, fingerprint: Fingerprint) -> Option<Readings> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).remove(&fingerprint)
    }

    /// Keeps the readings for the next attempt, so that they are not paid for again.
    fn keep_begun(&self, fingerprint: Fingerprint, readings: Readings) {
        if readings.claims.is_empty() {
            return;
        }
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.len() >= MOST_BEGUN {
            begun.clear();
        }
        begun.insert(fingerprint, readings);
    }

    /// Has the answer read, and read again if there is doubt.
    async fn outcome(
        &self,
        job: &Job,
        baseline: &Baseline,
        readings: &mut Readings,
    ) -> Result<Outcome, EvaluationFault> {
        if readings.claims.is_empty() {
            self.read(job, Reading::First, baseline, readings).await?;
        }
        let mut checked = vec![self.checked(job, 0, baseline, readings).await?];
        let doubt = doubt(&checked[0], baseline);
        if let Some(doubt) = &doubt {
            tracing::info!(reason = doubt.reason, "asking for a second reading");
            if readings.claims.len() < 2 {
                self.read(job, Reading::second(&job.answer), baseline, readings).await?;
            }
            checked.push(self.checked(job, 1, baseline, readings).await?);
        }
        Ok(Outcome { checked, doubt })
    }

    /// Has the model read the answer once.
    async fn read(
        &self,
        job: &Job,
        reading: Reading,
        baseline: &Baseline,
        readings: &mut Readings,
    ) -> Result<(), EvaluationFault> {
        let content = self.ask(job, &prompt::ask(job, reading), readings).await?;
        let reply: Reply = only_object(&content, "scores")?;
        let claims = ReplyClaims::of(&reply, reading, job, baseline).map_err(|unusable| {
            EvaluationFault::fail(&format!(
                "The language model's evaluation could not be used: {unusable}. Asking again may help."
            ))
        })?;
        readings.claims.push(claims);
        Ok(())
    }

    /// Checks what a reading claims.
    async fn checked(
        &self,
        job: &Job,
        reading: usize,
        baseline: &Baseline,
        readings: &mut Readings,
    ) -> Result<Checked, EvaluationFault> {
        let claims = readings.claims[reading].clone();
        let Some(quoted) = &claims.quoted else { return Ok(Checked::new(claims, None, baseline)) };
        let verification = Verification::new(job, quoted, &self.built_in).await?;
        // Never both in one call: what translates the answer must not know what it should say.
        let passages = verification.foreign_passages(&readings.english);
        let rubric = verification.foreign_rubric(&readings.english);
        for texts in [passages, rubric] {
            self.translate(job, texts, readings).await?;
        }
        let credit = verification.credit(&self.built_in, baseline, &readings.english).await?;
        Ok(Checked::new(claims, Some(credit), baseline))
    }

    /// Has these texts translated. Without a translation, what is based on them stays unverified.
    async fn translate(
        &self,
        job: &Job,
        texts: Vec<String>,
        readings: &mut Readings,
    ) -> Result<(), EvaluationFault> {
        if texts.is_empty() {
            return Ok(());
        }
        let content = match self.ask(job, &translation::ask(&texts), readings).await {
            Ok(content) => content,
            Err(fault) => {
                tracing::info!(%fault, "there is no translation");
                return Ok(());
            }
        };
        let english: Vec<_> = translation::read(&content, &texts).into_iter().collect();
        let reads = english.iter().map(|(_, english)| english.clone()).collect();
        let reads = self.built_in.reads(reads).await?;
        let usable = english.into_iter().zip(reads).filter(|(_, reads)| *reads);
        readings.english.extend(usable.map(|(pair, _)| pair));
        Ok(())
    }

    /// Makes one call to the model and records what it took.
    async fn ask(
        &self,
        job: &Job,
        request: &LlmRequest,
        readings: &mut Readings,
    ) -> Result<String, LlmError> {
        let completion = self.llm.complete(payer(job), request).await?;
        readings.calls += 1;
        readings.tokens = readings.tokens + completion.tokens.unwrap_or_default();
        readings.duration += completion.duration;
        Ok(completion.content)
    }

    /// The reading that counts, as an assessment.
    fn assessment(
        &self,
        job: &Job,
        readings: &Readings,
        outcome: &Outcome,
        baseline: &Baseline,
        fingerprint: Fingerprint,
    ) -> EvaluationResult {
        let Outcome { checked: all, doubt } = outcome;
        let at = doubt.as_ref().map_or(0, |doubt| doubt.standing(all, baseline));
        let standing = &all[at];
        let findings = explain::findings(standing, &baseline.findings);
        let (feedback, suggestions) = texts(standing, &findings, &job.answer);
        let unverified = standing.is_unverified.then_some(UNVERIFIED);
        let note = doubt.as_ref().map(Doubt::note).into_iter().chain(unverified.map(str::to_owned));
        let parts = AssessmentParts {
            scores: standing.scores,
            range: None,
            needs_review: standing.is_unverified || is_disputed(standing, baseline),
            feedback,
            suggestions,
            key_points: standing.key_points.clone(),
            mistakes: findings.mistakes.clone(),
            explanations: explain::explanations(standing, &findings),
            grader: self.grader(),
            provenance: Provenance {
                model_calls: readings.calls,
                tokens: readings.tokens,
                duration: readings.duration,
                opinions: self.opinions(all, at, baseline),
                note: note.collect::<Vec<_>>().join(" "),
                // What could not be verified now may be next time.
                fingerprint: (!standing.is_unverified).then_some(fingerprint),
            },
        };
        Assessment::check(parts, &job.answer).map_err(|error| {
            tracing::error!(%error, "a checked reply broke a rule");
            EvaluationFault::fail("The language model's evaluation could not be used.")
        })
    }

    /// Every opinion, if there was more than one reading.
    fn opinions(&self, all: &[Checked], standing: usize, baseline: &Baseline) -> Vec<Opinion> {
        if all.len() < 2 {
            return Vec::new();
        }
        let readings = all.iter().enumerate().map(|(at, checked)| Opinion {
            grader: self.grader(),
            scores: checked.scores,
            stands: at == standing,
        });
        let scores = baseline.findings.scores;
        // Scores for an answer that it cannot read are not an opinion.
        let built_in =
            baseline.has_read.then(|| Opinion { grader: offline::grader(), scores, stands: false });
        readings.chain(built_in).collect()
    }
}

/// Feedback and suggestions: the model's, unless it is not to be believed, repeats its instructions,
/// or says what the answer told it to say.
fn texts(standing: &Checked, findings: &Findings, answer: &str) -> (String, Vec<String>) {
    let claims = &standing.claims;
    let mistakes = claims.mistakes.iter().map(|mistake| &mistake.why_wrong);
    let mut said = claims.suggestions.iter().chain(mistakes).chain([&claims.feedback]);
    let repeats = said.any(|text| prompt::recites(text) || dictation::repeats(text, answer));
    if repeats || standing.is_unsupported() {
        return (feedback(findings), suggestions(findings));
    }
    let suggested = claims.suggestions.clone();
    let suggested = if suggested.is_empty() { suggestions(findings) } else { suggested };
    (claims.feedback.clone(), suggested)
}

fn payer(job: &Job) -> Payer {
    Payer { user_id: job.user_id, interview_id: job.interview_id }
}

/// The fingerprint of everything that decides what is asked, which model is asked, and what code
/// makes of the reply.
fn fingerprint(job: &Job, endpoint: &str, model: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    let rubric = format!("{:?}", job.rubric);
    let versions = [PROMPT_VERSION, viva_grader::VERSION, endpoint, model];
    for part in versions.into_iter().chain([&*prompt::material(job), &rubric, &job.answer]) {
        // With its length, a part cannot be confused with the next.
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    Fingerprint(hash.finalize().into())
}
