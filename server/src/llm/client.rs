//! The client: one call, from waiting for a free slot to the content of a reply.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{
    Client, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use secrecy::ExposeSecret;
use tokio::time::{Instant, timeout};
use viva_runtime::dial;

use super::{
    Completion, LlmRequest, LlmSettings, ReplyForm, SetupError,
    body::{self, End},
    completion,
    concurrency::Slot,
    connection::{authorization, http_client},
    endpoint_error::harmless,
    error::LlmError,
    fallback::Fallback,
    form::{Capabilities, request_body},
    http_reply::HttpReply,
    known_capabilities::KnownCapabilities,
    pace::Pace,
    secrets::Secrets,
    settings::{host_and_port, parse_url},
    status, transport,
};
use crate::{
    domain::{clock::Clock, provenance::Tokens},
    metrics::{self, ModelCall},
};

/// Calls a language model. Clones share the limits and what was learnt about the endpoint.
#[derive(Clone)]
pub struct LlmClient(Arc<Inner>);

struct Inner {
    http: Client,
    url: Url,
    /// The endpoint as shown to people.
    host: String,
    secrets: Secrets,
    authorization: Option<HeaderValue>,
    model: String,
    timeout: Duration,
    pace: Pace,
    known: KnownCapabilities,
    /// Whether the last call got a reply.
    healthy: AtomicBool,
    /// What the endpoint said when it last gave no reply, sanitised.
    said: Mutex<String>,
    clock: Arc<dyn Clock>,
}

impl LlmClient {
    /// Creates a client; nothing is sent yet.
    pub fn new(settings: LlmSettings, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let url = parse_url(&settings.url).map_err(SetupError::Url)?;
        if settings.model.trim().is_empty() {
            return Err(SetupError::Model);
        }
        let key = settings.key.filter(|key| !key.expose_secret().is_empty());
        let authorization = key.as_ref().map(authorization).transpose()?;
        let inner = Inner {
            http: http_client(&url, settings.timeout)?,
            host: host_and_port(&url),
            secrets: Secrets::new(key, &url),
            url,
            authorization,
            model: settings.model,
            timeout: settings.timeout,
            pace: Pace::new(settings.concurrency, settings.requests_per_minute, settings.timeout),
            known: KnownCapabilities::default(),
            healthy: AtomicBool::new(false),
            said: Mutex::default(),
            clock,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The model's name, as configured.
    pub fn model(&self) -> &str {
        &self.0.model
    }

    /// The form of reply that the next call starts with.
    pub fn form(&self) -> ReplyForm {
        self.0.known.get(self.0.clock.now()).form
    }

    /// The longest that a call takes once it has a slot.
    pub fn timeout(&self) -> Duration {
        self.0.timeout
    }

    /// Whether the last call got a reply; false before the first.
    pub fn is_healthy(&self) -> bool {
        self.0.healthy.load(Ordering::Relaxed)
    }

    /// The endpoint's own words if the last call got no reply, for the person who configures it;
    /// never to be shown to candidates. Empty if it said nothing.
    pub fn said(&self) -> String {
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits as a call of this duration would: for a slot, for its turn, and for the duration.
    pub async fn simulate(&self, duration: Duration) {
        let _slot = self.0.pace.acquire().await;
        self.0.pace.turn().await;
        tokio::time::sleep(duration.min(self.0.timeout)).await;
    }

    /// Makes one call. If the endpoint does not accept the form of the request, it is asked again
    /// in a plainer one, all within one deadline. Other faults are for the caller to retry.
    pub async fn complete(&self, request: &LlmRequest) -> Result<Completion, LlmError> {
        // Take a slot before a turn. Otherwise calls that already had their turn would pile up
        // waiting for a slot and go out together. Dropping the call releases the slot.
        let slot = self.0.pace.acquire().await;
        let mut fallback = Fallback::from(self.0.known.get(self.0.clock.now()));
        let (mut spent, mut refusal) = (Duration::ZERO, None);
        loop {
            self.0.pace.turn().await;
            let (began, capabilities) = (Instant::now(), fallback.capabilities());
            let asked =
                timeout(self.0.timeout.saturating_sub(spent), self.0.send(request, capabilities));
            let in_time = asked.await;
            spent += began.elapsed();
            let Ok(answer) = in_time else {
                // If the endpoint had a fault of its own and no time is left for another form,
                // report that fault, so that the call is retried.
                let refusal = refusal.filter(|answer: &Result<HttpReply, _>| is_fault(answer));
                let late = || Err(self.0.too_late(&slot));
                return self.0.conclude(&refusal.unwrap_or_else(late), fallback, spent);
            };
            let refused = answer.as_ref().ok().and_then(HttpReply::refusal);
            let retries =
                refused.is_some_and(|(status, body)| fallback.retries_after(status, &body));
            if !retries {
                return self.0.conclude(&answer, fallback, spent);
            }
            self.0.tell_of_refusal(capabilities, fallback.capabilities());
            refusal = Some(answer);
        }
    }
}

/// Whether the endpoint reported a fault of its own.
fn is_fault(answer: &Result<HttpReply, LlmError>) -> bool {
    answer.as_ref().is_ok_and(|answer| answer.status >= 500)
}

impl Inner {
    async fn send(
        &self,
        request: &LlmRequest,
        capabilities: Capabilities,
    ) -> Result<HttpReply, LlmError> {
        let body = request_body(&self.model, request, capabilities)
            .map_err(|_| LlmError::fail("The request to the language model cannot be written."))?;
        let mut request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(body);
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization.clone());
        }
        match request.send().await {
            Ok(response) => Ok(HttpReply::read(response, &*self.clock).await),
            Err(error) => {
                self.tell_of_cause(&error);
                let is_plain = self.url.scheme() == "http" && !error.is_connect();
                if is_plain && dial::speaks_tls(&self.host).await == Some(true) {
                    return Err(transport::speaks_tls());
                }
                Err(transport::of_request(&error))
            }
        }
    }

    /// Turns an answer, or the lack of one, into a result, and logs it.
    fn conclude(
        &self,
        answer: &Result<HttpReply, LlmError>,
        fallback: Fallback,
        duration: Duration,
    ) -> Result<Completion, LlmError> {
        let status = answer.as_ref().ok().map(|answer| answer.status);
        let form = fallback.capabilities().form;
        if answer.as_ref().is_ok_and(HttpReply::is_success) {
            self.pace.has_replied();
            if let Some(discovered) = fallback.discovered() {
                self.known.record(discovered, self.clock.now());
            }
        }
        let outcome = match answer {
            Ok(answer) => self.content(answer),
            Err(fault) => Err(fault.clone()),
        };
        self.healthy.store(outcome.is_ok(), Ordering::Relaxed);
        match outcome {
            Ok((content, tokens)) => {
                metrics::model_called(ModelCall::Replied, duration, tokens.unwrap_or_default());
                tracing::debug!(
                    llm.status = status,
                    llm.duration_ms = duration.as_millis(),
                    llm.form = %form,
                    "the language model replied"
                );
                Ok(Completion { content, tokens, duration, form })
            }
            Err(fault) => {
                let call = match fault {
                    LlmError::Retry { .. } => ModelCall::Busy,
                    LlmError::Fail { .. } | LlmError::Spent { .. } => ModelCall::Broken,
                };
                metrics::model_called(call, duration, Tokens::default());
                let error = answer.as_ref().map(HttpReply::error).unwrap_or_default();
                let said = self.harmless(&error.message);
                self.said.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&said);
                tracing::warn!(
                    llm.status = status,
                    llm.duration_ms = duration.as_millis(),
                    llm.form = %form,
                    llm.said = %said,
                    reason = %fault,
                    "the language model gave no reply"
                );
                Err(fault)
            }
        }
    }

