//! Everything that typst can read: the template, the report's data, and the fonts. It has no other
//! file, no package and no clock.

use std::sync::LazyLock;

use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

const TEMPLATE: &str = include_str!("template.typ");

/// The font families that are used. Among those in typst's assets, these cover text in Latin,
/// Greek, Cyrillic and Hebrew, code, and symbols.
const FAMILIES: [&str; 3] = ["Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern Math"];

/// What is the same for every report.
struct SharedWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static SHARED: LazyLock<SharedWorld> = LazyLock::new(|| {
    let all = typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data)));
    let fonts: Vec<Font> =
        all.filter(|font| FAMILIES.contains(&font.info().family.as_str())).collect();
    SharedWorld {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

/// The fonts that are compiled in.
pub(super) fn fonts() -> &'static [Font] {
    &SHARED.fonts
}

/// The world of one report.
pub(super) struct ReportWorld {
    template: Source,
    data: (FileId, Bytes),
}

impl ReportWorld {
    /// Creates the world of a report, given as JSON.
    pub(super) fn new(data: Vec<u8>) -> Result<Self, String> {
        let template = Source::new(id("/template.typ")?, TEMPLATE.to_owned());
        Ok(Self { template, data: (id("/report.json")?, Bytes::new(data)) })
    }
}

fn id(path: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(path).map_err(|error| format!("{error:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for ReportWorld {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
