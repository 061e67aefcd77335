package tracing

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// How spans are collected: at most maxQueue wait, they are sent maxBatch at a time and
// every interval, which are the defaults of the specification (OTEL_BSP_…).
const (
	maxQueue = 2048
	maxBatch = 512
	interval = 5 * time.Second
)

// options are what the environment says.
type options struct {
	endpoint string // of traces
	headers  http.Header
	resource []Attr
	sampler  sampler
	timeout  time.Duration
}

// FromEnvironment returns the tracer that the variables of OpenTelemetry describe
// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables), nil
// if they name no endpoint. No error has a header in it: they are secrets. version is that
// of the program.
func FromEnvironment(getenv func(string) string, version string) (*Tracer, error) {
	o := options{timeout: 10 * time.Second}
	first := func(names ...string) (name, value string) {
		for _, name = range names {
			if value = strings.TrimSpace(getenv(name)); value != "" {
				return name, value
			}
		}
		return names[0], ""
	}
	name, endpoint := first("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
	_, exporter := first("OTEL_TRACES_EXPORTER")
	if endpoint == "" || exporter == "none" || strings.EqualFold(getenv("OTEL_SDK_DISABLED"), "true") {
		return nil, nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("%s: it must be an address such as http://localhost:4318, without a password", name)
	}
	if name == "OTEL_EXPORTER_OTLP_ENDPOINT" {
		u = u.JoinPath("v1", "traces")
	}
	o.endpoint = u.String()
	if name, protocol := first("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"); protocol != "" && protocol != "http/json" {
		return nil, fmt.Errorf("%s: %s is not supported: use http/json, which collectors take at the same port as http/protobuf", name, protocol)
	}
	name, headers := first("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS")
	o.headers = http.Header{"Content-Type": {"application/json"}, "User-Agent": {"hexapla/" + version}}
	list, ok := parseList(headers)
	for _, a := range list {
		if ok = ok && isToken(a.Key) && !strings.ContainsAny(a.Value.(string), "\r\n\x00"); ok {
			o.headers.Set(a.Key, a.Value.(string))
		}
	}
	if !ok {
		return nil, fmt.Errorf("%s: it must be a list such as key=value,key=value", name)
	}
	if name, text := first("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"); text != "" {
		ms, err := strconv.Atoi(text)
		if err != nil || ms <= 0 {
			return nil, fmt.Errorf("%s: it must be a number of milliseconds", name)
		}
		o.timeout = time.Duration(ms) * time.Millisecond
	}
	if o.sampler, err = parseSampler(getenv("OTEL_TRACES_SAMPLER"), getenv("OTEL_TRACES_SAMPLER_ARG")); err != nil {
		return nil, err
	}
	attributes, ok := parseList(getenv("OTEL_RESOURCE_ATTRIBUTES"))
	if !ok {
		return nil, errors.New("OTEL_RESOURCE_ATTRIBUTES: it must be a list such as key=value,key=value")
	}
	o.resource = []Attr{{"service.name", "hexapla"}, {"service.version", version}, {"process.pid", os.Getpid()}}
	if host, err := os.Hostname(); err == nil {
		o.resource = append(o.resource, Attr{"host.name", host})
	}
	if service := getenv("OTEL_SERVICE_NAME"); service != "" {
		attributes = append(attributes, Attr{"service.name", service}) // which counts before the list
	}
	for _, a := range attributes {
		o.resource = setAttr(o.resource, a)
	}
	t := &Tracer{o: o, queue: make(chan *span, maxQueue), stop: make(chan struct{}), ended: make(chan struct{})}
	go t.run()
	return t, nil
}

func setAttr(list []Attr, a Attr) []Attr {
	for i := range list {
		if list[i].Key == a.Key {
			list[i] = a
			return list
		}
	}
	return append(list, a)
}

// parseList reads key=value,key=value, percent-encoded as W3C Baggage.
func parseList(s string) (list []Attr, ok bool) {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		key, value, found := strings.Cut(part, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if key = strings.TrimSpace(key); !found || key == "" || err != nil {
			return nil, false
		}
		list = append(list, Attr{key, value})
	}
	return list, true
}

// isToken reports whether a text can be the name of a field of HTTP (RFC 9110, 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

func parseSampler(name, arg string) (s sampler, err error) {
	name, s.parentBased = strings.CutPrefix(strings.TrimSpace(name), "parentbased_")
	switch name {
	case "":
		return sampler{true, 1}, nil
	case "always_on":
		s.ratio = 1
	case "always_off":
		s.ratio = 0
	case "traceidratio":
		s.ratio = 1
		if arg = strings.TrimSpace(arg); arg != "" {
			if s.ratio, err = strconv.ParseFloat(arg, 64); err != nil || !(s.ratio >= 0 && s.ratio <= 1) {
				return s, errors.New("OTEL_TRACES_SAMPLER_ARG: it must be a number from 0 to 1")
			}
		}
	default:
		return s, errors.New("OTEL_TRACES_SAMPLER: it must be always_on, always_off or traceidratio, each also with parentbased_ before it")
	}
	return s, nil
}

// run sends spans until the tracer is closed.
func (t *Tracer) run() {
	defer close(t.ended)
	client := &http.Client{Timeout: t.o.timeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the headers are for this service alone
	}}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	var batch []*span
	send := func() {
		if len(batch) > 0 && t.send(client, batch) != nil {
			t.dropped.Add(uint64(len(batch)))
		}
		batch = nil
	}
	for {
		select {
		case s := <-t.queue:
			if batch = append(batch, s); len(batch) >= maxBatch {
				send()
			}
		case <-tick.C:
			send()
		case <-t.stop:
			for len(t.queue) > 0 {
				if batch = append(batch, <-t.queue); len(batch) >= maxBatch {
					send()
				}
			}
			send()
			return
		}
	}
}

