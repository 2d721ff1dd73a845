//! Settings that can be changed while the app runs, and the screen that changes them.

use std::collections::BTreeSet;

use super::{ThemeName, editor::Editor};

/// Whether and how the terminal notifies you in another window that something is ready.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Notifications {
    /// With the sequence that the terminal probably supports.
    #[default]
    Auto,
    /// Not at all.
    Off,
    /// With the sequence of iTerm2, kitty and `WezTerm`.
    Osc9,
    /// With the sequence of foot, urxvt and GNOME's terminals.
    Osc777,
}

/// On or off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Switch {
    /// Yes.
    On,
    /// No.
    #[default]
    Off,
}

/// The keys in a text of several lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EditingKeys {
    /// Those of any text field, and those familiar from the shell.
    #[default]
    Standard,
    /// Those of vim.
    Vim,
}

/// The values of these settings, and the screen that changes them.
#[derive(Debug, Default)]
pub(crate) struct Preferences {
    /// The theme; `None` asks the terminal for its background.
    pub(crate) theme: Option<ThemeName>,
    /// Whether and how the terminal notifies.
    pub(crate) notifications: Notifications,
    /// Whether a notification also rings the bell.
    pub(crate) bell: Switch,
    /// The keys in a text of several lines.
    pub(crate) keys: EditingKeys,
    /// Whether clicks are for Viva, and no longer for the terminal.
    pub(crate) mouse: Switch,
    /// The external editor in the settings, with its arguments.
    pub(crate) editor: Option<String>,
    /// The editor that is used otherwise.
    pub(crate) usual_editor: Option<String>,
    /// The settings from flags or the environment, which override the file.
    pub(crate) fixed: BTreeSet<&'static str>,
    /// The settings file.
    pub(crate) file: String,
    /// The line of the screen in front.
    pub(crate) selected: usize,
    /// The editor's command, while it is being typed.
    pub(crate) typing: Option<Editor>,
}

/// A setting of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// The colours.
    Theme,
    /// Notifications.
    Notifications,
    /// The bell.
    Bell,
    /// The keys in a text.
    Keys,
    /// The mouse.
    Mouse,
    /// The external editor.
    Editor,
}

impl Setting {
    /// All settings, in the order of the screen.
    pub(crate) const ALL: [Self; 6] =
        [Self::Theme, Self::Notifications, Self::Bell, Self::Keys, Self::Mouse, Self::Editor];

    /// The setting's name in the environment; the file has it in lower case.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Theme => "VIVA_THEME",
            Self::Notifications => "VIVA_NOTIFICATIONS",
            Self::Bell => "VIVA_BELL",
            Self::Keys => "VIVA_KEYS",
            Self::Mouse => "VIVA_MOUSE",
            Self::Editor => "VIVA_EDITOR",
        }
    }

    /// The setting's name on the screen.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Theme => "Theme",
            Self::Notifications => "Notifications",
            Self::Bell => "Bell",
            Self::Keys => "Keys",
            Self::Mouse => "Mouse",
            Self::Editor => "Editor",
        }
    }

    /// The setting's purpose.
    pub(crate) fn help(self) -> &'static str {
        match self {
            Self::Theme => "The colours; auto asks the terminal for its background.",
            Self::Notifications => {
                "Says that an evaluation or a report is ready while you look elsewhere. auto chooses \
                 what your terminal is likely to know."
            }
            Self::Bell => "Rings with a notification.",
            Self::Keys => {
                "The keys in an answer, a note and an advert. vim: Esc, then letters are commands."
            }
            Self::Mouse => {
                "on: a click selects, opens or moves the cursor, and dragging selects text in Viva. Your \
                 terminal then selects only with Shift."
            }
            Self::Editor => {
                "The program behind Ctrl+E, with its arguments. Blank: $VISUAL, $EDITOR, nano or vi."
            }
        }
    }

    /// The values to choose from, as written in the settings file; empty if the value is typed.
    pub(crate) fn choices(self) -> Vec<&'static str> {
        match self {
            Self::Theme => {
                std::iter::once("auto").chain(ThemeName::ALL.map(ThemeName::name)).collect()
            }
            Self::Notifications => vec!["auto", "off", "osc9", "osc777"],
            Self::Bell | Self::Mouse => vec!["off", "on"],
            Self::Keys => vec!["standard", "vim"],
            Self::Editor => Vec::new(),
        }
    }
}

impl Preferences {
    /// The selected setting.
    pub(crate) fn chosen(&self) -> Setting {
        Setting::ALL[self.selected.min(Setting::ALL.len() - 1)]
    }

    /// A setting's value, as written in the settings file.
    pub(crate) fn value(&self, setting: Setting) -> String {
        match setting {
            Setting::Theme => self.theme.map_or("auto", ThemeName::name).to_owned(),
            Setting::Notifications => name(&self.notifications),
            Setting::Bell => name(&self.bell),
            Setting::Keys => name(&self.keys),
            Setting::Mouse => name(&self.mouse),
            Setting::Editor => self.command().unwrap_or_default().to_owned(),
        }
    }

    /// The external editor to use, if any.
    pub(crate) fn command(&self) -> Option<&str> {
        self.editor.as_deref().or(self.usual_editor.as_deref())
    }

    /// Sets a setting to one of its choices.
    pub(crate) fn set(&mut self, setting: Setting, value: &str) {
        match setting {
            Setting::Theme => {
                self.theme = ThemeName::ALL.into_iter().find(|theme| theme.name() == value);
            }
            Setting::Notifications => self.notifications = choice(value),
            Setting::Bell => self.bell = choice(value),
            Setting::Keys => self.keys = choice(value),
            Setting::Mouse => self.mouse = choice(value),
            Setting::Editor => self.editor = Some(value.to_owned()).filter(|text| !text.is_empty()),
        }
    }
}

fn name(choice: &impl clap::ValueEnum) -> String {
    let value = choice.to_possible_value();
    value.map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn choice<T: clap::ValueEnum + Default>(name: &str) -> T {
    T::from_str(name, true).unwrap_or_default()
}
