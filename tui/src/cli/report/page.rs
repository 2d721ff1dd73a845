//! The report as one long page: the scores, the lessons, and each question with the points that its
//! answer made. The parts are those of the app's report screen.

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::{
    Answer, Evaluation, EvaluationStatus, GraderKind, QuestionReport, Report, Scores,
};

use crate::{
    cli::Paper,
    evaluation::averages::Averaged,
    text,
    timing::{Held, WITHHELD},
    view::{
        report::{points, scores, set_apart, summary},
        theme::Theme,
        wrap,
    },
    words,
};

/// Width of a score's bar.
const BAR: usize = 20;

/// The whole report.
pub(super) fn report(report: &Report, paper: &Paper) -> Vec<Line<'static>> {
    let theme = paper.theme();
    let mut lines = wrap::plain(&head(report), paper.columns, Theme::strong());
    set_apart(&mut lines);
    lines.extend(overall(report, paper));
    let parts = [
        ("What went well", "✓ ", theme.good(), &report.strengths),
        ("To work on", "▸ ", theme.fair(), &report.improvements),
    ];
    for (title, mark, style, texts) in parts {
        summary::section(&mut lines, title, mark, style, texts, paper.columns);
    }
    let has_model = words::has_model(report.questions.iter().filter_map(|s| s.question.as_ref()));
    for slot in &report.questions {
        set_apart(&mut lines);
        lines.extend(question(slot, has_model, paper));
        let held = Held::from(report);
        let taken = slot.answer.as_ref().map(|answer| held.taken(answer)).unwrap_or_default();
        if !taken.is_empty() {
            set_apart(&mut lines);
            lines.extend(wrap::plain(&taken, paper.columns, Theme::faint()));
        }
    }
    lines
}

/// The evaluation of one answer, with its scores on top.
pub(super) fn answer(answer: &Answer, paper: &Paper) -> Vec<Line<'static>> {
    let evaluation = answer.evaluation.as_ref();
    let scores = evaluation.and_then(|evaluation| evaluation.scores);
    let mut lines = match (words::answer_score(answer), scores) {
        (Some(mean), Some(each)) => {
            let is_estimate = evaluation.is_some_and(is_offline);
            let evaluation = evaluation.cloned().unwrap_or_default();
            let first = scores::answer_row(mean, &evaluation, BAR, paper.theme());
            let mut lines = bars(first, &each, is_estimate, paper);
            lines.extend(scores::warning(&evaluation, paper.columns, paper.theme()));
            lines
        }
        _ => Vec::new(),
    };
    set_apart(&mut lines);
    lines.extend(outcome(answer, paper));
    lines
}

fn head(report: &Report) -> String {
    let created = words::moment(report.created_at.as_ref());
    let evaluated = report.questions.iter().filter_map(|slot| slot.answer.as_ref());
    let evaluated = evaluated.filter(|answer| words::answer_score(answer).is_some());
    let held = Held::from(report).title().map_or_else(String::new, |held| format!(", {held}"));
    format!(
        "Report {}: {}, {}, {} of {} evaluated{held}",
        report.interview_id,
        words::role_and_level(&report.role, report.level()),
        words::day(created, Timestamp::now(), &TimeZone::system()),
        evaluated.count(),
        report.questions.len()
    )
}

fn overall(report: &Report, paper: &Paper) -> Vec<Line<'static>> {
    if report.feedback_withheld {
        let text = format!("{WITHHELD} End it with: viva interview end {}", report.interview_id);
        return wrap::plain(&text, paper.columns, Style::new());
    }
    let (Some(mean), Some(each)) = (report.overall_score, report.average_scores) else {
        let name = wrap::pad("overall", scores::LABEL);
        let text = Span::styled("no score yet", Theme::faint());
        return vec![Line::from(vec![Span::raw(name), text])];
    };
    let averaged = Averaged::of(&report.questions);
    let is_estimate = averaged.as_ref().is_some_and(Averaged::is_estimate);
    let first = scores::row("overall", mean, BAR, paper.theme());
    let mut lines = bars(first, &each, is_estimate, paper);
    if let Some(sentence) = averaged.and_then(|averaged| averaged.sentence()) {
        lines.extend(wrap::plain(&sentence, paper.columns, Theme::faint()));
    }
    lines
}

