//! Replies: one message with an HTTP status, or a stream of messages that ends with one for the
//! status.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use http_body::Frame;
use http_body_util::{BodyExt, Full};
use serde_json::{Map, Value, json};
use tokio::time::{Sleep, sleep};
use tonic::{Code, Status, body::Body};
use tonic_types::StatusExt;
use viva_runtime::limits::MAX_REPLY_BYTES;

use crate::{
    call::Call,
    envelope, error,
    form::{Form, Format},
    layer::IsRefused,
    refusal, to_json,
};

/// The details of a status.
const DETAILS: &str = "grpc-status-details-bin";

/// What is about the gRPC reply itself.
const NOT_PASSED_ON: [HeaderName; 3] =
    [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::TRAILER];

/// How long a stream may be open: longer than any RPC of the contract takes; health's `Watch` never
/// ends by itself. HTTP/1.1 has no pings, and hyper does not see that a client has left if it has
/// sent a byte too many: such a stream would keep its connection's place forever.
pub const LONGEST: Duration = Duration::from_mins(70);

/// A reply that only says what is wrong.
pub(crate) fn error(form: Form, status: &Status) -> Response<Body> {
    if form.streams {
        let end = envelope::seal(envelope::END, &end(status, &HeaderMap::new()));
        return streamed(form, Body::new(Full::new(end)));
    }
    let mut response = whole("application/json", error::json(status).to_string().into());
    *response.status_mut() = error::http_status(status.code());
    let wait = status.get_details_retry_info().and_then(|info| info.retry_delay);
    if let Some(wait) = wait {
        // Rounded up, so that a client that waits this long is never too early.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn whole(content_type: &'static str, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(body)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Puts the headers of a stream in front of it.
fn streamed(form: Form, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    for (name, value) in [
        (header::CONTENT_TYPE, form.content_type()),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that buffers a stream would hold back scores from the people waiting for them.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The reply to a call that is refused: `own`, unless the layers behind have refused it before for
/// another reason, as their reply says.
pub(crate) fn refused(form: Form, own: Response<Body>, behind: &Response<Body>) -> Response<Body> {
    let mut reply = if behind.extensions().get::<IsRefused>().is_some() {
        own
    } else {
        error(form, &status_in(behind.headers()).unwrap_or_else(refusal::internal))
    };
    reply.headers_mut().extend(passed_on(behind.headers()));
    reply
}

/// The reply to a call with one message.
pub(crate) async fn single(call: &Call, response: Response<Body>) -> Response<Body> {
    let (head, body) = response.into_parts();
    let mut trailers = HeaderMap::new();
    let read = match status_in(&head.headers) {
        Some(status) => Err(status),
        None => message(call, body, &mut trailers).await,
    };
    let mut reply = match read {
        Ok(message) => whole(call.form.content_type(), message),
        Err(status) => error(call.form, &status),
    };
    let headers = reply.headers_mut();
    headers.extend(passed_on(&head.headers));
    for (name, value) in &passed_on(&trailers) {
        if let Ok(name) = HeaderName::try_from(format!("trailer-{name}")) {
            headers.append(name, value.clone());
        }
    }
    reply
}

/// Reads the message of a reply and its trailers.
async fn message(call: &Call, mut body: Body, trailers: &mut HeaderMap) -> Result<Bytes, Status> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        match frame?.into_data() {
            Ok(part) => read.extend_from_slice(&part),
            Err(frame) => trailers.extend(frame.into_trailers().unwrap_or_default()),
        }
        if read.len() > MAX_REPLY_BYTES + envelope::HEAD {
            return Err(refusal::internal());
        }
    }
    let status = status_in(trailers).ok_or_else(refusal::internal)?;
    if status.code() != Code::Ok {
        return Err(status);
    }
    let message = envelope::next(&mut read, MAX_REPLY_BYTES).ok().flatten();
    let message = message.filter(|_| read.is_empty()).ok_or_else(refusal::internal)?;
    translated(call, &message)
}

/// The status in headers or trailers, if they have one.
fn status_in(headers: &HeaderMap) -> Option<Status> {
    let mut headers = headers.clone();
    drop_broken_details(&mut headers);
    Status::from_header_map(&headers)
}

/// Removes the details of a status if they are not in Base64: tonic panics on them.
pub fn drop_broken_details(headers: &mut HeaderMap) {
    /// As tonic reads them.
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    if headers.get(DETAILS).is_some_and(|details| ENGINE.decode(details.as_bytes()).is_err()) {
        headers.remove(DETAILS);
    }
}

/// A message in the caller's format.
fn translated(call: &Call, message: &Bytes) -> Result<Bytes, Status> {
    match call.form.format {
        Format::Proto => Ok(message.clone()),
        Format::Json => {
            let json = to_json::json(message, &call.rpc.output());
            json.map(Bytes::from).ok_or_else(refusal::internal)
        }
    }
}

/// The headers of a gRPC reply that are the server's own, and not gRPC's.
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let is_own =
        |name: &HeaderName| !name.as_str().starts_with("grpc-") && !NOT_PASSED_ON.contains(name);
    let own = headers.iter().filter(|(name, _)| is_own(name));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The message that ends a stream, with the status and the trailers.
fn end(status: &Status, trailers: &HeaderMap) -> Vec<u8> {
    let mut end = Map::new();
    if status.code() != Code::Ok {
        end.insert("error".to_owned(), error::json(status));
    }
    let mut metadata = Map::new();
    for (name, value) in &passed_on(trailers) {
        let values = metadata.entry(name.as_str()).or_insert_with(|| json!([]));
        if let (Value::Array(values), Ok(value)) = (values, value.to_str()) {
            values.push(value.into());
        }
    }
    if !metadata.is_empty() {
        end.insert("metadata".to_owned(), metadata.into());
    }
    Value::from(end).to_string().into_bytes()
}

/// The reply to a call with a stream of messages, as they arrive.
pub(crate) fn stream(call: &Call, response: Response<Body>) -> Response<Body> {
    stream_for(LONGEST, call, response)
}

fn stream_for(longest: Duration, call: &Call, response: Response<Body>) -> Response<Body> {
    let (head, body) = response.into_parts();
    let stream = Stream {
        call: call.clone(),
        body,
        read: BytesMut::new(),
        ending: status_in(&head.headers).map(|status| (status, HeaderMap::new())),
        has_ended: false,
        until: Box::pin(sleep(longest)),
    };
    let mut reply = streamed(call.form, Body::new(stream));
    reply.headers_mut().extend(passed_on(&head.headers));
    reply
}

struct Stream {
    call: Call,
    body: Body,
    /// What has arrived of the next message.
    read: BytesMut,
    /// The status and the trailers, once they are known.
    ending: Option<(Status, HeaderMap)>,
    has_ended: bool,
    /// When it ends at the latest.
    until: Pin<Box<Sleep>>,
}

impl Stream {
    /// The next message in its envelope, if all of it has arrived.
    fn next(&mut self) -> Result<Option<Bytes>, Status> {
        let next = envelope::next(&mut self.read, MAX_REPLY_BYTES);
        let Some(message) = next.map_err(|()| refusal::internal())? else { return Ok(None) };
        translated(&self.call, &message).map(|message| Some(envelope::seal(0, &message)))
    }

    /// Whether the stream ends inside a message although its status says that it is complete.
    fn is_cut_by(&self, status: &Status) -> bool {
        status.code() == Code::Ok && !self.read.is_empty()
    }

    fn take(&mut self, frame: Option<Result<Frame<Bytes>, Status>>) {
        let none = HeaderMap::new;
        match frame.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(part))) => self.read.extend_from_slice(&part),
            Some(Ok(Err(frame))) => {
                let trailers = frame.into_trailers().unwrap_or_default();
                let status = status_in(&trailers).filter(|status| !self.is_cut_by(status));
                self.ending = Some((status.unwrap_or_else(refusal::internal), trailers));
            }
            Some(Err(status)) => self.ending = Some((status, none())),
            None => self.ending = Some((refusal::internal(), none())),
        }
    }
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        while !this.has_ended {
            match this.next() {
                Ok(Some(message)) => return Poll::Ready(Some(Ok(Frame::data(message)))),
                Ok(None) => {}
                Err(status) => this.ending = Some((status, HeaderMap::new())),
            }
            if let Some((status, trailers)) = this.ending.take() {
                this.has_ended = true;
                let end = envelope::seal(envelope::END, &end(&status, &trailers));
                return Poll::Ready(Some(Ok(Frame::data(end))));
            }
            match Pin::new(&mut this.body).poll_frame(context) {
                Poll::Ready(frame) => this.take(frame),
                Poll::Pending => {
                    ready!(this.until.as_mut().poll(context));
                    this.ending = Some((refusal::too_old(), HeaderMap::new()));
                }
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.has_ended
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::stream::pending;
    use http_body_util::StreamBody;

    use super::*;
    use crate::contract;

    #[tokio::test]
    async fn a_stream_that_never_ends_is_ended() {
        let silent = pending::<Result<Frame<Bytes>, Infallible>>();
        let response = Response::new(Body::new(StreamBody::new(silent)));
        let rpc = contract::method("/grpc.health.v1.Health/Watch").unwrap();
        let call = Call { rpc, form: Form { format: Format::Json, streams: true } };
        let reply = stream_for(Duration::from_millis(1), &call, response);
        let read = reply.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(read[0], envelope::END);
        let end: Value = serde_json::from_slice(&read[envelope::HEAD..]).unwrap();
        assert_eq!(end["error"]["code"], "unavailable");
    }
}
