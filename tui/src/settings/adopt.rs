//! Puts a language model of this machine into the settings file. What else is in the file, comments
//! included, stays as it is.

use std::path::Path;

use crate::{
    discovery::Found,
    own_file,
    problem::{Problem, ProblemKind},
};

/// What stands above the settings, for whoever reads the file later.
const COMMENT: &str = "# A language model on this machine, chosen in viva. Without these lines the \
                       built-in bank and grader do the work.";

/// Sets the model in this file, which is made if it is not there; with the pace of a model on a
/// desk, where none is set.
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

/// The settings by their names in the file.
fn settings(found: &Found, with_pace: bool) -> toml::Table {
    let mut settings = toml::Table::new();
    settings.insert("llm_api_url".to_owned(), found.url().into());
    settings.insert("llm_model".to_owned(), found.name.clone().into());
    if with_pace {
        // Most machines take longer over two at once than over one after the other.
        settings.insert("llm_concurrency".to_owned(), 1.into());
    }
    settings
}

fn lines(settings: &toml::Table) -> String {
    let line = |(name, value): (&String, &toml::Value)| format!("{name} = {value}\n");
    format!("{COMMENT}\n{}", settings.iter().map(line).collect::<String>())
}

/// The text with the settings in it: at its end, or, where that is inside a table, at its beginning.
/// None where they cannot be added so that the file says what it said, and these besides.
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
    fn comments_and_other_lines_stay_as_they_are() {
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
    fn the_settings_do_not_get_into_a_table() {
        let old = "viva_theme = \"dark\"\n[mine]\na = 1\n";
        let new = after(old);
        assert!(new.starts_with("# A language model") && new.ends_with(old), "{new}");
        assert_eq!(new.parse::<toml::Table>().unwrap()["llm_model"].as_str(), Some("llama3.1:8b"));
    }

    #[test]
    fn any_name_is_written_so_that_it_is_read_again() {
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
    fn a_file_that_cannot_take_them_is_left_alone_and_the_lines_are_told() {
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
    fn a_new_file_is_for_its_owner_and_an_old_one_keeps_its_permissions() {
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
    fn what_is_only_a_link_stays_one() {
        let home = tempfile::tempdir().unwrap();
        let (real, link) = (home.path().join("real.toml"), home.path().join("config.toml"));
        fs::write(&real, "# kept elsewhere\n").unwrap();
        symlink(&real, &link).unwrap();
        set_model(&link, &found("a:8b"), true).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&real).unwrap().contains("llm_model"));
    }
}
