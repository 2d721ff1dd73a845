//! Reads a list of models as the chat-completions protocol has it, and leaves out what is of no use
//! to Viva.

use serde::Deserialize;
use serde_json::Value;

use super::{Found, size::Size};

/// Models that are taken from one list at the most.
const MOST: usize = 100;
/// Characters of a name at the most, as `LLM_MODEL` takes them.
const LONGEST_NAME: usize = 200;
/// What the names of models have in them that turn text into numbers or sound into text.
const OTHER_TRADES: [&str; 6] = ["embed", "rerank", "minilm", "bge-", "whisper", "tts"];

#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    // llama.cpp says more of its model than its name.
    #[serde(default)]
    meta: Value,
}

/// The models that a list names; none where it is no list.
pub(super) fn read(port: u16, list: &[u8]) -> Vec<Found> {
    let Ok(list) = serde_json::from_slice::<List>(list) else {
        return Vec::new();
    };
    let mut found: Vec<Found> = Vec::new();
    for Entry { id: name, meta } in list.data {
        let is_known = found.iter().any(|found| found.name == name);
        if found.len() < MOST && !is_known && can_be_set(&name) && is_of_use(&name) {
            let parameters = meta["n_params"].as_u64().map(Size::of_parameters);
            let size = parameters.or_else(|| Size::of_name(&name));
            found.push(Found { port, name, size });
        }
    }
    found
}

/// Whether `LLM_MODEL` can have this value.
fn can_be_set(name: &str) -> bool {
    let fits = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
    fits && name.trim() == name && !name.contains(char::is_control)
}

/// Whether it can talk, and runs here: Ollama lists models of its maker's machines among its own,
/// and a name is all that tells them apart.
fn is_of_use(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_elsewhere = name.ends_with("-cloud") || name.ends_with(":cloud");
    !is_elsewhere && !OTHER_TRADES.iter().any(|trade| name.contains(trade))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &str) -> Vec<String> {
        read(1, list.as_bytes()).into_iter().map(|found| found.name).collect()
    }

    fn list(names: &[&str]) -> String {
        let entries: Vec<_> = names.iter().map(|name| serde_json::json!({ "id": name })).collect();
        serde_json::json!({ "object": "list", "data": entries }).to_string()
    }

    #[test]
    fn the_lists_of_the_three_programs_are_read() {
        let ollama = r#"{"object":"list","data":[{"id":"llama3.1:8b","object":"model","created":1,
            "owned_by":"library"}]}"#;
        assert_eq!(names(ollama), ["llama3.1:8b"]);
        let lm_studio = r#"{"data":[{"id":"qwen2.5-14b-instruct","object":"model",
            "owned_by":"organization_owner"}],"object":"list"}"#;
        assert_eq!(names(lm_studio), ["qwen2.5-14b-instruct"]);
        let llama_cpp = r#"{"models":[{"name":"a"}],"object":"list","data":[{"id":"/srv/model.gguf",
            "meta":{"vocab_type":2,"n_params":8030261312,"size":4912898304}}]}"#;
        let found = read(8080, llama_cpp.as_bytes());
        assert_eq!(found[0].size.unwrap().to_string(), "8B");
        assert_eq!(found[0].url(), "http://127.0.0.1:8080/v1/chat/completions");
    }

    #[test]
    fn what_is_no_list_of_models_names_none() {
        for text in [
            "",
            "<html>",
            "null",
            "[]",
            "{}",
            r#"{"data":null}"#,
            r#"{"data":[1]}"#,
            r#"{"data":[{"id":7}]}"#,
            r#"{"models":[{"name":"a"}]}"#,
        ] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_cannot_talk_and_what_runs_elsewhere_is_left_out() {
        let list = list(&[
            "nomic-embed-text:latest",
            "bge-m3",
            "all-minilm:33m",
            "gpt-oss:120b-cloud",
            "glm-4.6:cloud",
            "gpt-oss:20b",
            "gpt-oss:20b",
        ]);
        assert_eq!(names(&list), ["gpt-oss:20b"]);
    }

    #[test]
    fn names_that_could_not_be_set_are_left_out() {
        let long = "x".repeat(201);
        let bad = ["", " a", "a\n", "a\u{1b}[2Jb", "a\u{9b}b", &long];
        assert_eq!(names(&list(&bad)), [""; 0]);
        let many: Vec<String> = (0..1000).map(|n| format!("m{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(names(&list(&many)).len(), MOST);
    }
}
