//! The content of a report's file in any format: headings, sentences and scores in the words of the
//! screens. All text from people and models in it is already neutral.

mod feedback;
mod found;
mod time;
mod words;

use serde::Serialize;
use viva_text::{neutral, neutral_line};

pub(super) use self::{
    feedback::{Block, Span},
    found::{Found, Point},
};
use crate::domain::{
    answer::Answer,
    band::Band,
    evaluation::{EvaluationState, Grader, GraderKind},
    interview::Interview,
    question::QuestionOrigin,
    report::{QuestionReport, Report},
    score::{Dimension, Scores},
    timing::Conditions,
};

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Document {
    /// The role.
    pub(super) title: String,
    /// The report's number, the level, the date.
    pub(super) facts: Vec<String>,
    /// How much is answered and evaluated, and what the scores are; a sentence each.
    pub(super) notices: Vec<String>,
    /// The averages; `None` while nothing is evaluated.
    pub(super) scores: Option<ScoreTable>,
    /// What went well, most important first.
    pub(super) strengths: Vec<String>,
    /// What to work on, most important first.
    pub(super) improvements: Vec<String>,
    /// Every question, in order.
    pub(super) questions: Vec<QuestionPart>,
}

/// An overall score and the four scores of which it is the mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ScoreTable {
    /// The mean.
    pub(super) overall: Scored,
    /// One for each dimension, in the order of the contract.
    pub(super) each: Vec<Scored>,
    /// Whether the built-in grader gave them.
    pub(super) is_estimate: bool,
}

/// A score as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Scored {
    /// What is scored.
    pub(super) name: &'static str,
    /// The score with one decimal.
    pub(super) number: String,
    /// The word for it.
    pub(super) band: &'static str,
    /// The score as a share from 0 to 1, for a bar.
    pub(super) share: f64,
    /// Why it is what it is; empty for averages.
    pub(super) reason: String,
    /// The words of the answer on which the reason is based.
    pub(super) quotes: Vec<String>,
}

/// A question with its answer and evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct QuestionPart {
    /// `Question 1: ownership`.
    pub(super) heading: String,
    /// Who wrote it, if that is worth mentioning; else empty.
    pub(super) source: &'static str,
    /// How many hints were given; empty if none were.
    pub(super) hints: String,
    /// What was asked.
    pub(super) text: String,
    /// The latest answer.
    pub(super) answer: Option<AnswerPart>,
    /// Why it has no score or is in no average, in a sentence or two; else empty.
    pub(super) standing: String,
    /// What was found, once it is evaluated.
    pub(super) found: Option<Found>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct AnswerPart {
    /// `Answer`, or which attempt it is.
    pub(super) heading: String,
    /// The text, as typed.
    pub(super) text: String,
    /// How long it took and whether it was late, in a sentence or two; empty if unknown.
    pub(super) time: String,
}

impl Document {
    /// The document of a report.
    pub(super) fn of(report: &Report) -> Self {
        let interview = &report.interview;
        let title = match neutral_line(&interview.role) {
            // A stored role may have no visible characters.
            role if role.is_empty() => "Interview".to_owned(),
            role => role,
        };
        let has_model = report.questions.iter().any(|q| q.question.origin == QuestionOrigin::Model);
        let averaged = report.averaged();
        let is_estimate = averaged.as_ref().is_some_and(|(by, _)| by.kind == GraderKind::Offline);
        let scores = report.overall_score.zip(report.average_scores.as_ref());
        Self {
            title,
            facts: facts(interview),
            notices: notices(report, averaged),
            scores: scores.map(|(mean, each)| ScoreTable::of("Overall", mean, each, is_estimate)),
            strengths: report.strengths.iter().map(|line| neutral_line(line)).collect(),
            improvements: report.improvements.iter().map(|line| neutral_line(line)).collect(),
            questions: report
                .questions
                .iter()
                .map(|each| question(report, each, has_model))
                .collect(),
        }
    }
}

impl ScoreTable {
    fn of(name: &'static str, mean: f64, each: &Scores, is_estimate: bool) -> Self {
        let of_each =
            |dimension: Dimension| Scored::of(words::name(dimension), each.of(dimension).get());
        Self {
            overall: Scored::of(name, mean),
            each: Dimension::ALL.into_iter().map(of_each).collect(),
            is_estimate,
        }
    }
}

impl Scored {
    fn of(name: &'static str, score: f64) -> Self {
        Self {
            name,
            number: words::score(score),
            band: Band::of(score).word(),
            share: score / 10.0,
            reason: String::new(),
            quotes: Vec::new(),
        }
    }
}

/// Describes the interview in a few words.
fn facts(interview: &Interview) -> Vec<String> {
    let facts = vec![
        format!("Report {}", interview.id),
        interview.level.word().to_owned(),
        words::day(interview.created_at),
    ];
    facts.into_iter().chain(time::held(&interview.timing)).collect()
}

