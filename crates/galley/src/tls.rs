//! Certificates: the administrator's, or one made on the first start.

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// TLS with the given certificate and key, or with one kept in the data folder.
pub(crate) fn server_config(
    own: Option<&(PathBuf, PathBuf)>,
    data: &Path,
    public_url: &str,
) -> Result<Arc<ServerConfig>, String> {
    let (cert, key) = match own {
        Some((cert, key)) => (cert.clone(), key.clone()),
        None => self_made(&data.join("tls"), host(public_url))?,
    };
    let problem =
        |path: &Path, error: &dyn std::fmt::Display| format!("cannot use {}: {error}", path.display());
    let chain = CertificateDer::pem_file_iter(&cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| problem(&cert, &e))?;
    let private = PrivateKeyDer::from_pem_file(&key).map_err(|e| problem(&key, &e))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| problem(&cert, &e))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|e| problem(&cert, &e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn host(public_url: &str) -> &str {
    let authority = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let end = authority.rfind(':').filter(|at| !authority[*at..].contains(']')).unwrap_or(authority.len());
    authority[..end].trim_matches(['[', ']'])
}

/// Makes a certificate for this machine and the public name once, and uses it from then on.
fn self_made(folder: &Path, host: &str) -> Result<(PathBuf, PathBuf), String> {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    if cert.is_file() && key.is_file() {
        return Ok((cert, key));
    }
    let problem =
        |error: &dyn std::fmt::Display| format!("cannot make a certificate in {}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(|e| problem(&e))?;
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !names.iter().any(|name| name == host) {
        names.push(host.to_owned());
    }
    let params = CertificateParams::new(names).map_err(|e| problem(&e))?;
    let pair = KeyPair::generate().map_err(|e| problem(&e))?;
    let made = params.self_signed(&pair).map_err(|e| problem(&e))?;
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&key)
        .map_err(|e| problem(&e))?;
    file.write_all(pair.serialize_pem().as_bytes()).map_err(|e| problem(&e))?;
    fs::write(&cert, made.pem()).map_err(|e| problem(&e))?;
    Ok((cert, key))
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_name_in_the_certificate() {
        assert_eq!(host("https://proofs.example.com"), "proofs.example.com");
        assert_eq!(host("https://127.0.0.1:8443"), "127.0.0.1");
        assert_eq!(host("https://[::1]:8443"), "::1");
    }
}
