//! The family of keys in PEM, OpenSSH and PGP armour.
