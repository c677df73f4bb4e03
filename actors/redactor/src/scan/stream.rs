//! A text in chunks: what may be let go, what was found, what must wait.
