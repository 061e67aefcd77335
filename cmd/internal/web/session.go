package web

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	sessionCookie  = "hexapla_session_" // and the port: ports of one host share their cookies
	languageCookie = "hexapla_language"
	themeCookie    = "hexapla_theme"

	idleTime    = 12 * time.Hour
	maxSessions = 10_000
	maxStreams  = 8 // of one session
)

// session is one browser of one user.
type session struct {
	id     string
	csrf   string
	files  string // opens the files of previews, and nothing else
	user   User
	used   time.Time
	stream int // open event streams
}

// sessions are the sessions of a server, by their ids.
type sessions struct {
	mu      sync.Mutex
	byID    map[string]*session
	byFiles map[string]*session // the same, by the secret of their files
	now     func() time.Time
	name    string // of the cookie
}

// begin makes a session with new secrets, whatever the browser sent before, and removes
// those that ended.
func (s *sessions) begin(user User) *session {
	n := &session{id: rand.Text(), csrf: rand.Text(), files: rand.Text(), user: user, used: s.now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byID) >= maxSessions {
		var oldest *session
		for id, x := range s.byID {
			if s.now().Sub(x.used) > idleTime {
				s.removeLocked(id)
			} else if oldest == nil || x.used.Before(oldest.used) {
				oldest = x
			}
		}
		if len(s.byID) >= maxSessions {
			s.removeLocked(oldest.id)
		}
	}
	s.byID[n.id], s.byFiles[n.files] = n, n
	return n
}

// find returns the session of a request, nil if there is none.
func (s *sessions) find(r *http.Request) *session {
	c, err := r.Cookie(s.name)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.byID[c.Value]
	if x == nil {
		return nil
	}
	if s.now().Sub(x.used) > idleTime {
		s.removeLocked(x.id)
		return nil
	}
	x.used = s.now()
	return x
}

func (s *sessions) end(x *session) {
	s.mu.Lock()
	s.removeLocked(x.id)
	s.mu.Unlock()
}

func (s *sessions) removeLocked(id string) {
	if x := s.byID[id]; x != nil {
		delete(s.byFiles, x.files)
	}
	delete(s.byID, id)
}

// filesUser returns the name of the user of the session with a secret of the files of
// previews; ok is false if there is none.
func (s *sessions) filesUser(key string) (name string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.byFiles[key]
	if x == nil || s.now().Sub(x.used) > idleTime {
		return "", false
	}
	return x.user.Name, true
}

// rename gives the user of a session another name.
func (s *sessions) rename(x *session, name string) {
	s.mu.Lock()
	x.user.Name = name
	s.mu.Unlock()
}

// userOf returns the user of a session.
func (s *sessions) userOf(x *session) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return x.user
}

// openStream counts an event stream of a session, and reports whether it may be opened.
func (s *sessions) openStream(x *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.stream >= maxStreams {
		return false
	}
	x.stream++
	return true
}

func (s *sessions) closeStream(x *session) {
	s.mu.Lock()
	x.stream--
	s.mu.Unlock()
}

// limiter limits how often something is tried under a key, such as a log-in with a name
// or from an address.
type limiter struct {
	mu    sync.Mutex
	byKey map[string]*rate.Limiter
	every time.Duration
	burst int
}

// maxLimiters is how many keys are known at the same time. When there are more, those
// that have had a rest are forgotten.
const maxLimiters = 10_000

func (l *limiter) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.byKey[key]
	if x == nil {
		if len(l.byKey) >= maxLimiters {
			for k, old := range l.byKey {
				if old.TokensAt(now) >= float64(l.burst) {
					delete(l.byKey, k)
				}
			}
			if len(l.byKey) >= maxLimiters {
				return false
			}
		}
		x = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.byKey[key] = x
	}
	return x.AllowN(now, 1)
}

// network returns the part of an address that one customer of a provider has: an
// address of IPv4, and the first 64 bits of one of IPv6.
func network(remote string) string {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	a := ap.Addr().Unmap()
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}

func equalSecrets(a, b string) bool {
	return len(a) > 0 && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

func newLimiters() map[string]*rate.Limiter { return map[string]*rate.Limiter{} }
