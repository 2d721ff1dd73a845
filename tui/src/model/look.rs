//! How things are drawn: the colours, and whether only ASCII is used.

/// How things are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// The colours.
    pub(crate) theme: ThemeName,
    /// Whether Viva draws with ASCII characters only.
    pub(crate) ascii: bool,
}

/// The themes: some suit any terminal, others have their own background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub(crate) enum ThemeName {
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// Black, white, and colours with a strong contrast to them.
    HighContrast,
    /// None; bold and reversed text stay.
    Mono,
    /// Catppuccin Mocha.
    Catppuccin,
    /// Gruvbox, dark.
    Gruvbox,
}

impl ThemeName {
    /// All themes.
    pub(crate) const ALL: [Self; 6] =
        [Self::Dark, Self::Light, Self::HighContrast, Self::Mono, Self::Catppuccin, Self::Gruvbox];

    /// The name in the settings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Mono => "mono",
            Self::Catppuccin => "catppuccin",
            Self::Gruvbox => "gruvbox",
        }
    }

    /// The name on the screen.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Dark => "Dark",
            Self::Light => "Light",
            Self::HighContrast => "High contrast",
            Self::Mono => "Mono, without colours",
            Self::Catppuccin => "Catppuccin Mocha",
            Self::Gruvbox => "Gruvbox dark",
        }
    }
}
