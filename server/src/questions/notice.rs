//! The notice for a person if the bank cannot serve an interview exactly as requested.

use super::{
    fit::Fits,
    select::{QuestionCandidate, QuestionRequest, levels_apart},
};
use crate::domain::interview::{Level, is_english};

/// The notice; empty if everything is as requested.
pub(super) fn notice(
    request: &QuestionRequest,
    fits: &Fits,
    chosen: &[QuestionCandidate],
) -> String {
    let mut sentences = of_fits(request, fits);
    let all = chosen.len();
    let inside: Vec<&QuestionCandidate> =
        chosen.iter().filter(|one| !one.rank.is_outside).collect();
    let outside = all - inside.len();
    if outside > 0 && fits.is_chosen {
        let come = some(outside, all, "comes", "come");
        sentences.push(format!(
            "The bank has too few questions on the chosen topics, so {come} from others."
        ));
    } else if outside > 0 {
        let come = some(outside, all, "comes", "come");
        sentences
            .push(format!("The bank has no more for this role, so {come} from other subjects."));
    }
    let is_far = |one: &&&QuestionCandidate| {
        // What the candidate wants again is asked at any level.
        !one.is_due && levels_apart(one.question.level, request.level) > 1
    };
    let far = inside.iter().filter(is_far);
    sentences.extend(far_levels(request.level, far.map(|one| one.question.level).collect(), all));
    sentences.extend(unwanted(inside.iter().filter(|one| one.is_unwanted()).count(), all));
    sentences.extend(come_again(inside.iter().filter(|one| one.is_repeat()).count(), all));
    sentences.extend(of_language(request));
    sentences.join(" ")
}

/// What the notice says whichever questions are chosen.
fn of_fits(request: &QuestionRequest, fits: &Fits) -> Vec<String> {
    let mut sentences = Vec::new();
    if !fits.missing.is_empty() {
        sentences.push(nothing_on(&fits.missing.join(", ")));
    }
    if fits.is_unknown {
        sentences.push(format!(
            "The question bank has nothing for the role {}: these are general software questions. A \
             language model would write its own.",
            request.role.trim()
        ));
    }
    if fits.is_advert_unknown {
        sentences.push("The job advert names no topic that the question bank has.".to_owned());
    }
    sentences
}

/// Says what the bank lacks.
pub(super) fn nothing_on(missing: &str) -> String {
    format!("The question bank has nothing on {missing}.")
}

/// Says that some questions are not wanted again, but nothing else fits.
pub(super) fn unwanted(count: usize, all: usize) -> Option<String> {
    let are = if count == 1 { "is a question" } else { "are questions" };
    (count > 0).then(|| {
        format!("Nothing else fits, so {count} of {all} {are} that you marked “not again”.")
    })
}

/// Says that some questions were asked before.
pub(super) fn come_again(count: usize, all: usize) -> Option<String> {
    let come = some(count, all, "comes", "come");
    (count > 0).then(|| format!("You have had all others that fit, so {come} again."))
}

/// Says that the bank is only in English, if another language is requested.
pub(super) fn of_language(request: &QuestionRequest) -> Option<String> {
    let told = "The question bank is in English; other languages need a language model.";
    (!is_english(request.language)).then(|| told.to_owned())
}

/// Says that some questions are two levels away or more.
fn far_levels(level: Level, mut far: Vec<Level>, all: usize) -> Option<String> {
    let count = far.len();
    far.sort_unstable();
    far.dedup();
    let levels: Vec<&str> = far.iter().map(|level| level.word()).collect();
    let are = some(count, all, "is", "are");
    (count > 0).then(|| {
        let level = level.word();
        format!(
            "The bank has no more near the level {level}, so {are} for the level {}.",
            levels.join(" and ")
        )
    })
}

/// "1 of 5 comes", "2 of 5 come".
pub(super) fn some(count: usize, all: usize, one: &str, many: &str) -> String {
    format!("{count} of {all} {}", if count == 1 { one } else { many })
}
