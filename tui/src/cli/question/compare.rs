//! `viva question compare`.

use std::fmt::Write as _;

use clap::Args;
use viva_proto::v1::{
    Answer, CompareAttemptsRequest, CompareAttemptsResponse, PointChange, PointComparison,
};

use super::{Context, Exit, Failure, failure_of, json, paper};
use crate::{
    evaluation::attempts,
    problem::{Problem, ProblemKind},
    text::neutral_line,
    words,
};

/// The question, and the attempts to compare.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva question compare 12\n  viva question compare 12 --earlier 1 --later 3\n  viva question compare 12 --json | jq -r .verdict"
)]
pub(crate) struct Arguments {
    /// The number of a question, as `viva interview show` shows it
    #[arg(value_name = "ID")]
    question: i64,

    /// The earlier attempt [default: the last evaluated one before the later]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    earlier: Option<i32>,

    /// The later attempt [default: the latest evaluated one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    later: Option<i32>,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let request = CompareAttemptsRequest {
        question_id: arguments.question,
        earlier_attempt: arguments.earlier.unwrap_or_default(),
        later_attempt: arguments.later.unwrap_or_default(),
    };
    let compared = context.api().await?.compare_attempts(request).await;
    let compared = compared.map_err(|problem| failure(problem, arguments))?;
    if context.json {
        return json::print_reply(&compared);
    }
    paper::out(&said(&compared))
}

fn failure(problem: Problem, arguments: &Arguments) -> Failure {
    let names_one = arguments.earlier.or(arguments.later).is_some();
    if problem.kind == ProblemKind::NotFound && names_one {
        let id = arguments.question;
        let message = format!("There is no question {id}, or no such attempt at it.");
        return Failure::new(Exit::NotFound, message);
    }
    failure_of(problem, arguments.question)
}

/// The comparison as sentences, with a line for each point, which can be read aloud.
pub(crate) fn said(compared: &CompareAttemptsResponse) -> String {
    let question = compared.question.clone().unwrap_or_default();
    let earlier = compared.earlier.clone().unwrap_or_default();
    let later = compared.later.clone().unwrap_or_default();
    let mut said = format!("{}\n\n", neutral_line(&question.text));
    for answer in [&earlier, &later] {
        let _ = writeln!(said, "Attempt {}: {}", answer.attempt, score(answer));
    }
    let _ = writeln!(said, "{}\n", attempts::verdict(compared.verdict()));
    for change in [PointChange::Gained, PointChange::Lost, PointChange::Lacking, PointChange::Kept]
    {
        let points = attempts::with(compared, change);
        said.extend(points.map(|point| line(point, change)));
    }
    if let Some(best) = attempts::best_and_latest(compared) {
        let _ = writeln!(said, "\n{best}");
    }
    said
}

fn score(answer: &Answer) -> String {
    let Some(score) = words::answer_score(answer) else { return "no score".to_owned() };
    let number = format!("{} {}", words::score(score), words::band(score));
    match answer.evaluation.as_ref().and_then(|evaluation| evaluation.range) {
        None => number,
        Some(range) => {
            format!("{number} ({}-{})", words::score(range.low()), words::score(range.high()))
        }
    }
}

fn line(point: &PointComparison, change: PointChange) -> String {
    let (name, evidence) = match change {
        PointChange::Gained => ("Gained", &point.later_evidence),
        PointChange::Lost => ("Lost", &point.earlier_evidence),
        PointChange::Kept => ("Kept", &point.later_evidence),
        PointChange::Lacking | PointChange::Unspecified => ("Still missing", &point.later_evidence),
    };
    let quote = match neutral_line(evidence) {
        said if said.is_empty() => String::new(),
        said => format!(" You said: \"{said}\""),
    };
    format!("{name}: {}{quote}\n", neutral_line(&point.point))
}

#[cfg(test)]
mod tests {
    use viva_proto::v1::{Attempt, AttemptVerdict};

    use super::*;

    #[test]
    fn gained_points_come_first_and_each_change_is_in_words() {
        let point = |text: &str, change: PointChange| PointComparison {
            point: text.into(),
            change: change.into(),
            earlier_evidence: "before".into(),
            later_evidence: if change == PointChange::Lost { "" } else { "now\u{1b}[2J" }.into(),
            ..PointComparison::default()
        };
        let compared = CompareAttemptsResponse {
            verdict: AttemptVerdict::NoClearDifference.into(),
            points: vec![
                point("A.", PointChange::Kept),
                point("B.", PointChange::Lost),
                point("C.", PointChange::Gained),
            ],
            attempts: vec![
                Attempt { attempt: 1, score: Some(7.25), ..Attempt::default() },
                Attempt { attempt: 2, score: Some(7.0), ..Attempt::default() },
            ],
            best_attempt: 1,
            ..CompareAttemptsResponse::default()
        };
        let said = said(&compared);
        let at = |text: &str| said.find(text).unwrap_or_else(|| panic!("{text} in {said}"));
        assert!(at("Gained: C. You said: \"now") < at("Lost: B. You said: \"before\""), "{said}");
        assert!(at("Lost: B.") < at("Kept: A."), "{said}");
        assert!(
            said.contains("within the grader's margin of error") && !said.contains('\u{1b}'),
            "{said}"
        );
        assert!(
            said.contains("Your best is attempt 1: 7.2. Your latest is attempt 2: 7.0."),
            "{said}"
        );
    }
}
