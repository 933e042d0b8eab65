package bsretest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

const certificateLife = 365 * 24 * time.Hour

// authority is the site's certificate with those that it comes from.
type authority struct {
	site tls.Certificate // leaf and intermediate
	pem  []byte          // intermediate and root
}

// newAuthority makes a root, BSrE's authority "OSD LU Kelas 2" under it, and
// a certificate for the host, all new: no browser trusts them.
func newAuthority(host string, now time.Time) (*authority, error) {
	root, err := issue(pkix.Name{CommonName: "Root CA Indonesia (tiruan)", Organization: []string{"Lembaga Sandi Negara"}, Country: []string{"ID"}}, "", nil, now)
	if err != nil {
		return nil, err
	}
	middle, err := issue(pkix.Name{CommonName: "OSD LU Kelas 2", Organization: []string{"Lembaga Sandi Negara"}, Country: []string{"ID"}}, "", root, now)
	if err != nil {
		return nil, err
	}
	leaf, err := issue(pkix.Name{CommonName: host, Organization: []string{"Badan Siber dan Sandi Negara (tiruan)"}, Country: []string{"ID"}}, host, middle, now)
	if err != nil {
		return nil, err
	}
	var chain bytes.Buffer
	for _, c := range []*issued{middle, root} {
		if err := pem.Encode(&chain, &pem.Block{Type: "CERTIFICATE", Bytes: c.certificate.Raw}); err != nil {
			return nil, fmt.Errorf("write the site's authority: %w", err)
		}
	}
	site := tls.Certificate{Certificate: [][]byte{leaf.certificate.Raw, middle.certificate.Raw}, PrivateKey: leaf.key, Leaf: leaf.certificate}
	return &authority{site: site, pem: chain.Bytes()}, nil
}

type issued struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// issue makes a certificate: an authority's when host is empty, signed by
// itself when by is nil.
func issue(name pkix.Name, host string, by *issued, now time.Time) (*issued, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the site's key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("make the site's certificate: %w", err)
	}
	t := &x509.Certificate{
		SerialNumber: serial, Subject: name, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife), BasicConstraintsValid: true,
	}
	if host == "" {
		t.IsCA, t.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	} else {
		t.DNSNames, t.KeyUsage = []string{host}, x509.KeyUsageDigitalSignature
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	if by == nil {
		by = &issued{certificate: t, key: key}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, by.certificate, &key.PublicKey, by.key)
	if err != nil {
		return nil, fmt.Errorf("make the site's certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("make the site's certificate: %w", err)
	}
	return &issued{certificate: certificate, key: key}, nil
}
