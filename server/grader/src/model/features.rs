//! Sets of named numbers: what the linear heads read, and what a grade shows of its making.

/// A set of numbers whose names are those in the model file.
pub(crate) trait Features {
    /// The names, in the order of [`Features::value`].
    const NAMES: &'static [&'static str];

    /// The value with the given place among the names.
    fn value(&self, place: usize) -> f64;
}

/// Declares a struct of `f64` fields that can also be read by name.
macro_rules! features {
    (
        $(#[$of_set:meta])*
        pub struct $Set:ident { $($(#[$of_field:meta])* pub $field:ident),+ $(,)? }
    ) => {
        $(#[$of_set])*
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub struct $Set { $($(#[$of_field])* pub $field: f64),+ }

        impl $Set {
            /// The value of that name, if there is one.
            pub fn get(&self, name: &str) -> Option<f64> {
                match name {
                    $(stringify!($field) => Some(self.$field),)+
                    _ => None,
                }
            }
        }

        impl $crate::model::features::Features for $Set {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];

            fn value(&self, place: usize) -> f64 {
                [$(self.$field),+][place]
            }
        }
    };
}

pub(crate) use features;
