//! Which template a command is for: a file, one of your own, or one of the server's.

use std::{ffi::OsStr, path::Path};

use viva_proto::v1::Template;

use crate::{
    api::Api,
    cli::{Context, Exit, Failure, input, paper},
    templates, text,
};

/// The template with this id or in this file.
pub(in crate::cli) async fn find(
    named: &str,
    api: &Api,
    context: &Context,
) -> Result<Template, Failure> {
    if is_file(named) {
        return of_file(Path::new(named)).await;
    }
    let own = own(context);
    if let Some(template) =
        own.iter().find(|one| one.id == named || templates::plain_id(one) == named)
    {
        return Ok(template.clone());
    }
    let all = api.list_templates().await?;
    let found = all.iter().find(|template| template.id == named).cloned();
    found.ok_or_else(|| {
        let ids: Vec<_> = own.iter().chain(&all).map(|template| template.id.as_str()).collect();
        let message = format!("There is no template {named}. There are: {}.", ids.join(", "));
        Failure::new(Exit::NotFound, text::neutral(&message))
    })
}

/// Your own templates; faults in other files are reported.
pub(super) fn own(context: &Context) -> Vec<Template> {
    let own = templates::read_folder(&context.paths.templates());
    for fault in &own.faults {
        paper::note(&text::neutral(&format!("left out: {fault}")));
    }
    own.templates
}

/// An id contains neither a dot nor a slash.
fn is_file(named: &str) -> bool {
    named.contains('/') || Path::new(named).extension() == Some(OsStr::new("toml"))
}

async fn of_file(file: &Path) -> Result<Template, Failure> {
    let text = input::text_of(file).await?;
    let name = file.display().to_string();
    let templates = templates::read(&name, &text)
        .map_err(|faults| Failure::failed(text::neutral(&faults.join("\n"))))?;
    match <[Template; 1]>::try_from(templates) {
        Ok([template]) => Ok(template),
        Err(all) => {
            let ids: Vec<_> = all.iter().map(templates::plain_id).collect();
            Err(Failure::usage(format!(
                "{name} contains several templates: {}. Put it into your folder of templates and \
                 name one of them.",
                ids.join(", ")
            )))
        }
    }
}
