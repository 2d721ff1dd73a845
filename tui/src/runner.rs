//! Carries out effects, each in a task of its own, and sends back their replies.

mod accounts;
mod answers;
mod files;
mod local_models;
mod practice;
#[cfg(test)]
mod tests;

use self::local_models::on_disk;
use std::{collections::BTreeMap, future::Future, path::PathBuf, sync::Arc, time::Duration};

use secrecy::SecretString;
use tokio::{
    sync::{mpsc::UnboundedSender, watch},
    task::{AbortHandle, JoinHandle, JoinSet},
};
use viva_proto::v1;

use crate::{
    api::Api,
    drafts::{DraftFolder, DraftThread},
    effect::Effect,
    finder::Finder,
    local::{llm::LlmConfig, sample},
    model::dashboard::Row,
    msg::Reply,
    paths::Paths,
    problem::{Problem, ProblemKind},
    saved::{self, Rescued},
    server_url::ServerUrl,
    shelf::{self, Shelf},
    templates,
    watch::{follow, until_evaluated},
};

/// How many interviews the scores over time cover.
const TREND: i32 = 20;

/// How long the app's end waits for pending writes.
const PATIENCE: Duration = Duration::from_secs(3);

type Client = Option<Result<Api, Problem>>;

/// Carries out effects.
pub(crate) struct Runner {
    server: Option<ServerUrl>,
    key: Option<SecretString>,
    model: Option<LlmConfig>,
    finder: Option<Arc<Finder>>,
    paths: Arc<Paths>,
    // `None` until the server has been started or dialled; tasks that need it wait.
    client: watch::Sender<Client>,
    // What is loaded with a session is kept until the session ends.
    shelf: Option<Shelf>,
    draft_thread: DraftThread,
    replies: UnboundedSender<Reply>,
    // The app's end waits for these.
    writes: JoinSet<()>,
    watching: Option<AbortHandle>,
    // The watched rows of the list, by interview.
    rows: BTreeMap<i64, AbortHandle>,
    creating: Option<AbortHandle>,
    trying: Option<AbortHandle>,
}

impl Runner {
    /// A runner for a remote server with an API key, or for an embedded one with this model or with
    /// a finder of models. It uses the drafts for that server and sends its replies to `replies`.
    pub(crate) fn new(
        server: Option<ServerUrl>,
        key: Option<SecretString>,
        model: Option<LlmConfig>,
        finder: Option<Finder>,
        paths: Paths,
        drafts: DraftFolder,
        replies: UnboundedSender<Reply>,
    ) -> Self {
        let with_session = server.as_ref().filter(|_| key.is_none());
        let shelf = with_session.map(|server| Shelf::new(paths.shelf(server)));
        Self {
            server,
            key,
            shelf,
            model,
            finder: finder.map(Arc::new),
            paths: Arc::new(paths),
            client: watch::Sender::new(None),
            draft_thread: DraftThread::start(drafts),
            replies,
            writes: JoinSet::new(),
            watching: None,
            rows: BTreeMap::new(),
            creating: None,
            trying: None,
        }
    }

    /// Starts an effect. The loop carries out those of the terminal itself.
    pub(crate) fn start(&mut self, effect: Effect) {
        while self.writes.try_join_next().is_some() {}
        match effect {
            Effect::Connect => self.connect(),
            Effect::LoadDrafts => {
                let drafts = self.draft_thread.order(DraftFolder::load);
                self.load(async move { Reply::Drafts(drafts.await) });
                let notes = self.draft_thread.order(|folder| folder.notes().load());
                self.load(async move { Reply::Notes(notes.await) });
            }
            Effect::SaveNote(note) => {
                let id = note.id;
                let saved = self.draft_thread.order(move |folder| folder.notes().save(&note));
                self.write(async move { Reply::NoteSaved(id, saved.await) });
            }
            Effect::RemoveNote(id) => {
                let removed = self.draft_thread.order(move |folder| folder.notes().remove(id));
                self.write(async move { Reply::NoteRemoved(removed.await) });
            }
            Effect::SetMark(id, request) => {
                let (client, sent) = (self.client(), (*request).clone());
                self.write(async move {
                    let mark = async { client.await?.set_question_mark(sent).await };
                    Reply::Marked(id, request, mark.await)
                });
            }
            Effect::SaveDraft(draft) => {
                let id = draft.id;
                let saved = self.draft_thread.save(draft);
                self.write(async move { Reply::DraftSaved(id, saved.await) });
            }
            Effect::HoldDraft(kept) => {
                // The outcome is not awaited, because this cannot fail.
                drop(self.draft_thread.order(move |folder| {
                    folder.hold(kept);
                    Ok(())
                }));
            }
            Effect::SetAside(draft) => self.set_aside(draft),
            Effect::RemoveDraft(id) => {
                let removed = self.draft_thread.order(move |folder| folder.remove(id));
                self.write(async move { Reply::DraftRemoved(removed.await) });
            }
            Effect::Submit(draft) => self.submit(draft),
            Effect::SubmitReview(request) => {
                let client = self.client();
                self.write(async move {
                    let reply = async { client.await?.submit_review(*request).await }.await;
                    Reply::Reviewed(reply.map(Box::new))
                });
            }
            Effect::Delete(id) => self.delete(id),
            Effect::Create(request) => self.create(*request),
            Effect::StopCreating => self.stop_creating(),
            Effect::Watch(interview) => self.watch(interview),
            Effect::WatchRows(rows) => self.watch_rows(rows),
            Effect::Unwatch => self.unwatch(),
            Effect::FindModels { all } => self.find_models(all),
            Effect::TryModel(found) => self.try_model(found),
            Effect::StopTrying => self.stop_trying(),
            Effect::DeclineModels(models) => self.decline_models(models),
            Effect::AdoptModel(found) => self.adopt_model(found),
            Effect::UseModel(found) => self.use_model(&found),
            Effect::SignIn { username, password } => self.sign_in(username, None, password),
            Effect::Register { username, email, password } => {
                self.sign_in(username, Some(email), password);
            }
            other => self.ask(other),
        }
    }

