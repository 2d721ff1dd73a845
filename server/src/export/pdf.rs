//! The report as a PDF, typeset by typst from a compiled-in template and fonts, without any other
//! file, package or network. The report is data that the template reads, never part of its source,
//! so no text from people or models can become markup or code.

mod glyphs;
mod world;

use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use self::world::ReportWorld;
use super::document::Document;

/// How many generations of its cache typst keeps for the next report, which is different.
const KEPT: usize = 0;

/// Makes the file. An error says what is wrong with the template, for the log.
pub(super) fn pages(document: &Document) -> Result<Vec<u8>, String> {
    let mut data = serde_json::to_value(document).map_err(|error| error.to_string())?;
    glyphs::replace_missing(&mut data, world::fonts());
    let world = ReportWorld::new(data.to_string().into_bytes())?;
    let pages = typst::compile::<PagedDocument>(&world).output.map_err(|faults| told(&faults));
    let options = PdfOptions {
        // With this and without a date, the same report gives the same file.
        ident: Smart::Custom("viva report".to_owned()),
        creator: Smart::Custom(Some("Viva".to_owned())),
        ..PdfOptions::default()
    };
    let file =
        pages.and_then(|pages| typst_pdf::pdf(&pages, &options).map_err(|faults| told(&faults)));
    typst::comemo::evict(KEPT);
    file
}

fn told(faults: &[typst::diag::SourceDiagnostic]) -> String {
    faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests;
