//! Language models that run on this machine: `viva doctor` reports them, and no other command looks
//! for any.

use std::process::Command;

use tokio::runtime::Runtime;
use viva_fake_model::{FakeModel, Script};

use crate::support::{Ran, Viva};

/// A home, and a model server on a port.
struct World {
    viva: Viva,
    model: FakeModel,
    // Serves the model for as long as it exists.
    _runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let model = runtime.block_on(FakeModel::start(Script::honest())).unwrap();
        Self { viva: Viva::new(), model, _runtime: runtime }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.viva.command(arguments);
        command.env("VIVA_LOCAL_MODEL_PORTS", self.model.address().port().to_string());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }
}

/// The line of doctor's output about local models.
fn told(ran: &Ran) -> &str {
    ran.out.lines().find(|line| line.contains("local models")).unwrap_or_default()
}

#[test]
fn doctor_says_which_models_run_here_and_which_size_is_useful() {
    let world = World::new();
    world.model.list(&["llama3.2:1b", "qwen2.5:14b", "mistral"]);
    let ran = world.run(&["doctor", "--plain"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let at = world.model.address();
    let wanted = format!(
        "ok: local models: qwen2.5:14b at {at} (14B, good), mistral at {at} (size not known), \
         llama3.2:1b at {at} (1B, rarely usable); a rule of thumb of ours, not a measurement"
    );
    assert!(told(&ran).starts_with(&wanted), "{ran:?}");
    assert!(told(&ran).contains("below 3B") && told(&ran).contains("from 14B good"), "{ran:?}");
    let requests = world.model.requests();
    let asked: Vec<_> = requests.iter().map(|r| (r.method.as_str(), r.path.as_str())).collect();
    assert_eq!(asked, [("GET", "/v1/models")]);
}

#[test]
fn doctor_says_that_no_model_runs_here_or_that_it_did_not_look() {
    let world = World::new();
    world.model.list(&[]);
    let ran = world.run(&["doctor", "--plain"]);
    let port = world.model.address().port();
    let none = format!("ok: local models: none at 127.0.0.1, ports {port}; a rule of thumb");
    assert!(told(&ran).starts_with(&none), "{ran:?}");
    let ran = world.viva.run(&["doctor", "--plain"]);
    assert!(told(&ran).contains("not looked for: VIVA_LOCAL_MODEL_PORTS is off"), "{ran:?}");
}

#[test]
fn doctor_shows_no_name_that_controls_a_terminal() {
    let world = World::new();
    world.model.list(&["a\u{202e}b8 :b", "c\u{200b}d", "e\u{1b}[2Jf"]);
    let ran = world.run(&["doctor", "--plain"]);
    assert!(told(&ran).contains("cd at "), "{ran:?}");
    assert!(!ran.out.contains(['\u{202e}', '\u{200b}', '\u{1b}']), "{ran:?}");
}

#[test]
fn nothing_but_doctor_and_the_app_looks_for_models() {
    let world = World::new();
    let new = ["interview", "new", "--role", "Backend engineer", "--count", "1"];
    for arguments in [&new[..], &["interview", "list"], &["config", "show"], &["--plain"]] {
        let ran = world.run(arguments);
        assert!(!ran.out.contains("127.0.0.1"), "{ran:?}");
    }
    assert_eq!(world.model.calls(), 0);
}