    /// Waits for pending writes, then stops the server. Returns texts that could not be kept as
    /// drafts, or the files that they were saved in.
    pub(crate) async fn finish(mut self) -> Vec<Rescued> {
        self.unwatch();
        self.watch_rows(Vec::new());
        let writes = async { while self.writes.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, writes).await.is_err() {
            tracing::warn!("ended before everything was sent; it is kept and sent next time");
        }
        let unsaved = self.draft_thread.finish().await;
        let [here, data] = self.folders();
        let rescued = saved::rescue(&[data, here, std::env::temp_dir()], unsaved);
        let client = self.client.borrow().clone();
        if let Some(Ok(api)) = client {
            api.access().shutdown().await;
        }
        rescued
    }

    /// Starts an effect that only asks the server.
    fn ask(&mut self, effect: Effect) {
        let client = self.client();
        match effect {
            Effect::LoadInterviews(token) => {
                let (shelf, replies) = (self.shelf.clone(), self.replies.clone());
                self.load(async move {
                    let first = token.is_empty();
                    let page = async { client.await?.list_interviews(token).await }.await;
                    if let Some(shelf) = shelf.filter(|_| first)
                        && let Some(kept) = shelf.settle(shelf::list(), &page).await
                    {
                        // The receiving loop may have ended.
                        let _ = replies.send(Reply::KeptInterviews(kept));
                    }
                    Reply::Interviews { first, page }
                });
            }
            Effect::LoadMarks(token) => self.load(async move {
                let first = token.is_empty();
                let page = async { client.await?.list_question_marks(token).await };
                Reply::Marks { first, page: page.await }
            }),
            Effect::LoadMemory => {
                self.load(async { Reply::Memory(async { client.await?.memory().await }.await) });
            }
            Effect::LoadReviews(mode) => self.load(async move {
                Reply::Reviews(async { client.await?.reviews(mode, false).await }.await)
            }),
            Effect::LoadProgress => self.load(async {
                Reply::Progress(async { client.await?.progress(TREND).await }.await)
            }),
            Effect::LoadCard(id) => self
                .load(async move { Reply::Card(async { client.await?.report(id).await }.await) }),
            Effect::LoadReport { interview, turn } => {
                let (shelf, replies) = (self.shelf.clone(), self.replies.clone());
                self.load(async move {
                    let report = async { client.await?.report(interview).await }.await;
                    if let Some(shelf) = shelf
                        && let Some(kept) = shelf.settle(shelf::report(interview), &report).await
                    {
                        // The receiving loop may have ended.
                        let _ = replies.send(Reply::KeptReport { turn, report: Box::new(kept) });
                    }
                    Reply::Report { turn, report }
                });
            }
            Effect::LoadTemplates => {
                let (folder, replies) = (self.paths.templates(), self.replies.clone());
                self.load(async move {
                    let all = async { client.await?.list_templates().await }.await;
                    let own = templates::read_folder(&folder);
                    if !own.faults.is_empty() {
                        // The receiving loop may have ended.
                        let _ = replies.send(Reply::TemplateFaults(own.faults));
                    }
                    let own = own.templates.into_iter();
                    Reply::Templates(all.map(|all| own.chain(all).collect()))
                });
            }
            Effect::LoadSample => self.load(async {
                let report = on_disk(|| sample::report(jiff::Timestamp::now())).await;
                Reply::Sample(report.map(Box::new))
            }),
            Effect::Preview(request) => self.load(async move {
                let reply = async { client.await?.preview_interview(*request.clone()).await };
                Reply::Previewed { reply: reply.await.map(Box::new), request }
            }),
            Effect::Retry(answer) => self.load(async move {
                let answer = async { client.await?.retry_evaluation(answer).await }.await;
                Reply::Retried(answer.map(Box::new))
            }),
            Effect::Hint { question, number } => self.hint(question, number),
            Effect::ShowAnswer(question) => self.show_answer(question),
            Effect::End(interview) => self.end(interview),
            Effect::FollowUp(question) => self.follow_up(question),
            Effect::Compare { question, attempt } => self.compare(question, attempt),
            Effect::Challenge(request) => self.challenge(*request),
            Effect::AssessPoint(request) => self.assess_point(request),
            Effect::ReadAdvert(path) => self.read_advert(path),
            Effect::Export(id) => self.export(id),
            Effect::KeepSetting { setting, value } => self.keep_setting(setting, value),
            other => tracing::error!(effect = ?other, "an effect that nobody carries out"),
        }
    }

