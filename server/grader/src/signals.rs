//! The numbers that a grade by rubric is made of.

use crate::model::features::features;

features! {
    /// What the answer says about one key point.
    pub struct PointFeatures {
        /// How much of the point and its phrasings the whole answer says.
        pub union,
        /// How well the best sentence says it; each sentence serves one point only.
        pub assigned,
        /// The answer's distinct vocabulary on the topic relative to the rubric's, logarithmic and
        /// capped.
        pub mass,
        /// The mean of the three largest margins by which some clause lies nearer to a listed
        /// mistake.
        pub margin,
        /// How many of the listed mistakes' own words the answer uses.
        pub false_words,
    }
}

features! {
    /// What the answer says as a whole.
    pub struct AnswerSignals {
        /// How many points some sentence supports, relative to their number, logarithmic.
        pub support,
        /// The share of the words that stand in lists without any function word.
        pub list,
        /// The distinct vocabulary on the topic relative to the rubric's, logarithmic and capped.
        pub mass,
        /// The number of words.
        pub words,
        /// The number of content words in the sentences that count.
        pub own_words,
        /// The share of what the answer says that the rubric says as well.
        pub precision,
        /// The share of the answer's words that stand in the rubric.
        pub lexical_precision,
        /// How near the sentences lie to the points on average.
        pub sentence_relevance,
        /// The mean of the three largest margins by which some clause lies nearer to a listed
        /// mistake.
        pub margin,
        /// The share of clauses and sentences that lie nearer to a listed mistake than to anything
        /// true.
        pub margin_share,
        /// How many of the listed mistakes' own words the answer uses.
        pub false_words,
        /// How much nearer the answer lies to the mistakes than to the truth as a whole.
        pub false_cos,
        /// The largest margin.
        pub worst,
        /// The weighted mean of the points' probabilities.
        pub coverage,
        /// The largest probability of a point.
        pub best,
        /// The weighted share of points that the answer reverses.
        pub contradicted,
        /// The probability that the answer makes a listed mistake.
        pub mistake_p,
        /// The probability that the answer is about the question at all.
        pub topic,
        /// The guard against answers beside the point, 0 to 1.
        pub relevance,
        /// The guard against keyword lists, 0.3 to 1.
        pub prose,
    }
}
