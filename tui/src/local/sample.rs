//! The sample report: answers written for it to questions of the bank, graded by the built-in grader like any
//! other answer.

use viva_proto::v1;
use viva_server::{
    domain::{
        answer::Answer,
        challenge::Remarks,
        clock::Timestamp,
        evaluation::{Completed, Evaluation, EvaluationState},
        help::Help,
        id::{AnswerId, InterviewId, QuestionId, UserId},
        interview::{Interview, Level, Progress},
        question::{Question, QuestionOrigin},
        report::Report,
        timing::{Conditions, Timing},
    },
    evaluation::offline::Standalone,
    grpc::convert,
    questions::bank::{Bank, BankQuestion, Topic},
};

use super::bank;
use crate::problem::{Problem, ProblemKind};

/// The questions and their answers: one good, one with a mistake, one incomplete.
const ANSWERS: [(&str, &str); 3] = [
    (
        "rust-error-handling",
        "A missing config file or a malformed request is something that will happen, so I return a \
         Result and let the caller decide what to do. I panic only for bugs, when an invariant that \
         our own code guarantees is broken and going on would make no sense. The ? operator unwraps \
         the Ok value, and on an Err it returns early to the caller. On the way it converts the error \
         into the error type of my function with From. In a library I would define an enum with a \
         variant for each kind of failure, so that callers can tell the cases apart; in the application \
         one general type such as anyhow is enough, with context added at each level on the way up.",
    ),
    (
        "rust-generics-vs-dyn",
        "Generics are monomorphised: the compiler emits a separate copy of the function for each \
         concrete type, so the calls are direct and can be inlined. With dyn Trait there is one copy. \
         The compiler still knows the concrete type, so the calls are inlined and there is no run-time \
         cost. I use dyn when different types have to go into one Vec, such as circles and squares.",
    ),
    (
        "rust-tree-with-parents",
        "The parent owns its children, so the child cannot simply hold a reference back to the parent; \
         the borrow checker refuses that. I would use Rc for the nodes and RefCell to change them.",
    ),
];

/// The report, as if it had just been made.
pub(crate) fn report(now: jiff::Timestamp) -> Result<v1::Report, Problem> {
    let bank = bank::in_force(None)?;
    let now = Timestamp::from_micros(now.as_microsecond());
    let graded =
        ANSWERS.iter().enumerate().map(|(at, (id, text))| graded(&bank, at, id, text, now));
    let graded: Option<Vec<(Question, Answer)>> = graded.collect();
    let (questions, answers): (Vec<_>, Vec<_>) = graded
        .ok_or_else(|| Problem::new(ProblemKind::Local, "There is no sample here."))?
        .into_iter()
        .unzip();
    let interview = Interview {
        id: InterviewId::new(0),
        user_id: UserId::new(0),
        role: "Rust engineer".to_owned(),
        level: Level::Mid,
        language: "en".to_owned(),
        created_at: now,
        questions,
        progress: Progress::default(),
        timing: Timing::beginning(Conditions::default(), now),
    };
    Ok(convert::report(Report::of(interview, answers, now)))
}

/// A question of the bank with an answer and its evaluation.
fn graded(
    bank: &Bank,
    at: usize,
    id: &str,
    text: &str,
    now: Timestamp,
) -> Option<(Question, Answer)> {
    let (topic, found): (&Topic, &BankQuestion) = bank.questions().find(|(_, it)| it.id == id)?;
    let order = i32::try_from(at).ok()? + 1;
    let question = Question {
        id: QuestionId::new(order.into()),
        interview_id: InterviewId::new(0),
        text: found.text.clone(),
        order,
        topic: topic.name.clone(),
        origin: QuestionOrigin::Bank,
        parent_id: None,
        mark: None,
        help: Help::default(),
    };
    let standalone = Standalone::new(found.text.clone(), found.rubric.clone());
    let assessment = standalone.grade(text)?.assessment.ok()?;
    let completed =
        Box::new(Completed { assessment, evaluated_at: now, remarks: Remarks::default() });
    let answer = Answer {
        id: AnswerId::new(order.into()),
        question_id: question.id,
        text: text.to_owned(),
        submitted_at: now,
        attempt: 1,
        duration_ms: 0,
        is_late: false,
        evaluation: Evaluation { state: EvaluationState::Completed(completed), attempts: 1 },
        reference: found.rubric.reference.clone(),
    };
    Some((question, answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn it_shows_a_good_answer_a_mistake_and_a_gap() {
        let report = report("2026-11-23T14:02:31Z".parse().unwrap()).unwrap();
        let scores: Vec<f64> = report
            .questions
            .iter()
            .map(|slot| words::answer_score(slot.answer.as_ref().unwrap()).unwrap())
            .collect();
        assert!(scores[0] >= 7.0 && scores[1] < scores[0] && scores[2] < scores[0], "{scores:?}");
        assert!(report.overall_score.is_some() && report.average_scores.is_some());
        assert!(!report.strengths.is_empty() && !report.improvements.is_empty());
        let correctness = |at: usize| {
            let answer = report.questions[at].answer.as_ref().unwrap();
            answer.evaluation.as_ref().unwrap().scores.unwrap().correctness()
        };
        assert!(correctness(1) + 1.0 < correctness(0), "{} {}", correctness(1), correctness(0));
    }
}