/// The five bars, the overall score's first; an estimate is labelled as one.
fn bars(
    mut first: Line<'static>,
    each: &Scores,
    is_estimate: bool,
    paper: &Paper,
) -> Vec<Line<'static>> {
    let theme = paper.theme();
    if is_estimate {
        first.push_span(Span::styled("   offline estimate", Theme::faint()));
    }
    let rows = scores::named(each).map(|(name, score)| scores::row(name, score, BAR, theme));
    [first].into_iter().chain(rows).collect()
}

fn is_offline(evaluation: &Evaluation) -> bool {
    let grader = evaluation.grader.as_ref();
    grader.is_some_and(|grader| grader.kind() == GraderKind::Offline)
}

fn question(slot: &QuestionReport, has_model: bool, paper: &Paper) -> Vec<Line<'static>> {
    let theme = paper.theme();
    let question = slot.question.clone().unwrap_or_default();
    let rule = Line::styled("─".repeat(paper.columns), Theme::faint());
    let title = match text::neutral_line(&question.topic).as_str() {
        "" => format!("Question {}", question.order),
        topic => format!("Question {}, {topic}", question.order),
    };
    let mut lines = vec![rule, Line::styled(title, theme.accent())];
    lines.extend(points::question_lines(slot, has_model, paper.columns, usize::MAX, theme));
    set_apart(&mut lines);
    let help = words::help(&question);
    if !help.is_empty() {
        lines.push(Line::styled(help, Theme::faint()));
    }
    let Some(answer) = &slot.answer else {
        lines.extend(wrap::plain(&words::unanswered(&question), paper.columns, Style::new()));
        return lines;
    };
    if let Some(mean) = words::answer_score(answer) {
        let evaluation = answer.evaluation.clone().unwrap_or_default();
        lines.push(scores::answer_row(mean, &evaluation, BAR, theme));
        lines.extend(scores::warning(&evaluation, paper.columns, theme));
        set_apart(&mut lines);
    }
    lines.extend(outcome(answer, paper));
    lines
}

/// The result of an answer.
fn outcome(answer: &Answer, paper: &Paper) -> Vec<Line<'static>> {
    let evaluation = answer.evaluation.clone().unwrap_or_default();
    match evaluation.status() {
        EvaluationStatus::Completed => points::found(&evaluation, paper.columns, paper.theme()),
        EvaluationStatus::Failed if words::is_refused(&evaluation) => {
            let text = format!("No score: {}", evaluation.failure_reason);
            wrap::plain(&text, paper.columns, Style::new())
        }
        EvaluationStatus::Failed => {
            let text = format!(
                "This answer could not be evaluated: {}\nIt is stored. Try again with: viva \
                 interview retry {}",
                evaluation.failure_reason, answer.id
            );
            wrap::plain(&text, paper.columns, Style::new())
        }
        EvaluationStatus::Pending | EvaluationStatus::Unspecified => {
            wrap::plain(&super::waiting(answer), paper.columns, Style::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::data;

    fn shown(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect()
    }

    #[test]
    fn a_page_names_who_wrote_and_evaluated_a_question_and_the_other_opinions() {
        let page = shown(&report(&data::mixed(), &Paper::for_tests(100)));
        for line in [
            "The averages use only 3 of 5 evaluations, those by qwen2.5-32b.",
            "written by a language model",
            "from the question bank",
            "qwen2.5-32b 8.0 · qwen2.5-32b 6.2 (stands) · viva-offline 2.5",
            "Offline estimate by viva-grader 1",
        ] {
            assert!(page.iter().any(|shown| shown == line), "{line} in {page:#?}");
        }
        assert!(
            !page[2].contains("offline estimate"),
            "averages by the model are not estimates: {page:#?}"
        );
    }

    #[test]
    fn a_long_fault_is_shown_in_full_on_the_narrowest_paper() {
        let fault = "The language model cannot be reached. ".repeat(8);
        let page = shown(&answer(&data::waiting(0, &fault), &Paper::for_tests(40)));
        let whole = page.join(" ");
        assert!(whole.starts_with(fault.trim()), "{page:#?}");
        assert!(whole.contains("Your answer is safe; attempt 3 "), "{page:#?}");
    }
}
