//! What `fuzz/` uses of this module.

use std::sync::OnceLock;

use super::{
    baseline::Baseline,
    check::{Checked, ReplyClaims},
    credit::{QuoteVerdict, award},
    explain,
    prompt::Reading,
    reply::Reply,
    texts, trial,
};
use crate::{
    domain::{
        evaluation::{Assessment, AssessmentParts, Grader, GraderKind, InvalidAssessment},
        provenance::Provenance,
    },
    evaluation::offline::OfflineEvaluator,
    llm::only_object,
    storage::queue::Job,
};

/// A reply's content as the evaluation of a known answer. The error is a rule that it breaks although
/// it passed every check; `None` if the reply is rejected.
pub fn evaluation(content: &str) -> Option<Result<Assessment, InvalidAssessment>> {
    let (job, baseline) = known()?;
    let reply: Reply = only_object(content, "scores").ok()?;
    let claims = ReplyClaims::of(&reply, Reading::First, job, baseline).ok()?;
    // The judge takes too long here, and what matters is what code makes of any verdict.
    let credit = claims.quoted.as_ref().map(|quoted| {
        let verdicts =
            [QuoteVerdict::Judged(0.9), QuoteVerdict::Untranslated, QuoteVerdict::ClaimsNothing]
                .into_iter()
                .cycle();
        let verdicts: Vec<QuoteVerdict> = verdicts.take(quoted.len()).collect();
        award(&job.rubric, &job.answer, quoted, &verdicts)
    });
    let checked = Checked::new(claims, credit, baseline);
    let findings = explain::findings(&checked, &baseline.findings);
    let (feedback, suggestions) = texts(&checked, &findings, &job.answer);
    let explanations = explain::explanations(&checked, &findings);
    let parts = AssessmentParts {
        scores: checked.scores,
        range: None,
        needs_review: checked.is_unverified,
        feedback,
        suggestions,
        key_points: checked.key_points,
        mistakes: findings.mistakes,
        explanations,
        grader: Grader { kind: GraderKind::Model, name: "model".into(), version: "1".into() },
        provenance: Provenance::default(),
    };
    Some(Assessment::check(parts, &job.answer))
}

/// The known answer, and what the built-in grader finds in it.
fn known() -> Option<&'static (Job, Baseline)> {
    static KNOWN: OnceLock<Option<(Job, Baseline)>> = OnceLock::new();
    let find = || {
        let job = trial::job();
        let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
        let baseline = runtime.block_on(Baseline::of(&job, &OfflineEvaluator::new())).ok()?;
        Some((job, baseline))
    };
    KNOWN.get_or_init(find).as_ref()
}
