//! `viva question`: private notes on questions, stars, and whether to be asked them again.

mod challenge;
mod compare;
mod follow_up;
mod help;

pub(crate) use self::{
    compare::said as said_comparison,
    help::{said_hint, said_revealed},
};

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand};
use viva_proto::v1::{
    ListQuestionMarksResponse, MarkedQuestion, QuestionMark, QuestionWish, SetQuestionMarkRequest,
    SetQuestionMarkResponse,
};

use super::{
    Context, Exit, Failure,
    input::{self, Piped},
    json, paper,
};
use crate::{
    problem::{Problem, ProblemKind},
    text::{neutral, neutral_line},
    words,
};

const NOTE_EXAMPLES: &str = "\
A new note replaces the old one; an empty one removes it.

Examples:
  viva question note 12 \"Say what it costs\"
  viva question note 12 --file note.txt
  viva question note 12 -                       from standard input
  viva question note 12 \"\"                      removes it";

/// Commands for questions.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the questions that you have marked
    List(ListArguments),
    /// Star a question
    Star(ToggleArguments),
    /// Write a private note on a question
    Note(NoteArguments),
    /// Do not ask a question again
    Skip(ToggleArguments),
    /// Ask a question again in the next interview that it fits
    Again(ToggleArguments),
    /// Get a follow-up question about what your answer left out or got wrong
    FollowUp(follow_up::Arguments),
    /// Get a hint for a question
    Hint(help::HintArguments),
    /// Show a good answer when you do not know one
    Reveal(help::RevealArguments),
    /// Compare two of your attempts at a question, point by point
    Compare(compare::Arguments),
    /// Have words of your answer read again for a point that the evaluation missed
    Challenge(challenge::ChallengeArguments),
    /// Say whether you made a point that the grader is not sure of
    Say(challenge::SayArguments),
}

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  viva question list --json | jq -r '.questions[] | select(.mark.starred).text'"
)]
pub(crate) struct ListArguments {}

/// Which question, and whether to undo it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva question star 12\n  viva question skip 12\n  viva question again 12 --off"
)]
pub(crate) struct ToggleArguments {
    /// The number of a question, or `mark:NUMBER`, as `viva interview show` and `viva question list`
    /// show them
    #[arg(value_name = "ID")]
    which: Which,

    /// Undo it
    #[arg(long)]
    off: bool,
}

/// Which question, and the note.
#[derive(Debug, Args)]
#[command(after_help = NOTE_EXAMPLES)]
pub(crate) struct NoteArguments {
    /// The number of a question, or `mark:NUMBER`, as `viva interview show` and `viva question list`
    /// show them
    #[arg(value_name = "ID")]
    which: Which,

    /// The note, at most 4,000 characters; `-` reads it from standard input
    #[arg(value_name = "TEXT", required_unless_present = "file", conflicts_with = "file")]
    text: Option<String>,

    /// Read the note from a file
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// A question as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// The question with this number.
    Question(i64),
    /// The deleted question that this mark was on.
    Mark(i64),
}

impl FromStr for Which {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse().ok().filter(|number: &i64| *number > 0);
        let which = match text.strip_prefix("mark:") {
            Some(mark) => number(mark).map(Self::Mark),
            None => number(text).map(Self::Question),
        };
        which.ok_or("it must be the number of a question, or `mark:` and the number of a mark")
    }
}

impl Which {
    /// A request that names the question and changes nothing.
    fn request(self) -> SetQuestionMarkRequest {
        let (question_id, mark_id) = match self {
            Self::Question(id) => (id, 0),
            Self::Mark(id) => (0, id),
        };
        SetQuestionMarkRequest { question_id, mark_id, ..SetQuestionMarkRequest::default() }
    }

    fn failure(self, problem: Problem) -> Failure {
        match (problem.kind, self) {
            (ProblemKind::NotFound, Self::Question(id)) => Failure::new(
                Exit::NotFound,
                format!("There is no question {id}. `viva interview show` shows their numbers."),
            ),
            (ProblemKind::NotFound, Self::Mark(id)) => Failure::new(
                Exit::NotFound,
                format!("There is no mark {id}. `viva question list` shows yours."),
            ),
            _ => problem.into(),
        }
    }
}

