//! Decides when two names, addresses or passwords are the same. Names follow the UsernameCaseMapped
//! profile of RFC 8265, passwords its OpaqueString profile; addresses are compared by Unicode case
//! folding. These forms are only for comparing and hashing; names and addresses are shown as typed.
//!
//! The PRECIS crate's tables stop at Unicode 6.3, as the registry's do. RFC 8264 has later
//! characters judged by their properties, which is done here.

use icu_casemap::CaseMapper;
use precis_profiles::{
    OpaqueString, UsernameCaseMapped,
    precis_core::{
        DerivedPropertyValue, Error, FreeformClass, IdentifierClass, StringClass, profile::Rules,
    },
};
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{
    GeneralCategory, GeneralCategoryGroup as Group, UnicodeGeneralCategory as _,
};

/// The most characters of a text that can be a name or password: the longest password has 128, and
/// a character decomposes into at most four.
const MOST_CHARS: usize = 4 * 128;

/// After this many rounds, the rules must have stopped changing the name (RFC 8264, section 7).
const ROUNDS: usize = 4;

/// Why RFC 8265 does not allow a text as a name or password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrecisError {
    /// It is empty.
    Empty,
    /// It is far too long.
    TooLong,
    /// It has a character that is not allowed, or not in that place.
    Character(char),
    /// It mixes writing directions in a way that does not read the same everywhere.
    Direction,
}

/// Returns Unicode's composed form (NFC): a letter and its accents are one character if possible.
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Returns the form in which a name is compared, or why the text is not a name.
pub fn username(text: &str) -> Result<String, PrecisError> {
    let mut name = composed(fitting(text)?);
    for _ in 0..ROUNDS {
        let mapped = map_username(&name)?;
        if mapped == name {
            return Ok(name);
        }
        name = mapped;
    }
    Err(PrecisError::Direction)
}

/// Returns the form in which any name is compared. A name that breaks the rules, as accounts of
/// earlier versions may have, matches only itself.
pub fn username_key(name: &str) -> String {
    username(name).unwrap_or_else(|_| name.to_owned())
}

/// Returns the form in which an address is compared, ignoring case and the encoding of accents.
pub fn email_key(address: &str) -> String {
    let decomposed: String = address.nfd().collect();
    composed(&CaseMapper::new().fold_string(&decomposed))
}

/// Returns the form in which a password is hashed, or why the text is not a password. Case and
/// width count; the encoding of accents and the kind of space do not.
pub fn password(text: &str) -> Result<String, PrecisError> {
    allow(&FreeformClass::default(), fitting(text)?, is_newer_sign)?;
    let profile = OpaqueString::new();
    let mapped = profile.additional_mapping_rule(text).map_err(|_| PrecisError::Empty)?;
    Ok(composed(&mapped))
}

fn fitting(text: &str) -> Result<&str, PrecisError> {
    match text.chars().nth(MOST_CHARS) {
        Some(_) => Err(PrecisError::TooLong),
        None if text.is_empty() => Err(PrecisError::Empty),
        None => Ok(text),
    }
}

/// Applies the profile's rules once, in its order.
fn map_username(name: &str) -> Result<String, PrecisError> {
    let profile = UsernameCaseMapped::new();
    let name = profile.width_mapping_rule(name).map_err(|_| PrecisError::Empty)?;
    allow(&IdentifierClass::default(), &name, is_newer_letter)?;
    let name = profile.case_mapping_rule(name).map_err(|_| PrecisError::Empty)?;
    let name = composed(&name);
    profile.directionality_rule(name).map(Into::into).map_err(|_| PrecisError::Direction)
}

/// Refuses a text with characters that the class does not allow.
fn allow(
    class: &impl StringClass,
    text: &str,
    is_newer: fn(char) -> bool,
) -> Result<(), PrecisError> {
    let value = |c| class.get_value_from_char(c);
    let stands_for_itself = |c| value(c) != DerivedPropertyValue::Unassigned || !is_newer(c);
    // The crate judges the other characters; each newer one is replaced by a plain letter.
    let known: String = text.chars().map(|c| if stands_for_itself(c) { c } else { 'a' }).collect();
    class.allows(&known).map_err(|error| {
        let refused = match error {
            Error::BadCodepoint(found) => char::from_u32(found.cp),
            // A character that is only allowed beside certain others is not.
            Error::Invalid | Error::Unexpected(_) => known.chars().find(|c| {
                use DerivedPropertyValue::{ContextJ, ContextO};
                matches!(value(*c), ContextJ | ContextO)
            }),
        };
        refused.map_or(PrecisError::Empty, PrecisError::Character)
    })
}

/// Whether a character that RFC 8264's table lacks is a letter, mark or digit: LetterDigits (section
/// 9.1) without HasCompat and ignorable characters.
fn is_newer_letter(c: char) -> bool {
    use GeneralCategory::{
        DecimalNumber, LowercaseLetter, ModifierLetter, NonspacingMark, OtherLetter, SpacingMark,
        UppercaseLetter,
    };
    let is_letter = matches!(
        c.general_category(),
        LowercaseLetter
            | UppercaseLetter
            | OtherLetter
            | DecimalNumber
            | ModifierLetter
            | NonspacingMark
            | SpacingMark
    );
    is_letter && !viva_text::is_blank(c) && std::iter::once(c).nfkc().eq([c])
}

/// Whether a character that RFC 8264's table lacks may be in free text.
fn is_newer_sign(c: char) -> bool {
    use Group::{Letter, Mark, Number, Punctuation, Symbol};
    let group = c.general_category_group();
    matches!(group, Letter | Mark | Number | Punctuation | Symbol) && !viva_text::is_blank(c)
}

#[cfg(test)]
mod tests;
