package mail

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// server is what SMTP_URL says.
type server struct {
	host, user, password string
	port                 int
	implicit             bool // TLS from the first byte
	required             bool // nothing is said without TLS
	off                  bool // no TLS, because the setting says so
}

// parseServer reads SMTP_URL. The parser's own errors show the whole URL, the
// password included, and are never passed on.
func parseServer(s string) (server, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return server{}, errors.New("SMTP_URL: not a URL; characters like @ : / # % in the user or password are written %40 %3A %2F %23 %25")
	}
	var srv server
	switch u.Scheme {
	case "smtp":
		srv.port = 587
	case "smtps":
		srv.port, srv.implicit, srv.required = 465, true, true
	default:
		return server{}, errors.New("SMTP_URL: want smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	srv.host = u.Hostname()
	if srv.host == "" || u.Opaque != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return server{}, errors.New("SMTP_URL: want nothing but user, password, host and port; characters like / # ? in the password are written %2F %23 %3F")
	}
	if p := u.Port(); p != "" {
		if srv.port, err = strconv.Atoi(p); err != nil || srv.port < 1 || srv.port > 65535 {
			return server{}, errors.New("SMTP_URL: the port is a number from 1 to 65535")
		}
	}
	srv.user = u.User.Username()
	srv.password, _ = u.User.Password()
	if (srv.user == "") != (srv.password == "") {
		return server{}, errors.New("SMTP_URL: want both a user and a password, or neither")
	}
	if err := srv.parseOptions(u.RawQuery); err != nil {
		return server{}, err
	}
	// A password goes to another machine only under TLS: who stands between
	// could take the server's offer of STARTTLS away.
	if srv.password != "" && !srv.off && !loopback(srv.host) {
		srv.required = true
	}
	return srv, nil
}

// loopback tells whether a host is this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func (srv *server) parseOptions(query string) error {
	options, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("SMTP_URL: want nothing behind the question mark but tls=required or tls=off")
	}
	for name, values := range options {
		switch {
		case name == "tls" && len(values) == 1 && values[0] == "required":
			srv.required = true
		case name == "tls" && len(values) == 1 && values[0] == "off" && !srv.implicit:
			srv.off = true
		default:
			return fmt.Errorf("SMTP_URL: option %q: want nothing but tls=required, or tls=off with smtp://", name)
		}
	}
	return nil
}

func (srv server) address() string { return net.JoinHostPort(srv.host, strconv.Itoa(srv.port)) }

var hostForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// helo is what the client calls itself: its name, or where it has none that
// servers accept, the address literal that RFC 5321 (4.1.4) asks for then.
func helo(hostname string) string {
	if len(hostname) <= 255 && hostForm.MatchString(hostname) {
		return hostname
	}
	return "[127.0.0.1]"
}
