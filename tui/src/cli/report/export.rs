//! `viva report --export`: the file is the server's, byte for byte.

use std::{
    fs,
    io::{IsTerminal as _, stdout},
    path::Path,
};

use viva_proto::v1::{ExportReportRequest, ReportFormat};

use super::{Failure, Format, interview_failure};
use crate::{
    api::Api,
    cli::paper,
    problem::{Problem, ProblemKind},
    text,
};

impl From<Format> for ReportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Markdown => Self::Markdown,
            Format::Json => Self::Json,
            Format::Pdf => Self::Pdf,
        }
    }
}

pub(super) async fn run(
    api: &Api,
    id: i64,
    format: Format,
    output: Option<&Path>,
) -> Result<(), Failure> {
    let is_shown = output.is_none() && stdout().is_terminal();
    if format == Format::Pdf && is_shown {
        return Err(Failure::usage(
            "A PDF cannot be shown in a terminal. Name a file with --output.",
        ));
    }
    let request =
        ExportReportRequest { interview_id: id, format: ReportFormat::from(format).into() };
    let reply =
        api.export_report(request).await.map_err(|problem| export_failure(problem, id, format))?;
    match output {
        Some(file) => {
            fs::write(file, &reply.content).map_err(|error| {
                Failure::file(format!("{} cannot be written", file.display()), &error)
            })?;
            paper::note(&format!("Saved in {}.", file.display()));
            Ok(())
        }
        None if is_shown => paper::out(&text::neutral(&String::from_utf8_lossy(&reply.content))),
        None => Ok(paper::write_all(&reply.content)?),
    }
}

fn export_failure(problem: Problem, id: i64, format: Format) -> Failure {
    if problem.kind == ProblemKind::Unsupported && format == Format::Pdf {
        return Failure::failed(
            "This server was built without PDF. --export markdown and --export json work, and a \
             browser prints the page's report.",
        );
    }
    if problem.kind == ProblemKind::Unsupported {
        return Failure::failed(
            "This server cannot export reports yet. `viva report` shows the report here, and with \
             --json as data.",
        );
    }
    interview_failure(problem, id)
}
