//! The door to this module for `fuzz/`.

use std::sync::OnceLock;

use super::{
    beside::Beside,
    check::{Checked, Claims},
    credit::{Word, weigh},
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

/// What becomes of a reply's content as the evaluation of a known answer; the error is a rule that it
/// breaks although it has passed every check. None: it is refused.
pub fn evaluation(content: &str) -> Option<Result<Assessment, InvalidAssessment>> {
    let (job, beside) = known()?;
    let reply: Reply = only_object(content, "scores").ok()?;
    let claims = Claims::of(&reply, Reading::First, job, beside).ok()?;
    // The judge's word takes too long here; what is made of any word is what is looked at.
    let heard = claims.quoted.as_ref().map(|quoted| {
        let words = [Word::Judged(0.9), Word::Unread, Word::Nothing].into_iter().cycle();
        let words: Vec<Word> = words.take(quoted.len()).collect();
        weigh(&job.rubric, &job.answer, quoted, &words)
    });
    let checked = Checked::new(claims, heard, beside);
    let findings = explain::findings(&checked, &beside.findings);
    let (feedback, suggestions) = texts(&checked, &findings, &job.answer);
    let explanations = explain::explanations(&checked, &findings);
    let parts = AssessmentParts {
        scores: checked.scores,
        range: None,
        needs_review: checked.is_unverified,
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
fn known() -> Option<&'static (Job, Beside)> {
    static KNOWN: OnceLock<Option<(Job, Beside)>> = OnceLock::new();
    let find = || {
        let job = trial::job();
        let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
        let beside = runtime.block_on(Beside::of(&job, &OfflineEvaluator::new())).ok()?;
        Some((job, beside))
    };
    KNOWN.get_or_init(find).as_ref()
}
