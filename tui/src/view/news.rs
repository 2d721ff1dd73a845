//! What is going on with answers that wait after a fault: those that the same was wrong with are
//! told together, so that one endpoint that is down is one message and not five.

use crate::{
    evaluation::waiting::Waiting,
    keys::{self, Action},
    model::{
        Model, Screen,
        open::{Open, Standing},
    },
    text, words,
};

/// Questions whose answers wait after the same fault.
struct Group {
    /// Their numbers, from 1 on.
    questions: Vec<usize>,
    fault: String,
    /// Of the one that is tried again first.
    next: Waiting,
}

/// Everything that is to be told now, a text for each fault; nothing while all goes well.
pub(crate) fn texts(model: &Model, open: &Open) -> Vec<String> {
    let groups = groups(model, open);
    groups.iter().map(|group| group.sentence(&name(model, open, &group.questions))).collect()
}

/// The same where there is room for a line each: who waits, and where it says why.
pub(crate) fn short_texts(model: &Model, open: &Open) -> Vec<String> {
    let short = |group: &Group| {
        let waits = if group.questions.len() == 1 { "waits" } else { "wait" };
        let name = name(model, open, &group.questions);
        format!("{name} {waits}: {}; the report says why.", group.status())
    };
    groups(model, open).iter().map(short).collect()
}

/// Why the evaluation of the question at `at` failed, what is safe, and the key that asks for it
/// again; none unless it failed.
pub(crate) fn failure(model: &Model, open: &Open, at: usize) -> Option<[String; 2]> {
    let slot = open.questions().get(at)?;
    let Standing::Failed(evaluation) = open.standing(slot, &model.journal) else {
        return None;
    };
    let reason = text::sentence(&evaluation.failure_reason);
    if words::is_refused(evaluation) {
        return Some([
            format!("No score: {reason}"),
            "The answer itself is safe. You can answer again.".to_owned(),
        ]);
    }
    let key = keys::label(model.context_below(), Action::Retry);
    Some([
        format!("This answer could not be evaluated: {reason}"),
        format!("The answer itself is safe. {key} asks for its evaluation again."),
    ])
}

fn groups(model: &Model, open: &Open) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, slot) in open.questions().iter().enumerate() {
        let Standing::Pending(answer, _) = open.standing(slot, &model.journal) else { continue };
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

    /// Which attempt comes when; of several, only when.
    fn status(&self) -> String {
        if self.questions.len() == 1 {
            self.next.status()
        } else {
            format!("next attempt {}", self.next.when())
        }
    }
}

/// `Question 2`; away from the interview, with what it is for.
fn name(model: &Model, open: &Open, questions: &[usize]) -> String {
    let noun = if questions.len() == 1 { "uestion" } else { "uestions" };
    let numbers = words::enumerated(questions);
    match (&open.report, model.screen) {
        (Some(report), Screen::Dashboard | Screen::NewInterview) => {
            format!("{}, q{noun} {numbers}", text::neutral_line(&report.role))
        }
        _ => format!("Q{noun} {numbers}"),
    }
}
