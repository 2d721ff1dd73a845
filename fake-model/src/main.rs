//! `viva-fake-model`: a language model for developers without a real one. See the library's
//! documentation.

use std::{io, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use viva_fake_model::{Case, FakeModel, Script};

/// Serves a scripted language model over the chat-completions protocol, to try Viva without one.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8089")]
    listen: SocketAddr,
    /// How long it thinks before each reply, in milliseconds
    #[arg(long, default_value_t = 200)]
    delay_ms: u64,
    /// Replay this file of server/tests/corpora/llm-responses instead of being honest
    #[arg(long)]
    case: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("viva-fake-model: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until Ctrl+C.
async fn run(arguments: Arguments) -> io::Result<()> {
    let script = match arguments.case {
        Some(file) => Script::Replay(Case::load(file)?),
        None => Script::Honest { delay: Duration::from_millis(arguments.delay_ms) },
    };
    let listen = arguments.listen;
    let model = FakeModel::start_at(listen, script).await.map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {listen}: {error}"))
    })?;
    println!("export LLM_API_URL={}", model.url());
    println!("export LLM_MODEL=fake");
    tokio::signal::ctrl_c().await?;
    model.stop().await;
    Ok(())
}
