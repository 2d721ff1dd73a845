//! The built-in grader of Viva: text in, scores and evidence out.
//!
//! It needs no network, no files and no clock, and grades the same answer the same way every time,
//! on every processor. Its steps, in order:
//!
//! 1. *fold and split* (`text`): look-alikes become plain letters, the answer becomes sentences;
//! 2. *judge* (`judge`): a small encoder reads the question, points and answer at once and says,
//!    for each point and sentence, whether the sentence makes the point or contradicts it;
//! 3. *find points and mistakes* (`marking`): which points are made and by which words, which
//!    points are contradicted, and which listed mistakes are made;
//! 4. *score* (`marking`): the overall mark, the four scores, and how certain they are.
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
mod marking;
mod prepared;
mod refusal;
mod rubric;
mod style;
mod text;

pub use assessment::{Assessment, Dimensions, MistakeGrade, PointGrade, PointState};
pub use prepared::{Prepared, PreparedPoint};
pub use refusal::Refusal;
pub use rubric::{KeyPoint, Mistake, Rubric};
pub use style::Style;

use answer::Answer;
use judge::Judge;
use marking::Coefficients;

/// This grader's name, wherever grades from several graders are shown together.
pub const NAME: &str = "viva-offline";

/// The version of the grading. It changes whenever any answer could score differently.
pub const VERSION: &str = "3.0";

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

    /// Assesses an answer against a rubric.
    pub fn assess(&self, prepared: &Prepared, answer: &str) -> Assessment {
        marking::assess(prepared, &Answer::new(answer))
    }

    /// The probability, 0 to 1, that each passage, read on its own, makes the point with that
    /// zero-based index; 0 if the rubric has no such point.
    pub fn shows(&self, prepared: &Prepared, passages: &[(usize, &str)]) -> Vec<f64> {
        passages
            .iter()
            .map(|(point, passage)| marking::shows(prepared, *point, &Answer::new(passage)))
            .collect()
    }

    /// Whether the grader was trained on this point in these words, ignoring punctuation and case.
    /// It judges other points too, with less certainty.
    pub fn knows(&self, point: &str) -> bool {
        Judge::builtin().knows(point)
    }

    /// Whether the grader can read this text, that is, whether it is mostly English.
    pub fn reads(&self, text: &str) -> bool {
        !refusal::is_foreign(&Answer::new(text))
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
