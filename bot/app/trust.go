package app

import (
	"crypto/x509"
	"fmt"
	"os"

	"resetpin/bot/settings"
)

// trusted gives the CAs by which outside systems are known: the system's and
// those of CA_FILE. nil stands for the system's alone. The look at the reset
// site never gets them: what one agency's network trusts tells nothing of
// what an employee's browser should.
func trusted(s settings.Settings) (*x509.CertPool, error) {
	if s.CAFile == "" {
		return nil, nil //nolint:nilnil // the system's
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's CAs: %w", err)
	}
	return pool, addCAs(pool, s.CAFile, "CA_FILE")
}

// trustedForBSrE gives the CAs by which the eSign Client Service and the
// agency's own gateway are known: those of BSRE_CA_FILE and no other when that
// is set.
func trustedForBSrE(s settings.Settings) (*x509.CertPool, error) {
	if s.BSrECAFile == "" {
		return trusted(s)
	}
	return caFile(s.BSrECAFile, "BSRE_CA_FILE")
}

// caFile reads a PEM file of CAs; nil stands for none.
func caFile(name, setting string) (*x509.CertPool, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // none
	}
	pool := x509.NewCertPool()
	return pool, addCAs(pool, name, setting)
}

func addCAs(pool *x509.CertPool, name, setting string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%s: %w", setting, err)
	}
	if !pool.AppendCertsFromPEM(data) {
		return fmt.Errorf("%s: %s holds no certificate in PEM form", setting, name)
	}
	return nil
}
