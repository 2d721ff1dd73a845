//! Handles the replies to effects.

use std::path::PathBuf;

use viva_proto::v1::{Answer, Interview, ListInterviewsResponse, Template};

use super::{
    challenge, dashboard, draft_rules, ending, interview, link, local_models, marks, new_interview,
    notes, opening, practice, preview, report, review, rows, sign_in, start,
};
use crate::{
    drafts::Kept,
    effect::Effect,
    model::{
        Model, Screen,
        link::{Account, LinkState},
        open::Change,
        preferences::Notifications,
    },
    msg::{Reply, WatchNews},
    problem::{Problem, ProblemKind},
    text, words,
};

/// Handles a reply.
pub(super) fn take(model: &mut Model, reply: Reply) -> Vec<Effect> {
    report::keep_page(model, |model| take_one(model, reply))
}

fn take_one(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Connected(account) => connected(model, account),
        Reply::Remark(notice) => {
            model.remark(notice);
            Vec::new()
        }
        Reply::Drafts(drafts) => take_drafts(model, drafts),
        Reply::DraftSaved(id, saved) => {
            draft_rules::saved(model, id, saved);
            Vec::new()
        }
        Reply::DraftRemoved(Ok(()))
        | Reply::ModelsDeclined(Ok(()))
        | Reply::SettingKept(Ok(()))
        | Reply::NoteRemoved(Ok(())) => Vec::new(),
        Reply::DraftRemoved(Err(problem)) => {
            model
                .complain(&problem.with_safe("A draft that is no longer needed is still on disk."));
            Vec::new()
        }
        Reply::SetAside(id, file) => {
            interview::set_aside(model, id, file);
            Vec::new()
        }
        Reply::NoteSaved(id, Ok(())) => {
            model.marks.notes.saved.insert(id);
            Vec::new()
        }
        Reply::Notes(notes) => notes::loaded(model, notes),
        Reply::NoteSaved(_, Err(problem)) | Reply::NoteRemoved(Err(problem)) => {
            model.complain(&problem.with_safe("Your note is still here, but it is not on disk."));
            Vec::new()
        }
        Reply::Marked(id, request, reply) => marks::marked(model, id, &request, reply),
        Reply::Marks { first, page } => marks::listed(model, first, page),
        Reply::Interviews { first, page } => take_interviews(model, first, page),
        Reply::KeptInterviews(page) => {
            take_kept(model, page);
            Vec::new()
        }
        Reply::KeptReport { turn, report } => {
            opening::kept(model, turn, *report);
            Vec::new()
        }
        Reply::RowChanged(interview) => rows::changed(model, interview),
        Reply::Memory(memory) => {
            review::counted(model, memory);
            Vec::new()
        }
        Reply::Reviews(reply) => review::loaded(model, reply),
        Reply::Reviewed(reply) => review::graded(model, reply),
        Reply::Progress(progress) => {
            // Optional, too.
            model.dashboard.progress = progress.ok().or(model.dashboard.progress.take());
            Vec::new()
        }
        Reply::Card(report) => {
            // The card is an extra: the list shows the interview, too.
            model.dashboard.card = report.ok();
            Vec::new()
        }
        Reply::Templates(templates) => take_templates(model, templates),
        Reply::Sample(report) => start::sample(model, report.map(|report| *report)),
        Reply::TemplateFaults(faults) => {
            model.remark(format!("Skipped among your templates: {}", faults.join("; ")));
            Vec::new()
        }
        Reply::Previewed { request, reply } => preview::take(model, &request, reply),
        Reply::AdvertRead { path, text } => {
            new_interview::topics_and_advert::file_read(model, &path, text)
        }
        Reply::Created(reply) => new_interview::created(model, reply),
        Reply::Report { turn, report } => opening::loaded(model, turn, report),
        Reply::Submitted(id, reply) => interview::submitted(model, id, reply),
        Reply::Watch { interview, news } => take_news(model, interview, news),
        Reply::Retried(reply) => retried(model, reply),
        Reply::Hint { question, number, reply } => practice::hinted(model, question, number, reply),
        Reply::AnswerShown(question, reply) => practice::shown(model, question, reply),
        Reply::Ended(reply) => ending::ended(model, reply.map(|interview| *interview)),
        Reply::FollowUp(question, reply) => practice::followed_up(model, question, reply),
        Reply::Compared(question, reply) => practice::compared(model, question, reply),
        Reply::Challenged(reply) => challenge::challenged(model, reply),
        Reply::Assessed(reply) => challenge::assessed(model, reply),
        Reply::Exported(reply) => exported(model, reply),
        Reply::Deleted(reply) => deleted(model, reply),
        Reply::SignedIn(reply) => sign_in::signed_in(model, reply),
        Reply::ModelsFound { all, models } => local_models::found(model, all, models),
        Reply::ModelTried(found, tried) => local_models::tried(model, &found, tried),
        Reply::SettingKept(Err(problem)) => {
            model.complain(&problem);
            Vec::new()
        }
        Reply::ModelsDeclined(Err(problem)) => {
            model.complain(&problem.with_safe("You will be asked again."));
            Vec::new()
        }
        Reply::ModelAdopted(found, file) => local_models::adopted(model, found, file),
        Reply::Died => died(model),
    }
}

