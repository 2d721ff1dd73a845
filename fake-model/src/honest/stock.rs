//! The questions that the honest model knows, in two files to keep each small.

mod people;
mod systems;

/// A question with the rubric for its answers.
#[derive(Debug)]
pub(super) struct Entry {
    /// The topic's name as the question bank spells it.
    pub(super) topic: &'static str,
    /// Lower-case words; the question is about any topic or role that contains one of them.
    about: &'static [&'static str],
    /// The level it is meant for: junior, mid, senior or staff.
    pub(super) level: &'static str,
    /// Whether it makes sense in the context of any topic.
    pub(super) general: bool,
    /// One question, of one or two sentences.
    pub(super) question: &'static str,
    /// What a strong candidate says.
    pub(super) reference: &'static str,
    /// Weights and whole sentences; the reference makes all of these points.
    pub(super) points: &'static [(u8, &'static str)],
}

/// The number of entries.
const SIZE: usize = systems::ENTRIES.len() + people::ENTRIES.len();

/// All entries. Neighbours differ in topic, so that a set without a topic is mixed.
pub(super) static STOCK: [&Entry; SIZE] = stock();

impl Entry {
    /// Whether it is about a topic or role, given in lower case.
    pub(super) fn is_about(&self, subject: &str) -> bool {
        self.about.iter().any(|word| subject.contains(word))
    }
}

const fn stock() -> [&'static Entry; SIZE] {
    let mut all = [&systems::ENTRIES[0]; SIZE];
    let mut at = 0;
    while at < SIZE {
        let half = systems::ENTRIES.len();
        all[at] = if at < half { &systems::ENTRIES[at] } else { &people::ENTRIES[at - half] };
        at += 1;
    }
    all
}
