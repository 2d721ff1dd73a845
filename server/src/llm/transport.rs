//! What it means when a call gets no complete reply.

use std::{error::Error, io};

use super::{completion::NO_COMPLETION, error::LlmError};

/// The fault for a request that got no status. The endpoint's address concerns only the operator,
/// so it appears only in the log.
pub(super) fn of_request(error: &reqwest::Error) -> LlmError {
    match find::<rustls::Error>(error) {
        Some(rustls::Error::InvalidCertificate(_)) => LlmError::fail(
            "The certificate of the language model's endpoint is not trusted; check LLM_API_URL, or \
             add the certificate's authority to the server's.",
        ),
        Some(rustls::Error::InvalidMessage(_)) => LlmError::fail(
            "LLM_API_URL begins with https, but its endpoint does not speak TLS; check \
             LLM_API_URL.",
        ),
        _ if error.is_builder() => LlmError::fail(
            "The language model cannot be called; check LLM_API_URL and LLM_API_KEY.",
        ),
        _ if error.is_connect() => {
            LlmError::retry("The language model (LLM_API_URL) cannot be reached.")
        }
        _ => broke_off(),
    }
}

/// The fault for an `http` address where TLS is spoken.
pub(super) fn speaks_tls() -> LlmError {
    LlmError::fail(
        "LLM_API_URL begins with http, but its endpoint speaks TLS; write https in LLM_API_URL.",
    )
}

/// The fault for a body that did not arrive completely.
pub(super) fn of_body(error: &reqwest::Error) -> LlmError {
    // A connection fault is wrapped in an HTTP error; a decompression fault comes directly from the
    // bytes, and would occur again next time. An early end may be either, so it is treated as
    // temporary.
    let of_bytes = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    match of_bytes.map(io::Error::kind) {
        Some(io::ErrorKind::UnexpectedEof) | None => broke_off(),
        Some(_) => LlmError::fail(NO_COMPLETION),
    }
}

fn broke_off() -> LlmError {
    LlmError::retry("The connection to the language model was lost.")
}

/// The root cause of an error, which says the most; for the log.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(<dyn Error>::downcast_ref)
}

/// An error and all its causes. `source` of an I/O error skips the error it wraps and returns that
/// error's cause, so the wrapped error is asked for separately.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(made_of) => Some(made_of),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_within_an_io_error_is_found() {
        let tls = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        let error = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls));
        assert!(find::<rustls::Error>(&error).is_some());
        assert!(root_cause(&error).contains("xpired"), "{}", root_cause(&error));
    }
}
