//! The app line by line, for screen readers and for terminals that can only append: every line is
//! printed once and stays, choices have numbers, and nothing is redrawn.

mod answer;
mod console;
mod practise;
mod refine;
mod remove;
mod start;

use std::collections::BTreeSet;

use viva_proto::v1::{Interview, QuestionReport, Report};

use self::console::{Console, say};
use crate::{
    api::Api,
    cli::{self, Context, Failure},
    drafts::{DraftFolder, DraftId},
    timing::Held,
    unfinished::is_unfinished,
    words,
};

const WELCOME: &str = "\
Viva. Practise technical interviews; your answers are evaluated as you go.
Choose by typing a number and Enter; Enter alone takes the one in brackets.
While you answer, /help on a line of its own lists what you can do.
Ctrl+D quits at any time. What you submitted is stored, and what you typed is kept as a draft.";

/// What the conversation continues with.
enum Next {
    GoOn(i64),
    New,
    Report(i64),
    Practise(i64),
    Delete,
    Leave,
}

/// Talks until you leave, and returns the exit code.
pub(crate) async fn run(context: Context) -> u8 {
    cli::to_its_end(Box::pin(converse(&context)), &context).await
}

async fn converse(context: &Context) -> Result<(), Failure> {
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
            Next::Practise(id) => talk.practise(id).await?,
            Next::Delete => talk.delete().await?,
            Next::Leave => return Ok(()),
        }
    }
}

/// A conversation and what it needs.
struct Talk<'a> {
    api: &'a Api,
    console: Console,
    drafts: DraftFolder,
    /// The names of texts in other windows that you have been told of.
    told_of: BTreeSet<String>,
    context: &'a Context,
}

impl Talk<'_> {
    async fn choose_next(&mut self) -> Result<Next, Failure> {
        let interviews = self.api.list_interviews(String::new()).await?.interviews;
        let mut choices = Vec::new();
        if let Some(open) = interviews.iter().find(|interview| is_unfinished(interview)) {
            choices.push((format!("Continue {}", described(open)), Next::GoOn(open.id)));
        }
        choices.push(("Start a new interview".to_owned(), Next::New));
        if let Some(latest) = interviews.iter().find(|interview| is_begun(interview)) {
            let label = format!("Read the report of {}", described(latest));
            choices.push((label, Next::Report(latest.id)));
            let label = format!("Practise the answers of {}", described(latest));
            choices.push((label, Next::Practise(latest.id)));
        }
        if !interviews.is_empty() {
            choices.push(("Delete an interview".to_owned(), Next::Delete));
        }
        choices.push(("Quit".to_owned(), Next::Leave));
        self.console.choose("What next?", choices).await
    }

    /// Goes through the questions without an answer, including those added meanwhile, and then reads the
    /// report.
    async fn interview(&mut self, id: i64) -> Result<(), Failure> {
        let mut left = BTreeSet::new();
        loop {
            let report = self.api.report(id).await?;
            let is_open = |slot: &&QuestionReport| {
                is_to_be_answered(slot) && !left.contains(&question_id(slot))
            };
            if let Some(slot) = report.questions.iter().find(is_open) {
                if !self.ask(&report, slot).await? {
                    left.insert(question_id(slot));
                }
            } else if !report.feedback_withheld {
                return self.report(id).await;
            } else {
                match self.at_the_end().await? {
                    End::Now => drop(self.api.end_interview(id).await?),
                    End::GoOn => left.clear(),
                    End::Leave => return Ok(()),
                }
            }
        }
    }

    /// What to do in real mode once all remaining questions are left for later.
    async fn at_the_end(&mut self) -> Result<End, Failure> {
        let choices = vec![
            ("End the interview and read the report", End::Now),
            ("Continue with the questions that are left", End::GoOn),
            ("Leave it; the clock keeps running", End::Leave),
        ];
        self.console.choose("Questions are left. What next?", choices).await
    }

    async fn report(&mut self, id: i64) -> Result<(), Failure> {
        let mut report = self.api.report(id).await?;
        if Held::from(&report).has_ended() {
            // These evaluations have not been waited for yet.
            let mut meanwhile = cli::Meanwhile::new(self.context);
            for answer in report.questions.iter().filter_map(|slot| slot.answer.as_ref()) {
                let patience = Some(console::PATIENCE);
                cli::evaluated(self.api, answer.id, patience, &mut meanwhile).await?;
            }
            report = self.api.report(id).await?;
        }
        say("")?;
        cli::print_report(&report, &self.context.paper)
    }

    /// Asks a question and reads out the result of its answer; false if it is left for later.
    async fn ask(&mut self, report: &Report, slot: &QuestionReport) -> Result<bool, Failure> {
        let count = report.questions.len();
        let question = slot.question.clone().unwrap_or_default();
        let topic = match question.topic.as_str() {
            "" => String::new(),
            topic => format!(", {topic}"),
        };
        say(&format!("\nQuestion {} of {count}{topic}.\n{}", question.order, question.text))?;
        if let Some(left) = Held::from(report).left() {
            say(&left)?;
        }
        self.answered(report, question.id, "").await
    }

    /// Reads an answer and reads out its result; returns whether one was given.
    async fn answered(
        &mut self,
        report: &Report,
        question: i64,
        begin_with: &str,
    ) -> Result<bool, Failure> {
        let id = DraftId { interview: report.interview_id, question };
        let Some(answer) = self.answer(id, begin_with).await? else {
            return Ok(false);
        };
        if report.feedback_withheld {
            say("Stored.")?;
            return Ok(true);
        }
        say("Stored. It is being evaluated.")?;
        let mut meanwhile = cli::Meanwhile::new(self.context);
        let answer =
            cli::evaluated(self.api, answer, Some(console::PATIENCE), &mut meanwhile).await?;
        drop(meanwhile);
        let lines = cli::spoken::answer(&answer);
        self.context.paper.print(&lines)?;
        Ok(true)
    }
}

/// Whether a question has no answer yet, given or shown.
fn is_to_be_answered(slot: &QuestionReport) -> bool {
    let is_shown = slot.question.as_ref().is_some_and(|question| question.shown.is_some());
    slot.answer.is_none() && !is_shown
}

/// How an interview in real mode goes on without open questions.
enum End {
    Now,
    GoOn,
    Leave,
}

fn question_id(slot: &QuestionReport) -> i64 {
    slot.question.as_ref().map_or(0, |question| question.id)
}

fn is_begun(interview: &Interview) -> bool {
    interview.progress.unwrap_or_default().answered > 0
}

fn described(interview: &Interview) -> String {
    let progress = interview.progress.unwrap_or_default();
    let title = words::role_and_level(&interview.role, interview.level()).replace(" · ", ", ");
    format!("{title}, {} of {} answered", progress.answered, progress.questions)
}
