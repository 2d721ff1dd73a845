use super::*;
use crate::{
    domain::interview::Level,
    questions::{QuestionRequest, template_file, writing},
};

/// The file of a topic with one question.
fn file(head: &str, id: &str) -> String {
    let reference = "word ".repeat(60);
    let point = "[[question.key_points]]\npoint = \"A qubit is in both states until it is read.\"\nweight = 1\n";
    format!(
        "{head}\n[[question]]\nid = \"{id}\"\nlevel = \"mid\"\nquestion = \"What is a qubit?\"\n\
         reference = \"{reference}\"\n{point}{point}"
    )
}

const QUANTUM: &str =
    "topic = \"quantum-computing\"\ntitle = \"Quantum computing\"\nroles = [\"Quantum engineer\"]";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// What is wrong with a folder beside the built-in bank.
fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let folder = folder(files);
    let Err(BankError::Invalid { faults, .. }) = bank(Some(folder.path())) else {
        panic!("no fault was reported")
    };
    let checked = check_folder(folder.path()).unwrap().unwrap_err();
    assert!(faults.iter().all(|fault| checked.contains(fault)), "{checked:?}");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn topics_and_roles_of_a_folder_are_found_like_built_in_ones() {
    let folder = folder(&[("quantum-computing.toml", &file(QUANTUM, "quantum-qubit"))]);
    let bank = bank(Some(folder.path())).unwrap();
    let built_in = Bank::built_in().unwrap();
    assert_eq!(bank.questions().count(), built_in.questions().count() + 1);
    let quantum = ["quantum computing".to_owned()];
    let of_template = |id: &str| bank.template(id).unwrap().topics;
    let of_role = of_template("quantum-engineer");
    let of_topic = of_template("topic-quantum-computing");
    for (role, topics) in [
        ("Quantum engineer", &[] as &[String]),
        ("Senior quantum engineer (m/w/d)", &[]),
        ("x", &quantum),
        ("x", &of_role),
        ("x", &of_topic),
    ] {
        let request = QuestionRequest {
            role,
            level: Level::Mid,
            count: 1,
            topics,
            job_description: "",
            language: "en",
            asked: &[],
            not_again: &[],
            again_soon: &[],
            seed: 3,
        };
        let set = bank.choose(&request);
        assert_eq!(set.questions[0].bank_id.as_deref(), Some("quantum-qubit"), "{role} {topics:?}");
        assert_eq!(set.notice, "", "{role} {topics:?}");
    }
}

#[test]
fn a_file_with_extends_adds_to_a_built_in_topic() {
    let text =
        file("topic = \"sql\"\nextends = true\nroles = [\"Analytics engineer\"]", "sql-mine");
    let folder = folder(&[("sql.toml", &text)]);
    let bank = bank(Some(folder.path())).unwrap();
    let sql = bank.topics.iter().find(|topic| topic.name == "sql").unwrap();
    assert_eq!(sql.title, "SQL");
    assert_eq!(sql.questions.last().unwrap().id, "sql-mine");
    assert!(sql.roles.contains(&"Analytics engineer".to_owned()));
    let own = check_folder(folder.path()).unwrap().unwrap();
    assert_eq!(own.questions().count(), 1, "the check counts those of the folder");
}

#[test]
fn every_clash_with_the_built_in_bank_is_named() {
    let taken = Bank::built_in().unwrap().topics[0].questions[0].id.clone();
    let sql = file("topic = \"sql\"\ntitle = \"SQL\"\nroles = [\"Backend engineer\"]", &taken);
    let other = file(
        "topic = \"other\"\ntitle = \"Rust\"\nroles = [\"backend Engineer\", \"Topic rust\"]",
        "other-one",
    );
    let nothing = file("topic = \"nothing\"\nextends = true", "nothing-one");
    let found = faults(&[("sql.toml", &sql), ("other.toml", &other), ("nothing.toml", &nothing)]);
    for fault in [
        "nothing.toml: extends: the built-in bank has no topic nothing; leave extends out",
        "sql.toml: topic: sql is a topic of the built-in bank. To add questions to it, write extends = true",
        "other.toml: title: is the title of the built-in topic rust; choose another",
        "other.toml: roles: backend Engineer is spelt Backend engineer elsewhere",
        "other.toml: roles: Topic rust is the name of a ready-made interview",
    ] {
        assert!(found.iter().any(|one| one.starts_with(fault)), "{fault} in {found:#?}");
    }
    let id = format!("sql.toml: {taken}: id: is also in ");
    assert!(found.iter().any(|one| one.starts_with(&id)), "{id} in {found:#?}");
}

#[test]
fn a_missing_or_empty_folder_is_reported() {
    let error = bank(Some(Path::new("/nowhere/bank"))).unwrap_err().to_string();
    assert!(error.starts_with("the question bank in /nowhere/bank cannot be read: "), "{error}");
    assert_eq!(faults(&[("notes.md", "")]), ["there is no bank file (TOPIC.toml) here"]);
    let folder = folder(&[]);
    fs::write(folder.path().join("latin.toml"), b"topic = \"caf\xe9\"").unwrap();
    let error = bank(Some(folder.path())).unwrap_err().to_string();
    assert!(error.contains("latin.toml: "), "{error}");
}

#[test]
fn unfinished_entries_are_left_out_of_the_bank_and_reported_by_the_check() {
    let text = file(QUANTUM, "quantum-qubit");
    let text = format!("{text}\n{}", writing::new_entry("quantum-computing"));
    let folder = folder(&[("quantum-computing.toml", &text)]);
    let bank = bank(Some(folder.path())).unwrap();
    let quantum = bank.topics.iter().find(|topic| topic.name == "quantum-computing").unwrap();
    assert_eq!(quantum.questions.len(), 1);
    let faults = check_folder(folder.path()).unwrap().unwrap_err();
    assert!(faults.iter().all(|fault| fault.problem.contains("placeholder")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.entry == "question 2" && fault.field == "reference"));
}

#[test]
fn the_built_in_folder_is_checked_as_a_bank_by_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bank");
    let bank = check_folder(&folder).unwrap().unwrap();
    assert_eq!(bank.topics.len(), Bank::built_in().unwrap().topics.len());
}

#[test]
fn the_worked_examples_of_the_document_are_valid() {
    let document = include_str!("../../../../docs/bank.md");
    let examples: Vec<&str> =
        document.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let (banks, templates): (Vec<_>, Vec<_>) =
        examples.into_iter().partition(|text| text.starts_with("topic = "));
    assert_eq!((banks.len(), templates.len()), (2, 1));
    let name = |text: &str| {
        let table: toml::Table = text.parse().unwrap();
        format!("{}.toml", table["topic"].as_str().unwrap())
    };
    let files: Vec<_> = banks.iter().map(|text| (name(text), *text)).collect();
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let folder = folder(&files);
    let own = check_folder(folder.path()).unwrap();
    let own = own.unwrap_or_else(|faults| panic!("{faults:#?}"));
    for (_, question) in own.questions() {
        assert!(question.rubric.key_points.iter().all(|point| point.phrasings.len() >= 3));
        assert!(
            question.prompts.iter().all(|point| point.id.is_some() && point.prompts.len() >= 2)
        );
    }
    assert_eq!(template_file::read("friday.toml", templates[0]).unwrap().len(), 1);
}
