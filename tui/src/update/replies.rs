//! Takes in the replies to effects.

use viva_proto::v1::{Answer, ListInterviewsResponse};

use super::{
    dashboard, drafts, interview, link, local_models, marks, new_interview, notes, opening,
    preview, sign_in,
};
use crate::{
    drafts::Kept,
    effect::Effect,
    model::{
        Model, Screen,
        link::LinkState,
        open::{Change, Open},
    },
    msg::{Account, Reply, WatchNews},
    problem::{Problem, ProblemKind},
};

/// Takes a reply in.
pub(super) fn take(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Connected(account) => connected(model, account),
        Reply::Told(notice) => {
            model.remark(notice);
            Vec::new()
        }
        Reply::Drafts(drafts) => take_drafts(model, drafts),
        Reply::DraftSaved(id, saved) => {
            drafts::saved(model, id, saved);
            Vec::new()
        }
        Reply::DraftRemoved(Ok(()))
        | Reply::ModelsDeclined(Ok(()))
        | Reply::NoteRemoved(Ok(())) => Vec::new(),
        Reply::DraftRemoved(Err(problem)) => {
            model.complain(&problem.with_safe("A draft that is none any more is still on disk."));
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
            model.complain(&problem.with_safe("The note is still here; it is not on disk."));
            Vec::new()
        }
        Reply::Marked(id, request, reply) => marks::marked(model, id, &request, reply),
        Reply::Marks { first, page } => marks::listed(model, first, page),
        Reply::Interviews { first, page } => take_interviews(model, first, page),
        Reply::Card(report) => {
            // The card is an extra: without it the list says the same.
            model.dashboard.card = report.ok();
            Vec::new()
        }
        Reply::Templates(templates) => {
            let effects = link::heard(model, &templates);
            // Without templates the form still takes any role.
            model.templates = templates.ok().or(model.templates.take());
            effects
        }
        Reply::TemplateFaults(faults) => {
            model.remark(format!("Left out of your templates: {}", faults.join("; ")));
            Vec::new()
        }
        Reply::Previewed { request, reply } => preview::take(model, &request, reply),
        Reply::Created(reply) => new_interview::created(model, reply),
        Reply::Report { turn, report } => opening::loaded(model, turn, report),
        Reply::Submitted(id, reply) => interview::submitted(model, id, reply),
        Reply::Watch { interview, news } => take_news(model, interview, news),
        Reply::Retried(reply) => retried(model, reply),
        Reply::Exported(reply) => {
            let effects = link::heard(model, &reply);
            match reply {
                Ok(file) => model.remark(format!("Saved in {}", file.display())),
                Err(problem) if problem.needs_sign_in() => {}
                Err(problem) => model.complain(&problem.with_safe("No file was saved.")),
            }
            effects
        }
        Reply::Deleted(reply) => {
            let mut effects = link::heard(model, &reply);
            if let Err(problem) = reply
                && problem.kind != ProblemKind::NotFound
            {
                model.complain(&problem.with_safe("The interview is still there."));
            }
            effects.extend(list_again(model));
            effects
        }
        Reply::SignedIn(reply) => sign_in::signed_in(model, reply),
        Reply::ModelsFound { all, models } => local_models::found(model, all, models),
        Reply::ModelTried(found, tried) => local_models::tried(model, &found, tried),
        Reply::ModelsDeclined(Err(problem)) => {
            model.complain(&problem.with_safe("You will be asked again."));
            Vec::new()
        }
        Reply::ModelAdopted(found, file) => local_models::adopted(model, found, file),
        Reply::Died => {
            let problem = Problem::new(
                ProblemKind::Local,
                "Something went wrong. Please try again later. The log has more: viva doctor",
            );
            model.complain(&problem);
            Vec::new()
        }
    }
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
            let mut effects = drafts::take(model, kept);
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
            }
            if !model.dashboard.filter.is_blank() {
                effects.extend(dashboard::load_on(model));
            }
        }
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) => {
            // Over a list that is there already, being offline is said in the title.
            if !dashboard.interviews.is_empty() && !problem.is_offline() {
                model.complain(&problem);
            }
            model.dashboard.problem = Some(problem);
        }
    }
    effects
}

fn put_interviews(model: &mut Model, first: bool, page: ListInterviewsResponse) {
    let dashboard = &mut model.dashboard;
    dashboard.problem = None;
    dashboard.loaded = true;
    dashboard.next_page = Some(page.next_page_token).filter(|token| !token.is_empty());
    if first {
        dashboard.interviews = page.interviews;
    } else {
        // A new interview moves the pages by one, so the last of one may come again.
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
        // It has not failed any more: the key was pressed twice, or somebody else was quicker.
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
    // The overall score is the server's to compute.
    effects.extend(opening::load(model));
    effects.extend(list_again(model));
    if model.screen == Screen::Dashboard && model.open.as_ref().map(Open::pending) == Some(0) {
        model.open = None;
        effects = list_again(model);
        effects.push(Effect::Unwatch);
    }
    effects
}

/// Loads the list anew where it is shown.
fn list_again(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Dashboard { link::refresh(model) } else { Vec::new() }
}
