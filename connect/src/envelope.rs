//! The envelope of a message in a stream: a byte of flags and four of length, then the message.
//! gRPC uses the same one.

use bytes::{Buf, Bytes, BytesMut};
use tonic::Status;

use crate::refusal;

/// The length of the envelope itself.
pub const HEAD: usize = 5;

/// The flag of a compressed message.
const COMPRESSED: u8 = 1;

/// The flag of the message that ends a reply.
pub(crate) const END: u8 = 2;

/// Puts a message into its envelope.
pub(crate) fn seal(flags: u8, message: &[u8]) -> Bytes {
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&[flags], length.as_slice(), message].concat().into()
}

/// Takes the next complete message off the front. `Err(())` if it is compressed, has an unknown flag
/// or is larger than `most`.
pub(crate) fn next(bytes: &mut BytesMut, most: usize) -> Result<Option<Bytes>, ()> {
    let Some((head, rest)) = bytes.split_first_chunk::<HEAD>() else { return Ok(None) };
    let [flags, a, b, c, d] = *head;
    let length = u32::from_be_bytes([a, b, c, d]) as usize;
    if flags != 0 || length > most {
        return Err(());
    }
    if rest.len() < length {
        return Ok(None);
    }
    bytes.advance(HEAD);
    Ok(Some(bytes.split_to(length).freeze()))
}

/// Opens the envelope of the only message of a request.
pub(crate) fn only(body: &[u8]) -> Result<&[u8], Status> {
    let Some((head, message)) = body.split_first_chunk::<HEAD>() else {
        return Err(refusal::invalid("The request has no message in an envelope of five bytes"));
    };
    let [flags, a, b, c, d] = *head;
    if flags & COMPRESSED != 0 {
        return Err(refusal::compressed());
    }
    let length = u32::from_be_bytes([a, b, c, d]) as usize;
    if flags != 0 || message.len() != length {
        let words =
            "The request must be one message in an envelope: a zero, and its length in four bytes";
        return Err(refusal::invalid(words));
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_of_their_envelopes_in_whatever_pieces_they_arrive() {
        let sent = [seal(0, b"one"), seal(0, b""), seal(0, b"three")].concat();
        for size in 1..=sent.len() {
            let (mut bytes, mut read) = (BytesMut::new(), Vec::new());
            for piece in sent.chunks(size) {
                bytes.extend_from_slice(piece);
                while let Some(message) = next(&mut bytes, 9).unwrap() {
                    read.push(message);
                }
            }
            assert_eq!(read, [&b"one"[..], b"", b"three"], "in pieces of {size}");
        }
    }

    #[test]
    fn a_request_has_exactly_one_message() {
        assert_eq!(only(&seal(0, b"{}")).unwrap(), b"{}");
        let two = [seal(0, b"{}"), seal(0, b"{}")].concat();
        for broken in [&b""[..], b"{}", &two, &seal(0, b"{}")[..6], &seal(END, b"{}")] {
            assert_eq!(only(broken).unwrap_err().code(), tonic::Code::InvalidArgument);
        }
        assert_eq!(only(&seal(1, b"")).unwrap_err().code(), tonic::Code::Unimplemented);
    }
}
