//! Topics: the questions that an answer may be meant for instead.
//!
//! Answers to two questions of one topic sound alike, and the judge, which reads only one question
//! with its points, may find a point in either. The words of all questions of the topic tell them
//! apart: most of what an answer says is in the words of its own question.

use crate::{
    judge::Judge,
    rubric::Rubric,
    text::{fold::fold, words::Words},
};
use std::collections::HashMap;

// An answer is for another question if that fits it `TIMES` as well as its own question, and by
// `MARGIN` better: about as much as four words that only the other question has. The more the judge
// finds of the own question's points, the more words are needed: `JUDGED` more if it finds all. The
// other question also has to fit by `APART` better than any third one, since a general answer fits
// several questions a little. training/README.md says how these were chosen.
const TIMES: f64 = 1.2;
const MARGIN: f64 = 3.5;
const JUDGED: f64 = 5.0;
const APART: f64 = 4.0;

/// The questions of a topic, by the words of their rubrics.
#[derive(Debug)]
pub struct Topic {
    /// For each informative word, the questions that have it.
    questions_with: HashMap<String, Vec<usize>>,
    questions: usize,
}

impl Topic {
    pub(crate) fn new(rubrics: &[Rubric]) -> Self {
        let mut questions_with: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, rubric) in rubrics.iter().enumerate() {
            let words = Judge::builtin().words(&fold(&texts(rubric)));
            for stem in words.stems() {
                questions_with.entry(stem.to_owned()).or_default().push(number);
            }
        }
        Self { questions_with, questions: rubrics.len() }
    }

    /// The number of the question that an answer fits far better than the question `own`, of which
    /// the judge found this share, 0 to 1.
    pub(crate) fn answered_instead(
        &self,
        own: usize,
        covered: f64,
        answer: &Words,
    ) -> Option<usize> {
        let fits = self.fits(answer);
        let own_fit = *fits.get(own)?;
        let mut others: Vec<usize> = (0..fits.len()).filter(|number| *number != own).collect();
        others.sort_by(|a, b| fits[*b].total_cmp(&fits[*a]).then(a.cmp(b)));
        let best = *others.first()?;
        let third = others.get(1).map_or(0.0, |number| fits[*number]);
        let least = (TIMES * own_fit + MARGIN + JUDGED * covered).max(third + APART);
        (fits[best] > least).then_some(best)
    }

    /// For each question, the answer's words that it has. Each counts by the share of the questions
    /// that do not have it.
    fn fits(&self, answer: &Words) -> Vec<f64> {
        let mut fits = vec![0.0; self.questions];
        for stem in answer.stems() {
            let with = self.questions_with.get(stem).map_or(&[][..], Vec::as_slice);
            let weight = 1.0 - with.len() as f64 / self.questions as f64;
            for number in with {
                fits[*number] += weight;
            }
        }
        fits
    }
}

/// Everything that a rubric says about right answers, as one text.
fn texts(rubric: &Rubric) -> String {
    let points = rubric.key_points.iter();
    let points = points.flat_map(|point| [&point.point].into_iter().chain(&point.phrasings));
    let texts = [&rubric.question, &rubric.reference].into_iter().chain(points);
    texts.map(String::as_str).collect::<Vec<_>>().join("\n")
}
