module resetpin/guides/picture

go 1.26.8

replace resetpin => ../..

require (
	github.com/goccy/go-yaml v1.19.2
	resetpin v0.0.0
)

require (
	github.com/bits-and-blooms/bitset v1.24.4 // indirect
	github.com/boombuler/barcode v1.0.1-0.20190219062509-6c824513bacc // indirect
	github.com/failsafe-go/failsafe-go v0.9.8 // indirect
	github.com/gorilla/websocket v1.5.3
	github.com/pquerna/otp v1.5.0 // indirect
	github.com/tidwall/gjson v1.20.0 // indirect
	github.com/tidwall/match v1.2.0 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
)
