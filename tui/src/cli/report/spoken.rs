//! Reports and evaluations in sentences for screen readers: no bars, marks or columns.

use ratatui::text::Line;
use viva_proto::v1::{
    Answer, Evaluation, EvaluationStatus, GraderKind, KeyPointResult, Report, Scores,
};

use crate::{
    evaluation::{averages::Averaged, provenance, remarks},
    model::{Look, ThemeName},
    text,
    timing::{Held, WITHHELD},
    view::{
        markdown,
        report::{points, scores},
        theme::Theme,
    },
    words,
};

/// Lines are not wrapped: terminals wrap them, and screen readers read on.
const COLUMNS: usize = 10_000;

/// Without colours and symbols.
const SPOKEN: Theme = Theme::of(Look { theme: ThemeName::Mono, ascii: true });

/// A whole report.
pub(crate) fn report(report: &Report) -> Vec<Line<'static>> {
    let title = words::role_and_level(&report.role, report.level()).replace(" · ", ", ");
    let held = Held::from(report);
    let mode = held.title().map_or_else(String::new, |held| format!(", {held}"));
    let mut lines = vec![format!("Report {}: {title}{mode}.", report.interview_id)];
    match (report.overall_score, &report.average_scores) {
        (Some(mean), Some(each)) => {
            lines.push(score_sentence("Overall", mean, each));
            let averaged = Averaged::of(&report.questions);
            lines.extend(averaged.and_then(|averaged| averaged.sentence()));
        }
        _ if held.is_silent => lines.push(WITHHELD.to_owned()),
        _ => lines.push("Nothing is evaluated yet.".to_owned()),
    }
    lines.extend(list("What went well:", &report.strengths));
    lines.extend(list("To work on:", &report.improvements));
    let mut lines: Vec<_> = lines.into_iter().map(Line::raw).collect();
    let has_model = words::has_model(report.questions.iter().filter_map(|s| s.question.as_ref()));
    for slot in &report.questions {
        let question = slot.question.clone().unwrap_or_default();
        let asked = text::neutral_line(&question.text);
        lines.push(Line::raw(""));
        let source = match words::source(&question, has_model) {
            "" => String::new(),
            source => format!(", {source}"),
        };
        lines.push(Line::raw(format!("Question {}{source}: {asked}", question.order)));
        let help = words::help(&question);
        if !help.is_empty() {
            lines.push(Line::raw(format!("Help: {help}.")));
        }
        match &slot.answer {
            Some(found) => {
                lines.extend(answer(found));
                let taken = held.taken(found);
                lines.extend((!taken.is_empty()).then(|| Line::raw(taken)));
            }
            None => lines.push(Line::raw(words::unanswered(&question))),
        }
    }
    lines
}

/// The result of one answer.
pub(crate) fn answer(answer: &Answer) -> Vec<Line<'static>> {
    let evaluation = answer.evaluation.clone().unwrap_or_default();
    match evaluation.status() {
        EvaluationStatus::Completed => found(answer, &evaluation),
        EvaluationStatus::Failed if words::is_refused(&evaluation) => vec![Line::raw(format!(
            "This answer has no score: {}",
            text::neutral_line(&evaluation.failure_reason)
        ))],
        EvaluationStatus::Failed => vec![Line::raw(format!(
            "This answer could not be evaluated: {} It is stored. Try again with: viva interview \
             retry {}",
            text::neutral_line(&evaluation.failure_reason),
            answer.id
        ))],
        EvaluationStatus::Pending | EvaluationStatus::Unspecified => {
            vec![Line::raw(super::waiting(answer))]
        }
    }
}

