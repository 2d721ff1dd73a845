//! A call by the Connect protocol, from its head to its reply.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Version, header, request::Parts,
};
use prost_reflect::MethodDescriptor;
use tonic::{Status, body::Body};
use viva_runtime::limits::MAX_MESSAGE_BYTES;

use crate::{
    contract, envelope,
    form::{ACCEPTED, Form, Format},
    from_json, refusal, reply,
    request::Request,
};

/// The version of the protocol that a caller speaks, if it says so.
const PROTOCOL: HeaderName = HeaderName::from_static("connect-protocol-version");

/// The caller's deadline.
const TIMEOUT: HeaderName = HeaderName::from_static("connect-timeout-ms");

/// The most digits of a deadline.
const TIMEOUT_DIGITS: usize = 10;

/// The most milliseconds that gRPC can express as such, in eight digits.
const MOST_MILLISECONDS: u64 = 99_999_999;

/// What is about the request itself or its connection, and so not about the gRPC call.
const NOT_PASSED_ON: [HeaderName; 13] = [
    PROTOCOL,
    TIMEOUT,
    HeaderName::from_static("connect-content-encoding"),
    HeaderName::from_static("connect-accept-encoding"),
    HeaderName::from_static("grpc-timeout"),
    HeaderName::from_static("grpc-encoding"),
    HeaderName::from_static("grpc-accept-encoding"),
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::ACCEPT_ENCODING,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::EXPECT,
];

/// A call: its RPC, and how its messages are written.
#[derive(Debug, Clone)]
pub struct Call {
    pub(crate) rpc: MethodDescriptor,
    pub(crate) form: Form,
}

/// What a POST request turns out to be.
#[derive(Debug)]
pub enum Received {
    /// A call. The head of its request is now that of a gRPC call.
    Call(Call),
    /// A call that cannot be made.
    Refused(Box<Refused>),
    /// Not a Connect call. The head of its request is unchanged.
    Other,
}

impl Received {
    /// Looks at the head of a request.
    pub fn of(head: &mut Parts) -> Self {
        let Some(form) = Form::of(&head.headers) else { return Self::Other };
        match Call::of(form, head) {
            Ok(call) => Self::Call(call),
            Err(refusal) => Self::Refused(Box::new(refusal.told(form))),
        }
    }
}

/// A call that cannot be made.
#[derive(Debug)]
pub struct Refused {
    /// How the reply is written if the call is refused for another reason.
    pub(crate) form: Form,
    /// Why it cannot be made, as a gRPC call would be told.
    pub(crate) status: Status,
    /// The reply to it.
    pub reply: Response<Body>,
}

/// Why a call cannot be made.
enum Refusal {
    Status(Status),
    /// The RPC has the other kind of reply.
    OtherForm,
}

impl Refusal {
    fn told(self, form: Form) -> Refused {
        match self {
            Self::Status(status) => Refused { form, reply: reply::error(form, &status), status },
            Self::OtherForm => {
                let words = if form.streams {
                    "This RPC has one reply: its content type is application/json or application/proto"
                } else {
                    "This RPC replies with a stream: its content type is application/connect+json or application/connect+proto"
                };
                let single = Form { streams: false, ..form };
                let status = refusal::invalid(words);
                let mut reply = reply::error(single, &status);
                *reply.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                let accepted = HeaderValue::from_static(ACCEPTED);
                reply.headers_mut().insert("accept-post", accepted);
                Refused { form: single, status, reply }
            }
        }
    }
}

impl Call {
    fn of(form: Form, head: &mut Parts) -> Result<Self, Refusal> {
        let rpc = contract::method(head.uri.path())
            .ok_or_else(|| Refusal::Status(refusal::unknown_rpc()))?;
        if rpc.is_client_streaming() {
            return Err(Refusal::Status(refusal::needs_grpc()));
        }
        if rpc.is_server_streaming() != form.streams {
            return Err(Refusal::OtherForm);
        }
        let timeout = check(&head.headers).map_err(Refusal::Status)?;
        for name in NOT_PASSED_ON {
            head.headers.remove(name);
        }
        head.version = Version::HTTP_2;
        let (grpc, trailers) =
            (HeaderValue::from_static("application/grpc"), HeaderValue::from_static("trailers"));
        head.headers.insert(header::CONTENT_TYPE, grpc);
        head.headers.insert(header::TE, trailers);
        if let Some(timeout) = timeout {
            head.headers.insert("grpc-timeout", timeout);
        }
        Ok(Self { rpc, form })
    }

    /// The most bytes that the body of the request can have.
    pub fn most_bytes(&self) -> usize {
        MAX_MESSAGE_BYTES + if self.form.streams { envelope::HEAD } else { 0 }
    }

    /// Turns the whole body of the request into that of the gRPC call.
    pub fn frame(&self, body: &[u8]) -> Result<Bytes, Status> {
        let message = if self.form.streams { envelope::only(body)? } else { body };
        match self.form.format {
            Format::Proto => Ok(envelope::seal(0, message)),
            Format::Json => from_json::frame(message, &self.rpc.input()).map(Bytes::from),
        }
    }

    /// Turns the body of the request into that of the gRPC call. Nothing is read until somebody
    /// reads the new body, so that a call without a credential costs nothing.
    pub(crate) fn read(&self, body: Body) -> Body {
        Body::new(Request::new(self.clone(), body))
    }

    /// Turns the reply of the gRPC call into the reply to this one.
    pub async fn reply(&self, response: Response<Body>) -> Response<Body> {
        if self.form.streams {
            reply::stream(self, response)
        } else {
            reply::single(self, response).await
        }
    }

    /// Refuses it after all.
    pub(crate) fn refuse(self, status: Status) -> Refused {
        Refusal::Status(status).told(self.form)
    }
}

/// Checks the headers that belong to the protocol, and returns the caller's deadline as gRPC has it.
fn check(headers: &HeaderMap) -> Result<Option<HeaderValue>, Status> {
    if headers.get(&PROTOCOL).is_some_and(|version| version != "1") {
        return Err(refusal::invalid("The header connect-protocol-version must be 1"));
    }
    let is_compressed = |name: &str| headers.get(name).is_some_and(|value| value != "identity");
    if is_compressed("content-encoding") || is_compressed("connect-content-encoding") {
        return Err(refusal::compressed());
    }
    let Some(sent) = headers.get(&TIMEOUT) else { return Ok(None) };
    let timeout = sent.to_str().ok().and_then(timeout).ok_or_else(|| {
        refusal::invalid(
            "The header connect-timeout-ms must be a number of milliseconds, in at most ten digits",
        )
    })?;
    Ok(Some(timeout))
}

fn timeout(text: &str) -> Option<HeaderValue> {
    if text.len() > TIMEOUT_DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let milliseconds: u64 = text.parse().ok()?;
    let grpc = if milliseconds > MOST_MILLISECONDS {
        format!("{}S", milliseconds / 1000)
    } else {
        format!("{milliseconds}m")
    };
    HeaderValue::try_from(grpc).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_becomes_one_of_grpc() {
        for (sent, grpc) in [("0", "0m"), ("300", "300m"), ("9999999999", "9999999S")] {
            assert_eq!(timeout(sent).unwrap(), grpc);
        }
        for bad in ["", "-1", "1.5", "12345678901", "1s"] {
            assert!(timeout(bad).is_none(), "{bad}");
        }
    }
}
