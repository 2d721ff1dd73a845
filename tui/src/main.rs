//! `viva`: practise technical interviews in the terminal. This file handles arguments, environment
//! and exit code; `app` does the rest.

mod access;
mod api;
mod app;
mod background;
mod cli;
mod connect;
mod deadline;
mod discovery;
mod drafts;
mod effect;
mod evaluation;
mod external_editor;
mod finder;
mod flags;
mod fuzzy;
mod hyperlinks;
mod input;
mod keys;
mod local;
mod log;
mod model;
mod msg;
mod notes;
mod own_file;
mod paths;
mod plain;
mod private;
mod problem;
mod runner;
mod saved;
mod server_url;
mod session;
mod settings;
mod shelf;
mod signals;
mod templates;
mod term;
#[cfg(test)]
mod testing;
mod text;
mod timing;
mod unfinished;
mod update;
mod view;
mod watch;
mod words;

use std::{
    io::{IsTerminal as _, stdin, stdout},
    process::ExitCode,
    sync::PoisonError,
};

use anyhow::Context as _;
use clap::Parser as _;
use etcetera::base_strategy::Xdg;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    app::{App, Unsaved},
    background::Background,
    cli::{Arguments, Command},
    discovery::answers::Answers,
    drafts::DraftFolder,
    finder::Finder,
    flags::ColourChoice,
    model::{Look, Model, ThemeName, local_models::Search, preferences::Preferences},
    paths::Paths,
    runner::Runner,
    settings::Settings,
    term::{Screen, Speech},
};

/// The exit code for a wrong command line.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!(
                "viva: The system does not give it enough resources to run ({error}). Nothing was \
                 changed; see ulimit -a."
            );
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(arguments)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("viva: {error:#}");
            let is_usage = error.is::<settings::SettingError>();
            ExitCode::from(if is_usage { USAGE } else { 1 })
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<u8> {
    // A value that is not text is read as far as possible, and then refused by its name.
    let get = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
    let is_set = |name| get(name).is_some_and(|value| !value.is_empty());
    let base = Xdg::new().context("Your home folder cannot be found; set HOME")?;
    let default_file = Paths::new(&base, None).config_file();
    for warning in local::misspelt_settings(std::env::vars_os()) {
        eprintln!("viva: {warning}");
    }
    let settings = Settings::load(&arguments.flags, get, &default_file)?;
    let paths = Paths::new(&base, settings.data_dir.as_deref());
    let paths = paths.with_settings(settings.file.clone());
    let asks = arguments.command.as_ref().is_none_or(Command::asks_from_bank);
    let paths = paths.asking_from(settings.bank_dir.clone().filter(|_| asks));
    if settings.server.is_none() && arguments.command.as_ref().is_none_or(Command::needs_bank) {
        // Before the screen is taken, so that all of its faults can be read.
        local::bank::in_force(settings.bank_dir.as_deref())
            .map_err(|problem| anyhow::Error::msg(text::neutral(&problem.message).into_owned()))?;
    }
    let mut flags = arguments.flags;
    flags.plain |= is_set("ACCESSIBLE") || get("TERM").is_some_and(|term| term == "dumb");
    if let Some(command) = arguments.command {
        let _log = command.uses_server().then(|| log::start(&paths, get));
        return Ok(cli::run(command, cli::Context::new(settings, paths, &flags)).await);
    }
    if flags.plain {
        let _log = log::start(&paths, get);
        return Ok(plain::run(cli::Context::new(settings, paths, &flags)).await);
    }
    if flags.json || !stdout().is_terminal() || !stdin().is_terminal() {
        eprintln!(
            "viva: The app needs a terminal of its own. Without one there are commands, and an"
        );
        eprintln!("      interview line by line: viva --help, viva --plain");
        return Ok(USAGE);
    }
    let _log = log::start(&paths, get);
    let speech = Speech::of(get);
    open_app(settings, paths, speech).await
}

async fn open_app(settings: Settings, paths: Paths, speech: Speech) -> anyhow::Result<u8> {
    let unsaved = Unsaved::default();
    let drafts = DraftFolder::new(paths.drafts(settings.server.as_ref()));
    let folder = drafts.clone();
    let last_words = unsaved.clone();
    term::guard_panics(paths.log(), move || {
        let (draft, note) =
            std::mem::take(&mut *last_words.lock().unwrap_or_else(PoisonError::into_inner));
        // A panic can do nothing about a disk that also fails.
        let _ = draft.map(|draft| folder.save(&draft));
        let _ = note.map(|note| folder.notes().save(&note));
    });
    let (look, background) = look(&settings);
    let server = settings.server.as_ref().map(|server| server.label().to_owned());
    let now = Timestamp::now();
    let mut model =
        Model::new(now, TimeZone::system(), look, view::MEASURES, server, rand::random());
    model.questions_are_written = settings.model.is_some();
    model.preferences = preferences(&settings, &paths);
    let finder = finder(&settings, &paths);
    let editing = paths.editing();
    model.local_models.search = if finder.is_some() { Search::Due } else { Search::Never };
    let (sender, replies) = tokio::sync::mpsc::unbounded_channel();
    let Settings { server, api_key, model: language_model, .. } = settings;
    let runner = Runner::new(server, api_key, language_model, finder, paths, drafts, sender);
    let screen = Screen::take().context("The terminal cannot be used")?;
    let app = App { model, runner, replies, screen, background, speech, editing, unsaved };
    // It holds the whole app: too much for the caller's stack.
    Box::pin(app.run()).await.context("The terminal failed")
}

/// The initial values of the settings screen.
fn preferences(settings: &Settings, paths: &Paths) -> Preferences {
    Preferences {
        theme: settings.theme,
        notifications: settings.notifications,
        bell: settings.bell,
        keys: settings.keys,
        mouse: settings.mouse,
        editor: settings.editor.clone(),
        usual_editor: settings.usual_editor.clone(),
        fixed: settings.fixed.clone(),
        file: paths.config_file().display().to_string(),
        ..Preferences::default()
    }
}

/// Finds language models on this machine, if one may be offered.
fn finder(settings: &Settings, paths: &Paths) -> Option<Finder> {
    Some(Finder {
        ports: settings.local_ports.clone(),
        prospect: settings.prospect.clone()?,
        answers: Answers::new(paths.local_models()),
        settings: settings.file.clone().unwrap_or_else(|| paths.config_file()),
    })
}

/// The look that the settings ask for, and whether to ask the terminal for its background.
fn look(settings: &Settings) -> (Look, Background) {
    // With NO_COLOR, crossterm 0.29 writes an empty SGR, which resets bold and reversed text. So
    // its check is switched off, and the theme leaves colours out instead.
    crossterm::style::force_color_output(true);
    let (theme, is_wanted) = match (settings.colour, settings.theme) {
        (ColourChoice::Never, _) => (ThemeName::Mono, false),
        (_, Some(theme)) => (theme, false),
        // A terminal that does not report its background is taken to be dark.
        (_, None) => (ThemeName::Dark, true),
    };
    (Look { theme, ascii: settings.ascii }, Background::new(is_wanted))
}
