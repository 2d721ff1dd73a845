//! `viva report --export`: writes the server's file byte for byte.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _, stdout},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use viva_proto::v1::{ExportReportRequest, ReportFormat};

use super::{Failure, Format, interview_failure};
use crate::{
    api::Api,
    cli::{Paper, note, paper},
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
    paper: &Paper,
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
            write(file, &reply.content).map_err(|error| {
                Failure::file(format!("{} cannot be written", file.display()), &error)
            })?;
            note(&format!("Saved in {}.", paper.file(file)));
            Ok(())
        }
        None if is_shown => paper::out(&text::neutral(&String::from_utf8_lossy(&reply.content))),
        None => Ok(paper::write_all(&reply.content)?),
    }
}

/// Writes a file whole or not at all. Anything else, such as a pipe, is written to directly.
fn write(file: &Path, content: &[u8]) -> io::Result<()> {
    if fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        return fs::write(file, content);
    }
    // Replace the file that a link points to, not the link.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut draft = tempfile::Builder::new()
        .permissions(mode_of(&file))
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    draft.write_all(content)?;
    draft.as_file().sync_data()?;
    draft.persist(file).map(drop).map_err(|error| error.error)
}

/// The mode of the existing file, or 0o666 for a new one, which the umask restricts.
fn mode_of(file: &Path) -> fs::Permissions {
    fs::metadata(file).map_or(fs::Permissions::from_mode(0o666), |there| there.permissions())
}

fn export_failure(problem: Problem, id: i64, format: Format) -> Failure {
    if problem.kind == ProblemKind::Unsupported && format == Format::Pdf {
        return Failure::failed(
            "This server was built without PDF export. Use --export markdown or --export json, or \
             print the report from the page.",
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
