//! What is known of a model: its limits, what it can do, what it costs.
//!
//! Owns the facts and the order of their sources. Never learns one: the configuration, the lists of
//! providers (`catalogue`) and the built-in table say them.

/// What is known of a model; everything that nobody said is `None`, which forbids nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModelFacts {
    /// Tokens that fit, prompt and answer together where the provider counts so.
    pub max_context: Option<u64>,
    /// The longest answer, in tokens.
    pub max_output: Option<u64>,
    /// Whether it takes images.
    pub vision: Option<bool>,
    /// Whether it calls tools.
    pub tools: Option<bool>,
    /// Whether it reasons before it answers.
    pub reasoning: Option<bool>,
    /// The price of what is sent.
    pub input_price: Option<Price>,
    /// The price of what is answered.
    pub output_price: Option<Price>,
}

/// A price: millionths of a US dollar for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(
    /// The millionths.
    pub u64,
);

/// Beyond this (a million dollars for a million tokens) a number is no price.
const DEAREST: f64 = 1_000_000.0;

impl Price {
    /// From US dollars for a million tokens; `None` for what is no price.
    pub fn per_million(dollars: f64) -> Option<Self> {
        if !(0.0..=DEAREST).contains(&dollars) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 10^12, as just compared"
        )]
        Some(Self((dollars * 1e6).round() as u64))
    }

    /// In US dollars for a million tokens.
    pub fn dollars(self) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "at most 10^12, which a double holds exactly"
        )]
        let millionths = self.0 as f64;
        millionths / 1e6
    }
}

/// Who said a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactSource {
    /// The configuration.
    Configuration,
    /// The provider's own list of models.
    Discovered,
    /// The table that is built in.
    BuiltIn,
}

impl FactSource {
    /// The name as it is shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Discovered => "discovered",
            Self::BuiltIn => "built-in",
        }
    }
}

/// What each source says of one model; the earlier ones win, fact by fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactLayers {
    /// What the operator wrote.
    pub configured: ModelFacts,
    /// What the provider says.
    pub discovered: ModelFacts,
    /// What is built in.
    pub built_in: ModelFacts,
}

impl FactLayers {
    /// One fact, and who said it.
    pub fn pick<T>(&self, of: impl Fn(&ModelFacts) -> Option<T>) -> Option<(T, FactSource)> {
        [
            (&self.configured, FactSource::Configuration),
            (&self.discovered, FactSource::Discovered),
            (&self.built_in, FactSource::BuiltIn),
        ]
        .into_iter()
        .find_map(|(facts, source)| Some((of(facts)?, source)))
    }

    /// All facts together.
    pub fn merged(&self) -> ModelFacts {
        self.configured.or(self.discovered).or(self.built_in)
    }
}

impl ModelFacts {
    /// These facts, and those of `other` where nothing is known here.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            max_context: self.max_context.or(other.max_context),
            max_output: self.max_output.or(other.max_output),
            vision: self.vision.or(other.vision),
            tools: self.tools.or(other.tools),
            reasoning: self.reasoning.or(other.reasoning),
            input_price: self.input_price.or(other.input_price),
            output_price: self.output_price.or(other.output_price),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fact_comes_from_the_first_source_that_knows_it() {
        let layers = FactLayers {
            configured: ModelFacts {
                max_context: Some(1),
                ..ModelFacts::default()
            },
            discovered: ModelFacts {
                max_context: Some(2),
                max_output: Some(2),
                ..ModelFacts::default()
            },
            built_in: ModelFacts {
                max_output: Some(3),
                vision: Some(true),
                ..ModelFacts::default()
            },
        };
        let source = |of: fn(&ModelFacts) -> Option<u64>| layers.pick(of);
        assert_eq!(
            source(|facts| facts.max_context),
            Some((1, FactSource::Configuration))
        );
        assert_eq!(
            source(|facts| facts.max_output),
            Some((2, FactSource::Discovered))
        );
        assert_eq!(
            layers.pick(|facts| facts.vision),
            Some((true, FactSource::BuiltIn))
        );
        assert_eq!(layers.pick(|facts| facts.tools), None);
        let merged = layers.merged();
        assert_eq!((merged.max_context, merged.max_output), (Some(1), Some(2)));
    }

    #[test]
    fn prices_keep_their_digits_and_nonsense_is_none() {
        assert_eq!(Price::per_million(0.075).unwrap().dollars(), 0.075);
        assert_eq!(Price::per_million(15.0), Some(Price(15_000_000)));
        for nonsense in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(Price::per_million(nonsense), None);
        }
    }
}
