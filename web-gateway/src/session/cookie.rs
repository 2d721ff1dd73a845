//! The cookie that holds the refresh token.

use http::{HeaderMap, HeaderValue, header};

/// Its name where the page comes by plain text, which is on this machine alone.
const PLAIN: &str = "viva_refresh";

/// Its name elsewhere. By this prefix a browser takes it only by TLS, for this host alone and for
/// all of its paths, so no neighbouring host can put one in its place.
const SECURE: &str = "__Host-viva_refresh";

/// Where the page keeps the cookie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jar {
    /// Whether the page comes by TLS.
    pub(super) is_secure: bool,
}

impl Jar {
    fn name(self) -> &'static str {
        if self.is_secure { SECURE } else { PLAIN }
    }

    /// The token that the page shows.
    pub(super) fn token(self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs =
            lines.flat_map(|line| line.split(';')).filter_map(|p| p.trim().split_once('='));
        let (_, token) = pairs.find(|(name, _)| *name == self.name())?;
        (!token.is_empty()).then(|| token.to_owned())
    }

    /// Has the browser keep a token for so many seconds; none when it cannot stand in a cookie.
    pub(super) fn keep(self, token: &str, seconds: i64) -> Option<HeaderValue> {
        let fits = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
        if !token.bytes().all(fits) {
            return None;
        }
        let mut value = HeaderValue::try_from(self.line(token, seconds)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Has the browser forget it.
    pub(super) fn take_away(self) -> HeaderValue {
        // The line is ASCII.
        HeaderValue::try_from(self.line("", 0)).unwrap_or(HeaderValue::from_static(""))
    }

    fn line(self, token: &str, seconds: i64) -> String {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let name = self.name();
        format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_for_this_host_alone_and_out_of_reach_for_scripts() {
        let plain = Jar { is_secure: false }.keep("abc", 60).unwrap();
        assert_eq!(plain, "viva_refresh=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict");
        assert!(plain.is_sensitive(), "it is in no Debug");
        let secure = Jar { is_secure: true }.keep("abc", 60).unwrap();
        let wanted =
            "__Host-viva_refresh=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure";
        assert_eq!(secure, wanted);
        let gone = Jar { is_secure: false }.take_away();
        assert_eq!(gone, "viva_refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
        assert!(Jar { is_secure: false }.keep("a; Domain=x", 60).is_none());
    }

    #[test]
    fn the_token_is_found_among_other_cookies_by_its_whole_name() {
        let jar = Jar { is_secure: false };
        let token = |line: &'static str| {
            jar.token(&HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(line))]))
        };
        assert_eq!(token("a=b; viva_refresh=abc; c=d").as_deref(), Some("abc"));
        assert_eq!(token("__Host-viva_refresh=abc; xviva_refresh=abc"), None);
        assert_eq!(token("viva_refresh="), None);
    }
}
