package bsretest

import (
	"crypto/sha1" //nolint:gosec // for made-up serial numbers
	"fmt"
	"strings"
	"time"

	"resetpin/handlers/bsre"
)

// Person is somebody whom the pretend BSrE knows.
type Person struct {
	NIK, NIP, Name, Email string
	Phone                 string // 0812…
	Position, Unit, Grade string
	PhoneVerified         bool
	Status                string        // as the eSign Client Service says it
	Certificates          []Certificate // as the portal lists them
	Link                  string        // the portal's linkAktif; empty: null
}

// The products that one person can hold, as the portal names them.
const (
	ProductSignature = "Tanda Tangan Elektronik"
	ProductSeal      = "Segel Elektronik"
)

// Certificate is one certificate of a person.
type Certificate struct {
	Serial  string // 40 hex digits
	Product string
	Ends    time.Time
	Status  string
}

// sampleEnd is when the samples' certificates end.
func sampleEnd() time.Time {
	return time.Date(2028, time.March, 17, 9, 30, 0, 0, time.FixedZone("WIB", 7*60*60))
}

// Samples are ten invented persons, one for each status and one with an
// unverified phone. Their NIKs begin with a district that does not exist, and
// their NIPs end with numbers that are not given out.
func Samples() []Person {
	all := []Person{
		{NIK: "9901014505880001", NIP: "198805052012122991", Name: "Sari Contoh", Position: "Analis Sumber Daya Manusia Aparatur Ahli Muda", Unit: "Biro Sumber Daya Manusia", Grade: "Penata Tk. I (III/d)", Status: bsre.Issue, PhoneVerified: true},
		{NIK: "9901021203790002", NIP: "197903122005011992", Name: "Budi Contoh", Position: "Kepala Subbagian Tata Usaha", Unit: "Sekretariat Direktorat Jenderal", Grade: "Pembina (IV/a)", Status: bsre.Expired, PhoneVerified: true},
		{NIK: "9902035607910003", NIP: "199107162015032993", Name: "Dewi Contoh", Position: "Auditor Ahli Pertama", Unit: "Inspektorat I", Grade: "Penata (III/c)", Status: bsre.Renew, PhoneVerified: true},
		{NIK: "9902042211830004", NIP: "198311222008121994", Name: "Agus Contoh", Position: "Pranata Komputer Ahli Muda", Unit: "Pusat Data dan Informasi", Grade: "Penata Tk. I (III/d)", Status: bsre.WaitingForVerification, PhoneVerified: true},
		{NIK: "9903054808950005", NIP: "199508082019022995", Name: "Rina Contoh", Position: "Perencana Ahli Pertama", Unit: "Biro Perencanaan", Grade: "Penata Muda (III/a)", Status: bsre.New, PhoneVerified: true},
		{NIK: "9903060109970006", NIP: "199709012022031996", Name: "Joko Contoh", Position: "Arsiparis Terampil", Unit: "Biro Umum", Grade: "Pengatur (II/c)", Status: bsre.NoCertificate, PhoneVerified: true},
		{NIK: "9904075501900007", NIP: "199001152024212997", Name: "Maya Contoh", Position: "Penyuluh Ahli Pertama (PPPK)", Unit: "Direktorat Penyuluhan", Grade: "IX", Status: bsre.NotRegistered},
		{NIK: "9904083006760008", NIP: "197606302001121998", Name: "Hendra Contoh", Position: "Widyaiswara Ahli Madya", Unit: "Balai Diklat Keuangan", Grade: "Pembina Tk. I (IV/b)", Status: bsre.Suspend, PhoneVerified: true},
		{NIK: "9905096504820009", NIP: "198204252006042989", Name: "Lestari Contoh", Position: "Pengelola Keuangan", Unit: "Kantor Pelayanan Cirebon", Grade: "Penata Muda Tk. I (III/b)", Status: bsre.Revoke, PhoneVerified: true},
		{NIK: "9905101710930010", NIP: "199310172018011990", Name: "Tono Contoh", Position: "Pemeriksa Ahli Pertama", Unit: "Kantor Pelayanan Kupang", Grade: "Penata (III/c)", Status: bsre.Issue},
	}
	for i := range all {
		p := &all[i]
		p.Email = strings.ToLower(strings.ReplaceAll(p.Name, " ", ".")) + "@contoh.go.id"
		p.Phone = "0812000010" + p.NIK[14:]
		p.Certificates = sampleCertificates(i, p.Status)
	}
	return all
}

// sampleCertificates gives a person the certificate of their status. Before an
// active one stand an older one, which was revoked, and the first person's
// seal, which is active too and ends later.
func sampleCertificates(i int, status string) []Certificate {
	serial := func(n int) string {
		return fmt.Sprintf("%x", sha1.Sum([]byte{byte(i), byte(n)})) //nolint:gosec // 40 hex digits that look like any
	}
	current := Certificate{Serial: serial(2), Product: ProductSignature, Ends: sampleEnd(), Status: status}
	switch status {
	case bsre.NotRegistered, bsre.NoCertificate:
		return nil
	case bsre.Issue:
		old := Certificate{Serial: serial(1), Product: ProductSignature, Ends: sampleEnd().AddDate(-2, 0, 0), Status: bsre.Revoke}
		seal := Certificate{Serial: serial(3), Product: ProductSeal, Ends: sampleEnd().AddDate(0, 6, 0), Status: bsre.Issue}
		if i > 0 {
			return []Certificate{old, current}
		}
		return []Certificate{old, seal, current}
	case bsre.Expired:
		current.Ends = sampleEnd().AddDate(-3, 0, 0)
	}
	return []Certificate{current}
}
