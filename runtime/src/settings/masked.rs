//! Makes settings safe to print. An address can contain a secret in its user part, query, fragment
//! and path, and a bad address anywhere: a password with an unescaped `/`, `?`, `#` or `@` is split
//! in unexpected places.

/// Longer segments of a path may be keys.
const LONGEST_SHOWN: usize = 24;

/// Returns an address without any part that may be a secret.
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
    let part = |(at, part): (usize, &str)| match at {
        0 => host(part),
        _ if part.len() > LONGEST_SHOWN => "***".to_owned(),
        _ => part.to_owned(),
    };
    let path = path.split('/').enumerate().map(part).collect::<Vec<_>>().join("/");
    let colon = if scheme.is_empty() { "" } else { "://" };
    let query = hidden.chars().next().map(|mark| format!("{mark}***")).unwrap_or_default();
    format!("{scheme}{colon}{user}{path}{query}")
}

/// Masks the port of a host if it is not a number: it may be a password whose host was forgotten.
fn host(text: &str) -> String {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match text.rsplit_once(':') {
        Some((host, port)) if !is_port(port) && !text.ends_with(']') => format!("{host}:***"),
        _ => text.to_owned(),
    }
}

/// Puts a bad value in quotation marks, masking any part that may be a secret.
pub fn quoted(text: &str) -> String {
    if text.contains("://") || text.contains(['@', '?', '#']) || is_user_and_rest(text) {
        format!("{:?}", address(text))
    } else {
        format!("{text:?}")
    }
}

/// Whether a value may be a user name and a password without a host.
fn is_user_and_rest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(_, rest)| !rest.is_empty() && !rest.starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_possible_secrets() {
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
            ("https://ada:hush", "https://ada:***"),
            ("http://[::1]:50051/v1", "http://[::1]:50051/v1"),
            ("http://[::1]/v1", "http://[::1]/v1"),
            ("", ""),
        ] {
            assert_eq!(address(url), shown, "{url}");
        }
    }

    #[test]
    fn a_bad_value_is_quoted_unless_it_may_contain_a_secret() {
        assert_eq!(quoted("soon"), "\"soon\"");
        assert_eq!(quoted("viva_server=debug,,"), "\"viva_server=debug,,\"");
        assert_eq!(quoted("https://u:p@a/b"), "\"https://***@a/b\"");
        assert_eq!(quoted("?token=hush"), "\"?***\"");
        assert_eq!(quoted("ada:hush"), "\"ada:***\"");
        assert_eq!(quoted("localhost:99999"), "\"localhost:99999\"");
        assert_eq!(quoted("viva_server::llm=debug,,"), "\"viva_server::llm=debug,,\"");
    }
}
