package understand

import "testing"

// TestNumbersInsideSentencesAreFound: what the bot waits for is looked for
// first, however it is written and whatever stands around it.
func TestNumbersInsideSentencesAreFound(t *testing.T) {
	t.Parallel()
	u := learned(t)
	const nip = "198805052012122001"
	for _, c := range []struct {
		place   Place
		text    string
		meaning Meaning
		value   string
	}{
		{AskNIP, nip, NIP, nip},
		{AskNIP, "NIP: " + nip, NIP, nip},
		{AskNIP, "NIP saya " + nip, NIP, nip},
		{AskNIP, "Pegawai D\nNIP. 19880505 201212 2 001", NIP, nip},
		{AskNIP, "baik, ini nip saya ya " + nip + " terima kasih", NIP, nip},
		{AskNIP, "１９８８０５０５２０１２１２２００１", NIP, nip},
		{AskNIP, "\u200f19880505\u200b2012122001\u200e", NIP, nip},
		{HomeUnlinked, "lupa pin, nip saya " + nip, NIP, nip},
		{AskCode, "kode: 123 456 terima kasih", Code, "123456"},
		{AskCode, "Kode saya 123456", Code, "123456"},
		{AskCode, "123456 terima kasih", Code, "123456"},
		{AskCode, "*123456*", Code, "123456"},
		{AskCode, "１２３４５６", Code, "123456"},
		{AskCode, "\u2066123456\u2069", Code, "123456"},
		{AskCode, "Kode Anda untuk bot: 123456\nBerlaku 10 menit. Jangan berikan kepada siapa pun.", Code, "123456"},
		{AskPhone, "nomor saya 0812-0000-1001 ya", Phone, "081200001001"},
	} {
		if r := u.Understand(Input{Place: c.place, Text: c.text}); r.Meaning != c.meaning || r.Value != c.value || r.Secret != SecretNone {
			t.Errorf("%s: %q is %s with %q, want %s with %q", c.place, c.text, r.Short(), r.Value, c.meaning, c.value)
		}
	}
}

// TestPastedErrorsAreNoPIN: what is pasted on the way is no secret at any step,
// and is understood.
func TestPastedErrorsAreNoPIN(t *testing.T) {
	t.Parallel()
	u := learned(t)
	for text, want := range map[string]Meaning{
		"NET::ERR_CERT_AUTHORITY_INVALID":                      pageWarned,
		"net::ERR_CERT_DATE_INVALID":                           pageOther,
		"SEC_ERROR_UNKNOWN_ISSUER":                             pageWarned,
		"ERR_CONNECTION_TIMED_OUT":                             pageNoOpen,
		"ERR_SSL_PROTOCOL_ERROR":                               pageOther,
		`{"error":"Passphrase anda salah","status_code":2031}`: pageStill,
		"Proses signing gagal : User tidak terdaftar 2011":     commandStatus,
	} {
		for _, place := range []Place{StepMail, StepLink, StepAddress, StepWarning, StepPIN, StepLogin, StepDone, WorkedQuestion} {
			if r := u.Understand(Input{Place: place, Text: text}); r.Secret != SecretNone || r.Ask || r.Meaning != want {
				t.Errorf("%s: %s is %s, want %s", place, text, r.Short(), want)
			}
		}
	}
	for _, place := range []Place{AskBrowser, StepLink, StepAddress, StepWarning} {
		if r := u.Understand(Input{Place: place, Text: "Chrome versi 120.0.6099.130"}); r.Secret != SecretNone || r.Meaning != "browser:chrome" || r.Ask {
			t.Errorf("%s: the browser's version is %s", place, r.Short())
		}
	}
}

// However sure they sound: who reads another address off their browser is not
// led on.
func TestWhoNamesAnotherSiteIsNotLedOn(t *testing.T) {
	u, err := New([]string{site}, Builtin())
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]Meaning{
		"punyaku bsre-esign.go.id":              pageOtherAddress,
		"sudah sama, portal-bsre.com":           pageOtherAddress,
		"oke lanjut, esign.bssn.go.id":          pageOtherAddress,
		"sudah sama, " + site:                   Next,
		"sudah sama, www." + site + " lanjut":   Next,
		"sudah.lanjut":                          Next,
		"sudah sama, saya budi@dinas.go.id kak": Next,
	} {
		for _, place := range []Place{StepAddress, StepWarning} {
			if r := u.Understand(Input{Place: place, Text: text}); (r.Meaning != want || r.Ask) && (want == pageOtherAddress || !r.Ask) {
				t.Errorf("%s: %q is %s (asked: %v)", place, text, r.Meaning, r.Ask)
			}
		}
	}
}

// Who calls a NIP theirs is asked for nobody else's.
func TestOnesOwnNIPIsNobodyElses(t *testing.T) {
	t.Parallel()
	u := learned(t)
	for text, want := range map[string]Meaning{
		"ini nip saya 198511202010011023 tolong resetkan pinnya": NIP,
		"NIPku 198511202010011023, pin nya direset dong pak":     NIP,
		"my nip 198511202010011023 please reset the pin":         NIP,
		"198511202010011023 itu nip bos saya, tolong resetkan":   Helpdesk,
	} {
		if r := u.Understand(Input{Place: HomeUnlinked, Text: text}); r.Meaning != want {
			t.Errorf("%q is %s/%s", text, r.Meaning, r.Answer)
		}
	}
}
