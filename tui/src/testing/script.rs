//! Drives the app without terminal, server or clock.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};
use viva_proto::v1;

use super::data;
use crate::{
    effect::Effect,
    model::{Look, Model, ThemeName, link::Account},
    msg::{Event, Msg, Reply},
    update::update,
    view,
};

/// An app controlled by a test.
pub(crate) struct Script {
    pub(crate) model: Model,
    effects: Vec<Effect>,
}

impl Script {
    /// The app at its start, on the embedded server.
    pub(crate) fn new() -> Self {
        Self::on(None)
    }

    /// The app at its start, on this server.
    pub(crate) fn on(server: Option<&str>) -> Self {
        let look = Look { theme: ThemeName::Dark, ascii: false };
        let server = server.map(str::to_owned);
        let mut model = Model::new(data::now(), TimeZone::UTC, look, view::MEASURES, server, 7);
        model.size = (80, 24);
        Self { model, effects: Vec::new() }
    }

    /// The app on its dashboard with these interviews.
    pub(crate) fn at_dashboard(interviews: Vec<v1::Interview>) -> Self {
        let mut script = Self::new();
        script.reply(Reply::Connected(Ok(Account::Owner)));
        script.reply(Reply::Drafts(Ok(Vec::new())));
        script.list(interviews);
        script.effects.clear();
        script
    }

    /// The app in an interview.
    pub(crate) fn in_interview(report: v1::Report) -> Self {
        let mut script = Self::at_dashboard(vec![data::listed(&report)]);
        script.press("enter");
        script.reply(Reply::Report { turn: 1, report: Ok(report) });
        script.effects.clear();
        script
    }

    /// The app in a report, with question `selected`; 0 is the summary.
    pub(crate) fn in_report(report: v1::Report, selected: usize) -> Self {
        let mut script = Self::at_dashboard(vec![data::listed(&report)]);
        script.press("r");
        script.reply(Reply::Report { turn: 1, report: Ok(report) });
        for _ in 0..selected {
            script.press("right");
        }
        script.effects.clear();
        script
    }

    /// Delivers the first page of the list.
    pub(crate) fn list(&mut self, interviews: Vec<v1::Interview>) -> &mut Self {
        let page = v1::ListInterviewsResponse { interviews, next_page_token: String::new() };
        self.reply(Reply::Interviews { first: true, page: Ok(page) })
    }

    /// Delivers an event.
    pub(crate) fn event(&mut self, event: Event) -> &mut Self {
        let at = self.model.now;
        self.effects.extend(update(&mut self.model, Msg { at, event }));
        self
    }

    /// Delivers the reply to an effect.
    pub(crate) fn reply(&mut self, reply: Reply) -> &mut Self {
        self.event(Event::Reply(Box::new(reply)))
    }

    /// Presses a key: `n`, `ctrl-d`, `alt-enter`, `f1`.
    pub(crate) fn press(&mut self, key: &str) -> &mut Self {
        self.event(Event::Key(parse(key)))
    }

    /// Types a text, key by key.
    pub(crate) fn types(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            self.event(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        self
    }

    /// Pastes a text.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.event(Event::Paste(text.to_owned()))
    }

    /// Lets time pass, in one step.
    pub(crate) fn wait(&mut self, milliseconds: i64) -> &mut Self {
        let at = self.model.now.as_millisecond() + milliseconds;
        let at = Timestamp::from_millisecond(at).unwrap();
        self.effects.extend(update(&mut self.model, Msg { at, event: Event::Tick }));
        self
    }

    /// Returns the effects since the last call.
    pub(crate) fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Forgets the effects so far.
    pub(crate) fn quietly(&mut self) -> &mut Self {
        self.effects.clear();
        self
    }

    /// The cells of a screen of this size.
    pub(crate) fn buffer(&mut self, columns: u16, rows: u16) -> Buffer {
        self.event(Event::Resize(columns, rows));
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view::draw(&self.model, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The text of a screen of this size, without the spaces at the ends of lines.
    pub(crate) fn screen(&mut self, columns: u16, rows: u16) -> String {
        let buffer = self.buffer(columns, rows);
        let line = |row| {
            let cells = (0..columns).map(|column| buffer[(column, row)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        };
        (0..rows).map(line).collect::<Vec<_>>().join("\n")
    }
}

/// A key as written in these tests.
fn parse(text: &str) -> KeyEvent {
    let (modifiers, name) = if let Some(name) = text.strip_prefix("ctrl-") {
        (KeyModifiers::CONTROL, name)
    } else if let Some(name) = text.strip_prefix("alt-") {
        (KeyModifiers::ALT, name)
    } else {
        (KeyModifiers::NONE, text)
    };
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "space" => KeyCode::Char(' '),
        "backspace" => KeyCode::Backspace,
        "pgdn" => KeyCode::PageDown,
        "pgup" => KeyCode::PageUp,
        "f1" => KeyCode::F(1),
        "f4" => KeyCode::F(4),
        "f5" => KeyCode::F(5),
        "f6" => KeyCode::F(6),
        "f7" => KeyCode::F(7),
        "f8" => KeyCode::F(8),
        "f9" => KeyCode::F(9),
        one => KeyCode::Char(one.chars().next().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}
