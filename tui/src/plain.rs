//! The app as a conversation, for screen readers and for terminals that can only go on: every line
//! is printed once and stays, choices have numbers, and nothing is drawn over.

mod answer;
mod console;
mod start;

use std::collections::BTreeSet;

use viva_proto::v1::{Interview, QuestionReport};

use self::console::{Console, say};
use crate::{
    api::Api,
    cli::{self, Context, Failure},
    drafts::DraftFolder,
    words,
};

const WELCOME: &str = "\
Viva. Practise technical interviews; your answers are evaluated as you go.
Choose by typing a number and Enter; Enter alone takes the one in brackets.
Ctrl+D leaves at any time. What you submitted is stored, and what you typed is kept as a draft.";

/// What the conversation goes on with.
enum Next {
    GoOn(i64),
    New,
    Report(i64),
    Leave,
}

/// Talks until somebody has had enough.
pub(crate) async fn converse(context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let mut talk = Talk {
        api,
        console: Console::open(),
        drafts: DraftFolder::new(context.paths.drafts(context.settings.server.as_ref())),
        told_of: BTreeSet::new(),
        context,
    };
    say(WELCOME)?;
    loop {
        talk.console.may_end = true;
        let next = talk.choose_next().await?;
        talk.console.may_end = false;
        match next {
            Next::GoOn(id) => talk.interview(id).await?,
            Next::New => {
                let id = talk.new_interview().await?;
                talk.interview(id).await?;
            }
            Next::Report(id) => talk.report(id).await?,
            Next::Leave => return Ok(()),
        }
    }
}

/// A conversation and what it needs.
struct Talk<'a> {
    api: &'a Api,
    console: Console,
    drafts: DraftFolder,
    /// The texts of other windows that were told of.
    told_of: BTreeSet<String>,
    context: &'a Context,
}

impl Talk<'_> {
    async fn choose_next(&mut self) -> Result<Next, Failure> {
        let interviews = self.api.list_interviews(String::new()).await?.interviews;
        let mut choices = Vec::new();
        if let Some(open) = interviews.iter().find(|interview| is_open(interview)) {
            choices.push((format!("Go on with {}", described(open)), Next::GoOn(open.id)));
        }
        choices.push(("Start a new interview".to_owned(), Next::New));
        if let Some(latest) = interviews.iter().find(|interview| is_begun(interview)) {
            let label = format!("Read the report of {}", described(latest));
            choices.push((label, Next::Report(latest.id)));
        }
        choices.push(("Leave".to_owned(), Next::Leave));
        self.console.choose("What next?", choices).await
    }

    /// Goes through the questions that have no answer yet, and then reads the report.
    async fn interview(&mut self, id: i64) -> Result<(), Failure> {
        let questions = self.api.report(id).await?.questions;
        let count = questions.len();
        for slot in questions.iter().filter(|slot| slot.answer.is_none()) {
            self.ask(id, slot, count).await?;
        }
        self.report(id).await
    }

    async fn report(&mut self, id: i64) -> Result<(), Failure> {
        let report = self.api.report(id).await?;
        say("")?;
        cli::print_report(&report, &self.context.paper)
    }

    /// Puts a question, and what became of the answer after it.
    async fn ask(&mut self, id: i64, slot: &QuestionReport, count: usize) -> Result<(), Failure> {
        let question = slot.question.clone().unwrap_or_default();
        let topic = match question.topic.as_str() {
            "" => String::new(),
            topic => format!(", {topic}"),
        };
        say(&format!("\nQuestion {} of {count}{topic}.\n{}", question.order, question.text))?;
        let Some(answer) = self.answer(id, question.id).await? else {
            return Ok(());
        };
        say("Stored. It is being evaluated.")?;
        let mut meanwhile = cli::Meanwhile::new(self.context);
        let answer =
            cli::evaluated(self.api, answer, Some(console::PATIENCE), &mut meanwhile).await?;
        drop(meanwhile);
        let lines = cli::spoken::answer(&answer);
        self.context.paper.print(&lines)
    }
}

fn is_open(interview: &Interview) -> bool {
    let progress = interview.progress.unwrap_or_default();
    progress.answered < progress.questions
}

fn is_begun(interview: &Interview) -> bool {
    interview.progress.unwrap_or_default().answered > 0
}

fn described(interview: &Interview) -> String {
    let progress = interview.progress.unwrap_or_default();
    let title = words::role_and_level(&interview.role, interview.level()).replace(" · ", ", ");
    format!("{title}, {} of {} answered", progress.answered, progress.questions)
}
