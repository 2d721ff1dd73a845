//! A report as a file to keep or to hand on. `document` says what is in it, in words and in neutral
//! text; each form writes that down and makes sure that no text of people or models becomes anything
//! but text there. What is stored is never changed. JSON is the wire's own and written in `grpc`.

mod document;
mod file_name;
mod json;
mod markdown;
#[cfg(feature = "pdf")]
mod pdf;

pub use file_name::file_name;
pub use json::json;

use crate::domain::report::Report;

/// What kind of file a report becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CommonMark, for people.
    Markdown,
    /// For programs.
    Json,
    /// Pages, for people.
    Pdf,
}

impl Format {
    /// The media type of such a file.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Pdf => "application/pdf",
        }
    }

    /// What its name ends with, without the dot.
    const fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Pdf => "pdf",
        }
    }
}

/// The report as a Markdown file.
pub fn markdown(report: &Report) -> String {
    markdown::page(&document::Document::of(report))
}

/// The report as a PDF file, which takes a processor for a second or so; or what is wrong with the
/// template, which is for the log.
#[cfg(feature = "pdf")]
pub fn pdf(report: &Report) -> Result<Vec<u8>, String> {
    pdf::pages(&document::Document::of(report))
}

#[cfg(test)]
mod sample;
