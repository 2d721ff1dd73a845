//! `viva`: practise technical interviews in the terminal. Here are the arguments, the environment
//! and the exit code; what happens in between is `app` and what it is made of.

mod access;
mod api;
mod app;
mod args;
mod background;
mod cli;
mod connect;
mod discovery;
mod drafts;
mod effect;
mod evaluation;
mod external_editor;
mod input;
mod journal;
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
mod signals;
mod templates;
mod term;
#[cfg(test)]
mod testing;
mod text;
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
    args::{Arguments, ColourChoice},
    background::Background,
    cli::Command,
    discovery::{answers::Answers, finder::Finder},
    drafts::DraftFolder,
    model::{Look, Model, Palette, local_models::Search},
    paths::Paths,
    runner::Runner,
    settings::{Settings, Theme},
    term::Screen,
};

/// The exit code of wrong usage.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!(
                "viva: The system gives it too little to run ({error}). Nothing was changed; see ulimit -a."
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
    let get = |name: &str| std::env::var(name).ok();
    let is_set = |name| get(name).is_some_and(|value| !value.is_empty());
    let base = Xdg::new().context("Your home folder cannot be found; set HOME")?;
    let default_file = Paths::new(&base, None).config_file();
    let settings = Settings::load(&arguments.flags, get, &default_file)?;
    let paths = Paths::new(&base, settings.data_dir.as_deref());
    let asks = arguments.command.as_ref().is_none_or(Command::asks_from_bank);
    let paths = paths.asking_from(settings.bank_dir.clone().filter(|_| asks));
    if settings.server.is_none() && arguments.command.as_ref().is_none_or(Command::needs_bank) {
        // Before there is a screen, so that all of its faults can be read.
        local::bank::in_force(settings.bank_dir.as_deref())
            .map_err(|problem| anyhow::Error::msg(text::neutral(&problem.message).into_owned()))?;
    }
    let mut flags = arguments.flags;
    flags.plain |= is_set("ACCESSIBLE") || get("TERM").is_some_and(|term| term == "dumb");
    if let Some(command) = arguments.command {
        let _log = command.uses_server().then(|| log::start(&paths, get));
        return Ok(cli::run(Some(command), cli::Context::new(settings, paths, &flags)).await);
    }
    if flags.plain {
        let _log = log::start(&paths, get);
        return Ok(cli::run(None, cli::Context::new(settings, paths, &flags)).await);
    }
    if flags.json || !stdout().is_terminal() || !stdin().is_terminal() {
        eprintln!(
            "viva: The app needs a terminal of its own. Without one there are commands, and an"
        );
        eprintln!("      interview line by line: viva --help, viva --plain");
        return Ok(USAGE);
    }
    let _log = log::start(&paths, get);
    open_app(settings, paths).await
}

async fn open_app(settings: Settings, paths: Paths) -> anyhow::Result<u8> {
    let unsaved = Unsaved::default();
    let drafts = DraftFolder::new(paths.drafts(settings.server.as_ref()));
    let folder = drafts.clone();
    let last_words = unsaved.clone();
    term::guard_panics(move || {
        let (draft, note) =
            std::mem::take(&mut *last_words.lock().unwrap_or_else(PoisonError::into_inner));
        // Whoever panics cannot do more about a disk that fails, too.
        let _ = draft.map(|draft| folder.save(&draft));
        let _ = note.map(|note| folder.notes().save(&note));
    });
    let (look, background) = look(&settings);
    let server = settings.server.as_ref().map(|server| server.label().to_owned());
    let now = Timestamp::now();
    let mut model = Model::new(now, TimeZone::system(), look, server, rand::random());
    model.questions_are_written = settings.model.is_some();
    let finder = finder(&settings, &paths);
    let editing = paths.editing();
    model.local_models.search = if finder.is_some() { Search::Due } else { Search::Never };
    let (sender, replies) = tokio::sync::mpsc::unbounded_channel();
    let Settings { server, api_key, model: language_model, editor, .. } = settings;
    let runner = Runner::new(server, api_key, language_model, finder, paths, drafts, sender);
    let screen = Screen::take().context("The terminal cannot be used")?;
    let app = App { model, runner, replies, screen, background, editor, editing, unsaved };
    // It holds the whole app: too much for the stack of whoever waits for it.
    Box::pin(app.run()).await.context("The terminal failed")
}

/// What finds language models on this machine, where one may be offered.
fn finder(settings: &Settings, paths: &Paths) -> Option<Finder> {
    Some(Finder {
        ports: settings.local_ports.clone(),
        prospect: settings.prospect.clone()?,
        answers: Answers::new(paths.local_models()),
        settings: settings.file.clone().unwrap_or_else(|| paths.config_file()),
    })
}

/// The colours that the settings allow, and whether the terminal is asked for them.
fn look(settings: &Settings) -> (Look, Background) {
    // With NO_COLOR, crossterm 0.29 writes an empty SGR, which resets bold and reversed text. Its
    // gate is opened, and the colours are left out by the palette instead.
    crossterm::style::force_color_output(true);
    let (palette, is_wanted) = match (settings.colour, settings.theme) {
        (ColourChoice::Never, _) => (Palette::Mono, false),
        (_, Some(Theme::Dark)) => (Palette::Dark, false),
        (_, Some(Theme::Light)) => (Palette::Light, false),
        // Dark is what a terminal is taken for that does not say.
        (_, None) => (Palette::Dark, true),
    };
    (Look { palette, ascii: settings.ascii }, Background::new(is_wanted))
}
