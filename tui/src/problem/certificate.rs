//! What is wrong with a server's certificate, for a person. Such a server is out of reach like one
//! that does not answer, but waiting helps less.

use std::{error::Error as _, io};

use rustls::CertificateError;
use tonic::Status;

/// Why the server's certificate was refused, if that is why a call failed.
pub(super) fn refused(status: &Status) -> Option<&'static str> {
    let mut cause = status.source();
    while let Some(error) = cause {
        // What an I/O error holds is not among its sources.
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
            "The server's certificate has expired. Please ask whoever runs the server to renew it."
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
        _ => "The server's certificate cannot be trusted. Please ask whoever runs the server.",
    }
}
