package talk

import (
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// Person is an employee as BSrE knows them.
func Person(e store.Employee) bsre.Person {
	return bsre.Person{NIK: e.NIK, NIP: e.NIP, Email: e.Email}
}