fn found(answer: &Answer, evaluation: &Evaluation) -> Vec<Line<'static>> {
    let grader = evaluation.grader.clone().unwrap_or_default();
    let is_offline = grader.kind() == GraderKind::Offline;
    let mut lines = Vec::new();
    if let (Some(mean), Some(each)) = (words::answer_score(answer), &evaluation.scores) {
        let mut sentence = score_sentence("This answer", mean, each);
        if let Some(range) = evaluation.range {
            let (low, high) = (words::score(range.low()), words::score(range.high()));
            sentence = format!("{sentence} A fair reader would give {low} to {high}.");
        }
        if evaluation.needs_review {
            sentence = format!("{sentence} {}", provenance::UNSURE);
        }
        if is_offline {
            sentence.push_str(" It is an offline estimate.");
        }
        lines.push(sentence);
    }
    lines.extend(evaluation.key_points.iter().map(point));
    if let Some(next) = points::weakest(evaluation) {
        let step = text::neutral_line(&next.next_step);
        lines.push(format!("{}: {step}", points::aim(next)));
    }
    lines.extend(list("Suggestions:", &evaluation.suggestions));
    let mut lines: Vec<_> = lines.into_iter().map(Line::raw).collect();
    // The built-in grader's feedback repeats the points, which would be read out twice.
    if !is_offline {
        lines.extend(markdown::lines(&evaluation.feedback, COLUMNS, SPOKEN));
        lines.push(Line::raw(provenance::sentence(evaluation)));
    }
    if let Some((note, opinions)) = provenance::opinions(evaluation) {
        lines.push(Line::raw(note));
        lines.push(Line::raw(format!("Opinions: {}.", opinions.replace(" · ", "; "))));
    }
    lines
}

/// The scores in a sentence.
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
    let state = match point.coverage() {
        c if c >= 0.75 => "Made",
        c if c > 0.0 => "Made in part",
        _ => "Missing",
    };
    let evidence = match text::neutral_line(&point.evidence) {
        said if said.is_empty() => String::new(),
        said => format!(" You said: \"{said}\""),
    };
    let remarks = remarks::of(point);
    let remarks = remarks.iter().fold(String::new(), |all, remark| all + " " + remark);
    format!("{state}: {}{evidence}{remarks}", text::neutral_line(&point.point))
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
    use crate::testing::data;

    #[test]
    fn an_evaluation_is_in_sentences_without_bars_or_marks() {
        let point = |coverage, evidence: &str| KeyPointResult {
            point: "Threads wait for the lock.".into(),
            coverage: Some(coverage),
            evidence: evidence.into(),
            ..Default::default()
        };
        let evaluation = Evaluation {
            status: EvaluationStatus::Completed.into(),
            scores: Some(Scores {
                correctness: Some(7.4),
                completeness: Some(5.6),
                quality: Some(6.6),
                communication: Some(8.0),
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
                "To reach good in completeness: Say how you would split the lock.",
            ]
        );
    }

    fn told(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_models_evaluation_names_the_model_and_the_other_opinions() {
        let told = told(&answer(&data::disputed(2)));
        let end = &told[told.len() - 3..];
        assert!(end[0].starts_with("Evaluated by qwen2.5-32b (language model, "), "{end:?}");
        assert!(end[1].ends_with("the lower of the two readings stands."), "{end:?}");
        let opinions = "Opinions: qwen2.5-32b 8.0; qwen2.5-32b 6.2 (stands); viva-offline 2.5.";
        assert_eq!(end[2], opinions);
    }

    #[test]
    fn a_report_over_two_graders_says_which_evaluations_its_averages_use() {
        let told = told(&report(&data::mixed()));
        assert_eq!(told[2], "The averages use only 3 of 5 evaluations, those by qwen2.5-32b.");
        let asked = |text: &str| told.iter().any(|line| line.starts_with(text));
        assert!(asked("Question 1, written by a language model: "), "{told:?}");
        assert!(asked("Question 2, from the question bank: "), "{told:?}");
    }

    #[test]
    fn an_answer_that_waits_after_a_fault_names_the_fault() {
        let told = told(&answer(&data::waiting(0, data::unreachable())));
        assert!(told[0].starts_with(data::unreachable()), "{told:?}");
        assert!(told[0].contains("Your answer is safe; attempt 3 "), "{told:?}");
    }
}
