//! Linear heads: a weighted sum of standardised features.

use super::features::Features;
use serde::Deserialize;
use serde::de::Error;
use std::marker::PhantomData;

/// A linear function of the features `F`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "HeadFile", bound = "F: Features")]
pub(crate) struct Head<F> {
    terms: Vec<Term>,
    bias: f64,
    of: PhantomData<fn(&F)>,
}

#[derive(Debug)]
struct Term {
    place: usize,
    mean: f64,
    std: f64,
    weight: f64,
}

/// A head as it stands in the model file.
#[derive(Deserialize)]
struct HeadFile {
    features: Vec<String>,
    mean: Vec<f64>,
    std: Vec<f64>,
    weight: Vec<f64>,
    bias: f64,
}

impl<F: Features> Head<F> {
    /// The value of the head, with every standardised feature held within `limit` of its mean.
    pub(crate) fn value(&self, features: &F, limit: f64) -> f64 {
        let standardised = |term: &Term| (features.value(term.place) - term.mean) / term.std;
        let sum: f64 = self
            .terms
            .iter()
            .map(|term| term.weight * standardised(term).clamp(-limit, limit))
            .sum();
        self.bias + sum
    }
}

impl<F: Features> TryFrom<HeadFile> for Head<F> {
    type Error = serde_json::Error;

    fn try_from(file: HeadFile) -> Result<Self, Self::Error> {
        let length = file.features.len();
        if [&file.mean, &file.std, &file.weight].iter().any(|column| column.len() != length) {
            return Err(Self::Error::custom("a head's columns differ in length"));
        }
        let terms = file.features.iter().enumerate().map(|(n, name)| {
            let place = F::NAMES.iter().position(|known| known == name);
            let place = place.ok_or_else(|| Self::Error::custom(format!("no feature {name}")))?;
            Ok(Term { place, mean: file.mean[n], std: file.std[n], weight: file.weight[n] })
        });
        Ok(Self { terms: terms.collect::<Result<_, _>>()?, bias: file.bias, of: PhantomData })
    }
}
