//! Reports and evaluations in sentences, for somebody who listens: no bars, no marks, no columns.

use ratatui::text::Line;
use viva_proto::v1::{
    Answer, Evaluation, EvaluationStatus, GraderKind, KeyPointResult, Report, Scores,
};

use crate::{
    text,
    view::{
        markdown,
        report::{points, scores},
    },
    words,
};

/// A line has no end where nobody sees it: terminals wrap, and screen readers read on.
const COLUMNS: usize = 10_000;

/// A whole report.
pub(crate) fn report(report: &Report) -> Vec<Line<'static>> {
    let title = words::role_and_level(&report.role, report.level()).replace(" · ", ", ");
    let mut lines = vec![format!("Report {}: {title}.", report.interview_id)];
    match (report.overall_score, &report.average_scores) {
        (Some(mean), Some(each)) => lines.push(score_sentence("Overall", mean, each)),
        _ => lines.push("Nothing is evaluated yet.".to_owned()),
    }
    lines.extend(list("What went well:", &report.strengths));
    lines.extend(list("To work on:", &report.improvements));
    let mut lines: Vec<_> = lines.into_iter().map(Line::raw).collect();
    for slot in &report.questions {
        let question = slot.question.clone().unwrap_or_default();
        let asked = text::neutral_line(&question.text);
        lines.push(Line::raw(""));
        lines.push(Line::raw(format!("Question {}: {asked}", question.order)));
        match &slot.answer {
            Some(found) => lines.extend(answer(found)),
            None => lines.push(Line::raw("Not answered yet.")),
        }
    }
    lines
}

/// What became of one answer.
pub(crate) fn answer(answer: &Answer) -> Vec<Line<'static>> {
    let evaluation = answer.evaluation.clone().unwrap_or_default();
    match evaluation.status() {
        EvaluationStatus::Completed => found(answer, &evaluation),
        EvaluationStatus::Failed => vec![Line::raw(format!(
            "This answer could not be evaluated: {} It is stored. Try again with: viva interview \
             retry {}",
            text::neutral_line(&evaluation.failure_reason),
            answer.id
        ))],
        EvaluationStatus::Pending | EvaluationStatus::Unspecified => {
            vec![Line::raw("Being evaluated.")]
        }
    }
}

fn found(answer: &Answer, evaluation: &Evaluation) -> Vec<Line<'static>> {
    let grader = evaluation.grader.clone().unwrap_or_default();
    let is_offline = grader.kind() == GraderKind::Offline;
    let mut lines = Vec::new();
    if let (Some(mean), Some(each)) = (words::answer_score(answer), &evaluation.scores) {
        let mut sentence = score_sentence("This answer", mean, each);
        if is_offline {
            sentence.push_str(" It is an offline estimate.");
        }
        lines.push(sentence);
    }
    lines.extend(evaluation.key_points.iter().map(point));
    if let Some(next) = points::weakest(evaluation) {
        let step = text::neutral_line(&next.next_step);
        lines.push(format!("To reach {}: {step}", points::band_above(&next.band)));
    }
    lines.extend(list("Suggestions:", &evaluation.suggestions));
    let mut lines: Vec<_> = lines.into_iter().map(Line::raw).collect();
    // The built-in grader's feedback says the points over again, which would be heard twice.
    if !is_offline {
        lines.extend(markdown::lines(&evaluation.feedback, COLUMNS));
    }
    lines
}

/// The scores as one says them.
fn score_sentence(name: &str, mean: f64, each: &Scores) -> String {
    let in_words = |score| format!("{}, {}", words::score(score), words::band(score));
    let [correctness, completeness, quality, communication] =
        scores::named(each).map(|(_, score)| in_words(score));
    let (mean, band) = (words::score(mean), words::band(mean));
    format!(
        "{name}: {mean} of 10, {band}. Correctness {correctness}; completeness {completeness}; \
         quality {quality}; communication {communication}."
    )
}

fn point(point: &KeyPointResult) -> String {
    let state = match point.coverage {
        c if c >= 0.75 => "Made",
        c if c > 0.0 => "Made in part",
        _ => "Missing",
    };
    let evidence = match text::neutral_line(&point.evidence) {
        said if said.is_empty() => String::new(),
        said => format!(" You said: \"{said}\""),
    };
    format!("{state}: {}{evidence}", text::neutral_line(&point.point))
}

fn list(title: &str, texts: &[String]) -> Vec<String> {
    let numbered =
        texts.iter().zip(1..).map(|(item, at)| format!("{at}. {}", text::neutral_line(item)));
    let title = (!texts.is_empty()).then(|| title.to_owned());
    title.into_iter().chain(numbered).collect()
}

#[cfg(test)]
mod tests {
    use viva_proto::v1::{Grader, ScoreExplanation};

    use super::*;

    #[test]
    fn an_evaluation_is_told_in_sentences_without_bars_or_marks() {
        let point = |coverage, evidence: &str| KeyPointResult {
            point: "Threads wait for the lock.".into(),
            coverage,
            evidence: evidence.into(),
            ..Default::default()
        };
        let evaluation = Evaluation {
            status: EvaluationStatus::Completed.into(),
            scores: Some(Scores {
                correctness: 7.4,
                completeness: 5.6,
                quality: 6.6,
                communication: 8.0,
            }),
            key_points: vec![point(1.0, "they wait\nfor it"), point(0.0, "")],
            explanations: vec![ScoreExplanation {
                dimension: viva_proto::v1::Dimension::Completeness.into(),
                band: "fair".into(),
                next_step: "Say how you would split the lock.".into(),
                ..Default::default()
            }],
            grader: Some(Grader { kind: GraderKind::Offline.into(), ..Default::default() }),
            ..Default::default()
        };
        let told = answer(&Answer { evaluation: Some(evaluation), ..Default::default() });
        let told: Vec<_> = told.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "This answer: 6.9 of 10, fair. Correctness 7.4, good; completeness 5.6, fair; \
                 quality 6.6, fair; communication 8.0, good. It is an offline estimate.",
                "Made: Threads wait for the lock. You said: \"they wait for it\"",
                "Missing: Threads wait for the lock.",
                "To reach good: Say how you would split the lock.",
            ]
        );
    }
}
