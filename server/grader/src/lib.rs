//! The built-in grader of Viva: text in, scores and evidence out.
//!
//! It needs no network, no file and no clock, and grades the same answer the same way every time, on
//! every processor. What it does, in order:
//!
//! 1. *fold and cut* (`text`): look-alikes become plain letters, the answer becomes sentences;
//! 2. *judge* (`judge`): a small encoder reads question, points and answer at once and says for each
//!    point and sentence whether the sentence makes the point or contradicts it;
//! 3. *find points and mistakes* (`marking`): which points are made, by which words, which are
//!    contradicted, and which listed mistakes are made;
//! 4. *score* (`marking`): the mark as a whole, the four scores, and how sure they are.
//!
//! It tells what is said, by what its judge was shown in training. It does not know what is true in the
//! world, cannot follow an argument, run code or check a sum.
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

/// What this grader is called wherever grades of several graders meet.
pub const NAME: &str = "viva-offline";

/// The version of the grading; it changes whenever any answer could score differently.
pub const VERSION: &str = "3.0";

/// The grader. There is one, and it is the same for everybody.
#[derive(Debug)]
pub struct Grader(());

impl Grader {
    /// The grader with the weights that are compiled into this crate, which the first call reads.
    pub fn builtin() -> &'static Self {
        static GRADER: Grader = Grader(());
        Judge::builtin();
        Coefficients::builtin();
        &GRADER
    }

    /// Does the part of the work that depends on the question only.
    pub fn prepare(&self, rubric: &Rubric) -> Prepared {
        Prepared::new(rubric)
    }

    /// Assesses an answer by a rubric.
    pub fn assess(&self, prepared: &Prepared, answer: &str) -> Assessment {
        marking::assess(prepared, &Answer::new(answer))
    }

    /// How likely each passage, read alone, makes the point of that number from 0, from 0 to 1; 0 for
    /// a point that the rubric does not have.
    pub fn shows(&self, prepared: &Prepared, passages: &[(usize, &str)]) -> Vec<f64> {
        passages
            .iter()
            .map(|(point, passage)| marking::shows(prepared, *point, &Answer::new(passage)))
            .collect()
    }

    /// Whether the grader has learnt this point from examples, in these words but for marks and case. It
    /// judges others as well, less surely.
    pub fn knows(&self, point: &str) -> bool {
        Judge::builtin().knows(point)
    }

    /// Whether the grader can read this text: whether it is mostly English.
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
