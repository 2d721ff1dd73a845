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

use super::{
    Ask, Completion, LlmSettings, ReplyForm, SetupError,
    answer::Answer,
    body::{self, End},
    complaint::Descent,
    completion,
    connection::{authorization, http_client},
    crowd::Place,
    fault::Fault,
    form::{Manner, request_body},
    learnt::Learnt,
    pace::Pace,
    secrets::Secrets,
    settings::{host_and_port, parse_url},
    status,
    told::harmless,
    transport,
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
    learnt: Learnt,
    /// Whether the last call got a reply.
    well: AtomicBool,
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
            learnt: Learnt::default(),
            well: AtomicBool::new(false),
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
        self.0.learnt.manner(self.0.clock.now()).form
    }

    /// The longest that a call takes once it has a slot.
    pub fn timeout(&self) -> Duration {
        self.0.timeout
    }

    /// Whether the last call got a reply; false before the first.
    pub fn is_well(&self) -> bool {
        self.0.well.load(Ordering::Relaxed)
    }

    /// The endpoint's own words if the last call got no reply, for whoever configures it; never to
    /// be shown to candidates. Empty if it said nothing.
    pub fn said(&self) -> String {
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits as a call of this duration would: for a slot, for its turn, and for the duration.
    pub async fn rehearse(&self, duration: Duration) {
        let _place = self.0.pace.place().await;
        self.0.pace.turn().await;
        tokio::time::sleep(duration.min(self.0.timeout)).await;
    }

    /// Makes one call. If the endpoint does not accept the form of the request, it is asked again
    /// in a plainer one, all within one deadline. Other faults are for the caller to retry.
    pub async fn complete(&self, ask: &Ask) -> Result<Completion, Fault> {
        // Take a slot before a turn. Otherwise calls that already had their turn would pile up
        // waiting for a slot and go out together. Dropping the call releases the slot.
        let place = self.0.pace.place().await;
        let mut descent = Descent::from(self.0.learnt.manner(self.0.clock.now()));
        let (mut spent, mut refusal) = (Duration::ZERO, None);
        loop {
            self.0.pace.turn().await;
            let (began, manner) = (Instant::now(), descent.manner());
            let asked = timeout(self.0.timeout.saturating_sub(spent), self.0.ask(ask, manner));
            let in_time = asked.await;
            spent += began.elapsed();
            let Ok(answer) = in_time else {
                // If the endpoint had a fault of its own and no time is left for another form,
                // report that fault, so that the call is retried.
                let refusal = refusal.filter(|answer: &Result<Answer, _>| is_fault(answer));
                let late = || Err(self.0.too_late(&place));
                return self.0.conclude(&refusal.unwrap_or_else(late), descent, spent);
            };
            let body = answer.as_ref().ok().filter(|answer| !answer.is_success());
            let goes_on = body.is_some_and(|body| descent.goes_on(body.status, &body.text()));
            if !goes_on {
                return self.0.conclude(&answer, descent, spent);
            }
            self.0.tell_of_refusal(manner, descent.manner());
            refusal = Some(answer);
        }
    }
}

/// Whether the endpoint reported a fault of its own.
fn is_fault(answer: &Result<Answer, Fault>) -> bool {
    answer.as_ref().is_ok_and(|answer| answer.status >= 500)
}

impl Inner {
    async fn ask(&self, ask: &Ask, manner: Manner) -> Result<Answer, Fault> {
        let body = request_body(&self.model, ask, manner)
            .map_err(|_| Fault::fail("The request to the language model cannot be written."))?;
        let mut request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(body);
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization.clone());
        }
        let response = request.send().await.map_err(|error| {
            self.tell_of_cause(&error);
            transport::of_request(&error)
        })?;
        Ok(Answer::read(response, &*self.clock).await)
    }

    /// Turns an answer, or the lack of one, into a result, and logs it.
    fn conclude(
        &self,
        answer: &Result<Answer, Fault>,
        descent: Descent,
        duration: Duration,
    ) -> Result<Completion, Fault> {
        let status = answer.as_ref().ok().map(|answer| answer.status);
        let form = descent.manner().form;
        if answer.as_ref().is_ok_and(Answer::is_success) {
            self.pace.has_replied();
            if let Some(lesson) = descent.lesson() {
                self.learnt.worked(lesson, self.clock.now());
            }
        }
        let outcome = match answer {
            Ok(answer) => self.content(answer),
            Err(fault) => Err(fault.clone()),
        };
        self.well.store(outcome.is_ok(), Ordering::Relaxed);
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
                    Fault::Retry { .. } => ModelCall::Busy,
                    Fault::Fail { .. } => ModelCall::Broken,
                };
                metrics::model_called(call, duration, Tokens::default());
                let told = answer.as_ref().map(Answer::told).unwrap_or_default();
                let said = self.harmless(&told.message);
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

    fn content(&self, answer: &Answer) -> Result<(String, Option<Tokens>), Fault> {
        if !answer.is_success() {
            let has_key = self.secrets.has_key();
            return Err(status::fault(answer.status, &answer.told(), has_key, answer.after));
        }
        match &answer.body.end {
            End::Whole => {}
            End::TooLong => {
                return Err(Fault::fail(
                    "The language model's reply is longer than any that is wanted (1 MiB); check \
                     LLM_API_URL and LLM_MODEL.",
                ));
            }
            End::Broken(error) => {
                self.tell_of_cause(error);
                return Err(transport::of_body(error));
            }
        }
        let text = body::text(&answer.body.bytes);
        let (content, tokens) =
            completion::read(text.ok_or_else(|| Fault::fail(completion::NO_COMPLETION))?)?;
        Ok((self.secrets.masked_in_reply(content), tokens))
    }

    fn too_late(&self, place: &Place<'_>) -> Fault {
        let seconds = self.timeout.as_secs_f64();
        if self.pace.is_crowded(place) {
            return Fault::retry(format!(
                "The language model did not answer within {seconds} s (LLM_TIMEOUT_SECONDS) while it had \
                 other calls; it gets fewer at once now (LLM_CONCURRENCY)."
            ));
        }
        Fault::fail(format!(
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

    fn tell_of_refusal(&self, manner: Manner, next: Manner) {
        tracing::info!(
            llm.host = %self.host,
            llm.form = %manner.form,
            next_form = %next.form,
            next_system_role = next.system_role,
            next_temperature = next.temperature,
            "the language model does not take such a request; it is asked in a plainer one"
        );
    }
}
