//! The central's own certificate authority: makes itself once, then issues the server's certificate.
//!
//! Must not: be linked into the tablet, which only holds the authority's certificate.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use record::WallTime;

use crate::Error;

/// A day before now, because clocks differ, to this many days after.
const AUTHORITY_DAYS: i64 = 10 * 365;
const SERVER_DAYS: i64 = 397;

/// The authority with its key.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate_pem: String,
    key_pem: String,
}

/// A server's certificate with its key.
pub struct ServerCertificate {
    /// Certificate, PEM.
    pub chain_pem: String,
    /// Private key, PEM; secret.
    pub key_pem: String,
}

fn failed(error: rcgen::Error) -> Error {
    Error::Certificate(error.to_string())
}

fn dated(mut params: CertificateParams, now: WallTime, days: i64) -> Result<CertificateParams, Error> {
    let at = time::OffsetDateTime::from_unix_timestamp(now.unix_s())
        .map_err(|error| Error::Certificate(error.to_string()))?;
    params.not_before = at - time::Duration::days(1);
    params.not_after = at + time::Duration::days(days);
    Ok(params)
}

impl Authority {
    /// A new authority of that name.
    ///
    /// # Errors
    /// [`Error::Certificate`].
    pub fn create(name: &str, now: WallTime) -> Result<Self, Error> {
        let mut params = dated(CertificateParams::new(Vec::new()).map_err(failed)?, now, AUTHORITY_DAYS)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().map_err(failed)?;
        let certificate_pem = params.self_signed(&key).map_err(failed)?.pem();
        let key_pem = key.serialize_pem();
        Ok(Self { issuer: Issuer::new(params, key), certificate_pem, key_pem })
    }

    /// The authority kept in these two PEM texts.
    ///
    /// # Errors
    /// [`Error::Certificate`].
    pub fn from_pem(name: &str, certificate_pem: &str, key_pem: &str) -> Result<Self, Error> {
        let key = KeyPair::from_pem(key_pem).map_err(failed)?;
        // The issuer needs only the name and usages that `create` gives; the certificate itself stays as it was.
        let mut params = CertificateParams::new(Vec::new()).map_err(failed)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Ok(Self {
            issuer: Issuer::new(params, key),
            certificate_pem: certificate_pem.to_owned(),
            key_pem: key_pem.to_owned(),
        })
    }

    /// The certificate that bundles carry, PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The authority's private key, PEM; secret.
    #[must_use]
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// A certificate for a server under these host names or addresses.
    ///
    /// # Errors
    /// [`Error::Certificate`].
    pub fn issue(&self, hosts: &[String], now: WallTime) -> Result<ServerCertificate, Error> {
        let mut params = dated(CertificateParams::new(hosts.to_vec()).map_err(failed)?, now, SERVER_DAYS)?;
        params
            .distinguished_name
            .push(DnType::CommonName, hosts.first().map_or("vrs-central", String::as_str));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(failed)?;
        Ok(ServerCertificate { chain_pem: certificate.pem(), key_pem: key.serialize_pem() })
    }
}
