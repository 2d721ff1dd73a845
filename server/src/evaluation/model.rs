//! A language model as an evaluator. The model proposes; code decides: it looks every quote up in
//! the answer, asks the built-in judge whether it shows its point, bounds the scores by what the
//! quotes support, has the built-in grader grade beside it, and asks for a second reading where the
//! two do not agree.

mod beside;
mod check;
mod credit;
mod doubt;
mod explain;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod grading_talk;
mod hearing;
mod prompt;
mod quotes;
mod recital;
mod reply;
mod story;
mod terms;
#[cfg(test)]
mod tests;
mod thresholds;
mod translation;
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
    llm::{Ask, Fault, MeteredLlm, only_object},
    storage::{Store, queue::Job},
};
use beside::Beside;
use check::{Checked, Claims};
use doubt::{Doubt, doubt, is_disputed};
use explain::UNVERIFIED;
use hearing::Case;
pub use prompt::PROMPT_VERSION;
use prompt::Reading;
use reply::Reply;
use translation::English;
pub use trial::{Trial, trial};

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
    claims: Vec<Claims>,
    english: English,
    calls: u32,
    tokens: Tokens,
    duration: Duration,
}

/// What came of reading an answer once or twice.
struct Outcome {
    checked: Vec<Checked>,
    doubt: Option<Doubt>,
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
        let beside = Beside::of(job, &self.built_in).await?;
        let mut readings = self.begun(fingerprint).unwrap_or_default();
        match self.outcome(job, &beside, &mut readings).await {
            Ok(outcome) => self.assessment(job, &readings, &outcome, &beside, fingerprint),
            Err(fault) => {
                self.keep_begun(fingerprint, readings);
                Err(fault)
            }
        }
    }

    /// As long as two readings, a translation for each, and one of the rubric.
    fn limit(&self) -> Duration {
        self.llm.timeout() * 5
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
        if readings.claims.is_empty() {
            return;
        }
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.len() >= MOST_BEGUN {
            begun.clear();
        }
        begun.insert(fingerprint, readings);
    }

    /// Has the answer read, and read again where there is doubt.
    async fn outcome(
        &self,
        job: &Job,
        beside: &Beside,
        readings: &mut Readings,
    ) -> Result<Outcome, EvaluationFault> {
        if readings.claims.is_empty() {
            self.read(job, Reading::First, beside, readings).await?;
        }
        let mut checked = vec![self.checked(job, 0, beside, readings).await?];
        let doubt = doubt(&checked[0], beside);
        if let Some(doubt) = &doubt {
            tracing::info!(reason = doubt.reason, "a second reading is asked for");
            if readings.claims.len() < 2 {
                self.read(job, Reading::second(&job.answer), beside, readings).await?;
            }
            checked.push(self.checked(job, 1, beside, readings).await?);
        }
        Ok(Outcome { checked, doubt })
    }

    /// Has the model read the answer once.
    async fn read(
        &self,
        job: &Job,
        reading: Reading,
        beside: &Beside,
        readings: &mut Readings,
    ) -> Result<(), EvaluationFault> {
        let content = self.ask(job, &prompt::ask(job, reading), readings).await?;
        let reply: Reply = only_object(&content, "scores")?;
        let claims = Claims::of(&reply, reading, job, beside).map_err(|unusable| {
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
        beside: &Beside,
        readings: &mut Readings,
    ) -> Result<Checked, EvaluationFault> {
        let claims = readings.claims[reading].clone();
        let Some(quoted) = &claims.quoted else { return Ok(Checked::new(claims, None, beside)) };
        let case = Case::new(job, quoted, &self.built_in).await?;
        // Never both in one call: whoever translates what the answer says must not know what it
        // should say.
        for texts in
            [case.foreign_passages(&readings.english), case.foreign_rubric(&readings.english)]
        {
            self.translate(job, texts, readings).await?;
        }
        let heard = case.hear(&self.built_in, beside, &readings.english).await?;
        Ok(Checked::new(claims, Some(heard), beside))
    }

    /// Has these texts translated. Where that is not to be had, what rests on them stays unverified.
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
                tracing::info!(%fault, "no translation is to be had");
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

    /// One call to the model, and what it took.
    async fn ask(&self, job: &Job, ask: &Ask, readings: &mut Readings) -> Result<String, Fault> {
        let completion = self.llm.complete(payer(job), ask).await?;
        readings.calls += 1;
        readings.tokens = readings.tokens + completion.tokens.unwrap_or_default();
        readings.duration += completion.duration;
        Ok(completion.content)
    }

    /// The reading that stands as an assessment.
    fn assessment(
        &self,
        job: &Job,
        readings: &Readings,
        outcome: &Outcome,
        beside: &Beside,
        fingerprint: Fingerprint,
    ) -> Verdict {
        let Outcome { checked: all, doubt } = outcome;
        let at = doubt.as_ref().map_or(0, |doubt| doubt.standing(all, beside));
        let standing = &all[at];
        let findings = explain::findings(standing, &beside.findings);
        let (feedback, suggestions) = texts(standing, &findings, &job.answer);
        let unverified = standing.is_unverified.then_some(UNVERIFIED);
        let note = doubt.as_ref().map(Doubt::note).into_iter().chain(unverified.map(str::to_owned));
        let parts = AssessmentParts {
            scores: standing.scores,
            range: None,
            needs_review: standing.is_unverified || is_disputed(standing, beside),
            feedback,
            suggestions,
            key_points: standing.key_points.clone(),
            explanations: explain::explanations(standing, &findings),
            grader: self.grader(),
            provenance: Provenance {
                model_calls: readings.calls,
                tokens: readings.tokens,
                duration: readings.duration,
                opinions: self.opinions(all, at, beside),
                note: note.collect::<Vec<_>>().join(" "),
                // What could not be verified may be, the next time.
                fingerprint: (!standing.is_unverified).then_some(fingerprint),
            },
        };
        Assessment::check(parts, &job.answer).map_err(|error| {
            tracing::error!(%error, "a checked reply broke a rule");
            EvaluationFault::fail("The language model's evaluation could not be used.")
        })
    }

    /// Every opinion, where there was more than one reading.
    fn opinions(&self, all: &[Checked], standing: usize, beside: &Beside) -> Vec<Opinion> {
        if all.len() < 2 {
            return Vec::new();
        }
        let readings = all.iter().enumerate().map(|(at, checked)| Opinion {
            grader: self.grader(),
            scores: checked.scores,
            stands: at == standing,
        });
        let scores = beside.findings.scores;
        // Scores of an answer that it cannot read are no opinion.
        let beside =
            beside.has_read.then(|| Opinion { grader: offline::grader(), scores, stands: false });
        readings.chain(beside).collect()
    }

    fn grader(&self) -> Grader {
        Grader {
            kind: GraderKind::Model,
            name: self.llm.model().to_owned(),
            version: PROMPT_VERSION.to_owned(),
        }
    }
}

/// Feedback and suggestions: the model's, unless it is not to be believed, recites its orders or says
/// what the answer told it to say.
fn texts(standing: &Checked, findings: &Findings, answer: &str) -> (String, Vec<String>) {
    let claims = &standing.claims;
    let mistakes = claims.mistakes.iter().map(|mistake| &mistake.why_wrong);
    let mut said = claims.suggestions.iter().chain(mistakes).chain([&claims.feedback]);
    let recites = said.any(|text| prompt::recites(text) || recital::repeats(text, answer));
    if recites || standing.is_unsupported() {
        return (feedback(findings), suggestions(findings));
    }
    let suggested = claims.suggestions.clone();
    let suggested = if suggested.is_empty() { suggestions(findings) } else { suggested };
    (claims.feedback.clone(), suggested)
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
