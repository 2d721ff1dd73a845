//! What a report's file says, whatever its form: headings, sentences and scores in the words of the
//! screens. Every text of people and models in it is neutral already.

mod feedback;
mod found;
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
    question::QuestionOrigin,
    report::{QuestionReport, Report},
    score::{Dimension, Scores},
};

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Document {
    /// The role.
    pub(super) title: String,
    /// Its number, the level, the date.
    pub(super) facts: Vec<String>,
    /// How far it is, and what the scores are; a sentence each.
    pub(super) notices: Vec<String>,
    /// The averages; none while nothing is evaluated.
    pub(super) scores: Option<ScoreTable>,
    /// What went well, most telling first.
    pub(super) strengths: Vec<String>,
    /// What to work on, most telling first.
    pub(super) improvements: Vec<String>,
    /// Every question by its order.
    pub(super) questions: Vec<QuestionPart>,
}

/// An overall score and the four that it is the mean of.
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
    /// With one decimal.
    pub(super) number: String,
    /// The word for it.
    pub(super) band: &'static str,
    /// From 0 to 1, for a bar.
    pub(super) share: f64,
    /// Why; empty for averages.
    pub(super) reason: String,
    /// The words of the answer that the reason rests on.
    pub(super) quotes: Vec<String>,
}

/// A question and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct QuestionPart {
    /// `Question 1: ownership`.
    pub(super) heading: String,
    /// Who wrote it, where that is worth a word; else empty.
    pub(super) source: &'static str,
    /// What was asked.
    pub(super) text: String,
    /// The latest answer.
    pub(super) answer: Option<AnswerPart>,
    /// Why there is no score, in a sentence or two; empty when there is one.
    pub(super) standing: String,
    /// What was found, once it is evaluated.
    pub(super) found: Option<Found>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct AnswerPart {
    /// `Answer`, or which attempt it is.
    pub(super) heading: String,
    /// As it was typed.
    pub(super) text: String,
}

impl Document {
    /// What the file of a report says.
    pub(super) fn of(report: &Report) -> Self {
        let interview = &report.interview;
        let title = match neutral_line(&interview.role) {
            // A role may be made of nothing that can be seen.
            role if role.is_empty() => "Interview".to_owned(),
            role => role,
        };
        let has_model = report.questions.iter().any(|q| q.question.origin == QuestionOrigin::Model);
        let averaged = report.averaged();
        let is_estimate = averaged.as_ref().is_some_and(|(by, _)| by.kind == GraderKind::Offline);
        let scores = report.overall_score.zip(report.average_scores.as_ref());
        Self {
            title,
            facts: vec![
                format!("Report {}", interview.id),
                interview.level.word().to_owned(),
                words::day(interview.created_at),
            ],
            notices: notices(report, averaged),
            scores: scores.map(|(mean, each)| ScoreTable::of("Overall", mean, each, is_estimate)),
            strengths: report.strengths.iter().map(|line| neutral_line(line)).collect(),
            improvements: report.improvements.iter().map(|line| neutral_line(line)).collect(),
            questions: report.questions.iter().map(|each| question(each, has_model)).collect(),
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

/// How far the interview is, and what its scores are.
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
        "Scores run from 0 to 10: below 3 poor, below 5 weak, below 7 fair, below 9 good, from there \
         excellent."
            .to_owned(),
    );
    notices
}

fn question(report: &QuestionReport, has_model: bool) -> QuestionPart {
    let question = &report.question;
    let topic = neutral_line(&question.topic);
    let colon = if topic.is_empty() { "" } else { ": " };
    QuestionPart {
        heading: format!("Question {}{colon}{topic}", question.order),
        source: match question.origin {
            QuestionOrigin::Model => "Written by a language model.",
            // Among questions that a model wrote, it matters which ones people wrote.
            QuestionOrigin::Bank if has_model => "From the question bank.",
            QuestionOrigin::FollowUp => "A follow-up question.",
            QuestionOrigin::Bank => "",
        },
        text: neutral(&question.text).into_owned(),
        answer: report.answer.as_ref().map(answer),
        standing: standing(report.answer.as_ref()),
        found: report.answer.as_ref().and_then(Found::of),
    }
}

fn answer(answer: &Answer) -> AnswerPart {
    let heading = match answer.attempt {
        ..=1 => "Answer".to_owned(),
        n => format!("Answer, attempt {n}"),
    };
    AnswerPart { heading, text: neutral(&answer.text).into_owned() }
}

/// Why a question has no score.
fn standing(answer: Option<&Answer>) -> String {
    let Some(answer) = answer else { return "Not answered.".to_owned() };
    match &answer.evaluation.state {
        EvaluationState::Completed(_) => String::new(),
        EvaluationState::Pending { last_fault: None, .. } => {
            "Not evaluated yet: this answer waits for its evaluation.".to_owned()
        }
        EvaluationState::Pending { last_fault: Some(fault), .. } => {
            let fault = words::sentence(fault);
            format!("Not evaluated yet: it is tried again after a fault. {fault}")
        }
        EvaluationState::Failed { reason, refusal: Some(_) } => {
            format!("No score. {reason}")
        }
        EvaluationState::Failed { reason, refusal: None } => {
            format!("Not evaluated: this answer could not be. {}", words::sentence(reason))
        }
    }
}

#[cfg(test)]
mod tests;
