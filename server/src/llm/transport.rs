//! What a call that brought no whole reply means.

use std::{error::Error, io};

use super::{completion::NO_COMPLETION, fault::Fault};

/// The fault of a request that brought no status. Where the endpoint is, is the operator's business
/// and stands in the log alone.
pub(super) fn of_request(error: &reqwest::Error) -> Fault {
    match find::<rustls::Error>(error) {
        Some(rustls::Error::InvalidCertificate(_)) => Fault::fail(
            "The certificate of the language model's endpoint is not trusted; check LLM_API_URL, or \
             add the certificate's authority to the server's.",
        ),
        Some(rustls::Error::InvalidMessage(_)) => Fault::fail(
            "LLM_API_URL begins with https, but its endpoint does not speak it; check LLM_API_URL.",
        ),
        _ if error.is_builder() => {
            Fault::fail("The language model cannot be called; check LLM_API_URL and LLM_API_KEY.")
        }
        _ if error.is_connect() => {
            Fault::retry("The language model (LLM_API_URL) cannot be reached.")
        }
        _ => broke_off(),
    }
}

/// The fault of a body that did not come whole.
pub(super) fn of_body(error: &reqwest::Error) -> Fault {
    // A connection's fault comes by way of HTTP; one of unpacking comes straight from the bytes, and
    // would be there the next time, too. An early end may be either's, so it may pass.
    let of_bytes = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    match of_bytes.map(io::Error::kind) {
        Some(io::ErrorKind::UnexpectedEof) | None => broke_off(),
        Some(_) => Fault::fail(NO_COMPLETION),
    }
}

fn broke_off() -> Fault {
    Fault::retry("The connection to the language model broke off.")
}

/// The last cause of an error, which says most; for the log.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(<dyn Error>::downcast_ref)
}

/// An error and all that caused it. An I/O error passes over the one it was made of and names that
/// one's cause, so it is asked for it.
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
