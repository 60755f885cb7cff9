//! What a connection trusts: the one authority of the bundle, and nothing the device came with.
//!
//! A tablet's clock may be wrong by years, and a certificate's dates cannot be checked by a wrong clock. So the
//! first question (what time is it?) goes over a connection that checks authority, name and signatures but not
//! dates; its answer is signed by the receipt key. All later ones check the dates by the time so learnt.
//!
//! Must not: fall back to anything weaker when a connection fails.

use std::sync::Arc;

use record::WallTime;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, ServerConfig,
    SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};

use crate::Error;

/// By which time a certificate's dates are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// Not at all: only to ask the time.
    Unchecked,
    /// By this time: the tablet's clock moved by what it learnt.
    At(WallTime),
}

fn certificate_error(error: impl std::fmt::Display) -> Error {
    Error::Certificate(error.to_string())
}

/// A client that trusts only the authority in `authority_pem`.
///
/// # Errors
/// [`Error::Certificate`] if the PEM holds no certificate.
pub fn client_config(authority_pem: &str, dates: Dates) -> Result<ClientConfig, Error> {
    let provider = Arc::new(default_provider());
    let roots = Arc::new(roots(authority_pem)?);
    let inner = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
        .build()
        .map_err(certificate_error)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(certificate_error)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(PinnedAuthority { inner, dates }))
        .with_no_client_auth();
    Ok(config)
}

/// A client on a machine whose clock is right (a server's) that trusts only the authority in `authority_pem`.
///
/// # Errors
/// [`Error::Certificate`] if the PEM holds no certificate.
pub fn server_to_server_config(authority_pem: &str) -> Result<ClientConfig, Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(certificate_error)?
        .with_root_certificates(roots(authority_pem)?)
        .with_no_client_auth();
    Ok(config)
}

fn roots(authority_pem: &str) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority_pem.as_bytes()) {
        roots.add(certificate.map_err(certificate_error)?).map_err(certificate_error)?;
    }
    if roots.is_empty() { Err(certificate_error("no certificate")) } else { Ok(roots) }
}

/// A server with the certificate chain and key in these PEM texts.
///
/// # Errors
/// [`Error::Certificate`].
pub fn server_config(chain_pem: &str, key_pem: &str) -> Result<ServerConfig, Error> {
    let chain = CertificateDer::pem_slice_iter(chain_pem.as_bytes()).collect::<Result<Vec<_>, _>>();
    let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).map_err(certificate_error)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(certificate_error)?
        .with_no_client_auth()
        .with_single_cert(chain.map_err(certificate_error)?, key)
        .map_err(certificate_error)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The usual verification by the pinned authority, at a time of our choosing.
#[derive(Debug)]
struct PinnedAuthority {
    inner: Arc<WebPkiServerVerifier>,
    dates: Dates,
}

impl ServerCertVerifier for PinnedAuthority {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let at = |time: UnixTime| {
            self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, time)
        };
        match self.dates {
            Dates::At(time) => {
                let seconds = u64::try_from(time.unix_ms().div_euclid(1000)).unwrap_or_default();
                at(UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
            }
            // Each certificate of the chain may move the time once into its own validity; one that needs
            // another time than the rest is refused.
            Dates::Unchecked => {
                let mut time = now;
                for _ in 0..=intermediates.len() + 1 {
                    match at(time) {
                        Err(TlsError::InvalidCertificate(CertificateError::ExpiredContext {
                            not_after,
                            ..
                        })) => {
                            time = not_after;
                        }
                        Err(TlsError::InvalidCertificate(CertificateError::NotValidYetContext {
                            not_before,
                            ..
                        })) => time = not_before,
                        verdict => return verdict,
                    }
                }
                at(time)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

#[cfg(test)]
#[cfg(feature = "authority")]
mod tests {
    use super::*;
    use crate::authority::Authority;

    const YEAR_MS: i64 = 365 * 86_400_000;
    const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_123);

    fn verdict(trusted: &Authority, serving: &Authority, host: &str, dates: Dates, clock: WallTime) -> bool {
        let server = serving.issue(&["central.example".to_owned()], NOW).unwrap();
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(server.chain_pem.as_bytes()).collect::<Result<_, _>>().unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(trusted.certificate_pem().as_bytes()).unwrap()).unwrap();
        let inner =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider()))
                .build()
                .unwrap();
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(clock.unix_s() as u64));
        let name = ServerName::try_from(host.to_owned()).unwrap();
        PinnedAuthority { inner, dates }.verify_server_cert(&chain[0], &chain[1..], &name, &[], time).is_ok()
    }

    #[test]
    fn a_clock_wrong_by_ten_years_still_reaches_the_pinned_authority_and_no_other() {
        let ours = Authority::create("見本 VRS", NOW).unwrap();
        let theirs = Authority::create("見本 VRS", NOW).unwrap();
        for clock in [NOW, NOW.plus_ms(10 * YEAR_MS), NOW.plus_ms(-10 * YEAR_MS)] {
            let wrong_by = NOW.ms_since(clock);
            assert!(verdict(&ours, &ours, "central.example", Dates::Unchecked, clock));
            assert!(verdict(&ours, &ours, "central.example", Dates::At(clock.plus_ms(wrong_by)), clock));
            assert!(!verdict(&ours, &theirs, "central.example", Dates::Unchecked, clock));
            assert!(!verdict(&ours, &ours, "other.example", Dates::Unchecked, clock));
            assert_eq!(verdict(&ours, &ours, "central.example", Dates::At(clock), clock), clock == NOW);
        }
    }
}
