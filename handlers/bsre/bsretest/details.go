package bsretest

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"time"

	"resetpin/handlers/bsre"
)

// dateForm is how the portal writes dates, as recorded in 2026: a blank,
// milliseconds, and an offset without a colon.
const dateForm = "2006-01-02 15:04:05.000-0700"

// organisationID is the agency of the operator and of everybody here.
const organisationID = "5d0e8f11-3c1a-4f6e-9d52-0c7b8a6f1e20"

// wib is the zone in which the portal writes its dates.
func wib() *time.Location { return time.FixedZone("WIB", 7*60*60) }

func portalDate(t time.Time) string { return t.In(wib()).Format(dateForm) }

// show tells all of a person.
func (w *World) show(rec *recorder, uid string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.byID(uid)
	if p == nil {
		w.answer(rec, http.StatusNotFound, refusal{Message: "User tidak ditemukan"})
		return
	}
	d := details{Profile: p.profile(), Certificates: []listed{}}
	d.Profile.Phone, d.Profile.NIP, d.Profile.NIK = maskPhone(p.Phone), mask(p.NIP, 3), mask(p.NIK, 4)
	for i, c := range p.Certificates {
		d.Certificates = append(d.Certificates, w.listed(p, i, c))
	}
	w.answer(rec, http.StatusOK, consent{Success: true, Message: "User details berhasil", Data: d})
}

// profile is the person without the numbers.
func (p *person) profile() profile {
	var products []string
	for _, c := range p.Certificates {
		name := c.Product
		if name == ProductSeal {
			name += " BSRE CA"
		}
		if !strings.Contains(strings.Join(products, ","), name) {
			products = append(products, name)
		}
	}
	out := profile{
		ID: p.id, Name: p.Name, Email: p.Email, Position: p.Position, Products: strings.Join(products, ","),
		Organisation: "Kementerian Contoh", OrganisationID: organisationID, Unit: p.Unit, Province: "JAWA TENGAH",
		Status: "VERIFIED", Enabled: true, Agreed: portalDate(sampleEnd().AddDate(-2, 0, 0)), Origin: "API", Enrolled: true, Role: "USER",
		CertificateStatus: p.Status, PhoneVerified: p.PhoneVerified,
	}
	if p.pendingNumber != "" {
		out.Status = "UPDATE"
	}
	if p.Link != "" {
		out.ActiveLink = &p.Link
	}
	return out
}

// listed is one certificate as the portal lists it. It runs under the lock.
func (w *World) listed(p *person, i int, c Certificate) listed {
	begins := c.Ends.AddDate(-2, 0, 0).Add(time.Second)
	return listed{
		ID: fmt.Sprintf("%s-%04x-4222-8333-%s", p.id[:8], i+1, p.id[24:]), PEM: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.authority.site.Leaf.Raw})), Downloaded: true, DownloadedAt: portalDate(begins.Add(10 * time.Minute)),
		Serial: c.Serial, Begins: portalDate(begins), Ends: portalDate(c.Ends), Status: c.Status, Enrollment: "ESIGN",
		Subject:    "C=ID, O=Kementerian Contoh, CN=" + p.Name + ", OID.2.5.4.13=" + c.Serial[:16] + "_" + c.Product,
		CommonName: p.Name, Product: c.Product, Kind: "INDIVIDU",
	}
}

// mask shows the last digits, as recorded.
func mask(number string, shown int) string {
	if len(number) <= shown {
		return ""
	}
	return strings.Repeat("*", len(number)-shown) + number[len(number)-shown:]
}

// maskPhone shows the country and the last two digits, as recorded.
func maskPhone(phone string) string { return "62" + mask(national(phone), 2) }

// certificate finds the one with a serial number.
func (p *person) certificate(serial string) (Certificate, bool) {
	for _, c := range p.Certificates {
		if c.Serial == serial {
			return c, true
		}
	}
	return Certificate{}, false
}

// Active is the person's active certificate of a signature: the one whose
// passphrase may be reset. False when there is none.
func (p Person) Active() (Certificate, bool) {
	for _, c := range p.Certificates {
		if c.Status == bsre.Issue && c.Product == ProductSignature {
			return c, true
		}
	}
	return Certificate{}, false
}
