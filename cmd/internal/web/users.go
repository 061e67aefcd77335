package web

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/crypto/argon2"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
)

// Role is what a user may do. Each role may do all that the one before it may.
type Role string

// The roles.
const (
	Translator Role = "translator" // translate and comment
	Reviewer   Role = "reviewer"   // approve, take approvals back, accept minor edits
	Editor     Role = "editor"     // change the glossary and the message catalogs, import files in all states
)

// Roles returns the roles in rising order.
func Roles() []Role { return []Role{Translator, Reviewer, Editor} }

// Includes reports whether the role may do what another may.
func (r Role) Includes(other Role) bool {
	return slices.Index(Roles(), r) >= slices.Index(Roles(), other)
}

// User is a person who may use the page. Locales are those that the person may change;
// none are all.
type User struct {
	Name     string   `toml:"name"`
	Password string   `toml:"password,omitempty"` // hashed; empty for a user that a proxy names
	Role     Role     `toml:"role"`
	Locales  []string `toml:"locales,omitempty"`
}

// May reports whether the user may do what a role may in a locale; an empty locale
// stands for what concerns all of them.
func (u *User) May(role Role, locale string) bool {
	return u.Role.Includes(role) && (len(u.Locales) == 0 || locale != "" && slices.Contains(u.Locales, locale))
}

// Users are the users of a file. The file is read again when it changes.
type Users struct {
	path string

	mu    sync.Mutex
	stamp rootfs.Stamp
	list  []User
}

// usersFile is the form of the file.
type usersFile struct {
	Users []User `toml:"user"`
}

// openUsers reads a file of users. Every user must have a name and a role.
func openUsers(path string) (*Users, error) {
	u := &Users{path: path}
	if err := u.reload(); err != nil {
		return nil, err
	}
	if len(u.list) == 0 {
		return nil, exit.Usagef("%s has no user: add one with 'hexapla serve add-user'", path)
	}
	return u, nil
}

func (u *Users) reload() error {
	info, err := os.Stat(u.path)
	if err != nil {
		return exit.UsageError{Err: err}
	}
	stamp := rootfs.StampOf(info)
	if stamp == u.stamp && len(u.list) > 0 {
		return nil
	}
	list, err := readUsers(u.path)
	if err != nil {
		return err
	}
	u.stamp, u.list = stamp, list
	return nil
}

// maxUsersFile limits the bytes of a file of users.
const maxUsersFile = 4 << 20

func readUsers(path string) ([]User, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // a pipe is read once only, and the file is read again when it changes
		return nil, exit.Usagef("%s is not a regular file", path)
	} else if err == nil && info.Size() > maxUsersFile {
		return nil, exit.Usagef("%s: too large for a file of users", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	var file usersFile
	d := toml.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return nil, exit.Usagef("%s: unknown key: %s", path, strings.TrimSpace(strict.String()))
		}
		return nil, exit.Usagef("%s: %w", path, err)
	}
	seen := map[string]bool{}
	for i := range file.Users {
		user := &file.Users[i]
		if err := user.check(); err != nil {
			return nil, exit.Usagef("%s: user %d: %w", path, i+1, err)
		}
		if seen[user.Name] {
			return nil, exit.Usagef("%s: user %q is there twice", path, user.Name)
		}
		seen[user.Name] = true
	}
	return file.Users, nil
}

