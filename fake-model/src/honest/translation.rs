//! Translates into English, as far as a list of known sentences allows.

use serde_json::{Value, json};

use crate::message::Message;

/// The content of the reply: for each text, the English of the known sentences in it, in order. A
/// text with none is returned as it is, since this model only knows English.
pub(crate) fn translations(message: &Message, known: &[(String, String)]) -> String {
    let translated = message.list("texts").iter().map(|text| {
        let original = text["text"].as_str().unwrap_or_default();
        json!({"number": text["number"], "english": english(original, known)})
    });
    json!({"translations": translated.collect::<Vec<Value>>()}).to_string()
}

fn english(text: &str, known: &[(String, String)]) -> String {
    let mut found: Vec<(usize, &str)> = known
        .iter()
        .filter_map(|(sentence, english)| Some((text.find(sentence.as_str())?, english.as_str())))
        .collect();
    found.sort_by_key(|(at, _)| *at);
    if found.is_empty() {
        return text.to_owned();
    }
    found.into_iter().map(|(_, english)| english).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sentences_are_translated_in_the_order_of_the_text() {
        let known = [("zwei".to_owned(), "two".to_owned()), ("Eins".to_owned(), "One".to_owned())];
        assert_eq!(english("Eins, zwei!", &known), "One two");
        assert_eq!(english("drei", &known), "drei");
    }
}
