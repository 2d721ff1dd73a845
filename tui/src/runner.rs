//! Carries effects out, each in a task of its own, and sends back what came of them.

mod local_models;
#[cfg(test)]
mod tests;

use std::{future::Future, path::PathBuf, sync::Arc, time::Duration};

use secrecy::SecretString;
use tokio::{
    sync::{mpsc::UnboundedSender, watch},
    task::{AbortHandle, JoinHandle, JoinSet},
};
use viva_proto::v1;

use crate::{
    api::Api,
    connect::connect,
    discovery::finder::Finder,
    drafts::{Draft, DraftFolder},
    effect::{Effect, Password},
    journal::JournalWriter,
    local::model::ModelConfig,
    msg::{Account, Reply},
    paths::Paths,
    problem::{Problem, ProblemKind},
    saved::{self, Rescued},
    server_url::ServerUrl,
    templates,
    watch::follow,
};

/// How long ending waits for what is still being written.
const PATIENCE: Duration = Duration::from_secs(3);

type Client = Option<Result<Api, Problem>>;

/// What effects are carried out with.
pub(crate) struct Runner {
    server: Option<ServerUrl>,
    key: Option<SecretString>,
    model: Option<ModelConfig>,
    finder: Option<Arc<Finder>>,
    paths: Arc<Paths>,
    // None until the server has been started or dialled; whoever needs it waits.
    client: watch::Sender<Client>,
    journal: JournalWriter,
    replies: UnboundedSender<Reply>,
    // What ending waits for.
    writes: JoinSet<()>,
    watching: Option<AbortHandle>,
    creating: Option<AbortHandle>,
    trying: Option<AbortHandle>,
}

impl Runner {
    /// A runner for one server and an API key there, or an embedded one with that model or with what
    /// finds one, with the drafts for it, that sends its replies there.
    pub(crate) fn new(
        server: Option<ServerUrl>,
        key: Option<SecretString>,
        model: Option<ModelConfig>,
        finder: Option<Finder>,
        paths: Paths,
        drafts: DraftFolder,
        replies: UnboundedSender<Reply>,
    ) -> Self {
        Self {
            server,
            key,
            model,
            finder: finder.map(Arc::new),
            paths: Arc::new(paths),
            client: watch::Sender::new(None),
            journal: JournalWriter::start(drafts),
            replies,
            writes: JoinSet::new(),
            watching: None,
            creating: None,
            trying: None,
        }
    }

