//! `viva interview show`: the questions, and the status of each.

use clap::Args;
use jiff::Timestamp;
use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::{
    Answer, Evaluation, EvaluationStatus, GetInterviewResponse, Interview, QuestionReport,
};

use super::{
    Context, Failure,
    which::{Which, interview_failure},
};
use crate::{
    cli::{Paper, json},
    evaluation::waiting::Waiting,
    text,
    timing::Held,
    view::{theme::Theme, wrap},
    words,
};

/// The interview to show.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva interview show latest\n  viva interview show 7 --json | jq -r '.interview.questions[].text'"
)]
pub(crate) struct Arguments {
    /// The number of an interview, or `latest`
    #[arg(value_name = "ID")]
    which: Which,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let id = arguments.which.id(api).await?;
    let failure = |problem| interview_failure(problem, id);
    let interview = api.interview(id).await.map_err(failure)?;
    if context.json {
        return json::print_reply(&GetInterviewResponse { interview: Some(interview) });
    }
    let report = api.report(id).await.map_err(failure)?;
    let paper = &context.paper;
    paper.print(&lines(&interview, &report.questions, paper))
}

/// The interview with its questions; without slots, their status is omitted.
pub(super) fn lines(
    interview: &Interview,
    slots: &[QuestionReport],
    paper: &Paper,
) -> Vec<Line<'static>> {
    let title = words::role_and_level(&interview.role, interview.level());
    let count = words::count(interview.questions.len(), "question");
    let held = Held::from(interview).title().map_or_else(String::new, |held| format!(", {held}"));
    let head = format!("Interview {}: {title}, {count}{held}", interview.id);
    let mut lines = wrap::plain(&head, paper.columns, Theme::strong());
    let has_model = words::has_model(interview.questions.iter());
    for question in &interview.questions {
        let slot =
            slots.iter().find(|slot| slot.question.as_ref().is_some_and(|q| q.id == question.id));
        let topic = text::neutral_line(&question.topic);
        let standing = slot.map(|slot| standing(slot.answer.as_ref()));
        let mut parts = vec![topic, words::source(question, has_model).to_owned()];
        parts.extend(standing);
        parts.push(words::help(question));
        parts.extend(question.mark.as_ref().map(words::mark));
        // `viva question` takes this number.
        parts.push(format!("question {}", question.id));
        parts.retain(|part| !part.is_empty());
        lines.push(Line::raw(""));
        lines.push(Line::from(vec![
            Span::styled(format!("{:>2}  ", question.order), Theme::strong()),
            Span::styled(parts.join(", "), Theme::faint()),
        ]));
        let wrapped = wrap::plain(&question.text, paper.columns - 4, Style::new());
        lines.extend(wrap::hang(&Span::raw("    "), wrapped));
        if let Some(mark) = question.mark.as_ref().filter(|mark| !mark.note.is_empty()) {
            let note = wrap::plain(&mark.note, paper.columns - 10, Style::new());
            lines.extend(wrap::hang(&Span::styled("    note  ", Theme::strong()), note));
        }
    }
    lines
}

/// The status of an answer, in a few words.
fn standing(answer: Option<&Answer>) -> String {
    let Some(answer) = answer else {
        return "not answered yet".to_owned();
    };
    if let Some(score) = words::answer_score(answer) {
        return format!("{} {}", words::score(score), words::band(score));
    }
    let evaluation = answer.evaluation.as_ref();
    if evaluation.is_some_and(|evaluation| evaluation.withheld) {
        return "answered, feedback at the end".to_owned();
    }
    if evaluation.map(Evaluation::status) == Some(EvaluationStatus::Failed) {
        return format!("answered, could not be evaluated: viva interview retry {}", answer.id);
    }
    let since = words::moment(answer.submitted_at.as_ref());
    let waiting = evaluation.and_then(|e| Waiting::of(e, since, Timestamp::now()));
    let status = waiting.map_or_else(|| "no score yet".to_owned(), |w| w.status());
    format!("answered, {status}")
}
