//! Makes settings safe to print. An address can contain a secret in its user part, query, fragment
//! and path, and a bad address anywhere: a password with an unescaped `/`, `?`, `#` or `@` is split
//! in unexpected places.

/// Longer segments of a path may be keys.
const LONGEST_SHOWN: usize = 24;

/// An address without any part that may be a secret.
pub fn address(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    // Up to the last `@`, because a password may contain one, and a password that was split ends
    // there too.
    let (user, rest) = match rest.rsplit_once('@') {
        Some((_, rest)) => ("***@", rest),
        None => ("", rest),
    };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (path, hidden) = rest.split_at(end);
    let part = |(at, part): (usize, &str)| {
        // The first segment is the host.
        if at > 0 && part.len() > LONGEST_SHOWN { "***".to_owned() } else { part.to_owned() }
    };
    let path = path.split('/').enumerate().map(part).collect::<Vec<_>>().join("/");
    let colon = if scheme.is_empty() { "" } else { "://" };
    let query = hidden.chars().next().map(|mark| format!("{mark}***")).unwrap_or_default();
    format!("{scheme}{colon}{user}{path}{query}")
}

/// A bad value in quotation marks, with any part that may be a secret masked.
pub fn quoted(text: &str) -> String {
    if text.contains("://") || text.contains(['@', '?', '#']) {
        format!("{:?}", address(text))
    } else {
        format!("{text:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_a_secret() {
        for (url, shown) in [
            (
                "http://localhost:11434/v1/chat/completions",
                "http://localhost:11434/v1/chat/completions",
            ),
            ("https://ada:hush@example.com/v1", "https://***@example.com/v1"),
            ("https://ada:hu/sh@example.com", "https://***@example.com"),
            ("https://ada:hu?s#h@x@example.com", "https://***@example.com"),
            ("https://example.com/v1?key=hush", "https://example.com/v1?***"),
            ("https://example.com/v1#hush", "https://example.com/v1#***"),
            ("https://example.com/hushhushhushhushhushhush1/v1", "https://example.com/***/v1"),
            ("ada:hush@example.com", "***@example.com"),
            ("", ""),
        ] {
            assert_eq!(address(url), shown, "{url}");
        }
    }

    #[test]
    fn a_bad_value_is_quoted_unless_it_may_hold_a_secret() {
        assert_eq!(quoted("soon"), "\"soon\"");
        assert_eq!(quoted("viva_server=debug,,"), "\"viva_server=debug,,\"");
        assert_eq!(quoted("https://u:p@a/b"), "\"https://***@a/b\"");
        assert_eq!(quoted("?token=hush"), "\"?***\"");
    }
}
