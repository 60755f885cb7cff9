//! Sample questionnaires and how a camera would see them.
