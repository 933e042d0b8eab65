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
	All   []row `json:"aaData"`
	Total int   `json:"iTotalRecords"`
	Shown int   `json:"iTotalDisplayRecords"`
}

// row is one of the people; its numbers stay empty when it was found by NIK.
type row struct {
	ID     string `json:"id"`
	Name   string `json:"nama"`
	Email  string `json:"email"`
	NIK    string `json:"nik"`
	NIP    string `json:"nip"`
	Phone  string `json:"phone"`
	Status string `json:"status"`
}

// details is all that the portal shows of a person.
type details struct {
	Profile      profile  `json:"profile"`
	Certificates []listed `json:"sertifikat"`
}

type profile struct {
	Name         string `json:"nama"`
	Email        string `json:"emailAddress"`
	NIK          string `json:"nik"` // masked
	NIP          string `json:"nip"`
	Phone        string `json:"phone"` // masked
	Verified     bool   `json:"phoneVerified"`
	Organisation string `json:"organisasi"`
}

// listed is one of a person's certificates.
type listed struct {
	ID     int    `json:"id"`
	Serial string `json:"serialNumber"`
	Kind   string `json:"jenisSertifikat"`
	Ends   string `json:"notAfterDate"`
	Status string `json:"status"`
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