// check checks a user and makes its locales canonical.
func (u *User) check() error {
	switch {
	case strings.TrimSpace(u.Name) == "":
		return errors.New("name is empty")
	case len(u.Name) > 100 || strings.TrimSpace(u.Name) != u.Name || strings.ContainsFunc(u.Name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
		return fmt.Errorf("name %q: at most 100 bytes, no control characters, no spaces around it", u.Name)
	case !slices.Contains(Roles(), u.Role):
		return fmt.Errorf("role %q: must be translator, reviewer or editor", u.Role)
	case u.Password != "":
		if _, err := parseHash(u.Password); err != nil {
			return fmt.Errorf("password: %w", err)
		}
	}
	for i, l := range u.Locales {
		tag, err := locales.Canonical(l)
		if err != nil {
			return fmt.Errorf("locales: %w", err)
		}
		u.Locales[i] = tag
	}
	return nil
}

// Find returns a user by name. A file that cannot be read any more leaves the users as
// they were.
func (u *Users) Find(name string) (User, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	_ = u.reload()
	i := slices.IndexFunc(u.list, func(x User) bool { return x.Name == name })
	if i < 0 {
		return User{}, false
	}
	return u.list[i], true
}

// hashing limits how many passwords are hashed at the same time: each needs
// argonMemory.
var hashing = make(chan struct{}, 2)

// Check returns the user with a name and a password. It takes as long for a name that
// does not exist.
func (u *Users) Check(name, password string) (User, bool) {
	user, ok := u.Find(name)
	stored := user.Password
	if !ok || stored == "" {
		stored = dummyHash
	}
	hashing <- struct{}{}
	match := matchPassword(stored, password)
	<-hashing
	return user, match && ok && user.Password != ""
}

// AddUser writes a user into a file of users, in place of one of the same name. The
// file is created if there is none, and only its owner may read it.
func AddUser(path string, user User, password string) error {
	if len(password) < MinPassword {
		return exit.Usagef("the password must have %d bytes at least", MinPassword)
	}
	if len(password) > maxPassword {
		return exit.Usagef("the password must have %d bytes at most", maxPassword)
	}
	user.Password = hashPassword(password)
	if err := user.check(); err != nil {
		return exit.UsageError{Err: err}
	}
	var list []User
	if _, err := os.Stat(path); err == nil {
		if list, err = readUsers(path); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return exit.UsageError{Err: err}
	}
	if i := slices.IndexFunc(list, func(x User) bool { return x.Name == user.Name }); i >= 0 {
		list[i] = user
	} else {
		list = append(list, user)
	}
	data, err := toml.Marshal(usersFile{list})
	if err != nil {
		return err
	}
	// A file that does not exist yet is created with its rights before the hashes are in
	// it; one that exists keeps its rights.
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		f.Close()
	}
	dir, err := rootfs.Open(filepath.Dir(path))
	if err != nil {
		return exit.UsageError{Err: err}
	}
	defer dir.Close()
	if _, err = dir.WriteFile(filepath.Base(path), data); err != nil {
		return err
	}
	return os.Chmod(path, 0o600)
}

// The parameters of Argon2id are the first that RFC 9106, section 4, and OWASP's
// Password Storage Cheat Sheet allow for little memory: 19 MiB, two passes.
const (
	argonMemory = 19 << 10 // KiB
	argonTime   = 2
	argonLanes  = 1
	saltBytes   = 16
	keyBytes    = 32

	// MinPassword is the least number of bytes of a password.
	MinPassword = 8
	maxPassword = 1000
)

// hashPassword returns the hash of a password in the PHC string format, as other
// programs write it for Argon2id.
func hashPassword(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, keyBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// dummyHash is what the password of an unknown user is compared with.
const dummyHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

type passwordHash struct {
	memory, time uint32
	lanes        uint8
	salt, key    []byte
}

// parseHash reads what hashPassword writes. Parameters that would need much more memory
// or time than ours are refused.
func parseHash(s string) (h passwordHash, err error) {
	parts := strings.Split(s, "$")
	version := 0
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return h, errors.New("not a hash of argon2id: use 'hexapla serve add-user'")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return h, fmt.Errorf("argon2id: version %q is not supported", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.lanes); err != nil {
		return h, fmt.Errorf("argon2id: parameters %q", parts[3])
	}
	if h.memory < 8 || h.memory > 256<<10 || h.time < 1 || h.time > 20 || h.lanes < 1 || h.lanes > 16 {
		return h, fmt.Errorf("argon2id: parameters %q are out of range", parts[3])
	}
	h.salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	if err == nil {
		h.key, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	if err != nil || len(h.salt) < 8 || len(h.salt) > 64 || len(h.key) < 16 || len(h.key) > 64 {
		return h, errors.New("argon2id: salt or key is damaged")
	}
	return h, nil
}

func matchPassword(stored, password string) bool {
	h, err := parseHash(stored)
	if err != nil || len(password) > maxPassword {
		return false
	}
	key := argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.lanes, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(key, h.key) == 1
}
