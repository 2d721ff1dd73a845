//! The log as JSON: one flat object per line. `timestamp`, `level`, `module` and `message` belong
//! to the line itself; `request_id`, `user_id` and the like come from the call it belongs to.

use std::{
    fmt,
    io::Write,
    sync::{Mutex, PoisonError},
};

use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use tracing::{
    Event, Id, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Record},
};
use tracing_subscriber::{
    Layer,
    layer::Context,
    registry::{LookupSpan, Scope},
};

/// Names reserved for the line itself: a field with this name does not replace them.
const OWN: [&str; 3] = ["timestamp", "level", "module"];

/// The prefix of fields that only tell a collector how to show a span.
const FOR_SPANS: &str = "otel.";

/// Writes each event as a line to the writer that `make` returns.
pub(super) struct JsonLines<M> {
    make: M,
    /// Keeps lines from interleaving, however many threads write.
    turn: Mutex<()>,
}

impl<M, W> JsonLines<M>
where
    M: Fn() -> W,
    W: Write,
{
    pub(super) fn new(make: M) -> Self {
        Self { make, turn: Mutex::new(()) }
    }

    fn write(&self, line: &[u8]) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        // If nobody reads the log, or its disk is full, the server continues without it.
        let _ = (self.make)().write_all(line);
    }
}

impl<S, M, W> Layer<S> for JsonLines<M>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    M: Fn() -> W + Send + Sync + 'static,
    W: Write,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.extend(of_span);
            }
        }
        event.record(&mut fields);
        let metadata = event.metadata();
        let line = line(metadata.level().as_str(), metadata.target(), &fields);
        // A line of plain values can always be written as JSON.
        if let Ok(mut line) = line {
            line.push(b'\n');
            self.write(&line);
        }
    }
}

fn line(level: &str, module: &str, fields: &Fields) -> serde_json::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::new(&mut line);
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("timestamp", &timestamp())?;
    map.serialize_entry("level", level)?;
    map.serialize_entry("module", module)?;
    let is_shown = |name: &str| !OWN.contains(&name) && !name.starts_with(FOR_SPANS);
    for (name, value) in fields.0.iter().filter(|(name, _)| is_shown(name)) {
        map.serialize_entry(name, value)?;
    }
    map.end()?;
    Ok(line)
}

/// The current time in UTC, as RFC 3339.
fn timestamp() -> String {
    format!("{:.6}", jiff::Timestamp::now())
}

/// Names and values in the order they were recorded; a name recorded again gets the newer value.
#[derive(Debug, Default)]
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn put(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    fn extend(&mut self, more: &Self) {
        for (name, value) in &more.0 {
            self.put(name, value.clone());
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field.name(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value.into());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        // Milliseconds are counted in 128 bits; ours never come near the limit of 64.
        self.put(field.name(), u64::try_from(value).unwrap_or(u64::MAX).into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(work: impl FnOnce()) -> Vec<Value> {
        let kept = Kept::default();
        let lines = JsonLines::new({
            let kept = kept.clone();
            move || kept.clone()
        });
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), work);
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_has_the_fields_that_its_call_has_at_that_moment() {
        let lines = logged(|| {
            let call =
                tracing::error_span!("call", request_id = "r-1", user_id = tracing::field::Empty);
            call.in_scope(|| {
                tracing::info!("before");
                call.record("user_id", 7);
                tracing::warn!(took_ms = 12_u128, well = true, "after");
            });
            tracing::info!("outside");
        });
        assert_eq!((&lines[0]["request_id"], &lines[0]["user_id"]), (&"r-1".into(), &Value::Null));
        assert_eq!((&lines[1]["user_id"], &lines[1]["took_ms"]), (&7.into(), &12.into()));
        assert_eq!((&lines[1]["level"], &lines[1]["message"]), (&"WARN".into(), &"after".into()));
        assert_eq!(lines[1]["module"], module_path!());
        assert!(lines[0]["timestamp"].as_str().unwrap().ends_with('Z'), "{}", lines[0]);
        assert_eq!(lines[2].get("request_id"), None);
    }

    #[test]
    fn no_value_can_begin_a_line_or_forge_a_field() {
        let lines = logged(|| {
            tracing::info!(level = "ERROR", text = "a\r\n{\"message\":\"forged\"}", "one\ntwo");
        });
        assert_eq!(lines.len(), 1);
        assert_eq!(
            (&lines[0]["level"], &lines[0]["message"]),
            (&"INFO".into(), &"one\ntwo".into())
        );
    }
}