    /// Where files are saved for the user: the current folder, or the app's data folder.
    fn folders(&self) -> [PathBuf; 2] {
        let here = std::path::absolute(".").unwrap_or_else(|_| PathBuf::from("."));
        [here, self.paths.data.clone()]
    }

    fn create(&mut self, request: v1::CreateInterviewRequest) {
        let client = self.client();
        let work = tokio::spawn(async move {
            Reply::Created(async { client.await?.create_interview(request).await }.await)
        });
        self.creating = Some(work.abort_handle());
        self.writes.spawn(pass_on(work, self.replies.clone()));
    }

    /// Cancels the request for a new interview. If the server has created it already, it stays.
    fn stop_creating(&mut self) {
        if let Some(work) = self.creating.take() {
            work.abort();
        }
    }

    fn watch(&mut self, interview: i64) {
        self.unwatch();
        let (client, replies) = (self.client(), self.replies.clone());
        let task = tokio::spawn(async move {
            if let Ok(api) = client.await {
                let tell = |news| {
                    // The receiving loop may have ended.
                    let _ = replies.send(Reply::Watch { interview, news });
                };
                follow(api, interview, tell).await;
            }
        });
        self.watching = Some(task.abort_handle());
    }

    fn watch_rows(&mut self, rows: Vec<Row>) {
        self.rows.retain(|interview, task| {
            let is_wanted = rows.iter().any(|row| row.interview == *interview);
            if !is_wanted {
                task.abort();
            }
            is_wanted && !task.is_finished()
        });
        for row in rows {
            if self.rows.contains_key(&row.interview) {
                continue;
            }
            let (client, replies) = (self.client(), self.replies.clone());
            let task = tokio::spawn(async move {
                if let Ok(api) = client.await {
                    // The receiving loop may have ended.
                    let tell = || drop(replies.send(Reply::RowChanged(row.interview)));
                    until_evaluated(api, row, tell).await;
                }
            });
            self.rows.insert(row.interview, task.abort_handle());
        }
    }

    fn unwatch(&mut self) {
        if let Some(task) = self.watching.take() {
            task.abort();
        }
    }

    /// Returns the client, once there is one.
    fn client(&self) -> impl Future<Output = Result<Api, Problem>> + Send + use<> {
        let mut client = self.client.subscribe();
        async move {
            let found = client.wait_for(Option::is_some).await;
            found
                .ok()
                .and_then(|client| client.clone())
                .unwrap_or_else(|| Err(Problem::new(ProblemKind::Unavailable, "Viva is closing.")))
        }
    }

    /// Starts work that the app's end does not wait for.
    fn load(&self, work: impl Future<Output = Reply> + Send + 'static) {
        tokio::spawn(report(work, self.replies.clone()));
    }

    /// Starts work that the app's end waits for.
    fn write(&mut self, work: impl Future<Output = Reply> + Send + 'static) {
        self.writes.spawn(report(work, self.replies.clone()));
    }
}

/// Sends the reply of some work; a panic is reported, too.
async fn report(
    work: impl Future<Output = Reply> + Send + 'static,
    replies: UnboundedSender<Reply>,
) {
    pass_on(tokio::spawn(work), replies).await;
}

async fn pass_on(work: JoinHandle<Reply>, replies: UnboundedSender<Reply>) {
    let reply = match work.await {
        Ok(reply) => reply,
        // It was cancelled, so no reply is awaited.
        Err(error) if error.is_cancelled() => return,
        Err(error) => {
            tracing::error!(%error, "an effect died");
            Reply::Died
        }
    };
    // The receiving loop may have ended.
    let _ = replies.send(reply);
}
