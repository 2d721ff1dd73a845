//! What must never leave the client: the key, and any part of the address that may be one.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

/// A shorter key is not masked in replies, where it may be an ordinary word: many local servers are
/// given a key such as `none`.
const SHORTEST_IN_REPLY: usize = 8;

/// Shorter values in an address's query are more likely a version or a name.
const SHORTEST_OF_ADDRESS: usize = 16;

/// Longer segments of an address's path may be keys.
const LONGEST_PLAIN_PART: usize = 24;

/// The texts that are secrets.
pub(super) struct Secrets {
    key: Option<SecretString>,
    /// Those in the address, longest first, so that none is masked only in part.
    address: Vec<SecretString>,
}

impl Secrets {
    /// Collects the key, and any part of the address that may be one.
    pub(super) fn new(key: Option<SecretString>, url: &Url) -> Self {
        let raw = url.query().unwrap_or_default().split('&');
        let raw = raw.filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned());
        let decoded = url.query_pairs().map(|(_, value)| value.into_owned());
        let path = url.path_segments().into_iter().flatten();
        let path = path.filter(|part| part.len() > LONGEST_PLAIN_PART).map(str::to_owned);
        let whole = url.query().map(str::to_owned);
        let all = raw.chain(decoded).chain(path).chain(whole);
        let mut address: Vec<String> = all.filter(|text| !text.is_empty()).collect();
        address.sort_by_key(|text| std::cmp::Reverse(text.len()));
        address.dedup();
        Self { key, address: address.into_iter().map(SecretString::from).collect() }
    }

    /// Whether there is a key.
    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// The texts to mask in the log.
    pub(super) fn all(&self) -> Vec<&str> {
        // A query of a letter or two would mask half of every line.
        let address = self.address().filter(|text| text.len() > 3);
        self.key().into_iter().chain(address).collect()
    }

    /// A reply without the secrets. JSON escapes of characters that need none are undone first, or
    /// the key would reappear when the reply is parsed.
    pub(super) fn masked_in_reply(&self, content: String) -> String {
        let of_address = self.address().filter(|text| text.len() >= SHORTEST_OF_ADDRESS);
        let key = self.key().filter(|key| key.len() >= SHORTEST_IN_REPLY);
        // Both as it is and as written in JSON, where quotation marks and backslashes are escaped.
        let both =
            |secret: &str| [secret.to_owned(), secret.replace('\\', "\\\\").replace('"', "\\\"")];
        let secrets: Vec<String> = key.into_iter().chain(of_address).flat_map(both).collect();
        if secrets.is_empty() {
            return content;
        }
        let plain = without_needless_escapes(&content);
        let masked = secrets.iter().fold(plain.clone(), |text, secret| masked(&text, secret));
        if masked == plain { content } else { masked }
    }

    fn key(&self) -> Option<&str> {
        self.key.as_ref().map(ExposeSecret::expose_secret)
    }

    fn address(&self) -> impl Iterator<Item = &str> {
        self.address.iter().map(ExposeSecret::expose_secret)
    }
}

/// The text without this secret, in capital or small letters, and with characters in between that show
/// nothing: the reader would see the key itself.
fn masked(text: &str, secret: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(length) = length_at_start(rest, secret) {
            masked.push_str("***");
            rest = &rest[length..];
        } else {
            masked.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    masked
}

/// How many bytes of the text the secret takes at its start; `None` if it is not there.
fn length_at_start(text: &str, secret: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    let mut end = 0;
    for wanted in secret.chars() {
        while end > 0
            && characters.next_if(|(_, c)| *c != wanted && viva_text::is_blank(*c)).is_some()
        {
        }
        let (at, c) = characters.next()?;
        if !c.eq_ignore_ascii_case(&wanted) {
            return None;
        }
        end = at + c.len_utf8();
    }
    Some(end)
}

/// The text with `\u0041` as `A` and `\/` as `/`, wherever that means the same in JSON.
fn without_needless_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (character, length) = match rest.as_bytes().get(1) {
            Some(b'/') => (Some('/'), 2),
            Some(b'u') => (needless(rest), 6),
            _ => (None, 0),
        };
        if let Some(character) = character {
            plain.push(character);
            rest = &rest[length..];
        } else {
            // Together with the character it escapes, which may be another backslash.
            let end = rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end);
            plain.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    plain + rest
}

