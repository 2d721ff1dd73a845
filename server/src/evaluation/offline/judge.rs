//! The built-in grader's judge for other graders: whether passages make points, and whether it can
//! read a text. Like grading, it waits for a processor and runs off the threads that answer calls.

use std::sync::Arc;

use viva_grader::Grader as BuiltIn;

use super::OfflineEvaluator;
use crate::{domain::question::Rubric, evaluation::EvaluationFault};

impl OfflineEvaluator {
    /// The probability that each passage, read alone, makes the rubric's point with that number,
    /// from 0.
    pub(in crate::evaluation) async fn shows(
        &self,
        question: &str,
        rubric: &Rubric,
        pairs: Vec<(usize, String)>,
    ) -> Result<Vec<f64>, EvaluationFault> {
        let cache = Arc::clone(&self.prepared);
        let (question, rubric) = (question.to_owned(), rubric.clone());
        self.in_turn(move || {
            let prepared = cache.prepared(&question, &rubric);
            let pairs: Vec<_> = pairs.iter().map(|(point, text)| (*point, text.as_str())).collect();
            BuiltIn::builtin().shows(&prepared, &pairs)
        })
        .await
    }

    /// Whether each text is in the language that the judge reads.
    pub(in crate::evaluation) async fn reads(
        &self,
        texts: Vec<String>,
    ) -> Result<Vec<bool>, EvaluationFault> {
        let read = move || texts.iter().map(|text| BuiltIn::builtin().reads(text)).collect();
        self.in_turn(read).await
    }
}
