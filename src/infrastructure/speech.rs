//! Help in the words of the language that a resource is written in.