/// The character that an escape at the start of the text represents, if it needs no escape.
fn needless(text: &str) -> Option<char> {
    let code = u16::from_str_radix(text.get(2..6)?, 16).ok()?;
    char::from_u32(code.into()).filter(|c| !c.is_control() && !matches!(c, '"' | '\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-hush/0001";

    fn secrets(url: &str) -> Secrets {
        Secrets::new(Some(KEY.into()), &Url::parse(url).unwrap())
    }

    #[test]
    fn a_key_in_a_reply_is_masked_however_it_is_escaped() {
        let secrets = secrets("http://localhost/v1");
        for said in [
            "sk-hush/0001",
            r"sk-hush\/0001",
            r"\u0073k-hush/0001",
            r"sk\u002dhush\u002F0001",
            r"\\sk-hush/0001",
            "sk-\u{200b}hush/\u{2060}0001",
            r"sk-hu\u200bsh/0001",
            "S K - H U S H / 0 0 0 1",
        ] {
            let masked = secrets.masked_in_reply(format!("{{\"feedback\":\"It is {said}.\"}}"));
            assert!(masked.contains("***") && !masked.contains("01"), "{said}: {masked}");
            assert!(!masked.contains("0 1"), "{said}: {masked}");
            let read: serde_json::Value = serde_json::from_str(&masked).unwrap();
            assert!(!read["feedback"].as_str().unwrap().contains(KEY), "{read}");
        }
    }

    #[test]
    fn a_key_that_json_escapes_is_masked_too() {
        let key = r#"sk"hush\0001"#;
        let secrets = Secrets::new(Some(key.into()), &Url::parse("http://localhost/v1").unwrap());
        let said = serde_json::json!({ "feedback": key }).to_string();
        assert_eq!(secrets.masked_in_reply(said), r#"{"feedback":"***"}"#);
    }

    #[test]
    fn a_reply_without_a_secret_stays_as_it_is() {
        let secrets = secrets("http://localhost/v1?api-version=1");
        for said in [r"a\u0041\/", r"\\u0073k-hush/0001x".replace("sk", "").as_str(), "\\", "\\u00"]
        {
            assert_eq!(secrets.masked_in_reply(said.to_owned()), said);
        }
        let short = Secrets::new(Some("7".into()), &Url::parse("http://localhost/v1").unwrap());
        assert_eq!(short.masked_in_reply("{\"score\":7}".to_owned()), "{\"score\":7}");
    }

    #[test]
    fn an_escaped_backslash_escapes_nothing_after_it() {
        assert_eq!(
            without_needless_escapes(r"\\u0041 \u0041 \n \u00e9 \u001b \ud83d \"),
            r"\\u0041 A \n é \u001b \ud83d \"
        );
        assert_eq!(without_needless_escapes(r"\u0022 \u005c \é"), r"\u0022 \u005c \é");
    }

    #[test]
    fn parts_of_an_address_that_may_be_keys_are_masked_too() {
        let url = "http://localhost/v1/a-part-of-a-path-that-is-long?v=1&key=hush%2Dhush-hush-hush";
        let all = secrets(url).all().join(" ");
        assert!(all.contains("a-part-of-a-path") && all.contains("hush-hush-hush-hush"), "{all}");
        let reply = secrets(url).masked_in_reply("Key: hush-hush-hush-hush, v 1".to_owned());
        assert_eq!(reply, "Key: ***, v 1");
    }
}