    fn content(&self, answer: &HttpReply) -> Result<(String, Option<Tokens>), LlmError> {
        if !answer.is_success() {
            let has_key = self.secrets.has_key();
            return Err(status::fault(answer.status, &answer.error(), has_key, answer.after));
        }
        match &answer.body.end {
            End::Whole => {}
            End::TooLong => {
                return Err(LlmError::fail(
                    "The language model's reply is longer than 1 MiB; check LLM_API_URL and \
                     LLM_MODEL.",
                ));
            }
            End::Broken(error) => {
                self.tell_of_cause(error);
                return Err(transport::of_body(error));
            }
        }
        let text = body::text(&answer.body.bytes);
        let (content, tokens) =
            completion::read(text.ok_or_else(|| LlmError::fail(completion::NO_COMPLETION))?)?;
        Ok((self.secrets.masked_in_reply(content), tokens))
    }

    fn too_late(&self, slot: &Slot<'_>) -> LlmError {
        let seconds = self.timeout.as_secs_f64();
        if self.pace.is_crowded(slot) {
            return LlmError::retry(format!(
                "The language model did not answer within {seconds} s (LLM_TIMEOUT_SECONDS) while \
                 it had other calls; it now gets fewer at once (LLM_CONCURRENCY)."
            ));
        }
        LlmError::fail(format!(
            "The language model did not answer within {seconds} s (LLM_TIMEOUT_SECONDS)."
        ))
    }

    fn harmless(&self, text: &str) -> String {
        harmless(text, &self.secrets.all())
    }

    fn tell_of_cause(&self, error: &reqwest::Error) {
        let cause = self.harmless(&transport::root_cause(error));
        tracing::warn!(llm.host = %self.host, %cause, "the connection to the language model failed");
    }

    fn tell_of_refusal(&self, capabilities: Capabilities, next: Capabilities) {
        tracing::info!(
            llm.host = %self.host,
            llm.form = %capabilities.form,
            next_form = %next.form,
            next_system_role = next.system_role,
            next_temperature = next.temperature,
            "the language model does not take such a request; it is asked in a plainer one"
        );
    }
}
