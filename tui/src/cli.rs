//! The command line: what the app does, for scripts and for people who want a line and no screen.
//! Each command is a file of its own; what they share is `context`, `exit`, `json`, `meanwhile`,
//! `paper` and `wait`.

mod account;
mod api_key;
mod bank;
mod config;
mod context;
pub(crate) mod decode;
mod doctor;
mod eval;
mod exit;
mod grade;
mod input;
mod interview;
mod json;
mod keys;
mod meanwhile;
mod paper;
mod progress;
mod question;
mod report;
mod shell;
mod template;
mod values;
mod wait;
mod which;

use std::time::Duration;

use clap::Subcommand;

pub(crate) use self::{
    context::Context,
    exit::{Exit, Failure},
    input::on_a_thread,
    meanwhile::Meanwhile,
    paper::{Paper, note, out},
    report::{print as print_report, spoken},
    wait::evaluated,
};
use crate::plain;

/// How long an interrupted command may take to leave things tidy: a password prompt, for instance,
/// turns the terminal's echo on again.
const TIDY: Duration = Duration::from_millis(200);

/// What stands below the list of commands.
pub(crate) const GUIDE: &str = "\
Examples:
  viva                                              practise in the app
  viva --plain                                      practise line by line
  viva interview new --role \"Backend engineer\"
  viva interview answer latest --question 1 --file answer.md --wait
  viva template list
  viva report latest
  viva help interview answer                        all about one command

Exit codes:
  0 done, 1 failed, 2 wrong usage, 3 not found, 4 sign-in needed, 5 server unreachable,
  6 evaluation failed, 124 timeout, 130 interrupted";

/// What can be done without the app.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create, list, show, answer and delete interviews
    #[command(subcommand)]
    Interview(interview::Command),
    /// Read or export the report of an interview
    Report(report::Arguments),
    /// Star and note questions, and say which you want again or not
    #[command(subcommand)]
    Question(question::Command),
    /// Show how your scores develop over interviews and by topic
    Progress(progress::Arguments),
    /// Grade answers from standard input, one JSON object a line
    Grade(grade::Arguments),
    /// Measure the built-in grader against scores that people gave
    Eval(eval::Arguments),
    /// Look into the question bank, or write one of your own
    #[command(subcommand)]
    Bank(bank::Command),
    /// List ready-made interviews, make one, or keep your own
    #[command(subcommand)]
    Template(template::Command),
    /// Say what is configured, where things are kept and whether all of it works
    Doctor(doctor::Arguments),
    /// Sign in to a remote server
    Login(account::LoginArguments),
    /// Create an account on a remote server and sign in
    Register(account::RegisterArguments),
    /// Sign out of a remote server
    Logout(account::LogoutArguments),
    /// Change your password, save all that is kept of you, or delete your account
    #[command(subcommand)]
    Account(account::Command),
    /// Say who is signed in
    Whoami(account::WhoamiArguments),
    /// Make, list and revoke keys for other programs
    #[command(subcommand)]
    ApiKey(api_key::Command),
    /// Show the settings in force and the file they are read from
    #[command(subcommand)]
    Config(config::Command),
    /// Print a completion script for a shell
    Completions(shell::CompletionsArguments),
    /// Print the manual page
    Man(shell::ManArguments),
    /// List the keys of the app
    Keys(keys::Arguments),
}

impl Command {
    /// Whether its server asks from a bank of one's own, if there is one. Those that look into that bank or
    /// write it do so while it is broken, or not there yet.
    pub(crate) fn asks_from_bank(&self) -> bool {
        self.uses_server() && !matches!(self, Self::Bank(_))
    }

    /// Whether a broken bank of one's own keeps it from being done.
    pub(crate) fn needs_bank(&self) -> bool {
        // The doctor says what is broken.
        self.asks_from_bank() && !matches!(self, Self::Doctor(_))
    }

    /// Whether it may start or dial a server, of which the log is kept.
    pub(crate) fn uses_server(&self) -> bool {
        match self {
            Self::Interview(_)
            | Self::Report(_)
            | Self::Question(_)
            | Self::Progress(_)
            | Self::Doctor(_)
            | Self::Login(_)
            | Self::Register(_)
            | Self::Logout(_)
            | Self::Account(_)
            | Self::Whoami(_)
            | Self::Template(_)
            | Self::ApiKey(_) => true,
            Self::Bank(command) => command.uses_server(),
            Self::Grade(_)
            | Self::Eval(_)
            | Self::Config(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Keys(_) => false,
        }
    }
}

/// Does what the command says, or talks line by line where there is none, and gives the exit code.
pub(crate) async fn run(command: Option<Command>, context: Context) -> u8 {
    let mut work = Box::pin(dispatch(command, &context));
    let done = tokio::select! {
        // In this order, so that Ctrl+C is heard before anything has begun.
        biased;
        () = interrupted() => {
            let _ = tokio::time::timeout(TIDY, &mut work).await;
            Err(Failure::interrupted())
        }
        done = &mut work => done,
    };
    drop(work);
    // A second Ctrl+C does not wait for the embedded server to finish what it is at.
    tokio::select! {
        () = context.close() => {}
        () = interrupted() => {}
    }
    exit::tell(done.map_err(|failure| located(failure, &context))) as u8
}

/// Says which server is out of reach.
fn located(failure: Failure, context: &Context) -> Failure {
    match &context.settings.server {
        Some(server) if failure.exit == Exit::Unreachable => failure.and(format!(
            "The server is {server}, as --server, VIVA_SERVER or the settings file has it."
        )),
        _ => failure,
    }
}

async fn dispatch(command: Option<Command>, context: &Context) -> Result<(), Failure> {
    let Some(command) = command else {
        return plain::converse(context).await;
    };
    match command {
        Command::Interview(command) => interview::run(command, context).await,
        Command::Report(arguments) => report::run(arguments, context).await,
        Command::Question(command) => question::run(command, context).await,
        Command::Progress(arguments) => progress::run(arguments, context).await,
        Command::Grade(_) => grade::run().await,
        Command::Eval(arguments) => eval::run(arguments, context).await,
        Command::Bank(command) => bank::run(command, context).await,
        Command::Template(command) => template::run(command, context).await,
        Command::Doctor(_) => doctor::run(context).await,
        Command::Login(arguments) => account::login(arguments, context).await,
        Command::Register(arguments) => account::register(arguments, context).await,
        Command::Logout(arguments) => account::logout(&arguments, context).await,
        Command::Account(command) => account::run(command, context).await,
        Command::Whoami(_) => account::whoami(context).await,
        Command::ApiKey(command) => api_key::run(command, context).await,
        Command::Config(command) => config::run(&command, context),
        Command::Completions(arguments) => shell::completions(&arguments),
        Command::Man(arguments) => shell::man(&arguments),
        Command::Keys(_) => keys::run(context),
    }
}

/// A key under which a request is made, so that repeating it does nothing twice.
pub(crate) fn fresh_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler the system ends the program by itself.
        std::future::pending::<()>().await;
    }
}
