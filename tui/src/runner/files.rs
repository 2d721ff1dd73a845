//! Effects that write files for the user: reports and settings.

use std::path::{Path, PathBuf};

use viva_proto::v1;
use viva_text::decode;

use super::{Runner, local_models::on_disk};
use crate::{
    api::Api,
    model::preferences::Setting,
    msg::Reply,
    problem::{Problem, ProblemKind},
    saved,
    settings::adopt,
};

/// The most bytes of a file that is read as an advert.
const MOST_BYTES: u64 = 1 << 20;

impl Runner {
    pub(super) fn export(&self, id: i64) {
        let (client, folders) = (self.client(), self.folders());
        self.load(async move {
            let saved = async { export(&client.await?, id, &folders).await };
            Reply::Exported(saved.await)
        });
    }

    pub(super) fn read_advert(&self, path: String) {
        let file = advert_file(&path, &self.paths.home);
        self.load(async move {
            let text = on_disk(move || read_advert(&file)).await;
            Reply::AdvertRead { path, text }
        });
    }

    pub(super) fn keep_setting(&mut self, setting: Setting, value: Option<String>) {
        let file = self.paths.config_file();
        // One after the other, because each reads the file and writes it.
        let name = setting.name().to_lowercase();
        let kept = self.draft_thread.order(move |_| Ok(adopt::set(&file, &name, value.as_deref())));
        self.write(async move { Reply::SettingKept(kept.await.and_then(|kept| kept)) });
    }
}

/// The file for a path typed as in a shell, or inserted by the terminal for a dropped file.
fn advert_file(typed: &str, home: &Path) -> PathBuf {
    let words = shell_words::split(typed).unwrap_or_default();
    let path = if let [path] = words.as_slice() { path } else { typed };
    path.strip_prefix("~/").map_or_else(|| PathBuf::from(path), |rest| home.join(rest))
}

fn read_advert(file: &Path) -> Result<String, Problem> {
    let problem = |why: &dyn std::fmt::Display| {
        Problem::new(ProblemKind::Local, format!("{} cannot be read: {why}", file.display()))
    };
    let size = std::fs::metadata(file).map_err(|error| problem(&error))?.len();
    if size > MOST_BYTES {
        return Err(problem(&"it is larger than 1 MB"));
    }
    let text = decode::file(file).map_err(|error| problem(&error))?;
    if text.trim().is_empty() { Err(problem(&"it is empty")) } else { Ok(text) }
}

/// Saves the report of an interview as a Markdown file.
async fn export(api: &Api, id: i64, folders: &[PathBuf]) -> Result<PathBuf, Problem> {
    let format = v1::ReportFormat::Markdown.into();
    let request = v1::ExportReportRequest { interview_id: id, format };
    let file = api.export_report(request).await?;
    let otherwise = format!("viva-report-{id}.md");
    let name = saved::safe_name(&file.file_name, &otherwise);
    saved::save(folders, name, &file.content).map_err(|error| {
        let message = format!("The report cannot be saved: {error}");
        Problem::new(ProblemKind::Local, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_parsed_as_in_a_shell() {
        let home = Path::new("/home/ana");
        assert_eq!(advert_file("~/ad.txt", home), Path::new("/home/ana/ad.txt"));
        assert_eq!(advert_file("'/tmp/my ad.txt'", home), Path::new("/tmp/my ad.txt"));
        assert_eq!(advert_file(r"/tmp/my\ ad.txt", home), Path::new("/tmp/my ad.txt"));
        assert_eq!(advert_file("/tmp/my ad.txt", home), Path::new("/tmp/my ad.txt"));
    }

    #[test]
    fn a_file_that_is_not_an_advert_is_refused_by_name() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("ad.txt");
        let said = |file: &Path| read_advert(file).unwrap_err().message;
        assert!(said(&file).contains("ad.txt cannot be read"));
        std::fs::write(&file, " \n").unwrap();
        assert!(said(&file).ends_with("it is empty"));
        std::fs::write(&file, "We look for someone.").unwrap();
        assert_eq!(read_advert(&file).unwrap(), "We look for someone.");
    }
}
