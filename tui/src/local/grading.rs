//! The built-in grader without a server: for answers that belong to no interview.

use viva_proto::v1::Evaluation;
pub(crate) use viva_server::domain::question::{KeyPoint, Mistake, Rubric};
pub(crate) use viva_server::evaluation::proof::Shortfall;
use viva_server::{
    evaluation::{
        offline::{self, Standalone},
        proof,
    },
    grpc::convert,
    questions::bank::Bank,
};

/// Grades answers; those to the same question, one after the other, share the work on it.
#[derive(Default)]
pub(crate) struct Grading {
    latest: Option<Standalone>,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Graded {
    /// As the server would send it.
    pub(crate) evaluation: Evaluation,
    /// The mark as a whole, 0 to 1.
    pub(crate) overall: f64,
}

impl Grading {
    /// Grades an answer; none when the grader breaks its own rules.
    pub(crate) fn grade(
        &mut self,
        question: &str,
        rubric: &Rubric,
        answer: &str,
    ) -> Option<Graded> {
        let known = self.latest.take();
        let standalone = known
            .filter(|known| known.is_for(question, rubric))
            .unwrap_or_else(|| Standalone::new(question.to_owned(), rubric.clone()));
        let graded = self.latest.insert(standalone).grade(answer)?;
        let evaluation = match graded.assessment {
            Ok(assessment) => Evaluation {
                reference_answer: rubric.reference.clone(),
                ..convert::assessment(assessment)
            },
            Err(refusal) => convert::refusal(refusal),
        };
        Some(Graded { overall: graded.overall, evaluation })
    }
}

/// What the grader does not grade as it should among the bank's own texts, by topic and question.
pub(crate) fn shortfalls(bank: &Bank) -> Vec<Shortfall> {
    proof::of_bank(bank)
}

/// Whether the grader has learnt this point from examples.
pub(crate) fn knows(point: &str) -> bool {
    offline::knows(point)
}

/// The grader's name and version.
pub(crate) fn grader() -> (String, String) {
    let grader = offline::grader();
    (grader.name, grader.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rubric(reference: &str) -> Rubric {
        Rubric { reference: reference.into(), ..Rubric::default() }
    }

    #[test]
    fn what_is_shared_between_answers_changes_no_score() {
        let questions = [
            ("What is a mutex for?", "It lets one thread at a time enter a critical section."),
            ("What is a mutex for?", "It protects shared data from two writers."),
            ("What is TLS for?", "It protects shared data from two writers."),
        ];
        let answer = "Only one thread at a time may enter, which protects the data.";
        let mut shared = Grading::default();
        for _ in 0..2 {
            for (question, reference) in questions {
                let rubric = rubric(reference);
                let alone = Grading::default().grade(question, &rubric, answer);
                assert!(alone.is_some());
                assert_eq!(shared.grade(question, &rubric, answer), alone);
                assert_eq!(shared.grade(question, &rubric, answer), alone);
            }
        }
    }
}
