package memory

import (
	"errors"
	"net/url"
	"strings"
)

// IsURL reports whether a name is that of a database of a server, not of a file.
func IsURL(name string) bool {
	return strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
}

// CheckURL fails if a text is not the address of a database, or if it has a password:
// that belongs into PGPASSWORD, ~/.pgpass or a service file. The error never has it.
func CheckURL(name string) error {
	if !IsURL(name) {
		return errors.New("the address of a database begins with postgres://")
	}
	u, err := url.Parse(name)
	if err != nil {
		return errors.New("not a valid address of a PostgreSQL database")
	}
	if _, has := u.User.Password(); has || u.Query().Has("password") || u.Query().Has("sslpassword") {
		return errors.New("the address has a password: put it into the environment variable PGPASSWORD, into ~/.pgpass, or into a service file")
	}
	return nil
}