    /// Begins an effect. Those of the terminal itself are the loop's, and are not known here.
    pub(crate) fn start(&mut self, effect: Effect) {
        while self.writes.try_join_next().is_some() {}
        match effect {
            Effect::Connect => self.connect(),
            Effect::LoadDrafts => {
                let drafts = self.journal.order(DraftFolder::load);
                self.load(async move { Reply::Drafts(drafts.await) });
                let notes = self.journal.order(|folder| folder.notes().load());
                self.load(async move { Reply::Notes(notes.await) });
            }
            Effect::SaveNote(note) => {
                let id = note.id;
                let saved = self.journal.order(move |folder| folder.notes().save(&note));
                self.write(async move { Reply::NoteSaved(id, saved.await) });
            }
            Effect::RemoveNote(id) => {
                let removed = self.journal.order(move |folder| folder.notes().remove(id));
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
                let saved = self.journal.save(draft);
                self.write(async move { Reply::DraftSaved(id, saved.await) });
            }
            Effect::HoldDraft(kept) => {
                // Nobody waits for the outcome: nothing can fail.
                drop(self.journal.order(move |folder| {
                    folder.hold(kept);
                    Ok(())
                }));
            }
            Effect::SetAside(draft) => self.set_aside(draft),
            Effect::RemoveDraft(id) => {
                let removed = self.journal.order(move |folder| folder.remove(id));
                self.write(async move { Reply::DraftRemoved(removed.await) });
            }
            Effect::Submit(draft) => self.submit(draft),
            Effect::Delete(id) => self.delete(id),
            Effect::Create(request) => self.create(*request),
            Effect::StopCreating => self.stop_creating(),
            Effect::Watch(interview) => self.watch(interview),
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

    /// Waits for what is being written, then stops the server. Gives the files that texts were saved in
    /// which could not be kept as drafts, or these texts themselves.
    pub(crate) async fn finish(mut self) -> Vec<Rescued> {
        self.unwatch();
        let writes = async { while self.writes.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, writes).await.is_err() {
            tracing::warn!("ended before everything was sent; it is kept and sent next time");
        }
        let unsaved = self.journal.finish().await;
        let [here, data] = self.folders();
        let rescued = saved::rescue(&[data, here, std::env::temp_dir()], unsaved);
        let client = self.client.borrow().clone();
        if let Some(Ok(api)) = client {
            api.access().shutdown().await;
        }
        rescued
    }

    /// What only asks the server.
    fn ask(&mut self, effect: Effect) {
        let client = self.client();
        match effect {
            Effect::LoadInterviews(token) => self.load(async move {
                let first = token.is_empty();
                let page = async { client.await?.list_interviews(token).await };
                Reply::Interviews { first, page: page.await }
            }),
            Effect::LoadMarks(token) => self.load(async move {
                let first = token.is_empty();
                let page = async { client.await?.list_question_marks(token).await };
                Reply::Marks { first, page: page.await }
            }),
            Effect::LoadCard(id) => self
                .load(async move { Reply::Card(async { client.await?.report(id).await }.await) }),
            Effect::LoadReport { interview, turn } => self.load(async move {
                let report = async { client.await?.report(interview).await }.await;
                Reply::Report { turn, report }
            }),
            Effect::LoadTemplates => {
                let (folder, replies) = (self.paths.templates(), self.replies.clone());
                self.load(async move {
                    let all = async { client.await?.list_templates().await }.await;
                    let own = templates::read_folder(&folder);
                    if !own.faults.is_empty() {
                        // The loop has ended when nobody hears of it.
                        let _ = replies.send(Reply::TemplateFaults(own.faults));
                    }
                    let own = own.templates.into_iter();
                    Reply::Templates(all.map(|all| own.chain(all).collect()))
                });
            }
            Effect::Preview(request) => self.load(async move {
                let reply = async { client.await?.preview_interview(*request.clone()).await };
                Reply::Previewed { reply: reply.await.map(Box::new), request }
            }),
            Effect::Retry(answer) => self.load(async move {
                let answer = async { client.await?.retry_evaluation(answer).await }.await;
                Reply::Retried(answer.map(Box::new))
            }),
            Effect::Export(id) => {
                let folders = self.folders();
                self.load(async move {
                    let saved = async { export(&client.await?, id, &folders).await };
                    Reply::Exported(saved.await)
                });
            }
            other => tracing::error!(effect = ?other, "an effect that nobody carries out"),
        }
    }

    /// Where a file is saved for the user: where the app was started, or among its data.
    fn folders(&self) -> [PathBuf; 2] {
        let here = std::path::absolute(".").unwrap_or_else(|_| PathBuf::from("."));
        [here, self.paths.data.clone()]
    }

    fn connect(&mut self) {
        let before = self.client.send_replace(None);
        let (server, key) = (self.server.clone(), self.key.clone());
        let (model, paths) = (self.model.clone(), self.paths.clone());
        let client = self.client.clone();
        self.load(async move {
            // The embedded server that another is to take the place of.
            if let Some(Ok(api)) = before {
                api.access().shutdown().await;
            }
            let outcome = connect(server.as_ref(), key.as_ref(), model.as_ref(), &paths).await;
            client.send_replace(Some(outcome.clone()));
            Reply::Connected(match outcome {
                Ok(api) => Ok(account(&api).await),
                Err(problem) => Err(problem),
            })
        });
    }

    /// Journals the answer, submits it, and drops it from the journal once the server has it.
    fn submit(&mut self, draft: Draft) {
        let (client, journal) = (self.client(), self.journal.clone());
        let id = draft.id;
        let request = v1::SubmitAnswerRequest {
            interview_id: id.interview,
            question_id: id.question,
            answer_text: draft.text.clone(),
            idempotency_key: draft.key.clone(),
            duration_ms: draft.elapsed_ms,
        };
        let journalled = journal.save(draft);
        self.write(async move {
            // A full disk must not keep an answer from the server.
            if let Err(problem) = journalled.await {
                tracing::warn!(problem = problem.message, "an answer is sent without a draft");
            }
            let sent = async { client.await?.submit_answer(request).await }.await;
            if sent.is_ok() {
                journal.is_elsewhere(id);
                let _ = journal.order(move |folder| folder.remove(id)).await;
            }
            Reply::Submitted(id, sent.map(|reply| reply.answer_id))
        });
    }

    /// Saves the text of a draft as a file of its own, and only then removes the draft.
    fn set_aside(&mut self, draft: Draft) {
        let (folders, id) = (self.folders(), draft.id);
        let saved = self.journal.order(move |folder| {
            let file = saved::save_text(&folders, &draft)?;
            folder.remove(id)?;
            Ok(file)
        });
        self.write(async move { Reply::SetAside(id, saved.await) });
    }

    fn create(&mut self, request: v1::CreateInterviewRequest) {
        let client = self.client();
        let work = tokio::spawn(async move {
            Reply::Created(async { client.await?.create_interview(request).await }.await)
        });
        self.creating = Some(work.abort_handle());
        self.writes.spawn(pass_on(work, self.replies.clone()));
    }

    /// Drops the request for a new interview. One that the server has made by now stays made.
    fn stop_creating(&mut self) {
        if let Some(work) = self.creating.take() {
            work.abort();
        }
    }

    fn delete(&mut self, id: i64) {
        let (client, journal) = (self.client(), self.journal.clone());
        self.write(async move {
            let deleted = async { client.await?.delete_interview(id).await }.await;
            if deleted.is_ok() {
                let _ = journal.order(move |folder| folder.remove_interview(id)).await;
            }
            Reply::Deleted(deleted)
        });
    }

    fn watch(&mut self, interview: i64) {
        self.unwatch();
        let (client, replies) = (self.client(), self.replies.clone());
        let task = tokio::spawn(async move {
            if let Ok(api) = client.await {
                let tell = |news| {
                    // The loop that would hear it may have ended.
                    let _ = replies.send(Reply::Watch { interview, news });
                };
                follow(api, interview, tell).await;
            }
        });
        self.watching = Some(task.abort_handle());
    }

    fn unwatch(&mut self) {
        if let Some(task) = self.watching.take() {
            task.abort();
        }
    }

    fn sign_in(&mut self, username: String, email: Option<String>, password: Password) {
        let client = self.client();
        let replies = self.replies.clone();
        let password = SecretString::from(password.0);
        self.load(async move {
            let sign_in = async {
                let api = client.await?;
                let session = api.access().session().ok_or_else(no_accounts)?;
                if let Some(email) = email {
                    session.register(&username, &email, &password).await?;
                }
                if let Some(notice) = session.sign_in(&username, &password).await? {
                    // The loop that would hear it may have ended.
                    let _ = replies.send(Reply::Told(notice));
                }
                Ok(account(&api).await)
            };
            Reply::SignedIn(sign_in.await)
        });
    }

    /// The client, once there is one.
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

    /// Begins something that ending need not wait for.
    fn load(&self, work: impl Future<Output = Reply> + Send + 'static) {
        tokio::spawn(report(work, self.replies.clone()));
    }

    /// Begins something that ending waits for.
    fn write(&mut self, work: impl Future<Output = Reply> + Send + 'static) {
        self.writes.spawn(report(work, self.replies.clone()));
    }
}

/// Saves the report of an interview as a Markdown file.
async fn export(api: &Api, id: i64, folders: &[PathBuf]) -> Result<PathBuf, Problem> {
    let format = v1::ReportFormat::Markdown.into();
    let request = v1::ExportReportRequest { interview_id: id, format };
    let file = api.export_report(request).await?;
    let otherwise = format!("viva-report-{id}.md");
    let name = saved::safe_name(&file.file_name, &otherwise);
    saved::save(folders, name, &file.content).map_err(|error| {
        let message = format!("The report cannot be saved: {error}");
        Problem::new(ProblemKind::Local, message)
    })
}

/// Sends the reply of some work; that it died is a reply too.
async fn report(
    work: impl Future<Output = Reply> + Send + 'static,
    replies: UnboundedSender<Reply>,
) {
    pass_on(tokio::spawn(work), replies).await;
}

async fn pass_on(work: JoinHandle<Reply>, replies: UnboundedSender<Reply>) {
    let reply = match work.await {
        Ok(reply) => reply,
        // It was stopped, and whoever did that waits for nothing.
        Err(error) if error.is_cancelled() => return,
        Err(error) => {
            tracing::error!(%error, "an effect died");
            Reply::Died
        }
    };
    // The loop that would hear it may have ended.
    let _ = replies.send(reply);
}

async fn account(api: &Api) -> Account {
    match api.access().session() {
        None if api.access().is_key() => Account::Named("API key".to_owned()),
        None => Account::Owner,
        Some(session) => session.username().await.map_or(Account::Nobody, Account::Named),
    }
}

fn no_accounts() -> Problem {
    Problem::new(ProblemKind::Unsupported, "The built-in server needs no account.")
}