fn died(model: &mut Model) -> Vec<Effect> {
    let problem = Problem::new(
        ProblemKind::Local,
        "Something went wrong. Please try again later. The log has more: viva doctor",
    );
    model.complain(&problem);
    Vec::new()
}

fn take_templates(model: &mut Model, templates: Result<Vec<Template>, Problem>) -> Vec<Effect> {
    let effects = link::heard(model, &templates);
    model.dashboard.starts.has_failed = templates.is_err();
    // Without templates, the form still accepts any role.
    model.templates = templates.ok().or(model.templates.take());
    effects
}

fn exported(model: &mut Model, reply: Result<PathBuf, Problem>) -> Vec<Effect> {
    let effects = link::heard(model, &reply);
    match reply {
        Ok(file) => model.remark(format!("Saved in {}", file.display())),
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) => model.complain(&problem.with_safe("No file was saved.")),
    }
    effects
}

fn deleted(model: &mut Model, reply: Result<(), Problem>) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    if let Err(problem) = reply
        && problem.kind != ProblemKind::NotFound
    {
        model.complain(&problem.with_safe("The interview is still there."));
    }
    effects.extend(list_again(model));
    effects
}

fn connected(model: &mut Model, account: Result<Account, Problem>) -> Vec<Effect> {
    match account {
        Ok(Account::Nobody) => sign_in::ask(model, None),
        Ok(account) => {
            let mut effects = sign_in::enter(model, account);
            effects.extend(local_models::look_once(model));
            effects
        }
        Err(problem) => {
            model.link.state = LinkState::Failed(problem);
            Vec::new()
        }
    }
}

fn take_drafts(model: &mut Model, kept: Result<Vec<Kept>, Problem>) -> Vec<Effect> {
    match kept {
        Ok(kept) => {
            let mut effects = draft_rules::take(model, kept);
            effects.extend(link::send_queued(model));
            effects
        }
        Err(problem) => {
            model.complain(&problem.with_safe("Earlier drafts are still on disk."));
            Vec::new()
        }
    }
}

fn take_interviews(
    model: &mut Model,
    first: bool,
    page: Result<ListInterviewsResponse, Problem>,
) -> Vec<Effect> {
    let mut effects = link::heard(model, &page);
    let dashboard = &mut model.dashboard;
    dashboard.loading = false;
    match page {
        Ok(page) => {
            let begins = !dashboard.loaded;
            put_interviews(model, first, page);
            if begins {
                select_unfinished(model);
            }
            if first {
                let unfinished = model.dashboard.unfinished().map(|interview| interview.id);
                effects.extend(unfinished.map(Effect::LoadCard));
                let has_scores = |it: &Interview| it.progress.is_some_and(|p| p.evaluated > 0);
                let is_scored = model.dashboard.interviews.iter().any(has_scores);
                if is_scored {
                    effects.push(Effect::LoadProgress);
                    effects.push(Effect::LoadMemory);
                }
                effects.extend(rows::watch(model));
            }
            if !model.dashboard.filter.is_blank() {
                effects.extend(dashboard::load_on(model));
            }
        }
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) => {
            // If the list is shown already, the title says that the server is unreachable.
            if !dashboard.interviews.is_empty() && !problem.is_offline() {
                model.complain(&problem);
            }
            model.dashboard.problem = Some(problem);
        }
    }
    effects
}

/// Shows the list as it was last loaded, unless something newer is known.
fn take_kept(model: &mut Model, page: ListInterviewsResponse) {
    if model.dashboard.loaded || page.interviews.is_empty() {
        return;
    }
    put_interviews(model, true, page);
    select_unfinished(model);
}

