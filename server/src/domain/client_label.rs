//! What a session was opened from, according to the client. It only helps you tell your sessions
//! apart and decides nothing, so it is not verified.

/// The most characters of a label.
const MOST_CHARS: usize = 60;

/// Browsers by the word that identifies them. The order matters, as some claim to be others too.
const BROWSERS: [(&str, &str); 10] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems in the same way: an iPhone also claims to be a Mac, and Android to be Linux.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// A short name for a client in printable ASCII; empty if unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientLabel(String);

impl ClientLabel {
    /// Makes a label of a `user-agent`: a browser's name and system, or another program's first
    /// product and the comment after it, which may name the machine. What libraries and proxies
    /// append is left out.
    pub fn of(user_agent: &str) -> Self {
        let label = browser(user_agent).unwrap_or_else(|| program(user_agent));
        let printable = label.chars().filter(|c| matches!(c, ' '..='~'));
        Self(printable.take(MOST_CHARS).collect::<String>().trim().to_owned())
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn browser(user_agent: &str) -> Option<String> {
    let claims = user_agent.strip_prefix("Mozilla/5.0 (")?;
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(word, _)| claims.contains(word)).map(|(_, name)| *name)
    };
    let name = named(&BROWSERS)?;
    Some(named(&SYSTEMS).map_or_else(|| name.to_owned(), |system| format!("{name} on {system}")))
}

fn program(user_agent: &str) -> String {
    let (product, rest) = user_agent.trim().split_once(' ').unwrap_or((user_agent.trim(), ""));
    let comment = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
    comment.map_or_else(
        || product.to_owned(),
        |(comment, _)| format!("{product} ({})", comment.trim()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(user_agent: &str) -> String {
        ClientLabel::of(user_agent).as_str().to_owned()
    }

    #[test]
    fn a_browser_is_named_with_its_system_whatever_else_it_claims_to_be() {
        for (user_agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 \
                 viva-web/0.1.0 tonic/0.14.9",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("Mozilla/5.0 (Unheard-of) Firefox/1.0", "Firefox"),
        ] {
            assert_eq!(label(user_agent), expected);
        }
    }

    #[test]
    fn a_program_is_named_by_its_first_product_and_comment() {
        assert_eq!(label("viva/0.1.0 tonic/0.14.9"), "viva/0.1.0");
        assert_eq!(label("viva/0.1.0 (linux) tonic/0.14.9"), "viva/0.1.0 (linux)");
        assert_eq!(label("grpc-python/1.70 grpc-c/45 (linux; chttp2)"), "grpc-python/1.70");
        assert_eq!(label("Mozilla/5.0 (compatible; a bot)"), "Mozilla/5.0 (compatible; a bot)");
        assert_eq!(label(""), "");
    }

    #[test]
    fn any_user_agent_becomes_a_short_line_of_plain_characters() {
        assert_eq!(label("a\u{1b}[2Jb\u{202e}/1\n\0 (x"), "a[2Jb/1");
        assert_eq!(label(&"x".repeat(5000)).len(), 60);
        assert_eq!(label(&format!("x ({}", "(".repeat(5000))), "x");
    }
}
