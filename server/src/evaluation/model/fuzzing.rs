//! The door to this module for `fuzz/`.

use std::sync::OnceLock;

use super::{check::check, explain, prompt::Reading, reply::Reply, texts, trial};
use crate::{
    domain::{
        evaluation::{Assessment, AssessmentParts, Grader, GraderKind, InvalidAssessment},
        provenance::Provenance,
    },
    evaluation::{explain::Findings, offline::OfflineEvaluator},
    llm::only_object,
    storage::queue::Job,
};

/// What becomes of a reply's content as the evaluation of a known answer; the error is a rule that it
/// breaks although it has passed every check. None: it is refused.
pub fn evaluation(content: &str) -> Option<Result<Assessment, InvalidAssessment>> {
    let (job, built_in) = known()?;
    let reply: Reply = only_object(content, "scores").ok()?;
    let checked = check(&reply, Reading::First, job, built_in).ok()?;
    let findings = explain::findings(&checked, built_in);
    let (feedback, suggestions) = texts(&checked, &findings);
    let explanations = explain::explanations(&checked, &findings);
    let parts = AssessmentParts {
        scores: checked.scores,
        feedback,
        suggestions,
        key_points: checked.key_points,
        explanations,
        grader: Grader { kind: GraderKind::Model, name: "model".into(), version: "1".into() },
        provenance: Provenance::default(),
    };
    Some(Assessment::check(parts, &job.answer))
}

/// The known answer, and what the built-in grader finds of it.
fn known() -> Option<&'static (Job, Findings)> {
    static KNOWN: OnceLock<Option<(Job, Findings)>> = OnceLock::new();
    let find = || {
        let job = trial::job();
        let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
        let findings = runtime.block_on(OfflineEvaluator::new().findings(&job)).ok()?;
        Some((job, findings))
    };
    KNOWN.get_or_init(find).as_ref()
}
