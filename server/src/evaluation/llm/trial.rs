//! A trial: one evaluation of a known answer, to see whether a model can do the work and what an
//! evaluation costs. Nothing is stored.

use std::{sync::Arc, time::Duration};

use super::{
    baseline::Baseline,
    check::{Checked, ReplyClaims, floor},
    prompt::{Reading, ask},
    reply::Reply,
    translation::English,
    verification::Verification,
};
use crate::{
    domain::{
        clock::SystemClock,
        id::{AnswerId, UserId},
        interview::Level,
        provenance::Tokens,
        question::{KeyPoint, Rubric},
    },
    evaluation::offline::OfflineEvaluator,
    llm::{LlmClient, LlmSettings, ReplyForm, only_object},
    storage::queue::{Claim, Hold, Job},
};

/// The result of a trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The form of reply that the endpoint supports.
    pub form: ReplyForm,
    /// How long the call took.
    pub duration: Duration,
    /// What it cost, if the endpoint says so.
    pub tokens: Option<Tokens>,
    /// The mean of the four scores, which a fair grader puts between 6 and 9; or why the reply could
    /// not be used.
    pub verdict: Result<f64, String>,
}

/// Has the model evaluate a known answer. The error says why the model did not reply, in the
/// endpoint's own words, for the person who set it up.
pub async fn trial(settings: LlmSettings) -> Result<Trial, String> {
    let client = LlmClient::new(settings, Arc::new(SystemClock)).map_err(|e| e.to_string())?;
    let job = job();
    let completion = client.complete(&ask(&job, Reading::First)).await;
    let completion = completion.map_err(|fault| match client.said().trim() {
        "" => fault.to_string(),
        said => format!("{fault} The endpoint said: “{said}”"),
    })?;
    let verdict = match only_object::<Reply>(&completion.content, "scores") {
        Ok(reply) => verdict(&reply, &job).await,
        Err(fault) => Err(fault.to_string()),
    };
    let (form, duration, tokens) = (completion.form, completion.duration, completion.tokens);
    Ok(Trial { form, duration, tokens, verdict })
}

/// The mean of the scores after code has checked them.
async fn verdict(reply: &Reply, job: &Job) -> Result<f64, String> {
    let built_in = OfflineEvaluator::new();
    let stopped = |fault| format!("{fault:?}");
    let baseline = Baseline::of(job, &built_in).await.map_err(stopped)?;
    let claims = ReplyClaims::of(reply, Reading::First, job, &baseline);
    let claims = claims.map_err(|unusable| format!("It replied, but {unusable}."))?;
    let credit = match &claims.quoted {
        None => None,
        Some(quoted) => {
            let verification = Verification::new(job, quoted, &built_in).await.map_err(stopped)?;
            let credit = verification.credit(&built_in, &baseline, &English::new()).await;
            Some(credit.map_err(stopped)?)
        }
    };
    let checked = Checked::new(claims, credit, &baseline);
    if checked.is_unsupported() {
        return Err("It replied, but none of its quotes shows what it credits.".to_owned());
    }
    Ok(floor(checked.scores.mean()))
}

pub(super) fn job() -> Job {
    let point = |text: &str, weight| KeyPoint { point: text.to_owned(), weight, phrasings: vec![] };
    Job {
        claim: Claim { answer_id: AnswerId::new(0), fence: 0 },
        attempt: 1,
        interview_id: None,
        followed: None,
        user_id: UserId::new(0),
        role: String::new(),
        level: Level::Mid,
        language: "en".to_owned(),
        question: "What is a database index and what does it cost?".to_owned(),
        rubric: Rubric {
            reference: "An index is a separate sorted structure, usually a B-tree, that leads from \
                        column values to rows, so that a query need not scan the whole table. Its \
                        price is disk space and slower writes, because each write must update it."
                .to_owned(),
            key_points: vec![
                point("An index finds rows without scanning the whole table.", 5.0),
                point("Every write must also update the index, which slows writes.", 3.0),
                point("An index takes disk space.", 2.0),
            ],
            mistakes: vec![],
        },
        answer: "An index is a sorted side structure, usually a B-tree, so the engine can find rows \
                 without scanning the whole table. It makes reads faster, but every write must also \
                 update the index, and it takes disk space."
            .to_owned(),
        hold: Hold::default(),
    }
}
