//! A language model that already runs on this machine: it is offered, tried and used, or declined.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use tempfile::TempDir;
use tokio::runtime::Runtime;
use viva_fake_model::{FakeModel, Script};

use crate::support::{Terminal, begin_interview, key};

/// The settings file's content beforehand.
const SETTINGS: &str = "# mine, by hand\nviva_theme = \"dark\"\n";
const OFFER: &str = "2 language models run on this machine, qwen2.5:14b among them.";

/// A home with a settings file, and a model server on a port.
struct World {
    home: TempDir,
    model: FakeModel,
    runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let model = runtime.block_on(FakeModel::start(Script::honest())).unwrap();
        model.list(&["llama3.2:1b", "qwen2.5:14b", "nomic-embed-text"]);
        let world = Self { home: tempfile::tempdir().unwrap(), model, runtime };
        fs::create_dir_all(world.settings().parent().unwrap()).unwrap();
        fs::write(world.settings(), SETTINGS).unwrap();
        world
    }

    /// Starts `viva`, which looks for models at this port.
    fn start(&self) -> Terminal {
        self.start_with(&[])
    }

    fn start_with(&self, settings: &[(&str, &str)]) -> Terminal {
        let port = self.model.address().port().to_string();
        let own = [("VIVA_LOCAL_MODEL_PORTS", port.as_str())];
        Terminal::start_with(self.home.path(), &[], &[&own, settings].concat())
    }

    fn settings(&self) -> PathBuf {
        self.home.path().join(".config/viva/config.toml")
    }

    fn answers(&self) -> PathBuf {
        self.home.path().join(".local/share/viva/local-models.json")
    }

    /// Waits until `calls` requests have arrived.
    fn see_calls(&self, calls: usize) {
        self.runtime.block_on(self.model.wait_for_calls(calls));
    }

    /// How often the list of models was requested, and how often anything else.
    fn asked(&self) -> (usize, usize) {
        let requests = self.model.requests();
        let lists = requests.iter().filter(|request| request.path == "/v1/models").count();
        (lists, requests.len() - lists)
    }
}

fn quit(mut terminal: Terminal) {
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_model_that_runs_here_is_offered_tried_and_used_once_confirmed() {
    let world = World::new();
    let mut terminal = world.start();
    terminal.see(&["starts your first interview", OFFER]);
    assert_eq!(world.asked(), (1, 0), "only the list of models was requested");
    terminal.send("m");
    terminal.see(&["> qwen2.5:14b", "good", "llama3.2:1b", "rarely usable", "nothing leaves"]);
    assert!(!terminal.contents().contains("nomic"), "{}", terminal.contents());
    terminal.send(key::ENTER);
    terminal.see(&["It can do the work.", "a trial evaluation took", "tokens", "y use it"]);
    assert_eq!(
        fs::read_to_string(world.settings()).unwrap(),
        SETTINGS,
        "the settings are unchanged"
    );
    let port = world.model.address().port();
    terminal.see(&[&format!("127.0.0.1:{port} and")]);
    terminal.send("y");
    terminal.see(&["From now on qwen2.5:14b", "To undo it", "config.toml"]);
    let settings = fs::read_to_string(world.settings()).unwrap();
    assert!(settings.starts_with(SETTINGS), "{settings}");
    assert!(settings.contains("llm_model = \"qwen2.5:14b\"\n"), "{settings}");
    let address = format!("llm_api_url = \"http://127.0.0.1:{port}/v1/chat/completions\"\n");
    assert!(settings.contains(&address), "{settings}");

    terminal.send(key::ESC);
    // Escape and a letter that arrive together are a different key.
    terminal.see_no_more("To undo it");
    begin_interview(&mut terminal, 1);
    terminal.see(&["written by a language model"]);
    terminal.send(key::ESC);
    terminal.see(&["0 of 1"]);
    quit(terminal);

    let mut terminal = world.start();
    terminal.see(&["0 of 1"]);
    terminal.send("m");
    terminal.see(&["A language model is set already"]);
    assert_eq!(world.asked().0, 1, "with a model set, the app does not look for one");
}

#[test]
fn a_declined_model_is_not_offered_again_but_found_on_request() {
    let world = World::new();
    let mut terminal = world.start();
    terminal.see(&[OFFER]);
    terminal.send("m");
    terminal.see(&["n none of these"]);
    terminal.send("n");
    terminal.see(&["They will not be offered again; m still finds them."]);
    quit(terminal);
    assert_eq!(fs::metadata(world.answers()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(world.settings()).unwrap(), SETTINGS);

    let mut terminal = world.start();
    world.see_calls(2);
    terminal.see(&["starts your first interview"]);
    terminal.send("m");
    terminal.see(&["> qwen2.5:14b", "n none of these"]);
    assert_eq!(world.asked(), (3, 0), "without an offer, the app looked again");
}

#[test]
fn a_postponed_offer_returns_at_the_next_start() {
    let world = World::new();
    let mut terminal = world.start();
    terminal.see(&[OFFER]);
    terminal.send(key::ESC);
    terminal.see_no_more(OFFER);
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
    terminal.send(key::ESC);
    terminal.see(&["starts your first interview"]);
    quit(terminal);
    assert!(!world.answers().exists());
    let terminal = world.start();
    terminal.see(&[OFFER]);
}

#[test]
fn the_app_does_not_wait_for_a_port_that_does_not_reply() {
    let world = World::new();
    world.model.hold();
    let mut terminal = world.start();
    terminal.see(&["starts your first interview"]);
    world.see_calls(1);
    assert_eq!(world.model.busy(), 1, "the request for the list is still open");
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
}

#[test]
fn a_trial_can_be_stopped() {
    let world = World::new();
    let mut terminal = world.start();
    terminal.see(&[OFFER]);
    world.model.hold();
    terminal.send("m");
    terminal.see(&["Enter try it"]);
    terminal.send(key::ENTER);
    terminal.see(&["is evaluating an example answer…", "None of your texts is sent."]);
    world.see_calls(2);
    terminal.send(key::ESC);
    terminal.see(&["Enter try it"]);
    world.runtime.block_on(world.model.wait_until_idle());
}

#[test]
fn with_a_server_or_a_model_set_the_app_does_not_look_for_models() {
    let world = World::new();
    let url = world.model.url();
    for (settings, why) in [
        (
            &[("LLM_API_URL", url.as_str()), ("LLM_MODEL", "a")][..],
            "A language model is set already",
        ),
        (&[("VIVA_LOCAL_MODEL_PORTS", "off")], "because VIVA_LOCAL_MODEL_PORTS is off"),
    ] {
        let mut terminal = world.start_with(settings);
        terminal.see(&["starts your first interview"]);
        terminal.send("m");
        terminal.see(&[why]);
    }
    let terminal = world.start_with(&[("VIVA_SERVER", "http://127.0.0.1:1")]);
    terminal.see(&["Sign in"]);
    assert_eq!(world.asked(), (0, 0));
}
