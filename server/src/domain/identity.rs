//! When two names, two addresses or two passwords are the same. Names follow the profile
//! UsernameCaseMapped of RFC 8265, passwords its OpaqueString; addresses are compared by Unicode's case
//! folding. What is shown stays as it was typed; these are the forms that are compared.
//!
//! The tables of the PRECIS crate end with Unicode 6.3, as those of the registry do. By RFC 8264 a
//! character that Unicode has had since is judged by its own properties, which is done here.

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

/// More than this is neither a name nor a password, however it is composed: no character has more parts
/// than four, and the longest password has 128 of them.
const MOST_CHARS: usize = 4 * 128;

/// How often the rules may be applied until they change nothing any more (RFC 8264, section 7).
const ROUNDS: usize = 4;

/// Why RFC 8265 does not allow a text as a name or password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// There is nothing in it.
    Empty,
    /// It is far too long.
    TooLong,
    /// It has a character that may not be there, or not in that place.
    Character(char),
    /// It mixes directions in a way that does not read the same everywhere.
    Direction,
}

/// Unicode's composed form, in which a letter with its accents is one character where there is one.
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// The form by which a name is compared, or why it is none.
pub fn username(text: &str) -> Result<String, Unfit> {
    let mut name = composed(fitting(text)?);
    for _ in 0..ROUNDS {
        let mapped = map_username(&name)?;
        if mapped == name {
            return Ok(name);
        }
        name = mapped;
    }
    Err(Unfit::Direction)
}

/// The form by which a name is compared, whatever it is. A name that is none by the rules is like itself
/// alone: accounts of earlier versions have such names.
pub fn username_key(name: &str) -> String {
    username(name).unwrap_or_else(|_| name.to_owned())
}

/// The form by which an address is compared: without regard to case and to how accents are encoded.
pub fn email_key(address: &str) -> String {
    let decomposed: String = address.nfd().collect();
    composed(&CaseMapper::new().fold_string(&decomposed))
}

/// The form in which a password is hashed, or why it is none. Case and width count; how accents are
/// encoded and which space it is do not.
pub fn password(text: &str) -> Result<String, Unfit> {
    allow(&FreeformClass::default(), fitting(text)?, is_newer_sign)?;
    let profile = OpaqueString::new();
    let mapped = profile.additional_mapping_rule(text).map_err(|_| Unfit::Empty)?;
    Ok(composed(&mapped))
}

fn fitting(text: &str) -> Result<&str, Unfit> {
    match text.chars().nth(MOST_CHARS) {
        Some(_) => Err(Unfit::TooLong),
        None if text.is_empty() => Err(Unfit::Empty),
        None => Ok(text),
    }
}

/// The profile's rules once, in its order.
fn map_username(name: &str) -> Result<String, Unfit> {
    let profile = UsernameCaseMapped::new();
    let name = profile.width_mapping_rule(name).map_err(|_| Unfit::Empty)?;
    allow(&IdentifierClass::default(), &name, is_newer_letter)?;
    let name = profile.case_mapping_rule(name).map_err(|_| Unfit::Empty)?;
    let name = composed(&name);
    profile.directionality_rule(name).map(Into::into).map_err(|_| Unfit::Direction)
}

/// Refuses what the class does not allow.
fn allow(class: &impl StringClass, text: &str, is_newer: fn(char) -> bool) -> Result<(), Unfit> {
    let value = |c| class.get_value_from_char(c);
    let stands_for_itself = |c| value(c) != DerivedPropertyValue::Unassigned || !is_newer(c);
    // The crate judges the rest, with a plain letter in the place of each newer one.
    let known: String = text.chars().map(|c| if stands_for_itself(c) { c } else { 'a' }).collect();
    class.allows(&known).map_err(|error| {
        let refused = match error {
            Error::BadCodepoint(found) => char::from_u32(found.cp),
            // Of those that depend on their neighbours, it lacks one.
            Error::Invalid | Error::Unexpected(_) => known.chars().find(|c| {
                use DerivedPropertyValue::{ContextJ, ContextO};
                matches!(value(*c), ContextJ | ContextO)
            }),
        };
        refused.map_or(Unfit::Empty, Unfit::Character)
    })
}

/// A letter, mark or digit that RFC 8264's table lacks: LetterDigits of section 9.1, without HasCompat and
/// what is ignorable.
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

/// A character that RFC 8264's table lacks and that a free text may have.
fn is_newer_sign(c: char) -> bool {
    use Group::{Letter, Mark, Number, Punctuation, Symbol};
    let group = c.general_category_group();
    matches!(group, Letter | Mark | Number | Punctuation | Symbol) && !viva_text::is_blank(c)
}

#[cfg(test)]
mod tests;
