//! The text of a follow-up, from the bank: a point is asked for by one of its own prompts, a false claim
//! by quoting it.

use super::bank::Bank;
use crate::domain::{
    follow_up::{FollowedQuestion, Probe, Target},
    question::{KeyPoint, Rubric},
};

/// The most characters of an answer that a follow-up quotes.
const MOST_QUOTED: usize = 200;

/// A follow-up as it is asked, and what answers to it are graded against.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUp {
    /// What is asked.
    pub text: String,
    /// The words of the answer that it asks about, verbatim; may be empty.
    pub quote: String,
    /// What answers to it are graded against.
    pub rubric: Rubric,
}

impl Bank {
    /// The follow-up to a question that asks about the first of these probes.
    pub fn follow_up(&self, followed: &FollowedQuestion, probes: &[Probe]) -> Option<FollowUp> {
        let probe = probes.first()?;
        let quote = probe.quote.clone();
        let lead = lead(&quote);
        let asked = |question: &str| format!("{lead}{question}");
        let Target::Point(point) = &probe.target else {
            let text = asked("Is that so in every case? Say when it does not hold, and why.");
            return Some(FollowUp { text, quote, rubric: probe.rubric() });
        };
        if let Some(prompt) = self.prompt(followed, point) {
            return Some(FollowUp { text: asked(prompt), quote, rubric: probe.rubric() });
        }
        // No prompt asks for that point alone, so the follow-up asks for everything that the answer
        // lacks.
        let text = self.weak_follow_up(followed).map_or_else(
            || asked("Your answer leaves out something that matters. What else belongs to it?"),
            asked,
        );
        Some(FollowUp { text, quote, rubric: open_rubric(probes) })
    }

    /// A prompt for this point alone, if possible one that was not asked yet.
    fn prompt(&self, followed: &FollowedQuestion, point: &KeyPoint) -> Option<&str> {
        let prompts = self.prompts(point);
        let is_new = |prompt: &&String| !was_asked(followed, prompt);
        prompts.iter().find(is_new).or(prompts.first()).map(String::as_str)
    }

    /// What the bank asks after a weak answer to the question, unless it was asked already.
    fn weak_follow_up(&self, followed: &FollowedQuestion) -> Option<&str> {
        let id = followed.bank_id.as_deref()?;
        let (_, question) = self.questions().find(|(_, question)| question.id == id)?;
        let weak = question.follow_ups.as_ref().map(|follow_ups| follow_ups.weak.as_str())?;
        (!was_asked(followed, weak)).then_some(weak)
    }
}

fn was_asked(followed: &FollowedQuestion, words: &str) -> bool {
    followed.text.contains(words) || followed.follow_ups.iter().any(|one| one.text.contains(words))
}

/// The words before the question, if it asks about words of the answer.
fn lead(quote: &str) -> String {
    let mut words = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return String::new();
    }
    if words.chars().count() > MOST_QUOTED {
        words = words.chars().take(MOST_QUOTED).collect();
        // Not in the middle of a word.
        words.truncate(words.rfind(' ').unwrap_or(words.len()));
        words.push('…');
    }
    format!("You said: “{words}” ")
}

/// All points that the answer lacks, with the mistakes of the question.
fn open_rubric(probes: &[Probe]) -> Rubric {
    let key_points: Vec<KeyPoint> = probes.iter().map(Probe::point).collect();
    let points: Vec<&str> = key_points.iter().map(|point| point.point.as_str()).collect();
    Rubric {
        reference: points.join(" "),
        mistakes: probes.first().map(|probe| probe.mistakes.clone()).unwrap_or_default(),
        key_points,
    }
}

#[cfg(test)]
mod tests;
