//! The built-in grader of Viva: text in, scores and evidence out.
//!
//! It needs no network, no file and no clock, and grades the same answer the same way every time.
//! An answer is read as sentences and clauses, and each is compared with each statement of the
//! rubric by the words they share and by how near the words' vectors lie to each other. Small
//! linear models turn that into the probability of each key point, and of each listed mistake, and
//! into marks.
//!
//! It measures how much of the rubric's meaning an answer says. It cannot follow an argument, run
//! code or check a sum, and a false statement that the rubric does not list passes unseen.
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
//! let answer = "Only a single thread holds the lock, so nobody else gets at the shared data.";
//! let assessment = grader.assess(&prepared, answer);
//! assert!(assessment.overall > 0.5);
//! let evidence = assessment.points[0].evidence.clone();
//! assert_eq!(evidence.map(|range| &answer[range]), Some("Only a single thread holds the lock"));
//! ```

mod alignment;
mod answer;
mod assess;
mod grade;
mod lexicon;
mod marking;
mod model;
mod passage;
mod prepared;
mod reference;
mod rubric;
mod scale;
mod signals;
mod text;

pub use assess::{Assessment, Checks};
pub use grade::*;
pub use prepared::{Prepared, PreparedPoint};
pub use reference::{ReferenceFeatures, ReferenceGrade, ReferenceGuards};
pub use rubric::{KeyPoint, Mistake, Rubric};
pub use signals::{AnswerSignals, PointFeatures};

use answer::Answer;
use lexicon::Lexicon;
use model::Model;
use reference::PreparedReference;

/// What this grader is called wherever grades of several graders meet.
pub const NAME: &str = "viva-offline";

/// The version of the grading; it changes whenever any answer could score differently.
pub const VERSION: &str = "2.1";

/// The grader. There is one, and it is the same for everybody.
#[derive(Debug)]
pub struct Grader(());

impl Grader {
    /// The grader with the model that is compiled into this crate, which the first call reads.
    pub fn builtin() -> &'static Self {
        static GRADER: Grader = Grader(());
        Model::builtin();
        &GRADER
    }

    /// Does the part of the work that depends on the question only.
    pub fn prepare(&self, rubric: &Rubric) -> Prepared {
        Prepared::new(rubric)
    }

    /// Grades an answer by a rubric.
    pub fn grade(&self, prepared: &Prepared, answer: &str) -> Grade {
        marking::grade(prepared, answer)
    }

    /// Gives an answer its final scores: the grade of the part of it that counts, guarded.
    pub fn assess(&self, prepared: &Prepared, answer: &str) -> Assessment {
        assess::assess(prepared, answer)
    }

    /// Marks an answer by a reference answer alone. Key points, if there are any, only decide
    /// whether the answer is relevant; otherwise the reference's own sentences do.
    pub fn grade_reference(
        &self,
        question: &str,
        reference: &str,
        answer: &str,
        key_points: &[&str],
    ) -> ReferenceGrade {
        let mut lexicon = Lexicon::default();
        let points = key_points.iter().copied();
        let prepared = PreparedReference::new(&mut lexicon, question, reference, points);
        prepared.grade(&Answer::new(&lexicon, answer))
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
        can_be_shared::<ReferenceGrade>();
    }
}
