//! Readings: an answer taken apart and compared with every statement of the rubric.

use super::units::{Span, Units, sentence_spans};
use crate::alignment::recall;
use crate::answer::Answer;
use crate::passage::Passage;
use crate::prepared::Prepared;
use std::collections::HashSet;
use std::ops::Range;

/// An answer as the rubric sees it.
pub(crate) struct Reading<'a> {
    pub(crate) answer: &'a Answer<'a>,
    /// Every sentence, for what only looks at the form.
    pub(crate) all_sentences: Vec<Span>,
    /// The sentences, clauses and windows that may earn credit, each once and in this order.
    pub(crate) units: Vec<Unit>,
    /// The first of the units are the sentences.
    sentence_count: usize,
    /// All those sentences together.
    pub(crate) whole: Passage,
    /// How well the whole says each word of the rubric.
    pub(crate) reach: Vec<f32>,
    /// For every term of the whole how well some true statement says it.
    pub(crate) on_topic: Vec<f64>,
}

/// Part of an answer, compared with every statement of the rubric.
pub(crate) struct Unit {
    pub(crate) span: Span,
    pub(crate) is_window: bool,
    pub(crate) passage: Passage,
    /// How well its words say each word of the rubric.
    pub(crate) reach: Vec<f32>,
    /// For every statement, how much of the unit it says.
    pub(crate) precision: Vec<f64>,
    /// For every statement, how much each says of the other: 2 where both say the same.
    pub(crate) agreement: Vec<f64>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(prepared: &'a Prepared, answer: &'a Answer<'a>) -> Self {
        let (text, tokens) = (&answer.folded.text, &answer.tokens);
        let spans = Units::new(text, tokens, &answer.lexicon, &prepared.question);
        let comparison = Comparison::new(prepared, answer);
        let of_sentences = spans.sentences.iter().flat_map(|span| span.tokens.clone());
        let whole = comparison.passage(of_sentences);
        Self {
            answer,
            all_sentences: sentence_spans(text, tokens),
            sentence_count: spans.sentences.len(),
            units: comparison.units(&spans),
            reach: answer.alignment.reach(whole.terms.iter().map(|term| term.slot)),
            on_topic: comparison.on_topic(&whole),
            whole,
        }
    }

    /// The sentences that may earn credit.
    pub(crate) fn sentences(&self) -> &[Unit] {
        &self.units[..self.sentence_count]
    }

    /// The units that say enough to be compared with a statement, and their places.
    pub(crate) fn comparable(&self) -> impl Iterator<Item = (usize, &Unit)> {
        self.units.iter().enumerate().filter(|(_, unit)| unit.passage.terms.len() >= 2)
    }

    /// Where a unit stands in the answer as it was given.
    pub(crate) fn place(&self, unit: usize) -> Range<usize> {
        self.answer.folded.original(self.units[unit].span.bytes.clone())
    }
}

/// Compares parts of an answer with the statements of the rubric.
struct Comparison<'a> {
    prepared: &'a Prepared,
    answer: &'a Answer<'a>,
    /// For every word of the answer and every statement how well the statement says the word.
    said_by: Vec<f32>,
}

impl<'a> Comparison<'a> {
    fn new(prepared: &'a Prepared, answer: &'a Answer<'a>) -> Self {
        let slots = 0..answer.lexicon.alignable().len();
        let statements = || prepared.statements.iter();
        let said_by = slots
            .flat_map(|slot| statements().map(move |statement| (slot, statement)))
            .map(|(slot, statement)| answer.alignment.best_in(slot, &statement.terms))
            .collect();
        Self { prepared, answer, said_by }
    }

    fn passage(&self, tokens: impl Iterator<Item = usize>) -> Passage {
        let words = tokens.map(|token| self.answer.tokens[token].word);
        Passage::new(words, &self.answer.lexicon, &self.prepared.question)
    }

    fn units(&self, spans: &Units) -> Vec<Unit> {
        let windows = spans.windows();
        let of_text = spans.sentences.iter().chain(&spans.clauses).map(|span| (span, false));
        let all = of_text.chain(windows.iter().map(|span| (span, true)));
        let mut seen = HashSet::new();
        all.filter(|(span, _)| seen.insert(span.bytes.clone()))
            .map(|(span, is_window)| self.unit(span, is_window))
            .collect()
    }

    fn unit(&self, span: &Span, is_window: bool) -> Unit {
        let passage = self.passage(span.tokens.clone());
        let reach = self.answer.alignment.reach(passage.terms.iter().map(|term| term.slot));
        let precision = self.precision(&passage);
        let recalls = self.prepared.statements.iter().map(|statement| recall(statement, &reach));
        let agreement = recalls.zip(&precision).map(|(recall, precision)| recall + precision);
        let agreement = agreement.collect();
        Unit { span: span.clone(), is_window, passage, reach, precision, agreement }
    }

    /// For every statement of the rubric how much of the passage it says.
    fn precision(&self, passage: &Passage) -> Vec<f64> {
        let statements = self.prepared.statements.len();
        let mut said = vec![0.0; statements];
        for term in &passage.terms {
            let row = &self.said_by[term.slot * statements..][..statements];
            for (said, value) in said.iter_mut().zip(row) {
                *said += f64::from(*value) * term.weight;
            }
        }
        let total = passage.total.max(1e-9);
        said.into_iter().map(|said| said / total).collect()
    }

    fn on_topic(&self, whole: &Passage) -> Vec<f64> {
        let truth = &self.prepared.truth.passage.terms;
        let best = |slot| f64::from(self.answer.alignment.best_in(slot, truth));
        whole.terms.iter().map(|term| best(term.slot)).collect()
    }
}
