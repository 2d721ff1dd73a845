//! The changes to undo and redo: a word, or the text typed between two pauses, or a replacement in
//! one step.

use std::mem;

/// The most steps that are kept.
const MOST: usize = 1_000;

/// A change of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// Where it begins.
    pub(super) at: usize,
    /// The old text.
    pub(super) removed: String,
    /// The new text.
    pub(super) inserted: String,
}

/// The kind of a change: only changes of the same kind are joined in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A character was typed.
    Typed,
    /// A character was deleted.
    Deleted,
    /// Anything else, which is always a separate step.
    Whole,
}

/// The changes so far.
#[derive(Debug, Default)]
pub(super) struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// The kind of the last change, if more of the same kind join it.
    open: Option<Way>,
}

impl History {
    /// Adds a change.
    pub(super) fn record(&mut self, step: Step, way: Way) {
        self.undone.clear();
        let is_same = self.open == Some(way);
        self.open = (way != Way::Whole).then_some(way);
        if let Some(last) = self.done.last_mut().filter(|_| is_same)
            && join(last, &step, way)
        {
            return;
        }
        if self.done.len() == MOST {
            self.done.remove(0);
        }
        self.done.push(step);
    }

    /// Makes the next change start a new step.
    pub(super) fn close_step(&mut self) {
        self.open = None;
    }

    /// Takes the change to undo, reversed.
    pub(super) fn undo(&mut self) -> Option<Step> {
        self.open = None;
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        Some(Step { inserted: step.removed, removed: step.inserted, ..step })
    }

    /// Takes the change to redo.
    pub(super) fn redo(&mut self) -> Option<Step> {
        self.open = None;
        let step = self.undone.pop()?;
        self.done.push(step.clone());
        Some(step)
    }
}

/// Joins `step` to the step before, if both belong to one word.
fn join(last: &mut Step, step: &Step, way: Way) -> bool {
    match way {
        Way::Whole => false,
        Way::Typed => {
            let follows = step.removed.is_empty() && last.at + last.inserted.len() == step.at;
            let is_next_word = ends_a_word(&last.inserted) && !ends_a_word(&step.inserted);
            let joins = follows && !is_next_word;
            if joins {
                last.inserted.push_str(&step.inserted);
            }
            joins
        }
        Way::Deleted if step.at == last.at => {
            let joins = !begins_a_word(&last.removed, &step.removed);
            if joins {
                last.removed.push_str(&step.removed);
            }
            joins
        }
        Way::Deleted => {
            let follows = step.at + step.removed.len() == last.at;
            let is_next_word =
                last.removed.starts_with(char::is_whitespace) && !ends_a_word(&step.removed);
            let joins = follows && !is_next_word;
            if joins {
                let after = mem::replace(&mut last.removed, step.removed.clone());
                last.removed.push_str(&after);
                last.at = step.at;
            }
            joins
        }
    }
}

fn ends_a_word(text: &str) -> bool {
    text.ends_with(char::is_whitespace)
}

fn begins_a_word(before: &str, text: &str) -> bool {
    ends_a_word(before) && !text.starts_with(char::is_whitespace)
}
