// Package service is what engines behind HTTP have in common: a client that
// knows one base address, bounds what it reads, tells failures that may pass from
// those that will not, and lets no key out.
package service

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/lazy"
)

// Options of a Client.
type Options struct {
	// Secrets never appear in an error, in no spelling of hook.Redactor.
	Secrets []string
	// UserAgent is what the client calls itself; empty for "hexapla".
	UserAgent string
	// MaxBody is the largest answer, in bytes, 0 for 8 MiB.
	MaxBody int64
	// Header has fields that every request carries, such as one with a key.
	Header http.Header
	// Query allows the base address to have a query, which every request carries.
	Query bool
	// Transport is for tests; nil for one with limits of its own.
	Transport http.RoundTripper
}

// Client speaks with one service. It is safe for use by several goroutines.
type Client struct {
	base   *url.URL
	opt    Options
	http   *http.Client
	redact hook.Redactor
}

// Client limits that nobody had reason to change yet.
const (
	dialTimeout      = 10 * time.Second
	maxRedirects     = 3
	maxIdle          = 512 // connections; those of all calls at the same time are used again
	maxErrorExcerpt  = 300 // bytes of an error answer's text
	defaultMaxBody   = 8 << 20
	defaultUserAgent = "hexapla"
)

// New makes a Client for a service's base address, which may have a path. It
// fails when the address is not http or https, or has a query, a fragment or a
// password in it.
func New(base string, opt Options) (*Client, error) {
	u, err := parseURL(base, opt.Query)
	if err != nil {
		return nil, err
	}
	if err := checkEncryption(u, len(opt.Secrets) > 0 && slices.ContainsFunc(opt.Secrets, func(s string) bool { return s != "" })); err != nil {
		return nil, err
	}
	if opt.MaxBody <= 0 {
		opt.MaxBody = defaultMaxBody
	}
	if opt.UserAgent == "" {
		opt.UserAgent = defaultUserAgent
	}
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    dialTimeout,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        90 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
	var rt http.RoundTripper = transport
	if opt.Transport != nil {
		rt = opt.Transport
	}
	return &Client{
		base: u, opt: opt, http: &http.Client{Transport: rt, CheckRedirect: checkRedirect},
		redact: hook.NewRedactor(opt.Secrets...),
	}, nil
}

// parseURL reads the address of a service.
func parseURL(base string, query bool) (*url.URL, error) {
	u, err := url.Parse(base)
	switch {
	case base == "":
		return nil, errors.New(`no address: write one such as "https://translate.example.org"`)
	case err != nil:
		return nil, errors.New("not an address that can be read") // err would quote it, password included
	case u.User != nil:
		return nil, errors.New("an address must not contain a password: name the environment variable of the key with key_env")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q does not begin with http:// or https://", base)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q names no host", base)
	case (u.RawQuery != "" || u.ForceQuery) && !query || u.Fragment != "":
		return nil, fmt.Errorf("%s://%s: leave out what follows ? or #", u.Scheme, u.Host)
	}
	return u, nil
}

// checkEncryption refuses to send a key unencrypted over a network.
func checkEncryption(u *url.URL, key bool) error {
	if !key || u.Scheme == "https" || u.Hostname() == "localhost" {
		return nil
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("http://%s would send the key unencrypted: use https, or a server on this computer", u.Host)
}

// CheckURL reports what is wrong with the address of a service that is or is not
// called with a key.
func CheckURL(address string, key bool) error {
	u, err := parseURL(address, true)
	if err != nil {
		return err
	}
	return checkEncryption(u, key)
}

// Close drops idle connections.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// checkRedirect stays with the host that was configured, so that texts and keys
// go nowhere else, and refuses to have a question turned into another one.
func checkRedirect(r *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case len(via) > maxRedirects:
		return redirectError(fmt.Sprintf("more than %d redirects", maxRedirects))
	case r.URL.Host != first.URL.Host || r.URL.Scheme != first.URL.Scheme:
		return redirectError(fmt.Sprintf("redirected to %s://%s: if that is right, configure that address", r.URL.Scheme, r.URL.Host))
	case r.Method != first.Method:
		return redirectError(fmt.Sprintf("redirected to %s in a way that drops the question: configure the address that it names", r.URL.Path))
	}
	return nil
}

// redirectError is a redirect that is not followed.
type redirectError string

func (e redirectError) Error() string { return string(e) }

// Get asks for a path below the base address.
func (c *Client) Get(ctx context.Context, path string) ([]byte, error) {
	return c.Do(ctx, http.MethodGet, path, "", nil)
}

// GetQuery is Get with a query.
func (c *Client) GetQuery(ctx context.Context, path, query string) ([]byte, error) {
	u := c.base.JoinPath(path)
	u.RawQuery = query
	return c.do(ctx, http.MethodGet, u, "", nil)
}

// Post sends body to a path below the base address and gives the answer's body.
//
// Its error is a *hook.Temporary for a connection that fails and for the states
// 408, 425, 429 and 5xx (but 501 and 505), with the service's Retry-After; it
// wraps hook.ErrAnswer for an answer too large; for a request that the service calls too
// large, it wraps that and hook.ErrTooLong; else it is final. The states 200, 201 and
// 204 are no errors.
func (c *Client) Post(ctx context.Context, path, contentType string, body []byte) ([]byte, error) {
	return c.Do(ctx, http.MethodPost, path, contentType, body)
}

