//! Faults in a server's certificate, in words. Such a server counts as unreachable like one that
//! does not answer, although waiting is less likely to help.

use std::{error::Error as _, io};

use rustls::CertificateError;
use tonic::Status;

/// Why the server's certificate was rejected, if that made a call fail.
pub(super) fn refused(status: &Status) -> Option<&'static str> {
    let mut cause = status.source();
    while let Some(error) = cause {
        // The inner error of an I/O error is not among its sources.
        let held = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(rustls::Error::InvalidCertificate(fault)) =
            held.and_then(|held| held.downcast_ref())
        {
            return Some(words(fault));
        }
        cause = error.source();
    }
    None
}

fn words(fault: &CertificateError) -> &'static str {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, UnknownIssuer,
    };
    match fault {
        Expired | ExpiredContext { .. } => {
            "The server's certificate has expired. Please ask the server's operator to renew it."
        }
        NotValidYet | NotValidYetContext { .. } => {
            "The server's certificate is not valid yet. Please check the time of this machine."
        }
        NotValidForName | NotValidForNameContext { .. } => {
            "The server's certificate is for another name. Please check the server's address."
        }
        UnknownIssuer => {
            "The server's certificate comes from an authority that is not known here. If you trust \
             it, name the file with its certificate in VIVA_CA_FILE."
        }
        _ => "The server's certificate cannot be trusted. Please ask the server's operator.",
    }
}
