//! The single checks of `viva doctor`, in the order in which a person would look.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Instant};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use crate::{
    api::Api,
    cli::Context,
    discovery::{self, Found, ports::Ports, size},
    local::{
        self, bank, grading,
        llm::{self, Tried},
    },
    problem::ProblemKind,
    server_url::ServerUrl,
    words,
};

/// Whether something works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It works, or is only information.
    Ok,
    /// It works, but there is something to know or do.
    Note,
    /// It does not work.
    Broken,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) state: State,
    pub(super) detail: String,
}

fn check(name: &'static str, state: State, detail: impl Into<String>) -> Check {
    Check { name, state, detail: detail.into() }
}

/// Runs all checks.
pub(super) async fn all(context: &Context) -> Vec<Check> {
    let paths = &context.paths;
    let mut checks = vec![
        settings(context),
        check("data", State::Ok, shown(&paths.data)),
        check("log", State::Ok, shown(&paths.log())),
    ];
    match &context.settings.server {
        None => checks.extend(embedded(context).await),
        Some(server) => checks.extend(remote(server, context).await),
    }
    checks
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn settings(context: &Context) -> Check {
    let detail = match &context.settings.file {
        Some(file) => shown(file),
        None => format!(
            "the defaults; {} does not exist, and need not",
            context.paths.config_file().display()
        ),
    };
    check("settings", State::Ok, detail)
}

async fn embedded(context: &Context) -> Vec<Check> {
    let (database, key) = local::files(&context.paths.data);
    let mut checks = match context.client().await {
        Err(problem) => vec![
            check("server", State::Broken, problem.message),
            check("database", State::Note, shown(&database)),
        ],
        Ok(api) => {
            let stored = api.list_interviews(String::new()).await;
            let works = |detail: String| match stored {
                Ok(_) => check("database", State::Ok, format!("{detail}, answers")),
                Err(problem) => {
                    let detail = format!("{detail}: {}", problem.message);
                    check("database", State::Broken, detail)
                }
            };
            vec![answers(api, "built in").await, works(shown(&database))]
        }
    };
    checks.push(private_file("credentials", &key, "the built-in server's signing key"));
    checks.extend(own_bank(context));
    checks.push(model(context).await);
    checks.push(local_models(&context.settings.local_ports).await);
    let (name, version) = grading::grader();
    checks.push(check("grader", State::Ok, format!("{name} {version}")));
    checks
}

/// How many questions come from the folder of your own bank files.
fn own_bank(context: &Context) -> Option<Check> {
    let folder = context.settings.bank_dir.as_ref()?;
    let (all, built_in) = (bank::in_force(Some(folder)), bank::in_force(None));
    Some(match (all, built_in) {
        (Ok(all), Ok(built_in)) => {
            let own = all.questions().count().saturating_sub(built_in.questions().count());
            let detail = format!(
                "{}, {} beside the built-in ones",
                shown(folder),
                words::count(own, "question")
            );
            check("bank", State::Ok, detail)
        }
        (Err(problem), _) | (_, Err(problem)) => check("bank", State::Broken, problem.message),
    })
}

/// Whether the configured language model can do its work, by a trial evaluation.
async fn model(context: &Context) -> Check {
    let Some(model) = &context.settings.model else {
        let none = "none in use: questions come from the built-in bank, evaluations from the \
                    built-in grader";
        return check("model", State::Ok, none);
    };
    match llm::try_out(model).await {
        Tried::Works(detail) => check("model", State::Ok, detail),
        Tried::Unusable(detail) => check("model", State::Note, detail),
        Tried::Silent(detail) => check("model", State::Broken, detail),
    }
}

/// Which language models run on this machine, and how well each would work.
async fn local_models(ports: &Ports) -> Check {
    const NAME: &str = "local models";
    if ports.is_none() {
        return check(NAME, State::Ok, "not looked for: VIVA_LOCAL_MODEL_PORTS is off");
    }
    let found = discovery::look(ports).await;
    let rule = size::RULE;
    if found.is_empty() {
        let none = format!("none at 127.0.0.1, ports {}; {rule}", ports.words());
        return check(NAME, State::Ok, none);
    }
    let found: Vec<String> = found.iter().map(described).collect();
    check(NAME, State::Ok, format!("{}; {rule}", found.join(", ")))
}

fn described(found: &Found) -> String {
    let size = found.size.map(|size| format!("{size}, ")).unwrap_or_default();
    format!("{} at {} ({size}{})", found.name, found.address(), found.worth().words())
}

async fn remote(server: &ServerUrl, context: &Context) -> Vec<Check> {
    let name = server.to_string();
    let api = match context.client().await {
        Ok(api) => api,
        Err(problem) => return vec![check("server", State::Broken, problem.message)],
    };
    let model = "the server's own; each evaluation names its grader";
    vec![
        answers(api, &name).await,
        credentials(api, server, context).await,
        remote_database(api).await,
        check("model", State::Ok, model),
    ]
}

/// A call as the account also tests the remote server's database.
async fn remote_database(api: &Api) -> Check {
    match api.list_interviews(String::new()).await {
        Ok(_) => check("database", State::Ok, "the server's own, answers"),
        Err(problem) if problem.kind == ProblemKind::Unavailable => {
            check("database", State::Broken, problem.message)
        }
        Err(_) => {
            let detail = "the server's own; sign in to see whether it answers";
            check("database", State::Note, detail)
        }
    }
}

async fn answers(api: &Api, name: &str) -> Check {
    let began = Instant::now();
    if let Err(problem) = api.reach().await {
        return check("server", State::Broken, format!("{name}: {}", problem.message));
    }
    let took = began.elapsed().as_millis();
    check("server", State::Ok, format!("{name}, answers in {took} ms"))
}

async fn credentials(api: &Api, server: &ServerUrl, context: &Context) -> Check {
    if let Some(key) = &context.settings.api_key {
        return api_key(api, key).await;
    }
    let file = context.paths.session(server);
    let who = match api.access().session() {
        Some(session) => session.username().await,
        None => None,
    };
    match who {
        Some(who) => private_file("credentials", &file, &format!("signed in as {who}")),
        None => check(
            "credentials",
            State::Note,
            format!("not signed in; `viva login` keeps them in {}", shown(&file)),
        ),
    }
}

/// Whether the API key works, and for whom; it is shown by its first characters only.
async fn api_key(api: &Api, key: &SecretString) -> Check {
    let key = key.expose_secret();
    // A key that was cut off may consist of little else.
    let prefix = key.get(..13).filter(|_| key.len() >= 2 * 13).unwrap_or("viva_");
    match api.me().await {
        Ok(user) => {
            let detail = format!("the API key {prefix}... in VIVA_API_KEY, of {}", user.username);
            check("credentials", State::Ok, detail)
        }
        Err(problem) => {
            check("credentials", State::Broken, format!("{prefix}...: {}", problem.message))
        }
    }
}

/// Checks that others cannot read a file.
fn private_file(name: &'static str, file: &Path, what: &str) -> Check {
    let place = file.display();
    match fs::metadata(file) {
        Ok(found) if found.permissions().mode() & 0o077 != 0 => {
            let fault = format!("{place}: others may read it; run: chmod 600 {place}");
            check(name, State::Broken, fault)
        }
        Ok(_) => check(name, State::Ok, format!("{place}, {what}")),
        Err(error) => check(name, State::Broken, format!("{place}: {error}")),
    }
}
