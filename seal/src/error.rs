//! What can go wrong in this room. Nothing here names a person, a key or a secret.
//!
//! Must not: say what to do next; the programs' own messages do.

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file does not begin as a bundle does, or is beyond all size.
    #[error("file is not a configuration bundle")]
    NotABundle,
    /// Fewer bytes than the bundle's first line says.
    #[error("bundle is cut short")]
    BundleTruncated,
    /// The bundle's signature does not fit its content.
    #[error("bundle signature does not fit")]
    BundleSignature,
    /// The bundle was signed by another key than the one this tablet holds to.
    #[error("bundle was signed by another key")]
    BundleSigner,
    /// The signed content is no bundle.
    #[error(transparent)]
    BundleContent(#[from] record::bundle::ContentError),
    /// A bundle that is not sealed: as they were made before there were boxes.
    #[error("bundle is not sealed")]
    BundleUnsealed,
    /// The box has no bundle for that tablet.
    #[error("no bundle for that tablet in the box")]
    NoSlot,
    /// What was typed is no set-up code: its check digit does not fit.
    #[error("not a set-up code")]
    MistypedCode,
    /// The set-up code is another one's.
    #[error("set-up code does not open the bundle")]
    WrongCode,
    /// The PIN is not the one.
    #[error("pin does not open the key")]
    WrongPin,
    /// A sealed file is damaged or sealed to someone else.
    #[error("sealed file cannot be opened")]
    Unopenable,
    /// The vault needs the device's own secret and none was given.
    #[error("the secret of the device's key store is missing")]
    DeviceSecretMissing,
    /// A request's signature does not fit, or is not in the form of RFC 9421.
    #[error("request signature does not fit")]
    RequestSignature,
    /// A request's signature was made outside the window of time.
    #[error("request signature lies outside the window of time")]
    RequestTime,
    /// A receipt's signature does not fit what was sent.
    #[error("receipt signature does not fit")]
    ReceiptSignature,
    /// A receipt is signed by a key the bundle does not name.
    #[error("receipt key is not known")]
    ReceiptKey,
    /// A receipt does not speak of the entries that were sent.
    #[error("receipt does not fit the batch")]
    ReceiptShape,
    /// The manifest of reference data is signed by nobody the bundle names, or was made for another tablet.
    #[error("manifest signature does not fit")]
    ManifestSignature,
    /// A rightly signed manifest does not hold together.
    #[error(transparent)]
    Manifest(#[from] record::wire::reference::ManifestError),
    /// The answer to a question of time is not signed rightly, or answers another question.
    #[error("clock answer does not fit")]
    ClockAnswer,
    /// The operating system gave no randomness.
    #[error("no randomness")]
    Randomness,
    /// Key material is not in the form it should be.
    #[error("key material is malformed")]
    KeyMaterial,
    /// A certificate or the trust in it cannot be set up.
    #[error("certificate: {0}")]
    Certificate(String),
}
