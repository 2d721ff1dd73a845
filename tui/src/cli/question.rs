//! `viva question`: a private note on a question, a star, whether to be asked it again.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand};
use viva_proto::v1::{
    ListQuestionMarksResponse, MarkedQuestion, QuestionMark, QuestionWish, SetQuestionMarkRequest,
    SetQuestionMarkResponse,
};

use super::{Context, Exit, Failure, input, json, paper};
use crate::{
    problem::{Problem, ProblemKind},
    text::{neutral, neutral_line},
    words,
};

const NOTE_EXAMPLES: &str = "\
A new note takes the place of the one there is; an empty one takes it away.

Examples:
  viva question note 12 \"Say what it costs\"
  viva question note 12 --file note.txt
  viva question note 12 -                       from standard input
  viva question note 12 \"\"                      take it away";

/// What can be done with questions.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the questions that you starred or noted, or want again or not
    List(ListArguments),
    /// Give a question a star
    Star(ToggleArguments),
    /// Write a note on a question for yourself
    Note(NoteArguments),
    /// Never be asked a question again
    Skip(ToggleArguments),
    /// Be asked a question in the next interview that it fits
    Again(ToggleArguments),
}

/// Nothing but the flags that hold everywhere.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  viva question list --json | jq -r '.questions[] | select(.mark.starred).text'"
)]
pub(crate) struct ListArguments {}

/// Which question, and whether to take it back.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva question star 12\n  viva question skip 12\n  viva question again 12 --off"
)]
pub(crate) struct ToggleArguments {
    /// The number of a question, or `mark:NUMBER`, as `viva question list` and `viva interview show`
    /// have it
    #[arg(value_name = "ID")]
    which: Which,

    /// Take it back
    #[arg(long)]
    off: bool,
}

/// Which question, and the note.
#[derive(Debug, Args)]
#[command(after_help = NOTE_EXAMPLES)]
pub(crate) struct NoteArguments {
    /// The number of a question, or `mark:NUMBER`, as `viva question list` and `viva interview show`
    /// have it
    #[arg(value_name = "ID")]
    which: Which,

    /// The note, at most 4,000 characters; `-` reads it from standard input
    #[arg(value_name = "TEXT", required_unless_present = "file", conflicts_with = "file")]
    text: Option<String>,

    /// Read the note from a file
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// A question as it is named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// The question with this number.
    Question(i64),
    /// The one with this mark: it is deleted itself.
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
    /// A request that names it and changes nothing.
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
                format!("There is no question {id}. `viva interview show` has their numbers."),
            ),
            (ProblemKind::NotFound, Self::Mark(id)) => Failure::new(
                Exit::NotFound,
                format!("There is no mark {id}. `viva question list` shows those there are."),
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
    let (which, request) = match command {
        Command::List(_) => return list(context).await,
        Command::Star(arguments) => {
            let starred = Some(!arguments.off);
            (arguments.which, SetQuestionMarkRequest { starred, ..arguments.which.request() })
        }
        Command::Note(arguments) => {
            let note = Some(note(&arguments).await?);
            (arguments.which, SetQuestionMarkRequest { note, ..arguments.which.request() })
        }
        Command::Skip(arguments) => (arguments.which, wish(&arguments, QuestionWish::NotAgain)),
        Command::Again(arguments) => (arguments.which, wish(&arguments, QuestionWish::AgainSoon)),
    };
    let mark = context.api().await?.set_question_mark(request).await;
    let mark = mark.map_err(|problem| which.failure(problem))?;
    if context.json {
        return json::print_reply(&SetQuestionMarkResponse { mark: Some(mark) });
    }
    paper::out(&format!("{}\n", said(&mark)))
}

async fn note(arguments: &NoteArguments) -> Result<String, Failure> {
    let text = match (&arguments.text, &arguments.file) {
        (Some(text), _) if text != "-" => return Ok(text.clone()),
        (Some(_), _) => input::text_of(&PathBuf::from("-")).await?,
        (None, Some(file)) => input::text_of(file).await?,
        (None, None) => String::new(),
    };
    // A file ends with a line feed that nobody wrote.
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

/// Everything that is noted of a question now.
fn said(mark: &QuestionMark) -> String {
    let mut parts = vec![words::mark(mark)];
    if !mark.note.is_empty() {
        parts.push(format!("note: {}", neutral(&mark.note)));
    }
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() { "Nothing is noted of it.".to_owned() } else { parts.join(" · ") }
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

/// A question: its number, what is asked, and what is noted of it.
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
    fn a_question_is_named_by_its_number_or_its_mark() {
        assert_eq!("12".parse(), Ok(Which::Question(12)));
        assert_eq!("mark:3".parse(), Ok(Which::Mark(3)));
        for bad in ["", "0", "-1", "mark:", "mark:x", "latest"] {
            assert!(bad.parse::<Which>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_row_names_what_can_be_named_and_is_harmless() {
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
