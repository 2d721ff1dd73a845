//! What `http::Uri` does not check in an address.

use http::Uri;

/// Whether the host is followed by a port or nothing. `Uri` accepts any text there, as in
/// `https://ada:password`, where the host was forgotten.
pub fn has_sound_port(uri: &Uri) -> bool {
    let Some(authority) = uri.authority() else { return true };
    let behind_user =
        authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, host)| host);
    behind_user == authority.host() || authority.port_u16().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_or_missing() {
        for (text, is_sound) in [
            ("https://viva.example", true),
            ("https://viva.example:8443/v1", true),
            ("http://[::1]", true),
            ("http://[::1]:50051", true),
            ("http://u:p@viva.example", true),
            ("https://ada:hush", false),
            ("https://viva.example:99999", false),
            ("https://viva.example:", false),
        ] {
            assert_eq!(has_sound_port(&text.parse().unwrap()), is_sound, "{text}");
        }
    }
}