/// Says how much is answered and evaluated, and what the scores are.
fn notices(report: &Report, averaged: Option<(Grader, usize)>) -> Vec<String> {
    let of =
        |is_so: fn(&QuestionReport) -> bool| report.questions.iter().filter(|q| is_so(q)).count();
    let all = report.questions.len();
    let answered = of(|question| question.answer.is_some());
    let evaluated = of(|question| question.assessment().is_some());
    let questions = words::count(all, "question");
    let mut notices = vec![if answered == 0 {
        format!("0 of {questions} answered.")
    } else {
        let answers = words::count(answered, "answer");
        format!("{answered} of {questions} answered, {evaluated} of {answers} evaluated.")
    }];
    if report.interview.timing.left.is_some() {
        notices.push(time::WITHHELD.to_owned());
        return notices;
    }
    let Some((grader, count)) = averaged else {
        notices.push("Nothing is evaluated yet, so there is no score.".to_owned());
        return notices;
    };
    if count < evaluated {
        let by = found::named(&grader);
        notices.push(format!(
            "The averages use only {count} of {evaluated} evaluations, those by {by}."
        ));
    }
    notices.push(match grader.kind {
        GraderKind::Offline => format!(
            "The scores are an offline estimate by {}: it compares an answer with what a good one \
             says, and does not understand it as a person would.",
            found::named(&grader)
        ),
        GraderKind::Model => {
            format!("The scores are by {}, a language model.", found::named(&grader))
        }
    });
    notices.push(
        "Scores go from 0 to 10: poor below 3, weak below 5, fair below 7, good below 9, excellent \
         from 9."
            .to_owned(),
    );
    notices
}

fn question(whole: &Report, report: &QuestionReport, has_model: bool) -> QuestionPart {
    let question = &report.question;
    let conditions = &whole.interview.timing.conditions;
    let topic = neutral_line(&question.topic);
    let colon = if topic.is_empty() { "" } else { ": " };
    QuestionPart {
        heading: format!("Question {}{colon}{topic}", question.order),
        hints: hints(question.help.hints),
        source: match question.origin {
            QuestionOrigin::Model => "Written by a language model.",
            // Beside questions that a model wrote, the source of the others matters.
            QuestionOrigin::Bank if has_model => "From the question bank.",
            QuestionOrigin::FollowUp => "A follow-up question.",
            QuestionOrigin::Bank => "",
        },
        text: neutral(&question.text).into_owned(),
        answer: report.answer.as_ref().map(|given| answer(given, conditions)),
        standing: standing(report),
        found: report.answer.as_ref().and_then(Found::of),
    }
}

fn answer(answer: &Answer, conditions: &Conditions) -> AnswerPart {
    let heading = match answer.attempt {
        ..=1 => "Answer".to_owned(),
        n => format!("Answer, attempt {n}"),
    };
    let time = time::taken(answer, conditions);
    AnswerPart { heading, text: neutral(&answer.text).into_owned(), time }
}

/// Says how many hints were given.
fn hints(given: i32) -> String {
    match given {
        ..=0 => String::new(),
        1 => "Asked for one hint.".to_owned(),
        many => format!("Asked for {many} hints."),
    }
}

/// Says why a question has no score, or is in no average.
fn standing(report: &QuestionReport) -> String {
    let help = &report.question.help;
    match (&help.shown, &report.answer) {
        (Some(shown), None) => {
            let reference = neutral(&shown.reference);
            format!("No score: the answer was shown. A good answer says: {reference}")
        }
        (Some(_), Some(answer)) if answer.evaluation.assessment().is_some() => {
            "Answered after the answer was shown, so it counts in no average.".to_owned()
        }
        (None, None) => "Not answered.".to_owned(),
        (_, Some(answer)) => why_not(answer),
    }
}

fn why_not(answer: &Answer) -> String {
    match &answer.evaluation.state {
        EvaluationState::Completed(_) => String::new(),
        EvaluationState::Withheld => {
            "Stored. Its feedback comes once the interview has ended.".to_owned()
        }
        EvaluationState::Pending { last_fault: None, .. } => {
            "Not evaluated yet: this answer is waiting for its evaluation.".to_owned()
        }
        EvaluationState::Pending { last_fault: Some(fault), .. } => {
            let fault = words::sentence(fault);
            format!("Not evaluated yet: Viva will try again after a problem. {fault}")
        }
        EvaluationState::Failed { reason, refusal: Some(_) } => {
            format!("No score. {reason}")
        }
        EvaluationState::Failed { reason, refusal: None } => {
            format!("This answer could not be evaluated. {}", words::sentence(reason))
        }
    }
}

#[cfg(test)]
mod tests;
