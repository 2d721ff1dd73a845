//! Settings for the language model. With none of them, the built-in bank and grader do the work.

use std::{num::NonZeroU32, time::Duration};

use secrecy::SecretString;
use viva_runtime::settings::{ConfigErrors, Reader, masked};

use crate::{
    domain::spending::SpendingCaps,
    llm::{LlmSettings, check_url},
};

/// What `LLM_API_URL` should look like.
const URL: &str = "the whole address of a chat-completions endpoint, such as \
                   http://localhost:11434/v1/chat/completions, without a user name or password (a key \
                   belongs in LLM_API_KEY), and with any @ written as %40";

/// The language model and how it is used.
#[derive(Debug, Clone)]
pub struct LlmConfig {
    /// The endpoint, and how it is called.
    pub endpoint: LlmSettings,
    /// How many attempts before an evaluation is given up, 1 to 20.
    pub max_attempts: i32,
    /// How many calls are allowed.
    pub caps: SpendingCaps,
}

/// Reads only the model's settings, for a program with its own other settings; `None` if no model
/// is configured.
pub fn llm(get: impl Fn(&str) -> Option<String>) -> Result<Option<LlmConfig>, ConfigErrors> {
    let mut reader = Reader::new(&get, None);
    let model = LlmConfig::load(&mut reader);
    reader.finish(model)
}

impl LlmConfig {
    /// Reads the settings; `None` if no model is configured.
    pub fn load(reader: &mut Reader) -> Option<Self> {
        // A bad one is not echoed: it may contain a password that does not belong there.
        let url = reader
            .secret("LLM_API_URL", URL, |text| check_url(text).ok().map(|()| text.to_owned()));
        let model = reader.parsed("LLM_MODEL", None, "the name of a model", |text| {
            let fits = text.chars().count() <= 200 && !text.contains(char::is_control);
            fits.then(|| Some(text.trim().to_owned()))
        });
        let key = reader.secret("LLM_API_KEY", "the key as the provider gave it", |text| {
            let sendable = text.bytes().all(|byte| (0x21..0x7f).contains(&byte));
            sendable.then(|| SecretString::from(text))
        });
        let timeout = reader.seconds("LLM_TIMEOUT_SECONDS", 60, 1, 600);
        let concurrency = reader.number("LLM_CONCURRENCY", 16, 1, 1000, "calls at once");
        let attempts = reader.number("LLM_MAX_ATTEMPTS", 5, 1, 20, "attempts");
        let pace = reader.number("LLM_REQUESTS_PER_MINUTE", 0, 0, 100_000, "requests");
        let per_interview = reader.number("LLM_CALLS_PER_INTERVIEW", 100, 1, 1_000_000, "calls");
        let per_day = reader.number("LLM_CALLS_PER_USER_AND_DAY", 500, 1, 1_000_000, "calls");
        let all = reader.number("LLM_CALLS_PER_DAY", 5000, 0, 100_000_000, "calls, 0 for no cap,");
        let (url, model) = both(reader, url, model, key.is_some())?;
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Some(Self {
            endpoint: LlmSettings {
                url,
                key,
                model,
                timeout,
                concurrency: usize::try_from(concurrency).unwrap_or(usize::MAX),
                requests_per_minute: NonZeroU32::new(small(pace)),
            },
            max_attempts: i32::try_from(attempts).unwrap_or(i32::MAX),
            caps: SpendingCaps {
                per_interview: small(per_interview),
                per_user_and_day: small(per_day),
                per_day: Some(small(all)).filter(|calls| *calls > 0),
            },
        })
    }

    /// The settings in force, one per line, with secrets masked.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self { endpoint, caps, .. } = self;
        let key = if endpoint.key.is_some() { "***" } else { "none" };
        let pace = endpoint.requests_per_minute.map_or(0, NonZeroU32::get);
        let seconds = Duration::as_secs(&endpoint.timeout);
        vec![
            format!("LLM_API_URL = {}", masked::address(&endpoint.url)),
            format!("LLM_API_KEY = {key}"),
            format!("LLM_MODEL = {}", endpoint.model),
            format!("LLM_TIMEOUT_SECONDS = {seconds}"),
            format!("LLM_CONCURRENCY = {}", endpoint.concurrency),
            format!("LLM_MAX_ATTEMPTS = {}", self.max_attempts),
            format!(
                "LLM_REQUESTS_PER_MINUTE = {pace}{}",
                if pace == 0 { " (no limit)" } else { "" }
            ),
            format!("LLM_CALLS_PER_INTERVIEW = {}", caps.per_interview),
            format!("LLM_CALLS_PER_USER_AND_DAY = {}", caps.per_user_and_day),
            match caps.per_day {
                Some(calls) => format!("LLM_CALLS_PER_DAY = {calls}"),
                None => "LLM_CALLS_PER_DAY = 0 (no cap)".to_owned(),
            },
        ]
    }
}

/// The address and the model belong together; one without the other, or a key alone, is an
/// incomplete setting.
fn both(
    reader: &mut Reader,
    url: Option<String>,
    model: Option<String>,
    key: bool,
) -> Option<(String, String)> {
    match (url, model) {
        (Some(url), Some(model)) => return Some((url, model)),
        (None, None) if !key => {}
        (url, model) => {
            if url.is_none() {
                reader.missing("LLM_API_URL", URL);
            }
            if model.is_none() {
                reader.missing("LLM_MODEL", "the name of a model that the endpoint has");
            }
        }
    }
    None
}
