//! The command line: what the app does, for scripts and for people who want text instead of a
//! screen. Each command has its own file; they share `context`, `exit`, `json`, `meanwhile`,
//! `paper` and `wait`.

mod account;
mod api_key;
mod arguments;
mod bank;
mod config;
mod context;
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
mod review;
mod search;
mod sessions;
mod shell;
mod template;
mod values;
mod wait;
mod which;

use std::time::Duration;

use clap::Subcommand;

pub(crate) use self::{
    arguments::Arguments,
    context::Context,
    exit::{Exit, Failure},
    input::{on_a_thread, text_of},
    meanwhile::Meanwhile,
    paper::{Paper, note, out},
    question::{said_comparison, said_hint, said_revealed},
    report::{print as print_report, spoken},
    wait::evaluated,
};

/// How long an interrupted command may take to clean up: a password prompt, for example, turns the
/// terminal's echo on again.
const TIDY: Duration = Duration::from_millis(200);

/// The text below the list of commands.
pub(crate) const GUIDE: &str = "\
Examples:
  viva                                              practise in the app
  viva --plain                                      practise line by line
  viva interview new --role \"Backend engineer\"
  viva interview answer latest --question 1 --file answer.md --wait
  viva template list
  viva report latest
  viva review                                       points that you missed, when they are due
  viva help interview answer                        everything about one command

Exit codes:
  0 done, 1 failed, 2 wrong usage, 3 not found, 4 sign-in needed, 5 server unreachable,
  6 evaluation failed, 124 timeout, 130 interrupted";

/// Commands that work without the app.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create, list, show, answer and delete interviews
    #[command(subcommand)]
    Interview(interview::Command),
    /// Read or export the report of an interview
    Report(report::Arguments),
    /// Star questions, write notes on them, and choose which to get again
    #[command(subcommand)]
    Question(question::Command),
    /// Review the points of your answers, each when you would start to forget it
    Review(review::Arguments),
    /// Search your questions and answers
    Search(search::Arguments),
    /// Show your scores over time and by topic
    Progress(progress::Arguments),
    /// Grade answers from standard input, one JSON object per line
    Grade(grade::Arguments),
    /// Compare the built-in grader's scores with people's
    Eval(eval::Arguments),
    /// Browse the question bank, or write your own
    #[command(subcommand)]
    Bank(bank::Command),
    /// List and use ready-made interviews, or save your own
    #[command(subcommand)]
    Template(template::Command),
    /// Check the settings, where everything is, and whether it works
    Doctor(doctor::Arguments),
    /// Sign in to a remote server
    Login(account::LoginArguments),
    /// Create an account on a remote server and sign in
    Register(account::RegisterArguments),
    /// Sign out of a remote server
    Logout(account::LogoutArguments),
    /// Change your password, export your data, or delete your account
    #[command(subcommand)]
    Account(account::Command),
    /// Show who is signed in
    Whoami(account::WhoamiArguments),
    /// List where you are signed in, and end sessions
    Sessions(sessions::Arguments),
    /// Create, list and revoke keys for other programs
    #[command(subcommand)]
    ApiKey(api_key::Command),
    /// Show the settings in force, and where the settings file is
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
    /// Whether the command's server uses your own bank, if you have one. Commands that read or
    /// write that bank also work while it is broken or missing.
    pub(crate) fn asks_from_bank(&self) -> bool {
        self.uses_server() && !matches!(self, Self::Bank(_))
    }

    /// Whether a fault in your own bank stops the command.
    pub(crate) fn needs_bank(&self) -> bool {
        // The doctor reports the fault instead.
        self.asks_from_bank() && !matches!(self, Self::Doctor(_))
    }

    /// Whether it may start or dial a server, which writes a log.
    pub(crate) fn uses_server(&self) -> bool {
        match self {
            Self::Interview(_)
            | Self::Report(_)
            | Self::Question(_)
            | Self::Review(_)
            | Self::Search(_)
            | Self::Progress(_)
            | Self::Doctor(_)
            | Self::Login(_)
            | Self::Register(_)
            | Self::Logout(_)
            | Self::Account(_)
            | Self::Whoami(_)
            | Self::Template(_)
            | Self::Sessions(_)
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

/// Runs the command and returns the exit code.
pub(crate) async fn run(command: Command, context: Context) -> u8 {
    to_its_end(Box::pin(dispatch(command, &context)), &context).await
}

/// Runs some work until it ends or Ctrl+C interrupts it, and returns the exit code.
pub(crate) async fn to_its_end(
    mut work: impl Future<Output = Result<(), Failure>> + Unpin,
    context: &Context,
) -> u8 {
    let done = tokio::select! {
        // Biased, so that Ctrl+C is noticed before the command starts.
        biased;
        () = interrupted() => {
            let _ = tokio::time::timeout(TIDY, &mut work).await;
            Err(Failure::interrupted())
        }
        done = &mut work => done,
    };
    drop(work);
    // A second Ctrl+C does not wait for the embedded server to finish its work.
    tokio::select! {
        () = context.close() => {}
        () = interrupted() => {}
    }
    exit::tell(done.map_err(|failure| located(failure, context))) as u8
}

/// Adds which server could not be reached.
fn located(failure: Failure, context: &Context) -> Failure {
    match &context.settings.server {
        Some(server) if failure.exit == Exit::Unreachable => failure.and(format!(
            "The server is {server}, as set by --server, VIVA_SERVER or the settings file."
        )),
        _ => failure,
    }
}

async fn dispatch(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Interview(command) => interview::run(command, context).await,
        Command::Report(arguments) => report::run(arguments, context).await,
        Command::Question(command) => question::run(command, context).await,
        Command::Review(arguments) => review::run(arguments, context).await,
        Command::Search(arguments) => search::run(arguments, context).await,
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
        Command::Sessions(arguments) => sessions::run(arguments, context).await,
        Command::ApiKey(command) => api_key::run(command, context).await,
        Command::Config(command) => config::run(&command, context),
        Command::Completions(arguments) => shell::completions(&arguments),
        Command::Man(arguments) => shell::man(&arguments),
        Command::Keys(_) => keys::run(context),
    }
}

/// A key for a request, so that repeating it has no further effect.
pub(crate) fn fresh_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler, the system ends the program.
        std::future::pending::<()>().await;
    }
}
