//! The cookie that holds the refresh token.

use http::{HeaderMap, HeaderValue, header};

/// Its name when the page is served as plain text, which only happens on this machine.
const PLAIN: &str = "viva_refresh";

/// Its name elsewhere. With this prefix a browser accepts it only over TLS, only for this host and
/// for all of its paths, so no neighbouring host can replace it.
const SECURE: &str = "__Host-viva_refresh";

/// The cookie in the browser. Browser cookies ignore ports, so the name contains the port in the
/// address: two gateways on one machine do not touch each other's sessions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jar {
    /// Whether the page is served over TLS.
    pub(super) is_secure: bool,
    /// The port in the browser's address; `None` if it is the scheme's default.
    pub(super) port: Option<u16>,
}

impl Jar {
    fn name(self) -> String {
        let name = self.name_without_port();
        self.port.map_or(name.to_owned(), |port| format!("{name}_{port}"))
    }

    /// The cookie's name before ports were added to it.
    fn name_without_port(self) -> &'static str {
        if self.is_secure { SECURE } else { PLAIN }
    }

    /// The token that the page sends, or else the one stored under the old name.
    pub(super) fn token(self, headers: &HeaderMap) -> Option<String> {
        found(headers, &self.name()).or_else(|| found(headers, self.name_without_port()))
    }

    /// Removes the cookie with the old name, if it is the one that was sent. It may belong to
    /// another gateway, so it is removed only once it has opened a session here.
    pub(super) fn remove_old(self, headers: &HeaderMap) -> Option<HeaderValue> {
        let is_shown = self.port.is_some()
            && found(headers, &self.name()).is_none()
            && found(headers, self.name_without_port()).is_some();
        is_shown.then(|| Self { port: None, ..self }.remove())
    }

    /// Makes the browser store a token for this many seconds; `None` if it is not allowed in a
    /// cookie.
    pub(super) fn keep(self, token: &str, seconds: i64) -> Option<HeaderValue> {
        let fits = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
        if !token.bytes().all(fits) {
            return None;
        }
        let mut value = HeaderValue::try_from(self.line(token, seconds)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Makes the browser delete it.
    pub(super) fn remove(self) -> HeaderValue {
        // The value is ASCII.
        HeaderValue::try_from(self.line("", 0)).unwrap_or(HeaderValue::from_static(""))
    }

    fn line(self, token: &str, seconds: i64) -> String {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let name = self.name();
        format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
    }
}

fn found(headers: &HeaderMap, name: &str) -> Option<String> {
    // The cookies of other programs on this machine come along, with any bytes in them.
    let lines = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
    let mut parts = lines.flat_map(|line| line.split(|byte| *byte == b';')).map(<[u8]>::trim_ascii);
    let token = parts.find_map(|part| part.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
    let token = std::str::from_utf8(token).ok()?;
    (!token.is_empty()).then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_for_this_host_only_and_scripts_cannot_read_it() {
        let plain = Jar { is_secure: false, port: None }.keep("abc", 60).unwrap();
        assert_eq!(plain, "viva_refresh=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict");
        assert!(plain.is_sensitive(), "its value is not in Debug output");
        let secure = Jar { is_secure: true, port: None }.keep("abc", 60).unwrap();
        let wanted =
            "__Host-viva_refresh=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure";
        assert_eq!(secure, wanted);
        let gone = Jar { is_secure: false, port: None }.remove();
        assert_eq!(gone, "viva_refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
        assert!(Jar { is_secure: false, port: None }.keep("a; Domain=x", 60).is_none());
    }

    #[test]
    fn the_token_is_found_among_other_cookies_by_its_whole_name() {
        let jar = Jar { is_secure: false, port: None };
        let token = |line: &'static str| {
            jar.token(&HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(line))]))
        };
        assert_eq!(token("a=b; viva_refresh=abc; c=d").as_deref(), Some("abc"));
        assert_eq!(token("__Host-viva_refresh=abc; xviva_refresh=abc"), None);
        assert_eq!(token("viva_refresh="), None);
        let bytes =
            HeaderValue::from_bytes("name=Zoë; viva_refresh=abc; \u{2603}".as_bytes()).unwrap();
        let others = HeaderMap::from_iter([(header::COOKIE, bytes)]);
        assert_eq!(jar.token(&others).as_deref(), Some("abc"), "others have cookies of any bytes");
    }

    #[test]
    fn two_ports_have_two_cookies_and_one_with_the_old_name_still_counts() {
        let jar = Jar { is_secure: false, port: Some(8080) };
        let headers = |line: &'static str| {
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(line))])
        };
        assert!(
            jar.keep("abc", 60).unwrap().to_str().unwrap().starts_with("viva_refresh_8080=abc;")
        );
        let both = headers("viva_refresh=old; viva_refresh_8080=new; viva_refresh_8081=other");
        assert_eq!(jar.token(&both).as_deref(), Some("new"));
        assert_eq!(jar.remove_old(&both), None);
        let old = headers("viva_refresh=old; viva_refresh_8081=other");
        assert_eq!(jar.token(&old).as_deref(), Some("old"));
        assert!(jar.remove_old(&old).unwrap().to_str().unwrap().starts_with("viva_refresh=;"));
        let without = Jar { port: None, ..jar };
        assert_eq!(without.remove_old(&old), None, "without a port, the old name is the name");
    }
}