pub(super) async fn run(command: Command, context: &Context) -> Result<(), Failure> {
    let wish = |arguments: &ToggleArguments, wish: QuestionWish| {
        let wish = if arguments.off { QuestionWish::Unspecified } else { wish };
        SetQuestionMarkRequest { wish: Some(wish.into()), ..arguments.which.request() }
    };
    let mut piped = None;
    let (which, request) = match command {
        Command::List(_) => return list(context).await,
        Command::FollowUp(arguments) => return follow_up::run(&arguments, context).await,
        Command::Hint(arguments) => return help::hint(&arguments, context).await,
        Command::Reveal(arguments) => return help::reveal(&arguments, context).await,
        Command::Compare(arguments) => return compare::run(&arguments, context).await,
        Command::Challenge(arguments) => return challenge::challenge(arguments, context).await,
        Command::Say(arguments) => return challenge::say(&arguments, context).await,
        Command::Star(arguments) => {
            let starred = Some(!arguments.off);
            (arguments.which, SetQuestionMarkRequest { starred, ..arguments.which.request() })
        }
        Command::Note(arguments) => {
            let note;
            (note, piped) = self::note(&arguments, context).await?;
            let note = Some(note);
            (arguments.which, SetQuestionMarkRequest { note, ..arguments.which.request() })
        }
        Command::Skip(arguments) => (arguments.which, wish(&arguments, QuestionWish::NotAgain)),
        Command::Again(arguments) => (arguments.which, wish(&arguments, QuestionWish::AgainSoon)),
    };
    let mark = context.api().await?.set_question_mark(request).await;
    let mark = mark.map_err(|problem| which.failure(problem))?;
    if let Some(piped) = piped {
        piped.stored();
    }
    if context.json {
        return json::print_reply(&SetQuestionMarkResponse { mark: Some(mark) });
    }
    paper::out(&format!("{}\n", said(&mark)))
}

/// The failure for a question that could not be read or changed.
fn failure_of(problem: Problem, id: i64) -> Failure {
    match problem.kind {
        ProblemKind::NotFound => Which::Question(id).failure(problem),
        _ => problem.into(),
    }
}

/// The note, and the standard input that it was read from, which may be its only copy.
async fn note(
    arguments: &NoteArguments,
    context: &Context,
) -> Result<(String, Option<Piped>), Failure> {
    let (text, piped) = match (&arguments.text, &arguments.file) {
        (Some(text), _) if text != "-" => return Ok((text.clone(), None)),
        (None, Some(file)) if file.as_os_str() != "-" => (input::text_of(file).await?, None),
        (None, None) => (String::new(), None),
        _ => {
            let piped = Piped::read("viva-note.txt", context).await?;
            (piped.text()?, Some(piped))
        }
    };
    // A file ends with a line end that is not part of the note.
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok((text.strip_suffix('\r').unwrap_or(text).to_owned(), piped))
}

/// All marks that the question has now.
fn said(mark: &QuestionMark) -> String {
    let mut parts = vec![words::mark(mark)];
    if !mark.note.is_empty() {
        parts.push(format!("note: {}", neutral(&mark.note)));
    }
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() { "It has no mark.".to_owned() } else { parts.join(" · ") }
}

async fn list(context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let (mut questions, mut token) = (Vec::new(), String::new());
    loop {
        let page = api.list_question_marks(token).await?;
        questions.extend(page.questions);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    if context.json {
        let next_page_token = String::new();
        return json::print_reply(&ListQuestionMarksResponse { questions, next_page_token });
    }
    if questions.is_empty() {
        paper::note("Nothing is starred or noted yet. Star a question with: viva question star ID");
        return Ok(());
    }
    let rows: Vec<String> = questions.iter().map(row).collect();
    paper::out(&rows.join("\n"))
}

/// A question in a list: its number, its text and its marks.
fn row(marked: &MarkedQuestion) -> String {
    let mark = marked.mark.clone().unwrap_or_default();
    let id = match marked.question_id {
        0 => format!("mark:{}", mark.id),
        id => id.to_string(),
    };
    let parts = [neutral_line(&marked.topic), words::level(marked.level()).to_owned()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{id}  {} ({})\n    {}\n", neutral_line(&marked.text), parts.join(", "), said(&mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_can_be_named_by_number_or_by_mark() {
        assert_eq!("12".parse(), Ok(Which::Question(12)));
        assert_eq!("mark:3".parse(), Ok(Which::Mark(3)));
        for bad in ["", "0", "-1", "mark:", "mark:x", "latest"] {
            assert!(bad.parse::<Which>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_row_shows_the_number_to_use_and_neutral_text() {
        let mark = QuestionMark {
            id: 3,
            note: "a\u{1b}[2Jb".into(),
            starred: true,
            ..QuestionMark::default()
        };
        let marked = MarkedQuestion {
            mark: Some(mark),
            text: "Why?".into(),
            topic: "rust".into(),
            level: 2,
            ..MarkedQuestion::default()
        };
        let row = row(&marked);
        assert!(row.starts_with("mark:3  Why? (rust, mid)\n    ★ starred · note: a"), "{row}");
        assert!(!row.contains('\u{1b}'), "{row}");
    }
}