// Close sends what waits, for as long as the context allows. Spans that end later are not
// sent.
func (t *Tracer) Close(ctx context.Context) {
	if t == nil {
		return
	}
	t.once.Do(func() { close(t.stop) })
	select {
	case <-t.ended:
	case <-ctx.Done():
	}
}

// send sends a batch. A collector that is busy is asked once more.
func (t *Tracer) send(client *http.Client, batch []*span) error {
	data, err := encode(t.o.resource, batch)
	if err != nil {
		return err
	}
	for again := false; ; again = true {
		status, err := t.post(client, data)
		if err == nil && status/100 == 2 {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("status %d", status)
		}
		busy := status == 0 || status == http.StatusTooManyRequests || status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
		if again || !busy {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-t.stop:
		}
	}
}

func (t *Tracer) post(client *http.Client, data []byte) (status int, err error) {
	r, err := http.NewRequest(http.MethodPost, t.o.endpoint, bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	r.Header = t.o.headers.Clone()
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
	return answer.StatusCode, nil
}

// The types below are ExportTraceServiceRequest of
// opentelemetry/proto/collector/trace/v1, in the JSON form of OTLP: numbers of 64 bits are
// strings, and the numbers of traces and spans are hexadecimal.
type (
	jsonValue struct {
		String *string  `json:"stringValue,omitempty"`
		Int    *string  `json:"intValue,omitempty"`
		Double *float64 `json:"doubleValue,omitempty"`
		Bool   *bool    `json:"boolValue,omitempty"`
	}
	jsonAttr struct {
		Key   string    `json:"key"`
		Value jsonValue `json:"value"`
	}
	jsonStatus struct {
		Message string `json:"message,omitempty"`
		Code    int    `json:"code,omitempty"`
	}
	jsonSpan struct {
		TraceID    string     `json:"traceId"`
		SpanID     string     `json:"spanId"`
		ParentID   string     `json:"parentSpanId,omitempty"`
		Name       string     `json:"name"`
		Kind       int        `json:"kind"`
		Start      string     `json:"startTimeUnixNano"`
		End        string     `json:"endTimeUnixNano"`
		Attributes []jsonAttr `json:"attributes,omitempty"`
		Status     jsonStatus `json:"status"`
	}
	jsonScope struct {
		Scope struct {
			Name string `json:"name"`
		} `json:"scope"`
		Spans []jsonSpan `json:"spans"`
	}
	jsonResource struct {
		Resource struct {
			Attributes []jsonAttr `json:"attributes"`
		} `json:"resource"`
		ScopeSpans []jsonScope `json:"scopeSpans"`
	}
	jsonRequest struct {
		ResourceSpans []jsonResource `json:"resourceSpans"`
	}
)

const (
	kindInternal = 1 // SPAN_KIND_INTERNAL
	statusError  = 2 // STATUS_CODE_ERROR
)

func encode(resource []Attr, batch []*span) ([]byte, error) {
	var r jsonResource
	r.Resource.Attributes = encodeAttrs(resource)
	r.ScopeSpans = make([]jsonScope, 1)
	r.ScopeSpans[0].Scope.Name = "hexapla"
	for _, s := range batch {
		out := jsonSpan{
			TraceID: hex.EncodeToString(s.ids.trace[:]), SpanID: hex.EncodeToString(s.ids.span[:]), Name: s.name, Kind: kindInternal,
			Start: strconv.FormatInt(s.start.UnixNano(), 10), End: strconv.FormatInt(s.end.UnixNano(), 10),
		}
		if s.parent != [8]byte{} {
			out.ParentID = hex.EncodeToString(s.parent[:])
		}
		s.mu.Lock()
		out.Attributes = encodeAttrs(s.attrs)
		s.mu.Unlock()
		if s.err != "" {
			out.Status = jsonStatus{strings.ToValidUTF8(s.err, "�"), statusError}
		}
		r.ScopeSpans[0].Spans = append(r.ScopeSpans[0].Spans, out)
	}
	return json.Marshal(jsonRequest{[]jsonResource{r}})
}

func encodeAttrs(list []Attr) []jsonAttr {
	out := make([]jsonAttr, 0, len(list))
	for _, a := range list {
		var v jsonValue
		number := func(n int64) {
			s := strconv.FormatInt(n, 10)
			v.Int = &s
		}
		switch x := a.Value.(type) {
		case int:
			number(int64(x))
		case int64:
			number(x)
		case float64:
			v.Double = &x
		case bool:
			v.Bool = &x
		default:
			s := strings.ToValidUTF8(fmt.Sprint(x), "�")
			v.String = &s
		}
		out = append(out, jsonAttr{a.Key, v})
	}
	return out
}
