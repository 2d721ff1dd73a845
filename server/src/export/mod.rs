//! A report as a file to keep or share. `document` makes its content, in neutral text; each format
//! writes it so that text from people and models stays text. What is stored is never changed. JSON
//! is the message of the wire, and converted in `grpc`.

mod document;
mod file_name;
mod json;
mod markdown;
#[cfg(feature = "pdf")]
mod pdf;

pub use file_name::file_name;
pub use json::json;

use crate::domain::report::Report;

/// The format of a report's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CommonMark, for people.
    Markdown,
    /// JSON, for programs.
    Json,
    /// PDF, for people.
    Pdf,
}

impl Format {
    /// The media type of the file.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Pdf => "application/pdf",
        }
    }

    /// The extension of the file's name, without the dot.
    const fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Pdf => "pdf",
        }
    }
}

/// Makes a Markdown file of a report.
pub fn markdown(report: &Report) -> String {
    markdown::page(&document::Document::of(report))
}

/// Makes a PDF file of a report, which takes a processor about a second. An error says what is
/// wrong with the template, for the log.
#[cfg(feature = "pdf")]
pub fn pdf(report: &Report) -> Result<Vec<u8>, String> {
    pdf::pages(&document::Document::of(report))
}

#[cfg(test)]
mod sample;
