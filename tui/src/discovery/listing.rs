//! Reads a list of models in the form of the chat-completions protocol, and leaves out models that
//! Viva cannot use.

use serde::Deserialize;
use serde_json::Value;

use super::{Found, size::Size};

/// The most models read from one list.
const MOST: usize = 100;
/// The most characters of a name, as for `LLM_MODEL`.
const LONGEST_NAME: usize = 200;
/// Parts of the names of models that turn text into numbers or sound into text.
const OTHER_TRADES: [&str; 6] = ["embed", "rerank", "minilm", "bge-", "whisper", "tts"];

#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    // llama.cpp reports more about its model than the name.
    #[serde(default)]
    meta: Value,
}

/// The models in a list; none if it is not a list.
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

/// Whether it can chat and runs here: Ollama also lists models that run on its maker's machines,
/// and only the names distinguish them.
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
    fn the_lists_of_all_three_programs_are_read() {
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
    fn anything_but_a_list_of_models_has_none() {
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
    fn models_that_cannot_chat_or_run_elsewhere_are_left_out() {
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
    fn names_that_cannot_be_set_are_left_out() {
        let long = "x".repeat(201);
        let bad = ["", " a", "a\n", "a\u{1b}[2Jb", "a\u{9b}b", &long];
        assert_eq!(names(&list(&bad)), [""; 0]);
        let many: Vec<String> = (0..1000).map(|n| format!("m{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(names(&list(&many)).len(), MOST);
    }
}
