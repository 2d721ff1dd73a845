//! The built-in grader of Viva: text in, scores and evidence out.
//!
//! An answer passes through these stages, in order (`stages::assess`):
//!
//! 1. *read* (`stages::read`): look-alikes become plain letters and the answer becomes sentences
//!    (`answer` with `text`); a small encoder (`judge`) reads them with the question and points and
//!    says, for each point and sentence, whether the sentence makes the point or contradicts it;
//! 2. *find points* (`stages::find_points`): which points are made and which are contradicted, and
//!    (`stages::quotes`) by which words;
//! 3. *find mistakes* (`stages::find_mistakes`): which mistakes of the rubric are made, and by
//!    which words;
//! 4. *guard* (`stages::guard`): whether the answer is refused, because a score would be made up;
//! 5. *score* (`stages::score` with `style`): the overall mark, the four scores, and how certain
//!    they are.
//!
//! `prepare` does once per question what does not depend on the answer. Nothing needs a network,
//! files or a clock, and the same answer is graded the same way every time, on every processor.
//!
//! It recognises what an answer says, from what its judge saw in training. It does not know what is
//! true in the world, and cannot follow an argument, run code or check arithmetic.
//!
//! ```
//! use viva_grader::{Grader, KeyPoint, Rubric};
//!
//! let rubric = Rubric {
//!     question: "What is a mutex for?".into(),
//!     reference: "A mutex lets one thread at a time enter a critical section.".into(),
//!     key_points: vec![KeyPoint {
//!         point: "Only one thread at a time may hold the mutex".into(),
//!         weight: 1.0,
//!         phrasings: vec!["It gives exclusive access to shared data".into()],
//!     }],
//!     mistakes: vec![],
//! };
//! let grader = Grader::builtin();
//! let prepared = grader.prepare(&rubric);
//! let answer = "It gives exclusive access to shared data.";
//! let assessment = grader.assess(&prepared, answer);
//! assert_eq!(assessment.points[0].evidence, Some(0..answer.len()));
//! ```

mod answer;
mod assessment;
mod judge;
mod prepare;
mod rubric;
mod stages;
mod text;
mod topic;

pub use assessment::{
    Assessment, Dimensions, MistakeGrade, PointGrade, PointState, Refusal, Style,
};
pub use prepare::{Prepared, PreparedPoint};
pub use rubric::{KeyPoint, Mistake, Rubric};
pub use topic::Topic;

use answer::Answer;
use judge::Judge;
use stages::Coefficients;
use std::sync::Arc;

/// This grader's name, wherever grades from several graders are shown together.
pub const NAME: &str = "viva-offline";

/// The version of the grading. It changes whenever any answer could score differently.
pub const VERSION: &str = "3.3";

/// The grader. There is only one.
#[derive(Debug)]
pub struct Grader(());

impl Grader {
    /// The grader with the weights compiled into this crate; the first call loads them.
    pub fn builtin() -> &'static Self {
        static GRADER: Grader = Grader(());
        Judge::builtin();
        Coefficients::builtin();
        &GRADER
    }

    /// Does the part of the work that depends only on the question.
    pub fn prepare(&self, rubric: &Rubric) -> Prepared {
        Prepared::new(rubric)
    }

    /// Reads the questions of a topic, so that an answer to another of them is recognised.
    pub fn topic(&self, rubrics: &[Rubric]) -> Topic {
        Topic::new(rubrics)
    }

    /// Prepares the question of a topic with this number, from 0. An answer that is plainly for
    /// another question of the topic is refused.
    pub fn prepare_in(&self, rubric: &Rubric, topic: &Arc<Topic>, number: usize) -> Prepared {
        Prepared { topic: Some((Arc::clone(topic), number)), ..Prepared::new(rubric) }
    }

    /// Assesses an answer against a rubric.
    pub fn assess(&self, prepared: &Prepared, answer: &str) -> Assessment {
        stages::assess(prepared, &Answer::new(answer))
    }

    /// The probability, 0 to 1, that each passage, read on its own, makes the point with that
    /// zero-based index; 0 if the rubric has no such point.
    pub fn shows(&self, prepared: &Prepared, passages: &[(usize, &str)]) -> Vec<f64> {
        passages
            .iter()
            .map(|(point, passage)| stages::shows(prepared, *point, &Answer::new(passage)))
            .collect()
    }

    /// Whether the grader was trained on this point in these words, ignoring punctuation and case.
    /// It judges other points too, with less certainty.
    pub fn knows(&self, point: &str) -> bool {
        Judge::builtin().knows(point)
    }

    /// Whether the grader can read this text, that is, whether it is mostly English.
    pub fn reads(&self, text: &str) -> bool {
        !stages::is_foreign(&Answer::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prepared_rubrics_and_assessments_can_go_to_other_threads() {
        fn can_be_shared<T: Send + Sync + 'static>() {}
        can_be_shared::<Prepared>();
        can_be_shared::<Assessment>();
    }
}