// Do sends a request of any method, as Post does.
func (c *Client) Do(ctx context.Context, method, path, contentType string, body []byte) ([]byte, error) {
	u := c.base
	if path != "" {
		u = c.base.JoinPath(path)
	}
	return c.do(ctx, method, u, contentType, body)
}

func (c *Client) do(ctx context.Context, method string, u *url.URL, contentType string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, c.clean(err)
	}
	for name, values := range c.opt.Header {
		r.Header[name] = values
	}
	r.Header.Set("User-Agent", c.opt.UserAgent)
	r.Header.Set("Accept", "application/json")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, c.failure(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return nil, c.status(resp.StatusCode, nil) // the rest is no body
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, c.opt.MaxBody+1))
	if err != nil {
		return nil, c.failure(ctx, err)
	}
	switch resp.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusNoContent:
		if int64(len(data)) > c.opt.MaxBody {
			return nil, fmt.Errorf("%w: longer than %d bytes", hook.ErrAnswer, c.opt.MaxBody)
		}
		return bytes.TrimPrefix(data, []byte("\ufeff")), nil // RFC 8259, section 8.1: it may be ignored
	}
	err = c.status(resp.StatusCode, data)
	switch s := resp.StatusCode; {
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly, s == http.StatusTooManyRequests,
		s >= 500 && s != http.StatusNotImplemented && s != http.StatusHTTPVersionNotSupported:
		return nil, &hook.Temporary{Err: err, RetryAfter: retryAfter(resp.Header.Get("Retry-After"), time.Now())}
	case s == http.StatusUnauthorized, s == http.StatusForbidden, s == http.StatusPaymentRequired:
		return nil, fmt.Errorf("%w: %w", hook.ErrRejected, err)
	case s == http.StatusRequestEntityTooLarge, (s == http.StatusBadRequest || s == http.StatusUnprocessableEntity) && isTooLarge(err.Error()):
		return nil, &sizeError{err}
	}
	return nil, err
}

// tooLarge matches how services name a request that is too large in an answer with status
// 400 or 422: LibreTranslate ("exceeds text limit"), Azure ("maximum request size
// exceeded"), Google ("Text is too long"), llama.cpp ("exceeds the available context
// size"), OpenAI and vLLM ("maximum context length").
var tooLarge = lazy.Regexp(`(?i)too (?:long|large|big|many)|exceed|maximum (?:context|request|size|length)|context[ _](?:length|window|size)`)

// used matches what services answer when an account has used up what it may use, often
// with the same words: a smaller request would not pass.
var used = lazy.Regexp(`(?i)quota|\brate\b|throttl|too many requests|requests? per|daily|monthly|per (?:second|minute|hour|day|month)|credit|balance|billing|subscription|\bplan\b`)

// isTooLarge reports whether the answer to a request says that it is too large.
func isTooLarge(answer string) bool {
	return tooLarge().MatchString(answer) && !used().MatchString(answer)
}

// sizeError is the answer to a request that is too large: a smaller one may pass.
type sizeError struct{ error }

func (e *sizeError) Unwrap() []error { return []error{e.error, hook.ErrAnswer, hook.ErrTooLong} }

// Status is an answer of another state than success.
type Status struct {
	Code int
	Text string // the beginning of what the service says, on one line
}

func (s *Status) Error() string {
	msg := fmt.Sprintf("the service answered %d %s", s.Code, http.StatusText(s.Code))
	if s.Text != "" {
		msg += ": " + s.Text
	}
	return msg
}

func (c *Client) status(code int, body []byte) error {
	body = body[:min(len(body), 64<<10)] // shortened after redaction: half a secret is one, too
	text := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, c.redact.Redact(strings.ToValidUTF8(string(body), "")))), " ")
	if len(text) > maxErrorExcerpt {
		text = strings.ToValidUTF8(text[:maxErrorExcerpt], "") + "…"
	}
	return &Status{Code: code, Text: text}
}

// failure is a connection's failure as an engine tells it.
func (c *Client) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// What the configuration must change. All else may pass: a broken answer too, for a
	// proxy or a server that is being restarted gives such ones.
	var cert *tls.CertificateVerificationError
	var redirect redirectError
	final := errors.As(err, &cert) || errors.As(err, &redirect) || errors.Is(err, http.ErrSchemeMismatch) ||
		strings.Contains(err.Error(), "unsupported protocol scheme") || strings.Contains(err.Error(), "invalid proxy")
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err // it repeats method and address; the host says enough
	}
	err = fmt.Errorf("%s: %w", c.base.Host, c.clean(err))
	if final {
		return err
	}
	return &hook.Temporary{Err: err}
}

// clean is err without secrets.
func (c *Client) clean(err error) error {
	if s := err.Error(); c.redact.Redact(s) != s {
		return errors.New(c.redact.Redact(s))
	}
	return err
}

// retryAfter reads the header of that name (RFC 9110, section 10.2.3): seconds
// or a date. What cannot be read counts as not said.
func retryAfter(value string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
		return max(0, time.Duration(min(n, 1<<30))*time.Second)
	}
	if t, err := http.ParseTime(value); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}
