//! The built-in grader without a server, for answers outside interviews.

use std::sync::atomic::AtomicUsize;

use viva_proto::v1::Evaluation;
pub(crate) use viva_server::domain::question::{KeyPoint, Mistake, Rubric};
pub(crate) use viva_server::evaluation::rubric_check::Graded as GradedBank;
use viva_server::{
    evaluation::{
        offline::{self, Standalone},
        rubric_check,
    },
    grpc::convert,
    questions::bank::Bank,
};

/// Grades answers; consecutive answers to one question share the work on the question.
#[derive(Default)]
pub(crate) struct Grading {
    latest: Option<Standalone>,
}

/// The result for an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Graded {
    /// As the server would send it.
    pub(crate) evaluation: Evaluation,
    /// The overall mark, 0 to 1.
    pub(crate) overall: f64,
}

impl Grading {
    /// Grades an answer; `None` if the grader breaks its own rules.
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
            Err(declined) => convert::declined(declined),
        };
        Some(Graded { overall: graded.overall, evaluation })
    }
}

/// Grades the bank's own texts; `done` counts the questions.
pub(crate) fn bank(bank: &Bank, done: &AtomicUsize) -> GradedBank {
    rubric_check::of_bank(bank, done)
}

/// Whether the grader was trained on this point.
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
    fn sharing_work_between_answers_changes_no_score() {
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
