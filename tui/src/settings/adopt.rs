//! Writes a language model of this machine, or another setting, to the settings file. The rest of
//! the file, including comments, is not changed.

use std::path::Path;

use crate::{
    discovery::Found,
    own_file,
    problem::{Problem, ProblemKind},
};

/// The comment above the settings, for later readers of the file.
const COMMENT: &str = "# A language model on this machine, chosen in viva. Without these lines the \
                       built-in bank and grader do the work.";

/// Sets the model in this file, which is created if it is missing; `with_pace` adds the pace of a
/// model on a desktop machine.
pub(crate) fn set_model(file: &Path, found: &Found, with_pace: bool) -> Result<(), Problem> {
    let settings = settings(found, with_pace);
    let lines = lines(&settings);
    let problem = |why: String| {
        let message = format!(
            "{} cannot be changed: {why}. To use the model, write into it yourself: {}",
            file.display(),
            lines.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("; ")
        );
        Problem::new(ProblemKind::Local, message)
    };
    let old = own_file::read(file).map_err(|error| problem(error.to_string()))?;
    let new = put(old.as_deref().unwrap_or_default(), &settings, &lines)
        .ok_or_else(|| problem("it has such settings already".to_owned()))?;
    own_file::replace(file, &new).map_err(|error| problem(error.to_string()))
}

/// Sets a setting in this file, which is created if it is missing, or removes it. The rest of the
/// file is not changed, nor is a comment beside the setting.
pub(crate) fn set(file: &Path, name: &str, value: Option<&str>) -> Result<(), Problem> {
    let line = value.map(|value| format!("{name} = {}", toml::Value::from(value)));
    let problem = |why: String| {
        let yourself = line.as_ref().map_or_else(
            || format!("Take {name} out of it yourself."),
            |line| format!("Write into it yourself: {line}"),
        );
        let message = format!("The setting cannot be kept: {}: {why}. {yourself}", file.display());
        Problem::new(ProblemKind::Local, message)
    };
    let old = own_file::read(file).map_err(|error| problem(error.to_string()))?;
    let old = old.unwrap_or_default();
    let mut wanted = old
        .parse::<toml::Table>()
        .map_err(|error| problem(error.message().trim_end().to_owned()))?;
    let before = match value {
        Some(value) => wanted.insert(name.to_owned(), value.into()),
        None => wanted.remove(name),
    };
    if before.is_none() && value.is_none() {
        return Ok(());
    }
    let new = if before.is_some() {
        let texts = [
            replaced(&old, name, line.as_deref(), true),
            replaced(&old, name, line.as_deref(), false),
        ];
        texts.into_iter().find(|text| text.parse::<toml::Table>().is_ok_and(|is| is == wanted))
    } else {
        let settings = value.map(|value| (name.to_owned(), value.into()));
        put(
            &old,
            &toml::Table::from_iter(settings),
            &line.as_ref().map(|line| format!("{line}\n")).unwrap_or_default(),
        )
    };
    let new =
        new.ok_or_else(|| problem("its form is not one that can be changed safely".to_owned()))?;
    own_file::replace(file, &new).map_err(|error| problem(error.to_string()))
}

/// Replaces the first line that sets `name`; keeps the comment beside it if possible.
fn replaced(old: &str, name: &str, line: Option<&str>, with_comment: bool) -> String {
    let mut is_done = false;
    let mut new = String::new();
    for one in old.split_inclusive('\n') {
        let is_it = one.split_once('=').is_some_and(|(key, _)| key.trim() == name);
        if !is_it || is_done {
            new.push_str(one);
            continue;
        }
        is_done = true;
        let Some(line) = line else { continue };
        new.push_str(line);
        new.push_str(if with_comment { comment(one) } else { "" });
        new.push_str(&one[one.trim_end().len()..]);
    }
    new
}

/// The comment at the end of a line with a setting, including the space before it.
fn comment(line: &str) -> &str {
    let line = line.trim_end();
    let is_code = |at: &usize| line[..*at].parse::<toml::Table>().is_ok();
    let at = line.match_indices('#').map(|(at, _)| at).find(is_code);
    at.map_or("", |at| &line[line[..at].trim_end().len()..])
}

/// The settings by their names in the file.
fn settings(found: &Found, with_pace: bool) -> toml::Table {
    let mut settings = toml::Table::new();
    settings.insert("llm_api_url".to_owned(), found.url().into());
    settings.insert("llm_model".to_owned(), found.name.clone().into());
    if with_pace {
        // Most machines take longer over two calls at once than over one after the other.
        settings.insert("llm_concurrency".to_owned(), 1.into());
    }
    settings
}

fn lines(settings: &toml::Table) -> String {
    let line = |(name, value): (&String, &toml::Value)| format!("{name} = {value}\n");
    format!("{COMMENT}\n{}", settings.iter().map(line).collect::<String>())
}

