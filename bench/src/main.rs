//! Puts a Viva server under load over gRPC, and prints a table of how fast it was and what it cost.
//! `scripts/bench` starts what is needed; docs/performance.md says how to read the table.

mod figures;
mod load;
mod operation;
mod people;
mod pipeline;
mod process;
mod run;

use std::{error::Error, process::ExitCode, time::Duration};

use clap::Parser;

use people::{People, Size};
use process::Watched;
use run::Run;

/// A result whose errors are shown to the person who runs the benchmark.
type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Puts a Viva server under load and prints a Markdown table.
///
/// The server must let accounts register and must not limit requests.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The server's address
    #[arg(long, default_value = "http://127.0.0.1:50051")]
    target: String,
    /// Accounts; missing ones are created
    #[arg(long, default_value_t = 100)]
    people: usize,
    /// Interviews of each account; created and answered if it has none
    #[arg(long, default_value_t = 6)]
    interviews: usize,
    /// Questions of each interview
    #[arg(long, default_value_t = 5)]
    questions: i32,
    /// Connections, and concurrent calls if no rate is given
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// How long each run is measured, in seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// How long each run warms up before it is measured, in seconds
    #[arg(long, default_value_t = 1.0)]
    warm_up: f64,
    /// A run: me, list, report, status, submit, login, mix or mix-without-login; shares such as
    /// list=2,submit=1; either with @100 for that many calls a second, however long they take;
    /// evaluations=1500 for that many answers until all are evaluated. May be given several times
    #[arg(long = "run", default_values = ["me", "list", "report", "status", "submit", "mix"])]
    runs: Vec<Run>,
    /// The id of the server's process, to measure it
    #[arg(long)]
    server: Option<u32>,
    /// The id of the database's process, to measure it
    #[arg(long)]
    database: Option<u32>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("viva-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: Arguments) -> Result<()> {
    let size = Size {
        people: arguments.people,
        interviews: arguments.interviews,
        questions: arguments.questions,
        connections: arguments.connections.max(1),
    };
    let people = People::gather(&arguments.target, size).await?;
    let watched = Watched { server: arguments.server, database: arguments.database };
    let warm_up = Duration::try_from_secs_f64(arguments.warm_up)?;
    let length = Duration::try_from_secs_f64(arguments.seconds)?;
    println!("{}", figures::HEAD);
    for run in arguments.runs {
        let measured = match &run {
            Run::Calls { mix, rate, .. } => {
                let load = load::Load { mix, rate: *rate, warm_up, length };
                load.measure(&people, watched).await?
            }
            Run::Evaluations(count) => pipeline::measure(&people, watched, *count).await?,
        };
        print!("{}", measured.rows(&run.to_string()));
    }
    Ok(())
}
