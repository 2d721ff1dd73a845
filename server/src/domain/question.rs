//! Questions and the rubrics that their answers are graded against.

use super::{
    help::Help,
    id::{InterviewId, QuestionId, UserId},
    interview::Level,
    mark::Mark,
    timing::Withheld,
};

/// Where a question came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionOrigin {
    /// The question bank.
    Bank,
    /// A language model.
    Model,
    /// A follow-up to an earlier question of the interview.
    FollowUp,
}

/// A point that a good answer makes.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyPoint {
    /// The point, as a whole sentence.
    pub point: String,
    /// Its weight relative to the others of its rubric, above 0.
    pub weight: f64,
    /// Other ways to say it.
    pub phrasings: Vec<String>,
}

/// A false claim that candidates often make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The claim, as a mistaken candidate would put it.
    pub claim: String,
    /// Why it is wrong.
    pub why_wrong: String,
}

/// What an answer is graded against. It is stored with the question, so that a change to the bank
/// never changes what a candidate was asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rubric {
    /// What a strong candidate would say.
    pub reference: String,
    /// The points that make up a good answer.
    pub key_points: Vec<KeyPoint>,
    /// Claims that lower correctness.
    pub mistakes: Vec<Mistake>,
}

/// A question of an interview.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The interview that it belongs to.
    pub interview_id: InterviewId,
    /// What is asked.
    pub text: String,
    /// 1-based position in the interview.
    pub order: i32,
    /// For instance "concurrency"; empty when unknown.
    pub topic: String,
    /// Where it came from.
    pub origin: QuestionOrigin,
    /// Set on a follow-up: the question that it follows.
    pub parent_id: Option<QuestionId>,
    /// Its owner's mark on it, if any.
    pub mark: Option<Mark>,
    /// The help that its owner has had with it.
    pub help: Help,
}

/// A question with its rubric, for the person who was asked it.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedQuestion {
    /// The account that was asked it.
    pub owner: UserId,
    /// The interview's role.
    pub role: String,
    /// The interview's level.
    pub level: Level,
    /// The question.
    pub question: Question,
    /// What its answers are graded against.
    pub rubric: Rubric,
    /// Whether an answer to it has a completed evaluation.
    pub is_evaluated: bool,
    /// Until when the rubric is withheld.
    pub withheld: Withheld,
}

/// A question to store in a new interview.
#[derive(Debug, Clone, PartialEq)]
pub struct NewQuestion {
    /// What is asked.
    pub text: String,
    /// Its topic.
    pub topic: String,
    /// Where it came from.
    pub origin: QuestionOrigin,
    /// Its id in the bank, so that it is not asked again soon; `None` if it is from elsewhere.
    pub bank_id: Option<String>,
    /// What its answers are graded against.
    pub rubric: Rubric,
}