fn put_interviews(model: &mut Model, first: bool, page: ListInterviewsResponse) {
    let dashboard = &mut model.dashboard;
    dashboard.problem = None;
    dashboard.loaded = true;
    dashboard.next_page = Some(page.next_page_token).filter(|token| !token.is_empty());
    if first {
        dashboard.interviews = page.interviews;
    } else {
        // A new interview shifts the pages by one, so the last of one page may come again.
        let known = |id| dashboard.interviews.iter().any(|interview| interview.id == id);
        let new: Vec<_> = page.interviews.into_iter().filter(|i| !known(i.id)).collect();
        dashboard.interviews.extend(new);
    }
    let last = dashboard.visible().len().saturating_sub(1);
    dashboard.selected = dashboard.selected.min(last);
}

fn select_unfinished(model: &mut Model) {
    let Some(id) = model.dashboard.unfinished().map(|interview| interview.id) else {
        return;
    };
    let at = model.dashboard.visible().iter().position(|interview| interview.id == id);
    model.dashboard.selected = at.unwrap_or(0);
}

fn take_news(model: &mut Model, interview: i64, news: WatchNews) -> Vec<Effect> {
    let Some(open) = model.open.as_mut().filter(|open| open.id == interview) else {
        return Vec::new();
    };
    match news {
        WatchNews::Live => {
            open.watch_again_at = None;
            link::heard(model, &Ok(()))
        }
        WatchNews::Answer(answer) => take_answer(model, *answer),
        WatchNews::Lost { retry_ms, problem } => {
            let again = model.now.as_millisecond() + retry_ms;
            open.watch_again_at = jiff::Timestamp::from_millisecond(again).ok();
            if problem.needs_sign_in() {
                link::heard::<()>(model, &Err(problem))
            } else {
                Vec::new()
            }
        }
    }
}

fn retried(model: &mut Model, reply: Result<Box<Answer>, Problem>) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    match reply {
        Ok(answer) => {
            if let Some(open) = &mut model.open {
                open.asked_again.insert(answer.id, model.now);
            }
            effects.extend(take_answer(model, *answer));
        }
        Err(problem) if problem.needs_sign_in() => {}
        // It is no longer failed: the key was pressed twice, or another window was faster.
        Err(problem) if problem.kind == ProblemKind::Precondition => {
            effects.extend(opening::load(model));
        }
        Err(problem) => model.complain(&problem.with_safe("Your answer is stored.")),
    }
    effects
}

fn take_answer(model: &mut Model, answer: Answer) -> Vec<Effect> {
    let question = answer.question_id;
    let change = model.open.as_mut().map_or(Change::None, |open| open.put_answer(answer));
    let mut effects = interview::overtaken(model, question);
    if change != Change::Completed {
        return effects;
    }
    // Only the server computes the overall score.
    effects.extend(ready(model, question));
    effects.extend(behind_list(model));
    effects.extend(opening::load(model));
    effects
}

/// Handles an evaluation for the interview behind the list: reloads the list, and closes the
/// interview once none of its answers is being evaluated.
pub(super) fn behind_list(model: &mut Model) -> Vec<Effect> {
    let mut effects = list_again(model);
    let is_settled = model.open.as_ref().is_some_and(|open| open.pending() == 0);
    if model.screen == Screen::Dashboard && is_settled {
        model.open = None;
        effects.push(Effect::Unwatch);
    }
    effects
}

/// Announces an evaluation that arrived while the user was elsewhere.
fn ready(model: &Model, question: i64) -> Option<Effect> {
    let is_wanted = !model.has_focus && model.preferences.notifications != Notifications::Off;
    let open = model.open.as_ref().filter(|_| is_wanted)?;
    let report = open.report.as_ref()?;
    let role = text::neutral_line(&report.role);
    let is_last = open.evaluated() == open.questions().len();
    let score = open.answer_to(question).and_then(words::answer_score)?;
    let number = open.number_of(question);
    Some(Effect::Notify(if is_last {
        format!("The report is ready: {role}")
    } else {
        format!("Question {number}: {} {} · {role}", words::score(score), words::band(score))
    }))
}

/// Reloads the list if it is shown.
fn list_again(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Dashboard { link::refresh(model) } else { Vec::new() }
}
