package understand

import "testing"

// TestPastedErrorsLeadToTheirPage: what browsers and signing applications
// show, pasted into the chat, is no PIN and leads to the page about it.
func TestPastedErrorsLeadToTheirPage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Meaning{
		"NET::ERR_CERT_AUTHORITY_INVALID":                      pageWarned,
		"net::ERR_CERT_DATE_INVALID":                           pageOther,
		"SEC_ERROR_UNKNOWN_ISSUER":                             pageWarned,
		"ERR_CONNECTION_TIMED_OUT":                             pageNoOpen,
		"ERR_SSL_PROTOCOL_ERROR":                               pageOther,
		`{"error":"Passphrase anda salah","status_code":2031}`: pageStill,
		`{"message":"gagal","status_code": "2031"}`:            pageStill,
		"Proses signing gagal : User tidak terdaftar 2011":     commandStatus,
		`{"error":"x","status_code":2011}`:                     commandStatus,
		"AUTHORITY_INVALID":                                    pageWarned,
		"tulisannya CERT_DATE_INVALID":                         pageOther,
		"kok muncul Passphrase anda salah ya":                  pageStill,
	} {
		page, _, ok := pageOfCode(text)
		if !ok || page != want {
			t.Errorf("%s: %q, want %q", text, page, want)
		}
	}
	if page, _, ok := pageOfCode("sertifikat saya berlaku sampai 2031"); ok {
		t.Errorf("a year leads to %q", page)
	}
}
