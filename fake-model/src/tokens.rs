//! The tokens in recorded replies whose values are only known at request time: `@@HTTP_DATE+3@@`,
//! `@@OTHER_HOST@@`, `@@SELF@@` and `@@API_KEY@@`.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime},
};

use crate::{http::Request, reply::Reply};

const DATE: &str = "@@HTTP_DATE";
const OTHER_HOST: &str = "@@OTHER_HOST@@";

/// The addresses of the two listeners.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    pub(crate) own: SocketAddr,
    pub(crate) other_host: SocketAddr,
}

impl Addresses {
    /// The reply with its tokens replaced, in headers and body. Binary bodies have none.
    pub(crate) fn fill(&self, reply: &Reply, request: &Request) -> Reply {
        let mut reply = reply.clone();
        for (_, value) in &mut reply.headers {
            *value = self.fill_text(value, request);
        }
        if let Ok(body) = std::str::from_utf8(&reply.body) {
            reply.body = self.fill_text(body, request).into_bytes();
        }
        reply
    }

    fn fill_text(&self, text: &str, request: &Request) -> String {
        let host = self.other_host.to_string();
        let this = format!("http://{}{}", self.own, request.path);
        let filled = text
            .replace(&format!("//{OTHER_HOST}"), &format!("//{host}"))
            // Without `//` before it, it means a whole URL.
            .replace(OTHER_HOST, &format!("http://{host}"))
            .replace("@@SELF@@", &this)
            .replace("@@API_KEY@@", request.key().unwrap_or_default());
        with_dates(&filled, SystemTime::now())
    }
}

/// Replaces `@@HTTP_DATE@@`, `@@HTTP_DATE+n@@` and `@@HTTP_DATE-n@@`, with n in seconds.
fn with_dates(text: &str, now: SystemTime) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(DATE) {
        out.push_str(before);
        let dated = after.split_once("@@").and_then(|(shift, behind)| {
            Some((httpdate::fmt_http_date(shifted(now, shift)?), behind))
        });
        rest = if let Some((date, behind)) = dated {
            out.push_str(&date);
            behind
        } else {
            out.push_str(DATE);
            after
        };
    }
    out.push_str(rest);
    out
}

/// `None` if the shift is not a number of seconds, or leads outside the years that HTTP dates can
/// express.
fn shifted(now: SystemTime, shift: &str) -> Option<SystemTime> {
    const LAST_OF_9999: u64 = 253_402_300_799;
    let seconds: i64 = if shift.is_empty() { 0 } else { shift.parse().ok()? };
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let moment = if seconds < 0 { now.checked_sub(distance)? } else { now.checked_add(distance)? };
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    (since.as_secs() <= LAST_OF_9999).then_some(moment)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn tokens_are_replaced_wherever_they_occur() {
        let addresses =
            Addresses { own: ([127, 0, 0, 1], 1).into(), other_host: ([127, 0, 0, 1], 2).into() };
        let request = Request {
            method: "POST".into(),
            path: "/v1/chat/completions".into(),
            headers: vec![("authorization".into(), "Bearer k-1".into())],
            raw: Vec::new(),
            json: Value::Null,
        };
        let reply = Reply::new(302, "text/plain", "key @@API_KEY@@, self @@SELF@@")
            .with_header("location", "https://@@OTHER_HOST@@/x")
            .with_header("also", "@@OTHER_HOST@@");
        let filled = addresses.fill(&reply, &request);
        let body = String::from_utf8(filled.body).unwrap();
        assert_eq!(body, "key k-1, self http://127.0.0.1:1/v1/chat/completions");
        assert_eq!(filled.headers[1].1, "https://127.0.0.1:2/x");
        assert_eq!(filled.headers[2].1, "http://127.0.0.1:2");
    }

    #[test]
    fn dates_are_shifted_and_nonsense_is_left_alone() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_mins(1);
        let date = |text: &str| with_dates(text, now);
        assert_eq!(date("[@@HTTP_DATE+3@@]"), "[Thu, 01 Jan 1970 00:01:03 GMT]");
        assert_eq!(date("@@HTTP_DATE-60@@@@HTTP_DATE@@").matches("00:0").count(), 2);
        for nonsense in
            ["@@HTTP_DATE+soon@@", "@@HTTP_DATE-99@@", "@@HTTP_DATE+999999999999@@", "@@HTTP_DATE"]
        {
            assert_eq!(date(nonsense), nonsense);
        }
    }
}
