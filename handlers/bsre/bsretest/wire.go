package bsretest

// refusal is the portal's answer when it declines; success is false.
type refusal struct {
	Success bool   `json:"success"`
	Status  string `json:"status,omitempty"`
	Message string `json:"message"`
}

// consent is the portal's answer when it does what is asked.
type consent struct {
	Success bool   `json:"success"`
	Message string `json:"message,omitempty"`
	Data    any    `json:"data,omitempty"`
}

// rows is a page of the list of people.
type rows struct {
	All     []profile         `json:"aaData"`
	Total   int               `json:"iTotalRecords"`
	Shown   int               `json:"iTotalDisplayRecords"`
	Filters map[string]string `json:"filters"` // as they were asked, with the operator's agency
}

// details is all that the portal shows of a person.
type details struct {
	Certificates []listed `json:"sertifikat"`
	Profile      profile  `json:"profile"`
}

// profile is a person, in the list and in the details. In the list, found by
// NIK, the numbers are empty; in the details they are masked.
type profile struct {
	ID                string  `json:"id"`
	Name              string  `json:"nama"`
	Phone             string  `json:"phone"`
	NIP               string  `json:"nip"`
	NIK               string  `json:"nik"`
	Email             string  `json:"emailAddress"`
	Position          string  `json:"jabatanOrganisasi"`
	Products          string  `json:"products"`
	Organisation      string  `json:"organisasi"`
	OrganisationID    string  `json:"idOrganisasi"`
	Unit              string  `json:"organisasiUnit"`
	City              *string `json:"kota"`
	Province          string  `json:"provinsi"`
	Status            string  `json:"status"`
	Enabled           bool    `json:"enabled"`
	Created           *string `json:"createdDate"`
	Agreed            string  `json:"certificateAgreementAcceptedTimestamp"`
	Origin            string  `json:"registeredOrigin"`
	Enrolled          bool    `json:"enrollEsign"`
	Role              string  `json:"role"`
	SealOwner         bool    `json:"segelOwner"`
	CertificateStatus string  `json:"certificateStatus"`
	VerifiedByState   bool    `json:"verifiedDukcapil"`
	ActiveLink        *string `json:"linkAktif"`
	PhoneVerified     bool    `json:"phoneVerified"`
}

// listed is one of a person's certificates.
type listed struct {
	ID           string  `json:"id"`
	PEM          string  `json:"cert"`
	Downloaded   bool    `json:"downloaded"`
	DownloadedAt string  `json:"downloadedDate"`
	Serial       string  `json:"serialNumber"`
	Begins       string  `json:"notBeforeDate"`
	Ends         string  `json:"notAfterDate"`
	Email        *string `json:"emailAddress"`
	Status       string  `json:"status"`
	Enrollment   string  `json:"enrollment"`
	Subject      string  `json:"subjectDn"`
	CommonName   string  `json:"cn"`
	Product      string  `json:"product"`
	Kind         string  `json:"jenisSertifikat"`
}

// granted is the sign-on's answer to a grant.
type granted struct {
	Access         string `json:"access_token"`
	Refresh        string `json:"refresh_token"`
	ExpiresIn      int    `json:"expires_in"`
	RefreshExpires int    `json:"refresh_expires_in"`
	Kind           string `json:"token_type"`
	Scope          string `json:"scope"`
	Session        string `json:"session_state"`
	NotBefore      int    `json:"not-before-policy"`
}
