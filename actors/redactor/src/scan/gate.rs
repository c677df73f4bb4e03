//! Finds triggers: the one pass over every byte, with vectors where the processor has them.
