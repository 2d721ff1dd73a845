//! News of answers that wait after a fault. Those with the same fault share a message, so that one
//! endpoint that is down gives one message instead of five.

use crate::{
    evaluation::waiting::Waiting,
    keys::{self, Action},
    model::{
        Model, Screen,
        open::{OpenInterview, Standing},
    },
    text, words,
};

/// Questions whose answers wait after the same fault.
struct Group {
    /// Their numbers, from 1.
    questions: Vec<usize>,
    fault: String,
    /// The status of the one that is retried first.
    next: Waiting,
}

/// All news, a text for each fault; empty while all goes well.
pub(crate) fn texts(model: &Model, open: &OpenInterview) -> Vec<String> {
    let groups = groups(model, open);
    groups.iter().map(|group| group.sentence(&name(model, open, &group.questions))).collect()
}

/// The news in a line each: which questions wait, and where to read why.
pub(crate) fn short_texts(model: &Model, open: &OpenInterview) -> Vec<String> {
    let short = |group: &Group| {
        let waits = if group.questions.len() == 1 { "waits" } else { "wait" };
        let name = name(model, open, &group.questions);
        format!("{name} {waits}: {}; the report says why.", group.status())
    };
    groups(model, open).iter().map(short).collect()
}

/// Why the evaluation of the question at `at` failed, what is safe, and the key that requests it
/// again; `None` unless it failed.
pub(crate) fn failure(model: &Model, open: &OpenInterview, at: usize) -> Option<[String; 2]> {
    let slot = open.questions().get(at)?;
    let Standing::Failed(evaluation) = open.standing(slot, &model.drafts) else {
        return None;
    };
    let reason = text::sentence(&evaluation.failure_reason);
    if words::is_refused(evaluation) {
        return Some([
            format!("No score: {reason}"),
            "Your answer is safe. You can answer again.".to_owned(),
        ]);
    }
    let key = keys::label(model.context_below(), Action::Retry);
    Some([
        format!("This answer could not be evaluated: {reason}"),
        format!("Your answer is safe. {key} evaluates it again."),
    ])
}

fn groups(model: &Model, open: &OpenInterview) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, slot) in open.questions().iter().enumerate() {
        let Standing::Pending(answer, _) = open.standing(slot, &model.drafts) else { continue };
        let Some(waiting) = open.waiting(answer, model.now) else { continue };
        let Some(fault) = waiting.fault.clone() else { continue };
        match groups.iter_mut().find(|group| group.fault == fault) {
            Some(group) => {
                group.questions.push(at + 1);
                if waiting.due_in < group.next.due_in {
                    group.next = waiting;
                }
            }
            None => groups.push(Group { questions: vec![at + 1], fault, next: waiting }),
        }
    }
    groups
}

impl Group {
    fn sentence(&self, name: &str) -> String {
        let safe = if self.questions.len() == 1 { "answer is" } else { "answers are" };
        format!("{name}: {} Your {safe} safe; {}.", self.fault, self.status())
    }

    /// When the next attempt is; for a single question, also which attempt.
    fn status(&self) -> String {
        if self.questions.len() == 1 {
            self.next.status()
        } else {
            format!("next attempt {}", self.next.when())
        }
    }
}

/// `Question 2`; outside the interview, with its role.
fn name(model: &Model, open: &OpenInterview, questions: &[usize]) -> String {
    let noun = if questions.len() == 1 { "uestion" } else { "uestions" };
    let numbers = words::enumerated(questions);
    match (&open.report, model.screen) {
        (Some(report), Screen::Dashboard | Screen::NewInterview) => {
            format!("{}, q{noun} {numbers}", text::neutral_line(&report.role))
        }
        _ => format!("Q{noun} {numbers}"),
    }
}
