//! The colours of the themes. Those of Catppuccin (Mocha) and Gruvbox (dark), both under the MIT
//! licence, are the originals, except for those that were too dark to read on their background.

use ratatui::style::Color;

use crate::model::ThemeName;

/// A theme's colours by role.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    pub(super) accent: Color,
    pub(super) bad: Color,
    pub(super) fair: Color,
    pub(super) good: Color,
    pub(super) code: Color,
    /// Background, text and faint text, unless the terminal's own are used.
    pub(super) page: Option<(Color, Color, Color)>,
}

/// The colours of a theme; `None` for one without colours.
pub(super) fn of(theme: ThemeName) -> Option<Colours> {
    Some(match theme {
        ThemeName::Mono => return None,
        ThemeName::Dark => DARK,
        ThemeName::Light => LIGHT,
        ThemeName::HighContrast => HIGH_CONTRAST,
        ThemeName::Catppuccin => CATPPUCCIN,
        ThemeName::Gruvbox => GRUVBOX,
    })
}

const fn rgb(colour: u32) -> Color {
    let [_, red, green, blue] = colour.to_be_bytes();
    Color::Rgb(red, green, blue)
}

// The terminal decides how the first sixteen colours look; the others are the same everywhere.
const DARK: Colours = Colours {
    accent: Color::Cyan,
    bad: Color::Indexed(203),
    fair: Color::Indexed(221),
    good: Color::Indexed(114),
    code: Color::Indexed(80),
    page: None,
};

const LIGHT: Colours = Colours {
    accent: Color::Blue,
    bad: Color::Indexed(124),
    fair: Color::Indexed(94),
    good: Color::Indexed(22),
    code: Color::Indexed(90),
    page: None,
};

const HIGH_CONTRAST: Colours = Colours {
    accent: rgb(0x00ff_ff00),
    bad: rgb(0x00ff_8080),
    fair: rgb(0x00ff_d75f),
    good: rgb(0x0080_ff80),
    code: rgb(0x0080_ffff),
    page: Some((rgb(0), rgb(0x00ff_ffff), rgb(0x00ff_ffff))),
};

const CATPPUCCIN: Colours = Colours {
    accent: rgb(0x0089_b4fa),
    bad: rgb(0x00f3_8ba8),
    fair: rgb(0x00f9_e2af),
    good: rgb(0x00a6_e3a1),
    code: rgb(0x0094_e2d5),
    page: Some((rgb(0x001e_1e2e), rgb(0x00cd_d6f4), rgb(0x00a6_adc8))),
};

const GRUVBOX: Colours = Colours {
    accent: rgb(0x0083_a598),
    bad: rgb(0x00fc_6e5f),
    fair: rgb(0x00fa_bd2f),
    good: rgb(0x00b8_bb26),
    code: rgb(0x008e_c07c),
    page: Some((rgb(0x0028_2828), rgb(0x00eb_dbb2), rgb(0x00b5_a58d))),
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Red, green and blue, from 0 to 255; for the first sixteen colours, xterm's.
    fn parts(colour: Color) -> [u8; 3] {
        match colour {
            Color::Rgb(red, green, blue) => [red, green, blue],
            Color::Cyan => [0, 205, 205],
            Color::Blue => [0, 0, 238],
            Color::Indexed(n @ 16..=231) => {
                let level = |n: u8| [0, 95, 135, 175, 215, 255][usize::from(n % 6)];
                [level((n - 16) / 36), level((n - 16) / 6), level(n - 16)]
            }
            other => panic!("{other:?} is not the same everywhere"),
        }
    }

    /// Relative luminance, as WCAG defines it.
    fn luminance(colour: Color) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = parts(colour).map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_is_readable_on_its_background() {
        for theme in ThemeName::ALL {
            let Some(colours) = of(theme) else { continue };
            let (black, white) = (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255));
            let (background, text, faint) = colours.page.unwrap_or(match theme {
                ThemeName::Light => (white, black, black),
                _ => (black, white, white),
            });
            let least = if theme == ThemeName::HighContrast { 7.0 } else { 4.5 };
            for colour in
                [text, faint, colours.accent, colours.bad, colours.fair, colours.good, colours.code]
            {
                let contrast = contrast(colour, background);
                assert!(contrast >= least, "{theme:?}: {colour:?} has {contrast:.2}");
            }
        }
    }

    #[test]
    fn good_fair_and_bad_differ_in_every_theme_with_colours() {
        for colours in ThemeName::ALL.into_iter().filter_map(of) {
            assert!(colours.good != colours.fair && colours.fair != colours.bad, "{colours:?}");
        }
    }
}
