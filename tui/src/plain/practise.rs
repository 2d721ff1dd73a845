//! Practising the questions of an interview: new attempts, follow-ups, comparisons, the example.

use viva_proto::v1::{CompareAttemptsRequest, QuestionReport, Report};

use super::{Talk, console::say};
use crate::{
    cli::{self, Failure, Meanwhile},
    problem::{Problem, ProblemKind},
    text, words,
};

/// What you can do with a question.
#[derive(Clone, Copy)]
enum Practice {
    Answer,
    FollowUp,
    Compare,
    Example,
    Back,
}

impl Talk<'_> {
    /// Practises the questions of an interview until you go back.
    pub(super) async fn practise(&mut self, interview: i64) -> Result<(), Failure> {
        loop {
            let report = self.api.report(interview).await?;
            let mut choices: Vec<_> =
                report.questions.iter().map(|slot| (named(slot), Some(slot))).collect();
            choices.push(("Back".to_owned(), None));
            let Some(slot) = self.console.choose("Which question?", choices).await? else {
                return Ok(());
            };
            self.practise_question(&report, slot).await?;
        }
    }

    async fn practise_question(
        &mut self,
        report: &Report,
        slot: &QuestionReport,
    ) -> Result<(), Failure> {
        let question = slot.question.clone().unwrap_or_default();
        say(&format!("\n{}", question.text))?;
        let heading = format!("What do you want to do with question {}?", question.order);
        match self.console.choose(&heading, choices(slot)).await? {
            Practice::Answer => self.answer_again(report, question.id, slot).await,
            Practice::FollowUp => self.follow_up(report.interview_id, question.id).await,
            Practice::Compare => self.compare(question.id).await,
            Practice::Example => say(&text::neutral(example(slot))),
            Practice::Back => Ok(()),
        }
    }

    async fn answer_again(
        &mut self,
        report: &Report,
        question: i64,
        slot: &QuestionReport,
    ) -> Result<(), Failure> {
        let last = slot.answer.as_ref().map(|answer| answer.answer_text.clone());
        let begin_with = match last {
            None => String::new(),
            Some(last) => {
                let choices = vec![("A blank page", String::new()), ("Your last answer", last)];
                self.console.choose("What do you want to start from?", choices).await?
            }
        };
        self.answered(report, question, &begin_with).await.map(drop)
    }

    async fn follow_up(&mut self, interview: i64, question: i64) -> Result<(), Failure> {
        let mut meanwhile = Meanwhile::new(self.context);
        let added = self.api.add_follow_up(question);
        let added = meanwhile.during("Thinking of a follow-up…", added).await;
        drop(meanwhile);
        let follow_up = match added {
            Ok(added) => added.question.unwrap_or_default().id,
            Err(problem) => return refused(problem),
        };
        let report = self.api.report(interview).await?;
        let is_it = |slot: &&QuestionReport| {
            slot.question.as_ref().is_some_and(|question| question.id == follow_up)
        };
        match report.questions.iter().find(is_it) {
            Some(slot) => self.ask(&report, slot).await.map(drop),
            None => Ok(()),
        }
    }

    async fn compare(&mut self, question_id: i64) -> Result<(), Failure> {
        let request = CompareAttemptsRequest { question_id, ..CompareAttemptsRequest::default() };
        match self.api.compare_attempts(request).await {
            Ok(compared) => say(&cli::said_comparison(&compared)),
            Err(problem) => refused(problem),
        }
    }
}

/// Says why something is not available now; other faults end the conversation.
fn refused(problem: Problem) -> Result<(), Failure> {
    if problem.kind == ProblemKind::Precondition {
        return say(&text::sentence(&problem.message));
    }
    Err(problem.with_safe("Your answers are safe.").into())
}

/// A question with the result of its answer.
fn named(slot: &QuestionReport) -> String {
    let question = slot.question.clone().unwrap_or_default();
    let score = slot.answer.as_ref().and_then(words::answer_score);
    let state = match (&slot.answer, score) {
        (_, Some(score)) => format!("{} of 10, {}", words::score(score), words::band(score)),
        (Some(_), None) => "no score yet".to_owned(),
        (None, _) if question.shown.is_some() => "shown, no score".to_owned(),
        (None, _) => "not answered yet".to_owned(),
    };
    format!("{} ({state})", text::neutral_line(&question.text))
}

fn choices(slot: &QuestionReport) -> Vec<(&'static str, Practice)> {
    let answer = slot.answer.clone().unwrap_or_default();
    let is_evaluated = words::answer_score(&answer).is_some();
    let answer_it = if slot.answer.is_some() { "Answer it again" } else { "Answer it" };
    let all = [
        (true, answer_it, Practice::Answer),
        (is_evaluated, "Be asked a follow-up about your answer", Practice::FollowUp),
        (answer.attempt > 1, "Compare your last two attempts", Practice::Compare),
        (!example(slot).is_empty(), "Read an example of a good answer", Practice::Example),
        (true, "Back", Practice::Back),
    ];
    all.into_iter().filter(|(is_of_use, ..)| *is_of_use).map(|(_, name, it)| (name, it)).collect()
}

/// What a good answer says, once it may be read.
fn example(slot: &QuestionReport) -> &str {
    let shown = slot.question.as_ref().and_then(|question| question.shown.as_ref());
    let evaluation = slot.answer.as_ref().and_then(|answer| answer.evaluation.as_ref());
    let example = evaluation.map(|evaluation| evaluation.reference_answer.trim());
    example
        .filter(|text| !text.is_empty())
        .or(shown.map(|shown| shown.reference.trim()))
        .unwrap_or("")
}
