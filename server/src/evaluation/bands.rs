//! What each band of each dimension means. The language model grades by these words, and a
//! candidate reads them as the reason for a score.

use crate::domain::{band::Band, score::Dimension};

/// Describes an answer in that band, in one sentence.
pub(super) const fn description(dimension: Dimension, band: Band) -> &'static str {
    match dimension {
        Dimension::Correctness => correctness(band),
        Dimension::Completeness => completeness(band),
        Dimension::Quality => quality(band),
        Dimension::Communication => communication(band),
    }
}

const fn correctness(band: Band) -> &'static str {
    match band {
        Band::Poor => "Most of what it says is wrong, or it says nothing that could be right.",
        Band::Weak => "It is right in places, but a central statement is wrong or missing.",
        Band::Fair => "It is mostly right, with errors or vague statements where they matter.",
        Band::Good => "It is right in all that matters, with small slips at most.",
        Band::Excellent => "It is right throughout, and precise where precision counts.",
    }
}

const fn completeness(band: Band) -> &'static str {
    match band {
        Band::Poor => "It makes almost none of the key points.",
        Band::Weak => "It makes some lighter key points, or only hints at the heavy ones.",
        Band::Fair => "It makes about half of the key points by weight.",
        Band::Good => "It makes most of the key points by weight, the heavy ones among them.",
        Band::Excellent => "It makes all or nearly all of the key points.",
    }
}

const fn quality(band: Band) -> &'static str {
    match band {
        Band::Poor => "It asserts without reasons, examples or conditions.",
        Band::Weak => "It gives a reason or an example here and there, but stays general.",
        Band::Fair => "It gives reasons for its main statements and at least one concrete case.",
        Band::Good => "It explains why, weighs a trade-off, and is specific.",
        Band::Excellent => {
            "It reasons from experience: causes, trade-offs, limits, and concrete cases."
        }
    }
}

const fn communication(band: Band) -> &'static str {
    match band {
        Band::Poor => "It cannot be followed, or does not speak to the question.",
        Band::Weak => {
            "It takes effort to follow: no clear order, or too short to connect its parts."
        }
        Band::Fair => "It can be followed, but it wanders, repeats itself or leaves gaps.",
        Band::Good => "It is clear and in order; a listener follows it at once.",
        Band::Excellent => "It leads with the answer, supports it step by step and wastes no word.",
    }
}

/// All bands of all dimensions, as text for a prompt.
pub(super) fn rubric() -> String {
    const BANDS: [(Band, &str); 5] = [
        (Band::Poor, "0 to below 3"),
        (Band::Weak, "3 to below 5"),
        (Band::Fair, "5 to below 7"),
        (Band::Good, "7 to below 9"),
        (Band::Excellent, "9 to 10"),
    ];
    let line = |dimension: Dimension, (band, range): (Band, &str)| {
        format!("- {range} ({}): {}\n", band.word(), description(dimension, band))
    };
    let block = |dimension: Dimension| {
        let lines: String = BANDS.into_iter().map(|band| line(dimension, band)).collect();
        format!("{}:\n{lines}", dimension.word())
    };
    Dimension::ALL.into_iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prompt_describes_five_different_bands_of_each_of_four_dimensions() {
        let rubric = rubric();
        let lines: std::collections::HashSet<_> =
            rubric.lines().filter(|line| line.starts_with("- ")).collect();
        assert_eq!(lines.len(), 20, "{rubric}");
    }
}