/// The text with the settings added at its end or, if that is inside a table, at its start. `None`
/// if they cannot be added without changing the meaning of the rest.
fn put(old: &str, settings: &toml::Table, lines: &str) -> Option<String> {
    let mut wanted = old.parse::<toml::Table>().ok()?;
    wanted.extend(settings.clone());
    let gap = match old {
        "" => "",
        old if old.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let candidates = [format!("{old}{gap}{lines}"), format!("{lines}\n{old}")];
    candidates.into_iter().find(|text| text.parse::<toml::Table>().is_ok_and(|is| is == wanted))
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    use super::*;
    use crate::discovery::tests::found;

    /// The file after a model was set in it.
    fn after(old: &str) -> String {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config.toml");
        fs::write(&file, old).unwrap();
        set_model(&file, &found("llama3.1:8b"), true).unwrap();
        fs::read_to_string(&file).unwrap()
    }

    #[test]
    fn a_setting_replaces_the_earlier_value_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config.toml");
        let after = |old: &str, value: Option<&str>| {
            fs::write(&file, old).unwrap();
            set(&file, "viva_theme", value).unwrap();
            fs::read_to_string(&file).unwrap()
        };
        assert_eq!(after("", Some("gruvbox")), "viva_theme = \"gruvbox\"\n");
        let old = "# mine\nviva_theme = \"dark\"  # at night\nviva_color = \"auto\"\n";
        let new = "# mine\nviva_theme = \"mono\"  # at night\nviva_color = \"auto\"\n";
        assert_eq!(after(old, Some("mono")), new);
        assert_eq!(after(old, None), "# mine\nviva_color = \"auto\"\n");
        assert_eq!(after("# mine\n", None), "# mine\n");
        let table = "[mine]\nviva_theme = 1\n";
        assert_eq!(after(table, Some("mono")), format!("viva_theme = \"mono\"\n\n{table}"));
        let hash = "viva_theme = \"a # b\"\n";
        assert_eq!(after(hash, Some("mono")), "viva_theme = \"mono\"\n");
        fs::write(&file, "not toml").unwrap();
        let problem = set(&file, "viva_theme", Some("mono")).unwrap_err();
        assert!(problem.message.contains("viva_theme = \"mono\""), "{problem:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "not toml");
    }

    #[test]
    fn comments_and_other_lines_are_not_changed() {
        insta::assert_snapshot!(after("# mine\nviva_theme = \"dark\"   # at night\n"), @r#"
        # mine
        viva_theme = "dark"   # at night

        # A language model on this machine, chosen in viva. Without these lines the built-in bank and grader do the work.
        llm_api_url = "http://127.0.0.1:11434/v1/chat/completions"
        llm_concurrency = 1
        llm_model = "llama3.1:8b"
        "#);
        let old = "viva_theme = \"dark\"";
        assert!(after(old).starts_with(&format!("{old}\n\n# A language model")));
    }

    #[test]
    fn the_settings_are_not_added_inside_a_table() {
        let old = "viva_theme = \"dark\"\n[mine]\na = 1\n";
        let new = after(old);
        assert!(new.starts_with("# A language model") && new.ends_with(old), "{new}");
        assert_eq!(new.parse::<toml::Table>().unwrap()["llm_model"].as_str(), Some("llama3.1:8b"));
    }

    #[test]
    fn any_name_is_read_back_as_written() {
        for name in ["a\"b\\c", "it's", "漢字", "a = 1 # b", "'''", "\"\"\""] {
            let home = tempfile::tempdir().unwrap();
            let file = home.path().join("config.toml");
            set_model(&file, &found(name), false).unwrap();
            let table = fs::read_to_string(&file).unwrap().parse::<toml::Table>().unwrap();
            assert_eq!(table["llm_model"].as_str(), Some(name));
            assert_eq!(table.len(), 2);
        }
    }

    #[test]
    fn a_file_that_cannot_be_extended_is_kept_and_the_message_has_the_lines() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config.toml");
        for old in ["llm_api_url = \"\"\n", "not toml"] {
            fs::write(&file, old).unwrap();
            let problem = set_model(&file, &found("a:8b"), true).unwrap_err();
            assert!(problem.message.contains("llm_model = \"a:8b\""), "{problem:?}");
            assert_eq!(fs::read_to_string(&file).unwrap(), old);
        }
    }

    #[test]
    fn a_new_file_is_private_and_an_existing_one_keeps_its_permissions() {
        let home = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let new = home.path().join("config/viva/config.toml");
        set_model(&new, &found("a:8b"), true).unwrap();
        assert_eq!((mode(&new), mode(new.parent().unwrap())), (0o600, 0o700));
        let old = home.path().join("shared.toml");
        fs::write(&old, "").unwrap();
        fs::set_permissions(&old, Permissions::from_mode(0o644)).unwrap();
        let folder = mode(home.path());
        set_model(&old, &found("a:8b"), true).unwrap();
        assert_eq!((mode(&old), mode(home.path())), (0o644, folder));
    }

    #[test]
    fn a_link_stays_a_link() {
        let home = tempfile::tempdir().unwrap();
        let (real, link) = (home.path().join("real.toml"), home.path().join("config.toml"));
        fs::write(&real, "# kept elsewhere\n").unwrap();
        symlink(&real, &link).unwrap();
        set_model(&link, &found("a:8b"), true).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&real).unwrap().contains("llm_model"));
    }
}
