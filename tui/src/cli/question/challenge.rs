//! `viva question challenge` and `viva question say`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use viva_proto::v1::{
    Answer, AssessPointRequest, AssessPointResponse, ChallengePointRequest, ChallengePointResponse,
    EvaluationStatus, KeyPointResult, SelfAssessment,
};

use super::{Context, Failure, failure_of, json, paper};
use crate::{evaluation::remarks, text::neutral_line};

/// The question, and the words that make one of its points.
#[derive(Debug, Args)]
#[command(
    after_help = "Both readings are kept; completeness rises only if the second one finds more of the point.\nWithout --point, the points of your latest answer are listed with their numbers.\n\nExamples:\n  viva question challenge 12\n  viva question challenge 12 --point 2 --words \"the log is written first\""
)]
pub(crate) struct ChallengeArguments {
    /// The number of a question, as `viva interview show` shows it
    #[arg(value_name = "ID")]
    question: i64,

    /// The number of the point
    #[arg(long, value_name = "N", requires = "words", value_parser = clap::value_parser!(i32).range(1..))]
    point: Option<i32>,

    /// Words of your latest answer that make the point
    #[arg(long, value_name = "TEXT", requires = "point")]
    words: Option<String>,
}

/// The question, its point, and what you say about it.
#[derive(Debug, Args)]
#[command(
    after_help = "It is shown as what you say, and changes no score. `viva question challenge ID` shows the numbers.\n\nExamples:\n  viva question say 12 --point 2 partly\n  viva question say 12 --point 2 nothing"
)]
pub(crate) struct SayArguments {
    /// The number of a question, as `viva interview show` shows it
    #[arg(value_name = "ID")]
    question: i64,

    /// The number of the point
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    point: i32,

    /// Whether you made the point in your latest answer
    #[arg(value_name = "WORD")]
    said: Said,
}

/// What can be said about a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Said {
    /// You made it
    Yes,
    /// You made a part of it
    Partly,
    /// You did not make it
    No,
    /// Take back what you said
    Nothing,
}

impl From<Said> for SelfAssessment {
    fn from(said: Said) -> Self {
        match said {
            Said::Yes => Self::Yes,
            Said::Partly => Self::Partly,
            Said::No => Self::No,
            Said::Nothing => Self::Unspecified,
        }
    }
}

pub(super) async fn challenge(
    arguments: ChallengeArguments,
    context: &Context,
) -> Result<(), Failure> {
    let answer = latest(arguments.question, context).await?;
    let (Some(point_number), Some(words)) = (arguments.point, arguments.words) else {
        if context.json {
            return json::print_reply(&AssessPointResponse { answer: Some(answer) });
        }
        return paper::out(&listed(&answer));
    };
    let request = ChallengePointRequest { answer_id: answer.id, point_number, words };
    let reply = context.api().await?.challenge_point(request).await?;
    if context.json {
        return json::print_reply(&reply);
    }
    paper::out(&format!("{}\n", said(&reply)))
}

pub(super) async fn say(arguments: &SayArguments, context: &Context) -> Result<(), Failure> {
    let answer = latest(arguments.question, context).await?;
    let request = AssessPointRequest {
        answer_id: answer.id,
        point_number: arguments.point,
        self_assessment: SelfAssessment::from(arguments.said).into(),
    };
    let answer = context.api().await?.assess_point(request).await?;
    if context.json {
        return json::print_reply(&AssessPointResponse { answer: Some(answer) });
    }
    paper::out(&listed(&answer))
}

/// The latest answer to a question.
async fn latest(question: i64, context: &Context) -> Result<Answer, Failure> {
    let api = context.api().await?;
    let rubric = api.rubric(question).await.map_err(|problem| failure_of(problem, question))?;
    let report = api.report(rubric.interview_id).await?;
    let is_it = |id: Option<i64>| id == Some(question);
    let mut slots = report.questions.into_iter();
    let slot = slots.find(|slot| is_it(slot.question.as_ref().map(|known| known.id)));
    let none = || Failure::failed(format!("Question {question} has no answer yet."));
    slot.and_then(|slot| slot.answer).ok_or_else(none)
}

/// The points of an answer with their numbers, and what was said about them.
fn listed(answer: &Answer) -> String {
    let evaluation = answer.evaluation.clone().unwrap_or_default();
    if evaluation.status() != EvaluationStatus::Completed {
        return "The latest answer is not evaluated.\n".to_owned();
    }
    (1..).zip(&evaluation.key_points).map(|(number, point)| row(number, point)).collect()
}

fn row(number: usize, point: &KeyPointResult) -> String {
    let state = match point.coverage() {
        _ if remarks::is_asked_about(point) => "perhaps made",
        c if c >= 0.75 => "made",
        c if c > 0.0 => "in part",
        _ => "missing",
    };
    let mut row = format!("{number}. {state}: {}\n", neutral_line(&point.point));
    if !point.evidence.trim().is_empty() {
        let _ = writeln!(row, "   “{}”", neutral_line(&point.evidence));
    }
    for remark in remarks::of(point) {
        let _ = writeln!(row, "   {remark}");
    }
    row
}

/// What came of a challenge.
fn said(reply: &ChallengePointResponse) -> String {
    match &reply.challenge {
        None => format!("These words were not judged: {}", neutral_line(&reply.failure_reason)),
        Some(kept) if kept.upheld => {
            format!("The second reading finds the point. {}", remarks::end(kept))
        }
        Some(_) => {
            "The second reading does not find the point in these words either. The evaluation stays \
             as it was."
                .to_owned()
        }
    }
}
